// Token operations: what a token is, creating one for Mux, and revoking it.
import { formatDuration } from '../duration.ts'
import { type DetailsOf, type Finding, type FindingCode, finding, UserError } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { Secret } from '../secrets/secret.ts'
import { type ApiKeyMetadata, parseApiKey } from './api-key-metadata.ts'
import type { Deployment } from './deployment-url.ts'
import type { HttpClient, HttpResponse } from './http/types.ts'
import { interpretUserResponse, isHtml, parseJsonBody, responseDetails } from './interpret-response.ts'
import { probeDeployment } from './probe.ts'
import { findLoginElsewhere } from './token-discovery.ts'
import { validateToken } from './token-format.ts'

const KEYS = '/api/v2/users/me/keys'
const DAY_MS = 86_400_000
/** Coder counts lifetimes in nanoseconds; a number of seconds would create a token that has already expired. */
const NS_PER_MS = 1e6
/** `mux-laptop`, `mux-laptop-2`, ...: after this many taken names something else is wrong. */
const MOST_NAMES = 20
/** The longest name that is requested; the deployment's database would take more, its pages show less. */
const NAME_LENGTH = 32

export type Cancellable = { readonly signal?: AbortSignal | undefined }

/** The token's owner and expiry. Both are null for a scoped token, which can't read them. */
export type TokenInfo =
	| { readonly ok: true; readonly user: string | null; readonly key: ApiKeyMetadata | null }
	| { readonly ok: false; readonly finding: Finding }

/** Fetches information about a token: `users/me` and `keys/{id}` in parallel. A malformed token isn't sent. */
export async function fetchTokenInfo(
	client: HttpClient,
	deployment: Deployment,
	token: Secret,
	{ signal }: Cancellable = {},
): Promise<TokenInfo> {
	const { origin } = deployment
	const { keyId } = token
	// The text is only validated here; an error contains no part of it.
	if (keyId === null)
		return {
			ok: false,
			finding: token.inspect(text => validateToken(text, origin)) ?? finding('token-malformed', 'token'),
		}
	const ask = (path: string) =>
		client.request({ origin, path, token: { secret: token, as: 'Coder-Session-Token' }, signal })
	const [user, key] = await Promise.all([ask('/api/v2/users/me'), ask(`${KEYS}/${keyId}`)])
	if (!user.ok) return user
	const whose = interpretUserResponse(user.response, origin, keyId, client.runtime.now())
	if (whose.status === 'refused') return { ok: false, finding: whose.finding }
	return {
		ok: true,
		user: whose.status === 'user' ? whose.name : null,
		key: key.ok && key.response.status === 200 ? parseApiKey(parseJsonBody(key.response)) : null,
	}
}

/** The deployment's limits. `maxLifetimeDays` is null if it sets no maximum or doesn't say. */
export type TokenConfig = { readonly maxLifetimeDays: number | null }

/** Fetches the longest lifetime that a token may have. If it is unknown, creating the token will tell. */
export async function fetchTokenConfig(
	client: HttpClient,
	deployment: Deployment,
	session: Secret,
	{ signal }: Cancellable = {},
): Promise<TokenConfig> {
	const token = { secret: session, as: 'Coder-Session-Token' } as const
	const path = `${KEYS}/tokens/tokenconfig`
	const result = await client.request({ origin: deployment.origin, path, token, signal })
	const most =
		result.ok && result.response.status === 200 ? parseJsonBody(result.response)?.['max_token_lifetime'] : null
	return { maxLifetimeDays: typeof most === 'number' && most > 0 ? most / NS_PER_MS / DAY_MS : null }
}

export type TokenRequest = {
	/** For example `defaultTokenName(runtime)`. */
	readonly name: string
	/** The lifetime in days; limited by the deployment's maximum. */
	readonly lifetimeDays: number
}

/** A created token that the deployment has accepted. `days` is its actual lifetime. */
export type CreatedToken = {
	readonly secret: Secret
	readonly name: string
	readonly days: number
	readonly expiresAt: Date | null
}

/**
 * Creates a named API token with the help of another token of the same user, and returns it only after `users/me`
 * accepted it. Throws a UserError: `token-other-deployment`, `token-name-taken`, `token-lifetime-refused`,
 * `token-not-created`, whatever is wrong with `session`, or why the request failed. A created token that isn't accepted
 * afterwards is deleted.
 */
export async function createToken(
	client: HttpClient,
	deployment: Deployment,
	session: Secret,
	wish: TokenRequest,
	{ signal }: Cancellable = {},
): Promise<CreatedToken> {
	const { origin } = deployment
	const elsewhere = await findLoginElsewhere(client.runtime, deployment, session)
	if (elsewhere) throw new UserError(elsewhere)
	const probe = client.deployments.has(origin) ? null : await probeDeployment(client, deployment, { signal })
	if (probe && !probe.ok) throw new UserError(probe.findings[0])
	const { maxLifetimeDays } = await fetchTokenConfig(client, deployment, session, { signal })
	let lifetimeMs = wholeSeconds(Math.min(wish.lifetimeDays, maxLifetimeDays ?? Infinity) * DAY_MS)
	let lowered = false
	let number = 1
	for (;;) {
		if (signal?.aborted) throw refused('cancelled', {})
		const name = numbered(wish.name, number)
		const response = await mustAsk(client, {
			origin,
			path: `${KEYS}/tokens`,
			method: 'POST',
			token: { secret: session, as: 'Coder-Session-Token' },
			body: { lifetime: lifetimeMs * NS_PER_MS, token_name: name },
			// Not cancelled halfway: a created token that isn't known couldn't be revoked.
		})
		const said = responseDetails(response, origin)
		if (response.status === 201 || response.status === 200) {
			const key = parseJsonBody(response, ['key'])?.['key']
			const secret = new Secret(typeof key === 'string' ? key.trim() : '')
			if (!secret.keyId)
				throw refused('token-not-created', { origin, status: response.status, line: 'The response has no token.' })
			const expiresAt = await proven(client, deployment, session, secret, { signal })
			return { secret, name, days: lifetimeMs / DAY_MS, expiresAt }
		}
		if (response.status === 409) {
			// A name stays taken for a week after its token was removed.
			if (number < MOST_NAMES) {
				number += 1
				continue
			}
			throw refused('token-name-taken', { ...said, name })
		}
		const most = response.status === 400 ? lifetimeLimit(response) : null
		if (most !== null) {
			// "less than" may be meant literally: a minute below the limit is less.
			const under = wholeSeconds(most > 120_000 ? most - 60_000 : most - 1000)
			if (!lowered && under > 0 && under < lifetimeMs) {
				lowered = true
				lifetimeMs = under
				continue
			}
			throw refused('token-lifetime-refused', { ...said, limit: `at most ${formatDuration(most)}` })
		}
		throw new UserError(notMade(response, origin, session, client.runtime.now()))
	}
}

/** Deletes a token of the session's user by its key id; a missing one counts as deleted. Throws a UserError. */
export async function deleteToken(
	client: HttpClient,
	deployment: Deployment,
	session: Secret,
	keyId: string,
	{ signal }: Cancellable = {},
): Promise<void> {
	const { origin } = deployment
	const response = await mustAsk(client, {
		origin,
		path: `${KEYS}/${encodeURIComponent(keyId)}`,
		method: 'DELETE',
		token: { secret: session, as: 'Coder-Session-Token' },
		signal,
	})
	const gone = response.status === 404 && parseJsonBody(response)?.['message'] !== undefined
	// A page with status 200 comes from a portal, not from Coder.
	if (response.status === 204 || (response.status === 200 && !isHtml(response)) || gone) return
	throw refused('token-not-deleted', { ...responseDetails(response, origin), keyId })
}

/** The name for a token created on this machine: `mux-` and the host name, as far as Coder accepts it. */
export function defaultTokenName(runtime: Pick<Runtime, 'hostname'>): string {
	const label = runtime.hostname.split('.')[0] ?? ''
	const plain = label
		.normalize('NFKD')
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-+/, '')
	return `mux-${plain}`.slice(0, NAME_LENGTH - 3).replace(/-+$/, '') || 'mux'
}

/** Whether a token has a name that the wizard gives: such a token may be offered for deletion once it is replaced. */
export function isWizardTokenName(name: string | undefined): boolean {
	return name !== undefined && /^mux(?:-[a-z0-9]+)*$/.test(name)
}

/** The expiry of a new token after the deployment has accepted it; otherwise it is revoked and the reason thrown. */
async function proven(
	client: HttpClient,
	deployment: Deployment,
	session: Secret,
	secret: Secret,
	cancellable: Cancellable,
): Promise<Date | null> {
	const info = await fetchTokenInfo(client, deployment, secret, cancellable)
	if (info.ok) return info.key?.expiresAt ?? null
	// The signal may have ended the check; it must not cancel the revocation.
	if (secret.keyId) await deleteToken(client, deployment, session, secret.keyId).catch(() => {})
	throw new UserError(info.finding)
}

async function mustAsk(client: HttpClient, question: Parameters<HttpClient['request']>[0]): Promise<HttpResponse> {
	const result = await client.request(question)
	if (!result.ok) throw new UserError(result.finding)
	return result.response
}

/** Why no token was created: the session's own error if it has one, else the deployment's response. */
function notMade(response: HttpResponse, origin: string, session: Secret, now: Date): Finding {
	if (response.status === 401) {
		const whose = interpretUserResponse(response, origin, session.keyId, now)
		if (whose.status === 'refused') return whose.finding
	}
	return finding('token-not-created', 'token', responseDetails(response, origin))
}

function refused<C extends FindingCode>(code: C, details: DetailsOf<C>): UserError {
	return new UserError(finding(code, 'token', details) as Finding)
}

/** The limit in `lifetime must be less than 30m0s`, in milliseconds; null if the response is about something else. */
function lifetimeLimit(response: HttpResponse): number | null {
	const json = parseJsonBody(response)
	const words = `${json?.['message']} ${json?.['detail']}`
	const text = /lifetime must be (?:less|at most|no more)[^0-9]*((?:\d+(?:\.\d+)?[hms])+)/i.exec(words)?.[1]
	return text === undefined ? null : parseGoDuration(text)
}

/** A duration as Go writes it (`168h0m0s`, `30m0s`, `45s`), in milliseconds. */
function parseGoDuration(text: string): number {
	const units = { h: 3_600_000, m: 60_000, s: 1000 } as const
	let total = 0
	for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)([hms])/g))
		total += Number(number) * units[unit as keyof typeof units]
	return total
}

function numbered(name: string, number: number): string {
	return number === 1 ? name : `${name}-${number}`
}

function wholeSeconds(milliseconds: number): number {
	return Math.floor(milliseconds / 1000) * 1000
}
