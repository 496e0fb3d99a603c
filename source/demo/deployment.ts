// A small Coder deployment on loopback that responds as docs/contracts/coder.md describes: for `--demo`, so that
// everything can be tried without a deployment, and for the tests, which can make it fail in every documented way.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type Protocol, protocols } from '../providers.ts'
import { Secret } from '../secrets/secret.ts'
import {
	createAccounts,
	type DemoTokenSpec,
	type DemoUser,
	formatGoDuration,
	isToken,
	keyJson,
	userJson,
} from './accounts.ts'
import {
	type DemoReaction,
	type DemoResponse,
	errorResponse,
	htmlResponse,
	jsonResponse,
	redirect,
	textResponse,
	upstreamError,
	withoutRoute,
} from './responses.ts'

export type { DemoTokenSpec, DemoUser } from './accounts.ts'

const DAY_MS = 86_400_000
const ROUTES = ['/api/v2/aibridge', '/api/v2/ai-gateway'] as const

/** A provider instance of the deployment. */
export type DemoProvider = {
	name: string
	protocol: Protocol
	models: readonly string[]
	enabled?: boolean
}

/** Where a request is in the deployment's checks: before all of them, at one of REST's, or at a row of the data plane. */
export type CheckPlace = 'line' | 'buildinfo' | 'token' | number

/** What an answer may depend on. */
export type DemoRequestContext = {
	/** Path with its query, as requested. */
	readonly path: string
	readonly method: string
	/** `http://127.0.0.1:PORT` of this server. */
	readonly origin: string
	/** The requested provider instance; empty outside the data plane. */
	readonly instance: string
	readonly protocol: Protocol
	/** The healthy response to `buildinfo`. */
	readonly buildInfo: Readonly<Record<string, unknown>>
}

/** Answers in place of the deployment: how a test server adds failures to it. */
export type Interceptor = {
	/** Undefined leaves the request to the deployment. `isTokenGood`: only REST rejects the token. */
	answer(
		place: CheckPlace,
		context: DemoRequestContext,
	): { readonly reply: () => DemoReaction; readonly isTokenGood?: boolean } | undefined
	/** What the server is, if it isn't the demo's own release. */
	build(): { readonly version?: string | undefined; readonly routes?: readonly (typeof ROUTES)[number][] | undefined }
	/** What the license allows. */
	license(): 'entitled' | 'not_entitled' | 'switched-off'
	/** Breaks the connection or the body. */
	breakLine(trouble: string, response: ServerResponse, timers: Set<NodeJS.Timeout>): void
}

export type DemoOptions = {
	/** 0, the default, takes a free port. */
	port?: number
	/** The host in `url`; the server listens on 127.0.0.1 (or ::1) in any case. Default `127.0.0.1`. */
	hostname?: string
	/** The address that users open, if a proxy is in front of this server. */
	accessUrl?: string
	/** Key and certificate in PEM: the deployment then speaks HTTPS. */
	tls?: { key: string; cert: string }
	/** Default `v2.36.0+4c1b5f0`. From v2.35 it serves `ai-gateway`, from v2.28 `aibridge`. */
	version?: string
	/** The data-plane routes, instead of those of the version. */
	routes?: readonly (typeof ROUTES)[number][]
	/** Default: `openai` and `anthropic`. */
	providers?: readonly DemoProvider[]
	/** Default: `alice`, a member, with one API token named `demo` of 30 days. */
	users?: readonly DemoUser[]
	/** Text of the first user's first token, instead of a generated one. */
	token?: string
	/** Generated tokens differ between seeds and are the same for one seed. Default 1. */
	seed?: number
	/** The longest lifetime that a token may request, in days. Default 90. */
	maxLifetimeDays?: number
	/** Answers in place of the deployment. */
	interceptor?: Interceptor
	/** Delays every response by this many milliseconds, or as long as the function says. */
	delayMs?: number | ((request: DemoRequest) => number)
	/** The deployment's own clock, for expiry. */
	now?: () => Date
}

/** A request as it was received. */
export type DemoRequest = {
	readonly method: string
	/** With its query. */
	readonly path: string
	readonly headers: Readonly<Record<string, string | string[] | undefined>>
	readonly body: string
	/** Number of its connection, from 1. */
	readonly connection: number
}

export type Demo = {
	/** The origin: `http://127.0.0.1:PORT`. */
	readonly url: string
	readonly port: number
	/** A valid token of the first user. */
	readonly token: Secret
	/** Every request so far, in the order of arrival. */
	readonly requests: readonly DemoRequest[]
	/** How many connections were opened so far. */
	connections(): number
	/** Replaces the delay. */
	setDelay(delayMs: DemoOptions['delayMs']): void
	/** Adds a token of the first user and returns it. */
	addToken(spec?: DemoTokenSpec): Secret
	/** Key ids of all tokens that exist, with their names. */
	tokens(): { keyId: string; name: string; expiresAt: Date }[]
	/** Stops the server and closes every connection. */
	close(): Promise<void>
}

const defaultProviders: readonly DemoProvider[] = [
	{
		name: 'openai',
		protocol: 'openai',
		models: ['gpt-5.2', 'gpt-5.2-codex', 'gpt-5.2-pro', 'gpt-5.1-codex-mini', 'gpt-5-mini', 'gpt-4.1'],
	},
	{
		name: 'anthropic',
		protocol: 'anthropic',
		models: ['claude-opus-4-6', 'claude-sonnet-4-6', 'claude-haiku-4-5'],
	},
]

/** Starts a demo deployment on loopback. */
export async function startDemo(options: DemoOptions = {}): Promise<Demo> {
	const version = options.version ?? 'v2.36.0+4c1b5f0'
	const providers = options.providers ?? defaultProviders
	const maxLifetimeMs = (options.maxLifetimeDays ?? 90) * DAY_MS
	const now = options.now ?? (() => new Date())
	const users = options.users ?? [{ tokens: [{ name: 'demo', lifetimeMs: 30 * DAY_MS }] }]
	const accounts = createAccounts({
		users: withToken(users, options.token),
		seed: options.seed ?? 1,
		maxLifetimeMs,
		now,
	})
	const requests: DemoRequest[] = []
	const sockets = new Set<Socket>()
	const timers = new Set<NodeJS.Timeout>()
	let opened = 0
	let origin = ''
	let delay = options.delayMs ?? 0
	const { interceptor } = options

	const intercept = (place: CheckPlace, context: DemoRequestContext) => interceptor?.answer(place, context)

	function answer(request: DemoRequest): DemoReaction {
		const path = request.path.replace(/\?.*$/, '')
		const build = interceptor?.build()
		const runs = build?.version ?? version
		const context: DemoRequestContext = {
			path: request.path,
			method: request.method,
			origin,
			instance: '',
			protocol: 'openai',
			buildInfo: buildInfo(runs, origin),
		}
		const broken = intercept('line', context)?.reply()
		if (broken) return broken
		// The server cleans a doubled slash inside its mounted routes, and loses the prefix they were mounted at.
		if (path.includes('//')) return redirect(307, path.replace(/\/{2,}/g, '/').replace(/^\/api\/v2/, '') || '/')
		if (path === '/api/v2/buildinfo') {
			return intercept('buildinfo', context)?.reply() ?? jsonResponse(200, context.buildInfo)
		}
		const route = (build?.routes ?? options.routes ?? routesOf(runs)).find(
			one => path === one || path.startsWith(`${one}/`),
		)
		if (route) return dataPlane(request, path.slice(route.length), context)
		if (path.startsWith('/api/v2/')) return rest(request, path.slice('/api/v2'.length), context)
		if (path === '/healthz') return textResponse(200, 'OK')
		if (path === '/cli-auth') {
			return htmlResponse('CLI authentication', `<p>Your session token:</p><code>${accounts.firstToken()}</code>`)
		}
		return htmlResponse('Coder')
	}

	function rest(request: DemoRequest, path: string, context: DemoRequestContext): DemoReaction {
		const keys = /^\/users\/me\/keys\/([^/]+)$/.exec(path)?.[1]
		const known = `${request.method} ${keys && keys !== 'tokens' ? '/users/me/keys/{id}' : path}`
		if (!restRoutes.has(known)) return errorResponse(404, 'Route not found.')
		// Needs no token.
		if (known === 'GET /entitlements') return jsonResponse(200, entitlements(interceptor?.license() ?? 'entitled'))
		const failed = intercept('token', context)?.reply()
		if (failed) return failed
		const found = accounts.authenticate(headerOf(request, 'coder-session-token'), true)
		if (!isToken(found)) return found
		const unknown = () => errorResponse(404, 'Resource not found or you do not have access to this resource')
		switch (known) {
			case 'GET /users/me':
				return jsonResponse(200, userJson(found.user, now()))
			case 'GET /users/me/keys/{id}': {
				const key = accounts.keysOf(found.user).find(one => one.id === keys)
				return key ? jsonResponse(200, keyJson(key)) : unknown()
			}
			case 'DELETE /users/me/keys/{id}':
				return accounts.remove(found.user, keys ?? '') ? { ...textResponse(204, ''), headers: {}, body: '' } : unknown()
			case 'GET /users/me/keys/tokens/tokenconfig':
				return jsonResponse(200, { max_token_lifetime: maxLifetimeMs * 1e6 })
			case 'GET /users/me/keys/tokens':
				return jsonResponse(
					200,
					accounts
						.keysOf(found.user)
						.filter(key => key.loginType === 'token')
						.map(key => ({ ...keyJson(key), username: found.user.username })),
				)
			case 'POST /users/me/keys/tokens':
				return accounts.create(found.user, request.body)
			case 'GET /ai/providers':
				if (!found.user.roles.includes('owner')) return errorResponse(403, 'Forbidden.')
				return jsonResponse(
					200,
					providers.map(({ name, protocol, enabled }) => ({
						name,
						type: defaultProviders.some(one => one.name === name) ? name : protocol,
						display_name: name,
						enabled: enabled ?? true,
					})),
				)
			default:
				return spend(now())
		}
	}

	/** The data plane, in the order of its checks (docs/contracts/coder.md#42-checks-in-their-order). */
	function dataPlane(request: DemoRequest, path: string, outer: DemoRequestContext): DemoReaction {
		const [, instance = '', rest = ''] = /^\/([^/]*)(\/.*)?$/.exec(path) ?? []
		const provider = providers.find(one => one.name === instance)
		const context = { ...outer, instance, protocol: provider?.protocol ?? 'openai' }
		const at = (row: number) => intercept(row, context)?.reply()
		const early = at(1) ?? at(2) ?? at(3) ?? at(4) ?? at(5) ?? at(6)
		if (early) return early
		const token =
			/^Bearer\s+(.+)$/i.exec(headerOf(request, 'authorization') ?? '')?.[1] ?? headerOf(request, 'x-api-key')
		if (!token) return textResponse(400, 'no authentication key provided')
		const cutOff = at(7)
		if (cutOff) return cutOff
		const refused = intercept('token', context)
		if ((refused && !refused.isTokenGood) || !isToken(accounts.authenticate(token, false))) {
			return textResponse(403, 'unauthorized')
		}
		const late = at(8) ?? at(9) ?? at(10)
		if (late) return late
		if (provider?.enabled === false)
			return textResponse(503, `provider_disabled: AI provider "${instance}" is disabled`)
		const disabled = provider && at(11)
		if (disabled) return disabled
		const upstream = provider && upstreamAnswer(provider, request, rest)
		if (!provider || !upstream)
			return textResponse(404, `route not supported: ${request.method} ${withoutRoute(request.path)}`)
		return at(12) ?? at(14) ?? at(15) ?? at(16) ?? at(17) ?? at(18) ?? upstream
	}

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const socket = request.socket as Socket & { demoNumber?: number }
		const chunks: Buffer[] = []
		for await (const chunk of request) chunks.push(chunk)
		const record: DemoRequest = {
			method: request.method ?? 'GET',
			path: request.url ?? '/',
			headers: { ...request.headers },
			body: Buffer.concat(chunks).toString('utf8'),
			connection: socket.demoNumber ?? 0,
		}
		requests.push(record)
		const reply = answer(record)
		const runs = interceptor?.build().version ?? version
		const wait = typeof delay === 'function' ? delay(record) : (delay ?? 0)
		const send = () =>
			'trouble' in reply ? interceptor?.breakLine(reply.trouble, response, timers) : write(reply, response, runs)
		if (wait <= 0) return send()
		const timer = setTimeout(() => {
			timers.delete(timer)
			send()
		}, wait)
		timers.add(timer)
	}

	const listener = (request: IncomingMessage, response: ServerResponse) => {
		// A client that disconnects halfway isn't an error of the server.
		serve(request, response).catch(() => response.destroy())
	}
	const server: Server = options.tls
		? (await import('node:https')).createServer(options.tls, listener)
		: createServer(listener)
	server.on(options.tls ? 'secureConnection' : 'connection', (socket: Socket & { demoNumber?: number }) => {
		opened += 1
		socket.demoNumber = opened
	})
	server.on('connection', (socket: Socket) => {
		sockets.add(socket)
		socket.on('close', () => sockets.delete(socket))
		socket.on('error', () => socket.destroy())
	})
	const hostname = options.hostname ?? '127.0.0.1'
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject)
		server.listen(options.port ?? 0, hostname === '[::1]' ? '::1' : '127.0.0.1', resolve)
	})
	const port = (server.address() as AddressInfo).port
	origin = options.accessUrl ?? `${options.tls ? 'https' : 'http'}://${hostname}:${port}`

	return {
		url: origin,
		port,
		token: new Secret(accounts.firstToken()),
		requests,
		connections: () => opened,
		setDelay: next => {
			delay = next ?? 0
		},
		addToken: (spec = {}) => new Secret(accounts.addToken(spec)),
		tokens: () =>
			accounts.all().map(({ id, name, expiresAt }) => ({ keyId: id, name, expiresAt: new Date(expiresAt) })),
		close: () =>
			new Promise(resolve => {
				for (const timer of timers) clearTimeout(timer)
				server.close(() => resolve())
				for (const socket of sockets) socket.destroy()
			}),
	}
}

const restRoutes = new Set([
	'GET /users/me',
	'GET /users/me/keys/{id}',
	'DELETE /users/me/keys/{id}',
	'GET /users/me/keys/tokens/tokenconfig',
	'GET /users/me/keys/tokens',
	'POST /users/me/keys/tokens',
	'GET /ai/providers',
	'GET /entitlements',
	'GET /users/me/ai/spend',
])

function withToken(users: readonly DemoUser[], token: string | undefined): readonly DemoUser[] {
	const [first, ...others] = users
	if (token === undefined || !first) return users
	const [spec, ...more] = first.tokens ?? [{}]
	return [{ ...first, tokens: [{ ...spec, text: token }, ...more] }, ...others]
}

/** Which routes a release serves: `aibridge` from v2.28, `ai-gateway` as well from v2.35. */
function routesOf(version: string): readonly (typeof ROUTES)[number][] {
	const [, major = 0, minor = 0] = (/^v(\d+)\.(\d+)/.exec(version) ?? []).map(Number)
	const release = major * 1000 + minor
	return release >= 2035 ? ROUTES : release >= 2028 ? ['/api/v2/aibridge'] : []
}

function buildInfo(version: string, origin: string) {
	return {
		external_url: `https://github.com/coder/coder/commit/${version.split('+')[1] ?? ''}`,
		version,
		dashboard_url: origin,
		telemetry: false,
		workspace_proxy: false,
		agent_api_version: '1.0',
		provisioner_api_version: '1.6',
		upgrade_message: '',
		deployment_id: 'd3f6c1a0-58a1-4f43-9df4-0c4a4a6c2b1e',
	}
}

function entitlements(license: ReturnType<Interceptor['license']>) {
	const isEntitled = license !== 'not_entitled'
	return {
		features: {
			aibridge: { entitlement: isEntitled ? 'entitled' : 'not_entitled', enabled: license === 'entitled' },
		},
		warnings: [],
		errors: [],
		has_license: isEntitled,
		trial: false,
		require_telemetry: false,
	}
}

/** No budget: as much as the deployment pays for. */
function spend(now: Date): DemoResponse {
	const month = (offset: number) =>
		new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString()
	return jsonResponse(200, {
		spend_limit_micros: null,
		limit_source: null,
		period_start: month(0),
		period_end: month(1),
		current_spend_micros: 1874,
	})
}

function headerOf(request: DemoRequest, name: string): string | undefined {
	const value = request.headers[name]
	return Array.isArray(value) ? value[0] : value
}

/** The response of the upstream provider; undefined if the bridge doesn't know the route. */
function upstreamAnswer(provider: DemoProvider, request: DemoRequest, path: string): DemoResponse | undefined {
	const { protocol, models } = provider
	if (request.method === 'GET' && path === '/v1/models') return jsonResponse(200, modelList(protocol, models))
	const isChat = (protocols[protocol].endpoints as readonly string[]).some(endpoint => path === `/v1${endpoint}`)
	if (request.method !== 'POST' || !isChat) return undefined
	if (request.body === '') return textResponse(500, `failed to create "${withoutRoute(request.path)}" interceptor`)
	const json = parseBody(request)
	const model = typeof json['model'] === 'string' ? json['model'] : (models[0] ?? 'demo')
	if (path === '/v1/messages') {
		if (!headerOf(request, 'anthropic-version'))
			return upstreamError(protocol, 400, 'invalid_request_error', 'anthropic-version: header is required')
		if (!('messages' in json))
			return upstreamError(protocol, 400, 'invalid_request_error', 'max_tokens: Field required')
		return jsonResponse(200, anthropicMessage(model))
	}
	if (path === '/v1/responses') {
		if ('input' in json) return jsonResponse(200, openAiResponse(model))
		const missing = 'One of "input" or "previous_response_id" or \'prompt\' or \'conversation_id\' must be provided.'
		return upstreamError(protocol, 400, 'missing_required_parameter', missing)
	}
	if ('messages' in json) return jsonResponse(200, openAiCompletion(model))
	return upstreamError(protocol, 400, 'missing_required_parameter', "Missing required parameter: 'messages'.")
}

function modelList(protocol: Protocol, models: readonly string[]) {
	if (protocol === 'openai')
		return {
			object: 'list',
			data: models.map(id => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'system' })),
		}
	return {
		data: models.map(id => ({ type: 'model', id, display_name: id, created_at: '2026-01-01T00:00:00Z' })),
		has_more: false,
		first_id: models[0] ?? null,
		last_id: models.at(-1) ?? null,
	}
}

function parseBody(request: DemoRequest): Record<string, unknown> {
	try {
		const json: unknown = JSON.parse(request.body)
		return json !== null && typeof json === 'object' ? (json as Record<string, unknown>) : {}
	} catch {
		return {}
	}
}

const GREETING = 'Hello from the demo deployment.'

function openAiResponse(model: string) {
	return {
		id: 'resp_demo',
		object: 'response',
		created_at: 1_767_225_600,
		status: 'completed',
		model,
		output: [
			{
				id: 'msg_demo',
				type: 'message',
				status: 'completed',
				role: 'assistant',
				content: [{ type: 'output_text', text: GREETING, annotations: [] }],
			},
		],
		usage: { input_tokens: 8, output_tokens: 6, total_tokens: 14 },
	}
}

function openAiCompletion(model: string) {
	return {
		id: 'chatcmpl-demo',
		object: 'chat.completion',
		created: 1_767_225_600,
		model,
		choices: [{ index: 0, message: { role: 'assistant', content: GREETING }, finish_reason: 'stop' }],
		usage: { prompt_tokens: 8, completion_tokens: 6, total_tokens: 14 },
	}
}

function anthropicMessage(model: string) {
	return {
		id: 'msg_demo',
		type: 'message',
		role: 'assistant',
		model,
		content: [{ type: 'text', text: GREETING }],
		stop_reason: 'end_turn',
		stop_sequence: null,
		usage: { input_tokens: 8, output_tokens: 6 },
	}
}

function write(answer: DemoResponse, response: ServerResponse, version: string): void {
	const own = answer.fromCoder ? { 'X-Coder-Build-Version': version } : {}
	response.writeHead(answer.status, { ...own, ...(answer.headers as Record<string, string>) })
	response.end(answer.body)
}

/** A lifetime as the deployment formats it, for messages and tests. */
export { formatGoDuration }
