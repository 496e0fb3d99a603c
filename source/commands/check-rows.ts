// Prints the rows of the live checks, each as soon as it is complete.
import type { Runtime } from '../runtime/runtime.ts'
import type { CheckRow } from '../setup/verify.ts'
import { print, type Styler } from '../terminal/print.ts'

export type RowPrinter = { onRows(rows: readonly CheckRow[]): void; end(): void }

/** Prints each row once it and all rows before it are complete. */
export function rowPrinter(runtime: Runtime, styler: Styler): RowPrinter {
	let reported = 0
	return {
		onRows(rows) {
			const open = rows.findIndex(
				(row, index) => index >= reported && (row.status === 'pending' || row.status === 'running'),
			)
			const settled = rows.slice(reported, open < 0 ? rows.length : open)
			reported += settled.length
			// Failed rows are printed in full at the end.
			const good = settled.filter(row => row.status === 'passed' || row.status === 'warning')
			print(
				runtime,
				good.map(row => rowLine(styler, row)),
			)
		},
		end: () => print(runtime, ['']),
	}
}

function rowLine(styler: Styler, { status: state, label, note }: CheckRow): string {
	const tone = state === 'passed' ? 'success' : 'warning'
	return `  ${styler.style(tone, styler.symbols[tone])} ${label.padEnd(12)}${note}`.trimEnd()
}
