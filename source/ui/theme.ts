// Styles by meaning. Only the 16 colors that users configure, no background, and never color alone: a symbol or a word
// says the same.
import chalk from 'chalk'
import { createContext, useContext } from 'react'
import type { Severity } from '../findings/finding.ts'
import type { Capabilities, ColorLevel } from '../terminal/capabilities.ts'
import type { Symbols } from '../terminal/symbols.ts'

export { getSymbols, type Symbols } from '../terminal/symbols.ts'

/** Properties of Ink's `Text` by meaning. */
export const tones = {
	/** Where the user is: the pointer, the open question. */
	accent: { color: 'cyan' },
	success: { color: 'green' },
	warning: { color: 'yellow' },
	error: { color: 'red' },
	/** Secondary text: notes, hints. Dim rather than gray: gray disappears in some light themes. */
	dim: { dimColor: true },
	bold: { bold: true },
} as const

export type Tone = keyof typeof tones

/** The tone of a finding; its symbol has the same name. */
export const severityTones = { error: 'error', warning: 'warning', info: 'info' } as const satisfies Record<
	Severity,
	string
>

/**
 * Sets how many colors Ink draws with, because it looks at neither NO_COLOR nor the stream. To be called before
 * anything renders.
 */
export function setColorLevel(level: ColorLevel): void {
	chalk.level = level
}

/** Opens a page in the user's browser; false if there is none. */
export type OpenUrl = (url: string) => Promise<boolean>

/** What components know about the terminal. */
export type TerminalInfo = {
	readonly capabilities: Capabilities
	readonly symbols: Symbols
	readonly openUrl: OpenUrl | null
	/** Cells that a screen may use in a row: those of the window, but at most `maxContentColumns`. */
	readonly columns: number
	/** Size of the window in cells; follows it. */
	readonly windowColumns: number
	readonly rows: number
}

/** Below this height the completed steps, the blank lines and long notes make room for the open step. */
export const compactBelow = 20

/** Wider text is hard to read. */
export const maxContentColumns = 100

export const TerminalContext = createContext<TerminalInfo | null>(null)

/** The terminal that the component is drawn on. Requires a `Terminal` above. */
export function useTerminal(): TerminalInfo {
	const facts = useContext(TerminalContext)
	if (!facts) throw new Error('A component of the screens is outside of <Terminal>.')
	return facts
}

/** The symbols and tones to draw with. */
export function useTheme(): { readonly symbols: Symbols; readonly tones: typeof tones } {
	return { symbols: useTerminal().symbols, tones }
}
