// Generated blocks of a page: `<!-- begin: options -->` … `<!-- end: options -->`.

const block = /^<!-- begin: ([a-z][a-z0-9 -]*) -->\n([\s\S]*?)^<!-- end: \1 -->$/gm

/**
 * The page with its blocks filled anew. Throws if a block has no maker, no end, or is inside another.
 *
 * @param make The text of a block by its name and its present content; undefined for an unknown name.
 */
export function fillBlocks(page: string, make: (name: string, old: string) => string | undefined): string {
	const filled = page.replace(block, (_, name: string, old: string) => {
		if (old.includes('<!-- begin:')) throw new Error(`the block "${name}" has no end before the next one begins`)
		const text = make(name, old)
		if (text === undefined) throw new Error(`nothing makes the block "${name}"`)
		return `<!-- begin: ${name} -->\n\n${text.trim()}\n\n<!-- end: ${name} -->`
	})
	const marks = (filled.match(/<!-- (?:begin|end): /g) ?? []).length
	const blocks = (filled.match(block) ?? []).length
	if (marks !== 2 * blocks) throw new Error('a block has no beginning or no end')
	return filled
}

/** Names of the blocks of a page. */
export function listBlocks(page: string): string[] {
	return [...page.matchAll(block)].map(([, name]) => name!)
}
