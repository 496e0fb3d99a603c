// What Coder knows about a token: its kind, its expiry, and what would end it sooner.
import { formatTimestamp } from '../dates.ts'
import { formatTimeUntil } from '../duration.ts'
import { cleanText } from '../findings/clean-text.ts'
import { type Finding, finding } from '../findings/finding.ts'

/**
 * Where a token comes from (docs/contracts/coder.md#33-kinds-and-lifetimes): `browser-session` lives about a day,
 * `cli-session` about a week and ends with `coder logout`, `workspace-token` is replaced at each start of its
 * workspace, `api-token` was created by name.
 */
export type ApiKeyKind = 'browser-session' | 'cli-session' | 'session' | 'api-token' | 'workspace-token'

/** The response to `GET /api/v2/users/me/keys/{id}`, as far as it is used. */
export type ApiKeyMetadata = {
	readonly keyId: string
	readonly kind: ApiKeyKind
	/** The name of an API token. */
	readonly name?: string
	readonly expiresAt?: Date
	readonly createdAt?: Date
}

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const workspaceName = new RegExp(`^${uuid}_${uuid}_session_token$`, 'i')
const dayS = 86_400

/** Parses the metadata of a key; null if the response isn't that. */
export function parseApiKey(json: Record<string, unknown> | null): ApiKeyMetadata | null {
	if (!json || typeof json['id'] !== 'string') return null
	const name = typeof json['token_name'] === 'string' ? cleanText(json['token_name'], 100) : ''
	const expiresAt = dateOf(json['expires_at'])
	const createdAt = dateOf(json['created_at'])
	const reported = json['lifetime_seconds']
	const spanned = expiresAt && createdAt ? (expiresAt.getTime() - createdAt.getTime()) / 1000 : null
	const lifetime = typeof reported === 'number' && reported > 0 ? reported : spanned
	return {
		keyId: cleanText(json['id'], 10),
		kind: kindOf(name, json['login_type'], lifetime),
		...(name ? { name } : {}),
		...(expiresAt ? { expiresAt } : {}),
		...(createdAt ? { createdAt } : {}),
	}
}

function kindOf(name: string, loginType: unknown, lifetime: number | null): ApiKeyKind {
	if (workspaceName.test(name)) return 'workspace-token'
	if (loginType === 'token' || name) return 'api-token'
	if (lifetime === null) return 'session'
	return lifetime <= dayS ? 'browser-session' : 'cli-session'
}

/** A date as Coder writes it; the zero time (year 1) means no date. */
function dateOf(value: unknown): Date | null {
	const date = typeof value === 'string' ? new Date(value) : null
	return date && !Number.isNaN(date.getTime()) && date.getUTCFullYear() > 1970 ? date : null
}

const kindWords: Record<ApiKeyKind, string> = {
	'browser-session': 'browser session',
	'cli-session': 'CLI session',
	session: 'session',
	'api-token': 'API token',
	'workspace-token': 'workspace token',
}

/** For example "API token “mux-laptop”, expires in 29 days", for a row of the checks. */
export function describeApiKey(key: ApiKeyMetadata, now: Date): string {
	const name = key.kind === 'api-token' && key.name ? ` “${key.name}”` : ''
	return `${kindWords[key.kind]}${name}${key.expiresAt ? `, expires ${formatTimeUntil(key.expiresAt, now)}` : ''}`
}

const warnedMs = 7 * dayS * 1000

/** Whether a token ends within a week. */
export function expiresSoon({ expiresAt }: ApiKeyMetadata, now: Date): boolean {
	return expiresAt !== null && expiresAt !== undefined && expiresAt.getTime() - now.getTime() < warnedMs
}

/** Warnings about a valid token: it expires within a week, or its kind is short-lived. */
export function findApiKeyIssues(key: ApiKeyMetadata, now: Date, origin: string, insideWorkspace: boolean): Finding[] {
	const { expiresAt } = key
	const details = {
		origin,
		keyId: key.keyId,
		...(expiresAt ? { when: formatTimeUntil(expiresAt, now), at: formatTimestamp(expiresAt) } : {}),
	}
	switch (key.kind) {
		case 'browser-session':
			return [finding('token-browser-session', 'token', details)]
		case 'cli-session':
			return [finding('token-cli-session', 'token', details)]
		case 'workspace-token':
			return [finding('token-workspace', 'token', details, insideWorkspace ? 'info' : 'warning')]
		default:
			return expiresSoon(key, now) ? [finding('token-expires-soon', 'token', details)] : []
	}
}
