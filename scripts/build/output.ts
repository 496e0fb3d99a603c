// Stands for Ink's Output in the bundle: puts what the nodes write together to a frame. Ink's own makes an object for each
// cell of the screen and each character of each text, twice, at each frame. The same cells come out, written with fewer
// codes; test/build/output.test.ts compares both.
import { type Cell, parseRow, parseRows, renderCells, renderStyleChange } from '../../source/terminal/frame-diff.ts'
import { isSingleWidth } from '../../source/terminal/text-width.ts'

/** Edges, the far ones exclusive; an edge that is left out does not limit. */
type Clip = { x1?: number | undefined; x2?: number | undefined; y1?: number | undefined; y2?: number | undefined }
type Transformer = (line: string, index: number) => string

const tighter = (one: number | undefined, other: number | undefined, choose: (one: number, other: number) => number) =>
	one === undefined ? other : other === undefined ? one : choose(one, other)
const isEmpty = (from: number | undefined, to: number | undefined) =>
	from !== undefined && to !== undefined && from >= to
const blank = (style: string): Cell => ({ text: ' ', width: 1, style })
const unwritten = blank('')

export default class Output {
	readonly width: number
	readonly height: number
	/** By line and column; what nothing was written to is a hole. */
	readonly rows: Cell[][] = []
	readonly clips: Clip[] = []

	constructor({ width, height }: { width: number; height: number }) {
		this.width = width
		this.height = height
		for (let y = 0; y < height; y++) this.rows.push([])
	}

	clip(inner: Clip): void {
		const outer = this.clips.at(-1) ?? {}
		this.clips.push({
			x1: tighter(outer.x1, inner.x1, Math.max),
			x2: tighter(outer.x2, inner.x2, Math.min),
			y1: tighter(outer.y1, inner.y1, Math.max),
			y2: tighter(outer.y2, inner.y2, Math.min),
		})
	}

	unclip(): void {
		this.clips.pop()
	}

	write(x: number, y: number, text: string, { transformers }: { transformers: readonly Transformer[] }): void {
		if (text === '') return
		const clip = this.clips.at(-1)
		// Styles go on across line breaks.
		const runsOn = text.includes('\u001b') && text.includes('\n')
		let lines = runsOn ? parseRows(text).map(renderStyleChange) : text.split('\n')
		let left = x
		let top = y
		if (clip) {
			const { x1, x2, y1, y2 } = clip
			if (isEmpty(x1, x2) || isEmpty(y1, y2)) return
			if (x1 !== undefined && x2 !== undefined) {
				if (x > x2 || x + Math.max(...lines.map(widthOf)) < x1) return
				lines = lines.map(line => slice(line, Math.max(0, x1 - x), x2 - x))
				left = Math.max(x, x1)
			}
			if (y1 !== undefined && y2 !== undefined) {
				lines = lines.slice(Math.max(0, y1 - y), Math.max(0, y2 - y))
				top = Math.max(y, y1)
			}
		}
		for (const [index, line] of lines.entries()) {
			const row = this.rows[top + index]
			if (!row) continue
			let styled = line
			for (const transform of transformers) styled = transform(styled, index + top - y)
			const cells = styled === '' ? [] : parseRow(styled).cells.filter(takesACell)
			if (cells.length > 0) put(row, left, cells)
		}
	}

	get(): { output: string; height: number } {
		const output = this.rows.map(row => {
			let end = row.length
			while (end > 0 && isBlank(row[end - 1])) end--
			const cells: Cell[] = []
			for (let column = 0; column < end; column++) {
				const cell = row[column] ?? (column < this.width ? unwritten : null)
				if (cell) cells.push(cell)
			}
			return renderCells(cells)
		})
		return { output: output.join('\n'), height: this.height }
	}
}

const isBlank = (cell: Cell | undefined): boolean => !cell || (cell.style === '' && cell.text.trim() === '')

const takesACell = ({ width, text }: Cell): boolean => width > 0 || !/^\p{Default_Ignorable_Code_Point}+$/u.test(text)

/** Writes cells over what stands in a row. A wide character that loses one of its halves leaves a blank. */
function put(row: Cell[], from: number, cells: readonly Cell[]): void {
	let column = from
	const before = row[column - 1]
	if (row[column]?.text === '' && before && before.width > 1) row[column - 1] = blank(before.style)
	for (const cell of cells) {
		if (column >= 0) row[column] = cell
		for (let half = 1; half < cell.width; half++) {
			if (column + half >= 0) row[column + half] = { text: column < 0 ? ' ' : '', width: 0, style: cell.style }
		}
		column += Math.max(1, cell.width)
	}
	const after = row[column]
	if (after?.text === '') row[column] = blank(after.style)
}

const widthOf = (line: string): number => (isSingleWidth(line) ? line.length : parseRow(line).width)

/** The columns of a line from one to another; of a wide character that is cut in two a blank is left. */
function slice(line: string, from: number, to: number): string {
	if (from >= to) return ''
	if (isSingleWidth(line)) return line.slice(from, to)
	const kept: Cell[] = []
	let column = 0
	for (const cell of parseRow(line).cells) {
		const start = column
		column += cell.width
		if (column <= from) continue
		if (start >= to) break
		kept.push(cell.width > 1 && (start < from || column > to) ? blank(cell.style) : cell)
	}
	return renderStyleChange(kept)
}
