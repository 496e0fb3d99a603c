// Stands for chalk in the bundle, which Ink draws with: the 16 colours that every terminal has, and the modifiers. For a
// colour by its number Ink would call what is not here, and end with an error.
import { codes } from './ansi-styles.ts'

const colors = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']
const modifiers = {
	bold: 1,
	dim: 2,
	italic: 3,
	underline: 4,
	inverse: 7,
	strikethrough: 9,
}

/** How many colours there are, as in chalk: 0 for no styles at all. theme.ts sets it. */
const chalk: { level: number } & Record<string, unknown> = { level: 0 }

function define(name: string, code: number): void {
	const [open, close] = [`\u001b[${code}m`, `\u001b[${codes.get(code)}m`]
	chalk[name] = (text: string): string => {
		if (chalk.level <= 0 || text === '') return text
		// Where a style inside ends, this one goes on; at a line's end it stops and starts again.
		const inside = text.includes('\u001b') ? text.replaceAll(close, close + open) : text
		return open + inside.replace(/\r?\n/g, lineBreak => close + lineBreak + open) + close
	}
}

export const foregroundColorNames: string[] = []

function defineColor(name: string, code: number): void {
	foregroundColorNames.push(name)
	define(name, code)
	define(`bg${name.charAt(0).toUpperCase()}${name.slice(1)}`, code + 10)
}

for (const [name, code] of Object.entries(modifiers)) define(name, code)
for (const [index, name] of colors.entries()) {
	defineColor(name, 30 + index)
	defineColor(`${name}Bright`, 90 + index)
}
for (const name of ['gray', 'grey']) defineColor(name, 90)

export default chalk
