// The way to the deployment: names, ports, TLS and proxies, each failure by its own name, all over real sockets.
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createSecure } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { probeDeployment } from '../../../source/coder/check.ts'
import { createCoderClient } from '../../../source/coder/client.ts'
import { resolveProxy } from '../../../source/coder/http/proxy.ts'
import { loadCertificateAuthorities } from '../../../source/coder/http/tls.ts'
import type { HttpClientOptions } from '../../../source/coder/http/types.ts'
import { describeFinding as inWords } from '../../../source/findings/describe.ts'
import type { Finding } from '../../../source/findings/finding.ts'
import { exitCodeOf } from '../../../source/findings/severity.ts'
import type { Env } from '../../../source/runtime/runtime.ts'
import { Secret } from '../../../source/secrets/secret.ts'
import { type Demo, startDemo } from '../../fake-coder/fake-coder.ts'
import { hostWith } from '../../runtime-with.ts'
import { type Authority, makeAuthority, makeSelfSigned, type Pair } from '../certificates.ts'
import { closedPort, type Listening, listen, listenRaw, startProxy } from '../servers.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
	await Promise.all(open.splice(0).map(one => one.close()))
})
function keep<Thing extends { close(): unknown }>(thing: Thing): Thing {
	open.push(thing)
	return thing
}

const quick = { pausesMs: [1, 2], responseMs: 2_000 }

/** The finding for an address, or null where Coder answers. */
async function look(origin: string, env: Env = {}, options: HttpClientOptions = {}): Promise<Finding | null> {
	const client = createCoderClient(hostWith(env), {
		systemStores: [],
		...options,
		limits: { ...quick, ...options.limits },
	})
	try {
		const visited = await probeDeployment(client, { origin, insecure: false })
		return visited.ok ? null : visited.findings[0]
	} finally {
		client.close()
	}
}

const startServer = async (tls?: Pair): Promise<Demo> => keep(await startDemo(tls ? { tls } : {}))

let authority: Authority
let directory: string
let authorityFile: string
beforeAll(async () => {
	authority = await makeAuthority()
	directory = await mkdtemp(join(tmpdir(), 'authorities-'))
	authorityFile = join(directory, 'company ca.pem')
	await writeFile(authorityFile, authority.cert)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

describe('names and ports', () => {
	it('a host that no name server knows', async () => {
		const found = await look('https://no-such-host.invalid', {}, { limits: { responseMs: 8_000 } })
		expect(found?.code).toBe('host-not-found')
		expect(inWords(found!).headline).toContain('no-such-host.invalid')
	})

	it('nothing listens', async () => {
		const port = await closedPort()
		const found = await look(`http://127.0.0.1:${port}`)
		expect([found?.code, found?.details['port']]).toEqual(['connection-refused', port])
	})

	it('the connection is reset, three times', async () => {
		let times = 0
		const server = keep(
			await listenRaw(socket => {
				socket.once('data', data => {
					// The look for TLS at this port does not count.
					if (String(data).startsWith('GET')) times += 1
					socket.resetAndDestroy()
				})
			}),
		)
		expect((await look(`http://127.0.0.1:${server.port}`))?.code).toBe('connection-reset')
		expect(times).toBe(3)
	})

	it('no response in time', async () => {
		const server = keep(await listenRaw(() => {}))
		const found = await look(`http://127.0.0.1:${server.port}`, {}, { limits: { responseMs: 60 } })
		expect(found?.code).toBe('no-response')
	})

	it('no TLS handshake in time', async () => {
		const server = keep(await listenRaw(() => {}))
		expect((await look(`https://127.0.0.1:${server.port}`, {}, { limits: { responseMs: 60 } }))?.code).toBe(
			'no-response',
		)
	})

	it("a response that isn't HTTP", async () => {
		const server = keep(await listenRaw(socket => socket.end('SSH-2.0-OpenSSH_9.6\r\n')))
		expect((await look(`http://127.0.0.1:${server.port}`))?.code).toBe('response-invalid')
	})

	it('an upgrade to another protocol', async () => {
		const server = keep(
			await listenRaw(socket =>
				socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
			),
		)
		expect((await look(`http://127.0.0.1:${server.port}`))?.code).toBe('connection-reset')
	})
})

describe('the wrong scheme', () => {
	it('https to a plain port', async () => {
		const demo = await startServer()
		const found = await look(`https://127.0.0.1:${demo.port}`)
		expect(found?.code).toBe('https-to-plain-port')
		expect(inWords(found!).remedy).toContain(`http://127.0.0.1:${demo.port}`)
	})

	it("https to a plain port that hangs up on what it doesn't understand", async () => {
		const server = keep(
			await listenRaw(socket => {
				socket.once('data', data => {
					if (String(data).startsWith('GET')) socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
					else socket.resetAndDestroy()
				})
			}),
		)
		expect((await look(`https://127.0.0.1:${server.port}`))?.code).toBe('https-to-plain-port')
	})

	it('plain http to a TLS port', async () => {
		const demo = await startServer(await authority.issue())
		const found = await look(`http://127.0.0.1:${demo.port}`)
		expect(found?.code).toBe('http-to-tls-port')
		expect(inWords(found!).remedy).toContain(`https://127.0.0.1:${demo.port}`)
	})

	it.each([
		['Go', 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'],
		[
			'nginx',
			'HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>',
		],
		['a TLS alert', Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46])],
	])('plain http to the TLS port of %s', async (_, answer) => {
		const server = keep(await listenRaw(socket => socket.once('data', () => socket.end(answer))))
		expect((await look(`http://127.0.0.1:${server.port}`))?.code).toBe('http-to-tls-port')
	})
})

describe('certificates', () => {
	const faces = [
		['tls-self-signed-in-chain', () => authority.issueDeep({ withRoot: true })],
		['tls-unable-to-get-issuer', () => authority.issueDeep()],
		['tls-unable-to-verify-leaf', () => authority.issue()],
	] as const

	it.each(faces)('%s, unknown to the whole computer', async (code, makePair) => {
		const demo = await startServer(await makePair())
		const found = await look(demo.url)
		expect(found?.code).toBe(code)
		expect(exitCodeOf(found!)).toBe(4)
		expect(inWords(found!).remedy.join('\n')).toContain('export NODE_EXTRA_CA_CERTS=/path/to/company-ca.pem')
		expect(demo.requests).toEqual([])
	})

	it.each(faces)('%s, known to the system: Mux would reject it, and the line that helps', async (code, makePair) => {
		const demo = await startServer(await makePair())
		const found = await look(demo.url, {}, { systemStores: [join(directory, 'none.pem'), authorityFile] })
		expect([found?.code, found?.details['file']]).toEqual([code, authorityFile])
		expect(inWords(found!).reason).toContain('Mux would reject it too')
		expect(inWords(found!).remedy).toContain(`export NODE_EXTRA_CA_CERTS='${authorityFile}'`)
		expect(JSON.stringify(demo.requests)).not.toMatch(/token|authorization/i)
	})

	it('tls-self-signed-leaf', async () => {
		const demo = await startServer(await makeSelfSigned())
		expect((await look(demo.url))?.code).toBe('tls-self-signed-leaf')
	})

	it('NODE_EXTRA_CA_CERTS that names no certificate is reported', async () => {
		const demo = await startServer(await authority.issue())
		const found = await look(demo.url, { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' })
		expect(inWords(found!).reason).toContain("NODE_EXTRA_CA_CERTS is set, but its file /nowhere/ca.pem can't be used")
	})

	it('NODE_EXTRA_CA_CERTS with a ~ that no shell has expanded is reported', async () => {
		const demo = await startServer(await authority.issue())
		const found = await look(demo.url, { NODE_EXTRA_CA_CERTS: '~/ca.pem' })
		expect(inWords(found!).reason).toContain("begins with ~, which isn't expanded there: write $HOME instead")
	})

	it('--ca-file creates an authority known, besides the others', async () => {
		const demo = await startServer(await authority.issueDeep())
		expect(await look(demo.url, {}, { caFile: authorityFile })).toBeNull()
		const stranger = await startServer(await (await makeAuthority('Other')).issue())
		expect((await look(stranger.url, {}, { caFile: authorityFile }))?.code).toBe('tls-unable-to-verify-leaf')
	})

	it('--ca-file leaves Node’s own authorities and those of NODE_EXTRA_CA_CERTS in place', async () => {
		const other = await makeAuthority('Other')
		const otherFile = join(directory, 'other.pem')
		await writeFile(otherFile, other.cert)
		const demo = await startServer(await authority.issue())
		expect(await look(demo.url, { NODE_EXTRA_CA_CERTS: authorityFile }, { caFile: otherFile })).toBeNull()
		const trusted = await loadCertificateAuthorities(hostWith(), otherFile)
		expect(trusted.ok && trusted.ca).toEqual(expect.arrayContaining([rootCertificates[0], other.cert]))
	})

	it("--ca-file that can't be used", async () => {
		const demo = await startServer(await authority.issue())
		await writeFile(join(directory, 'text.pem'), 'hello')
		const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
		await writeFile(join(directory, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
		await writeFile(join(directory, 'junk.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
		for (const name of ['missing.pem', 'text.pem', 'key.pem', 'junk.pem', '.']) {
			const found = await look(demo.url, {}, { caFile: join(directory, name) })
			expect([name, found?.code]).toEqual([name, 'ca-file-unreadable'])
		}
	})

	it('for another host, with the names it is for', async () => {
		const demo = await startServer(await authority.issue({ names: ['coder.example.com', '*.apps.example.com'] }))
		const found = await look(demo.url, {}, { caFile: authorityFile })
		expect(found?.code).toBe('certificate-other-host')
		expect(inWords(found!).reason).toContain('coder.example.com, *.apps.example.com')
	})

	it('expired, and not yet valid', async () => {
		const past = await startServer(await authority.issue({ notAfter: new Date(Date.now() - 1000) }))
		expect((await look(past.url, {}, { caFile: authorityFile }))?.code).toBe('certificate-expired')
		const future = await startServer(await authority.issue({ notBefore: new Date(Date.now() + 86_400_000) }))
		expect((await look(future.url, {}, { caFile: authorityFile }))?.code).toBe('certificate-not-yet-valid')
	})

	it('a client certificate is asked for', async () => {
		const pair = await authority.issue()
		const server = createSecure({ ...pair, requestCert: true, rejectUnauthorized: true }, (_, response) =>
			response.end(),
		)
		server.on('tlsClientError', () => {})
		const { port } = keep(await listen(server))
		const found = await look(`https://127.0.0.1:${port}`, {}, { caFile: authorityFile })
		expect(found?.code).toBe('tls-client-certificate')
	})

	it('an old protocol', async () => {
		const server = createSecure({ ...(await authority.issue()), maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })
		server.on('tlsClientError', () => {})
		const { port } = keep(await listen(server))
		expect((await look(`https://127.0.0.1:${port}`, {}, { caFile: authorityFile }))?.code).toBe('tls-failed')
	})
})

describe('a proxy', () => {
	const password = 's3cr%40t-of-the-proxy'
	/** The address of a server by a name, which the proxies here know: loopback never goes through a proxy. */
	const named = (server: { url: string }) => server.url.replace('127.0.0.1', 'coder.test')
	const here = (proxy: Listening, user = '') => `http://${user ? `${user}@` : ''}127.0.0.1:${proxy.port}`

	it('is used for https, by a tunnel', async () => {
		const demo = await startServer(await authority.issue({ names: ['coder.test'] }))
		const proxy = keep(await startProxy())
		const found = await look(`https://coder.test:${demo.port}`, { HTTPS_PROXY: here(proxy) }, { caFile: authorityFile })
		expect(found).toBeNull()
		expect(proxy.asked).toEqual([`coder.test:${demo.port}`])
	})

	it('is named in words, without its user and password', async () => {
		const demo = await startServer()
		const proxy = keep(await startProxy({ user: 'ada', password: 's3cr@t-of-the-proxy' }))
		const client = keep(createCoderClient(hostWith({ http_proxy: here(proxy, `ada:${password}`) })))
		const visited = await probeDeployment(client, { origin: named(demo), insecure: false })
		expect(visited.findings.map(issue => issue.code)).toEqual(['proxy-in-use'])
		const { headline, reason } = inWords(visited.findings[0]!)
		expect(headline).toContain(`127.0.0.1:${proxy.port}`)
		expect(`${headline} ${reason}`).toContain('http_proxy')
		expect(`${headline} ${reason}`).not.toMatch(/ada|s3cr/)
	})

	it('keeps the tunnels for the next requests', async () => {
		const demo = await startServer(await authority.issue({ names: ['coder.test'] }))
		const proxy = keep(await startProxy())
		const client = keep(createCoderClient(hostWith({ https_proxy: here(proxy) }), { caFile: authorityFile }))
		for (let times = 0; times < 3; times++) {
			expect((await client.request({ origin: named(demo), path: '/api/v2/buildinfo' })).ok).toBe(true)
		}
		expect(proxy.asked.length).toBe(1)
	})

	it('is used for http, with its user and password', async () => {
		const demo = await startServer()
		const proxy = keep(await startProxy({ user: 'ada', password: 's3cr@t-of-the-proxy' }))
		expect(await look(named(demo), { http_proxy: here(proxy, `ada:${password}`) })).toBeNull()
		// With CONNECT, as Mux does it.
		expect(proxy.asked).toEqual([`coder.test:${demo.port}`])
	})

	it("gets its user and password with CONNECT, and the deployment doesn't", async () => {
		const demo = await startServer(await authority.issue({ names: ['coder.test'] }))
		const proxy = keep(await startProxy({ user: 'ada', password: 's3cr@t-of-the-proxy' }))
		const environment = { HTTPS_PROXY: here(proxy, `ada:${password}`) }
		expect(await look(named(demo), environment, { caFile: authorityFile })).toBeNull()
		expect(JSON.stringify(demo.requests)).not.toContain('proxy-authorization')
	})

	it('can itself speak TLS', async () => {
		const demo = await startServer(await authority.issue({ names: ['coder.test'] }))
		const proxy = keep(await startProxy({ tls: await authority.issue() }))
		const environment = { HTTPS_PROXY: `https://localhost:${proxy.port}` }
		expect(await look(named(demo), environment, { caFile: authorityFile })).toBeNull()
		expect(proxy.asked.length).toBe(1)
	})

	it.each(['http', 'https'])('asks for a password (%s)', async scheme => {
		const demo = await startServer(scheme === 'https' ? await authority.issue({ names: ['coder.test'] }) : undefined)
		const proxy = keep(await startProxy({ user: 'ada', password: 'right' }))
		for (const user of ['', 'ada:wr0ng-password']) {
			const environment = { [`${scheme}_proxy`]: here(proxy, user) }
			const found = await look(named(demo), environment, { caFile: authorityFile })
			expect(found?.code).toBe('proxy-needs-password')
			expect(JSON.stringify(inWords(found!))).toContain(`127.0.0.1:${proxy.port}`)
			expect(JSON.stringify([found, inWords(found!)])).not.toContain('wr0ng-password')
		}
	})

	it.each([
		['http', 403],
		['https', 403],
		['http', 503],
		['https', 503],
	])('rejects (%s, %i)', async (scheme, refuse) => {
		const demo = await startServer(scheme === 'https' ? await authority.issue({ names: ['coder.test'] }) : undefined)
		const proxy = keep(await startProxy({ refuse }))
		const found = await look(named(demo), { [`${scheme}_proxy`]: here(proxy) }, { caFile: authorityFile })
		expect([found?.code, found?.details['status']]).toEqual(['proxy-refused', refuse])
		expect(demo.requests).toEqual([])
	})

	it.each(['http', 'https'])("isn't there (%s)", async scheme => {
		const port = await closedPort()
		const environment = { [`${scheme}_proxy`]: `http://ada:hunter2@127.0.0.1:${port}` }
		const found = await look(`${scheme}://coder.test:1`, environment)
		expect(found?.code).toBe('proxy-refused')
		expect(inWords(found!).reason).toContain('Nothing is listening there')
		expect(JSON.stringify([found, inWords(found!)])).not.toContain('hunter2')
	})

	it('never responses', async () => {
		const proxy = keep(await listenRaw(() => {}))
		const environment = { https_proxy: here(proxy) }
		const found = await look('https://coder.test:1', environment, { limits: { responseMs: 60 } })
		expect(found?.code).toBe('no-response')
	})

	it('responses CONNECT without an end', async () => {
		const proxy = keep(
			await listenRaw(socket => {
				socket.write('HTTP/1.1 200 OK\r\n')
				const more = () => socket.write('X-Pad: '.padEnd(4_000, 'x').concat('\r\n'), error => error || more())
				more()
			}),
		)
		expect((await look('https://coder.test:1', { https_proxy: here(proxy) }))?.code).toBe('proxy-refused')
	})

	it("isn't an HTTP proxy", async () => {
		for (const value of ['socks5://127.0.0.1:1080', 'http://:0:0', 'ftp://proxy']) {
			expect((await look('https://coder.test:1', { HTTPS_PROXY: value }))?.code).toBe('proxy-url-invalid')
		}
	})

	it('is needed if only one that Mux ignores is named', async () => {
		const port = await closedPort()
		for (const env of [
			{ ALL_PROXY: 'http://u:hunter2@proxy.example.com:3128' },
			{ https_proxy: '', HTTPS_PROXY: 'http://u:hunter2@proxy.example.com:3128' },
		]) {
			const found = await look(`https://127.0.0.1:${port}`, env)
			expect(found?.code).toBe('proxy-needed')
			expect(inWords(found!).remedy.at(-1)).toMatch(/^export https_proxy=http:\/\/proxy\.example\.com:3128$/i)
			expect(JSON.stringify([found, inWords(found!)])).not.toContain('hunter2')
		}
		const found = await look(`http://127.0.0.1:${port}`, { HTTPS_PROXY: 'http://u:hunter2@proxy.example.com:3128' })
		expect(found?.code).toBe('proxy-needed')
		expect(inWords(found!).remedy).toContain('export HTTP_PROXY=http://proxy.example.com:3128')
		expect(JSON.stringify([found, inWords(found!)])).not.toContain('hunter2')
	})

	it('is needed, if one responses in between and none is named', async () => {
		const server = keep(
			await listenRaw(socket =>
				socket.once('data', () =>
					socket.end(
						'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n',
					),
				),
			),
		)
		expect((await look(`http://127.0.0.1:${server.port}`))?.code).toBe('proxy-needed')
	})

	it('is left out by NO_PROXY', () => {
		const proxyFor = (env: Env) =>
			resolveProxy({ http_proxy: 'http://127.0.0.1:1', ...env }, 'http://10.1.2.3:8080').status
		for (const none of ['*', '10.1.2.3', '10.1.2.3:8080', 'example.com, 10.1.2.3', '.2.3', '*.2.3'])
			expect([none, proxyFor({ NO_PROXY: none })]).toEqual([none, 'none'])
		for (const other of ['10.1.2.3:1', 'example.com', '0.1.2.3', ''])
			expect([other, proxyFor({ no_proxy: other })]).toEqual([other, 'proxy'])
	})

	it("isn't used for this machine, and a warning says that Mux would use it", async () => {
		const demo = await startServer()
		const proxy = keep(await startProxy())
		const client = keep(createCoderClient(hostWith({ HTTP_PROXY: here(proxy), NO_PROXY: 'intranet' })))
		for (const host of ['127.0.0.1', 'localhost', 'coder.localhost']) {
			const probe = await probeDeployment(client, { origin: `http://${host}:${demo.port}`, insecure: false })
			expect(probe.findings.map(issue => issue.code)).toEqual(['loopback-through-proxy'])
			expect(inWords(probe.findings[0]!).remedy).toContain(`export NO_PROXY=intranet,${host}`)
		}
		expect(proxy.asked).toEqual([])
	})

	it('is left out if its variable in lower case is empty, as in Mux', () => {
		const env = { http_proxy: '', HTTP_PROXY: 'http://127.0.0.1:1' }
		expect(resolveProxy(env, 'http://10.1.2.3:8080')).toEqual({ status: 'none' })
	})

	it('gets an advised NO_PROXY that keeps what was there', async () => {
		const found = await look('http://coder.test:8080', {
			HTTP_PROXY: 'http://127.0.0.1:1',
			no_proxy: 'intranet, .corp',
		})
		expect(inWords(found!).remedy).toContain('export no_proxy=intranet, .corp,coder.test:8080')
	})

	it('is named with a way out if it offers only NTLM or Negotiate', async () => {
		const head = 'HTTP/1.1 407 Denied\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Negotiate abc\r\n\r\n'
		const proxy = keep(await listenRaw(socket => socket.once('data', () => socket.end(head))))
		const found = await look('https://coder.test', { HTTPS_PROXY: here(proxy) })
		const { headline, remedy } = inWords(found!)
		expect(headline).toContain('requires NTLM and Negotiate')
		expect(remedy.join(' ')).toContain('local relay')
	})

	it('with a private authority gets the advice for authorities', async () => {
		const proxy = keep(await startProxy({ tls: await authority.issue() }))
		const found = await look('https://coder.test', { HTTPS_PROXY: `https://localhost:${proxy.port}` })
		expect(found?.code).toMatch(/^tls-/)
		expect(JSON.stringify(inWords(found!))).toContain('NODE_EXTRA_CA_CERTS')
	})

	it('is named without its password', () => {
		const client = keep(createCoderClient(hostWith({ HTTPS_PROXY: 'http://ada:hunter2@proxy.example.com:3128' })))
		expect(client.proxyOf('https://coder.example.com')).toEqual({
			name: 'http://proxy.example.com:3128',
			variable: 'HTTPS_PROXY',
		})
		expect(client.proxyOf('http://coder.example.com')).toBeNull()
	})

	it('sees no token of an https deployment', async () => {
		const demo = await startServer(await authority.issue({ names: ['coder.test'] }))
		const heard: Buffer[] = []
		const proxy = keep(await startProxy())
		const spy = keep(
			await listenRaw(socket => {
				import('node:net').then(({ connect }) => {
					const onward = connect(proxy.port, '127.0.0.1')
					socket.on('data', data => heard.push(data))
					socket.pipe(onward).pipe(socket)
					onward.on('error', () => socket.destroy())
					socket.on('close', () => onward.destroy())
				})
			}),
		)
		const client = keep(createCoderClient(hostWith({ HTTPS_PROXY: here(spy) }), { caFile: authorityFile }))
		const token = { secret: new Secret('abcdefghij-0123456789012345678901'), as: 'Coder-Session-Token' as const }
		await client.request({ origin: named(demo), path: '/api/v2/users/me', token })
		expect(demo.requests.at(-1)?.headers['coder-session-token']).toBe(token.secret.reveal())
		expect(Buffer.concat(heard).toString('latin1')).toContain('CONNECT')
		expect(Buffer.concat(heard).toString('latin1')).not.toContain('abcdefghij')
	})
})

describe('with NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
	const name = 'NODE_TLS_REJECT_UNAUTHORIZED'
	const token = new Secret('abcdefghij-ABCDEFGHIJKLMNOPQRSTUV')
	beforeAll(() => {
		process.env[name] = '0'
	})
	afterAll(() => {
		delete process.env[name]
	})

	/** Tries to send the token, through a proxy that connects every name to this machine. */
	async function send(pair: Pair, options: HttpClientOptions = {}) {
		const demo = await startServer(pair)
		const results: unknown[] = []
		for (const isSecure of [false, true]) {
			const proxy = keep(await startProxy(isSecure ? { tls: await authority.issue() } : {}))
			const env = { [name]: '0', HTTPS_PROXY: `${isSecure ? 'https' : 'http'}://localhost:${proxy.port}` }
			const client = keep(createCoderClient(hostWith(env), { systemStores: [], ...options, limits: quick }))
			const sent = { secret: token, as: 'Coder-Session-Token' } as const
			const origin = `https://coder.test:${demo.port}`
			const result = await client.request({ origin, path: '/api/v2/users/me', token: sent })
			results.push(result.ok ? 'sent' : result.finding.code)
		}
		return { results, requests: JSON.stringify(demo.requests) }
	}

	it.each([
		['self-signed', () => makeSelfSigned({ names: ['coder.test'] }), 'tls-self-signed-leaf'],
		[
			'expired',
			() => authority.issue({ names: ['coder.test'], notAfter: new Date(Date.now() - 1000) }),
			'certificate-expired',
		],
		["another host's", () => authority.issue({ names: ['other.test'] }), 'certificate-other-host'],
	])('sends no token to a server with a certificate that is %s', async (_, issue, code) => {
		const { results, requests } = await send(await issue(), { caFile: authorityFile })
		expect(results).toEqual([code, code])
		expect(requests).toBe('[]')
	})

	it('sends nothing through a proxy whose certificate is unknown', async () => {
		const { results } = await send(await authority.issue({ names: ['coder.test'] }))
		expect(results).toEqual([expect.stringMatching(/^tls-/), expect.stringMatching(/^tls-/)])
	})

	it('still reaches a server with a good certificate', async () => {
		const { results } = await send(await authority.issue({ names: ['coder.test'] }), { caFile: authorityFile })
		expect(results).toEqual(['sent', 'sent'])
	})
})

it('sends no token if NODE_DEBUG would print it', async () => {
	const demo = await startServer()
	const client = keep(createCoderClient(hostWith({ NODE_DEBUG: 'fs,http' })))
	const sent = { secret: new Secret('abcdefghij-ABCDEFGHIJKLMNOPQRSTUV'), as: 'Coder-Session-Token' } as const
	const result = await client.request({ origin: demo.url, path: '/api/v2/users/me', token: sent })
	expect(result).toMatchObject({ ok: false, finding: { code: 'debug-prints-token' } })
	expect(demo.requests).toEqual([])
})
