// Computes the shortest output that turns one drawn frame into the next. Ink alone rewrites a changed row from its
// first changed cell to its end: over a slow line each arrow key in a list then costs two whole rows.
import stringWidth from 'string-width'
import { isSingleWidth, segmenter } from './text-width.ts'

/** One character on the screen with its style: SGR codes by what they set, and the link that it belongs to. */
export type Cell = { readonly text: string; readonly width: number; readonly style: string }

/** A row as cells, its width, and whether each character is one code unit and one cell. */
type Row = { readonly cells: readonly Cell[]; readonly width: number; readonly isPlain: boolean }

const none = ''

/**
 * The bytes that turn `before` into `after`. The cursor is at the start of the line below the frame, before and after.
 * Rows contain text with SGR sequences and OSC 8 links only, each one starting and ending without style.
 */
export function diffFrames(before: readonly string[], after: readonly string[]): string {
	let out = ''
	let at = before.length
	const goTo = (row: number, column: number) => {
		if (column === 0 && row === at) return // Only used when the cursor is at the first column.
		if (column === 0) out += row < at ? `\u001b[${at - row}F` : `\u001b[${row - at}E`
		else {
			if (row !== at) out += row < at ? `\u001b[${at - row}A` : `\u001b[${row - at}B`
			out += `\u001b[${column + 1}G`
		}
		at = row
	}
	const common = Math.min(before.length, after.length)
	for (let row = 0; row < common; row++) {
		const change = diffRow(before[row] as string, after[row] as string)
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

/** The output for one changed row: its start column and the bytes. Null if both rows look the same. */
export function diffRow(oldText: string, wantedText: string): { column: number; bytes: string } | null {
	if (oldText === wantedText) return null
	const old = parseRow(oldText)
	const requested = parseRow(wantedText)
	// Terminals disagree about the width of emoji: a row with one is written completely, from its first column.
	if (!old.isPlain || !requested.isPlain) return { column: 0, bytes: `${wantedText}\u001b[K` }
	let first = 0
	let column = 0
	while (
		first < old.cells.length &&
		first < requested.cells.length &&
		isSame(old.cells[first], requested.cells[first])
	) {
		column += requested.cells[first]?.width ?? 0
		first++
	}
	if (first === old.cells.length && first === requested.cells.length) return null
	let oldEnd = old.cells.length
	let end = requested.cells.length
	// Equal cells at the end can stay if they are in the same columns.
	if (old.width === requested.width) {
		while (oldEnd > first && end > first && isSame(old.cells[oldEnd - 1], requested.cells[end - 1])) {
			oldEnd--
			end--
		}
	}
	const bytes = renderCells(requested.cells.slice(first, end))
	return { column, bytes: requested.width < old.width ? `${bytes}\u001b[K` : bytes }
}

/** Recently parsed rows: most of a frame was in the previous one too. */
const known = new Map<string, Row>()
const mostKnown = 500

/** Parses a row. */
export function parseRow(text: string): Row {
	const found = known.get(text)
	if (found) return found
	const cells = parseRows(text)[0] as Cell[]
	let width = 0
	let isPlain = true
	for (const cell of cells) {
		width += cell.width
		if (cell.width !== 1 || cell.text.length !== 1) isPlain = false
	}
	if (known.size === mostKnown) known.clear()
	const row = { cells, width, isPlain }
	known.set(text, row)
	return row
}

/** Parses several rows with line breaks between them; styles continue across those. */
export function parseRows(text: string): Cell[][] {
	let cells: Cell[] = []
	const rows = [cells]
	let codes: Record<string, string> = {}
	let link = ''
	let style = none
	const takeText = (piece: string) => {
		for (const character of charactersOf(piece)) {
			if (character === '\n') {
				cells = []
				rows.push(cells)
			} else cells.push(cellOf(character, style))
		}
	}
	let from = 0
	for (let at = text.indexOf('\u001b'); at >= 0; at = text.indexOf('\u001b', at + 1)) {
		sequence.lastIndex = at
		const found = sequence.exec(text)
		if (!found) continue
		takeText(text.slice(from, at))
		from = at + found[0].length
		if (found[1] !== undefined) codes = applyCodes(codes, found[1])
		else link = found[2] ?? ''
		style = styleOf(codes, link)
	}
	takeText(text.slice(from))
	return rows
}

/** The row cut to `columns` cells: a row that the terminal wraps would move everything below it down by one. */
export function truncateRow(text: string, columns: number): string {
	const plain = text.replace(sequences, '')
	// One unit of text takes two cells at most.
	if (plain.length * 2 <= columns || (plain.length <= columns && isSingleWidth(plain))) return text
	const row = parseRow(text)
	if (row.width <= columns) return text
	let width = 0
	const fitting = row.cells.filter(cell => {
		width += cell.width
		return width <= columns
	})
	return renderCells(fitting)
}

/** Whether the text contains only what `parseRow` understands. */
export function isParsable(text: string): boolean {
	return !/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text.replace(sequences, ''))
}

export function renderCells(cells: readonly Cell[]): string {
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

/**
 * The same with each style ended by its own code, as code that wraps styled text expects: it looks for that code to
 * continue behind it.
 */
export function renderStyleChange(cells: readonly Cell[]): string {
	let out = ''
	for (let from = 0; from < cells.length; ) {
		const { style } = cells[from] as Cell
		let end = from
		while (cells[end]?.style === style) end++
		const text = cells
			.slice(from, end)
			.map(cell => cell.text)
			.join('')
		const [codes, link] = splitStyle(style)
		const linked = link === '' ? text : `\u001b]8;;${link}\u001b\\${text}\u001b]8;;\u001b\\`
		out += Object.entries(applyCodes({}, codes === '' ? '0' : codes)).reduce(
			(inside, [name, code]) => `\u001b[${code}m${inside}\u001b[${endOf(name)}m`,
			linked,
		)
		from = end
	}
	return out
}

/** The code that ends the style of another code: 39, 49, and 20 more than the code itself except for bold's. */
function endOf(name: string): number {
	if (name === 'fg') return 39
	if (name === 'bg') return 49
	return 20 + Math.max(2, Number(name.slice(1)))
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

/** The codes after one SGR sequence, by what they set, so that a later one replaces an earlier one. */
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
	if (isSingleWidth(text)) return text
	return Array.from(segmenter.segment(text), part => part.segment)
}

/** Cells of plain characters, by their style: the same ones occur again and again. */
const plainCells = new Map<string, Map<string, Cell>>()

function cellOf(character: string, style: string): Cell {
	if (character.length > 1 || !isSingleWidth(character))
		return { text: character, width: stringWidth(character), style }
	const cells = plainCells.get(style) ?? new Map<string, Cell>()
	plainCells.set(style, cells)
	const cell = cells.get(character) ?? { text: character, width: 1, style }
	cells.set(character, cell)
	return cell
}

function isSame(one: Cell | undefined, other: Cell | undefined): boolean {
	return one !== undefined && one.text === other?.text && one.style === other.style
}

const sequences = /\u001b\[([\d;]*)m|\u001b\]8;[^;\u0007\u001b]*;([^\u0007\u001b]*)(?:\u0007|\u001b\\)/g
const sequence = new RegExp(sequences, 'y')
