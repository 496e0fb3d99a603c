// Replaces what differs from run to run in a terminal's cells (ports, temporary directories, dates, random names), so that
// two sets of screenshots of one version are equal.
import type { Cell } from '../../test/terminal/pty.ts'

export type Replacement = {
	/** What to look for; must have the flag `g`. */
	readonly pattern: RegExp
	readonly replacement: string | ((match: string, ...groups: string[]) => string)
}

/** Replaces in a plain text. */
export function normalizeText(text: string, replacements: readonly Replacement[]): string {
	return replacements.reduce((soFar, { pattern, replacement }) => soFar.replace(pattern, replacement as string), text)
}

/**
 * Replaces in each row of cells. New characters take the style of the first one that they replace; the row keeps its
 * width, and what follows moves.
 */
export function normalizeCells(
	rows: readonly (readonly Cell[])[],
	replacements: readonly Replacement[],
): readonly (readonly Cell[])[] {
	return rows.map(row =>
		replacements.reduce(
			replaceInRow,
			row.map(cell => normalizeLink(cell, replacements)),
		),
	)
}

function normalizeLink(cell: Cell, replacements: readonly Replacement[]): Cell {
	return cell.link === null ? cell : { ...cell, link: normalizeText(cell.link, replacements) }
}

function replaceInRow(row: readonly Cell[], replacement: Replacement): Cell[] {
	const text = row.map(cell => cell.char).join('')
	// Which cell each UTF-16 unit of the text belongs to.
	const owners = row.flatMap((cell, index) => Array<number>(cell.char.length).fill(index))
	const result: Cell[] = []
	let next = 0
	for (const match of text.matchAll(replacement.pattern)) {
		if (match[0] === '') continue
		const first = owners[match.index] as number
		const end = (owners[match.index + match[0].length - 1] as number) + 1
		const like = row[first] as Cell
		const instead =
			typeof replacement.replacement === 'string'
				? match[0].replace(new RegExp(replacement.pattern.source, replacement.pattern.flags), replacement.replacement)
				: replacement.replacement(...(match as unknown as [string, ...string[]]))
		result.push(...row.slice(next, first), ...Array.from(instead, char => ({ ...like, char, width: 1 as const })))
		next = end
	}
	if (next === 0) return [...row]
	result.push(...row.slice(next))
	return fitToWidth(result, countColumns(row))
}

function countColumns(row: readonly Cell[]): number {
	return row.reduce((sum, cell) => sum + cell.width, 0)
}

const emptyCell: Cell = {
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

function fitToWidth(row: Cell[], columns: number): Cell[] {
	while (countColumns(row) > columns) {
		if (row.at(-1)?.char !== ' ') throw new Error('a replacement is wider than its row')
		row.pop()
	}
	while (countColumns(row) < columns) row.push(emptyCell)
	return row
}
