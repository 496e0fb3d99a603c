// Values that are special in some shell, and the lines that set variables to them.
import fc from 'fast-check'
import { UserError } from '../../source/findings/finding.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { formatExports } from '../../source/shell/export-lines.ts'
import type { ShellId } from '../../source/shell/languages.ts'

/** Text that is special in some shell; generated values combine it in any order with other Unicode text. */
const specialText = fc.constantFrom(
	...['"', "'", '`', '$', '%', '!', '\\', '\n', '\r', '\t', ' ', '#', '&', '|', ';', '<', '>', '(', ')', '[', ']'],
	...[
		'{',
		'}',
		'*',
		'?',
		'~',
		'^',
		'=',
		'-',
		'--',
		'@',
		':',
		',',
		'$(id)',
		'`id`',
		`\${HOME}`,
		'$HOME',
		'%PATH%',
		'!!',
	],
	...[
		'\\n',
		"\\'",
		"''",
		'""',
		'\\\\',
		'\u001b[31m',
		'\u0001',
		'\u007f',
		'‘',
		'’',
		'‚',
		'‛',
		'“',
		'ä',
		'ß',
		'漢',
		'🦊',
	],
	...['é', 'e\u0301', '\u200b', '\u2028', '\ufeff', 'EOF', 'END_OF_VALUE', 'a', 'B', '0'],
)
export const value = fc.oneof(
	{ weight: 6, arbitrary: fc.array(specialText, { maxLength: 12 }).map(parts => parts.join('')) },
	{ weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map(text => text.replaceAll('\0', '')) },
	{ weight: 1, arbitrary: specialText.map(text => `-${text}`) },
)
const fixedValues = [
	'',
	'-',
	'-n',
	'-e \\c',
	"'",
	"''",
	"a'",
	"'a",
	'\\',
	'\\\\',
	'\n',
	'\n\n',
	'a\n',
	' a ',
	'!',
	'$',
	'$HOME',
	'~',
	'a#b',
	'a #b',
	'Zq3h7Lk2aB-Vm8Xw2pQr5Ts9Yd4Nf6Gc1',
]
export const values = [...fixedValues, ...fc.sample(value, { numRuns: 1000, seed: 20261123 })]

/** Lines that set V0, V1, … to the values that the format supports, and the values to expect. */
export function linesFor(shell: ShellId, texts: readonly string[]): { lines: string; expected: Map<string, string> } {
	const expected = new Map<string, string>()
	const lines: string[] = []
	for (const [place, text] of texts.entries()) {
		try {
			lines.push(formatExports(shell, [{ name: `V${place}`, value: new Secret(text) }]))
			expected.set(`V${place}`, text)
		} catch (error) {
			if (!(error instanceof UserError)) throw error
		}
	}
	return { lines: lines.join(''), expected }
}
