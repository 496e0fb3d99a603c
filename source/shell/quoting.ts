// A value as each language writes it as a literal: read back, it is the same text. What a language has no form for is
// told by `unfit` before.

/** POSIX: single quotes hold everything but themselves. */
export function quoteForSh(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`
}

/** fish: inside single quotes only `\\` and `\'` are escapes. */
export function quoteForFish(text: string): string {
	return `'${text.replace(/[\\']/g, '\\$&')}'`
}

/** PowerShell takes the typographic single quotes for quotes too; each is written twice inside a string. */
export function quoteForPowershell(text: string): string {
	return `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`
}

/** Nushell: double quotes with escapes; `$` means nothing in them. */
export function quoteForNu(text: string): string {
	const escaped = text.replace(/[\\"]/g, '\\$&').replace(/[\u0000-\u001f\u007f]/g, control => {
		return `\\u{${control.charCodeAt(0).toString(16)}}`
	})
	return `"${escaped}"`
}

/** A .env file: bare where every dialect agrees, else in single quotes, which hold no single quote. */
export function quoteForDotenv(text: string): string {
	return /^[\w./:@+-]*$/.test(text) ? text : `'${text}'`
}

/** Terraform: double quotes, with its two kinds of interpolation taken literally. */
export function quoteForTerraform(text: string): string {
	const escaped = text
		.replace(/[\\"]/g, '\\$&')
		.replaceAll('\n', '\\n')
		.replaceAll('\r', '\\r')
		.replaceAll('\t', '\\t')
		.replace(/[$%](?=\{)/g, '$&$&')
	return `"${escaped}"`
}

/** What of a value a language has no form for, in words, or null where it can hold it. */
export type UnquotableReason = (text: string) => string | null

const holds = (character: string) => (text: string) => text.includes(character)

const UNFIT: readonly (readonly [name: string, isIn: (text: string) => boolean, words: string])[] = [
	['nul', holds('\0'), 'a NUL character'],
	['surrogate', text => !text.isWellFormed(), 'half a character (a lone surrogate)'],
	['return', holds('\r'), 'a carriage return'],
	['break', holds('\n'), 'a line break'],
	['empty', text => text === '', 'nothing (an empty value would unset it)'],
	['double', holds('"'), 'a double quote'],
	['single', holds("'"), 'a single quote'],
	['backslash', holds('\\'), 'a backslash'],
	['percent', holds('%'), 'a percent sign'],
	['bang', holds('!'), 'an exclamation mark'],
]

/** Makes the test for values that hold one of the named things; NUL and broken characters fit nowhere. */
export function rejectValuesWith(...names: string[]): UnquotableReason {
	const rows = UNFIT.filter(([name], place) => place < 2 || names.includes(name))
	return text => rows.find(([, isIn]) => isIn(text))?.[2] ?? null
}
