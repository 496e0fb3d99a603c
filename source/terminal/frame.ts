// The least that must be written to turn one drawn frame into the next. Ink alone rewrites a changed row from its first
// changed cell to the end: over a slow line each arrow key in a list costs two whole rows then.
import stringWidth from 'string-width'
import { isOneCellEach, segmenter } from './plain-text.ts'

/** One character on the screen with its style: SGR codes by what they set, and the link that it is part of. */
type Cell = { readonly text: string; readonly width: number; readonly style: string }

/** A row as cells, its width, and whether each character is one code unit and one cell. */
type Row = { readonly cells: readonly Cell[]; readonly width: number; readonly isPlain: boolean }

const none = ''

/**
 * The bytes that turn `before` into `after`. The cursor stands at the start of the line below the frame, before and
 * after. Rows are texts with SGR sequences and OSC 8 links only, each one starting and ending without style.
 */
export function changeFrame(before: readonly string[], after: readonly string[]): string {
	let out = ''
	let at = before.length
	const goTo = (row: number, column: number) => {
		if (column === 0 && row === at) return // Only ever where it stands at the first column.
		if (column === 0) out += row < at ? `\u001b[${at - row}F` : `\u001b[${row - at}E`
		else {
			if (row !== at) out += row < at ? `\u001b[${at - row}A` : `\u001b[${row - at}B`
			out += `\u001b[${column + 1}G`
		}
		at = row
	}
	const common = Math.min(before.length, after.length)
	for (let row = 0; row < common; row++) {
		const change = changeRow(before[row] as string, after[row] as string)
		if (change === null) continue
		goTo(row, change.column)
		out += change.bytes
	}
	goTo(common, 0)
	if (after.length < before.length) return `${out}\u001b[J`
	return (
		out +
		after
			.slice(common)
			.map(row => `${row}\n`)
			.join('')
	)
}

/** What one changed row takes: from which column on, and the bytes. Null where the same is seen already. */
export function changeRow(oldText: string, wantedText: string): { column: number; bytes: string } | null {
	if (oldText === wantedText) return null
	const old = readRow(oldText)
	const wanted = readRow(wantedText)
	// Terminals do not agree how wide an emoji is: a row that has one is written whole, from its first column.
	if (!old.isPlain || !wanted.isPlain) return { column: 0, bytes: `${wantedText}\u001b[K` }
	let first = 0
	let column = 0
	while (first < old.cells.length && first < wanted.cells.length && isSame(old.cells[first], wanted.cells[first])) {
		column += wanted.cells[first]?.width ?? 0
		first++
	}
	if (first === old.cells.length && first === wanted.cells.length) return null
	let oldEnd = old.cells.length
	let end = wanted.cells.length
	// The same cells at the end can stay where they are if they stand in the same columns.
	if (old.width === wanted.width) {
		while (oldEnd > first && end > first && isSame(old.cells[oldEnd - 1], wanted.cells[end - 1])) {
			oldEnd--
			end--
		}
	}
	const bytes = paint(wanted.cells.slice(first, end))
	return { column, bytes: wanted.width < old.width ? `${bytes}\u001b[K` : bytes }
}

/** Takes a row apart. */
export function readRow(text: string): Row {
	const cells: Cell[] = []
	let width = 0
	let codes: Record<string, string> = {}
	let link = ''
	let style = none
	let from = 0
	const takeText = (piece: string) => {
		for (const character of charactersOf(piece)) {
			const cell = { text: character, width: cellWidth(character), style }
			width += cell.width
			cells.push(cell)
		}
	}
	for (const found of text.matchAll(sequences)) {
		takeText(text.slice(from, found.index))
		from = found.index + found[0].length
		if (found[1] !== undefined) codes = applyCodes(codes, found[1])
		else link = found[2] ?? ''
		style = styleOf(codes, link)
	}
	takeText(text.slice(from))
	return { cells, width, isPlain: cells.every(cell => cell.width === 1 && cell.text.length === 1) }
}

/** The row cut to `columns` cells: a row that the terminal wraps would be two, and everything below it off by one. */
export function cutRow(text: string, columns: number): string {
	// Two cells are the most that one unit of text takes.
	if (text.length * 2 <= columns) return text
	const row = readRow(text)
	if (row.width <= columns) return text
	let width = 0
	const fitting = row.cells.filter(cell => {
		width += cell.width
		return width <= columns
	})
	return paint(fitting)
}

/** Whether the text holds nothing but what `readRow` understands. */
export function isReadable(text: string): boolean {
	return !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text.replace(sequences, ''))
}

function paint(cells: readonly Cell[]): string {
	let out = ''
	let style = none
	for (const cell of cells) {
		if (cell.style !== style) {
			out += changeStyle(style, cell.style)
			style = cell.style
		}
		out += cell.text
	}
	return out + changeStyle(style, none)
}

// A style is its sorted SGR codes, a bar, and the link's address.
function styleOf(codes: Readonly<Record<string, string>>, link: string): string {
	const names = Object.keys(codes)
	return names.length === 0 && link === ''
		? none
		: `${names
				.sort()
				.map(name => codes[name])
				.join(';')}|${link}`
}

function changeStyle(from: string, to: string): string {
	if (from === to) return ''
	const [fromCodes = '', fromLink = ''] = splitStyle(from)
	const [toCodes = '', toLink = ''] = splitStyle(to)
	const sgr =
		fromCodes === toCodes
			? ''
			: fromCodes === ''
				? `\u001b[${toCodes}m`
				: toCodes === ''
					? '\u001b[m'
					: `\u001b[0;${toCodes}m`
	return sgr + (fromLink === toLink ? '' : `\u001b]8;;${toLink}\u001b\\`)
}

function splitStyle(style: string): [string, string] {
	const bar = style.indexOf('|')
	return bar < 0 ? ['', ''] : [style.slice(0, bar), style.slice(bar + 1)]
}

/** The codes after one SGR sequence: by what they set, so that a later one takes the place of an earlier one. */
function applyCodes(codes: Record<string, string>, parameters: string): Record<string, string> {
	const next = { ...codes }
	const numbers = parameters === '' ? ['0'] : parameters.split(';')
	for (let index = 0; index < numbers.length; index++) {
		const code = Number(numbers[index])
		if (code === 0) for (const name of Object.keys(next)) delete next[name]
		else if (code === 38 || code === 48) {
			const length = numbers[index + 1] === '5' ? 3 : 5
			next[code === 38 ? 'fg' : 'bg'] = numbers.slice(index, index + length).join(';')
			index += length - 1
		} else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) next['fg'] = String(code)
		else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) next['bg'] = String(code)
		else if (code === 39) delete next['fg']
		else if (code === 49) delete next['bg']
		else if (code === 22) {
			delete next['m1']
			delete next['m2']
		} else if (code > 22 && code < 30) delete next[`m${code - 20}`]
		else if (code < 10) next[`m${code}`] = String(code)
	}
	return next
}

function charactersOf(text: string): Iterable<string> {
	if (/^[ -~]*$/.test(text)) return text
	return Array.from(segmenter.segment(text), part => part.segment)
}

function cellWidth(character: string): number {
	return character.length === 1 && isOneCellEach(character) ? 1 : stringWidth(character)
}

function isSame(one: Cell | undefined, other: Cell | undefined): boolean {
	return one !== undefined && one.text === other?.text && one.style === other.style
}

const sequences = /\u001b\[([\d;]*)m|\u001b\]8;[^;\u0007\u001b]*;([^\u0007\u001b]*)(?:\u0007|\u001b\\)/g
