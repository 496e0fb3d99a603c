// The symbols of screens and plain lines, in Unicode or ASCII.

/** The symbols, each one cell wide. */
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
	/** Marks cut text. */
	readonly ellipsis: string
	readonly up: string
	readonly down: string
	readonly left: string
	readonly right: string
	/** The cursor where inverse video can't show it. */
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
