// Text entered where the Coder URL is asked for: often a page's text around the URL, sometimes a token. A token must
// not be drawn there, and never be looked up as a host name.
import { findTokenLike, type TextSpan } from '../secrets/redact.ts'
import { getCoderKeyId, Secret } from '../secrets/secret.ts'
import { invisibleCharacters } from './sanitize-paste.ts'
import { cleanToken } from './token-format.ts'

export type SeparatedInput = {
	/** The text without the token: a URL, or '' if nothing of it can be one. */
	readonly text: string
	/** What looks like a token, complete or not. */
	readonly token: Secret
}

/** Whether the text contains something that looks like a token, also if it is broken by spaces or line breaks. */
export function hasTokenLike(text: string): boolean {
	return findToken(text) !== null
}

/** Separates a token from the rest of the text; null if there is none. */
export function separateToken(text: string): SeparatedInput | null {
	const visible = text.replace(invisibleCharacters, '')
	const found = findToken(visible)
	if (!found) return null
	const urls = findUrls(`${found.text.slice(0, found.start)} ${found.text.slice(found.end)}`)
	const cleaned = cleanToken(text).text
	const token = getCoderKeyId(cleaned) ? cleaned : found.text.slice(found.start, found.end)
	return { text: urls[0] ?? '', token: new Secret(token) }
}

/** The token's place in the text, or in the text without its white space if a line break is inside the token. */
function findToken(text: string): (TextSpan & { readonly text: string }) | null {
	for (const candidate of [text, text.replace(invisibleCharacters, '').replace(/\s+/g, '')]) {
		const span = findTokenLike(candidate)
		if (span) return { ...span, text: candidate }
	}
	return null
}

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
