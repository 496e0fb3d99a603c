// Interprets the deployment's responses: pure functions of status, content type and body together, as described in
// docs/contracts/coder.md. No network access here.
import { formatTimestamp } from '../dates.ts'
import { cleanText } from '../findings/clean-text.ts'
import { type CodeFor, type DetailsOf, type Finding, finding } from '../findings/finding.ts'
import { maskCredentials } from '../secrets/redact.ts'
import type { HttpResponse } from './http/types.ts'
import { isBefore } from './releases.ts'

/** Characters; errors are cut off there too. */
const LONGEST_REFUSAL = 65_536

/**
 * The body as a JSON object, or null. Decided by the text, because wrong content types are common. Every string is
 * cleaned of credentials after it is decoded, as escapes can hide them; not the values of `exact`, which are created
 * tokens.
 */
export function parseJsonBody(response: HttpResponse, exact: readonly string[] = []): Record<string, unknown> | null {
	const text = response.text.trim()
	if (!text.startsWith('{')) return null
	try {
		const value: unknown = JSON.parse(text, (name, part: unknown) =>
			typeof part === 'string' && !exact.includes(name) ? maskSent(part, response) : part,
		)
		return value !== null && typeof value === 'object' && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: null
	} catch {
		return null
	}
}

/** Without the token that the request carried, and without anything else in the form of a credential. */
function maskSent(text: string, { sent }: HttpResponse): string {
	return maskCredentials(sent ? sent.maskIn(text) : text)
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text.trim())
		return true
	} catch {
		return false
	}
}

/**
 * Whether the body is a web page, decided by the text first: pages are also sent as something else, and JSON as a page.
 */
export function isHtml(response: HttpResponse): boolean {
	const start = response.text.slice(0, 400).trimStart().toLowerCase()
	if (/^(<!doctype html|<html|<head|<body|<!--|<script|<meta)/.test(start)) return true
	const declared = /^\s*(text\/html|application\/xhtml)/i.test(response.headers['content-type'] ?? '')
	return declared && !/^[[{]/.test(start)
}

export function textOf(value: unknown): string {
	return typeof value === 'string' ? value : ''
}

/** Coder's own `message`, or the message of an upstream's error, or the first line of the text, or a page's title. */
export function firstLine(response: HttpResponse): string {
	// Anything longer isn't an error message and isn't parsed.
	const json = response.text.length > LONGEST_REFUSAL ? null : parseJsonBody(response)
	const error = json?.['error']
	const upstream =
		error !== null && typeof error === 'object' ? textOf((error as { message?: unknown }).message) : textOf(error)
	const own = textOf(json?.['message'])
	const detail = textOf(json?.['detail'])
	if (own || upstream) return cleanText([own || upstream, own ? detail : ''].filter(Boolean).join(' '))
	if (isHtml(response)) return titleOf(response)
	return cleanText(response.text.trimStart().slice(0, 2_000).split(/\r|\n/, 1)[0] ?? '')
}

function titleOf(response: HttpResponse): string {
	const title = /<title[^>]*>([^<]{1,300})/i.exec(response.text.slice(0, 20_000))?.[1] ?? ''
	return cleanText(title, 60)
}

/** Where the response came from and what it said: the details of every finding about it. */
export type ResponseDetails = { host: string; origin: string; path: string; status: number; line?: string }

export function responseDetails(response: HttpResponse, origin: string): ResponseDetails {
	const line = firstLine(response)
	return {
		host: new URL(origin).host,
		origin,
		path: response.path,
		status: response.status,
		...(line ? { line } : {}),
	}
}

/** The deployment's release by the header that all its responses carry, or null if something else responded. */
export function coderHeader(response: HttpResponse): string | null {
	const value = response.headers['x-coder-build-version']
	return typeof value === 'string' && value.trim() !== '' ? cleanText(value, 60) : null
}

// ── Any response ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Status codes of gateways that can't reach their backend; 52x are Cloudflare's. */
function isGatewayTrouble(status: number): boolean {
	return status === 408 || (status >= 502 && status <= 504) || (status >= 520 && status <= 530 && status !== 529)
}

/** The origin that a redirect leads to; null for any other response, and for what isn't a web address. */
export function getRedirectOrigin(response: HttpResponse, origin: string): string | null {
	const { location } = response.headers
	if (response.status < 300 || response.status >= 400 || location === undefined) return null
	return URL.canParse(location, origin) ? webOrigin(new URL(location, origin).href) : null
}

function redirection(response: HttpResponse, origin: string, subject: string): Finding {
	const said = responseDetails(response, origin)
	const location = response.headers.location
	const here = new URL(origin)
	let target: URL
	try {
		target = new URL(location ?? '', `${origin}${response.path}`)
	} catch {
		return finding('response-unexpected', subject, said)
	}
	if (location === undefined || !/^https?:$/.test(target.protocol)) return finding('response-unexpected', subject, said)
	if (target.hostname !== here.hostname) {
		const coder = coderHeader(response)
		return finding('redirect-other-host', subject, {
			...said,
			target: cleanText(target.host, 100),
			...(coder ? { coder, url: cleanText(target.origin, 200) } : {}),
		})
	}
	return finding('redirect-same-host', subject, {
		...said,
		target: cleanText(target.origin + target.pathname, 120),
		...(target.origin === here.origin ? {} : { url: target.origin }),
	})
}

/** The finding for a response that none of the tables below knows, decided by its status and format alone. */
export function interpretUnknownResponse(response: HttpResponse, origin: string, subject: string): Finding {
	const said = responseDetails(response, origin)
	const { status } = response
	if (status >= 300 && status < 400) return redirection(response, origin, subject)
	if (status === 429) return rateLimited(response, origin, subject)
	const sent = { ...said, sent: 'yes' as const }
	if (status === 511) return finding('authenticating-proxy', subject, sent)
	if (isGatewayTrouble(status)) return finding('deployment-down', subject, said)
	if (isHtml(response)) {
		if (status === 401 || status === 403) return finding('authenticating-proxy', subject, sent)
		if (status >= 200 && status < 300) {
			const title = titleOf(response)
			return finding('response-html', subject, { ...said, ...(title ? { title } : {}) })
		}
	}
	if (status >= 500) return finding('server-error', subject, said)
	return finding('response-unexpected', subject, said)
}

export function rateLimited(response: HttpResponse, origin: string, subject: string): Finding {
	const asked = /^\s*(\d{1,6})\s*$/.exec(response.headers['retry-after'] ?? '')?.[1]
	return finding('rate-limited', subject, {
		...responseDetails(response, origin),
		...(asked ? { seconds: Number(asked) } : {}),
	})
}

// ── buildinfo (docs/contracts/coder.md#2-identifying-a-coder-deployment) ───────────────────────────────────────────

export type BuildInfoResult =
	| { readonly ok: true; readonly version: string }
	| { readonly ok: false; readonly finding: Finding }

/** What runs at the address, by its response to `GET /api/v2/buildinfo` without a token. */
export function interpretBuildInfo(response: HttpResponse, origin: string): BuildInfoResult {
	const said = responseDetails(response, origin)
	const no = (code: CodeFor<ResponseDetails>): BuildInfoResult => ({
		ok: false,
		finding: finding(code, 'deployment', said),
	})
	const noWith = (issue: Finding): BuildInfoResult => ({ ok: false, finding: issue })
	const { status } = response
	const header = coderHeader(response)
	const json = parseJsonBody(response)
	const version = cleanText(textOf(json?.['version']), 60)
	const message = textOf(json?.['message']) || response.text.trim()

	if (status === 200 && version && json?.['workspace_proxy'] === true) {
		const dashboard = webOrigin(json['dashboard_url'])
		return noWith(finding('workspace-proxy', 'deployment', { ...said, ...(dashboard ? { url: dashboard } : {}) }))
	}
	// A version without the header proves nothing.
	if (status === 200 && version && header) return { ok: true, version }
	if (status >= 300 && status < 400) return { ok: false, finding: redirection(response, origin, 'deployment') }
	if (isGatewayTrouble(status)) return no('deployment-down')
	if (status === 429) return { ok: false, finding: rateLimited(response, origin, 'deployment') }
	if (status === 404 && header && /^route not found\.?$/i.test(message)) return { ok: true, version: header }
	if ((status === 404 && /^route not supported:/i.test(message)) || (status === 400 && noKey.test(message))) {
		return no('standalone-gateway')
	}
	if (status === 400 && origin.startsWith('http:') && wantsTls.test(response.text)) {
		return noWith(finding('http-to-tls-port', 'deployment', { ...said, url: origin.replace(/^http:/, 'https:') }))
	}
	if (status >= 500 && status !== 511) return no('server-error')
	if (header) return { ok: true, version: header }
	if (status === 401 || status === 403 || status === 511) return no('authenticating-proxy')
	if (isHtml(response)) {
		const title = titleOf(response)
		return status < 300
			? noWith(finding('response-html', 'deployment', { ...said, ...(title ? { title } : {}) }))
			: no('not-coder')
	}
	const looksLikeJson =
		/json/i.test(response.headers['content-type'] ?? '') || response.text.trimStart().startsWith('{')
	if (status === 200 && looksLikeJson && !isJson(response.text))
		return noWith(finding('response-invalid', 'deployment', { ...said, why: "it isn't valid JSON" }))
	return no('not-coder')
}

const noKey = /^no auth(entication)? key provided/i
/** Responses of Go, nginx, Apache and others to plain HTTP at their TLS port. */
const wantsTls =
	/HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled/i

function webOrigin(value: unknown): string | null {
	try {
		const url = new URL(textOf(value))
		return /^https?:$/.test(url.protocol) ? url.origin : null
	} catch {
		return null
	}
}

// ── users/me (docs/contracts/coder.md#31-why-a-token-is-rejected) ──────────────────────────────────────────────────

export type UserResult =
	| { readonly status: 'user'; readonly name: string; readonly roles: readonly string[] }
	/** Valid, but not allowed to read its owner. */
	| { readonly status: 'scoped' }
	| { readonly status: 'refused'; readonly finding: Finding }

/** Causes by the text of `message` and `detail`; the first match counts. */
const causes: readonly (readonly [RegExp, CodeFor<ResponseDetails>])[] = [
	[/Cookie "?coder_session_token"? or query parameter must be provided/i, 'token-missing'],
	[/Invalid API key format/i, 'token-malformed'],
	[/API key secret is invalid/i, 'token-wrong-secret'],
	[/API key is invalid/i, 'token-unknown'],
	[/API key expired at/i, 'token-expired'],
	[/User is not active \(status = "?dormant/i, 'user-dormant'],
	[/User is not active/i, 'user-suspended'],
	[/must re-authenticate with the login provider/i, 'login-provider-expired'],
	[/session expired at|Could not refresh expired .+ token|OAuth token.*expired/i, 'login-provider-expired'],
	[/Token audience validation failed/i, 'token-audience'],
]

/** The token's owner, by the response to `GET /api/v2/users/me`, or why the token is rejected. */
export function interpretUserResponse(
	response: HttpResponse,
	origin: string,
	keyId: string | null,
	now: Date,
): UserResult {
	const json = parseJsonBody(response)
	const said = { ...responseDetails(response, origin), ...(keyId ? { keyId } : {}) }
	const refused = (issue: Finding): UserResult => ({ status: 'refused', finding: issue })
	const { status } = response
	if (status === 200 && json && textOf(json['username'])) {
		const name = cleanText(textOf(json['username']), 60)
		if (json['status'] === 'suspended') return refused(finding('user-suspended', 'token'))
		return { status: 'user', name, roles: readRoles(json['roles']) }
	}
	if ((status === 401 || status === 403) && json && !isHtml(response)) {
		const words = `${textOf(json['detail'])} ${textOf(json['message'])}`
		const code = causes.find(([pattern]) => pattern.test(words))?.[1]
		if (code === 'token-expired') return refused(finding(code, 'token', { ...said, ...expiry(words, now) }))
		if (code) return refused(finding(code, 'token', said))
		if (status === 401) return refused(finding('signed-out', 'token', said))
	}
	if (status === 404 && /not found or you do not have access/i.test(textOf(json?.['message'])))
		return { status: 'scoped' }
	if ((status === 401 || status === 403) && !coderHeader(response)) {
		return refused(finding('authenticating-proxy', 'token', { ...said, sent: 'yes' }))
	}
	if (status === 401) return refused(finding('signed-out', 'token', said))
	return refused(interpretUnknownResponse(response, origin, 'token'))
}

/** The names of a user's roles. */
function readRoles(roles: unknown): string[] {
	if (!Array.isArray(roles)) return []
	return roles
		.map(role => (role !== null && typeof role === 'object' ? (role as { name?: unknown }).name : role))
		.filter((name): name is string => typeof name === 'string')
}

/** `API key expired at "2026-01-02 03:04:05.678 +0000 UTC"` as details for the message. */
function expiry(words: string, now: Date): Pick<DetailsOf<'token-expired'>, 'at' | 'fresh'> {
	const found =
		/expired at "?(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::\d{2})?(?:\.\d+)? ?(?:([+-]\d{2}):?(\d{2})|Z)?/.exec(words)
	if (!found) return {}
	const [, day, time, hours = '+00', minutes = '00'] = found
	// The server's own time zone, if it has one.
	const moment = new Date(`${day}T${time}:00${hours}:${minutes}`)
	if (Number.isNaN(moment.getTime())) return {}
	const fresh = now.getTime() - moment.getTime() < 5 * 60_000
	return { at: formatTimestamp(moment), ...(fresh ? { fresh: 'yes' } : {}) }
}

// ── Releases ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Why neither route exists: a release before v2.28, or a build without AI Bridge. */
export function bridgeMissingFinding(version: string): Finding {
	return finding(isBefore(version, 28) ? 'too-old' : 'open-source-build', 'bridge', version ? { version } : {})
}
