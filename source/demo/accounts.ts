// The demo deployment's users and tokens, and its responses about a token (docs/contracts/coder.md#33-kinds-and-lifetimes).
import { type DemoResponse, errorResponse, jsonResponse } from './responses.ts'

const DAY_MS = 86_400_000
const SIGNED_OUT = 'You are signed out or your session has expired. Please sign in again to continue.'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A user, as `startDemo` takes it; every field has a default. */
export type DemoUser = {
	username?: string
	name?: string
	status?: 'active' | 'dormant' | 'suspended'
	/** `owner` may list the providers; a member gets 403 there. */
	roles?: readonly ('owner' | 'member')[]
	tokens?: readonly DemoTokenSpec[]
}

/** A token, as `startDemo` takes it; the text is generated if it isn't given. */
export type DemoTokenSpec = {
	text?: string
	/** Empty for a login; `mux-laptop` or `<ownerID>_<workspaceID>_session_token` for named ones. */
	name?: string
	/** `password`, `github` and `oidc` are logins; `token` is an API token. Default: `token` with a name, else `password`. */
	loginType?: 'password' | 'github' | 'oidc' | 'token'
	/** Default 7 days. A REST call moves the expiry to now + lifetime. */
	lifetimeMs?: number
	/** Default: now + lifetime. In the past for an expired one. */
	expiresAt?: Date
}

type User = Required<Omit<DemoUser, 'tokens'>> & { id: string }

type Token = {
	text: string
	id: string
	user: User
	name: string
	loginType: string
	lifetimeMs: number
	createdAt: number
	expiresAt: number
	lastUsed: number
}

export type Accounts = ReturnType<typeof createAccounts>

/** The users and tokens of one demo deployment, held as plain data in memory. */
export function createAccounts(options: {
	users: readonly DemoUser[]
	seed: number
	maxLifetimeMs: number
	now: () => Date
}) {
	const draw = generator(options.seed)
	const tokens = new Map<string, Token>()
	const now = () => options.now().getTime()

	function add(user: User, spec: DemoTokenSpec): Token {
		const words = spec.text ?? `${letters(draw, 10)}-${letters(draw, 22)}`
		const lifetimeMs = spec.lifetimeMs ?? 7 * DAY_MS
		const token: Token = {
			text: words,
			id: words.slice(0, 10),
			user,
			name: spec.name ?? '',
			loginType: spec.loginType ?? (spec.name ? 'token' : 'password'),
			lifetimeMs,
			createdAt: now(),
			expiresAt: spec.expiresAt?.getTime() ?? now() + lifetimeMs,
			lastUsed: now(),
		}
		tokens.set(token.id, token)
		return token
	}

	const users = options.users.map((provided): User => {
		const username = provided.username ?? 'alice'
		const user: User = {
			id: uuid(draw),
			username,
			name: provided.name ?? `${username.charAt(0).toUpperCase()}${username.slice(1)} Example`,
			status: provided.status ?? 'active',
			roles: provided.roles ?? ['member'],
		}
		for (const spec of provided.tokens ?? [{}]) add(user, spec)
		return user
	})

	/**
	 * Why a token is rejected, as REST says it, or the token itself. A valid one is touched: REST extends the expiry.
	 */
	function authenticate(text: string | undefined, touch: boolean): Token | DemoResponse {
		if (!text) return signedOut('Cookie "coder_session_token" or query parameter must be provided.')
		const fault = malformed(text)
		if (fault) return signedOut(`Invalid API key format: ${fault}`)
		const token = tokens.get(text.slice(0, 10))
		if (!token) return signedOut('API key is invalid.')
		if (token.text !== text) return signedOut('API key secret is invalid.')
		if (token.expiresAt <= now()) {
			return signedOut(`API key expired at "${goTime(token.expiresAt)} +0000 UTC".`)
		}
		if (token.user.status !== 'active') {
			return errorResponse(
				401,
				`User is not active (status = "${token.user.status}"). Contact an admin to reactivate your account.`,
			)
		}
		if (touch) {
			token.lastUsed = now()
			token.expiresAt = Math.max(token.expiresAt, now() + token.lifetimeMs)
		}
		return token
	}

	/**
	 * `POST .../keys/tokens`: the lifetime is in nanoseconds, so a number meant as seconds creates an expired token.
	 */
	function create(user: User, body: string): DemoResponse {
		let asked: { lifetime?: unknown; token_name?: unknown }
		try {
			asked = JSON.parse(body || '{}')
		} catch (cause) {
			return errorResponse(400, 'Request body must be valid JSON.', (cause as Error).message)
		}
		const lifetime = asked.lifetime ?? Math.min(7 * DAY_MS, options.maxLifetimeMs) * 1e6
		if (typeof lifetime !== 'number') return errorResponse(400, 'Request body must be valid JSON.')
		if (lifetime <= 0) {
			return errorResponse(
				400,
				'Failed to validate create API key request.',
				'lifetime must be positive number greater than 0',
			)
		}
		if (lifetime > options.maxLifetimeMs * 1e6) {
			return errorResponse(
				400,
				'Failed to validate create API key request.',
				`lifetime must be less than ${formatGoDuration(options.maxLifetimeMs)}`,
			)
		}
		const name = typeof asked.token_name === 'string' && asked.token_name ? asked.token_name : letters(draw, 8)
		for (const token of tokens.values()) {
			if (token.user === user && token.loginType === 'token' && token.name === name) {
				return errorResponse(409, `A token with name "${name}" already exists.`)
			}
		}
		// Whole seconds only: anything shorter has expired before it can be used.
		const lifetimeMs = Math.floor(lifetime / 1e9) * 1000
		return jsonResponse(201, { key: add(user, { name, loginType: 'token', lifetimeMs }).text })
	}

	return {
		authenticate,
		create,
		/** The user's keys, newest last. */
		keysOf: (user: User) => Array.from(tokens.values()).filter(token => token.user === user),
		/** `DELETE .../keys/{id}`. */
		remove(user: User, id: string): boolean {
			return tokens.get(id)?.user === user && tokens.delete(id)
		},
		/** The first token of the first user. */
		firstToken(): string {
			for (const token of tokens.values()) return token.text
			throw new Error('the demo has no token')
		},
		addToken(spec: DemoTokenSpec): string {
			const user = users[0]
			if (!user) throw new Error('the demo has no user')
			return add(user, spec).text
		},
		all: (): readonly Readonly<Token>[] => Array.from(tokens.values()),
	}
}

/** A key as `GET .../keys/{id}` shows it. */
export function keyJson(token: Readonly<Token>) {
	const at = (time: number) => new Date(time).toISOString()
	return {
		id: token.id,
		user_id: token.user.id,
		last_used: at(token.lastUsed),
		expires_at: at(token.expiresAt),
		created_at: at(token.createdAt),
		updated_at: at(token.lastUsed),
		login_type: token.loginType,
		scope: 'all',
		scopes: ['coder:all'],
		token_name: token.name,
		lifetime_seconds: Math.floor(token.lifetimeMs / 1000),
		allow_list: [{ type: '*', id: '*' }],
	}
}

/** A user as `GET .../users/me` shows it. */
export function userJson(user: User, now: Date) {
	return {
		id: user.id,
		username: user.username,
		name: user.name,
		email: `${user.username}@example.com`,
		avatar_url: '',
		created_at: '2026-01-05T09:00:00Z',
		updated_at: '2026-01-05T09:00:00Z',
		last_seen_at: now.toISOString(),
		status: user.status,
		login_type: 'password',
		roles: user.roles.filter(role => role !== 'member').map(role => ({ name: role, display_name: 'Owner' })),
		organization_ids: ['7d1f2a43-6d2c-4b52-9a3c-0f6a5c6f1e11'],
	}
}

/** Distinguishes a token from an error response. */
export function isToken(found: Token | DemoResponse): found is Token {
	return 'loginType' in found
}

function signedOut(detail: string): DemoResponse {
	return errorResponse(401, SIGNED_OUT, detail)
}

function malformed(text: string): string | null {
	const parts = text.split('-')
	if (parts.length !== 2) return `incorrect amount of API key parts, expected 2 got ${parts.length}`
	const [id = '', secret = ''] = parts
	if (id.length !== 10) return `invalid API key ID length, expected 10, got ${id.length}`
	return secret.length === 22 ? null : `invalid API key secret length, expected 22, got ${secret.length}`
}

function goTime(time: number): string {
	return new Date(time).toISOString().slice(0, 19).replace('T', ' ')
}

/** `168h0m0s` for seven days. */
export function formatGoDuration(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000)
	return `${Math.floor(seconds / 3600)}h${Math.floor(seconds / 60) % 60}m${seconds % 60}s`
}

/** Numbers from 0 to 2^32 - 1, reproducible for a seed: documents can show what the demo shows. */
function generator(seed: number): () => number {
	let state = (seed * 2654435761) >>> 0
	return () => {
		state = (state + 0x6d2b79f5) >>> 0
		let mixed = Math.imul(state ^ (state >>> 15), state | 1)
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
		return (mixed ^ (mixed >>> 14)) >>> 0
	}
}

function letters(draw: () => number, count: number): string {
	return Array.from({ length: count }, () => LETTERS[draw() % LETTERS.length]).join('')
}

function uuid(draw: () => number): string {
	const hex = Array.from({ length: 32 }, () => (draw() % 16).toString(16)).join('')
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}
