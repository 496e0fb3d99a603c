// Word wrap, for the screens and for everything that is printed line by line.
import stringWidth from 'string-width'

export type WrapOptions = {
	/** Breaks words that are wider than a row too: for the screens, where a longer row would be cut. */
	readonly breakWords?: boolean
}

/**
 * The text in rows of at most `width` cells, wrapped between words. A longer word stays unbroken, so that a URL or a
 * command can be copied, unless `breakWords` is set.
 */
export function wrap(text: string, width: number, { breakWords = false }: WrapOptions = {}): string[] {
	if (!Number.isFinite(width)) return [text]
	const room = Math.max(1, width)
	const rows: string[] = []
	let row: string | null = null
	for (const word of text.split(/\s+/)) {
		if (row !== null && stringWidth(row) + 1 + stringWidth(word) <= room) {
			row += ` ${word}`
			continue
		}
		if (row !== null) rows.push(row)
		const pieces = breakWords ? breakWord(word, room) : [word]
		row = pieces.pop() ?? ''
		rows.push(...pieces)
	}
	rows.push(row ?? '')
	return rows
}

/** Wraps a line that may be indented: its further rows get the same indentation. */
export function wrapIndented(line: string, width: number): string[] {
	if (stringWidth(line) <= width) return [line]
	const indent = /^ */.exec(line)?.[0] ?? ''
	return wrap(line.slice(indent.length).trimEnd(), width - indent.length).map(row => indent + row)
}

/** A word in pieces of at most `room` cells. */
function breakWord(word: string, room: number): string[] {
	const pieces: string[] = []
	let rest = word
	while (stringWidth(rest) > room) {
		const characters = Array.from(rest)
		let taken = characters.length
		while (taken > 1 && stringWidth(characters.slice(0, taken).join('')) > room) taken--
		pieces.push(characters.slice(0, taken).join(''))
		rest = characters.slice(taken).join('')
	}
	return [...pieces, rest]
}
