// Selects the proxy for a deployment and opens the connection through it. The rules are those of proxy-from-env and
// undici, which Mux uses, but for a given environment. CONNECT is implemented here so that it can be cancelled, is
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

/** The value of a variable in lower or upper case; an empty one doesn't hide the other. */
function variable(env: Env, name: string): { name: string; value: string } | null {
	for (const spelling of [name.toLowerCase(), name.toUpperCase()]) {
		const value = env[spelling]?.trim()
		if (value) return { name: spelling, value }
	}
	return null
}

/** Whether `NO_PROXY` excludes this host: `*`, exact names, `.suffix`, `*.suffix`, each with or without a port. */
function isExempt(env: Env, target: URL): boolean {
	const list = variable(env, 'no_proxy')?.value.toLowerCase()
	if (!list) return false
	if (list === '*') return true
	const host = target.hostname.toLowerCase()
	const port = target.port || (target.protocol === 'https:' ? '443' : '80')
	return list
		.split(/[,\s]+/)
		.filter(Boolean)
		.some(entry => {
			// A port follows a name or a bracket; the colons of a bare IPv6 address aren't one.
			const withPort = /^([^:]+|\[.*\]):(\d+)$/.exec(entry)
			if (withPort && withPort[2] !== port) return false
			const name = withPort?.[1] ?? entry
			if (!/^[.*]/.test(name)) return host === name || host === `[${name}]`
			return host.endsWith(name.replace(/^\*/, ''))
		})
}

/** The proxy for requests to `origin`, by `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` in both cases. */
export function resolveProxy(env: Env, origin: string): ProxyChoice {
	const target = new URL(origin)
	const scheme = target.protocol.slice(0, -1)
	const named = variable(env, `${scheme}_proxy`) ?? variable(env, 'all_proxy')
	if (!named || isExempt(env, target)) return { status: 'none' }
	const text = named.value.includes('://') ? named.value : `http://${named.value}`
	let url: URL
	try {
		url = new URL(text)
	} catch {
		return { status: 'fault', variable: named.name, why: "The value isn't a valid URL." }
	}
	if (url.protocol !== 'http:' && url.protocol !== 'https:') {
		const why = url.protocol.startsWith('socks')
			? "It's a SOCKS proxy, but an HTTP proxy is required."
			: 'It has to start with http:// or https://.'
		return { status: 'fault', variable: named.name, why }
	}
	if (!url.hostname) return { status: 'fault', variable: named.name, why: 'The host name is missing.' }
	return { status: 'proxy', proxy: { name: `${url.protocol}//${url.host}`, variable: named.name, url } }
}

/** A proxy variable that is set but doesn't apply to `origin`: for the other scheme, or excluded by `NO_PROXY`. */
export function findUnusedProxy(env: Env, origin: string): { why: string; name: string; variable: string } | null {
	if (resolveProxy(env, origin).status !== 'none') return null
	const target = new URL(origin)
	const scheme = target.protocol.slice(0, -1)
	const requested = scheme.toUpperCase()
	const withoutExemptions = { ...env, no_proxy: '', NO_PROXY: '' }
	const exempted = resolveProxy(withoutExemptions, origin)
	if (exempted.status === 'proxy') {
		return {
			why: `The direct connection failed. ${exempted.proxy.variable} is set, but NO_PROXY excludes ${target.hostname}.`,
			name: exempted.proxy.name,
			variable: exempted.proxy.variable,
		}
	}
	const other = resolveProxy(withoutExemptions, origin.replace(/^https?:/, scheme === 'https' ? 'http:' : 'https:'))
	if (other.status !== 'proxy') return null
	return {
		why: `The direct connection failed. ${other.proxy.variable} is set, but it doesn't apply to ${scheme} addresses.`,
		name: other.proxy.name,
		variable: `${requested}_PROXY`,
	}
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
	constructor(fault: { status?: number; line?: string; code?: string }) {
		super('proxy')
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
			if (code < 200 || code > 299) return fail(new ProxyError({ status: code, line: status[2] ?? '' }))
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
