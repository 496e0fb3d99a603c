// How things look, by what they mean. Only the 16 colours that every user has set to taste, no painted background, and
// never colour alone: a mark or a word says the same.
import chalk from 'chalk'
import { createContext, useContext } from 'react'
import type { Severity } from '../findings/finding.ts'
import type { Capabilities, ColorLevel } from '../terminal/capabilities.ts'

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

/** The signs drawn, each one cell wide. */
export type Marks = {
	readonly good: string
	readonly bad: string
	readonly warning: string
	readonly info: string
	readonly waiting: string
	readonly skipped: string
	readonly pointer: string
	readonly ticked: string
	readonly unticked: string
	readonly arrow: string
	readonly dot: string
	/** One character of a secret. */
	readonly mask: string
	/** Where text was cut. */
	readonly ellipsis: string
	readonly up: string
	readonly down: string
	/** The place of the next character where inverse video can't show it. */
	readonly cursor: string
	readonly dash: string
	readonly spinner: readonly string[]
}

const unicodeMarks: Marks = {
	good: '✔',
	bad: '✖',
	warning: '!',
	info: 'i',
	waiting: '·',
	skipped: '-',
	pointer: '❯',
	ticked: '[x]',
	unticked: '[ ]',
	arrow: '→',
	dot: '·',
	mask: '•',
	ellipsis: '…',
	up: '↑',
	down: '↓',
	cursor: '▏',
	dash: '–',
	spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
}

const asciiMarks: Marks = {
	good: '+',
	bad: 'x',
	warning: '!',
	info: 'i',
	waiting: '.',
	skipped: '-',
	pointer: '>',
	ticked: '[x]',
	unticked: '[ ]',
	arrow: '->',
	dot: '-',
	mask: '*',
	ellipsis: '~',
	up: '^',
	down: 'v',
	cursor: '|',
	dash: '-',
	spinner: ['|', '/', '-', '\\'],
}

export function marksFor(unicode: boolean): Marks {
	return unicode ? unicodeMarks : asciiMarks
}

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
