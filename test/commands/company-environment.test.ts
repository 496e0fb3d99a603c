// The guarantees of SECURITY.md, held to the built program in the environments that companies have: certificate checks
// switched off for everything, proxies, debug output, options for every Node.js process.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Authority, makeAuthority, makeSelfSigned, type Pair } from '../coder/certificates.ts'
import { listen, listenRaw, startProxy } from '../coder/servers.ts'
import { codesOf, makeHome, openDemo, program, type Ran, resultOf, run, settingsIn } from './program.ts'

let authority: Authority
beforeAll(async () => {
	authority = await makeAuthority()
})

const closing: { close(): Promise<void> }[] = []
afterEach(async () => {
	await Promise.all(closing.splice(0).map(each => each.close()))
})
const keep = <Server extends { close(): Promise<void> }>(server: Server): Server => {
	closing.push(server)
	return server
}

/** A demo behind TLS with this certificate, a home with its token, and what a run needs. */
async function secureDemo(pair: Pair) {
	const demo = await openDemo({ tls: pair })
	const home = makeHome({ token: demo.token.reveal(), 'ca.pem': authority.cert })
	return { demo, home, args: ['-y', '-u', demo.url, '--token-file', 'token', '--ca-file', 'ca.pem', '--json'] }
}

/** The secret part of the token. */
const secretOf = (token: string) => token.slice(11)

/** Every file below a directory that contains the text. */
function filesWith(directory: string, text: string): string[] {
	return readdirSync(directory, { recursive: true, encoding: 'utf8' })
		.filter(name => statSync(join(directory, name)).isFile() && readFileSync(join(directory, name)).includes(text))
		.sort()
}

const shown = ({ stdout, stderr }: Ran) => stdout + stderr

describe('with NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
	const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }

	it.each<[string, () => Promise<Pair>, string]>([
		['nobody signed', () => makeSelfSigned(), 'tls-self-signed-leaf'],
		['has expired', () => authority.issue({ notAfter: new Date(Date.now() - 1000) }), 'certificate-expired'],
		["is another host's", () => authority.issue({ names: ['other.test'] }), 'certificate-other-host'],
	])('sends nothing to a server whose certificate %s', async (_, issue, code) => {
		const { demo, home, args } = await secureDemo(await issue())
		for (const options of [args, [...args, '--create-token'], [...args, '--print-env', 'sh']]) {
			const ran = await run(
				options.filter(each => !(options.includes('--print-env') && each === '-y')),
				{ home, env },
			)
			expect(codesOf(resultOf(ran))).toContain(code)
			expect(ran.code).toBe(4)
		}
		expect(demo.requests).toEqual([])
		expect(existsSync(settingsIn(home))).toBe(false)
	})

	it('works with a good certificate, and says that Mux is unsafe like this', async () => {
		const { home, args } = await secureDemo(await authority.issue())
		const ran = await run(args, { home, env })
		expect(codesOf(resultOf(ran))).toContain('tls-verification-off')
		expect(existsSync(settingsIn(home))).toBe(true)
	})
})

describe('with a proxy', () => {
	it('shows no part of the token of an https deployment to it', async () => {
		// By a name, which the proxy knows: this machine's own addresses never go through a proxy.
		const { demo, home, args: direct } = await secureDemo(await authority.issue({ names: ['coder.test'] }))
		const args = direct.map(arg => arg.replace('127.0.0.1', 'coder.test'))
		const proxy = keep(await startProxy())
		const heard: Buffer[] = []
		const spy = keep(
			await listenRaw(async socket => {
				socket.on('data', data => heard.push(data))
				const { connect } = await import('node:net')
				const onward = connect(proxy.port, '127.0.0.1')
				socket.pipe(onward).pipe(socket)
				onward.on('error', () => socket.destroy())
				socket.on('close', () => onward.destroy())
			}),
		)
		const address = `http://ada:hunter2@127.0.0.1:${spy.port}`
		const ran = await run(args, { home, env: { HTTPS_PROXY: address, HTTP_PROXY: address } })
		expect(ran.code).toBe(0)
		expect(demo.requests.length).toBeGreaterThan(3)
		const bytes = Buffer.concat(heard).toString('latin1')
		expect(bytes).toContain(`CONNECT coder.test:${new URL(demo.url).port}`)
		expect(bytes).not.toContain(demo.token.keyId)
		expect(bytes).not.toContain(secretOf(demo.token.reveal()))
		expect(shown(ran)).not.toContain('hunter2')
	})

	it('contacts no other host than the deployment, whatever the run', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const proxy = keep(await startProxy())
		const env = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
		const url = demo.url.replace('127.0.0.1', 'coder.test')
		await run(['-y', '-u', url, '--token-file', 'token'], { home, env })
		for (const args of [['check'], ['undo'], ['remove', '--yes'], ['--help'], ['--version'], ['completion', 'bash']])
			await run(args, { home, env })
		expect(proxy.asked.length).toBeGreaterThan(3)
		// CONNECT has the host alone.
		const hosts = proxy.asked.map(url => url.replace(/^http:\/\//, '').replace(/\/.*/, ''))
		expect(new Set(hosts)).toEqual(new Set([new URL(url).host]))
	})
})

describe('a redirect', () => {
	it('gets no token', async () => {
		const requests: string[] = []
		const { createServer } = await import('node:http')
		const thief = keep(
			await listen(
				createServer((message, response) => {
					requests.push(JSON.stringify(message.headers))
					response.end('{}')
				}),
			),
		)
		const server = keep(
			await listen(
				createServer((message, response) => {
					requests.push(JSON.stringify(message.headers))
					response.writeHead(302, { location: `http://127.0.0.1:${thief.port}${message.url}` }).end()
				}),
			),
		)
		const token = 'Zq3h7Lk2aB-8sQ9xYtR5mNp4vWc6dEf1g'
		const home = makeHome({ token })
		const ran = await run(['-y', '-u', `http://127.0.0.1:${server.port}`, '--token-file', 'token'], { home })
		expect(ran.code).toBe(4)
		expect(requests.length).toBeGreaterThan(0)
		expect(requests.join()).not.toContain('Zq3h7Lk2aB')
	})
})

describe('debug output and options of Node.js', () => {
	const variables: readonly (readonly [name: string, value: string])[] = [
		['NODE_DEBUG', 'http'],
		['NODE_DEBUG', 'https,tls,net'],
		['NODE_DEBUG', '*'],
		['NODE_DEBUG', 'HTTP*'],
		['NODE_DEBUG', 'fs,stream,module,child_process,timer'],
		['NODE_DEBUG', 'x, http'],
		['NODE_DEBUG_NATIVE', 'http,tls'],
		['NODE_OPTIONS', '--trace-warnings --trace-deprecation'],
		['NODE_OPTIONS', '--report-uncaught-exception --report-on-fatalerror --report-on-signal'],
		['NODE_OPTIONS', '--trace-event-categories=node.http,node.fs.sync,node.async_hooks,v8'],
		['NODE_OPTIONS', '--insecure-http-parser --max-http-header-size=64000'],
		['NODE_OPTIONS', '--require=./list-arguments.cjs'],
		['NODE_V8_COVERAGE', './coverage'],
		['NODE_USE_ENV_PROXY', '1'],
		['DEBUG', '*'],
		['DEV', 'true'],
	]

	it.each(variables)('%s=%s shows no token, and stores none but in the settings', async (name, value) => {
		const demo = await openDemo()
		const secret = secretOf(demo.token.reveal())
		const listArguments = "require('node:fs').appendFileSync('arguments', process.argv.join(' ') + '\\n')"
		const home = makeHome({ token: demo.token.reveal(), 'list-arguments.cjs': listArguments })
		const env = { [name]: value }
		const runs = [
			await run(['-y', '-u', demo.url, '--token-file', 'token'], { home, env }),
			await run(['check'], { home, env }),
			await run(['-y', '-u', demo.url, '--token-stdin', '--json'], { home, env, input: demo.token.reveal() }),
			await run(['-y', '-u', 'http://127.0.0.1:9', '--token-file', 'token'], { home, env }),
		]
		for (const ran of runs) expect(shown(ran)).not.toContain(secret)
		expect(
			filesWith(home, secret).filter(file => !/^(?:token|\.mux\/providers\.jsonc(?:\..*bak)?)$/.test(file)),
		).toEqual([])
	})
})

it('never shows a token in the process list', async () => {
	const demo = await openDemo()
	const home = makeHome({ token: demo.token.reveal() })
	writeFileSync(
		join(home, 'ps.cjs'),
		`const { execFileSync } = require('node:child_process')
		process.on('exit', () => require('node:fs').appendFileSync('list', execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(process.pid)])))`,
	)
	execFileSync(process.execPath, ['--check', join(home, 'ps.cjs')])
	const args = ['--require', join(home, 'ps.cjs'), program, '-y', '-u', demo.url, '--token-file', 'token']
	expect((await run(args, { home, command: process.execPath })).code).toBe(0)
	expect(readFileSync(join(home, 'list'), 'utf8')).toContain('cli.cjs')
	expect(readFileSync(join(home, 'list'), 'utf8')).not.toContain(secretOf(demo.token.reveal()))
})
