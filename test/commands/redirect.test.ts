// Addresses that redirect to the deployment, on the built program.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { makeAuthority } from '../coder/certificates.ts'
import { closedPort, type Listening, listen } from '../coder/servers.ts'
import { codesOf, makeHome, openDemo, resultOf, run, settingsText } from './program.ts'

const servers: Listening[] = []
afterEach(() => Promise.all(servers.splice(0).map(server => server.close())))

/** A server that redirects everything, with the headers of each request. */
async function startRedirect(target: string) {
	const requests: string[] = []
	const server = await listen(
		createServer((message, response) => {
			requests.push(JSON.stringify(message.headers))
			response.writeHead(307, { location: `${target}${message.url}` }).end()
		}),
	)
	servers.push(server)
	return { port: server.port, requests }
}

test('https of the same host becomes the deployment, and the token goes to https alone', async () => {
	const authority = await makeAuthority()
	const demo = await openDemo({ tls: await authority.issue() })
	const redirect = await startRedirect(demo.url)
	const token = demo.token.reveal()
	const home = makeHome({ token, 'ca.pem': authority.cert })
	const env = { NODE_EXTRA_CA_CERTS: join(home, 'ca.pem') }
	const url = `http://127.0.0.1:${redirect.port}`
	const args = ['--yes', '--url', url, '--token-file', 'token']
	const ran = await run(args, { home, env })
	expect([ran.code, ran.stderr]).toEqual([0, expect.stringContaining('✔ Mux is connected to Coder AI Bridge')])
	expect(ran.stderr).toContain(`${demo.url}  redirected from ${url}`)
	expect(settingsText(home)).toContain(`${demo.url}/api/v2/aibridge/openai/v1`)
	expect(redirect.requests.length).toBe(1)
	expect(redirect.requests.join()).not.toContain(token)
	// Settings with the http address: Mux would send the token there.
	writeFileSync(join(home, '.mux/providers.jsonc'), (settingsText(home) ?? '').replaceAll(demo.url, url))
	const checked = await run(['check', '--json'], { home, env })
	expect(codesOf(resultOf(checked))).toContain('redirect-same-host')
	expect(resultOf(checked).verdict).toBe('problems')
	expect(redirect.requests.join()).not.toContain(token)
})

test('another address that is Coder is named, with the command to use it, and gets no token', async () => {
	const demo = await openDemo()
	const redirect = await startRedirect(demo.url)
	const home = makeHome({ token: demo.token.reveal() })
	const args = ['--yes', '--json', '--url', `http://localhost:${redirect.port}`, '--token-file', 'token']
	const ran = await run(args, { home })
	const result = resultOf(ran)
	expect([ran.code, codesOf(result), result.verdict]).toEqual([4, ['redirect-to-deployment'], 'not-saved'])
	expect(JSON.stringify(result.next)).toContain(`--url ${demo.url}`)
	expect(demo.requests.map(request => request.path)).toEqual(['/api/v2/buildinfo'])
	expect(JSON.stringify([redirect.requests, demo.requests])).not.toContain(demo.token.reveal())
	expect(settingsText(home)).toBeNull()
})

test('another address that does not answer is named all the same', async () => {
	const target = `http://127.0.0.1:${await closedPort()}`
	const redirect = await startRedirect(target)
	const home = makeHome({ token: 'abcdefghij-0123456789012345678901' })
	const args = ['--yes', '--json', '--url', `http://localhost:${redirect.port}`, '--token-file', 'token']
	const ran = await run(args, { home })
	const result = resultOf(ran)
	expect([ran.code, codesOf(result)]).toEqual([4, ['redirect-other-host']])
	expect(JSON.stringify(result.next)).toContain(`--url ${target}`)
})
