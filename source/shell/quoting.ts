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

/** Creates the test for values that contain one of the named things; NUL and invalid Unicode are never allowed. */
export function rejectValuesWith(...names: string[]): UnquotableReason {
	const rows = UNFIT.filter(([name], place) => place < 2 || names.includes(name))
	return text => rows.find(([, isIn]) => isIn(text))?.[2] ?? null
}
