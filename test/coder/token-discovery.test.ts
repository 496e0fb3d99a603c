import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseDeployment } from '../../source/coder/deployment-url.ts'
import {
	coderConfigDir,
	findDeploymentUrl,
	findLoginElsewhere,
	findTokens,
} from '../../source/coder/token-discovery.ts'
import { makeDemoHome } from '../../source/demo/home.ts'
import { describeFinding as inWords } from '../../source/findings/describe.ts'
import type { CommandResult, Env, Runtime } from '../../source/runtime/runtime.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { withoutRoot } from '../other-user.ts'
import { hostWith } from '../runtime-with.ts'

const HERE = 'https://coder.example.com'
const OTHER = 'https://coder.example.org'
const OPENAI = `${HERE}/api/v2/aibridge/openai/v1`
const tokens = {
	a: 'aaaaaaaaaa-aaaaaaaaaaaaaaaaaaaaaa',
	b: 'bbbbbbbbbb-bbbbbbbbbbbbbbbbbbbbbb',
	c: 'cccccccccc-cccccccccccccccccccccc',
	d: 'dddddddddd-dddddddddddddddddddddd',
	e: 'eeeeeeeeee-eeeeeeeeeeeeeeeeeeeeee',
}
const deployment = { origin: HERE, insecure: false }

let home: string
let config: string
beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), 'logins-'))
	config = join(home, '.config', 'coderv2')
	mkdirSync(config, { recursive: true })
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const asked: string[][] = []
function host(env: Env = {}, provided: Partial<Runtime> & { cli?: Partial<CommandResult> } = {}): Runtime {
	asked.length = 0
	const { cli, ...rest } = provided
	return hostWith(env, {
		homeDir: home,
		run: async (command, args) => {
			asked.push([command, ...args])
			return { code: null, stdout: '', stderr: 'not found', ...cli }
		},
		...rest,
	})
}

function cliFiles(url: string, session?: string): void {
	writeFileSync(join(config, 'url'), url)
	if (session !== undefined) writeFileSync(join(config, 'session'), session)
}

/** `source keyId` of each, in order. */
async function found(provided: Runtime, settings: { baseUrl: string; token: string }[] = []): Promise<string[]> {
	const settingsTokens = settings.map(({ baseUrl, token }) => ({ baseUrl, token: new Secret(token) }))
	const list = await findTokens(provided, deployment, { settingsTokens })
	return list.map(({ source, token }) => `${source} ${token.keyId}`)
}

describe('the deployment that was probably meant', () => {
	const everything = { CODER_URL: 'https://one.example.com/', CODER_AGENT_URL: 'https://two.example.com/' }
	const settingsUrl = 'https://four.example.com/api/v2/aibridge/openai/v1'

	it('is found in this order, each with if it comes from', async () => {
		cliFiles('https://three.example.com\n')
		expect(await findDeploymentUrl(host(everything), { url: 'zero.example.com/x', settingsUrl })).toEqual({
			url: 'zero.example.com/x',
			from: 'from --url',
		})
		expect(await findDeploymentUrl(host(everything), { settingsUrl })).toEqual({
			url: 'https://one.example.com',
			from: 'from CODER_URL',
		})
		expect(await findDeploymentUrl(host({ ...everything, CODER_URL: '' }), { settingsUrl })).toEqual({
			url: 'https://two.example.com',
			from: 'from CODER_AGENT_URL',
		})
		expect(await findDeploymentUrl(host(), { settingsUrl })).toEqual({
			url: 'https://three.example.com',
			from: 'from the Coder CLI',
		})
		rmSync(join(config, 'url'))
		expect(await findDeploymentUrl(host(), { settingsUrl })).toEqual({
			url: 'https://four.example.com',
			from: 'from Mux’s settings',
		})
		expect(await findDeploymentUrl(host())).toBeNull()
	})

	it("skips what isn't a deployment", async () => {
		cliFiles('not a url')
		const provided = host({ CODER_URL: 'ftp://x', CODER_AGENT_URL: 'https://me:secret@coder.example.com' })
		expect(await findDeploymentUrl(provided, { settingsUrl: 'https://api.openai.com/v1' })).toBeNull()
		expect(await findDeploymentUrl(provided, { settingsUrl: ['https://api.openai.com/v1', settingsUrl] })).toEqual({
			url: 'https://four.example.com',
			from: 'from Mux’s settings',
		})
	})
})

describe('tokens of the deployment', () => {
	it('come in the order of their sources', async () => {
		cliFiles(`${HERE}/\n`, `${tokens.c}\r\n`)
		const provided = host({
			CODER_URL: `${HERE}/`,
			CODER_SESSION_TOKEN: tokens.a,
			OPENAI_API_KEY: tokens.b,
			OPENAI_BASE_URL: OPENAI,
			ANTHROPIC_AUTH_TOKEN: tokens.e,
			ANTHROPIC_BASE_URL: `${HERE}/api/v2/aibridge/anthropic`,
		})
		const list = await findTokens(provided, deployment, {
			settingsTokens: [{ baseUrl: OPENAI, token: new Secret(tokens.d) }],
		})
		expect(list.map(({ source, label, from, token }) => [source, label, from, token.reveal()])).toEqual([
			['environment', 'CODER_SESSION_TOKEN', 'from CODER_SESSION_TOKEN', tokens.a],
			['provider-variable', 'OPENAI_API_KEY', 'from OPENAI_API_KEY', tokens.b],
			['provider-variable', 'ANTHROPIC_AUTH_TOKEN', 'from ANTHROPIC_AUTH_TOKEN', tokens.e],
			['coder-session-file', 'the Coder CLI’s session', 'from the Coder CLI', tokens.c],
			['settings', 'the token in Mux’s settings', 'from Mux’s settings', tokens.d],
		])
		expect(asked).toEqual([])
		expect(JSON.stringify(list)).not.toContain('aaaaaaaaaa-a')
	})

	it('are each named once', async () => {
		cliFiles(HERE, tokens.a)
		const provided = host({
			CODER_URL: HERE,
			CODER_SESSION_TOKEN: tokens.a,
			OPENAI_API_KEY: tokens.a,
			OPENAI_BASE_URL: OPENAI,
		})
		const list = await findTokens(provided, deployment, {
			settingsTokens: [1, 2].map(() => ({ baseUrl: OPENAI, token: new Secret(tokens.a) })),
		})
		expect(list).toHaveLength(1)
		expect(list[0]).toMatchObject({
			source: 'environment',
			file: join(config, 'session'),
		})
	})

	it.each<[string, Env, string[]]>([
		['CODER_URL is the deployment', { CODER_URL: HERE }, ['environment aaaaaaaaaa']],
		['written otherwise', { CODER_URL: 'Coder.Example.com:443/workspaces' }, ['environment aaaaaaaaaa']],
		['inside a workspace', { CODER_AGENT_URL: HERE }, ['environment aaaaaaaaaa']],
		['nobody says whose it is', {}, []],
		['CODER_URL is another deployment', { CODER_URL: OTHER }, []],
		['CODER_URL wins over the agent’s', { CODER_URL: OTHER, CODER_AGENT_URL: HERE }, []],
		['plain http is another address', { CODER_URL: 'http://coder.example.com' }, []],
		['a host that only begins like it', { CODER_URL: `${HERE}.evil.example` }, []],
	])('CODER_SESSION_TOKEN where %s', async (_, environment, expected) => {
		expect(await found(host({ ...environment, CODER_SESSION_TOKEN: tokens.a }))).toEqual(expected)
	})

	it.each<[string, Env, string[]]>([
		['a base URL of the deployment', { OPENAI_BASE_URL: OPENAI }, ['provider-variable bbbbbbbbbb']],
		['the other name of it', { OPENAI_API_BASE: OPENAI }, ['provider-variable bbbbbbbbbb']],
		['no base URL', {}, []],
		['a base URL of another deployment', { OPENAI_BASE_URL: `${OTHER}/api/v2/aibridge/openai/v1` }, []],
		['the base URL of another provider', { ANTHROPIC_BASE_URL: OPENAI }, []],
		[
			'the first base URL that Mux takes',
			{ OPENAI_BASE_URL: 'https://api.openai.com/v1', OPENAI_API_BASE: OPENAI },
			[],
		],
	])('a provider’s variable with %s', async (_, environment, expected) => {
		expect(await found(host({ ...environment, OPENAI_API_KEY: tokens.b }))).toEqual(expected)
	})

	it.each([
		['a provider’s key', 'sk-proj-abcdefghijklmnop'],
		['an agent’s token', '4a1b2c3d-0000-4000-8000-123456789abc'],
		['a cut one', tokens.a.slice(0, 30)],
		['nothing', '  '],
	])('are no tokens: %s', async (_, text) => {
		cliFiles(HERE, text)
		const provided = host({
			CODER_URL: HERE,
			CODER_SESSION_TOKEN: text,
			CODER_AGENT_TOKEN: text,
			OPENAI_API_KEY: text,
			OPENAI_BASE_URL: OPENAI,
		})
		expect(await found(provided, [{ baseUrl: OPENAI, token: text }])).toEqual([])
	})

	it('of the settings need a base URL of a bridge of this deployment', async () => {
		const settings = [
			{ baseUrl: `${OTHER}/api/v2/aibridge/openai/v1`, token: tokens.a },
			{ baseUrl: 'https://api.openai.com/v1', token: tokens.b },
			{ baseUrl: '', token: tokens.c },
			{ baseUrl: `${HERE}/api/v2/ai-gateway/anthropic`, token: tokens.d },
		]
		expect(await found(host(), settings)).toEqual(['settings dddddddddd'])
	})

	it('of the CLI’s files need the deployment in its url file', async () => {
		cliFiles(OTHER, tokens.a)
		expect(await found(host())).toEqual([])
		expect(asked).toEqual([])
	})

	it('of the demo home are found', async () => {
		const made = await makeDemoHome({ login: { url: HERE, session: tokens.a } })
		try {
			expect(await found(host({}, { homeDir: made.directory }))).toEqual(['coder-session-file aaaaaaaaaa'])
		} finally {
			await made.remove()
		}
	})
})

describe('the keyring, through the Coder CLI', () => {
	it('is asked for this deployment if there is no session file', async () => {
		cliFiles(HERE)
		const provided = host({}, { cli: { code: 0, stdout: `${tokens.e}\n` } })
		expect(await found(provided)).toEqual(['coder-login eeeeeeeeee'])
		expect(asked).toEqual([['coder', 'login', 'token', '--url', HERE]])
	})

	it.each<[string, Partial<CommandResult>]>([
		['is not there', { code: null }],
		['is signed out', { code: 1, stdout: tokens.e, stderr: 'error: not logged in' }],
		['does not know the command', { code: 0, stdout: 'Usage: coder login [flags] <url>\n' }],
	])('is skipped quietly if it %s', async (_, cli) => {
		expect(await found(host({}, { cli }))).toEqual([])
	})

	it("isn't asked if the search was cancelled, nor if a session file is there", async () => {
		const cancelled = AbortSignal.abort()
		expect(
			await findTokens(host({}, { cli: { code: 0, stdout: tokens.e } }), deployment, { signal: cancelled }),
		).toEqual([])
		expect(asked).toEqual([])
		cliFiles(HERE, 'unreadable nonsense')
		expect(await found(host({}, { cli: { code: 0, stdout: tokens.e } }))).toEqual([])
		expect(asked).toEqual([])
	})
})

describe('files that are none', () => {
	it('a directory, a pipe, a huge file, a missing directory: quiet', async () => {
		mkdirSync(join(config, 'url'))
		expect(await found(host())).toEqual([])
		rmSync(join(config, 'url'), { recursive: true })
		if (process.platform !== 'win32') {
			execFileSync('mkfifo', [join(config, 'url')])
			expect(await found(host())).toEqual([])
			rmSync(join(config, 'url'))
		}
		cliFiles(HERE, ' '.repeat(1_000_000) + tokens.a)
		expect(await found(host())).toEqual([])
		rmSync(config, { recursive: true })
		expect(await found(host())).toEqual([])
	})

	it.skipIf(process.platform === 'win32')('an unreadable file: quiet (needs Unix)', async () => {
		cliFiles(HERE, tokens.a)
		chmodSync(join(config, 'session'), 0)
		chmodSync(home, 0o755)
		expect(await withoutRoot(() => found(host()))).toEqual([])
	})
})

describe('the config directory of the Coder CLI', () => {
	it.each<[NodeJS.Platform, Env, string]>([
		['linux', {}, '/home/ada/.config/coderv2'],
		['linux', { XDG_CONFIG_HOME: '/xdg' }, '/xdg/coderv2'],
		['linux', { XDG_CONFIG_HOME: '' }, '/home/ada/.config/coderv2'],
		['darwin', { XDG_CONFIG_HOME: '/xdg' }, '/home/ada/Library/Application Support/coderv2'],
		['win32', { APPDATA: '/roaming' }, '/roaming/coderv2'],
		['win32', {}, '/home/ada/AppData/Roaming/coderv2'],
		['darwin', { CODER_CONFIG_DIR: '/own' }, '/own'],
	])('on %s with %j is %s', (platform, environment, directory) => {
		expect(coderConfigDir({ platform, env: environment, homeDir: '/home/ada' })).toBe(directory)
	})
})

describe('a token of another deployment', () => {
	it('is recognized before it is sent', async () => {
		cliFiles(OTHER, tokens.a)
		const notice = await findLoginElsewhere(host(), deployment, new Secret(tokens.a))
		expect(notice).toMatchObject({ code: 'token-other-deployment', subject: 'token' })
		expect(notice && inWords(notice).headline).toBe('The token belongs to coder.example.org')
		expect(notice && inWords(notice).reason).toContain('the Coder CLI’s session')
	})

	it("isn't suspected if nothing says so, or if it is this one’s too", async () => {
		cliFiles(OTHER, tokens.a)
		expect(await findLoginElsewhere(host(), deployment, new Secret(tokens.b))).toBeNull()
		const both = host({ CODER_URL: HERE, CODER_SESSION_TOKEN: tokens.a })
		expect(await findLoginElsewhere(both, deployment, new Secret(tokens.a))).toBeNull()
		const parsed = parseDeployment(OTHER)
		expect(parsed.ok && (await findLoginElsewhere(host(), parsed.deployment, new Secret(tokens.a)))).toBeNull()
	})
})
