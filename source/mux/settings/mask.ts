// The settings file's text as it may be shown: every credential masked, line by line, including broken text.
import { cleanText } from '../../findings/clean-text.ts'
import { maskCredential } from '../../secrets/secret.ts'
import { Tokenizer, tokenKind } from '../jsonc/tokenizer.ts'

const dots = '••••••••••'

// Formats that are a credential anywhere: Coder session tokens, sk-… keys, GitHub, Google, AWS and Slack tokens, JSON
// web tokens.
const credentialForms =
	/(?<![A-Za-z0-9])(?:[A-Za-z0-9]{10}-[A-Za-z0-9]{22}(?![A-Za-z0-9])|sk-[A-Za-z0-9_-]{6,}|gh[opsu]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|AIza[\w-]{20,}|AKIA[A-Z0-9]{12,}|xox[a-z]-[A-Za-z0-9-]{8,}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+)/g
const bearer = /\b(bearer|basic)(\s+)([^\s"',]{6,})/gi
const passwordInUrl = /(:\/\/)[^\s/@"']*:[^\s/@"']*@/g
const named =
	/\b((?:[\w-]*(?:key|token|secret|passw(?:or)?d|authorization|cookie|coupon(?:code)?)|access|refresh)["'`]?\s*[:=]\s*["'`]?)(?!\/\/)([^\s"'`,}•]{6,})/gi
const credentialWord = /key|token|secret|auth|coupon|cookie|credential|access|refresh|passw/i

/**
 * Whether a value under this name is a credential: apiKey, authToken, couponCode, access, refresh, Authorization,
 * x-api-key, …
 */
export function isCredentialName(name: string): boolean {
	const plain = name.replace(/[^A-Za-z0-9]/g, '').toLowerCase()
	if (plain === 'codexoauthdefaultauth') return false
	return /(?:key|token|secret|passw(?:or)?d|passphrase|credentials?|coupon(?:code)?|cookie|authorization|auth|bearer|jwt)$|^(?:access|refresh)$/.test(
		plain,
	)
}

/** Text that isn't a JSON value, such as a comment: everything that looks like a credential is masked. */
function maskLoose(text: string, isComment: boolean): string {
	if (text.length < 8) return text
	const masked = text
		.replace(credentialForms, maskCredential)
		.replace(
			bearer,
			(_, word: string, space: string, value: string) =>
				`${word}${space}${value.includes('•') ? value : maskCredential(value)}`,
		)
		.replace(passwordInUrl, `$1${dots}@`)
	return isComment
		? masked.replace(named, (_, name: string, value: string) => `${name}${maskCredential(value)}`)
		: masked
}

/** A name, its end, and whether a colon follows. */
type Name = { readonly text: string; readonly end: number; readonly isName: boolean }

type Container = { readonly isObject: boolean; readonly secret: boolean }

/** Whole lines of a text: `[start, end)`. */
export type TextRange = { readonly start: number; readonly end: number }

/**
 * The same text with every credential-like value masked: the values of credential-like names, and everything with the
 * form of a token or key, in strings, names and comments alike. Lines stay lines. Works on text with syntax errors.
 */
export function maskSettings(text: string): string {
	return maskRanges(text, [{ start: 0, end: text.length }])[0]!
}

/** The same for some whole lines of a text, in order; the rest is scanned only as far as needed for their context. */
export function maskRanges(text: string, ranges: readonly TextRange[]): string[] {
	const tokens = new Tokenizer(text, text.charCodeAt(0) === 0xfeff ? 1 : 0)
	const done: string[] = []
	const containers: Container[] = []
	let parts: string[] = []
	let range = ranges[0]
	let copied = range?.start ?? 0
	// The name that the next value belongs to.
	let name: Name | null = null
	let namePlace = false

	/** Ends the ranges before an offset. A token is on one line, so it is in one range or in none. */
	const finishBefore = (offset: number) => {
		while (range && range.end <= offset) {
			parts.push(text.slice(copied, range.end))
			done.push(parts.join(''))
			parts = []
			range = ranges[done.length]
			copied = range?.start ?? 0
		}
		return range !== undefined && range.start <= offset
	}
	const put = (from: number, to: number, masked: string) => {
		parts.push(text.slice(copied, from), masked)
		copied = to
	}
	const putLoose = (from: number, to: number, isComment: boolean): boolean => {
		const raw = text.slice(from, to)
		const masked = maskLoose(raw, isComment)
		if (masked !== raw) put(from, to, masked)
		return masked !== raw
	}

	for (;;) {
		const kind = tokens.next()
		if (kind === tokenKind.end) break
		const { start: from, end: to } = tokens
		const isShown = finishBefore(from)
		if (!range) break
		const container = containers[containers.length - 1]
		switch (kind) {
			case tokenKind.openBrace:
			case tokenKind.openBracket:
				containers.push({
					isObject: kind === tokenKind.openBrace,
					secret: container?.secret === true || isCredential(text, name),
				})
				name = null
				namePlace = kind === tokenKind.openBrace
				continue
			case tokenKind.closeBrace:
			case tokenKind.closeBracket:
				containers.pop()
				name = null
				namePlace = false
				continue
			case tokenKind.comma:
				name = null
				namePlace = container?.isObject !== false
				continue
			case tokenKind.colon:
				namePlace = false
				continue
			case tokenKind.lineComment:
				if (isShown) putLoose(from, to, true)
				continue
			case tokenKind.blockComment:
				for (const line of linesWithin(text, from, to))
					if (finishBefore(line.start)) putLoose(line.start, line.end, true)
				continue
		}
		const isString = kind === tokenKind.string
		const value = tokens.value()
		if (isString || kind === tokenKind.unknown) {
			const isName = colonFollows(text, to)
			if (isName || namePlace) {
				if (isShown) putLoose(from, to, false)
				name = { text: isString ? value : value.replace(/^['`]|['`]$/g, ''), end: to, isName }
				namePlace = false
				continue
			}
		}
		if (!isShown) continue
		if (container?.secret || isCredential(text, name)) {
			if (isString && value !== '') put(from, to, maskString(text, from, to, value))
			else if (kind === tokenKind.unknown) put(from, to, maskCredential(value))
			else if (kind === tokenKind.number && !container?.secret && !isCount(text, from)) put(from, to, dots)
			continue
		}
		if (!isString && kind !== tokenKind.unknown) continue
		if (putLoose(from, to, false) || !isString || !text.slice(from, to).includes('\\')) continue
		// A credential written with escapes is visible only when decoded.
		if (maskLoose(value, true) !== value) put(from, to, maskString(text, from, to, value))
	}
	finishBefore(text.length)
	return done
}

/** Whether a value under this name is a credential; `codexOauth` and similar objects are judged by their properties. */
function isCredential(text: string, name: Name | null): boolean {
	if (!name || !isCredentialName(name.text)) return false
	return !(name.isName && /oauth$/i.test(name.text) && opensContainer(text, name.end))
}

/** The lines of a part of a text, without their line ends. */
function linesWithin(text: string, from: number, to: number): TextRange[] {
	const lines: TextRange[] = []
	let start = from
	for (let at = from; at <= to; at++) {
		if (at < to && text[at] !== '\n' && text[at] !== '\r') continue
		if (at > start) lines.push({ start, end: at })
		start = at + 1
	}
	return lines
}

/** A number of few digits is a limit or a count, whatever its name. */
function isCount(text: string, from: number): boolean {
	return !/^[\d.eE+-]{6}/.test(text.slice(from, from + 6))
}

function maskString(text: string, from: number, to: number, value: string): string {
	const closed = to - from > 1 && text[to - 1] === '"'
	return JSON.stringify(maskCredential(value)).slice(0, -1) + (closed ? '"' : '')
}

function colonFollows(text: string, from: number): boolean {
	return nextSignificant(text, from) === ':'
}

function opensContainer(text: string, from: number): boolean {
	const colon = text.indexOf(':', from)
	const next = nextSignificant(text, colon + 1)
	return next === '{' || next === '['
}

/** The next character that is neither space nor part of a comment; '' at the end. */
function nextSignificant(text: string, from: number): string {
	let at = from
	for (;;) {
		const character = text[at]
		if (character === ' ' || character === '\t' || character === '\n' || character === '\r') at++
		else if (character === '/' && text[at + 1] === '/') {
			while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
		} else if (character === '/' && text[at + 1] === '*') {
			const end = text.indexOf('*/', at + 2)
			if (end < 0) return ''
			at = end + 2
		} else return character ?? ''
	}
}

/**
 * The line around an offset, safe for a message: masked more strictly than in a diff, since the text may be broken
 * there; without control characters; cut to about 160 characters around the offset.
 */
export function maskLineAt(text: string, offset: number): string {
	const line = strictly(lastLine(maskSettings(text.slice(0, lineEnd(text, offset)))))
	if (line.length <= 160) return cleanText(line, 200)
	const column = strictly(lastLine(maskSettings(text.slice(0, offset)))).length
	const from = Math.max(0, Math.min(column - 60, line.length - 160))
	return cleanText(`${from > 0 ? '…' : ''}${line.slice(from, from + 160)}${from + 160 < line.length ? '…' : ''}`, 200)
}

function strictly(line: string): string {
	const at = line.search(credentialWord)
	if (at < 0) return line
	return (
		line.slice(0, at) +
		line.slice(at).replace(/[^\s"',:{}[\]]{6,}/g, run => (isHarmless(run) ? run : maskCredential(run)))
	)
}

function isHarmless(run: string): boolean {
	return run.includes('•') || run.startsWith('//') || harmlessNames.has(run)
}

const harmlessNames: ReadonlySet<string> = new Set([
	...['apiKey', 'apiKeyFile', 'authToken', 'couponCode', 'access', 'refresh', 'Authorization', 'x-api-key', 'headers'],
	...['baseUrl', 'baseURL', 'openai', 'anthropic', 'codexOauth', 'codexOauthDefaultAuth', 'enabled', 'models'],
])

function lastLine(text: string): string {
	return text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1).replace('\ufeff', '')
}

function lineEnd(text: string, offset: number): number {
	let at = offset
	while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
	return at
}
