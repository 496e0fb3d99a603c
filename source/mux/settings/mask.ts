// The settings file's text as it may be shown: every value masked that isn't known to be harmless, line by line, also in
// broken text.
import { cleanText } from '../../findings/clean-text.ts'
import { isCredentialName, isPlainWord, maskCredentials, maskPath, maskUrl } from '../../secrets/redact.ts'
import { maskCredential } from '../../secrets/secret.ts'
import { Tokenizer, tokenKind } from '../jsonc/tokenizer.ts'

const dots = '••••••••••'

/** Fields whose strings are words, names or model ids (docs/contracts/mux.md#2-the-settings-file). */
const wordFields: ReadonlySet<string> = new Set([
	...['displayName', 'providerType', 'wireFormat', 'serviceTier', 'cacheTtl', 'region', 'codexOauthDefaultAuth'],
	...['models', 'type', 'id', 'name', 'title', 'description', 'model', 'mappedToModel', 'enabled', 'routePriority'],
	...['discoveredProviders', 'additionalProviders', 'reasoningEffort', 'thinkingLevel', 'version', 'deploymentUrl'],
])
const pathField = /(?:file|path|dir|directory)$/i
const numberField =
	/(?:tokens|limit|count|size|window|timeout|ms|seconds|minutes|days|port|expires?|expiresat|temperature|topp|topk|penalty|seed|version|effort|budget|cost|price)$/i

/** The value of a field as it may be shown; the same text if it is harmless. */
function maskValue(value: string, field: string | null): string {
	if (value === '') return value
	if (field !== null && isCredentialName(field)) return maskCredential(value)
	if (/^[a-z][a-z0-9+.-]*:\/\/\S*$/i.test(value) && !value.startsWith('op://')) return maskUrl(value)
	if (field !== null && pathField.test(field)) return maskPath(value)
	if (field !== null && wordFields.has(field)) return maskWords(value)
	return maskCredential(value)
}

/** Every word that isn't a plain one is masked; spaces stay. */
function maskWords(text: string): string {
	return maskCredentials(text).replace(/\S+/g, word =>
		word.includes('•') || isPlainWord(word) ? word : maskCredential(word),
	)
}

/** A number is shown if it has few digits, or if the field is known to be a limit, a time or a count. */
function isHarmlessNumber(text: string, field: string | null): boolean {
	if (field !== null && isCredentialName(field)) return false
	return /^-?\d{1,4}(?:\.\d{1,4})?$/.test(text) || (field !== null && numberField.test(field))
}

/** A setting that is commented out, and other assignments: the name, the sign, and the value with its quotes. */
const assignment = /(["'`]?)([\w.$-]{1,60})\1(\s*[:=]\s*)(?!\/\/)(?:(["'`])((?:\\.|(?!\4).)*)(\4?)|([^\s"'`,;{}[\]]+))/g

/**
 * A comment, or a part of one: ordinary words and settings with harmless values stay readable, everything else that
 * could be a value is masked.
 */
function maskComment(text: string): string {
	if (text.length < 6) return text
	const masks: string[] = []
	// What was decided is kept out of the next steps' sight.
	const keep = (shown: string) => `\u0000${masks.push(shown) - 1}\u0000`
	const rest = maskCredentials(text.replaceAll('\u0000', ' '))
		.replace(
			assignment,
			(whole: string, quote: string, name: string, sign: string, open = '', quoted, close = '', bare) => {
				const isSecret = isCredentialName(name)
				const shownName = isPlainWord(name) ? name : dots
				if (quoted !== undefined && (open !== '' || quote !== ''))
					return keep(`${quote}${shownName}${quote}${sign}${open}${maskValue(decodeEscapes(quoted), name)}${close}`)
				if (bare === undefined) return whole
				if (isSecret)
					return keep(`${quote}${shownName}${quote}${sign}${bare.includes('•') ? bare : maskCredential(bare)}`)
				if (/^-?[\d.]+$/.test(bare))
					return keep(`${quote}${shownName}${quote}${sign}${isHarmlessNumber(bare, name) ? bare : dots}`)
				return whole
			},
		)
		.replace(/[a-z][a-z0-9+.-]*:\/\/[^\s"'`<>,\u0000]+/gi, url => keep(maskUrl(url)))
		.replace(/(["'`])((?:\\.|(?!\1).)*)\1/g, (_, quote: string, inner: string) =>
			keep(`${quote}${maskWords(decodeEscapes(inner))}${quote}`),
		)
		.replace(/[^\s"'`,;(){}[\]\u0000]+/g, run => (run.includes('•') || isPlainWord(run) ? run : maskCredential(run)))
		// A single long word behind a colon is more likely a value than a sentence.
		.replace(/([:=]\s*)(\p{L}[\p{L}-]{11,})\s*$/u, (_, sign: string, word: string) => sign + maskCredential(word))
	return rest.replace(/\u0000(\d+)\u0000/g, (_, index: string) => masks[Number(index)]!)
}

function decodeEscapes(text: string): string {
	return text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}

/** A name, its end, and whether a colon follows. */
type Name = { readonly text: string; readonly end: number; readonly isName: boolean }

type Container = { readonly isObject: boolean; readonly secret: boolean; readonly field: string | null }

/** Whole lines of a text: `[start, end)`. */
export type TextRange = { readonly start: number; readonly end: number }

/**
 * The same text with everything masked that isn't known to be harmless: strings and numbers, names that look random, and
 * what could be a value in a comment. Lines stay lines. Works on text with syntax errors.
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
	/** Replaces a part of the text if it must be masked. */
	const putMasked = (from: number, to: number, mask: (text: string) => string) => {
		const raw = text.slice(from, to)
		const masked = mask(raw)
		if (masked !== raw) put(from, to, masked)
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
					// The strings of a list belong to the list's name, and so do the properties' of its objects.
					field: kind === tokenKind.openBracket ? (name?.text ?? container?.field ?? null) : null,
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
				if (isShown) putMasked(from, to, maskComment)
				continue
			case tokenKind.blockComment:
				for (const line of linesWithin(text, from, to))
					if (finishBefore(line.start)) putMasked(line.start, line.end, maskComment)
				continue
		}
		const isString = kind === tokenKind.string
		const value = tokens.value()
		if (isString || kind === tokenKind.unknown) {
			const isName = colonFollows(text, to)
			if (isName || namePlace) {
				const bare = isString ? value : value.replace(/^['`]|['`]$/g, '')
				if (isShown && !isPlainWord(bare)) put(from, to, quoteAs(text, from, to, maskWords(bare)))
				name = { text: bare, end: to, isName }
				namePlace = false
				continue
			}
		}
		if (!isShown) continue
		const field = name?.text ?? container?.field ?? null
		if (kind === tokenKind.number) {
			const raw = text.slice(from, to)
			if (!isHarmlessNumber(raw, field)) put(from, to, dots)
			continue
		}
		if (kind === tokenKind.unknown && name === null) {
			putMasked(from, to, maskComment)
			continue
		}
		if (!isString && kind !== tokenKind.unknown) continue
		if (value === '' || /^(?:true|false|null)$/.test(text.slice(from, to))) continue
		const masked = container?.secret || isCredential(text, name) ? maskCredential(value) : maskValue(value, field)
		if (masked !== value) put(from, to, isString ? quoteAs(text, from, to, masked) : masked)
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

/** A masked value with the quotes of the original. */
function quoteAs(text: string, from: number, to: number, masked: string): string {
	if (text[from] !== '"') return masked
	const closed = to - from > 1 && text[to - 1] === '"'
	return JSON.stringify(masked).slice(0, -1) + (closed ? '"' : '')
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

const credentialWord = /key|token|secret|auth|coupon|cookie|credential|access|refresh|passw/i

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
