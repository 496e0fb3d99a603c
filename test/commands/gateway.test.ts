// The standalone gateway (docs/contracts/coder.md#7-the-standalone-gateway), on the built program: the token is checked at
// the deployment, the messages go to the gateway.
import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { type Listening, listen } from '../coder/servers.ts'
import { codesOf, makeHome, openDemo, resultOf, run, settingsText } from './program.ts'

const servers: Listening[] = []
afterEach(() => Promise.all(servers.splice(0).map(server => server.close())))

/** A gateway that knows one token, with what it was asked. */
async function startGateway(token: string) {
	const requests: { path: string; token: string }[] = []
	const server = await listen(
		createServer((message, response) => {
			const path = message.url ?? ''
			const [, bearer = ''] = /^Bearer (.*)/.exec(message.headers.authorization ?? '') ?? []
			const sent = bearer || String(message.headers['x-api-key'] ?? '')
			requests.push({ path, token: sent })
			const reply = (status: number, text: string, type = 'text/plain') =>
				message.resume().on('end', () => response.writeHead(status, { 'content-type': type }).end(text))
			if (path === '/healthz') return reply(200, 'ok')
			if (sent === '') return reply(400, 'no authentication key provided\n')
			if (sent !== token) return reply(403, 'unauthorized\n')
			if (!/^\/(?:openai\/v1\/responses|anthropic\/v1\/messages)$/.test(path))
				return reply(404, `route not supported: POST ${path}\n`)
			return reply(
				400,
				JSON.stringify({ error: { message: 'Missing required parameter', type: 'x' } }),
				'application/json',
			)
		}),
	)
	servers.push(server)
	return { url: `http://127.0.0.1:${server.port}`, requests }
}

test('gets base URLs in the short form and the messages, and check proves it by messages alone', async () => {
	const demo = await openDemo()
	const token = demo.token.reveal()
	const gateway = await startGateway(token)
	const home = makeHome({ token })
	const args = ['--yes', '--url', demo.url, '--gateway', gateway.url, '--token-file', 'token']
	const ran = await run(args, { home })
	expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('✔ Mux is connected to Coder AI Bridge')])
	expect(JSON.parse(settingsText(home) ?? '')).toEqual({
		openai: { apiKey: token, baseUrl: `${gateway.url}/openai/v1` },
		anthropic: { apiKey: token, baseUrl: `${gateway.url}/anthropic` },
	})
	// First without the token, then one message to each provider.
	expect(gateway.requests.map(request => request.token !== '')).toEqual([false, false, true, true])
	expect(demo.requests.some(request => request.path.includes('aibridge'))).toBe(false)

	const checked = resultOf(await run(['check', '--json'], { home }))
	expect([checked.verdict, codesOf(checked)]).toEqual(['connected', ['gateway-token-not-checked']])
	// With the deployment's URL, owner and expiry are checked there too.
	const whole = resultOf(await run(['check', '--json', '--url', demo.url], { home }))
	expect([whole.verdict, codesOf(whole), whole.live.token.owner]).toEqual(['connected', [], 'alice'])
	const offline = resultOf(await run(['check', '--offline', '--json'], { home }))
	expect([offline.verdict, offline.providers.map((one: { viaBridge: unknown }) => one.viaBridge)]).toEqual([
		'unchecked',
		[null, null],
	])
})

test('given as the deployment it is named, with the command that takes both', async () => {
	const gateway = await startGateway('abcdefghij-0123456789012345678901')
	const home = makeHome({ token: 'abcdefghij-0123456789012345678901' })
	const ran = await run(['--yes', '--json', '--url', gateway.url, '--token-file', 'token'], { home })
	const result = resultOf(ran)
	expect([ran.code, codesOf(result)]).toEqual([2, ['standalone-gateway']])
	expect(JSON.stringify(result.next)).toContain(`--gateway ${gateway.url}`)
	expect(gateway.requests.every(request => request.token === '')).toBe(true)
})

test('something else gets no token', async () => {
	const demo = await openDemo()
	const home = makeHome({ token: demo.token.reveal() })
	const args = ['--yes', '--json', '--url', demo.url, '--token-file', 'token']
	const other = resultOf(await run([...args, '--gateway', demo.url.replace('127.0.0.1', 'localhost')], { home }))
	expect(codesOf(other)).toContain('not-a-gateway')
	expect(demo.requests.filter(request => request.method === 'POST')).toEqual([])
	const plain = resultOf(await run([...args, '--gateway', 'http://gateway.example.com'], { home }))
	expect(codesOf(plain)).toEqual(['gateway-insecure'])
	expect(settingsText(home)).toBeNull()
})
