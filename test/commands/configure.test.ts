import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { requireProgram } from '../tools.ts'
import {
	codesOf,
	makeHome,
	openDemo,
	program,
	resultOf,
	run,
	settingsIn,
	settingsText,
	start,
	until,
} from './program.ts'

const settingsFor = (url: string, token: string) => ({
	openai: { apiKey: token, baseUrl: `${url}/api/v2/aibridge/openai/v1` },
	anthropic: { apiKey: token, baseUrl: `${url}/api/v2/aibridge/anthropic` },
})

/** The identity of a file that was not touched: bytes, mode, times, inode. */
function stampOf(path: string) {
	const { ino, mode, mtimeNs, ctimeNs } = statSync(path, { bigint: true })
	return { ino, mode, mtimeNs, ctimeNs, bytes: readFileSync(path, 'latin1') }
}

describe('--yes', () => {
	it('checks, writes the settings file for its owner alone, and leaves a summary on stderr', async () => {
		const demo = await openDemo()
		const token = demo.token.reveal()
		const home = makeHome()
		const ran = await run(['--yes', '--url', demo.url, '--token-stdin'], { home, input: `${token}\n` })
		expect(ran).toMatchObject({ code: 0, stdout: '' })
		expect(JSON.parse(settingsText(home) ?? '')).toEqual(settingsFor(demo.url, token))
		expect(statSync(settingsIn(home)).mode & 0o777).toBe(0o600)
		expect(ran.stderr).toMatch(/^✔ Mux is connected to Coder AI Bridge$/m)
		expect(ran.stderr).toContain(`  Coder      ${demo.url}, signed in as alice`)
		expect(ran.stderr).toContain('  Providers  OpenAI, Anthropic: both answered')
		expect(ran.stderr).toMatch(/ {2}Token {6}.+, expires .+ \(in .+\)$/m)
		expect(ran.stderr).toContain('  Saved      ~/.mux/providers.jsonc')
		expect(ran.stderr).toMatch(/ {2}Undo +npx mux-bridge-wizard undo$/m)
		expect(ran.stderr).not.toContain(token)
	})

	it('does nothing the second time: bytes, mode and times stay', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': demoSettings, token: demo.token.reveal() })
		const args = ['-y', '-u', demo.url, '--token-file', 'token']
		expect((await run(args, { home })).code).toBe(0)
		const before = stampOf(settingsIn(home))
		const again = await run(args, { home })
		expect(again).toMatchObject({ code: 0, stdout: '' })
		expect(again.stderr).toContain('Nothing to change')
		expect(stampOf(settingsIn(home))).toEqual(before)
		const reported = resultOf(await run([...args, '--json'], { home }))
		expect(reported).toMatchObject({ outcome: 'unchanged', settingsFile: settingsIn(home), backup: null })
		expect(stampOf(settingsIn(home))).toEqual(before)
	})

	it('keeps what is in the file, and names the backup', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': demoSettings, token: demo.token.reveal() })
		const ran = await run(['-y', '-u', demo.url, '--token-file', 'token', '--json'], { home })
		const result = resultOf(ran)
		expect(result).toMatchObject({ outcome: 'applied', settingsFile: settingsIn(home) })
		expect(readFileSync(result.backup, 'utf8')).toBe(demoSettings)
		expect(result.providers).toEqual([
			{
				id: 'openai',
				baseUrl: `${demo.url}/api/v2/aibridge/openai/v1`,
				before: 'api.openai.com, key in settings',
				after: `AI Bridge at ${new URL(demo.url).host}`,
			},
			{
				id: 'anthropic',
				baseUrl: `${demo.url}/api/v2/aibridge/anthropic`,
				before: 'not set up',
				after: `AI Bridge at ${new URL(demo.url).host}`,
			},
		])
		expect(settingsText(home)).toContain('// personal key, expires in May')
		expect(settingsText(home)).toContain('// the one for refactoring')
		expect(ran.stderr + ran.stdout).not.toContain(demo.token.reveal())
	})

	it('changes the named providers only, with the instance that was named', async () => {
		const demo = await openDemo({
			providers: [{ name: 'bedrock', protocol: 'anthropic', models: ['claude-opus-4-6'] }],
		})
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['-y', '-u', demo.url, '--token-file', 'token']
		const ran = await run([...args, '-p', 'anthropic=bedrock'], { home })
		expect(ran.code).toBe(0)
		expect(JSON.parse(settingsText(home) ?? '')).toEqual({
			anthropic: { apiKey: demo.token.reveal(), baseUrl: `${demo.url}/api/v2/aibridge/bedrock` },
		})
		// Named once, the instance stays.
		expect((await run([...args, '-p', 'anthropic=bedrock'], { home })).stderr).toContain('Nothing to change')
	})

	it('adds a further provider of the deployment as one of Mux’s own kind', async () => {
		const demo = await openDemo({
			providers: [{ name: 'google', protocol: 'openai', models: ['gemini-3', 'gemini-3-pro'] }],
		})
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['-y', '-u', demo.url, '--token-file', 'token', '-p', 'google']
		expect((await run(args, { home })).code).toBe(0)
		expect(JSON.parse(settingsText(home) ?? '')).toEqual({
			'coder-google': {
				providerType: 'openai-compatible',
				displayName: 'google (AI Bridge)',
				apiKey: demo.token.reveal(),
				baseUrl: `${demo.url}/api/v2/aibridge/google/v1`,
			},
		})
		expect((await run(args, { home })).stderr).toContain('Nothing to change')
	})

	it('stops before anything is written if a check fails, and continues with --no-check', async () => {
		const demo = await openDemo({ failures: ['token-unknown'] })
		const home = makeHome({ '.mux/providers.jsonc': demoSettings, token: demo.token.reveal() })
		const args = ['-y', '-u', demo.url, '--token-file', 'token']
		const before = stampOf(settingsIn(home))
		const ran = await run([...args, '--json'], { home })
		expect(ran.code).toBe(3)
		const result = resultOf(ran)
		expect(result).toMatchObject({ outcome: 'failed', settingsFile: settingsIn(home), backup: null })
		expect(codesOf(result)).toContain('token-unknown')
		expect(result.verdict).toBe('not-saved')
		expect(result.findings[0].headline).toContain("doesn't recognize this token")
		// A failure is reported once.
		expect(ran.stderr).toBe('')
		expect(stampOf(settingsIn(home))).toEqual(before)
		const told = await run(args, { home })
		expect(told.stdout).toBe('')
		expect(told.stderr).toContain("doesn't recognize this token")

		const asked = demo.requests.length
		expect((await run([...args, '--no-check'], { home })).code).toBe(0)
		expect(demo.requests.length).toBe(asked)
		expect(settingsText(home)).toContain(demo.token.reveal())
	})

	it('stops if something would keep Mux from the bridge, and says what to do', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': '{"openai": {"enabled": false}}', token: demo.token.reveal() })
		const args = ['-y', '-u', demo.url, '--token-file', 'token']
		const ran = await run(args, { home })
		expect(ran).toMatchObject({ code: 1, stdout: '' })
		expect(ran.stderr).toContain('OpenAI is turned off in Mux')
		expect(ran.stderr).toContain('Remove "enabled"')
		expect(settingsText(home)).toBe('{"openai": {"enabled": false}}')
		// Skipping the live checks skips the network only.
		const unchecked = await run([...args, '--no-check'], { home })
		expect(unchecked.code).toBe(1)
		expect(unchecked.stderr).toContain('OpenAI is turned off in Mux')
		expect(settingsText(home)).toBe('{"openai": {"enabled": false}}')
		const fixed = await run([...args, '--fix', '--json'], { home })
		expect(fixed.code).toBe(0)
		expect(resultOf(fixed)).toMatchObject({ outcome: 'applied', fixed: ['remove "enabled": false'] })
		expect(JSON.parse(settingsText(home) ?? '').openai.enabled).toBeUndefined()
	})

	it('puts a new token into a new file if the settings name one of the wizard’s, and undo brings the former back', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const file = join(home, '.mux/coder-session-token')
		const entry = (path: string) => ({ apiKeyFile: file, baseUrl: `${demo.url}/api/v2/aibridge/${path}` })
		const settings = JSON.stringify({ openai: entry('openai/v1'), anthropic: entry('anthropic') })
		mkdirSync(join(home, '.mux'))
		writeFileSync(settingsIn(home), settings, { mode: 0o600 })
		writeFileSync(file, 'abcdefghij-abcdefghijabcdefghijab\n', { mode: 0o600 })
		const args = ['-y', '-u', demo.url, '--token-file', 'token', '--json']
		expect(resultOf(await run(args, { home })).outcome).toBe('applied')
		const made = `${file}-${demo.token.keyId}`
		expect(readFileSync(made, 'utf8')).toBe(`${demo.token.reveal()}\n`)
		expect(readFileSync(file, 'utf8')).toBe('abcdefghij-abcdefghijabcdefghijab\n')
		expect(settingsText(home)).toBe(settings.replaceAll(file, made))
		const before = stampOf(made)
		expect(resultOf(await run(args, { home })).outcome).toBe('unchanged')
		expect(stampOf(made)).toEqual(before)
		expect((await run(['undo'], { home })).code).toBe(0)
		expect(settingsText(home)).toBe(settings)
		expect(existsSync(made)).toBe(false)
	})

	it('stores the token where --store-token says, and nowhere else', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['-y', '-u', demo.url, '--token-file', 'token', '--no-check', '--store-token']
		const file = join(home, `.mux/coder-session-token-${demo.token.keyId}`)
		const inFile = await run([...args, 'file'], { home })
		expect(inFile).toMatchObject({ code: 0 })
		expect(inFile.stderr).toContain(`~/.mux/coder-session-token-${demo.token.keyId}`)
		expect(settingsText(home)).not.toContain(demo.token.reveal())
		expect(JSON.parse(settingsText(home) ?? '').openai.apiKeyFile).toBe(file)
		expect((await run([...args, 'settings'], { home })).code).toBe(0)
		expect(JSON.parse(settingsText(home) ?? '').openai).toEqual({
			apiKey: demo.token.reveal(),
			baseUrl: `${demo.url}/api/v2/aibridge/openai/v1`,
		})
		expect((await run([...args, 'cloud'], { home })).code).toBe(2)
	})

	it('writes a deleted token file again, and offers no undo for that', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['-y', '-u', demo.url, '--token-file', 'token', '--no-check', '--store-token', 'file']
		await run(args, { home })
		const file = join(home, `.mux/coder-session-token-${demo.token.keyId}`)
		rmSync(file)
		const again = await run(args, { home })
		expect(again.code).toBe(0)
		expect(again.stderr).toContain('coder-session-token')
		expect(again.stderr).not.toContain(' undo')
		expect(readFileSync(file, 'utf8').trim()).toBe(demo.token.reveal())
	})

	it('says that the names of token files change in a git repository', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal(), '.git/HEAD': 'x' })
		const args = ['-y', '-u', demo.url, '--token-file', 'token', '--no-check', '--store-token', 'file', '--json']
		const result = resultOf(await run(args, { home }))
		expect(codesOf(result)).toContain('token-file-in-git')
		expect(JSON.stringify(result)).toContain('coder-session-token-*')
	})

	it('names an explicit settings file in the summary, so that undo finds it', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['-y', '-u', demo.url, '--token-file', 'token', '--settings', 'mine/providers.jsonc']
		const ran = await run(args, { home })
		expect(ran.code).toBe(0)
		expect(ran.stderr).toContain('undo --settings ~/mine/providers.jsonc')
		expect(settingsText(home)).toBeNull()
	})
})

describe('--yes beside others', () => {
	it('succeeds in each of 20 identical runs at once', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal(), '.mux/providers.jsonc': '{\n  // mine\n  "xai": {}\n}\n' })
		const args = ['-y', '-u', demo.url, '--token-file', 'token', '--no-check']
		const runs = await Promise.all(Array.from({ length: 20 }, () => run(args, { home })))
		expect(runs.map(ran => ran.code)).toEqual(runs.map(() => 0))
		expect(settingsText(home)).toContain('// mine')
		expect(settingsText(home)?.split(demo.token.reveal())).toHaveLength(3)
	})

	it('turns a gateway off with --fix, and says so', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const options = { home, env: { OPENROUTER_API_KEY: 'or-key-of-somebody' } }
		const args = ['-y', '-u', demo.url, '--token-file', 'token']
		const refused = await run([...args, '--no-check'], options)
		expect(refused.code).toBe(1)
		expect(refused.stderr).toContain('OpenRouter')
		expect(settingsText(home)).toBeNull()
		const fixed = await run([...args, '--fix', '--json'], options)
		expect(fixed.code).toBe(0)
		expect(resultOf(fixed)).toMatchObject({ fixed: ['turn OpenRouter off in Mux, for all models'] })
		expect(JSON.parse(settingsText(home) ?? '').openrouter).toEqual({ enabled: false })
		expect((await run(['check', '--offline'], options)).code).toBe(0)
	})

	it('names the target of a link, and keeps the token out of a git repository', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal(), 'dotfiles/providers.jsonc': '{}', 'dotfiles/.git/HEAD': 'x' })
		mkdirSync(join(home, '.mux'))
		symlinkSync('../dotfiles/providers.jsonc', settingsIn(home))
		const ran = await run(['-y', '-u', demo.url, '--token-file', 'token', '--no-check'], { home })
		expect(ran.code).toBe(0)
		expect(ran.stderr).toContain('~/dotfiles/providers.jsonc')
		expect(readFileSync(join(home, 'dotfiles/providers.jsonc'), 'utf8')).not.toContain(demo.token.reveal())
		const file = join(home, `.mux/coder-session-token-${demo.token.keyId}`)
		expect(readFileSync(file, 'utf8').trim()).toBe(demo.token.reveal())
	})
})

describe('responses', () => {
	it('names all that is missing at once, each with what gives it', async () => {
		const ran = await run(['--yes'], { home: makeHome() })
		expect(ran).toMatchObject({ code: 2, stdout: '' })
		expect(ran.stderr).toContain('Missing input: the Coder URL')
		expect(ran.stderr).toContain('--url URL, or set CODER_URL')
		expect(ran.stderr).toContain('Missing input: the Coder token')
		expect(ran.stderr).toContain('--token-stdin or --token-file FILE, or set CODER_SESSION_TOKEN')
		const reported = resultOf(await run(['--yes', '--json', '--url', 'coder.example.com'], { home: makeHome() }))
		expect(codesOf(reported)).toEqual(['missing-input'])
	})

	it('finds the deployment and says where; takes the session of the Coder CLI for its own deployment', async () => {
		const demo = await openDemo()
		const home = makeHome({
			'.config/coderv2/url': `${demo.url}\n`,
			'.config/coderv2/session': demo.token.reveal(),
		})
		const ran = await run(['--yes'], { home })
		expect(ran).toMatchObject({ code: 0, stdout: '' })
		expect(ran.stderr).toMatch(/Coder +http:\/\/127\.0\.0\.1:\d+ +from the Coder CLI/)
		expect(ran.stderr).toMatch(new RegExp(`Token +${demo.token.keyId}-•+ +from the Coder CLI`))
		expect(settingsText(home)).toContain(demo.token.reveal())
	})

	it('takes CODER_SESSION_TOKEN for the deployment of CODER_URL, or for --url if nothing says whose it is', async () => {
		const demo = await openDemo()
		const token = demo.token.reveal()
		const env = { CODER_SESSION_TOKEN: token, CODER_URL: demo.url }
		expect((await run(['--yes'], { home: makeHome(), env })).code).toBe(0)
		const home = makeHome()
		expect((await run(['--yes', '-u', demo.url], { home, env: { CODER_SESSION_TOKEN: token } })).code).toBe(0)
		expect(settingsText(home)).toContain(token)
	})

	it('sends a token of one deployment to no other', async () => {
		const [mine, other] = [await openDemo(), await openDemo({ seed: 2 })]
		const token = mine.token.reveal()
		const login = { '.config/coderv2/url': mine.url, '.config/coderv2/session': token }
		for (const [files, env] of [
			[{}, { CODER_SESSION_TOKEN: token, CODER_URL: mine.url }],
			[{ '.config/coderv2/url': mine.url }, { CODER_SESSION_TOKEN: token }],
		] as const) {
			const ran = await run(['-y', '-u', other.url], { home: makeHome(files), env })
			expect(ran).toMatchObject({ code: 3, stdout: '' })
			expect(ran.stderr).toContain("wasn't sent")
		}
		// Given by hand, but known as the other's; also where nobody would be asked.
		for (const more of [[], ['--no-check']]) {
			const home = makeHome(login)
			const ran = await run(['-y', '-u', other.url, '--token-stdin', ...more], { home, input: token })
			expect(ran.code).toBe(3)
			expect(settingsText(home)).toBeNull()
		}
		// The login of another deployment is none for this one.
		expect((await run(['-y', '-u', other.url], { home: makeHome(login) })).code).toBe(2)
		expect(JSON.stringify(other.requests)).not.toContain(token)
	})

	it("doesn't send a token unencrypted to an address that was merely found", async () => {
		const token = (await openDemo()).token.reveal()
		const env = { CODER_URL: 'http://coder.invalid', CODER_SESSION_TOKEN: token }
		const found = await run(['-y', '--json'], { home: makeHome(), env })
		expect(found.code).toBe(2)
		expect(codesOf(resultOf(found))).toEqual(['insecure-not-explicit'])
		// Given as it is, it is tried: there is no such host.
		const provided = await run(['-y', '--json', '-u', 'http://coder.invalid'], { home: makeHome(), env })
		expect(provided.code).toBe(4)
		expect(codesOf(resultOf(provided))).toContain('host-not-found')
	})

	it.each([
		['a line break of Windows', (token: string) => `${token}\r\n`],
		['quotes and a name', (token: string) => `export CODER_SESSION_TOKEN="${token}"\n`],
		['a wrapped line', (token: string) => `${token.slice(0, 20)}\n${token.slice(20)}\n`],
		['UTF-8 with a byte order mark', (token: string) => `\ufeff${token}`],
		['UTF-16 of PowerShell', (token: string) => Buffer.from(`\ufeff${token}\r\n`, 'utf16le')],
		['UTF-16 without a mark', (token: string) => Buffer.from(`${token}\r\n`, 'utf16le')],
		['UTF-16, the other end first', (token: string) => Buffer.from(`\ufeff${token}\r\n`, 'utf16le').swap16()],
	])('reads a token with %s', async (_, dress) => {
		const demo = await openDemo()
		const home = makeHome()
		const ran = await run(['-y', '--no-check', '-u', demo.url, '--token-stdin'], {
			home,
			input: dress(demo.token.reveal()),
		})
		expect(ran.code).toBe(0)
		expect(JSON.parse(settingsText(home) ?? '').openai.apiKey).toBe(demo.token.reveal())
	})

	it('reads a token file that is a pipe', async () => {
		const demo = await openDemo()
		const home = makeHome()
		const line = `node ${program} -y -u ${demo.url} --token-file <(echo ${demo.token.reveal()})`
		const ran = await run(['-c', line], { home, command: 'bash' })
		expect(ran.code).toBe(0)
		expect(settingsText(home)).toContain(demo.token.reveal())
	})

	it.each([
		['nothing', '', 2, 'No token in standard input'],
		['a key of OpenAI', 'sk-proj-abcdefghijklmnopqrstuvwxyz', 3, 'not a Coder token'],
		['a cut token', 'abcdefghij-abcdefgh', 3, 'The token is incomplete'],
		['a long text', 'x'.repeat(200_000), 3, "That's not a Coder session token"],
	])('rejects %s as a token and sends it nowhere', async (_, input, code, words) => {
		const demo = await openDemo()
		const ran = await run(['-y', '-u', demo.url, '--token-stdin'], { home: makeHome(), input })
		expect(ran).toMatchObject({ code, stdout: '' })
		expect(ran.stderr).toContain(words)
		expect(demo.requests).toEqual([])
		if (input.length > 10) expect(ran.stderr).not.toContain(input.slice(0, 12))
	})

	it("says why a token file can't be read", async () => {
		const home = makeHome()
		mkdirSync(join(home, 'directory'))
		const args = ['-y', '-u', 'coder.example.com', '--token-file']
		expect((await run([...args, 'nowhere'], { home })).stderr).toContain("the file doesn't exist")
		const directory = await run([...args, 'directory'], { home })
		expect(directory).toMatchObject({ code: 2, stdout: '' })
		expect(directory.stderr).toContain("it's a directory")
	})

	it('shows the token to nobody in the process list', async context => {
		requireProgram(context, 'ps')
		const demo = await openDemo({ delayMs: 400 })
		const home = makeHome()
		const { child, ended } = start(['-y', '-u', demo.url, '--token-stdin'], { home, input: demo.token.reveal() })
		await until(() => demo.requests.length > 1)
		const list = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
		expect(list).toContain(String(child.pid))
		expect(list).not.toContain(demo.token.reveal())
		expect((await ended).code).toBe(0)
	})
})

describe('--dry-run', () => {
	it('prints the masked diff and writes nothing', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': demoSettings, token: demo.token.reveal() })
		const before = stampOf(settingsIn(home))
		const args = ['--dry-run', '-u', demo.url, '--token-file', 'token']
		const ran = await run(args, { home })
		expect(ran.code).toBe(0)
		expect(ran.stdout).toMatch(/^--- .*providers\.jsonc\n\+\+\+ .*\n@@ /)
		expect(ran.stdout).toContain('-    "apiKey": "sk-p••••••••••",')
		expect(ran.stdout).toContain(`+    "apiKey": "${demo.token.keyId}-••••••••••",`)
		expect(ran.stdout).toContain(`+    "baseUrl": "${demo.url}/api/v2/aibridge/openai/v1"`)
		expect(ran.stdout + ran.stderr).not.toContain(demo.token.reveal())
		expect(ran.stdout + ran.stderr).not.toContain('sk-proj-demo')
		expect(stampOf(settingsIn(home))).toEqual(before)
		const reported = resultOf(await run([...args, '--json'], { home }))
		expect(reported).toMatchObject({ outcome: 'planned', diff: ran.stdout, backup: null })
		expect(stampOf(settingsIn(home))).toEqual(before)
	})

	it('asks no deployment with --no-check, and has an empty diff if nothing would change', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['-u', demo.url, '--token-file', 'token', '--no-check']
		expect((await run(['--dry-run', ...args], { home })).code).toBe(0)
		expect((await run(['--yes', ...args], { home })).code).toBe(0)
		const ran = await run(['--dry-run', ...args], { home })
		expect(ran).toMatchObject({ code: 0, stdout: '' })
		expect(ran.stderr).toContain('Nothing to change')
		expect(resultOf(await run(['--dry-run', ...args, '--json'], { home }))).toMatchObject({
			outcome: 'planned',
			diff: '',
		})
		expect(demo.requests).toEqual([])
	})
})

describe('--create-token', () => {
	const day = 86_400_000

	it('creates a named token by the session, and creates no other the next time', async () => {
		const demo = await openDemo()
		const home = makeHome({ session: demo.token.reveal() })
		const args = ['-y', '-u', demo.url, '--token-file', 'session', '--create-token', '--lifetime', '30d']
		const known = demo.tokens().length
		const ran = await run(args, { home })
		expect(ran).toMatchObject({ code: 0, stdout: '' })
		const made = demo.tokens().find(token => /^mux-/.test(token.name))
		expect(made?.expiresAt.getTime()).toBeGreaterThan(Date.now() + 29 * day)
		expect(made?.expiresAt.getTime()).toBeLessThan(Date.now() + 31 * day)
		const { apiKey } = JSON.parse(settingsText(home) ?? '').openai
		expect(apiKey.slice(0, 10)).toBe(made?.keyId)
		expect(ran.stderr).not.toContain(apiKey)
		const again = await run(args, { home })
		expect(again.stderr).toContain('Nothing to change')
		// Nor with nothing but itself to be found.
		const alone = await run(['-y', '--create-token'], { home })
		expect(alone).toMatchObject({ code: 0, stdout: '' })
		expect(alone.stderr).toContain('Nothing to change')
		expect(await run(['--dry-run', '--create-token'], { home })).toMatchObject({ code: 0, stdout: '' })
		expect(demo.tokens().length).toBe(known + 1)
	})

	it('creates a new one if the old one ends within days, and says that the old one is still valid', async () => {
		const demo = await openDemo()
		const old = demo.addToken({ name: 'mux-laptop', lifetimeMs: 3 * day })
		const home = makeHome({
			'.mux/providers.jsonc': JSON.stringify(settingsFor(demo.url, old.reveal())),
		})
		const ran = await run(['-y', '-u', demo.url, '--create-token'], { home })
		expect(ran.code).toBe(0)
		expect(settingsText(home)).not.toContain(old.reveal())
		expect(ran.stderr).toContain(`coder tokens remove ${old.keyId}`)
	})

	it('revokes the token if a check fails', async () => {
		const demo = await openDemo({ failures: ['daemon-off'] })
		const home = makeHome({ session: demo.token.reveal() })
		const ran = await run(['-y', '-u', demo.url, '--token-file', 'session', '--create-token'], { home })
		expect(ran.code).toBe(6)
		expect(demo.requests.some(request => request.method === 'POST')).toBe(true)
		expect(demo.tokens().filter(token => token.name.startsWith('mux-'))).toEqual([])
		expect(settingsText(home)).toBeNull()
	})

	it("revokes the token if the settings can't be written", async () => {
		const demo = await openDemo()
		const home = makeHome({ session: demo.token.reveal(), '.mux/providers.jsonc.lock': 'a file' })
		const ran = await run(['-y', '-u', demo.url, '--token-file', 'session', '--create-token'], { home })
		expect(ran).toMatchObject({ code: 5, stdout: '' })
		expect(demo.requests.some(request => request.method === 'POST')).toBe(true)
		expect(demo.tokens().filter(token => token.name.startsWith('mux-'))).toEqual([])
	})

	it('creates none in a dry run', async () => {
		const demo = await openDemo()
		const home = makeHome({ session: demo.token.reveal() })
		const ran = await run(['--dry-run', '-u', demo.url, '--token-file', 'session', '--create-token'], { home })
		expect(ran.code).toBe(0)
		expect(ran.stdout).toContain('"apiKey": "••••••••••"')
		expect(demo.requests.filter(request => request.path.includes('/keys/tokens') && request.method === 'POST')).toEqual(
			[],
		)
	})
})

describe('a start-up script', () => {
	it('of three lines configures a fresh workspace, and does nothing at the second start', async () => {
		const demo = await openDemo()
		const home = makeHome()
		const script = join(home, 'startup.sh')
		writeFileSync(
			script,
			`#!/bin/sh\nset -e\necho "$CODER_SESSION_TOKEN" | node ${program} --yes --url "$CODER_AGENT_URL" --token-stdin\n`,
		)
		chmodSync(script, 0o755)
		const env = { CODER_AGENT_URL: demo.url, CODER_SESSION_TOKEN: demo.token.reveal(), CODER: 'true' }
		const first = await run([], { home, env, command: script })
		expect(first).toMatchObject({ code: 0, stdout: '' })
		expect(JSON.parse(settingsText(home) ?? '')).toEqual(settingsFor(demo.url, demo.token.reveal()))
		const before = stampOf(settingsIn(home))
		const second = await run([], { home, env, command: script })
		expect(second).toMatchObject({ code: 0, stdout: '' })
		expect(second.stderr).toContain('Nothing to change')
		expect(stampOf(settingsIn(home))).toEqual(before)
	})
})
