import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { afterEach, describe, expect, it } from 'vitest'
import { makeAuthority } from '../coder/certificates.ts'
import { type Demo, type FailureModeName, type FailureRule, failureModes, startDemo } from '../fake-coder/fake-coder.ts'

type Got = { status: number; type: string; body: string; headers: NodeJS.Dict<string | string[]> }

let demo: Demo
afterEach(() => demo?.close())

async function started(options: Parameters<typeof startDemo>[0] = {}): Promise<Demo> {
	demo = await startDemo(options)
	return demo
}

/** Asks over real HTTP; rejects with the socket's error. */
function ask(
	path: string,
	options: { method?: string; headers?: Record<string, string>; body?: unknown; ca?: string; most?: number } = {},
): Promise<Got> {
	const url = new URL(demo.url)
	const request = url.protocol === 'https:' ? secureRequest : plainRequest
	return new Promise((resolve, reject) => {
		const asked = request(
			{
				host: url.hostname.replace(/^\[|\]$/g, ''),
				port: url.port,
				path,
				method: options.method ?? 'GET',
				headers: options.headers ?? {},
				...(options.ca ? { ca: options.ca } : {}),
				maxHeaderSize: 16_384,
			},
			response => {
				let body = ''
				response.setEncoding('utf8')
				response.on('data', chunk => {
					body += chunk
					if (options.most && body.length > options.most) response.destroy()
				})
				response.on('error', reject)
				response.on('close', () => {
					if (!response.complete && !options.most) return reject(new Error('cut'))
					const type = String(response.headers['content-type'] ?? '')
					resolve({ status: response.statusCode ?? 0, type, body, headers: response.headers })
				})
			},
		)
		asked.on('error', reject)
		asked.end(options.body === undefined ? undefined : JSON.stringify(options.body))
	})
}

const session = () => ({ 'Coder-Session-Token': demo.token.reveal() })
const bearer = () => ({ Authorization: `Bearer ${demo.token.reveal()}` })
const JSON_TYPE = /^application\/json/
const TEXT_TYPE = /^text\/plain/
const HTML_TYPE = /^text\/html/

describe('a deployment that is well', () => {
	it('answers buildinfo without a token', async () => {
		await started()
		const got = await ask('/api/v2/buildinfo')
		expect(got.status).toBe(200)
		expect(got.type).toMatch(JSON_TYPE)
		expect(got.headers['x-coder-build-version']).toBe('v2.36.0+4c1b5f0')
		expect(Object.keys(JSON.parse(got.body)).sort()).toEqual(
			[
				...['external_url', 'version', 'dashboard_url', 'telemetry', 'workspace_proxy', 'agent_api_version'],
				...['provisioner_api_version', 'upgrade_message', 'deployment_id'],
			].sort(),
		)
	})

	it('says whose the token is, and what kind', async () => {
		await started({ users: [{ username: 'alice', tokens: [{ name: 'mux-laptop', lifetimeMs: 86_400_000 }] }] })
		const me = await ask('/api/v2/users/me', { headers: session() })
		expect(JSON.parse(me.body)).toMatchObject({ username: 'alice', status: 'active', roles: [] })
		const key = await ask(`/api/v2/users/me/keys/${demo.token.keyId}`, { headers: session() })
		expect(JSON.parse(key.body)).toMatchObject({
			id: demo.token.keyId,
			token_name: 'mux-laptop',
			login_type: 'token',
			lifetime_seconds: 86_400,
		})
	})

	it('lists models on both routes', async () => {
		await started()
		for (const route of ['/api/v2/aibridge', '/api/v2/ai-gateway']) {
			const openai = await ask(`${route}/openai/v1/models`, { headers: bearer() })
			expect(JSON.parse(openai.body)).toMatchObject({ object: 'list', data: [{ id: 'gpt-5.2' }, {}, {}, {}, {}, {}] })
			const headers = { 'X-Api-Key': demo.token.reveal() }
			const anthropic = await ask(`${route}/anthropic/v1/models`, {
				headers: { ...headers, 'anthropic-version': '2023-06-01' },
			})
			expect(JSON.parse(anthropic.body).data[0]).toMatchObject({ type: 'model', id: 'claude-opus-4-6' })
		}
	})

	it.each([
		['v2.27.3', [404, 404]],
		['v2.28.0', [200, 404]],
		['v2.34.1', [200, 404]],
		['v2.35.0', [200, 200]],
		['v2.36.0-devel+abcdef', [200, 200]],
	])('knows the routes of its release: %s', async (version, statuses) => {
		await started({ version })
		const asked = ['/api/v2/aibridge', '/api/v2/ai-gateway'].map(route =>
			ask(`${route}/openai/v1/models`, { headers: bearer() }),
		)
		const got = await Promise.all(asked)
		expect(got.map(one => one.status)).toEqual(statuses)
		for (const one of got.filter(({ status }) => status === 404)) {
			expect(one.body).toBe('{"message":"Route not found."}\n')
		}
	})

	it('answers the probe that no provider has a name for', async () => {
		await started()
		const got = await ask('/api/v2/aibridge/__wizard__/v1/models', { headers: bearer() })
		expect([got.status, got.body]).toEqual([404, 'route not supported: GET /__wizard__/v1/models\n'])
		expect(got.type).toMatch(TEXT_TYPE)
	})

	it.each(['/openai/models', '/openai/v1/v1/models', '/anthropic/models', '/openai'])(
		"doesn't support %s",
		async path => {
			await started()
			const got = await ask(`/api/v2/aibridge${path}`, { headers: { ...bearer(), 'anthropic-version': '2023-06-01' } })
			expect([got.status, got.body]).toEqual([404, `route not supported: GET ${path}\n`])
		},
	)

	it('redirects a doubled slash to a path without /api/v2, which is the dashboard', async () => {
		await started()
		const got = await ask('/api/v2/aibridge//openai/v1/models', { headers: bearer() })
		expect([got.status, got.headers['location']]).toEqual([307, '/aibridge/openai/v1/models'])
		const page = await ask('/aibridge/openai/v1/models')
		expect(page.status).toBe(200)
		expect(page.type).toMatch(HTML_TYPE)
	})

	it('takes a token on the data plane in its own two headers only', async () => {
		await started()
		const path = '/api/v2/aibridge/openai/v1/models'
		const got = await ask(path, { headers: session() })
		expect([got.status, got.body]).toEqual([400, 'no authentication key provided\n'])
		expect((await ask(path, { headers: { 'X-Api-Key': demo.token.reveal() } })).status).toBe(200)
		expect((await ask(path, { headers: bearer() })).status).toBe(200)
		const wrong = await ask(path, { headers: { Authorization: 'Bearer sk-1234' } })
		expect([wrong.status, wrong.body]).toEqual([403, 'unauthorized\n'])
	})

	it.each([
		['/openai/v1/responses', { model: 'gpt-5.2', input: 'Hello' }, { object: 'response', model: 'gpt-5.2' }],
		[
			'/openai/v1/chat/completions',
			{ model: 'gpt-5.2', messages: [] },
			{ object: 'chat.completion', model: 'gpt-5.2' },
		],
		[
			'/anthropic/v1/messages',
			{ model: 'claude-opus-4-6', messages: [] },
			{ type: 'message', model: 'claude-opus-4-6' },
		],
	])('answers a message to %s', async (path, body, expected) => {
		await started()
		const headers = { ...bearer(), 'anthropic-version': '2023-06-01' }
		const got = await ask(`/api/v2/aibridge${path}`, { method: 'POST', headers, body })
		expect(got.status).toBe(200)
		expect(JSON.parse(got.body)).toMatchObject(expected)
	})

	it.each([
		['/openai/v1/responses', 'must be provided'],
		['/openai/v1/chat/completions', "Missing required parameter: 'messages'."],
		['/anthropic/v1/messages', 'max_tokens: Field required'],
	])('rejects an incomplete message to %s as the upstream does', async (path, expected) => {
		await started()
		const headers = { ...bearer(), 'anthropic-version': '2023-06-01' }
		const got = await ask(`/api/v2/aibridge${path}`, { method: 'POST', headers, body: { model: 'm' } })
		expect([got.status, JSON.parse(got.body).error.message]).toEqual([400, expect.stringContaining(expected)])
		const empty = await ask(`/api/v2/aibridge${path}`, { method: 'POST', headers })
		expect([empty.status, empty.body]).toEqual([500, `failed to create "${path}" interceptor\n`])
	})

	it('lists providers to an owner only', async () => {
		await started()
		const member = await ask('/api/v2/ai/providers', { headers: session() })
		expect([member.status, member.body]).toEqual([403, '{"message":"Forbidden."}\n'])
		await demo.close()
		await started({
			users: [{ roles: ['owner'] }],
			providers: [
				{ name: 'azure', protocol: 'openai', models: [] },
				{ name: 'eu-claude', protocol: 'anthropic', models: [], enabled: false },
			],
		})
		const owner = await ask('/api/v2/ai/providers', { headers: session() })
		expect(JSON.parse(owner.body)).toMatchObject([
			{ name: 'azure', enabled: true },
			{ name: 'eu-claude', type: 'anthropic', enabled: false },
		])
		const disabled = await ask('/api/v2/aibridge/eu-claude/v1/models', { headers: bearer() })
		expect([disabled.status, disabled.body]).toEqual([503, 'provider_disabled: AI provider "eu-claude" is disabled\n'])
	})

	it('reports what it is entitled to', async () => {
		await started()
		const features = async () =>
			JSON.parse((await ask('/api/v2/entitlements', { headers: session() })).body).features.aibridge
		expect(await features()).toEqual({ entitlement: 'entitled', enabled: true })
		demo.setFailure('no-license')
		expect(await features()).toEqual({ entitlement: 'not_entitled', enabled: false })
	})

	it('shows a token to paste', async () => {
		await started()
		const got = await ask('/cli-auth')
		expect(got.type).toMatch(HTML_TYPE)
		expect(got.body).toContain(demo.token.reveal())
	})

	it('creates the same tokens for the same seed, and others for another', async () => {
		const [first, again, other] = await Promise.all([startDemo(), startDemo(), startDemo({ seed: 2 })])
		demo = first
		expect(first.token.equals(again.token)).toBe(true)
		expect(first.token.equals(other.token)).toBe(false)
		await again.close()
		await other.close()
	})

	it('speaks HTTPS with a given certificate', async () => {
		const authority = await makeAuthority()
		await started({ tls: await authority.issue() })
		const ca = authority.cert
		expect(demo.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
		expect((await ask('/api/v2/buildinfo', { ca })).status).toBe(200)
		await expect(ask('/api/v2/buildinfo')).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
		demo.setFailure('reset')
		await expect(ask('/api/v2/buildinfo', { ca })).rejects.toThrow()
	})

	it('records what arrived, and counts connections', async () => {
		await started()
		await ask('/api/v2/users/me?x=1', { headers: session() })
		await ask('/api/v2/aibridge/openai/v1/responses', { method: 'POST', body: { a: 1 } })
		expect(demo.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
			['GET', '/api/v2/users/me?x=1', ''],
			['POST', '/api/v2/aibridge/openai/v1/responses', '{"a":1}'],
		])
		expect(demo.requests[0]?.headers['coder-session-token']).toBe(demo.token.reveal())
		expect(demo.connections()).toBe(demo.requests[1]?.connection)
	})

	it('holds every answer back for as long as it is told', async () => {
		await started({ delayMs: request => (request.path.endsWith('buildinfo') ? 50 : 0) })
		const before = performance.now()
		await ask('/api/v2/buildinfo')
		expect(performance.now() - before).toBeGreaterThanOrEqual(49)
	})
})

describe('tokens', () => {
	const TOKENS = '/api/v2/users/me/keys/tokens'
	const create = (body: unknown) => ask(TOKENS, { method: 'POST', headers: session(), body })
	const WEEK_NS = 7 * 86_400e9

	it('creates one of so many nanoseconds', async () => {
		await started()
		const got = await create({ lifetime: WEEK_NS, token_name: 'mux-laptop' })
		expect(got.status).toBe(201)
		const { key } = JSON.parse(got.body)
		expect(key).toMatch(/^[A-Za-z0-9]{10}-[A-Za-z0-9]{22}$/)
		const headers = { 'Coder-Session-Token': key }
		expect((await ask('/api/v2/users/me', { headers })).status).toBe(200)
		const record = JSON.parse((await ask(`/api/v2/users/me/keys/${key.slice(0, 10)}`, { headers })).body)
		expect(record).toMatchObject({ token_name: 'mux-laptop', lifetime_seconds: 604_800, login_type: 'token' })
	})

	it('takes seconds for nanoseconds, with 201, and the token is expired at once', async () => {
		await started()
		const got = await create({ lifetime: 604_800, token_name: 'mux-laptop' })
		expect(got.status).toBe(201)
		const headers = { 'Coder-Session-Token': JSON.parse(got.body).key }
		const me = await ask('/api/v2/users/me', { headers })
		expect(me.status).toBe(401)
		expect(JSON.parse(me.body).detail).toMatch(/^API key expired at "\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC"\.$/)
	})

	it('creates none over the maximum', async () => {
		await started({ maxLifetimeDays: 7 })
		const config = await ask(`${TOKENS}/tokenconfig`, { headers: session() })
		expect(config.body).toBe('{"max_token_lifetime":604800000000000}\n')
		const got = await create({ lifetime: WEEK_NS + 1, token_name: 'x' })
		expect([got.status, JSON.parse(got.body)]).toEqual([
			400,
			{ message: 'Failed to validate create API key request.', detail: 'lifetime must be less than 168h0m0s' },
		])
	})

	it('creates none of a name that is taken', async () => {
		await started()
		await create({ lifetime: WEEK_NS, token_name: 'mux-laptop' })
		const got = await create({ lifetime: WEEK_NS, token_name: 'mux-laptop' })
		expect([got.status, JSON.parse(got.body)]).toEqual([
			409,
			{ message: 'A token with name "mux-laptop" already exists.' },
		])
	})

	it('lists and deletes', async () => {
		await started()
		const { key } = JSON.parse((await create({ lifetime: WEEK_NS, token_name: 'mux-laptop' })).body)
		const list = JSON.parse((await ask(TOKENS, { headers: session() })).body)
		expect(list.map((one: { token_name: string }) => one.token_name)).toEqual(['demo', 'mux-laptop'])
		const path = `/api/v2/users/me/keys/${key.slice(0, 10)}`
		const gone = await ask(path, { method: 'DELETE', headers: session() })
		expect([gone.status, gone.body]).toEqual([204, ''])
		expect((await ask(path, { method: 'DELETE', headers: session() })).status).toBe(404)
		const me = await ask('/api/v2/users/me', { headers: { 'Coder-Session-Token': key } })
		expect(JSON.parse(me.body).detail).toBe('API key is invalid.')
	})

	it('is extended by REST and not by the data plane', async () => {
		let now = new Date('2026-03-01T00:00:00Z')
		await started({ now: () => now, users: [{ tokens: [{ lifetimeMs: 7 * 86_400_000 }] }] })
		const expiry = () => demo.tokens()[0]?.expiresAt.toISOString()
		expect(expiry()).toBe('2026-03-08T00:00:00.000Z')
		now = new Date('2026-03-05T00:00:00Z')
		expect((await ask('/api/v2/aibridge/openai/v1/models', { headers: bearer() })).status).toBe(200)
		expect(expiry()).toBe('2026-03-08T00:00:00.000Z')
		await ask('/api/v2/users/me', { headers: session() })
		expect(expiry()).toBe('2026-03-12T00:00:00.000Z')
		now = new Date('2026-03-13T00:00:00Z')
		expect((await ask('/api/v2/aibridge/openai/v1/models', { headers: bearer() })).body).toBe('unauthorized\n')
		expect(JSON.parse((await ask('/api/v2/users/me', { headers: session() })).body).detail).toBe(
			'API key expired at "2026-03-12 00:00:00 +0000 UTC".',
		)
	})

	it.each([
		['', 'Cookie "coder_session_token" or query parameter must be provided.'],
		['sk-proj-1234', 'Invalid API key format: incorrect amount of API key parts, expected 2 got 3'],
		['abcdefghij-short', 'Invalid API key format: invalid API key secret length, expected 22, got 5'],
		['abcdefghij-abcdefghijklmnopqrstuv', 'API key is invalid.'],
		['<wrong secret>', 'API key secret is invalid.'],
	])('rejects %j with its cause', async (provided, detail) => {
		await started()
		const token = provided === '<wrong secret>' ? `${demo.token.keyId}-abcdefghijklmnopqrstuv` : provided
		const got = await ask('/api/v2/users/me', { headers: token ? { 'Coder-Session-Token': token } : {} })
		expect([got.status, JSON.parse(got.body)]).toEqual([
			401,
			{ message: 'You are signed out or your session has expired. Please sign in again to continue.', detail },
		])
		expect(got.type).toMatch(JSON_TYPE)
	})

	it.each(['suspended', 'dormant'] as const)('rejects a %s user', async status => {
		await started({ users: [{ status }] })
		const got = await ask('/api/v2/users/me', { headers: session() })
		expect([got.status, JSON.parse(got.body).message]).toEqual([
			401,
			`User is not active (status = "${status}"). Contact an admin to reactivate your account.`,
		])
	})
})

const SIGNED_OUT = 'You are signed out or your session has expired. Please sign in again to continue.'
const nginx = (title: string) => new RegExp(`<h1>${title}</h1>`)

/** What docs/contracts/coder.md says of each mode, written down a second time: status, type, body, and whether Coder's header is there. */
type Row = { status: number; type: RegExp; body: string | RegExp | object; coder: boolean; headers?: object }

const everywhere: Partial<Record<FailureModeName, Row>> = {
	'not-coder': { status: 200, type: JSON_TYPE, body: { status: 'ok' }, coder: false },
	'not-coder-404': { status: 404, type: HTML_TYPE, body: nginx('404 Not Found'), coder: false },
	'html-page': { status: 200, type: HTML_TYPE, body: /<!doctype html>/, coder: false },
	'redirect-other-host': {
		status: 302,
		type: HTML_TYPE,
		body: /Moved/,
		coder: false,
		headers: { location: expect.stringMatching(/^https:\/\/sso\.example\.com\/login\?rd=http%3A/) },
	},
	'redirect-same-host': {
		status: 307,
		type: HTML_TYPE,
		body: /Moved/,
		coder: true,
		headers: { location: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\/api\/v2\//) },
	},
	'proxy-401': { status: 401, type: HTML_TYPE, body: nginx('401 Authorization Required'), coder: false },
	'proxy-403': { status: 403, type: HTML_TYPE, body: nginx('403 Forbidden'), coder: false },
	'down-502': { status: 502, type: HTML_TYPE, body: nginx('502 Bad Gateway'), coder: false },
	'down-503': { status: 503, type: HTML_TYPE, body: nginx('503 Service Temporarily Unavailable'), coder: false },
	'down-504': { status: 504, type: HTML_TYPE, body: nginx('504 Gateway Time-out'), coder: false },
	'gateway-no-key': { status: 400, type: TEXT_TYPE, body: 'no authentication key provided\n', coder: false },
	'gateway-no-route': {
		status: 404,
		type: TEXT_TYPE,
		body: /^route not supported: GET \/api\/v2\/.+\n$/,
		coder: false,
	},
	'escape-sequences': { status: 418, type: JSON_TYPE, body: /\\u001b\[2J/, coder: false },
	'wrong-content-type': { status: 200, type: JSON_TYPE, body: '<html>oops</html>', coder: false },
}

const ofBuildInfo: Partial<Record<FailureModeName, Row>> = {
	'route-not-found': { status: 404, type: JSON_TYPE, body: { message: 'Route not found.' }, coder: true },
	'workspace-proxy': { status: 200, type: JSON_TYPE, body: /"workspace_proxy":true,.*/, coder: true },
	'buildinfo-broken': { status: 200, type: JSON_TYPE, body: '{"external_url": "https://coder.exam', coder: false },
	'buildinfo-no-version': {
		status: 200,
		type: JSON_TYPE,
		body: { external_url: 'https://github.com/coder/coder' },
		coder: true,
	},
	'too-old': { status: 200, type: JSON_TYPE, body: /"version":"v2\.27\.4\+a1b2c3d"/, coder: true },
	'open-source': { status: 200, type: JSON_TYPE, body: /"version":"v2\.36\.0\+4c1b5f0"/, coder: true },
}

const signedOut = (detail: string): Row => ({
	status: 401,
	type: JSON_TYPE,
	body: { message: SIGNED_OUT, detail },
	coder: true,
})
const rest = (status: number, body: object): Row => ({ status, type: JSON_TYPE, body, coder: true })

const ofUsers: Partial<Record<FailureModeName, Row>> = {
	'token-missing': signedOut('Cookie "coder_session_token" or query parameter must be provided.'),
	'token-malformed': signedOut('Invalid API key format: invalid API key secret length, expected 22, got 17'),
	'token-unknown': signedOut('API key is invalid.'),
	'token-wrong-secret': signedOut('API key secret is invalid.'),
	'token-expired': signedOut('API key expired at "2026-01-02 03:04:05 +0000 UTC".'),
	'user-suspended': rest(401, {
		message: 'User is not active (status = "suspended"). Contact an admin to reactivate your account.',
	}),
	'user-dormant': rest(401, {
		message: 'User is not active (status = "dormant"). Contact an admin to reactivate your account.',
	}),
	'login-again': signedOut('You must re-authenticate with the login provider.'),
	'oidc-expired': signedOut('OpenID Connect session expired at "2026-01-02 03:04:05 +0000 UTC".'),
	'oidc-refresh': rest(401, {
		message: 'Could not refresh expired OpenID Connect token.',
		detail: 'oauth2: "invalid_grant"',
	}),
	'token-audience': rest(403, { message: 'Token audience validation failed' }),
	'token-scoped': rest(404, { message: 'Resource not found or you do not have access to this resource' }),
	'server-error': rest(500, {
		message: 'An internal error occurred. Please try again or contact the system administrator.',
	}),
}
const goodOnDataPlane: FailureModeName[] = [
	'oidc-expired',
	'oidc-refresh',
	'token-audience',
	'token-scoped',
	'server-error',
]

const line = (status: number, text: string): Row => ({ status, type: TEXT_TYPE, body: `${text}\n`, coder: true })
const keyPool = (status: number, code: string, message: string): Row =>
	upstream(status, { error: { code, message, param: '', type: 'api_error' } })
const outer = (status: number, message: string): Row => rest(status, { message })
const upstream = (status: number, body: object): Row => ({ status, type: /^application\/json$/, body, coder: true })

/** For `GET PREFIX/openai/v1/models`. */
const ofDataPlane: Partial<Record<FailureModeName, Row>> = {
	'no-license': outer(403, 'AI Gateway is a Premium feature. Contact sales!'),
	'no-license-older': outer(403, 'AI Bridge is a Premium feature. Contact sales!'),
	'at-capacity': outer(503, 'AI Gateway is currently at capacity. Please try again later.'),
	'rate-limited': {
		...outer(429, "You've been rate limited. Please try again later."),
		headers: { 'retry-after': '1' },
	},
	'own-key': outer(403, 'Bring Your Own Key (BYOK) mode is not enabled.'),
	'daemon-off': outer(404, 'aibridged handler not mounted'),
	'bridge-path-unknown': outer(404, 'Route not found.'),
	'no-key': line(400, 'no authentication key provided'),
	'no-key-older': line(400, 'no auth key provided'),
	'cut-off': line(503, 'could not connect to coderd'),
	unauthorized: line(403, 'unauthorized'),
	'budget-spent': line(403, 'AI budget of US$12.34 exceeded. Please contact an administrator for more details.'),
	'handler-pool': line(500, 'failed to acquire request handler'),
	'provider-disabled': line(503, 'provider_disabled: AI provider "openai" is disabled'),
	'switched-off': outer(403, 'AI Gateway is a Premium feature. Contact sales!'),
	'provider-unknown': line(404, 'route not supported: GET /openai/v1/models'),
	'key-missing': line(500, 'failed to create "/openai/v1/models" interceptor'),
	'keys-dead': keyPool(502, 'server_error', 'all configured keys failed authentication'),
	'key-pool-empty': keyPool(502, 'server_error', 'key pool unavailable'),
	'base-url-invalid': keyPool(502, 'server_error', 'invalid provider base URL'),
	'keys-limited': {
		...keyPool(429, 'rate_limit_exceeded', 'all configured keys are rate-limited (retry after 6.99s)'),
		headers: { 'retry-after': '7' },
	},
	'upstream-web-page': { status: 200, type: HTML_TYPE, body: /Welcome/, coder: true },
	'upstream-wrong-type': line(
		500,
		"expected destination type of 'string' or '[]byte' for responses with content-type 'text/html'",
	),
	'upstream-no-credit': upstream(400, {
		error: {
			message: expect.stringContaining('credit balance'),
			type: 'invalid_request_error',
			param: null,
			code: 'invalid_request_error',
		},
	}),
	'upstream-model': upstream(404, {
		error: {
			message: expect.stringContaining('does not exist'),
			type: 'model_not_found',
			param: null,
			code: 'model_not_found',
		},
	}),
	'upstream-own-message': rest(403, { message: 'unauthorized' }),
	'upstream-unreachable': line(502, 'upstream proxy error'),
	'upstream-401': upstream(401, {
		error: {
			message: 'Incorrect API key provided: sk-admin*****3f2a.',
			type: 'invalid_api_key',
			param: null,
			code: 'invalid_api_key',
		},
	}),
	'upstream-no-models': upstream(404, {
		error: { message: 'Resource not found', type: '404', param: null, code: '404' },
	}),
	'upstream-429': upstream(429, {
		error: {
			message: 'Rate limit reached for requests',
			type: 'rate_limit_error',
			param: null,
			code: 'rate_limit_error',
		},
	}),
	'upstream-500': upstream(500, {
		error: { message: 'Internal server error', type: 'api_error', param: null, code: 'api_error' },
	}),
	'upstream-529': upstream(529, {
		error: { message: 'Overloaded', type: 'overloaded_error', param: null, code: 'overloaded_error' },
	}),
	'bridge-html': { status: 200, type: HTML_TYPE, body: /<!doctype html>/, coder: true },
}
const LINE_TROUBLE: FailureModeName[] = [
	...([
		'reset',
		'no-response',
		'not-http',
		'cut-body',
		'slow-drip',
		'endless-body',
		'huge-body',
		'many-headers',
	] as const),
]

const MODELS = '/api/v2/aibridge/openai/v1/models'
const upstreamModes = Object.keys(ofDataPlane).filter(
	mode => (failureModes[mode as FailureModeName].at as number) >= 11,
)

function expectRow(got: Got, row: Row): void {
	expect(got.status).toBe(row.status)
	expect(got.type).toMatch(row.type)
	if (typeof row.body === 'string') expect(got.body).toBe(row.body)
	else if (row.body instanceof RegExp) expect(got.body).toMatch(row.body)
	else expect(JSON.parse(got.body)).toEqual(row.body)
	expect('x-coder-build-version' in got.headers).toBe(row.coder)
	if (row.headers) expect(got.headers).toMatchObject(row.headers)
}

describe('each way to fail', () => {
	it('has a test', () => {
		const tested = [everywhere, ofBuildInfo, ofUsers, ofDataPlane].flatMap(table => Object.keys(table))
		expect([...tested, ...LINE_TROUBLE].sort()).toEqual(Object.keys(failureModes).sort())
	})

	it.each(Object.entries(everywhere))('%s, wherever one asks', async (mode, row) => {
		await started({ failures: [mode as FailureModeName] })
		expectRow(await ask('/api/v2/buildinfo'), row)
		expectRow(await ask('/api/v2/users/me', { headers: session() }), row)
		expectRow(await ask(MODELS, { headers: bearer() }), row)
	})

	it.each(Object.entries(ofBuildInfo))('%s, of buildinfo', async (mode, row) => {
		await started({ failures: [mode as FailureModeName] })
		expectRow(await ask('/api/v2/buildinfo'), row)
		expect((await ask('/api/v2/users/me', { headers: session() })).status).toBe(200)
	})

	it.each(['too-old', 'open-source'] as const)('%s: neither route is known', async mode => {
		await started({ failures: [mode] })
		for (const route of ['aibridge', 'ai-gateway']) {
			const got = await ask(`/api/v2/${route}/__wizard__/v1/models`, { headers: bearer() })
			expect([got.status, got.body]).toEqual([404, '{"message":"Route not found."}\n'])
			if (mode === 'too-old') expect(got.headers['x-coder-build-version']).toBe('v2.27.4+a1b2c3d')
		}
	})

	it.each(Object.entries(ofUsers))('%s, of users/me, and what the data plane creates of it', async (mode, row) => {
		await started({ failures: [mode as FailureModeName] })
		expectRow(await ask('/api/v2/users/me', { headers: session() }), row)
		const got = await ask(MODELS, { headers: bearer() })
		if (goodOnDataPlane.includes(mode as FailureModeName)) expect(got.status).toBe(200)
		else expectRow(got, line(403, 'unauthorized'))
		expect((await ask('/api/v2/buildinfo')).status).toBe(200)
	})

	it.each(Object.entries(ofDataPlane))('%s, of the data plane', async (mode, row) => {
		await started({ failures: [mode as FailureModeName] })
		expectRow(await ask(MODELS, { headers: bearer() }), row)
		expect((await ask('/api/v2/users/me', { headers: session() })).status).toBe(200)
	})

	it.each(Object.entries(ofDataPlane).filter(([mode]) => !upstreamModes.includes(mode)))(
		'%s is seen by the probe too',
		async (mode, row) => {
			await started({ failures: [mode as FailureModeName] })
			expectRow(await ask('/api/v2/ai-gateway/__wizard__/v1/models', { headers: bearer() }), row)
		},
	)

	it.each(upstreamModes)('%s concerns a provider, not the probe', async mode => {
		await started({ failures: [{ mode: mode as FailureModeName, provider: 'openai' }] })
		const probe = await ask('/api/v2/aibridge/__wizard__/v1/models', { headers: bearer() })
		expect(probe.body).toBe('route not supported: GET /__wizard__/v1/models\n')
		const other = await ask('/api/v2/aibridge/anthropic/v1/models', {
			headers: { ...bearer(), 'anthropic-version': '2023-06-01' },
		})
		expect(other.status).toBe(200)
		expect((await ask(MODELS, { headers: bearer() })).body).not.toContain('gpt-5.2')
	})

	it('speaks of Anthropic’s errors in Anthropic’s form', async () => {
		await started({ failures: ['upstream-401'] })
		const headers = { ...bearer(), 'anthropic-version': '2023-06-01' }
		expect(JSON.parse((await ask('/api/v2/aibridge/anthropic/v1/models', { headers })).body)).toMatchObject({
			type: 'error',
			error: { type: 'authentication_error', message: 'invalid x-api-key' },
		})
	})

	it('checks in the order of the contract', async () => {
		const order: FailureRule[] = [
			...(['no-license', 'at-capacity', 'rate-limited', 'own-key', 'daemon-off', 'no-key', 'cut-off'] as const),
			...(['token-unknown', 'budget-spent', 'handler-pool', 'provider-disabled', 'provider-unknown'] as const),
			...(['upstream-unreachable', 'upstream-500'] as const),
		]
		await started()
		const bodies: string[] = []
		for (let first = 0; first < order.length; first++) {
			demo.setFailure(...order.slice(first).reverse())
			bodies.push((await ask(MODELS, { headers: bearer() })).body)
		}
		expect(new Set(bodies).size).toBe(order.length)
		// The licence comes before the token: a 403 alone says nothing about the token.
		demo.setFailure('no-license')
		expect((await ask(MODELS)).body).toBe('{"message":"AI Gateway is a Premium feature. Contact sales!"}\n')
		demo.setFailure('cut-off')
		expect((await ask(MODELS)).body).toBe('no authentication key provided\n')
	})

	it('fails as often as it is reported, with the pause it is reported', async () => {
		await started({ failures: [{ mode: 'rate-limited', times: 2, retryAfter: 7 }] })
		const got = [await ask(MODELS, { headers: bearer() }), await ask(MODELS, { headers: bearer() })]
		expect(got.map(one => [one.status, one.headers['retry-after']])).toEqual([
			[429, '7'],
			[429, '7'],
		])
		expect((await ask(MODELS, { headers: bearer() })).status).toBe(200)
		demo.setFailure({ mode: 'down-503', path: '/users/me' })
		expect((await ask('/api/v2/buildinfo')).status).toBe(200)
		expect((await ask('/api/v2/users/me')).status).toBe(503)
		demo.setFailure()
		expect((await ask('/api/v2/users/me')).status).toBe(401)
	})
})

describe('a bad line', () => {
	it('resets', async () => {
		await started({ failures: ['reset'] })
		await expect(ask('/api/v2/buildinfo')).rejects.toMatchObject({ code: 'ECONNRESET' })
	})

	it('speaks no HTTP', async () => {
		await started({ failures: ['not-http'] })
		await expect(ask('/api/v2/buildinfo')).rejects.toMatchObject({ code: expect.stringMatching(/^HPE_/) })
	})

	it('closes in the middle of a body', async () => {
		await started({ failures: ['cut-body'] })
		await expect(ask('/api/v2/buildinfo')).rejects.toThrow()
	})

	it('never answers', async () => {
		await started({ failures: [{ mode: 'no-response', path: '/silent' }] })
		let settled = false
		const asked = ask('/silent').finally(() => {
			settled = true
		})
		asked.catch(() => {})
		while (!demo.requests.some(one => one.path === '/silent')) await ask('/api/v2/buildinfo')
		for (let more = 0; more < 20; more++) await ask('/api/v2/buildinfo')
		expect(settled).toBe(false)
		await demo.close()
		await expect(asked).rejects.toMatchObject({ code: 'ECONNRESET' })
	})

	it('drips without an end', async () => {
		await started({ failures: ['slow-drip'] })
		const got = await ask('/api/v2/buildinfo', { most: 2 })
		expect([got.status, got.body.trim(), got.body.length]).toEqual([200, '', 3])
	})

	it('pours without an end', async () => {
		await started({ failures: ['endless-body'] })
		const got = await ask('/api/v2/buildinfo', { most: 30_000_000 })
		expect(got.body.length).toBeGreaterThan(30_000_000)
	})

	it('sends 10 MB', async () => {
		await started({ failures: ['huge-body'] })
		expect((await ask('/api/v2/buildinfo')).body.length).toBeGreaterThan(10_000_000)
	})

	it('sends more headers than a client takes', async () => {
		await started({ failures: ['many-headers'] })
		await expect(ask('/api/v2/buildinfo')).rejects.toMatchObject({ code: 'HPE_HEADER_OVERFLOW' })
	})
})
