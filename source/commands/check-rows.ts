// The rows of the live checks, line by line as they settle.
import type { Host } from '../host.ts'
import type { CheckRow } from '../setup/verify.ts'
import { type Pen, say } from './print.ts'

export type RowPrinter = { onRows(rows: readonly CheckRow[]): void; end(): void }

/** Tells each row once it and all before it are through. */
export function rowPrinter(host: Host, pen: Pen): RowPrinter {
	let told = 0
	return {
		onRows(rows) {
			const open = rows.findIndex((row, index) => index >= told && (row.state === 'waiting' || row.state === 'asking'))
			const settled = rows.slice(told, open < 0 ? rows.length : open)
			told += settled.length
			// What is bad is told with all its words at the end.
			const good = settled.filter(row => row.state === 'good' || row.state === 'warning')
			say(
				host,
				good.map(row => rowLine(pen, row)),
			)
		},
		end: () => say(host, ['']),
	}
}

function rowLine(pen: Pen, { state, label, note }: CheckRow): string {
	const tone = state === 'good' ? 'good' : 'warning'
	return `  ${pen.paint(tone, pen.marks[tone])} ${label.padEnd(12)}${note}`.trimEnd()
}
