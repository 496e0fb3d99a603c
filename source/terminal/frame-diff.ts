// The output that turns one drawn frame into the next: only rows that changed are written, and of those what
// changed in the middle or from the first change on: 34 bytes for an arrow key in a list, where whole rows take 200. Ink's own `incrementalRendering` writes about as many bytes, but it can't know that a narrower window has
// wrapped the frame, or that a shell has written below it after Ctrl-Z; frame-writer.ts does, and needs the rows for that.
import sliceAnsi from 'slice-ansi'
import stringWidth from 'string-width'
import { isSingleWidth } from './text-width.ts'

/**
 * The bytes that turn `before` into `after`. The cursor is at the start of the line below the frame, before and after.
 * Each row starts and ends without style and fits the window.
 */
export function diffFrames(before: readonly string[], after: readonly string[]): string {
	let bytes = ''
	let line = before.length
	const moveTo = (target: number) => {
		if (target < line) bytes += `\u001b[${line - target}F`
		if (target > line) bytes += `\u001b[${target - line}E`
		line = target
	}
	for (let index = 0; index < Math.min(before.length, after.length); index++) {
		const [old, row] = [before[index] as string, after[index] as string]
		if (old === row) continue
		moveTo(index)
		bytes += changeRow(old, row)
	}
	if (after.length > before.length) {
		moveTo(before.length)
		bytes += after
			.slice(before.length)
			.map(row => `${row}\n`)
			.join('')
		line = after.length
	}
	moveTo(after.length)
	return after.length < before.length ? `${bytes}\u001b[J` : bytes
}

/**
 * The output for a changed row, with the cursor at its start: what changed in the middle if the end of the row stays in
 * its place, as when the pointer of a list moves; otherwise the row from its first change on. It is erased before it is
 * written, because a full row leaves no cell to erase after it.
 */
function changeRow(old: string, row: string): string {
	const same = countSameCells(old, row)
	const start = same > 0 ? `\u001b[${same + 1}G` : ''
	const end = countSameEnd(old.slice(same), row.slice(same))
	const [oldMiddle, middle] = [old.slice(same, old.length - end), row.slice(same, row.length - end)]
	const endStays =
		end > 0 && measureRow(oldMiddle) === measureRow(middle) && !isStyleOpen(oldMiddle) && !isStyleOpen(middle)
	return endStays ? start + middle : `${start}\u001b[K${row.slice(same)}`
}

/** Characters at the end that both texts share, from a space on: no escape sequence contains one. */
function countSameEnd(old: string, row: string): number {
	let same = 0
	while (same < old.length && same < row.length && old.at(-1 - same) === row.at(-1 - same)) same++
	const space = row.slice(row.length - same).indexOf(' ')
	return space < 0 ? 0 : same - space
}

/** What an SGR code ends: 39 a color, 49 a background, 22 bold and dim, 23 to 29 the others. */
const endCodes: Readonly<Record<string, RegExp>> = {
	'39': /^(?:3[0-8]|9\d)/,
	'49': /^(?:4[0-8]|10\d)/,
	'22': /^[12]$/,
	'23': /^3$/,
	'24': /^4$/,
	'27': /^7$/,
	'29': /^9$/,
}

/** Whether a style or a link that begins in the text is still open at its end. */
function isStyleOpen(text: string): boolean {
	let open: string[] = []
	for (const [, codes = ''] of text.matchAll(/\u001b\[([\d;:]*)m/g)) {
		const ended = endCodes[codes]
		if (codes === '' || codes === '0') open = []
		else if (ended) open = open.filter(code => !ended.test(code))
		else open.push(codes)
	}
	const link = [...text.matchAll(/\u001b\]8;[^;]*;([^\u0007\u001b]*)/g)].at(-1)?.[1]
	return open.length > 0 || Boolean(link)
}

/** Characters at the start that both rows share, as long as each is one cell without a style. */
function countSameCells(old: string, row: string): number {
	let same = 0
	while (same < old.length && same < row.length && old[same] === row[same]) same++
	const plain = row.slice(0, same).split('\u001b', 1)[0] as string
	return isSingleWidth(plain) ? plain.length : 0
}

/** The row cut to `columns` cells: a row that the terminal wraps would move everything below it down by one. */
export function truncateRow(row: string, columns: number): string {
	return measureRow(row) > columns ? sliceAnsi(row, 0, columns) : row
}

/** The width of a row in cells. */
export function measureRow(row: string): number {
	return isSingleWidth(row) ? row.length : stringWidth(row)
}
