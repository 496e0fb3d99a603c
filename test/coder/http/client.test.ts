// The client by itself: tries and pauses, what is sent, what is never sent, and how it lets go.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { createCoderClient } from '../../../source/coder/client.ts'
import { parseRetryAfterMs } from '../../../source/coder/http/client.ts'
import type { HttpResponse, Limits, RequestOptions } from '../../../source/coder/http/types.ts'
import { Secret } from '../../../source/secrets/secret.ts'
import { hostWith } from '../../runtime-with.ts'
import { closedPort, listen, listenRaw } from '../servers.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
	await Promise.all(open.splice(0).map(one => one.close()))
})
function keep<Thing extends { close(): unknown }>(thing: Thing): Thing {
	open.push(thing)
	return thing
}

type Reply = { status: number; headers?: Record<string, string>; text?: string }
type Heard = { method: string; path: string; headers: IncomingHttpHeaders; body: string }

/** A server that gives these answers one after the other, and the last one for ever. */
async function serve(...replies: Reply[]) {
	const heard: Heard[] = []
	const server = createServer(async (message, response) => {
		let body = ''
		for await (const chunk of message) body += chunk
		heard.push({ method: message.method ?? '', path: message.url ?? '', headers: message.headers, body })
		const reply = replies.length > 1 ? replies.shift()! : replies[0]!
		response.writeHead(reply.status, reply.headers).end(reply.text ?? '')
	})
	const { port } = keep(await listen(server))
	return { origin: `http://127.0.0.1:${port}`, heard }
}

const client = (limits: Partial<Limits> = {}) =>
	keep(
		createCoderClient(hostWith(), { limits: { pausesMs: [1, 2], responseMs: 2_000, maxRetryAfterMs: 50, ...limits } }),
	)

/** One whose deployment has shown itself as Coder already. */
function acquainted(origin: string, limits: Partial<Limits> = {}) {
	const one = client(limits)
	one.deployments.add(origin)
	return one
}

async function statusOf(options: RequestOptions, limits: Partial<Limits> = {}): Promise<number | string> {
	const result = await acquainted(options.origin, limits).request(options)
	return result.ok ? result.response.status : result.finding.code
}

const token = new Secret('abcdefghij-0123456789012345678901')

describe('tries', () => {
	it.each([
		[200, 1],
		[404, 1],
		[401, 1],
		[302, 1],
		[408, 3],
		[429, 3],
		[500, 3],
		[503, 3],
	])('a response of %i is asked for %i times', async (status, times) => {
		const { origin, heard } = await serve({ status })
		expect(await statusOf({ origin, path: '/' })).toBe(status)
		expect(heard.length).toBe(times)
	})

	it('once if that is asked', async () => {
		const { origin, heard } = await serve({ status: 503 })
		await statusOf({ origin, path: '/', once: true })
		expect(heard.length).toBe(1)
	})

	it("what changes something isn't asked twice, but if it can’t have arrived", async () => {
		const { origin, heard } = await serve({ status: 500 })
		await statusOf({ origin, path: '/', method: 'POST', body: { lifetime: 1 } })
		expect(heard.length).toBe(1)
		expect(heard[0]).toMatchObject({ method: 'POST', body: '{"lifetime":1}' })
		let times = 0
		const reset = keep(
			await listenRaw(socket => {
				times += 1
				socket.once('data', () => socket.resetAndDestroy())
			}),
		)
		expect(await statusOf({ origin: `http://127.0.0.1:${reset.port}`, path: '/', method: 'POST', body: {} })).toBe(
			'connection-reset',
		)
		expect(times).toBe(1)
	})

	it('a rejected connection is tried again', async () => {
		const port = await closedPort()
		const asking = client({ pausesMs: [1, 60_000] }).request({ origin: `http://127.0.0.1:${port}`, path: '/' })
		// The last pause is never waited out: leaving ends it.
		for (const one of open) one.close()
		expect(await asking).toMatchObject({ ok: false })
	})

	it('Retry-After is kept, and reported if it is too long', async () => {
		const host = { now: () => new Date('2026-01-02T03:04:05Z') }
		expect(
			[undefined, '', '3', ' 10 ', 'Fri, 02 Jan 2026 03:04:35 GMT', 'Fri, 02 Jan 2026 03:00:00 GMT', 'soon', '-4'].map(
				text => parseRetryAfterMs(text, host),
			),
		).toEqual([0, 0, 3000, 10_000, 30_000, 0, 0, 0])
		const { origin, heard } = await serve({ status: 429, headers: { 'Retry-After': '60' } })
		expect(await statusOf({ origin, path: '/' })).toBe(429)
		expect(heard.length).toBe(1)
	})

	it('pauses grow, and are the limits’', async () => {
		const { defaultLimits } = await import('../../../source/coder/http/client.ts')
		expect(defaultLimits.pausesMs.length).toBe(2)
		expect(defaultLimits.pausesMs[1]).toBeGreaterThan(defaultLimits.pausesMs[0]!)
		expect([defaultLimits.responseMs, defaultLimits.firstCallMs]).toEqual([10_000, 20_000])
	})
})

describe('what is sent', () => {
	it('the token in one header, the one that is asked for', async () => {
		const { origin, heard } = await serve({ status: 200 })
		await statusOf({ origin, path: '/api/v2/users/me', token: { secret: token, as: 'Coder-Session-Token' } })
		await statusOf({ origin, path: '/api/v2/aibridge/x', token: { secret: token, as: 'Authorization' } })
		await statusOf({ origin, path: '/api/v2/aibridge/x', token: { secret: token, as: 'X-Api-Key' } })
		const text = token.reveal()
		const sent = heard.map(({ headers }) => Object.entries(headers).filter(([, value]) => String(value).includes(text)))
		expect(sent).toEqual([
			[['coder-session-token', text]],
			[['authorization', `Bearer ${text}`]],
			[['x-api-key', text]],
		])
		expect(JSON.stringify(heard.map(one => one.path))).not.toContain(text)
	})

	it('no token to a server that has not identified itself as Coder', async () => {
		const { origin, heard } = await serve({ status: 200, headers: { 'Content-Type': 'text/html' }, text: '<html>' })
		const one = client()
		const question = { origin, path: '/x', token: { secret: token, as: 'Authorization' } } as const
		const replies = await Promise.all([one.request(question), one.request(question)])
		expect(replies).toMatchObject([{ finding: { code: 'response-html' } }, { finding: { code: 'response-html' } }])
		expect(heard.map(({ path }) => path)).toEqual(['/api/v2/buildinfo'])
		expect(JSON.stringify(heard)).not.toContain(token.reveal())
	})

	it('a token once the server has identified itself, which it is asked for only once', async () => {
		const { origin, heard } = await serve({
			status: 200,
			headers: { 'X-Coder-Build-Version': 'v2.36.0' },
			text: '{"version":"v2.36.0"}',
		})
		const one = client()
		const question = { origin, path: '/x', token: { secret: token, as: 'Authorization' } } as const
		await Promise.all([one.request(question), one.request(question)])
		await one.request(question)
		expect(heard.map(({ path, headers }) => [path, headers.authorization !== undefined])).toEqual([
			['/api/v2/buildinfo', false],
			['/x', true],
			['/x', true],
			['/x', true],
		])
	})

	it('a session header for the data plane is a bug that sends nothing', async () => {
		const { origin, heard } = await serve({ status: 200 })
		for (const path of ['/api/v2/aibridge/openai/v1/models', '/api/v2/ai-gateway/x', '/api/v2/api/v2/AIBridge/x']) {
			const asking = client().request({ origin, path, token: { secret: token, as: 'Coder-Session-Token' } })
			await expect(asking).rejects.toThrow('no place in this request')
		}
		expect(heard).toEqual([])
	})

	it('a token with characters that no header takes is sent nowhere, and no error holds it', async () => {
		const { origin, heard } = await serve({ status: 200 })
		for (const text of ['abcdefghij-01234\n56789', 'töken-of-mine', 'a b', '']) {
			const result = await client().request({
				origin,
				path: '/',
				token: { secret: new Secret(text), as: 'Authorization' },
			})
			expect(result).toMatchObject({ ok: false, finding: { code: 'token-invalid-characters' } })
			if (text) expect(JSON.stringify(result)).not.toContain(text)
		}
		expect(heard).toEqual([])
	})

	it('follows no redirect', async () => {
		const target = await serve({ status: 200 })
		for (const status of [301, 302, 303, 307, 308]) {
			const { origin } = await serve({ status, headers: { Location: `${target.origin}/` } })
			expect(await statusOf({ origin, path: '/', token: { secret: token, as: 'Authorization' } })).toBe(status)
		}
		expect(target.heard).toEqual([])
	})
})

describe('letting go', () => {
	/** A server that takes questions and never answers; tells when one has come and when its connection has gone. */
	async function silent() {
		let came = () => {}
		let went = () => {}
		const arrived = new Promise<void>(resolve => {
			came = resolve
		})
		const gone = new Promise<void>(resolve => {
			went = resolve
		})
		const { port } = keep(
			await listenRaw(socket => {
				socket.once('data', () => came())
				socket.once('close', () => went())
			}),
		)
		return { origin: `http://127.0.0.1:${port}`, arrived, gone }
	}

	it('a signal ends a question at once, with its connection', async () => {
		const { origin, arrived, gone } = await silent()
		const stop = new AbortController()
		const asking = client({ responseMs: 60_000 }).request({ origin, path: '/', signal: stop.signal })
		await arrived
		stop.abort()
		expect(await asking).toMatchObject({ ok: false, finding: { code: 'cancelled' } })
		await gone
	})

	it('a signal ends a pause', async () => {
		const { origin, heard } = await serve({ status: 503 })
		const stop = new AbortController()
		const asking = client({ pausesMs: [60_000] }).request({ origin, path: '/', signal: stop.signal })
		while (heard.length === 0) await new Promise(resolve => setImmediate(resolve))
		stop.abort()
		expect(await asking).toMatchObject({ ok: false, finding: { code: 'cancelled' } })
	})

	it('a signal that came before asks nothing', async () => {
		const { origin, heard } = await serve({ status: 200 })
		expect(await statusOf({ origin, path: '/', signal: AbortSignal.abort() })).toBe('cancelled')
		expect(heard).toEqual([])
	})

	it('a signal ends the way through a proxy too', async () => {
		const { origin, arrived, gone } = await silent()
		const stop = new AbortController()
		const through = keep(createCoderClient(hostWith({ HTTPS_PROXY: origin }), { limits: { responseMs: 60_000 } }))
		const asking = through.request({ origin: 'https://coder.test', path: '/', signal: stop.signal })
		await arrived
		stop.abort()
		expect(await asking).toMatchObject({ ok: false, finding: { code: 'cancelled' } })
		await gone
	})

	it('a time limit closes the connection', async () => {
		const { origin, gone } = await silent()
		expect(await statusOf({ origin, path: '/' }, { responseMs: 40 })).toBe('no-response')
		await gone
	})

	it('close ends everything that is on its way', async () => {
		const { origin, arrived, gone } = await silent()
		const one = client({ responseMs: 60_000 })
		const asking = one.request({ origin, path: '/' })
		await arrived
		one.close()
		expect(await asking).toMatchObject({ ok: false })
		await gone
	})
})

describe('what comes back', () => {
	it('is the whole response', async () => {
		const { origin } = await serve({ status: 200, headers: { 'Content-Type': 'application/json' }, text: '{"a":"é"}' })
		const result = await client().request({ origin, path: '/x' })
		const response: HttpResponse | null = result.ok ? result.response : null
		expect(response).toMatchObject({ status: 200, path: '/x', text: '{"a":"é"}' })
	})

	it('never holds the token that was sent', async () => {
		const secret = token.reveal()
		const { origin } = await serve({
			status: 302,
			headers: { Location: `/login?t=${secret}` },
			text: `${secret} ${secret.slice(11)}`,
		})
		const result = await acquainted(origin).request({
			origin,
			path: '/',
			token: { secret: token, as: 'Authorization' },
		})
		expect(result.ok).toBe(true)
		expect(JSON.stringify(result)).not.toContain(secret.slice(11))
		expect(JSON.stringify(result)).toContain('abcdefghij-••••••••••')
	})

	it('is cut if an error or a page is longer than it needs to be', async () => {
		const page = `<html>${'x'.repeat(300_000)}`
		for (const reply of [
			{ status: 500, text: page },
			{ status: 200, headers: { 'Content-Type': 'text/html' }, text: page },
		]) {
			const { origin } = await serve(reply)
			const got = await client().request({ origin, path: '/', once: true })
			expect(got.ok && [got.response.status, got.response.text.length]).toEqual([reply.status, 64 * 1024])
		}
	})

	it('is rejected if a good response is too long', async () => {
		const { origin } = await serve({ status: 200, text: `"${'x'.repeat(5 * 1024 * 1024)}"` })
		expect(await statusOf({ origin, path: '/' })).toBe('response-too-large')
	})
})
