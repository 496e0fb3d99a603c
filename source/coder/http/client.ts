// The HTTP client for the deployment: proxies, certificates, time limits, retries, and a limit on everything that is
// received. It follows no redirects, and reports of an error only its code.
import { setMaxListeners } from 'node:events'
import type { Agent as PlainAgent, RequestOptions as PlainOptions } from 'node:http'
import type { Agent as SecureAgent, RequestOptions as SecureOptions } from 'node:https'
import packageJson from '../../../package.json' with { type: 'json' }
import { type Finding, finding } from '../../findings/finding.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { Secret } from '../../secrets/secret.ts'
import { isLoopback } from '../deployment-url.ts'
import { isLocalName, lookUpLoopback } from './loopback.ts'
import {
	addUnusedProxyDetails,
	describeNetworkError,
	formatTarget,
	proxyNeedsPassword,
	retryableCodes,
} from './network-errors.ts'
import { connectOptions, type HttpProxy, openTunnel, resolveProxy } from './proxy.ts'
import { readBody, TooBig } from './read-body.ts'
import { loadCertificateAuthorities } from './tls.ts'
import type {
	HttpClient,
	HttpClientOptions,
	HttpResponse,
	Identify,
	Limits,
	RequestOptions,
	RequestResult,
	TokenHeader,
} from './types.ts'

export const defaultLimits: Limits = {
	responseMs: 10_000,
	firstCallMs: 20_000,
	answerMs: 60_000,
	pausesMs: [300, 900],
	maxRetryAfterMs: 10_000,
	bodyBytes: 2 * 1024 * 1024,
	bodyValues: 60_000,
	errorBytes: 64 * 1024,
}

/**
 * Creates the client. `identify` is called before a token is sent to an origin for the first time. Opens no connection
 * yet. An unreadable `caFile` is returned by the first `request`.
 */
export function createHttpClient(runtime: Runtime, identify: Identify, options: HttpClientOptions = {}): HttpClient {
	const limits = { ...defaultLimits, ...options.limits }
	const agents = new Map<string, PlainAgent | SecureAgent>()
	const closing = new AbortController()
	const pending = new Map<string, Promise<Finding | null>>()
	let authorities: ReturnType<typeof loadCertificateAuthorities> | undefined

	/** One keep-alive agent for each combination of scheme, proxy and authorities. */
	async function agentFor(scheme: string, proxy: HttpProxy | null, ca: string[] | undefined, shared: boolean) {
		const key = `${scheme} ${proxy?.url.href ?? ''}`
		const kept = shared ? agents.get(key) : undefined
		if (kept) return kept
		const agent = await makeAgent(scheme, proxy, ca)
		if (shared) agents.set(key, agent)
		return agent
	}

	async function tryOnce(requestOptions: RequestOptions, proxy: HttpProxy | null): Promise<RequestResult> {
		const target = { runtime, origin: requestOptions.origin, path: requestOptions.path, proxy }
		if (!requestOptions.ca && options.caFile !== undefined)
			authorities ??= loadCertificateAuthorities(runtime, options.caFile)
		const trusted = requestOptions.ca ? ({ ok: true, ca: requestOptions.ca } as const) : await authorities
		if (trusted && !trusted.ok) return trusted
		const scheme = new URL(requestOptions.origin).protocol
		const agent = await agentFor(scheme, proxy, trusted?.ca, requestOptions.ca === undefined)
		const limitMs = requestOptions.limitMs ?? limits.responseMs
		const stop = new AbortController()
		const cancel = () => stop.abort()
		const signals = [requestOptions.signal, closing.signal].filter(signal => signal !== undefined)
		// All parallel requests listen to the same signal, which isn't a leak that Node should warn about.
		setMaxListeners(0, ...signals)
		for (const signal of signals) signal.addEventListener('abort', cancel, { once: true })
		const stage = { lookingUp: false }
		let late = false
		const timer = setTimeout(() => {
			late = true
			stop.abort()
		}, limitMs)
		try {
			if (signals.some(signal => signal.aborted)) return cancelled()
			return { ok: true, response: await exchange(requestOptions, proxy, agent, limits, stop.signal, stage) }
		} catch (error) {
			if (late && stage.lookingUp) {
				return { ok: false, finding: finding('host-not-found', 'deployment', { ...formatTarget(target), dns: 'late' }) }
			}
			if (late) {
				const seconds = limitMs >= 1000 ? Math.round(limitMs / 1000) : limitMs / 1000
				return { ok: false, finding: finding('no-response', 'deployment', { ...formatTarget(target), seconds }) }
			}
			if (stop.signal.aborted) return cancelled()
			if (error instanceof TooBig) {
				return {
					ok: false,
					finding: finding('response-too-large', 'deployment', { ...formatTarget(target), limit: error.limit }),
				}
			}
			// A bug in the program isn't a network error.
			if (error instanceof Error && !('code' in error) && /^(Type|Reference|Range|Syntax)Error$/.test(error.name))
				throw error
			return { ok: false, finding: describeNetworkError(error, target) }
		} finally {
			clearTimeout(timer)
			for (const signal of signals) signal.removeEventListener('abort', cancel)
			if (requestOptions.ca) agent.destroy()
		}
	}

	async function ask(requestOptions: RequestOptions): Promise<RequestResult> {
		const { token } = requestOptions
		// The characters of the token are validated before it becomes a header: Node's own error would contain the
		// value.
		if (token && !token.secret.inspect(text => /^[\x21-\x7e]+$/.test(text))) {
			return { ok: false, finding: finding('token-invalid-characters', 'token', { origin: requestOptions.origin }) }
		}
		if (token && (requestOptions.ca || (token.as === 'Coder-Session-Token' && isDataPlane(requestOptions.path)))) {
			throw new Error('The session token has no place in this request.')
		}
		if (token && isHeaderDebugged(runtime.env['NODE_DEBUG']))
			return { ok: false, finding: finding('debug-prints-token', 'environment') }
		const stranger = token ? await identifyOnce(requestOptions) : null
		if (stranger) return { ok: false, finding: stranger }
		const choice = isLoopback(new URL(requestOptions.origin).hostname)
			? ({ status: 'none' } as const)
			: resolveProxy(runtime.env, requestOptions.origin)
		const location = formatTarget({ runtime, origin: requestOptions.origin, path: requestOptions.path })
		if (choice.status === 'fault') {
			const details = { ...location, variable: choice.variable, why: choice.why }
			return { ok: false, finding: finding('proxy-url-invalid', 'deployment', details) }
		}
		const proxy = choice.status === 'proxy' ? choice.proxy : null
		for (let tries = 0; ; tries++) {
			const started = runtime.now().getTime()
			const result = await tryOnce(requestOptions, proxy)
			logRequest(runtime, requestOptions, result, { ms: runtime.now().getTime() - started, proxy: proxy?.variable })
			const pause = requestOptions.once ? undefined : limits.pausesMs[tries]
			const wait =
				pause === undefined ? null : waitBefore(result, requestOptions.method ?? 'GET', pause, limits, runtime)
			if (wait === null)
				return settle(result, proxy, location, {
					runtime,
					origin: requestOptions.origin,
					path: requestOptions.path,
					proxy,
				})
			if (!(await sleep(wait, [requestOptions.signal, closing.signal]))) return cancelled()
		}
	}

	/** Why an origin gets no token; null for a Coder deployment. Parallel requests share one probe. */
	async function identifyOnce({ origin, signal }: RequestOptions): Promise<Finding | null> {
		if (client.deployments.has(origin)) return null
		const identifying = pending.get(origin) ?? identify(client, origin, signal)
		pending.set(origin, identifying)
		return identifying.finally(() => pending.delete(origin))
	}

	const client: HttpClient = {
		runtime,
		limits,
		systemStores: options.systemStores,
		deployments: new Set(),
		request: ask,
		proxyOf(origin) {
			if (isLoopback(new URL(origin).hostname)) return null
			const choice = resolveProxy(runtime.env, origin)
			return choice.status === 'proxy' ? { name: choice.proxy.name, variable: choice.proxy.variable } : null
		},
		close() {
			closing.abort()
			for (const agent of agents.values()) agent.destroy()
			agents.clear()
		},
	}
	return client
}

/**
 * Whether a path belongs to AI Bridge, where `Coder-Session-Token` must never be sent
 * (docs/contracts/coder.md#41-authentication).
 */
function isDataPlane(path: string): boolean {
	return /\/(aibridge|ai-gateway)(\/|$)/i.test(path)
}

/** Whether Node.js itself would print the headers of a request, with the token. */
function isHeaderDebugged(sections: string | undefined): boolean {
	return (sections ?? '').split(',').some(section => /^(?:http|net|\*|.*\*.*)$/i.test(section.trim()))
}

function cancelled(): RequestResult {
	return { ok: false, finding: finding('cancelled', 'deployment') }
}

/** The query is left out: it may contain what a user typed. */
function logRequest(
	{ debug }: Runtime,
	{ method = 'GET', path, origin }: RequestOptions,
	result: RequestResult,
	details: { readonly ms: number; readonly proxy: string | undefined },
): void {
	const outcome = result.ok ? { status: result.response.status } : { error: result.finding.code }
	debug?.(`${method} ${path.split('?', 1)[0]}`, { ...outcome, ...details, origin })
}

/** Interprets a result: a 407 is the proxy's, and a failed direct connection may have needed a proxy. */
function settle(
	result: RequestResult,
	proxy: HttpProxy | null,
	location: ReturnType<typeof formatTarget>,
	target: Parameters<typeof addUnusedProxyDetails>[1],
): RequestResult {
	if (!result.ok) return { ok: false, finding: addUnusedProxyDetails(result.finding, target) }
	if (result.response.status === 407) return { ok: false, finding: proxyNeedsPassword(proxy, location) }
	return result
}

/** Milliseconds to wait before a retry, or null if a retry wouldn't help. */
function waitBefore(
	result: RequestResult,
	method: string,
	pause: number,
	limits: Limits,
	runtime: Runtime,
): number | null {
	if (!result.ok) {
		const { code } = result.finding
		// A request that changes something is retried only if it can't have arrived.
		if (method !== 'GET') return code === 'connection-refused' ? pause : null
		const nameServer = code === 'host-not-found' && result.finding.details['dns'] === 'silent'
		return retryableCodes.has(code) || nameServer ? pause : null
	}
	const { status, headers } = result.response
	if (status === 429) {
		const requested = parseRetryAfterMs(headers['retry-after'], runtime)
		return requested > limits.maxRetryAfterMs ? null : Math.max(pause, requested)
	}
	return method === 'GET' && (status === 408 || status >= 500) ? pause : null
}

/** `Retry-After` in milliseconds: seconds or a date; 0 if it is missing or invalid. */
export function parseRetryAfterMs(header: string | undefined, runtime: Pick<Runtime, 'now'>): number {
	if (header === undefined) return 0
	const text = header.trim()
	if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
	const moment = Date.parse(text)
	return Number.isNaN(moment) ? 0 : Math.max(0, moment - runtime.now().getTime())
}

/** Waits; returns false if one of the signals fired first. */
async function sleep(ms: number, signals: readonly (AbortSignal | undefined)[]): Promise<boolean> {
	const all = signals.filter(signal => signal !== undefined)
	if (all.some(signal => signal.aborted)) return false
	return await new Promise(resolve => {
		const end = (waited: boolean) => {
			clearTimeout(timer)
			for (const signal of all) signal.removeEventListener('abort', cancel)
			resolve(waited)
		}
		const cancel = () => end(false)
		const timer = setTimeout(() => end(true), ms)
		for (const signal of all) signal.addEventListener('abort', cancel, { once: true })
	})
}

/** A keep-alive agent, which uses a tunnel if there is a proxy: for http too, as Mux does. */
async function makeAgent(scheme: string, proxy: HttpProxy | null, ca: string[] | undefined) {
	// Idle connections are closed after a few seconds: a request on one that a firewall has dropped would get no
	// response.
	const options = { keepAlive: true, maxSockets: 8, timeout: 5_000 }
	const isPlain = scheme === 'http:'
	const agent = isPlain
		? new (await import('node:http')).Agent(options)
		: new (await import('node:https')).Agent({
				...options,
				...(ca ? { ca } : {}),
				// NODE_TLS_REJECT_UNAUTHORIZED would turn the verification off.
				rejectUnauthorized: true,
			})
	if (!proxy) return agent
	const direct = agent as unknown as { createConnection: (options: object, done?: unknown) => unknown }
	const overTls = direct.createConnection.bind(agent)
	direct.createConnection = (provided: object, done: unknown) => {
		const { host, port, stop } = provided as { host: string; port: number; stop: AbortSignal }
		const call = done as (error: unknown, socket?: unknown) => void
		openTunnel(proxy, { host, port: Number(port) }, ca, stop)
			.then(socket => {
				call(null, isPlain ? socket : overTls({ ...provided, socket }))
				// A TLS socket resumes the one below it; an HTTP request doesn't.
				if (isPlain) socket.resume()
			})
			.catch(error => call(error))
		return undefined
	}
	return agent
}

/** Sends one request and reads its whole response. Rejects with the socket's error, a ProxyError or TooBig. */
async function exchange(
	requestOptions: RequestOptions,
	proxy: HttpProxy | null,
	agent: PlainAgent | SecureAgent,
	limits: Limits,
	stop: AbortSignal,
	stage: { lookingUp: boolean },
): Promise<HttpResponse> {
	const url = new URL(requestOptions.origin)
	const body = requestOptions.body === undefined ? undefined : Buffer.from(JSON.stringify(requestOptions.body))
	const options: PlainOptions & SecureOptions & { stop: AbortSignal } & typeof connectOptions = {
		...connectOptions,
		agent,
		stop,
		method: requestOptions.method ?? 'GET',
		protocol: url.protocol,
		host: url.hostname.replace(/^\[|\]$/g, ''),
		...(isLocalName(url.hostname) ? { lookup: lookUpLoopback } : {}),
		port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
		path: requestOptions.path,
		maxHeaderSize: 64 * 1024,
		headers: {
			Host: url.host,
			Accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
			'Accept-Encoding': 'identity',
			'User-Agent': `mux-bridge-wizard/${packageJson.version}`,
			...requestOptions.headers,
			...(body ? { 'Content-Type': 'application/json', 'Content-Length': String(body.length) } : {}),
			...(requestOptions.token ? tokenHeader(requestOptions.token) : {}),
		},
	}
	const { isIP } = await import('node:net')
	const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http')
	return await new Promise((resolve, reject) => {
		const outgoing = request(options)
		const end = (act: () => void) => {
			stop.removeEventListener('abort', give)
			act()
		}
		const give = () => {
			outgoing.destroy()
			end(() => reject(new Error('stopped')))
		}
		stop.addEventListener('abort', give, { once: true })
		if (stop.aborted) give()
		outgoing.on('error', error => end(() => reject(error)))
		outgoing.on('socket', socket => {
			stage.lookingUp = proxy === null && socket.connecting && isIP(options.host ?? '') === 0
			// A kept-alive connection does no lookup, so a listener for it would remain, one more with each request.
			if (!stage.lookingUp) return
			socket.once('lookup', () => {
				stage.lookingUp = false
			})
		})
		// An upgrade, or a connection closed before the response, raises no error by itself.
		let answered = false
		outgoing.on('close', () => {
			if (!answered) end(() => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
		})
		outgoing.on('response', response => {
			answered = true
			readBody(response, limits).then(
				text => {
					const { statusCode = 0, headers } = response
					const whole = { status: statusCode, path: requestOptions.path, headers, text }
					end(() => resolve(requestOptions.token ? withoutEcho(whole, requestOptions.token.secret) : whole))
				},
				error => end(() => reject(error)),
			)
		})
		outgoing.end(body)
	})
}

/** The header that carries the token: the only place in coder/ where a token is revealed to the deployment. */
function tokenHeader(token: { secret: Secret; as: TokenHeader }): Record<string, string> {
	const text = token.secret.reveal()
	return { [token.as]: token.as === 'Authorization' ? `Bearer ${text}` : text }
}

/** The response with the token masked: servers and proxies echo headers in errors. */
function withoutEcho(response: HttpResponse, secret: Secret): HttpResponse {
	const { location } = response.headers
	const headers = location === undefined ? response.headers : { ...response.headers, location: secret.maskIn(location) }
	return { ...response, headers, text: secret.maskIn(response.text), sent: secret }
}
