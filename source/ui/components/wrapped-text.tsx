// Sentences that take as many rows as they need. Ink's own wrapping leaves the space at the start of the next row.
import { Text } from 'ink'
import stringWidth from 'string-width'

/** The text in rows of at most `width` cells, wrapped between words; a longer word is broken too. */
export function wrapWords(text: string, width: number): string[] {
	const room = Math.max(1, width)
	const rows: string[] = []
	let row = ''
	for (const word of text.split(/\s+/)) {
		let rest = word
		if (row !== '' && stringWidth(row) + 1 + stringWidth(rest) <= room) {
			row += ` ${rest}`
			continue
		}
		if (row !== '') rows.push(row)
		while (stringWidth(rest) > room) {
			const characters = Array.from(rest)
			let taken = characters.length
			while (taken > 1 && stringWidth(characters.slice(0, taken).join('')) > room) taken--
			rows.push(characters.slice(0, taken).join(''))
			rest = characters.slice(taken).join('')
		}
		row = rest
	}
	rows.push(row)
	return rows
}

/** A paragraph of at most `width` cells a row. */
export function WrappedText({
	text,
	width,
	...style
}: {
	text: string
	width: number
	color?: string
	dimColor?: boolean
}) {
	return <Text {...style}>{wrapWords(text, width).join('\n')}</Text>
}
