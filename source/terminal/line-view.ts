// The visible part of a line in a field: the line scrolls sideways so that the cursor is always visible.
import stringWidth from 'string-width'
import { getTextAfterCursor, getTextBeforeCursor } from './line-editor.ts'

/** What is drawn of a line: the cursor is on `under` (a space at the end of the line). */
export type LineView = {
	readonly before: string
	readonly under: string
	readonly after: string
	/** Whether text is hidden on this side. */
	readonly cutLeft: boolean
	readonly cutRight: boolean
}

/**
 * The view of `text` with its cursor at UTF-16 offset `cursor`, at most `width` cells wide including the cursor's cell
 * and one cell for each cut side. Looks only at what is near the cursor: the text may be long.
 */
export function makeLineView(text: string, cursor: number, width: number): LineView {
	const room = Math.max(width, 3)
	const under = cursor < text.length ? text.slice(cursor, getTextAfterCursor(text, cursor)) : ' '
	const underWidth = cellsOf(under)
	// As much as could be needed of either side.
	const left = walk(text, cursor, room, 'left')
	const right = cursor < text.length ? walk(text, cursor + under.length, room, 'right') : { offset: cursor, cells: 0 }
	const cutLeft = left.offset > 0
	const cutRight = right.offset < text.length
	if (!cutLeft && !cutRight && left.cells + underWidth + right.cells <= room) {
		return { before: text.slice(0, cursor), under, after: text.slice(cursor + under.length), cutLeft, cutRight }
	}
	// The right side gets what the left one leaves, and vice versa.
	const free = room - underWidth
	const rightShare = Math.min(right.cells, Math.floor(free / 3))
	const before = walk(text, cursor, fitting(left, free - rightShare, left.offset > 0), 'left')
	const beforeCells = before.cells + (before.offset > 0 ? 1 : 0)
	const rest = free - beforeCells
	const from = Math.min(cursor + under.length, text.length)
	const after = walk(text, from, fitting(right, rest, right.offset < text.length), 'right')
	return {
		before: text.slice(before.offset, cursor),
		under,
		after: text.slice(from, after.offset),
		cutLeft: before.offset > 0,
		cutRight: after.offset < text.length,
	}
}

type Walked = { readonly offset: number; readonly cells: number }

/** How many cells a side may take: everything it has, or one less than available, for the ellipsis. */
function fitting(side: Walked, cells: number, goesOn: boolean): number {
	return Math.max(0, side.cells <= cells && !goesOn ? cells : cells - 1)
}

/** Moves from `offset` to one side as far as `cells` cells reach. */
function walk(text: string, offset: number, cells: number, side: 'left' | 'right'): Walked {
	let reached = offset
	let taken = 0
	while (side === 'left' ? reached > 0 : reached < text.length) {
		const next = side === 'left' ? getTextBeforeCursor(text, reached) : getTextAfterCursor(text, reached)
		const step = cellsOf(text.slice(Math.min(reached, next), Math.max(reached, next)))
		if (taken + step > cells) break
		taken += step
		reached = next
	}
	return { offset: reached, cells: taken }
}

/** Cells of one grapheme. A line feed is drawn as one cell. */
function cellsOf(grapheme: string): number {
	return /^[\n -~]$/.test(grapheme) ? 1 : stringWidth(grapheme)
}
