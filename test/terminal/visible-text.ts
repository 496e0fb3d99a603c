// What a terminal shows of what was written to it, cell by cell.
import xterm from '@xterm/headless'

const columns = 30

export type Shown = InstanceType<typeof xterm.Terminal>

/** A terminal that shows `above`, then the frame, with the cursor below it, as Ink leaves it. */
export async function showing(frame: readonly string[]) {
	const terminal = new xterm.Terminal({ cols: columns, rows: 16, allowProposedApi: true, convertEol: true })
	const write = (text: string) => new Promise<void>(done => terminal.write(text, done))
	await write(`above\n${frame.map(row => `${row}\n`).join('')}`)
	return { terminal, write }
}

/** All that is seen: text and style of each cell, and where the cursor is. */
export function seen(terminal: Shown): { rows: string; cursor: number[] } {
	const buffer = terminal.buffer.active
	const rows = []
	for (let row = 0; row < buffer.length; row++) {
		const line = buffer.getLine(row)
		const cells = []
		for (let column = 0; column < columns; column++) {
			const cell = line?.getCell(column)
			if (!cell) continue
			const text = cell.getChars() || ' '
			const style = [
				cell.getFgColor(),
				cell.getBgColor(),
				cell.isBold(),
				cell.isDim(),
				cell.isInverse(),
				cell.isUnderline(),
			]
			const isBlank = text === ' ' && cell.isBgDefault() && !cell.isInverse() && !cell.isUnderline()
			cells.push(isBlank ? ' ' : [text, ...style].join())
		}
		rows.push(cells.join('').trimEnd())
	}
	return { rows: rows.join('\n').trimEnd(), cursor: [buffer.cursorX, buffer.cursorY + buffer.baseY] }
}
