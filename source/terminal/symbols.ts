// The signs that screens and plain lines are drawn with, in Unicode or ASCII.

/** The signs drawn, each one cell wide. */
export type Symbols = {
	readonly success: string
	readonly error: string
	readonly warning: string
	readonly info: string
	readonly pending: string
	readonly skipped: string
	readonly pointer: string
	readonly checked: string
	readonly unchecked: string
	readonly arrow: string
	readonly dot: string
	/** One character of a secret. */
	readonly mask: string
	/** Where text was cut. */
	readonly ellipsis: string
	readonly up: string
	readonly down: string
	readonly left: string
	readonly right: string
	/** The place of the next character where inverse video can't show it. */
	readonly cursor: string
	readonly dash: string
	readonly spinner: readonly string[]
}

const unicodeMarks: Symbols = {
	success: '✔',
	error: '✖',
	warning: '!',
	info: 'i',
	pending: '·',
	skipped: '-',
	pointer: '❯',
	checked: '[x]',
	unchecked: '[ ]',
	arrow: '→',
	dot: '·',
	mask: '•',
	ellipsis: '…',
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	cursor: '▏',
	dash: '–',
	spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
}

const asciiMarks: Symbols = {
	success: '+',
	error: 'x',
	warning: '!',
	info: 'i',
	pending: '.',
	skipped: '-',
	pointer: '>',
	checked: '[x]',
	unchecked: '[ ]',
	arrow: '>',
	dot: '-',
	mask: '*',
	ellipsis: '~',
	up: '^',
	down: 'v',
	left: '<',
	right: '>',
	cursor: '|',
	dash: '-',
	spinner: ['|', '/', '-', '\\'],
}

export function getSymbols(unicode: boolean): Symbols {
	return unicode ? unicodeMarks : asciiMarks
}
