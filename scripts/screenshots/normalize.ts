// Takes out of a terminal's cells what differs from run to run (ports, temporary directories, dates, random names) and puts
// the same text in its place each time, so that pictures made twice are equal.
import type { Cell } from '../../test/terminal/pty.ts'

export type Steadying = {
	/** What to look for; must have the flag `g`. */
	readonly pattern: RegExp
	readonly replacement: string | ((match: string, ...groups: string[]) => string)
}

/** Replaces in a plain text. */
export function steadyText(text: string, steadyings: readonly Steadying[]): string {
	return steadyings.reduce((soFar, { pattern, replacement }) => soFar.replace(pattern, replacement as string), text)
}

/**
 * Replaces in each row of cells. New characters look as the first of those that they stand for; the row keeps its
 * width, what follows moves.
 */
export function steadyCells(
	rows: readonly (readonly Cell[])[],
	steadyings: readonly Steadying[],
): readonly (readonly Cell[])[] {
	return rows.map(row =>
		steadyings.reduce(
			replaceInRow,
			row.map(cell => withSteadyLink(cell, steadyings)),
		),
	)
}

function withSteadyLink(cell: Cell, steadyings: readonly Steadying[]): Cell {
	return cell.link === null ? cell : { ...cell, link: steadyText(cell.link, steadyings) }
}

function replaceInRow(row: readonly Cell[], steadying: Steadying): Cell[] {
	const text = row.map(cell => cell.char).join('')
	// Which cell each UTF-16 unit of the text belongs to.
	const owners = row.flatMap((cell, index) => Array<number>(cell.char.length).fill(index))
	const result: Cell[] = []
	let next = 0
	for (const match of text.matchAll(steadying.pattern)) {
		if (match[0] === '') continue
		const first = owners[match.index] as number
		const end = (owners[match.index + match[0].length - 1] as number) + 1
		const like = row[first] as Cell
		const instead =
			typeof steadying.replacement === 'string'
				? match[0].replace(new RegExp(steadying.pattern.source, steadying.pattern.flags), steadying.replacement)
				: steadying.replacement(...(match as unknown as [string, ...string[]]))
		result.push(...row.slice(next, first), ...Array.from(instead, char => ({ ...like, char, width: 1 as const })))
		next = end
	}
	if (next === 0) return [...row]
	result.push(...row.slice(next))
	return fitted(result, columnsOf(row))
}

function columnsOf(row: readonly Cell[]): number {
	return row.reduce((sum, cell) => sum + cell.width, 0)
}

const blank: Cell = {
	char: ' ',
	width: 1,
	fg: 'default',
	bg: 'default',
	bold: false,
	dim: false,
	italic: false,
	underline: false,
	inverse: false,
	strikethrough: false,
	link: null,
}

function fitted(row: Cell[], columns: number): Cell[] {
	while (columnsOf(row) > columns) {
		if (row.at(-1)?.char !== ' ') throw new Error('a steady text is wider than the room in its row')
		row.pop()
	}
	while (columnsOf(row) < columns) row.push(blank)
	return row
}
