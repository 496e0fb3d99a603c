// Everything by which a credential is recognized, in one place: its form, the name it is stored under, or that a text
// looks random. A credential must neither be accepted as an argument nor be printed: it would end up in the shell's
// history, the process list, a log.
import { getCoderKeyId, maskCredential } from './secret.ts'

/** The title, how such a credential begins, and how it continues if it is a whole one. */
type CredentialForm = readonly [title: string, start: string, rest: string]

/** Credentials of services, by their prefixes; the first match counts. */
const forms: readonly CredentialForm[] = [
	['an Anthropic API key', 'sk-ant-', '[\\w-]{4,}'],
	['an OpenRouter API key', 'sk-or-', '[\\w-]{4,}'],
	['an OpenAI API key', 'sk-', '[\\w-]{6,}'],
	['a Google API key', 'AIza', '[\\w-]{16,}'],
	['an xAI API key', 'xai-', '[\\w-]{8,}'],
	['a Groq API key', 'gsk_', '\\w{8,}'],
	['a GitHub token', 'gh[opsur]_', '[A-Za-z0-9]{12,}'],
	['a GitHub token', 'github_pat_', '\\w{12,}'],
	['an AWS access key', '(?:AKIA|ASIA)(?=[A-Z0-9]{12})', '[A-Z0-9]{12,}'],
	['a JSON web token', 'eyJ(?=[\\w-]{6,}\\.)', '[\\w-]{6,}(?:\\.[\\w-]*)+'],
	['a GitLab token', 'gl(?:pat|dt|rt|ptt|soat|agent)-', '[\\w-]{8,}'],
	['a Slack token', 'xox[a-z]-', '[\\w-]{8,}'],
	['a Hugging Face token', 'hf_', '[A-Za-z0-9]{12,}'],
	['a Stripe key', '(?:sk|pk|rk)_(?:live|test)_', '\\w{8,}'],
	['an npm token', 'npm_', '[A-Za-z0-9]{16,}'],
	['a Perplexity API key', 'pplx-', '[\\w-]{8,}'],
	['a Replicate token', 'r8_', '[A-Za-z0-9]{16,}'],
	['an NVIDIA API key', 'nvapi-', '[\\w-]{8,}'],
	['a Google OAuth token', 'ya29\\.', '[\\w-]{8,}'],
]

const coderToken = '[A-Za-z0-9]{10,}[-\\u2010-\\u2015\\u2212\\ufe63\\uff0d][A-Za-z0-9]{22,}'
/** All forms anywhere in a text. What is joined to a Coder token is taken for a part of it. */
const anyForm = new RegExp(
	`(?<![A-Za-z0-9])(?:${coderToken}|${forms.map(([, start, rest]) => start + rest).join('|')})`,
	'g',
)
const scheme = /\b(bearer|basic)(\s+)([^\s"',]{6,})/gi
const userInfo = /(:\/\/)[^\s/@"']*:[^\s/@"']*@/g

/**
 * A Coder token, perhaps with something joined to it or cut off. A host name has a dot after it, and doesn't change its
 * case inside.
 */
const tokenLike =
	/(?<![A-Za-z0-9])(?:[A-Za-z0-9]{9,}-[A-Za-z0-9]{16,}(?![A-Za-z0-9.])|(?=[\w-]*[a-z\d][A-Z])[A-Za-z0-9]{10}-[A-Za-z0-9]{22}(?![A-Za-z0-9]))|(?<![\w-])sk-[\w-]{12,}(?![\w.-])/
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const opaque = /^(?=.*\d)(?=.*[A-Za-z])[\w+=-]{28,}$/
const dots = '••••••••••'

/** What kind of another service's credential a text is, by its first characters: "an OpenAI API key"; else null. */
export function credentialTitle(text: string): string | null {
	return forms.find(([, start]) => new RegExp(`^${start}`).test(text))?.[0] ?? null
}

/** A text with everything masked that has the form of a credential, also after `Bearer`, and passwords in URLs. */
export function maskCredentials(text: string): string {
	if (text.length < 8) return text
	return text
		.replace(anyForm, maskCredential)
		.replace(scheme, (whole: string, word: string, space: string, value: string) =>
			// Words of a sentence have no digits and no capitals inside ("basic settings").
			value.includes('•') || /^[A-Za-z]?[a-z]+[.,;:]?$/.test(value) ? whole : `${word}${space}${maskCredential(value)}`,
		)
		.replace(userInfo, `$1${dots}@`)
}

const credentialWords: ReadonlySet<string> = new Set([
	...['token', 'apikey', 'key', 'secret', 'password', 'passwd', 'pwd', 'pass', 'passphrase', 'credential', 'bearer'],
	...['session', 'auth', 'authorization', 'cookie', 'coupon', 'couponcode', 'jwt', 'pat', 'pin', 'sig', 'signature'],
	...['accesstoken', 'refreshtoken', 'authtoken', 'authkey', 'secretkey', 'accesskey', 'privatekey', 'clientsecret'],
])
/** Words behind a credential's name that don't make it harmless: `apiKeyOld`, `TOKEN_2`. */
const trailingWord = /^(?:old|new|previous|prev|former|backup|bak|tmp|test|prod|dev|staging|main|value|v?\d+)$/
const countedTokens = /^(?:max|min|total|input|output|prompt|completion|context|reasoning|thinking|budget|window|limit)/

/**
 * Whether the name of an option, a variable or a setting is that of a credential: `token`, `api-key`, `OPENAI_API_KEY`,
 * `apiKeyOld`, `couponCode`, `x-api-key`.
 */
export function isCredentialName(name: string): boolean {
	const words = name
		.replace(/([a-z0-9])([A-Z])/g, '$1-$2')
		.toLowerCase()
		.split(/[^a-z0-9]+/)
		.filter(word => word !== '')
	while (words.length > 1 && trailingWord.test(words.at(-1)!)) words.pop()
	const last = words.at(-1) ?? ''
	const singular = last.replace(/s$/, '')
	if (singular === 'token' && last !== singular && words.length > 1 && countedTokens.test(words[0]!)) return false
	// Which login is the default is a choice between two words.
	if (words.join('') === 'codexoauthdefaultauth') return false
	if (words.length === 1 && /^(?:access|refresh)$/.test(last)) return true
	return credentialWords.has(last) || credentialWords.has(singular) || words.slice(-2).join('') === 'couponcode'
}

/** Whether a text looks like a credential: a Coder token or a service's key anywhere in it, or a UUID by itself. */
export function looksLikeCredential(text: string): boolean {
	return text.search(anyForm) >= 0 || uuid.test(text.trim()) || opaque.test(text.trim())
}

/** The key ids of the Coder tokens in a text, each once. */
export function findCoderKeyIds(text: string): string[] {
	const whole = /(?<![A-Za-z0-9])([A-Za-z0-9]{10})-[A-Za-z0-9]{22}(?![A-Za-z0-9])/g
	return [...new Set([...text.matchAll(whole)].map(([, keyId]) => keyId!))]
}

const isMixed = (text: string) => /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)

/** Whether a text is most of a Coder token: names of providers and models aren't written with capitals and digits. */
export function isCutToken(text: string): boolean {
	return isMixed(text) && tokenLike.test(text)
}

/** Whether a value that is to be a path is a credential, or most of one: file names are rarely that random. */
export function isTokenInsteadOfPath(value: string): boolean {
	const name = value.split(/[/\\]/).at(-1) ?? ''
	if (name.search(anyForm) >= 0 || uuid.test(name.trim())) return true
	return (
		isMixed(name) &&
		!/\.[a-z]{2,5}$/.test(name) &&
		(tokenLike.test(name) || opaque.test(name.trim()) || looksRandom(name))
	)
}

export type TextSpan = { readonly start: number; readonly end: number }

/**
 * Where a text contains what looks like a token, also one that is cut off or has other characters before it: of those,
 * at most the ten that a token begins with belong to it.
 */
export function findTokenLike(text: string): TextSpan | null {
	const match = tokenLike.exec(text)
	if (!match) return uuid.test(text.trim()) ? { start: 0, end: text.length } : null
	const end = match.index + match[0].length
	return { start: Math.max(match.index, match.index + match[0].indexOf('-') - 10), end }
}

/**
 * An argument as it may be shown in an error: itself if it is short and harmless, else only its length. `maxLength` is
 * larger for paths.
 */
export function redactArgument(text: string, maxLength = 32): string {
	const isPlain = text.length <= maxLength && /^[\w.,:/@+~\\ -]+$/.test(text) && !/^\s|\s$/.test(text)
	// An incomplete token no longer has a token's form: mixed capitals and digits in one run are enough to hide it, and
	// in a long one capitals behind other letters.
	const isTokenLike = /(?=[A-Za-z]*\d)(?=[a-z\d]*[A-Z])[A-Za-z\d]{8,}|(?=[A-Za-z]*[a-z][A-Z])[A-Za-z\d]{16,}/.test(text)
	return isPlain && !isTokenLike && !looksLikeCredential(text) ? `"${text}"` : `(${text.length} characters, not shown)`
}

/** Whether a run of letters and digits looks generated rather than written: no name, word, number or date. */
export function looksRandom(run: string): boolean {
	if (run.length < 6) return false
	if (/^\d+$/.test(run)) return !/^20\d{6}$/.test(run)
	if (/\d/.test(run)) return run.length >= 8 || !/^[A-Za-z]+\d{1,4}$|^\d{1,4}[A-Za-z]+$/.test(run)
	if (/[^A-Za-z]/.test(run)) return false
	// camelCase has parts of some length; a generated text changes its case every other letter.
	const parts = run.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []
	if (run.length >= 8 && run.length / parts.length < 3) return true
	const isShouted = parts.length === 1 && run === run.toUpperCase()
	if (parts.some(part => part.length > 20) || (isShouted && run.length > 14)) return true
	if (/[bcdfghjklmnpqrstvwxz]{6}/i.test(run)) return true
	return run.length >= 12 && (run.match(/[aeiouy]/gi)?.length ?? 0) / run.length < 0.2
}

const plainParts =
	/^(?:[A-Za-z]+|\d{1,4}|20\d{6}|[a-z]{1,12}\d{1,4}[a-z]{0,2}|[A-Z][a-z]{2,11}\d{1,4}|[A-Z]{1,6}\d{1,4}|\d{1,4}[a-z]{1,3}|\d{1,4}[A-Z]{1,2}|°|%)$/

const isForeignWord = (part: string) => /[^\u0000-\u007f]/.test(part) && /^\p{L}+$/u.test(part)

/**
 * Whether a text without spaces is a word, a name, a model id, a version, a date or a small number: nothing that could
 * be a credential.
 */
export function isPlainWord(text: string): boolean {
	if (text.length > 60 || looksLikeCredential(text)) return false
	return text
		.split(/[-–—_.,:;!?/\\+*#=<>|&~^()[\]{}’'"“”…→@$•]+/u)
		.every(part => part === '' || isForeignWord(part) || (plainParts.test(part) && !looksRandom(part)))
}

/** A URL as it may be shown: scheme, host and readable parts of the path; user info, values and the rest are masked. */
export function maskUrl(url: string): string {
	const [, start = '', user, host = '', path = '', query = '', fragment = ''] =
		/^([^/?#]*:\/\/)([^/?#]*@)?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? []
	if (start === '') return maskPath(url)
	const values = query.replace(
		/([?&;])([^=&;]*)(=?)([^&;]*)/g,
		(_, sign: string, name: string, equals: string, value: string) =>
			name !== '' && equals === '' && value === ''
				? sign + (isQueryName(name) ? name : dots)
				: sign + (isQueryName(name) ? name : dots) + equals + (value === '' ? '' : dots),
	)
	const shownHost = host.split('.').every(label => !looksLikeCredential(label)) ? host : dots
	return `${start}${user === undefined ? '' : `${dots}@`}${shownHost}${maskPath(path)}${values}${fragment === '' ? '' : `#${dots}`}`
}

/** Whether a part of a query is a name, such as `api-version`, and not the value itself. */
function isQueryName(name: string): boolean {
	return (
		/^[A-Za-z][A-Za-z_-]{0,24}$/.test(name) && (name.length <= 12 || /[_-]|[a-z][A-Z]/.test(name)) && isPlainWord(name)
	)
}

/** A path with every segment masked that could be a credential: one with `@`, or one that looks random. */
export function maskPath(path: string): string {
	return path.replace(/[^/\\]+/g, segment => (isPlainSegment(segment) ? segment : dots))
}

/** The wizard's own token files have the key id, which isn't secret, in their names. */
const ownFile = /^coder-session-token(?:-[A-Za-z0-9]{10})?$/

function isPlainSegment(segment: string): boolean {
	if (ownFile.test(segment)) return true
	let decoded = segment
	try {
		decoded = decodeURIComponent(segment)
	} catch {
		return false
	}
	if (decoded.includes('@')) return false
	return decoded.split(/\s+/).every(isPlainWord)
}

/** Names of parts of a query that carry a credential, wherever the word is in them. */
const credentialPart = /key|token|secret|auth|passw|sig|credential|session|pat\b|jwt|coupon/i

/** A URL for reports: without user info, without values of the query that may be credentials, with masked tokens. */
export function redactUrl(url: string): string {
	return url
		.replace(/^([^/?#]*:\/\/)[^/?#]*@/, '$1')
		.replace(/([?&;#])([^=&;#]*)=([^&;#]*)/g, (_, sign: string, name: string, value: string) =>
			credentialPart.test(name) || !isPlainWord(value) ? `${sign}${name}=` : `${sign}${name}=${value}`,
		)
		.replace(anyForm, token => (getCoderKeyId(token) ? `${token.slice(0, 10)}-…` : '…'))
		.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, encodeURIComponent)
}
