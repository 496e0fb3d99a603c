// Servers, proxies and bad lines on loopback for the tests of the way to a deployment.
import { createServer as createPlain, type IncomingMessage, request, type Server } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, connect, createServer as createRaw, type Server as RawServer, type Socket } from 'node:net'
import type { Pair } from './certificates.ts'

export type Listening = {
	readonly port: number
	close(): Promise<void>
}

/** Listens on loopback; `close` destroys every connection. */
export async function listen(server: Server | RawServer): Promise<Listening> {
	const sockets = new Set<Socket>()
	server.on('connection', (socket: Socket) => {
		sockets.add(socket)
		socket.on('error', () => socket.destroy())
		socket.on('close', () => sockets.delete(socket))
	})
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	return {
		port: (server.address() as AddressInfo).port,
		close: () =>
			new Promise(resolve => {
				server.close(() => resolve())
				for (const socket of sockets) socket.destroy()
			}),
	}
}

/** A raw TCP server. */
export const listenRaw = (serve: (socket: Socket) => void) => listen(createRaw(serve))

/** A port that nothing listens on. */
export async function closedPort(): Promise<number> {
	const server = await listenRaw(() => {})
	await server.close()
	return server.port
}

export type TestProxy = Listening & {
	/** Each CONNECT target and each absolute URL, in the order of arrival. */
	readonly asked: string[]
}

/** A real HTTP proxy: CONNECT and plain requests; with a password, or refusing all. */
export async function startProxy(
	provided: { user?: string; password?: string; refuse?: number; tls?: Pair } = {},
): Promise<TestProxy> {
	const asked: string[] = []
	const requested = provided.user
		? `Basic ${Buffer.from(`${provided.user}:${provided.password ?? ''}`).toString('base64')}`
		: undefined
	const refusal = (message: IncomingMessage): [number, string] | null => {
		if (provided.refuse) return [provided.refuse, 'Denied by policy']
		if (requested && message.headers['proxy-authorization'] !== requested) return [407, 'Proxy Authentication Required']
		return null
	}
	const server = provided.tls ? createSecure(provided.tls) : createPlain()
	server.on('request', (message: IncomingMessage, response) => {
		asked.push(message.url ?? '')
		const no = refusal(message)
		if (no) return response.writeHead(no[0], no[1]).end(no[1])
		const onward = request(message.url ?? '', { method: message.method ?? 'GET', headers: message.headers }, answer => {
			response.writeHead(answer.statusCode ?? 502, answer.headers)
			answer.pipe(response)
		})
		onward.on('error', () => response.writeHead(502).end())
		message.pipe(onward)
	})
	server.on('connect', (message: IncomingMessage, socket: Socket, head: Buffer) => {
		asked.push(message.url ?? '')
		socket.on('error', () => socket.destroy())
		const no = refusal(message)
		if (no) return socket.end(`HTTP/1.1 ${no[0]} ${no[1]}\r\nContent-Length: 0\r\n\r\n`)
		const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(message.url ?? '') ?? []
		const onward = connect(Number(port), host === 'coder.test' ? '127.0.0.1' : host, () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
			onward.write(head)
			onward.pipe(socket).pipe(onward)
		})
		onward.on('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
		socket.on('close', () => onward.destroy())
	})
	return Object.assign(await listen(server), { asked })
}
