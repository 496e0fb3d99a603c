import { type DetailsOf, type Finding, type FindingCode, finding } from '../findings/finding.ts'
import { credentialTitle } from '../secrets/redact.ts'
import { getCoderKeyId, type Secret } from '../secrets/secret.ts'
import { invisibleCharacters, maxPasteLength, unwrapPaste } from './sanitize-paste.ts'

/** The length of a session token (docs/contracts/coder.md#32-format). */
export const tokenLength = 33

export type CleanedToken = {
	readonly text: string
	/** What was removed, in words that contain nothing of the token: "2 line breaks", "quotes". */
	readonly removed: string[]
}

/**
 * Cleans a pasted token: removes white space and line breaks also inside it (windows wrap), quotes, `export X=`,
 * `Bearer `, the header's name, zero-width characters, remnants of a terminal's paste markers, and the words around the
 * only token in a text.
 */
export function cleanToken(provided: string): CleanedToken {
	if (provided.length > maxPasteLength || getCoderKeyId(provided)) return { text: provided, removed: [] }
	const unmarked = withoutPasteMarks(provided)
	const visible = unmarked.replace(invisibleCharacters, '')
	const value = withoutNames(visible)
	const text = value.text.replace(/[\s\u0085]+/g, '')
	if (!getCoderKeyId(text)) {
		const only = onlyTokenIn(visible)
		if (only) return { text: only, removed: ['the text around it'] }
	}
	const lineBreak = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g
	const around = /^\s*/.exec(visible)?.[0] ?? ''
	const after = visible.trim() === '' ? '' : (/\s*$/.exec(visible)?.[0] ?? '')
	const removed = [
		counted(visible.match(lineBreak)?.length ?? 0, 'line break'),
		counted((around + value.text + after).replace(lineBreak, '').match(/\s/g)?.length ?? 0, 'space'),
		value.quotes ? 'quotes' : '',
		value.name ? 'the name before it' : '',
		value.scheme ? '“Bearer”' : '',
		counted(unmarked.length - visible.length, 'invisible character'),
		value.marks || unmarked !== provided ? 'paste marks' : '',
	]
	return { text, removed: removed.filter(words => words !== '') }
}

/** What is known of a text without asking anyone. */
export type TokenInspection = {
	/** It is a session token with nothing missing. */
	readonly isWhole: boolean
	/** What cleaning removes from it, in words. */
	readonly removed: readonly string[]
	/** The number of characters that remain. */
	readonly length: number
}

export function inspectToken(provided: string): TokenInspection {
	const { text, removed } = cleanToken(provided)
	return { isWhole: getCoderKeyId(text) !== null, removed, length: text.length }
}

/**
 * The form error of a token, before it is sent anywhere; null for a session token. `origin` is the deployment whose
 * page shows a token, for the remedy.
 */
export function validateToken(text: string, origin?: string): Finding | null {
	if (getCoderKeyId(text)) return null
	const { length } = text
	const fault = <C extends FindingCode>(code: C, details: Omit<DetailsOf<C>, 'origin'>) =>
		finding(code, 'token', { ...details, origin } as DetailsOf<C>) as Finding
	if (length === 0) return fault('token-empty', {})
	if (length > maxPasteLength) return fault('token-malformed', { length })
	if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return fault('token-agent', {})
	if (/^[A-Za-z0-9]{43}$/.test(text)) return fault('token-gateway-key', {})
	const what = credentialTitle(text)
	if (what) return fault('token-provider-key', { what })
	const strange = /[^A-Za-z0-9-]/u.exec(text)?.[0]
	if (strange) return fault('token-invalid-characters', { what: nameOf(strange) })
	const cutAtEnd = /^[A-Za-z0-9]{10}(?:-[A-Za-z0-9]{0,21})?$/.test(text)
	const cutAtStart = /^[A-Za-z0-9]{0,9}-[A-Za-z0-9]{22}$/.test(text)
	if (cutAtEnd || cutAtStart) return fault('token-incomplete', { length })
	// Two tokens, or one token twice, with nothing between them.
	const twice =
		getCoderKeyId(text.slice(0, tokenLength)) && getCoderKeyId(text.slice(-tokenLength)) && length >= 2 * tokenLength
	return fault('token-malformed', twice ? { length, why: 'It looks like two tokens in a row.' } : { length })
}

/** A description, so that no part of a possible credential is shown. */
function nameOf(character: string): string {
	if (/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/.test(character)) return "a dash that isn't a hyphen"
	if ('•*●…'.includes(character)) return 'a dot or star, as in a masked token'
	if (character === '_') return 'an underscore'
	if (/\p{L}/u.test(character)) return 'a letter other than a–z'
	return 'another character'
}

/**
 * Bracketed paste puts `ESC[200~` and `ESC[201~` around a text; programs that don't know it leave them, or parts of
 * them, in it (`[200~token[201~`, `~token~`).
 */
function withoutPasteMarks(provided: string): string {
	const text = provided.replace(/(?:\u001b\[|\u009b|\^\[\[|\[)20[01]~/g, '').replace(/^(\s*)(?:20[01])?~+/, '$1')
	const [, before = text, digits = '', space = ''] = /^(.*?)(20[01])?~+(\s*)$/s.exec(text) ?? []
	// "…201~": the digits belong to the marker, unless the token is complete only with them.
	return (digits && getCoderKeyId((before + digits).trim()) ? before + digits : before) + space
}

type Bare = { text: string; quotes: boolean; name: boolean; scheme: boolean; marks: boolean }

/** Removes, in any order: quotes, the name of a variable or header, `Bearer `, the tilde of a paste marker. */
function withoutNames(provided: string): Bare {
	const header = /^(?:-H\s+)?["']?(?:coder-session-token|authorization|x-api-key)\s*:\s*/i
	const bare: Bare = { text: provided, quotes: false, name: false, scheme: false, marks: false }
	for (;;) {
		const unwrapped = unwrapPaste(bare.text)
		const headless = unwrapped.text.replace(header, '')
		const schemeless = headless.replace(/^bearer\s+/i, '')
		const text = schemeless.replace(/^~+|~+$/g, '')
		bare.quotes ||= unwrapped.quotes
		bare.name ||= unwrapped.name || headless !== unwrapped.text
		bare.scheme ||= schemeless !== headless
		bare.marks ||= text !== schemeless
		if (text === bare.text) return bare
		bare.text = text
	}
}

/** The token in a longer text (a line of a program's output, JSON), if there is exactly one. */
function onlyTokenIn(text: string): string | null {
	const found = text.match(/(?<![A-Za-z0-9_-])[A-Za-z0-9]{10}-[A-Za-z0-9]{22}(?![A-Za-z0-9_-])/g) ?? []
	const [first] = found
	return first !== undefined && found.every(one => one === first) ? first : null
}

function counted(number: number, thing: string): string {
	return number === 0 ? '' : `${number} ${thing}${number === 1 ? '' : 's'}`
}

/** Rejections of a token that count even if AI Bridge still accepts it: the next request may be the last one. */
export const firmRefusals: ReadonlySet<FindingCode> = new Set([
	'token-malformed',
	'token-unknown',
	'token-wrong-secret',
	'token-expired',
	'user-suspended',
	'user-dormant',
	'cancelled',
])

/** Validates the token before it is sent anywhere. */
export function validateForm(token: Secret, origin: string): Finding | null {
	if (token.keyId !== null) return null
	const { length } = token
	if (length === 0) return finding('token-empty', 'token', { origin })
	return finding(length < tokenLength ? 'token-incomplete' : 'token-malformed', 'token', { origin, length })
}
