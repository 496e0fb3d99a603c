// Layout of list rows: one line each, aligned columns, truncated to the window, never wrapped.
import { Box } from 'ink'
import stringWidth from 'string-width'
import { Text } from '../text.tsx'
import { tones } from '../theme.ts'

export type Row = {
	readonly label: string
	/** Further columns between label and note; the first to be dropped in a narrow window. */
	readonly columns?: readonly string[]
	readonly note?: string | undefined
}

/** Widths in cells that align the columns of all rows. */
export type RowWidths = { readonly label: number; readonly columns: readonly number[]; readonly note: number }

/** With fewer cells than this a note isn't worth showing. */
const leastNote = 10
const gap = 3

/** How the rows share `room` cells: labels first, then notes, then further columns. */
export function measureRows(rows: readonly Row[], room: number): RowWidths {
	const widest = (texts: readonly (string | undefined)[]) => Math.max(0, ...texts.map(text => stringWidth(text ?? '')))
	const label = Math.min(widest(rows.map(row => row.label)), room)
	const note = widest(rows.map(row => row.note))
	const count = Math.max(0, ...rows.map(row => row.columns?.length ?? 0))
	let left = room - label
	const columns: number[] = []
	for (let index = 0; index < count; index++) {
		const width = widest(rows.map(row => row.columns?.[index]))
		const isRoom = width > 0 && left - gap - width >= (note > 0 ? gap + Math.min(note, leastNote * 2) : 0)
		columns.push(isRoom ? width : 0)
		if (isRoom) left -= gap + width
	}
	return { label, columns, note: left - gap >= Math.min(note, leastNote) ? Math.min(note, left - gap) : 0 }
}

/** One row: its label, bold if it is focused, its columns, its note dimmed. */
export function RowText({ row, widths, isFocused = false }: { row: Row; widths: RowWidths; isFocused?: boolean }) {
	const columns = (row.columns ?? []).map((text, index) => ({ text, width: widths.columns[index] ?? 0 }))
	const middle = columns.map(({ text, width }) => (width > 0 ? ' '.repeat(gap) + padCell(text, width) : '')).join('')
	const hasNote = widths.note > 0 && row.note !== undefined && row.note !== ''
	return (
		<Box>
			<Box flexShrink={0}>
				<Text wrap="truncate-end" bold={isFocused}>
					{row.label}
				</Text>
				{hasNote || middle !== '' ? <Text>{padCell('', widths.label - stringWidth(row.label))}</Text> : null}
			</Box>
			{middle === '' ? null : (
				<Box flexShrink={0}>
					<Text>{middle}</Text>
				</Box>
			)}
			{hasNote ? (
				<Box flexShrink={1}>
					<Text wrap="truncate-end">
						{' '.repeat(gap)}
						<Text {...tones.dim}>{row.note}</Text>
					</Text>
				</Box>
			) : null}
		</Box>
	)
}

/** The text padded with spaces to `width` cells. */
export function padCell(text: string, width: number): string {
	return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}
