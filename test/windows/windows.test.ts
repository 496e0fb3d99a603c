// The program on Windows, from the first start to the removal.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Demo, startDemo } from '../../source/demo/deployment.ts'
import { linesFor, value } from '../shell/values.ts'
import { missingProgram, type Ran, WindowsMachine } from './windows.ts'

beforeEach(context => {
	context.skip(missingProgram !== null, `needs ${missingProgram}`)
})

let machine: WindowsMachine
let demo: Demo
beforeAll(async () => {
	if (missingProgram) return
	machine = new WindowsMachine()
	demo = await startDemo({})
})
afterAll(async () => {
	machine?.remove()
	await demo?.close()
})

const settingsIn = (home: string) => join(home, '.mux', 'providers.jsonc')
const settingsText = (home: string) => readFileSync(settingsIn(home), 'utf8')
const makeHome = (files: Record<string, string> = {}) => machine.makeHome({ token: demo.token.reveal(), ...files })
const setUp = (home: string, ...more: string[]) =>
	machine.run(['-y', '-u', demo.url, '--token-file', 'token', ...more], home)
const jsonOf = ({ stdout }: Ran) => JSON.parse(stdout)

describe('the settings', () => {
	it('are saved in the profile, checked, undone and removed', async () => {
		// HOME isn't the home directory on Windows, and Git Bash sets it.
		const other = makeHome()
		const home = makeHome()
		const saved = await machine.run(['-y', '-u', demo.url, '--token-file', 'token'], home, {
			env: { HOME: machine.pathOf(other), SHELL: '/usr/bin/bash' },
		})
		expect(saved.stderr).toContain('Mux is connected to Coder AI Bridge')
		expect(saved.stderr).toContain('both answered')
		expect(saved.code).toBe(0)
		expect(existsSync(settingsIn(other))).toBe(false)
		const text = settingsText(home)
		expect(JSON.parse(text).openai).toEqual({
			apiKey: demo.token.reveal(),
			baseUrl: `${demo.url}/api/v2/aibridge/openai/v1`,
		})

		const check = await machine.run(['check'], home)
		expect(check.stdout + check.stderr).toContain('Everything works.')
		expect(check.code).toBe(0)

		expect((await machine.run(['remove', '--yes'], home)).code).toBe(0)
		expect(settingsText(home)).not.toContain(demo.token.reveal())
		expect((await machine.run(['undo'], home)).code).toBe(0)
		expect(settingsText(home)).toBe(text)
		expect((await machine.run(['undo'], home)).code).toBe(0)
		expect(existsSync(settingsIn(home))).toBe(false)
		expect(readdirSync(join(home, '.mux')).filter(name => /lock|tmp/.test(name))).toEqual([])
	})

	it('keep the line endings of Windows, and every other byte', async () => {
		const before = '{\r\n\t// mine\r\n\t"xai": { "apiKey": "xai-1" },\r\n}\r\n'
		const home = makeHome({ '.mux/providers.jsonc': before })
		expect((await setUp(home, '--provider', 'openai')).code).toBe(0)
		const after = settingsText(home)
		expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
		expect(after).toContain('\t// mine\r\n\t"xai": { "apiKey": "xai-1" },\r\n')
		expect((await machine.run(['undo'], home)).code).toBe(0)
		expect(settingsText(home)).toBe(before)
	})

	it('are found by MUX_ROOT and --settings, with paths of Windows', async () => {
		const home = makeHome()
		const place = join(home, 'other place')
		const saved = await machine.run(['-y', '--no-check', '-u', demo.url, '--token-file', 'token'], home, {
			env: { MUX_ROOT: machine.pathOf(place) },
		})
		expect(saved.code).toBe(0)
		expect(readFileSync(join(place, 'providers.jsonc'), 'utf8')).toContain(demo.token.reveal())
		const named = await setUp(home, '--no-check', '--json', '--settings', '~\\mine.jsonc')
		expect(named.code).toBe(0)
		expect(jsonOf(named).settingsFile).toBe(machine.pathOf(join(home, 'mine.jsonc')))
		expect(readFileSync(join(home, 'mine.jsonc'), 'utf8')).toContain(demo.token.reveal())
	})

	it('are written while a virus scanner has the file open, and left alone if it never closes it', async () => {
		const home = makeHome({ '.mux/providers.jsonc': '{}' })
		const preload = join(home, 'scanner.cjs')
		const blockedFor = (times: number) =>
			writeFileSync(
				preload,
				`const fs = require('node:fs/promises')
				const { rename } = fs
				let left = ${times}
				fs.rename = async (from, to) => {
					if (/providers\\.jsonc$/.test(to) && left-- > 0) throw Object.assign(new Error('EPERM'), { code: 'EPERM' })
					return rename(from, to)
				}
				require('node:module').syncBuiltinESMExports()`,
			)
		const args = ['-y', '--no-check', '-u', demo.url, '--token-file', 'token']
		blockedFor(1_000)
		expect((await machine.run(args, home, { preload })).code).not.toBe(0)
		expect(settingsText(home)).toBe('{}')
		blockedFor(5)
		expect((await machine.run(args, home, { preload })).code).toBe(0)
		expect(settingsText(home)).toContain(demo.token.reveal())
	})

	it('are written by several at once, one after the other', async () => {
		const home = makeHome()
		const providers = ['openai', 'anthropic']
		const runs = await Promise.all(providers.map(provider => setUp(home, '--no-check', '--provider', provider)))
		// Who planned for a file that another one has changed meanwhile writes nothing.
		const saved = providers.filter((_, at) => runs[at]?.code === 0)
		expect(saved.length).toBeGreaterThan(0)
		expect(Object.keys(JSON.parse(settingsText(home))).sort()).toEqual(saved.sort())
	})
})

describe('the token', () => {
	it('is stored in a file of its own, followed by check and deleted by remove', async () => {
		const home = makeHome()
		expect((await setUp(home, '--store-token', 'file')).code).toBe(0)
		const name = `coder-session-token-${demo.token.keyId}`
		expect(readFileSync(join(home, '.mux', name), 'utf8').trim()).toBe(demo.token.reveal())
		expect(settingsText(home)).not.toContain(demo.token.reveal())
		expect((await machine.run(['check'], home)).code).toBe(0)
		expect((await machine.run(['remove', '--yes'], home)).code).toBe(0)
		expect(existsSync(join(home, '.mux', name))).toBe(false)
	})

	it('is as private as the profile: Windows has no mode 0600, so no message mentions one', async () => {
		const home = makeHome()
		const saved = await setUp(home, '--json')
		expect(JSON.stringify(jsonOf(saved))).not.toMatch(/chmod|readable-by-others|0600/)
		const check = await machine.run(['check', '--offline', '--json'], home)
		expect(JSON.stringify(jsonOf(check))).not.toMatch(/chmod|readable-by-others|0600/)
	})

	it('is found where the Coder CLI stores its login', async () => {
		const home = makeHome({
			'AppData/Roaming/coderv2/url': demo.url,
			'AppData/Roaming/coderv2/session': demo.token.reveal(),
		})
		const saved = await machine.run(['-y', '--json'], home)
		expect(saved.code).toBe(0)
		expect(jsonOf(saved).token.keyId).toBe(demo.token.keyId)
	})

	it('never shows', async () => {
		const home = makeHome()
		const runs = [await setUp(home), await machine.run(['check'], home), await machine.run(['remove', '--yes'], home)]
		for (const { stdout, stderr } of runs) expect(stdout + stderr).not.toContain(demo.token.reveal().slice(11))
		const refused = await machine.run(['-y', '--token-file', demo.token.reveal()], home)
		expect(refused.stdout + refused.stderr).not.toContain(demo.token.reveal().slice(11))
		expect(refused.code).toBe(2)
	})
})

describe('export lines for the command prompt', () => {
	const readVariables = ({ stdout }: Ran) =>
		Object.fromEntries(
			stdout
				.split(/\r?\n/)
				.filter(line => /^(?:OPENAI|ANTHROPIC)_/.test(line))
				.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
		)
	const expected = () => ({
		ANTHROPIC_API_KEY: demo.token.reveal(),
		ANTHROPIC_BASE_URL: `${demo.url}/api/v2/aibridge/anthropic`,
		OPENAI_API_KEY: demo.token.reveal(),
		OPENAI_BASE_URL: `${demo.url}/api/v2/aibridge/openai/v1`,
	})

	it('set the variables', async () => {
		const home = makeHome()
		const lines = await machine.run(['--print-env', 'cmd', '-u', demo.url, '--token-file', 'token'], home)
		expect(lines.code).toBe(0)
		expect(readVariables(await machine.batch(`${lines.stdout}@set\n`, home))).toEqual(expected())
	})

	it('are the default of a command prompt', async () => {
		const home = makeHome()
		const args = ['--print-env', '-u', demo.url, '--token-file', 'token']
		const lines = await machine.run(args, home, { env: { PROMPT: '$P$G' } })
		expect(lines.stdout).toMatch(/^@set "/)
		const inPowershell = await machine.run(args, home, {
			env: { PSModulePath: 'C:\\x\\Documents\\PowerShell\\Modules' },
		})
		expect(inPowershell.stdout).toMatch(/^\$env:/)
	})

	it('set each of 500 values, whatever is special in it', async () => {
		const { lines, expected } = linesFor('cmd', fc.sample(value, { numRuns: 6_000, seed: 20261128 }))
		expect(expected.size).toBeGreaterThan(500)
		const { stdout } = await machine.batch(`${lines}@set V\n`, makeHome())
		const read = new Map(stdout.split('\r\n').map(line => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=/, '')]))
		expect([...expected].filter(([name, text]) => read.get(name) !== text)).toEqual([])
	})

	it('reject a path that cmd would read in another code page', async () => {
		const home = makeHome()
		const tokenFile = machine.pathOf(join(home, 'token'))
		const refused = await machine.run(
			['--print-env', 'cmd', '--no-secret', '-u', demo.url, '--token-file', tokenFile],
			home,
		)
		expect(refused.stderr).toContain('a character outside of ASCII')
		expect([refused.code, refused.stdout]).toEqual([2, ''])
	})

	it('read the token from its file or from the Coder CLI when they run', async () => {
		const home = makeHome()
		const tokenFile = machine.pathOf(machine.writeShared('token.txt', `${demo.token.reveal()}\r\n`))
		const args = ['--print-env', 'cmd', '--no-secret', '-u', demo.url, '--token-file']
		const fromFile = await machine.run([...args, tokenFile], home)
		expect(fromFile.stdout).not.toContain(demo.token.reveal())
		expect(readVariables(await machine.batch(`${fromFile.stdout}@set\n`, home))).toEqual(expected())

		writeFileSync(
			join(home, 'coder.bat'),
			`@if "%1 %2 %3 %~4"=="login token --url ${demo.url}" echo ${demo.token.reveal()}\r\n`,
		)
		const env = { CODER_URL: demo.url, CODER_SESSION_TOKEN: demo.token.reveal() }
		const fromCli = await machine.run(args.slice(0, 3), home, { env })
		expect(fromCli.stdout).not.toContain(demo.token.reveal())
		expect(readVariables(await machine.batch(`${fromCli.stdout}@set\n`, home))).toEqual(expected())
	})
})

it('says what it is and what it can do', async () => {
	const home = makeHome()
	expect((await machine.run(['--version'], home)).stdout).toMatch(/^\d+\.\d+\.\d+/)
	const help = await machine.run(['--help'], home)
	expect(help.stdout).toContain('--token-file')
	expect(help.code).toBe(0)
	expect((await machine.run(['check', '--nonsense'], home)).code).toBe(2)
	expect(
		(await machine.run(['--yes', '-u', 'http://127.0.0.1:9', '--token-file', 'token'], home)).code,
	).toBeGreaterThan(0)
})
