// The signs that screens and plain lines are drawn with, in Unicode or ASCII.

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
	readonly left: string
	readonly right: string
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
	left: '←',
	right: '→',
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

export function marksFor(unicode: boolean): Marks {
	return unicode ? unicodeMarks : asciiMarks
}
