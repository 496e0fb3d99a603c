/** Wraps a text at its spaces; a longer word stays unbroken. */
export function wrap(text: string, width: number): string[] {
	if (!Number.isFinite(width)) return [text]
	const lines: string[] = []
	for (const word of text.split(' ')) {
		const last = lines.at(-1)
		if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
		else lines.push(word)
	}
	return lines
}
