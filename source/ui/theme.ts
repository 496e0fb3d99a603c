// How things look, by what they mean. Only the 16 colours that every user has set to taste, no painted background, and
// never colour alone: a mark or a word says the same.
import chalk from 'chalk'
import { createContext, useContext } from 'react'
import type { Severity } from '../findings/finding.ts'
import type { Capabilities, ColorLevel } from '../terminal/capabilities.ts'
import type { Marks } from '../terminal/marks.ts'

export { type Marks, marksFor } from '../terminal/marks.ts'

/** Properties of Ink's `Text` by meaning. */
export const tones = {
	/** Where the user is: the pointer, the open question. */
	accent: { color: 'cyan' },
	good: { color: 'green' },
	warning: { color: 'yellow' },
	bad: { color: 'red' },
	/** What may be overlooked: notes, hints. Dim and not grey: grey vanishes on some light themes. */
	quiet: { dimColor: true },
	strong: { bold: true },
} as const

export type Tone = keyof typeof tones

/** The tone of a finding; its mark has the same name. */
export const severityTones = { error: 'bad', warning: 'warning', info: 'info' } as const satisfies Record<
	Severity,
	string
>

/** Sets how many colours Ink draws with; it looks at neither NO_COLOR nor the stream by itself. Before anything renders. */
export function setColorLevel(level: ColorLevel): void {
	chalk.level = level
}

/** What components know about the terminal. */
export type TerminalFacts = {
	readonly capabilities: Capabilities
	readonly marks: Marks
	/** Size of the window in cells; follows it. */
	readonly columns: number
	readonly rows: number
}

export const TerminalContext = createContext<TerminalFacts | null>(null)

/** The terminal that the component is drawn on. Needs a `Terminal` above. */
export function useTerminal(): TerminalFacts {
	const facts = useContext(TerminalContext)
	if (!facts) throw new Error('A component of the screens stands outside of <Terminal>.')
	return facts
}

/** The marks and tones to draw with. */
export function useTheme(): { readonly marks: Marks; readonly tones: typeof tones } {
	return { marks: useTerminal().marks, tones }
}
