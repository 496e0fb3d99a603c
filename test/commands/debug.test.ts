import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { startDebugLog } from '../../source/runtime/debug-log.ts'
import { hostWith } from '../runtime-with.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { codesOf, makeHome, openDemo, program, resultOf, run, settingsIn } from './program.ts'

afterEach(endSessions)

const linesOf = (text: string) => text.split('\n').filter(line => line.startsWith('debug '))

describe('--debug', () => {
	it('logs versions, steps and requests with status and time, without the token, the query and values of variables', async () => {
		const demo = await openDemo()
		const token = demo.token.reveal()
		const home = makeHome({ token })
		const env = { CODER_SESSION_TOKEN: token, OPENAI_API_KEY: 'sk-proj-0123456789abcdefghijABCDEFGHIJ' }
		const ran = await run(['--yes', '--create-token', '--debug', '--url', demo.url, '--token-file', 'token'], {
			home,
			env,
		})
		expect(ran).toMatchObject({ code: 0, stdout: '' })
		const log = linesOf(ran.stderr)
		expect(log[0]).toContain(`start version=${packageJson.version} node=${process.version} platform=linux-`)
		expect(log[0]).toContain('CODER_SESSION_TOKEN')
		expect(log[1]).toContain('options=--yes --create-token --debug --url --token-file')
		expect(log.join('\n')).toMatch(/GET \/api\/v2\/buildinfo status=200 ms=\d+ origin=http:/)
		expect(log.join('\n')).toMatch(/POST \/api\/v2\/users\/\S+ status=201 ms=\d+/)
		expect(log.join('\n')).toContain('saved path=~/.mux/providers.jsonc')
		expect(log.at(-1)).toMatch(/^debug \d+\.\d{3} end code=0$/)
		// Every request of the run, and no secret of it: the given token, the created one, another service's key.
		expect(log.filter(line => /(?:GET|POST|DELETE) \//.test(line))).toHaveLength(demo.requests.length)
		const created = JSON.parse(readFileSync(settingsIn(home), 'utf8')).openai.apiKey
		for (const secret of [token, created, token.slice(11), created.slice(11), env.OPENAI_API_KEY])
			expect(ran.stderr).not.toContain(secret)
	})

	it('keeps JSON as it is, and names the findings of a failure', async () => {
		const ran = await run(['check', '--json', '--debug'], { home: makeHome() })
		const codes = codesOf(resultOf(ran))
		expect(codes.length).toBeGreaterThan(0)
		for (const code of codes) expect(ran.stderr).toContain(`finding code=${code} `)
		expect(ran.stderr).toContain(`end code=${ran.code}`)
	})

	it('logs to a file of its owner, anonymized, if asked', async () => {
		const demo = await openDemo({ hostname: 'localhost' })
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['--yes', '--debug=logs/wizard.log', '--anonymize', '--url', demo.url, '--token-file', 'token']
		const failed = await run(args, { home })
		expect(failed.code).toBe(2)
		expect(failed.stderr).toContain("Can't write the log to")
		mkdirSync(join(home, 'logs'))
		const ran = await run(args, { home })
		expect(ran.code).toBe(0)
		expect(linesOf(ran.stderr)).toEqual([])
		const path = join(home, 'logs/wizard.log')
		expect(statSync(path).mode & 0o777).toBe(0o600)
		const log = readFileSync(path, 'utf8')
		expect(log).toMatch(/GET \/api\/v2\/buildinfo .* origin=http:\/\/host-\d:/)
		expect(log).not.toContain('localhost')
		expect(log).not.toContain(home)
		expect(log).not.toContain(demo.token.reveal())
	})

	it('takes a file only behind =, and --anonymize only with it', async () => {
		const home = makeHome({ '.mux/providers.jsonc': '{}' })
		const ran = await run(['check', '--offline', '--debug', 'wizard.log'], { home })
		expect(ran.stderr).toContain('wizard.log')
		expect(ran.code).toBe(2)
		expect(existsSync(join(home, 'wizard.log'))).toBe(false)
		expect(codesOf(resultOf(await run(['check', '--json', '--anonymize'], { home })))).toEqual(['option-needs-another'])
	})

	it('comes after the screens, not between them', async () => {
		const session = await startInTerminal({ command: process.execPath, args: [program, '--debug'], rows: 60 })
		await session.waitFor('Which providers')
		expect(session.screen()).not.toContain('debug ')
		await session.press('enter')
		await session.waitFor('Coder URL')
		await session.press('ctrl-c')
		await session.exit
		const log = linesOf(session.scrollback())
		expect(log[0]).toContain('start version=')
		expect(log.join('\n')).toContain('step name=deployment input')
		expect(log.at(-1)).toContain('end code=130')
	})
})

describe('the log', () => {
	it('masks credentials, controls, the home directory and, if asked, hosts', () => {
		const lines: string[] = []
		const stderr = { write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream
		const runtime = hostWith({}, { stderr, homeDir: '/home/ana', hostname: 'anas-laptop' })
		const log = startDebugLog(runtime, { version: '1.0.0', anonymize: true })
		log.write('a', { path: '/home/ana/x', text: 'abcdefghij-abcdefghijabcdefghijab', odd: 'a\u001b[31mb\nc' })
		log.write('b', { origin: 'https://coder.example.com:8443', proxy: 'http://user:secret@example.com:3128/' })
		log.write('c', { reason: 'coder.example.com and anas-laptop', nothing: null })
		expect(lines.slice(1).map(line => line.replace(/^debug \S+ /, ''))).toEqual([
			'a path=~/x text=abcdefghij-•••••••••• odd=a b c\n',
			expect.stringMatching(/^b origin=https:\/\/host-2:8443 proxy=http:\/\/\S*host-3:3128\/\n$/),
			'c reason=host-2 and host-1\n',
		])
		expect(lines.join('')).not.toContain('secret')
	})
})
