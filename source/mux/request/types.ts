// One request as Mux would send it: its URL and the headers that carry a credential, or the reason why there is none.
// Headers and base URLs are combined as Mux's own libraries do it; each rule was verified with them.
import type { Secret } from '../../secrets/secret.ts'
import { asSection, type Redacted, type Section } from '../context.ts'
import { type Credential, isCredential, type SendableValue, wrapCredential } from '../credential.ts'
import type { GatewayId } from '../gateways.ts'

/** Why Mux sends no request. */
export type NoRequestReason =
	| 'api_key_not_found'
	| 'provider_disabled'
	| 'policy_denied'
	| 'base_url_empty'
	| 'base_url_invalid'
	| 'base_url_not_text'
	| 'base_url_missing'
	| 'url_with_user_info'
	| 'name_not_text'
	| 'aws_credentials_not_found'
	| 'credential_not_sendable'
	| 'header_not_sendable'
	| 'api_key_and_auth_token'
	| 'api_key_file_unreadable'
	| 'oauth_not_connected'
	| 'websocket_transport'
	| 'provider_not_supported'

/** One header that carries a credential. */
export type CredentialHeader = SendableValue & {
	readonly name: 'authorization' | 'x-api-key'
	/** `apiKey`, `apiKeyFile`, `headers`, a variable, or `<section>.<key>` of another section. */
	readonly from: string
}

export type MuxRequest = {
	/** As Mux passes it to its HTTP client; it may be invalid. May contain user info: show it with `redactUrl` only. */
	readonly url: string
	/** The header that the provider uses; null if the request carries no known credential. */
	readonly credentialHeader: CredentialHeader['name'] | null
	readonly credential: Secret | null
	readonly credentialFrom: string | null
	/** All headers with a credential, `x-api-key` first. */
	readonly headers: readonly CredentialHeader[]
}

/** A base URL and its source: `baseUrl`, `baseURL`, a variable, `policy`, or `default` for the public API. */
export type BaseUrl = { readonly url: string; readonly from: string }

/** `direct`: the provider itself; `chatgpt`: the ChatGPT login; else the gateway. */
export type Via = 'direct' | 'chatgpt' | GatewayId

export type RequestResolution = {
	readonly via: Via
	/** What the request's URL was derived from; null if there is no request. */
	readonly base: BaseUrl | null
	readonly request: MuxRequest | null
	readonly reason: NoRequestReason | null
}

/** Headers, or why they can't be sent. */
export type HeadersResult = readonly CredentialHeader[] | NoRequestReason

export function noRequest(via: Via, reason: NoRequestReason): RequestResolution {
	return { via, base: null, request: null, reason }
}

/** A request to `base` + `path`. `counts`: the header that the provider uses. */
export function makeRequest(
	via: Via,
	base: BaseUrl,
	path: string,
	headers: HeadersResult,
	counts: CredentialHeader['name'] = 'authorization',
): RequestResolution {
	if (typeof headers === 'string') return noRequest(via, headers)
	if (hasUserInfo(base.url)) return { ...noRequest(via, 'url_with_user_info'), base }
	const main = headers.find(header => header.name === counts) ?? headers[0] ?? null
	const request = {
		url: `${base.url}${path}`,
		credentialHeader: main?.name ?? null,
		credential: main?.credential ?? null,
		credentialFrom: main?.from ?? null,
		headers,
	}
	return { via, base, request, reason: null }
}

/** Mux's HTTP client sends nothing to a URL with a user name or a password. */
function hasUserInfo(text: string): boolean {
	if (!URL.canParse(text)) return false
	const url = new URL(text)
	return url.username !== '' || url.password !== ''
}

/** A key after `Bearer ` in the header `Authorization`. */
export function bearerHeader(credential: Credential, from: string): CredentialHeader | NoRequestReason {
	return credential.asBearer ? { ...credential.asBearer, name: 'authorization', from } : 'credential_not_sendable'
}

/** A key as the header `x-api-key`. */
export function keyHeader(credential: Credential, from: string): CredentialHeader | NoRequestReason {
	return credential.asHeader ? { ...credential.asHeader, name: 'x-api-key', from } : 'credential_not_sendable'
}

/** One header and no other. */
export function singleHeader(header: CredentialHeader | NoRequestReason): HeadersResult {
	return typeof header === 'string' ? header : [header]
}

/**
 * The provider's own header with the user's `headers` merged over it. A name with identical spelling replaces the own
 * one; after that names are compared without case and the last non-empty one wins. `null` sends nothing.
 */
export function mergeHeaders(
	own: CredentialHeader | NoRequestReason | null,
	ownName: string,
	section: Section,
): HeadersResult {
	const lines = new Map<string, CredentialHeader | NoRequestReason | null>()
	if (own !== null) lines.set(ownName, own)
	for (const [name, value] of Object.entries(asSection(section['headers']))) lines.set(name, userHeader(name, value))
	const merged = new Map<string, CredentialHeader | NoRequestReason>()
	for (const [name, line] of lines) if (line !== null) merged.set(name.toLowerCase(), line)
	const fault = [...merged.values()].find(line => typeof line === 'string')
	if (fault !== undefined) return fault as NoRequestReason
	return (['x-api-key', 'authorization'] as const).flatMap(
		name => (merged.get(name) as CredentialHeader | undefined) ?? [],
	)
}

/** Whether a header of the user can be sent. */
export function isSendableHeader(name: string, value: Redacted): boolean {
	return typeof userHeader(name, value) !== 'string'
}

function userHeader(name: string, value: Redacted): CredentialHeader | NoRequestReason | null {
	if (value === null) return null
	if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) return 'header_not_sendable'
	const lower = name.toLowerCase() as CredentialHeader['name']
	const text = isCredential(value)
		? value
		: wrapCredential(typeof value === 'object' ? '[object Object]' : String(value))
	if (text.asHeader) return { ...text.asHeader, name: lower, from: 'headers' }
	return lower === 'authorization' || lower === 'x-api-key' ? 'credential_not_sendable' : 'header_not_sendable'
}

/** Removes one trailing slash, no more. */
export function trimTrailingSlash(url: string): string {
	return url.replace(/\/$/, '')
}
