// Text entered where the Coder URL is asked for: often a page's text around the URL, sometimes a token. A token must
// not be drawn there, and never be looked up as a host name.
import { findTokenLike, type TextSpan } from '../secrets/redact.ts'
import { getCoderKeyId, Secret } from '../secrets/secret.ts'
import { invisibleCharacters, unwrapPaste } from './sanitize-paste.ts'
import { cleanToken } from './token-format.ts'

export type SeparatedInput = {
	/** The text without the token: a URL, or '' if nothing of it can be one. */
	readonly text: string
	/** What looks like a token, complete or not. */
	readonly token: Secret
}

/**
 * Whether the text contains something that looks like a token, also if it is broken by spaces or line breaks. Text that
 * is still being typed may become a host name: it has to have a token's form.
 */
export function hasTokenLike(text: string, isTyping = false): boolean {
	return findToken(text, isTyping) !== null
}

/** Separates a token from the rest of the text; null if there is none. */
export function separateToken(text: string, isTyping = false): SeparatedInput | null {
	const visible = text.replace(invisibleCharacters, '')
	const found = findToken(visible, isTyping)
	if (!found) return null
	const urls = findUrls(`${found.text.slice(0, found.start)} ${found.text.slice(found.end)}`)
	const cleaned = cleanToken(text).text
	const token = getCoderKeyId(cleaned) ? cleaned : found.text.slice(found.start, found.end)
	return { text: urls[0] ?? '', token: new Secret(token) }
}

/** The token's place in the text, or in the text as `foldText` reads it if something is inside the token. */
function findToken(text: string, isTyping: boolean): (TextSpan & { readonly text: string }) | null {
	const folded = foldText(text)
	for (const candidate of [text, folded, folded.replace(/\s+/g, '')]) {
		const span = findTokenLike(candidate)
		if (span) return { ...span, text: candidate }
	}
	const word = unwrapPaste(folded).text
	return !isTyping && tokenPart.test(word) ? { start: 0, end: word.length, text: word } : null
}

/** The text with ASCII in place of what represents it: escapes, wide letters, the dashes that editors put in place of hyphens. */
function foldText(text: string): string {
	return text
		.replace(/(?:%|\\u00)([2-7][\da-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
		.normalize('NFKC')
		.replace(/\p{Pd}|\u2212/gu, '-')
		.replace(invisibleCharacters, '')
		.replace(/\p{M}/gu, '')
}

/** One word that changes its case inside: a part of a token, such as its secret half. Host names aren't written so. */
const tokenPart = /^(?=.*[a-z\d][A-Z])(?=.*[a-z])[\w-]{16,}\.*$/

/** A text as it may be drawn while it is typed: what may become the secret half of a token is replaced. */
export function maskTyping(text: string): string {
	if (tokenPart.test(text)) return '*'.repeat(text.length)
	return text.replace(startOfToken, (_, start: string, rest: string) => start + '*'.repeat(rest.length))
}

const startOfToken = /(?<![A-Za-z\d])((?=[A-Za-z\d]*[a-z\d][A-Z])[A-Za-z\d]{9,}\p{Pd})([A-Za-z\d]+)(?![A-Za-z\d.])/gu

/** The URLs in a text that contains other text too, without the punctuation around them; each origin once. */
export function findUrls(text: string): string[] {
	const found = new Map<string, string>()
	for (const { 0: match, index } of text.matchAll(urlInText())) {
		// Markdown's emphasis is around the URL, not at its end only.
		const emphasis = /[_*~]$/.exec(text.slice(0, index))?.[0] ?? ''
		const unquoted = emphasis === '' ? match : match.slice(0, match.length - countAtEnd(match, emphasis))
		const url = unquoted.replace(/[.,;:!?'，。、；：！？]+$/u, '')
		const origin = /^https?:\/\/[^/?#]*/i.exec(url)?.[0].toLowerCase()
		if (origin && !/^https?:\/\/$/.test(origin) && !found.has(origin)) found.set(origin, url)
	}
	return [...found.values()]
}

function countAtEnd(text: string, character: string): number {
	let count = 0
	while (text.at(-1 - count) === character) count++
	return count
}

/**
 * A URL ends at white space, quotes, and brackets of any script. `https://https://` is one. Made when it is needed: its
 * Unicode properties take 0.2 ms.
 */
const urlInText = () =>
	/(?:https?:\/{2,})+(?:[^\s/?#@]*@)?(?:\[[\da-f:.]+\])?(?:(?![\p{Ps}\p{Pe}\p{Pi}\p{Pf}"'`<>|\\^])\S)*/giu
