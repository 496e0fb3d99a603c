// Selects the proxy for a deployment and opens the connection through it. The rules are those of undici, which Mux uses
// (docs/contracts/mux.md#9-proxies-and-tls), but for a given environment. CONNECT is implemented here so that it can be cancelled, is
// bounded, and never logs the proxy's password.
import type { Socket } from 'node:net'
import type { Env } from '../../runtime/runtime.ts'

/** A proxy named by the environment. `name` has no user and no password, so it may be shown. */
export type HttpProxy = {
	readonly name: string
	/** The variable that names it, spelled as in the environment. */
	readonly variable: string
	readonly url: URL
}

export type ProxyChoice =
	| { readonly status: 'none' }
	| { readonly status: 'proxy'; readonly proxy: HttpProxy }
	/** The variable's value isn't an HTTP proxy. */
	| { readonly status: 'fault'; readonly variable: string; readonly why: string }

/**
 * The spelling of a variable that counts: the lower-case one if it is set, even if it is empty
 * (docs/contracts/mux.md#9-proxies-and-tls).
 */
function findVariable(env: Env, name: string): { name: string; value: string } | null {
	for (const spelling of [name.toLowerCase(), name.toUpperCase()]) {
		const value = env[spelling]
		if (value !== undefined) return { name: spelling, value }
	}
	return null
}

/** `NO_PROXY` as Mux reads it. */
export function getNoProxy(env: Env): { name: string; value: string } | null {
	return findVariable(env, 'no_proxy')
}

/** Whether `NO_PROXY` excludes this host: `*`, exact names, `.suffix`, `*.suffix`, each with or without a port. */
function isExempt(env: Env, target: URL): boolean {
	const list = getNoProxy(env)?.value.toLowerCase() ?? ''
	if (list === '*') return true
	const host = target.host.replace(/:\d*$/, '').toLowerCase()
	const port = target.port || (target.protocol === 'https:' ? '443' : '80')
	return list
		.split(/[,\s]/)
		.filter(Boolean)
		.some(entry => {
			const [, named = entry, numbers] = /^(.+):(\d+)$/.exec(entry) ?? []
			const limit = numbers === undefined ? 0 : Number.parseInt(numbers, 10)
			if (limit !== 0 && limit !== Number(port)) return false
			return /^[.*]/.test(named) ? host.endsWith(named.replace(/^\*/, '')) : host === named
		})
}

/**
 * The proxy for requests to `origin`, by the rules of Mux (undici's EnvHttpProxyAgent), not by those of curl. A variable
 * that isn't an HTTP proxy is a fault for every target: Mux can't start then.
 */
export function resolveProxy(env: Env, origin: string): ProxyChoice {
	const plain = findVariable(env, 'http_proxy')
	const secure = findVariable(env, 'https_proxy')
	for (const named of [plain, secure]) {
		const why = named?.value ? findProxyError(named.value) : null
		if (named && why !== null) return { status: 'fault', variable: named.name, why }
	}
	const target = new URL(origin)
	const named = target.protocol === 'https:' && secure?.value ? secure : plain
	if (!named?.value || isExempt(env, target)) return { status: 'none' }
	const url = new URL(named.value)
	return { status: 'proxy', proxy: { name: `${url.protocol}//${url.host}`, variable: named.name, url } }
}

/** A proxy variable that Mux can't use; null if there is none. */
export function findProxyFault(env: Env): { variable: string; why: string } | null {
	const choice = resolveProxy(env, 'https://coder.invalid')
	return choice.status === 'fault' ? choice : null
}

/** Why a value isn't an HTTP proxy; null if it is one. */
function findProxyError(text: string): string | null {
	if (/^[^@/]*:\/\/[^@/]*\\/.test(text)) return 'Write the backslash between domain and user as %5C.'
	if (/^\s*(?:file|data):|\.(?:pac|dat)(?:$|\?)/i.test(text))
		return "It's the address of a PAC file. Mux needs the proxy that the file names."
	if (!/^\s*[a-z][a-z0-9+.-]*:\/\//i.test(text)) return 'The scheme is missing: it has to start with http://'
	if (!URL.canParse(text)) return "The value isn't a valid URL."
	const url = new URL(text)
	if (url.protocol.startsWith('socks')) return "It's a SOCKS proxy, but an HTTP proxy is required."
	if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'It has to start with http:// or https://.'
	return url.hostname ? null : 'The host name is missing.'
}

/** A proxy variable that is set but doesn't apply to `origin`: excluded by `NO_PROXY`, hidden, or one Mux doesn't read. */
export function findUnusedProxy(env: Env, origin: string): { why: string; name: string; variable: string } | null {
	if (resolveProxy(env, origin).status !== 'none') return null
	const target = new URL(origin)
	const exempted = resolveProxy({ ...env, no_proxy: '' }, origin)
	if (exempted.status === 'proxy') {
		return {
			why: `The direct connection failed. ${exempted.proxy.variable} is set, but NO_PROXY excludes ${target.hostname}.`,
			name: exempted.proxy.name,
			variable: exempted.proxy.variable,
		}
	}
	const scheme = target.protocol.slice(0, -1)
	const variable = `${scheme.toUpperCase()}_PROXY`
	for (const name of [variable, 'HTTPS_PROXY', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY']) {
		const value = env[name]
		if (!value || findProxyError(value) !== null) continue
		const url = new URL(value)
		const lower = env[variable.toLowerCase()] === '' && name === variable
		const reason = lower
			? `the empty ${variable.toLowerCase()} overrides it`
			: /^all_proxy$/i.test(name)
				? "Mux doesn't use it"
				: `it doesn't apply to ${scheme} addresses`
		const why = `The direct connection failed. ${name} is set, but ${reason}.`
		return { why, name: `${url.protocol}//${url.host}`, variable: lower ? variable.toLowerCase() : variable }
	}
	return null
}

/** The header with the proxy's user and password, if the variable contains them. */
export function getProxyAuthorization(proxy: HttpProxy): string | null {
	const { username, password } = proxy.url
	if (!username && !password) return null
	return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString('base64')}`
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text)
	} catch {
		return text
	}
}

/** Why the proxy couldn't be used. `status` is its response to CONNECT; `code` is a system error's code. */
export class ProxyError extends Error {
	readonly status: number | undefined
	readonly line: string | undefined
	readonly code: string | undefined
	/** The ways to sign in that the proxy offers with a 407, in lower case. */
	readonly schemes: readonly string[]
	constructor(fault: { status?: number; line?: string; code?: string; schemes?: readonly string[] }) {
		super('proxy')
		this.schemes = fault.schemes ?? []
		this.status = fault.status
		this.line = fault.line
		this.code = fault.code
	}
}

/**
 * Node tries each address of a host for only 250 ms if there are several: too short for a slow line, on which all of
 * them then seem unreachable.
 */
export const connectOptions = { autoSelectFamilyAttemptTimeout: 2_500 }

const mostHeaderBytes = 16 * 1024

/** Connects to the proxy itself. Rejects with a ProxyError; `signal` destroys the connection. */
export async function connectToProxy(proxy: HttpProxy, ca: string[] | undefined, signal: AbortSignal): Promise<Socket> {
	const port = Number(proxy.url.port || (proxy.url.protocol === 'https:' ? 443 : 80))
	const host = proxy.url.hostname.replace(/^\[|\]$/g, '')
	const [{ connect }, tls] = await Promise.all([import('node:net'), import('node:tls')])
	const { isIP } = await import('node:net')
	return await new Promise((resolve, reject) => {
		const secure = proxy.url.protocol === 'https:'
		const socket = secure
			? tls.connect({
					...connectOptions,
					host,
					port,
					...(isIP(host) ? {} : { servername: host }),
					...(ca ? { ca } : {}),
					// NODE_TLS_REJECT_UNAUTHORIZED would turn the verification off.
					rejectUnauthorized: true,
				})
			: connect({ ...connectOptions, host, port })
		const give = (error: unknown) => {
			settle()
			socket.destroy()
			reject(new ProxyError({ code: getErrorCode(error) }))
		}
		const stop = () => give(null)
		const ready = () => {
			settle()
			resolve(socket)
		}
		const settle = () => {
			signal.removeEventListener('abort', stop)
			socket.off('error', give)
			// A late error of an abandoned socket must not end the process.
			socket.on('error', () => {})
		}
		socket.once(secure ? 'secureConnect' : 'connect', ready)
		socket.once('error', give)
		signal.addEventListener('abort', stop, { once: true })
		if (signal.aborted) stop()
	})
}

/** The code of a system error, its own or that of the first of several attempts. */
export function getErrorCode(error: unknown): string {
	const fault = error as { code?: unknown; errors?: { code?: unknown }[] } | null
	const code = fault?.code ?? fault?.errors?.[0]?.code
	return typeof code === 'string' ? code : ''
}

/** Opens a tunnel to `host:port` through the proxy. Rejects with a ProxyError; `signal` destroys the socket. */
export async function openTunnel(
	proxy: HttpProxy,
	target: { host: string; port: number },
	ca: string[] | undefined,
	signal: AbortSignal,
): Promise<Socket> {
	const socket = await connectToProxy(proxy, ca, signal)
	const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`
	const authorization = getProxyAuthorization(proxy)
	return await new Promise((resolve, reject) => {
		let head = Buffer.alloc(0)
		const settle = () => {
			signal.removeEventListener('abort', stop)
			socket.off('data', read)
			socket.off('close', stop)
		}
		const fail = (fault: ProxyError) => {
			settle()
			socket.destroy()
			reject(fault)
		}
		const stop = () => fail(new ProxyError({ code: 'ECONNRESET' }))
		const read = (chunk: Buffer) => {
			head = Buffer.concat([head, chunk])
			const end = head.indexOf('\r\n\r\n')
			if (end === -1) {
				if (head.length > mostHeaderBytes) fail(new ProxyError({ code: 'HPE_HEADER_OVERFLOW' }))
				return
			}
			const status = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?/.exec(head.toString('latin1'))
			if (!status) return fail(new ProxyError({ code: 'HPE_INVALID_CONSTANT' }))
			const code = Number(status[1])
			if (code < 200 || code > 299) {
				const lines = head
					.subarray(0, end)
					.toString('latin1')
					.matchAll(/^proxy-authenticate:[ \t]*([\w-]+)/gim)
				const schemes = [...lines].map(([, scheme = '']) => scheme.toLowerCase())
				return fail(new ProxyError({ status: code, line: status[2] ?? '', schemes }))
			}
			settle()
			socket.pause()
			const rest = head.subarray(end + 4)
			if (rest.length > 0) socket.unshift(rest)
			resolve(socket)
		}
		socket.on('data', read)
		socket.once('close', stop)
		signal.addEventListener('abort', stop, { once: true })
		if (signal.aborted) return stop()
		socket.write(
			`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization ? `Proxy-Authorization: ${authorization}\r\n` : ''}\r\n`,
		)
	})
}
