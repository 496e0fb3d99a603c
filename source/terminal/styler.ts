// Colors and symbols for the lines of one stream. A module of its own, because the help needs no more of print.ts.
import type { Runtime } from '../runtime/runtime.ts'
import { detectCapabilities, getColorDepth } from './capabilities.ts'
import { getSymbols, type Symbols } from './symbols.ts'

export type StyleName = 'success' | 'warning' | 'error' | 'accent' | 'dim' | 'bold'

/** How lines for one stream are styled. */
export type Styler = {
	readonly symbols: Symbols
	/** Cells in a line; Infinity if lines aren't wrapped. */
	readonly width: number
	style(tone: StyleName, text: string): string
}

/** SGR parameters: on and off. Only the 16 colors that users configure, never a background. */
const colours: Readonly<Record<StyleName, readonly [number, number]>> = {
	success: [32, 39],
	warning: [33, 39],
	error: [31, 39],
	accent: [36, 39],
	dim: [2, 22],
	bold: [1, 22],
}

/** The widest line that is still easy to read. */
const widest = 100

/** The styler for a stream; `plain` disables colors. */
export function createStyler(
	runtime: Runtime,
	stream: 'stdout' | 'stderr',
	options: { readonly plain?: boolean } = {},
): Styler {
	const target = runtime[stream]
	const { colorLevel, unicode } = getCapabilities(runtime, stream)
	const coloured = colorLevel > 0 && !options.plain
	const columns = target.isTTY === true && 'columns' in target ? target.columns : undefined
	return {
		symbols: getSymbols(unicode),
		width: columns ? Math.min(columns, widest) : Number.POSITIVE_INFINITY,
		style(tone, text) {
			const [on, off] = colours[tone]
			return coloured && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text
		},
	}
}

/** Whether the stream is read by a person on a terminal, and not by a program or in a file. */
export function isTerminal(styler: Styler): boolean {
	return styler.width !== Number.POSITIVE_INFINITY
}

/** What a stream of the process can show. */
export function getCapabilities(runtime: Runtime, stream: 'stdout' | 'stderr') {
	const target = runtime[stream]
	const isTTY = target.isTTY === true
	const colorDepth = isTTY ? getColorDepth(target, runtime.env) : 1
	return detectCapabilities(runtime.env, runtime.platform, { isTTY, colorDepth })
}
