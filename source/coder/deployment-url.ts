import type { Route } from '../bridge-url.ts'
import { cleanText } from '../findings/clean-text.ts'
import { type DetailsOf, type Finding, type FindingCode, finding, UserError } from '../findings/finding.ts'
import { type Protocol, protocols } from '../providers.ts'
import { findTokenLike } from '../secrets/redact.ts'
import { findUrls, hasTokenLike } from './deployment-input.ts'
import { invisibleCharacters, maxPasteLength, unwrapPaste } from './sanitize-paste.ts'

export { type Bridge, parseBridgeUrl, type Route } from '../bridge-url.ts'

/**
 * The deployment's paths of AI Bridge: from v2.28, and the newer name from v2.35
 * (docs/contracts/coder.md#12-api-paths).
 */
export const routes = ['/api/v2/aibridge', '/api/v2/ai-gateway'] as const satisfies readonly Route[]

/** A Coder deployment. Coder can't be served from a subpath, so the origin identifies it. */
export type Deployment = {
	/** `https://coder.example.com`, without a trailing slash. */
	readonly origin: string
	/** http, and not on this machine: the token would be sent unencrypted. */
	readonly insecure: boolean
	/** Origin of a standalone gateway that serves the providers in place of the deployment; only if the user names it. */
	readonly gateway?: string
}

export type ParsedDeployment = { ok: true; deployment: Deployment } | { ok: false; finding: Finding }

/** The URL parser would return the same origin; loading it takes Node half a millisecond. */
const ORIGIN = /^https:\/\/((?:[a-z][a-z0-9]*(?:-[a-z0-9]+)*\.)*[a-z]+)$/
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

/**
 * Parses whatever was typed or pasted: a host, a host with a port, a page of the dashboard, a full base URL, with
 * quotes or `export X=` around it. Never throws.
 *
 * Without a scheme it is https, but http for hosts of this machine, which rarely use TLS. A bare word is a host
 * (`coder` on an intranet). Text that looks like a token is rejected: resolving it would send it to name servers.
 */
export function parseDeployment(provided: string): ParsedDeployment {
	if (provided.length > maxPasteLength) {
		return refuse('url-invalid', { text: shown(provided), why: "It's too long." })
	}
	const plainHost = ORIGIN.exec(provided)?.[1]
	if (plainHost && !hostnameFault(plainHost, plainHost) && !findTokenLike(plainHost)) {
		return { ok: true, deployment: { origin: provided, insecure: false } }
	}
	const unwrapped = unwrapPaste(joinWrapped(provided.replace(invisibleCharacters, ''))).text
	if (unwrapped === '') return refuse('url-empty', {})
	const urls = findUrls(unwrapped)
	if (urls.length > 1) return refuse('url-invalid', { text: shown(unwrapped), why: 'It contains more than one URL.' })
	const text = urls[0] !== undefined && isWhole(urls[0], unwrapped) ? urls[0] : unwrapped
	if (urls.length === 0 && hasTokenLike(text)) return refuse('url-is-token', { kept: false })

	if (/^https?:?\/*https?:/i.test(text) && !/^(https?):?\/*\1:/i.test(text))
		return refuse('url-invalid', { text: shown(text), why: 'It has two schemes, http and https.' })
	const [, writtenScheme = '', afterScheme = text] = splitScheme(text)
	const scheme = writtenScheme.toLowerCase()
	// "/workspaces" is a path without its host; "//host" is a protocol-relative link.
	if (scheme === '' && /^\/(?!\/)/.test(text)) return refuse('url-no-host', { text: shown(text) })
	const rest = afterScheme.replace(/^[/\\]+/, '')
	const authority = /^[^/\\?#]*/.exec(rest)?.[0] ?? ''
	const host = authority.slice(authority.lastIndexOf('@') + 1)
	if (scheme && scheme !== 'https' && scheme !== 'http') {
		return refuse('url-scheme', { scheme: cleanText(`${scheme}://`, 20), url: suggestion(host) })
	}
	if (authority.includes('@')) return refuse('url-with-password', { url: suggestion(host) })
	if (authority === '') return refuse('url-no-host', { text: shown(text) })
	if (findTokenLike(host)) return refuse('url-is-token', { kept: false })
	const why = faultOf(host)
	if (why) return refuse('url-invalid', { text: shown(text), why })

	const url = urlOf(`${scheme || 'https'}://${host}`)
	if (!url) return refuse('url-invalid', { text: shown(text), why: "The host name isn't valid." })
	url.hostname = url.hostname.replace(/\.$/, '')
	const hostFault = hostnameFault(url.hostname, host)
	if (hostFault) return refuse('url-invalid', { text: shown(text), why: hostFault })
	const local = isLoopback(url.hostname)
	if (scheme === '' && local) {
		const plain = urlOf(`http://${url.hostname}${/:\d+$/.exec(host)?.[0] ?? ''}`)
		if (plain) return { ok: true, deployment: { origin: plain.origin, insecure: false } }
	}
	return { ok: true, deployment: { origin: url.origin, insecure: url.protocol === 'http:' && !local } }
}

/** The origin of a gateway, as typed. Throws a UserError for anything that isn't https or on this machine. */
export function parseGateway(text: string): string {
	const parsed = parseDeployment(text)
	if (!parsed.ok) throw new UserError(parsed.finding)
	const { origin, insecure } = parsed.deployment
	if (insecure) throw new UserError(finding('gateway-insecure', 'deployment', { host: new URL(origin).host }))
	return origin
}

/** Whether a host name is this machine: `localhost`, `*.localhost`, 127.0.0.0/8, ::1. */
export function isLoopback(hostname: string): boolean {
	const name = hostname.toLowerCase().replace(/\.$/, '')
	return (
		name === 'localhost' ||
		name.endsWith('.localhost') ||
		/^127(?:\.\d{1,3}){3}$/.test(name) ||
		name === '[::1]' ||
		/^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/.test(name)
	)
}

/** Whether a URL in a text with spaces is complete: it has a whole host name, and none that goes on behind the space. */
function isWhole(url: string, text: string): boolean {
	if (!/\s/.test(text)) return true
	const after = text.slice(text.indexOf(url) + url.length)
	return /^https?:\/+(?:[^/?#]*\.[^/?#]|localhost|\[)/i.test(url) && !/^\.?\s+\./.test(after)
}

/** A line break inside a URL comes from a narrow window; a blank line or a line of other text doesn't. */
function joinWrapped(text: string): string {
	const joined = text.trim().replace(/[ \t]*(?:\r\n?|\n)[ \t]*(?![ \t\r\n])/g, '')
	return /\s/.test(unwrapPaste(joined).text) ? text : joined
}

/** `[all, scheme, rest]`; scheme is empty if there is none. `host:3000` has no scheme, `https:/host` has one. */
function splitScheme(text: string): [string, string, string] {
	// "https://https://host", "https//host" and "https:host" are typos with one meaning.
	const slip = /^(?:(https?)(?::?\/{2,}|:\/|:(?!\d)))+(?=\S)/i.exec(text)
	if (slip?.[1]) return [text, slip[1], text.slice(slip[0].length)]
	const full = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text)
	if (full) return [text, full[1] ?? '', full[2] ?? '']
	const short = /^([a-z][a-z0-9+-]*):(?!\d{1,5}(?:[/\\?#]|$))([^@]*)$/is.exec(text)
	if (short?.[2] && !short[2].startsWith(':')) return [text, short[1] ?? '', short[2]]
	return [text, '', text]
}

/** Why the text can't be a host with a port. */
function faultOf(host: string): string | null {
	if (/\s/.test(host)) return "The host name can't contain spaces."
	const bracketed = /^\[[^\]]*\](.*)$/.exec(host)
	const [name = '', ...ports] = bracketed ? ['x', ...(bracketed[1] ?? '').split(':').slice(1)] : host.split(':')
	if (bracketed && bracketed[1] !== '' && !bracketed[1]?.startsWith(':')) return "The host name isn't valid."
	if (ports.length > 1) return 'An IPv6 address needs brackets: [::1].'
	const [port] = ports
	if (port !== undefined && port !== '' && !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)) {
		return 'The port must be a number from 1 to 65535.'
	}
	if (name === '') return 'The host name before the port is missing.'
	if (/[^\p{L}\p{N}\p{M}._%*${}-]/u.test(name)) return 'A host name only has letters, digits, hyphens, and dots.'
	return null
}

/** Why a host name that the URL parser accepts still isn't valid. */
function hostnameFault(hostname: string, written: string): string | null {
	if (hostname.startsWith('[')) return null
	if (hostname.length > 253) return 'The host name is too long.'
	if (!hostname.split('.').every(label => LABEL.test(label)))
		return 'A host name only has letters, digits, hyphens, and dots.'
	// The parser reads "42" and "0x7f.1" as IPv4 addresses, which nobody means.
	if (/^\d+(?:\.\d+){3}$/.test(hostname) && !written.replace(/\.?(?::\d*)?$/, '').startsWith(hostname)) {
		return 'An IPv4 address has four numbers: 192.0.2.10.'
	}
	return null
}

function urlOf(text: string): URL | null {
	try {
		return new URL(text)
	} catch {
		return null
	}
}

/** The https address that was probably meant, for the remedy; undefined if there is none. */
function suggestion(host: string): string | undefined {
	const parsed = host && !/\s/.test(host) ? parseDeployment(`https://${host}`) : undefined
	return parsed?.ok ? parsed.deployment.origin : undefined
}

/** What was typed, as far as it may be shown: nothing that could be a credential. */
function shown(text: string): string | undefined {
	const plain = cleanText(text.slice(0, maxPasteLength), 60)
	return hasTokenLike(plain) || /[A-Za-z0-9_-]{24}|sk-|:[^/]*@/.test(plain) ? undefined : plain
}

function refuse<C extends FindingCode>(code: C, details: DetailsOf<C>): ParsedDeployment {
	return { ok: false, finding: finding(code, 'deployment', details) as Finding }
}

/**
 * The base URL that Mux needs for a provider instance: with `/v1` for OpenAI's protocol, without for Anthropic's
 * (docs/contracts/mux.md#4-base-urls). No trailing slash. A gateway has no path before the instance
 * (docs/contracts/coder.md#7-the-standalone-gateway).
 */
export function getBaseUrl(
	{ origin, gateway }: Pick<Deployment, 'origin' | 'gateway'>,
	route: Route,
	target: { instance: string; protocol: Protocol },
): string {
	return `${gateway ?? `${origin}${route}`}/${target.instance}${protocols[target.protocol].baseUrlSuffix}`
}
