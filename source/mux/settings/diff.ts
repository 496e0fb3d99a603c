// The difference of two texts of a settings file, safe to be shown.
// The module of this one function: the package's index would bundle all its other comparisons.
import { diffArrays } from 'diff/lib/diff/array.js'
import { maskRanges, type TextRange } from './mask.ts'

/**
 * One row of a diff. `oldLine` and `newLine` count from 1 and are null on the side where the row doesn't exist. A
 * `skipped` row replaces unchanged lines that aren't shown; its text is a unified diff's `@@ -1,3 +1,4 @@`.
 */
export type DiffLine = {
	readonly kind: 'same' | 'added' | 'removed' | 'skipped'
	readonly text: string
	readonly oldLine: number | null
	readonly newLine: number | null
}

/**
 * Beyond this many added and removed lines the difference is shown as one block, which is always correct, if not short.
 */
const longestEditScript = 1000
const context = 3

/**
 * The difference of two settings texts, every credential masked, with three lines around each change; empty if they are
 * equal. A changed credential is shown as a changed line even if both masks look the same.
 */
export function diffSettings(before: string, after: string): DiffLine[] {
	if (before === after) return []
	const oldLines = linesOf(before)
	const newLines = linesOf(after)
	const { length } = oldLines
	const hunks = hunksOf(changesOf(oldLines, newLines), length).map(changes => surround(changes, length))
	const oldShown = maskLines(
		before,
		oldLines,
		hunks.map(({ oldFrom, oldTo }) => ({ start: oldFrom, end: oldTo })),
	)
	const newShown = maskLines(
		after,
		newLines,
		hunks.map(({ newFrom, newTo }) => ({ start: newFrom, end: newTo })),
	)
	const rows: DiffLine[] = []
	for (const { changes, oldFrom, oldTo, newFrom, newTo } of hunks) {
		rows.push({
			kind: 'skipped',
			text: `@@ -${range(oldFrom, oldTo)} +${range(newFrom, newTo)} @@`,
			oldLine: null,
			newLine: null,
		})
		let oldAt = oldFrom
		let newAt = newFrom
		const same = (until: number) => {
			while (oldAt < until) {
				rows.push({ kind: 'same', text: shown(oldShown.get(oldAt)!), oldLine: ++oldAt, newLine: ++newAt })
			}
		}
		for (const change of changes) {
			same(change.oldStart)
			const removed = new Map<string, string>()
			while (oldAt < change.oldEnd) {
				const text = shown(oldShown.get(oldAt)!)
				removed.set(text, oldLines[oldAt]!)
				rows.push({ kind: 'removed', text, oldLine: ++oldAt, newLine: null })
			}
			while (newAt < change.newEnd) {
				const text = shown(newShown.get(newAt)!)
				const twin = removed.get(text)
				const mark =
					twin === undefined ? '' : shown(twin) === shown(newLines[newAt]!) ? '  (line end)' : '  (another credential)'
				rows.push({ kind: 'added', text: text + mark, oldLine: null, newLine: ++newAt })
			}
		}
		same(oldTo)
	}
	return rows
}

/** A diff as the text of a unified diff, without colors; '' if there is none. */
export function unifiedDiff(lines: readonly DiffLine[], path: string): string {
	if (lines.length === 0) return ''
	const signs = { same: ' ', added: '+', removed: '-', skipped: '' }
	return [`--- ${path}`, `+++ ${path}`, ...lines.map(line => signs[line.kind] + line.text), ''].join('\n')
}

/** Lines `[oldStart, oldEnd)` became `[newStart, newEnd)`, counted from 0. */
type Change = { oldStart: number; oldEnd: number; newStart: number; newEnd: number }

function changesOf(oldLines: readonly string[], newLines: readonly string[]): Change[] {
	let head = 0
	while (head < oldLines.length && head < newLines.length && oldLines[head] === newLines[head]) head++
	let oldTail = oldLines.length
	let newTail = newLines.length
	while (oldTail > head && newTail > head && oldLines[oldTail - 1] === newLines[newTail - 1]) {
		oldTail--
		newTail--
	}
	const whole: Change = { oldStart: head, oldEnd: oldTail, newStart: head, newEnd: newTail }
	if (oldTail === head || newTail === head) return [whole]
	const parts = diffArrays(oldLines.slice(head, oldTail), newLines.slice(head, newTail), {
		maxEditLength: longestEditScript,
	})
	if (!parts) return [whole]
	const changes: Change[] = []
	let oldAt = head
	let newAt = head
	let open: Change | null = null
	for (const part of parts) {
		const count = part.value.length
		if (!part.added && !part.removed) {
			oldAt += count
			newAt += count
			open = null
			continue
		}
		if (!open) {
			open = { oldStart: oldAt, oldEnd: oldAt, newStart: newAt, newEnd: newAt }
			changes.push(open)
		}
		if (part.removed) open.oldEnd = oldAt += count
		else open.newEnd = newAt += count
	}
	return changes
}

type Hunk = { changes: Change[]; oldFrom: number; oldTo: number; newFrom: number; newTo: number }

/** The changes of a hunk with the lines around them. */
function surround(changes: Change[], oldLength: number): Hunk {
	const first = changes[0]!
	const last = changes[changes.length - 1]!
	const oldFrom = Math.max(0, first.oldStart - context)
	const oldTo = Math.min(oldLength, last.oldEnd + context)
	return {
		changes,
		oldFrom,
		oldTo,
		newFrom: first.newStart - (first.oldStart - oldFrom),
		newTo: last.newEnd + (oldTo - last.oldEnd),
	}
}

/** Lines of a text, masked, by their number from 0. `lines`: all of them; the second argument: which ones, in order. */
function maskLines(text: string, lines: readonly string[], requested: readonly TextRange[]): Map<number, string> {
	let number = 0
	let offset = 0
	const offsetOf = (line: number) => {
		// The last changes of a long file are usually near its end.
		if (lines.length - line < line - number) {
			number = lines.length
			offset = text.length
		}
		while (number < line) offset += lines[number++]!.length
		while (number > line) offset -= lines[--number]!.length
		return offset
	}
	const offsets = requested.map(({ start, end }) => ({ start: offsetOf(start), end: offsetOf(end) }))
	const masked = new Map<number, string>()
	for (const [index, part] of maskRanges(text, offsets).entries()) {
		for (const [at, line] of linesOf(part).entries()) masked.set(requested[index]!.start + at, line)
	}
	return masked
}

/** Changes whose context overlaps share a hunk. */
function hunksOf(changes: readonly Change[], oldLength: number): Change[][] {
	const hunks: Change[][] = []
	for (const change of changes) {
		const hunk = hunks[hunks.length - 1]
		const last = hunk?.[hunk.length - 1]
		if (last && change.oldStart - context <= Math.min(oldLength, last.oldEnd + context)) hunk!.push(change)
		else hunks.push([change])
	}
	return hunks
}

function range(from: number, to: number): string {
	const count = to - from
	return count === 1 ? `${from + 1}` : `${count === 0 ? from : from + 1},${count}`
}

function shown(line: string): string {
	return line.replace(/[\r\n]+$/, '').replace(/^\ufeff/, '')
}

/** The lines of a text, each with its line end. */
function linesOf(text: string): string[] {
	const lines: string[] = []
	let start = 0
	while (start < text.length) {
		const lf = text.indexOf('\n', start)
		const end = lf < 0 ? text.length : lf + 1
		const line = text.slice(start, end)
		start = end
		// A lone CR ends a line as well; rare, so it is searched last.
		if (line.indexOf('\r') >= 0 && /\r(?!\n|$)/.test(line)) lines.push(...line.split(/(?<=\r)(?!\n)/))
		else lines.push(line)
	}
	return lines
}
