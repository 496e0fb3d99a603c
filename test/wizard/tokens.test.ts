import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { parse } from 'jsonc-parser'
import { afterEach, describe, expect, test } from 'vitest'
import type { Demo } from '../fake-coder/fake-coder.ts'
import {
	choose,
	endPlays,
	giveToken,
	modeOf,
	type Play,
	playWizard,
	pointAt,
	questions,
	toDeployment,
	toReview,
	toToken,
} from './session.ts'

afterEach(endPlays)

/** A login of the Coder CLI: a session, not an API token. */
const session = (demo: Demo) => demo.addToken({ loginType: 'oidc' }).reveal()

const keyIds = (demo: Demo) => demo.tokens().map(({ keyId }) => keyId)
const madeBy = (demo: Demo) => demo.tokens().filter(({ name }) => name.startsWith('mux-'))

function sections(play: Play): Record<string, Record<string, unknown>> {
	return parse(play.settings() ?? '')
}

describe('the Coder CLI’s session', () => {
	test('is offered with its end, and used', async () => {
		let secret = ''
		const play = await playWizard({ login: demo => (secret = session(demo)), args: () => [] })
		const { demo, wizard } = play
		await wizard.waitFor(questions.confirming)
		expect(wizard.screen()).toMatch(/Coder +http\S+ +from the Coder CLI/)
		expect(wizard.screen()).toContain('creates a 30-day token')
		await toToken(play, questions.choosing)
		expect(wizard.screen()).toMatch(
			new RegExp(`Use the Coder CLI’s session +${secret.slice(0, 10)}-•+, expires in 7 days`),
		)
		await choose(wizard, 'Use the Coder CLI’s session')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(sections(play)['openai']).toMatchObject({ apiKey: secret, baseUrl: `${demo.url}/api/v2/aibridge/openai/v1` })
		expect(wizard.raw).not.toContain(secret)
	})

	test("of another deployment isn't offered, and not sent", async () => {
		const other = await playWizard()
		const play = await playWizard({ demo: {}, settings: null })
		const { home, wizard } = play
		const secret = session(other.demo)
		const { mkdirSync, writeFileSync } = await import('node:fs')
		mkdirSync(home.coderConfig, { recursive: true })
		writeFileSync(join(home.coderConfig, 'url'), other.demo.url)
		writeFileSync(join(home.coderConfig, 'session'), secret)
		await toToken(play)
		expect(wizard.screen()).not.toContain('Coder CLI')
		const heard = [...play.demo.requests, ...other.demo.requests].map(one => JSON.stringify(one)).join()
		expect(heard).not.toContain(secret)
	})

	test('can be left in its file, for Mux to read there', async () => {
		let secret = ''
		const play = await playWizard({ login: demo => (secret = session(demo)) })
		const { home, wizard } = play
		await toToken(play, questions.choosing)
		await choose(wizard, 'Use the Coder CLI’s session')
		await wizard.waitFor(questions.review)
		await choose(wizard, 'Change an answer')
		await choose(wizard, 'Token storage')
		await wizard.waitFor(questions.storing)
		await choose(wizard, 'Follow my Coder CLI login')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(sections(play)['anthropic']).toMatchObject({ apiKeyFile: join(home.coderConfig, 'session') })
		expect(sections(play)['openai']).not.toHaveProperty('apiKey')
		expect(play.settings()).not.toContain(secret)
		expect(readFileSync(join(home.coderConfig, 'session'), 'utf8')).toBe(secret)
	})
})

describe('a token created for Mux', () => {
	test('is named, lives 30 days, and is used', async () => {
		const play = await playWizard({ login: session })
		const { demo, wizard } = play
		await toToken(play, questions.choosing)
		await choose(wizard, 'Create a token for Mux')
		await wizard.waitFor(questions.review)
		const [made, ...others] = madeBy(demo)
		expect(others).toEqual([])
		expect(made?.name).toBe(
			`mux-${hostname()
				.toLowerCase()
				.replace(/[^a-z0-9-]+/g, '-')}`,
		)
		const days = ((made?.expiresAt.getTime() ?? 0) - Date.now()) / 86_400_000
		expect(days).toBeGreaterThan(29.9)
		expect(days).toBeLessThanOrEqual(30)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(String(sections(play)['openai']?.['apiKey'])).toMatch(new RegExp(`^${made?.keyId}-`))
		expect(madeBy(demo)).toHaveLength(1)
	})

	test.each([
		['Ctrl-C', 'ctrl-c', 130],
		['“Quit without saving”', 'Quit without saving', 0],
	])('is revoked if the user quits: %s', async (_, how, code) => {
		const play = await playWizard({ login: session })
		const { demo, wizard } = play
		const before = keyIds(demo)
		await toToken(play, questions.choosing)
		await choose(wizard, 'Create a token for Mux')
		await wizard.waitFor(questions.review)
		expect(keyIds(demo)).toHaveLength(before.length + 1)
		if (how === 'ctrl-c') await wizard.press(how)
		else await choose(wizard, how)
		expect((await wizard.exit).code).toBe(code)
		expect(keyIds(demo)).toEqual(before)
	})

	test('is revoked if another one is selected', async () => {
		const play = await playWizard({ login: session })
		const { demo, wizard } = play
		const before = keyIds(demo)
		await toToken(play, questions.choosing)
		await choose(wizard, 'Create a token for Mux')
		await wizard.waitFor(questions.review)
		await choose(wizard, 'Change an answer')
		await choose(wizard, 'Token')
		await wizard.waitFor(questions.choosing)
		await choose(wizard, 'Use the Coder CLI’s session')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		await wizard.exit
		expect(keyIds(demo)).toEqual(before)
	})

	test('renewal: only a new token is asked for, and the old one can be deleted', async () => {
		const first = await playWizard({ login: session })
		await toToken(first, questions.choosing)
		await choose(first.wizard, 'Create a token for Mux')
		await first.wizard.waitFor(questions.review)
		await first.wizard.press('enter')
		await first.wizard.exit
		const [old] = madeBy(first.demo)

		const play = await playWizard({ demo: first.demo, settings: first.home })
		const { demo, wizard } = play
		await wizard.waitFor('Mux is connected to Coder AI Bridge')
		expect(wizard.screen()).toContain('❯ Renew the token')
		await wizard.press('enter')
		await wizard.waitFor(questions.choosing)
		await choose(wizard, 'Create a token for Mux')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		await wizard.waitFor('Mux no longer uses')
		expect(wizard.screen()).toContain('❯ Keep it')
		await choose(wizard, 'Revoke it')
		expect((await wizard.exit).code).toBe(0)
		const left = madeBy(demo)
		expect(left).toHaveLength(1)
		expect(left[0]?.keyId).not.toBe(old?.keyId)
		expect(String(sections(play)['openai']?.['apiKey'])).toMatch(new RegExp(`^${left[0]?.keyId}-`))
	})
})

describe('token storage', () => {
	test('in a file of its own, which the settings name', async () => {
		const play = await playWizard()
		const { demo, home, wizard } = play
		await toReview(play)
		await choose(wizard, 'Change an answer')
		await choose(wizard, 'Token storage')
		await wizard.waitFor(questions.storing)
		await choose(wizard, 'In a separate file')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		const name = `coder-session-token-${demo.token.keyId}`
		const file = join(home.directory, '.mux', name)
		expect(readFileSync(file, 'utf8').trim()).toBe(demo.token.reveal())
		expect(modeOf(file)).toBe('0600')
		expect(play.settings()).not.toContain(demo.token.reveal())
		for (const id of ['openai', 'anthropic']) {
			expect(sections(play)[id]).toMatchObject({ apiKeyFile: file })
			expect(sections(play)[id]).not.toHaveProperty('apiKey')
		}
		expect(wizard.scrollback()).toMatch(new RegExp(`^ {2}Stored in +~/\\.mux/${name}$`, 'm'))
	})
})

describe('conflicts on this machine', () => {
	test('are fixed in the same change if the user wants it', async () => {
		const settings =
			'{\n  // who wrote this?\n  "openai": {\n    "apiKey": "sk-proj-demo0demo0demo0demo0demo0",\n    "enabled": false\n  }\n}\n'
		const play = await playWizard({ settings })
		const { demo, wizard } = play
		await toToken(play)
		await giveToken(play, demo.token.reveal())
		await wizard.waitFor('AI Bridge works, but Mux would bypass it')
		expect(wizard.screen()).toContain('OpenAI is turned off in Mux [can be fixed here]')
		await choose(wizard, 'Fix 1 and continue')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(sections(play)['openai']?.['enabled']).not.toBe(false)
		expect(play.settings()).toContain('// who wrote this?')
	})

	test("are kept if the user doesn't", async () => {
		const settings = '{\n  "openai": {\n    "enabled": false\n  }\n}\n'
		const play = await playWizard({ settings })
		const { demo, wizard } = play
		await toToken(play)
		await giveToken(play, demo.token.reveal())
		await wizard.waitFor('AI Bridge works, but Mux would bypass it')
		expect(wizard.screen()).toContain('OpenAI is turned off in Mux [can be fixed here]')
		await choose(wizard, 'Save anyway')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(1)
		expect(sections(play)['openai']?.['enabled']).toBe(false)
		expect(wizard.scrollback()).toContain("! Saved, but OpenAI can't use AI Bridge yet")
	})
})

test('another provider of the deployment becomes a provider of Mux', async () => {
	const play = await playWizard({
		demo: {
			users: [{ roles: ['owner'], tokens: [{ name: 'demo' }] }],
			providers: [
				{ name: 'openai', protocol: 'openai', models: ['gpt-5.2-codex'] },
				{ name: 'anthropic', protocol: 'anthropic', models: ['claude-opus-4-6'] },
				{ name: 'google', protocol: 'openai', models: ['gemini-3-pro'] },
			],
		},
	})
	const { demo, wizard } = play
	await toReview(play)
	expect(wizard.screen()).toContain('this deployment has google too')
	await choose(wizard, 'Change an answer')
	await choose(wizard, 'Providers')
	await pointAt(wizard, 'coder-google')
	await wizard.press('space')
	await wizard.waitFor('[x] coder-google')
	await wizard.press('enter')
	await wizard.waitFor(questions.review)
	expect(wizard.screen()).toMatch(/coder-google +not set up +→ {2}AI Bridge$/m)
	await wizard.press('enter')
	expect((await wizard.exit).code).toBe(0)
	expect(sections(play)['coder-google']).toEqual({
		providerType: 'openai-compatible',
		displayName: 'google',
		apiKey: demo.token.reveal(),
		baseUrl: `${demo.url}/api/v2/aibridge/google/v1`,
	})
})

describe('--token-stdin', () => {
	test('takes the token from the pipe and asks its questions on the terminal', async () => {
		const play = await playWizard({
			args: demo => ['--url', demo.url, '--token-stdin'],
			environment: demo => ({ TOKEN: demo.token.reveal() }),
			shell:
				'before=$(stty -g </dev/tty); printf "%s\\r\\n" "$TOKEN" | $WIZARD; code=$?; [ "$before" = "$(stty -g </dev/tty)" ] || echo "stty differs"; exit $code',
		})
		const { demo, wizard } = play
		await toDeployment(play)
		await wizard.press('enter')
		await wizard.waitFor(new RegExp(`${questions.choosing}|${questions.review}`))
		if (!wizard.screen().includes(questions.review)) await wizard.press('enter')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(sections(play)['openai']).toMatchObject({ apiKey: demo.token.reveal() })
		expect(wizard.scrollback()).not.toContain('stty differs')
		expect(wizard.modeBalance()).toEqual([])
		expect(wizard.raw).not.toContain(demo.token.reveal())
	})

	test('Ctrl-C on the terminal cancels', async () => {
		const play = await playWizard({
			args: demo => ['--url', demo.url, '--token-stdin'],
			environment: demo => ({ TOKEN: demo.token.reveal() }),
			shell: 'echo "$TOKEN" | $WIZARD',
		})
		await toDeployment(play)
		await play.wizard.press('ctrl-c')
		expect((await play.wizard.exit).code).toBe(130)
		expect(play.beside()).toEqual(['providers.jsonc'])
	})
})
