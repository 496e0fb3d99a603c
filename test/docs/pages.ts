// The documents as the tests of this directory see them: pages, code blocks, code in the text, headings, links.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { slugOf } from '../../scripts/docs/troubleshooting.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** npm's page shows the README too, so its links and pictures name the whole address. */
export const ownAddress =
	/^https:\/\/(?:github\.com|raw\.githubusercontent\.com)\/mux-bridge-wizard\/mux-bridge-wizard\/(?:blob\/)?main\//

export type Block = { readonly language: string; readonly text: string; readonly line: number }

export type Page = {
	/** From the project's root. */
	readonly path: string
	readonly text: string
	readonly blocks: readonly Block[]
	/** The text without its code blocks, line for line. */
	readonly prose: string
	/** `code` in the text and in tables. */
	readonly codes: readonly string[]
	readonly links: readonly { readonly text: string; readonly target: string }[]
	readonly anchors: ReadonlySet<string>
}

export const pages: readonly Page[] = [
	...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'],
	...readdirSync(join(root, 'docs'))
		.filter(name => name.endsWith('.md'))
		.map(name => `docs/${name}`),
].map(readPage)

export function pageAt(path: string): Page {
	const page = pages.find(each => each.path === path)
	if (!page) throw new Error(`there is no page ${path}`)
	return page
}

export function readPage(path: string): Page {
	const text = readFileSync(join(root, path), 'utf8')
	const blocks: Block[] = []
	const prose: string[] = []
	let open: { fence: string; language: string; line: number; lines: string[] } | null = null
	for (const [index, line] of text.split('\n').entries()) {
		const [, indent = '', fence, language = ''] = /^( *)(```+)(\S*)$/.exec(line) ?? []
		if (open && fence === open.fence) {
			const { language, line, lines } = open
			blocks.push({ language, line, text: lines.map(each => each.slice(indent.length)).join('\n') })
			open = null
			prose.push('')
		} else if (!open && fence) {
			open = { fence, language, line: index + 1, lines: [] }
			prose.push('')
		} else if (open) {
			open.lines.push(line)
			prose.push('')
		} else prose.push(line)
	}
	if (open) throw new Error(`${path}: the code block of line ${open.line} has no end`)
	const plain = prose.join('\n')
	const withoutCode = plain.replace(/`[^`\n]*`/g, code => '·'.repeat(code.length))
	return {
		path,
		text,
		blocks,
		prose: plain,
		codes: [...plain.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!.replaceAll('\\|', '|')),
		links: [...plain.matchAll(/!?\[((?:[^\]\\]|\\.)*)\]\(([^()\s]+)\)/g)]
			.filter(({ index }) => withoutCode[index] !== '·')
			.map(([, text, target]) => ({ text: text!.replace(/\\(.)/g, '$1'), target: target!.replace(ownAddress, '') })),
		anchors: new Set([...plain.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => slugOf(heading!))),
	}
}
