// A value as a literal of each language: read back, it is the same text. What a language can't represent is rejected
// before, by `rejectValuesWith`.

/** POSIX: single quotes preserve everything except single quotes. */
export function quoteForSh(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`
}

/** fish: inside single quotes only `\\` and `\'` are escapes. */
export function quoteForFish(text: string): string {
	return `'${text.replace(/[\\']/g, '\\$&')}'`
}

/** PowerShell treats typographic single quotes as quotes too; each is doubled inside a string. */
export function quoteForPowershell(text: string): string {
	return `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`
}

/** Nushell: double quotes with escapes; `$` has no meaning in them. */
export function quoteForNu(text: string): string {
	const escaped = text.replace(/[\\"]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, control => {
		return `\\u{${control.charCodeAt(0).toString(16)}}`
	})
	return `"${escaped}"`
}

/** A .env file: unquoted if every dialect agrees, else in single quotes, which can't contain a single quote. */
export function quoteForDotenv(text: string): string {
	return /^[\w./:@+-]*$/.test(text) ? text : `'${text}'`
}

/** Terraform: double quotes, with both kinds of interpolation escaped. */
export function quoteForTerraform(text: string): string {
	const escaped = text
		.replace(/[\\"]/g, '\\$&')
		.replaceAll('\n', '\\n')
		.replaceAll('\r', '\\r')
		.replaceAll('\t', '\\t')
		.replace(/[$%](?=\{)/g, '$&$&')
	return `"${escaped}"`
}

/** What a language can't represent of a value, in words, or null. */
export type UnquotableReason = (text: string) => string | null

const contains = (character: string) => (text: string) => text.includes(character)

/** What a value can contain that some languages can't represent. */
const restrictions = {
	nul: { isIn: contains('\0'), label: 'a NUL character' },
	loneSurrogate: { isIn: text => !text.isWellFormed(), label: 'half a character (a lone surrogate)' },
	carriageReturn: { isIn: contains('\r'), label: 'a carriage return' },
	lineBreak: { isIn: contains('\n'), label: 'a line break' },
	emptyValue: { isIn: text => text === '', label: 'nothing (an empty value would unset it)' },
	doubleQuote: { isIn: contains('"'), label: 'a double quote' },
	singleQuote: { isIn: contains("'"), label: 'a single quote' },
	backslash: { isIn: contains('\\'), label: 'a backslash' },
	percentSign: { isIn: contains('%'), label: 'a percent sign' },
	// cmd reads a file in the code page of its console, which isn't UTF-8.
	nonAscii: { isIn: text => /[^\0-\x7f]/.test(text), label: 'a character outside of ASCII' },
	exclamationMark: { isIn: contains('!'), label: 'an exclamation mark' },
} as const satisfies Record<string, { isIn: (text: string) => boolean; label: string }>

type Restriction = keyof typeof restrictions

/** Creates the test for values that contain one of the named things; NUL and invalid Unicode are never allowed. */
export function rejectValuesWith(...names: Restriction[]): UnquotableReason {
	const rejected = (['nul', 'loneSurrogate', ...names] as const).map(name => restrictions[name])
	return text => rejected.find(({ isIn }) => isIn(text))?.label ?? null
}
