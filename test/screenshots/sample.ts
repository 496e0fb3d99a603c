// A screen with everything in it that the pictures must show, written by a real program to a real terminal.
import { startInTerminal } from '../terminal/pty.ts'

const esc = '\u001B'
const link = (address: string, text: string) => `${esc}]8;;${address}${esc}\\${text}${esc}]8;;${esc}\\`

export const sampleLines = [
	`${esc}[32m✔${esc}[39m ${esc}[2mProviders   OpenAI, Anthropic${esc}[22m`,
	`${esc}[36m❯${esc}[39m ${esc}[1mWhat's your Coder URL?${esc}[22m`,
	'',
	`  https://coder.example.com${esc}[7m ${esc}[27m  ${esc}[2mfrom the Coder CLI${esc}[22m`,
	`  ${link('http://127.0.0.1:43127/cli-auth?a=1&b=2', 'http://127.0.0.1:43127/cli-auth')} opens`,
	`  ${esc}[31m✖ not found${esc}[39m ${esc}[33m! <careful> & "quoted"${esc}[39m ${esc}[41m on red ${esc}[49m`,
	`  漢字 and ${esc}[38;5;208morange${esc}[39m ${esc}[38;2;1;2;3mrgb${esc}[39m ${esc}[3mitalic${esc}[23m ${esc}[4munder${esc}[24m ${esc}[9mout${esc}[29m`,
	`  ${esc}[90mgrey${esc}[39m ${Array.from({ length: 16 }, (_, n) => `${esc}[${n < 8 ? 30 + n : 82 + n}m${n.toString(16)}${esc}[39m`).join('')} ────── ⠋ → ▏ •••`,
]

/** The cells of the sample as a terminal of 80×12 shows it. */
export async function sampleCells() {
	const source = `process.stdout.write(${JSON.stringify(sampleLines.join('\r\n'))} + ${JSON.stringify(`${esc}[?25l`)})`
	const session = await startInTerminal({ command: process.execPath, args: ['-e', source], cols: 80, rows: 12 })
	await session.exit
	const cells = session.cells()
	await session.end()
	return cells
}
