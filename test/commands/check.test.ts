import { describe, expect, it } from 'vitest'
import type { Demo } from '../fake-coder/fake-coder.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { codesOf, makeHome, openDemo, program, resultOf, run, settingsIn, settingsText } from './program.ts'

const bridged = (demo: Demo, token = demo.token.reveal()) =>
	JSON.stringify({
		openai: { apiKey: token, baseUrl: `${demo.url}/api/v2/aibridge/openai/v1` },
		anthropic: { apiKey: token, baseUrl: `${demo.url}/api/v2/aibridge/anthropic` },
	})

describe('check', () => {
	it('is content if both providers go through a working bridge', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo) })
		const ran = await run(['check'], { home })
		expect(ran).toMatchObject({ code: 0, stderr: '' })
		const host = new URL(demo.url).host
		expect(ran.stdout).toMatch(/^Mux → Coder AI Bridge +~\/\.mux\/providers\.jsonc$/m)
		expect(ran.stdout).toMatch(new RegExp(`✔ OpenAI +${host} +answered in \\d\\.\\d s`))
		expect(ran.stdout).toMatch(new RegExp(`✔ Anthropic +${host} +answered in \\d\\.\\d s`))
		expect(ran.stdout).toMatch(/Token +“demo” of alice, expires in (29|30) days/)
		expect(ran.stdout).toMatch(/Coder +v2\.36\.0\S*, Premium, \/api\/v2\/aibridge/)
		expect(ran.stdout).toContain('Everything works.')
		expect(ran.stdout).not.toContain(demo.token.reveal())
		// Only looks.
		expect(settingsText(home)).toBe(bridged(demo))
		const messages = demo.requests.filter(request => request.method === 'POST').map(request => JSON.parse(request.body))
		expect(messages.map(body => Object.keys(body))).toEqual([['model'], ['model']])
	})

	it('lists the models with --models, if that does no harm', async () => {
		const demo = await openDemo({ version: 'v2.37.0' })
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo) })
		const result = resultOf(await run(['check', '--models', '--json'], { home }))
		expect(result.providers.map((provider: { models: number }) => provider.models)).toEqual([6, 3])
	})

	it('sends one short message to each provider with --send, and shows the first words of the answer', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo) })
		const ran = await run(['check', '--send'], { home })
		expect(ran.code).toBe(0)
		expect(ran.stdout).toMatch(/✔ OpenAI .+answered “[^”]+” in \d\.\d s/)
		expect(ran.stdout).toMatch(/✔ Anthropic .+answered “[^”]+” in \d\.\d s/)
		const messages = demo.requests.filter(request => request.method === 'POST').map(request => JSON.parse(request.body))
		expect(messages).toEqual([
			{ model: 'gpt-5.4-mini', input: 'Hi', max_output_tokens: 16, store: false },
			{ model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 16 },
		])
		const json = resultOf(await run(['check', '--send', '--json', '--model', 'openai:gpt-5.4'], { home }))
		expect(json.providers.map((provider: { answer: string }) => provider.answer.length > 0)).toEqual([true, true])
		expect(demo.requests.map(request => request.body).join()).toContain('"model":"gpt-5.4"')
	})

	it('asks a custom provider for a model of its own with --send: the provider has no other', async () => {
		const demo = await openDemo({ providers: [{ name: 'vllm', protocol: 'openai', models: ['llama-4'] }] })
		const section = {
			providerType: 'openai-compatible',
			apiKey: demo.token.reveal(),
			baseUrl: `${demo.url}/api/v2/aibridge/vllm/v1`,
			models: ['llama-4'],
		}
		const home = makeHome({ '.mux/providers.jsonc': JSON.stringify({ 'coder-vllm': section }) })
		const ran = await run(['check', '--send', '--provider', 'vllm'], { home })
		expect(ran.stdout).toMatch(/answered “Hello/)
		expect(demo.requests.map(request => request.body).join('')).toContain('"model":"llama-4"')
	})

	it('asks before it sends a message from a terminal, and sends none without a yes', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo) })
		const wizard = await startInTerminal({ command: process.execPath, args: [program, 'check', '--send'], home })
		await wizard.waitFor('It costs a few tokens')
		await wizard.waitFor('[y/N]')
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(130)
		expect(demo.requests).toEqual([])
		await endSessions()
	})

	it('sends no message with --proof route, and claims nothing', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo) })
		const ran = await run(['check', '--proof', 'route', '--json'], { home })
		expect([ran.code, resultOf(ran).verdict]).toEqual([0, 'unchecked'])
		expect(demo.requests.filter(request => request.body !== '')).toEqual([])
	})

	it('reports it in JSON, with what the deployment reported', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo) })
		const result = resultOf(await run(['check', '--json'], { home }))
		expect(result).toMatchObject({
			version: 1,
			release: 'mux',
			settingsFile: settingsIn(home),
			findings: [],
			live: {
				deployment: demo.url,
				route: '/api/v2/aibridge',
				token: { keyId: demo.token.keyId, owner: 'alice', expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) },
			},
		})
		expect(result.providers[0]).toEqual({
			id: 'openai',
			configured: true,
			request: {
				url: `${demo.url}/api/v2/aibridge/openai/v1/responses`,
				credentialHeader: 'authorization',
				credentialFrom: 'apiKey',
				keyId: demo.token.keyId,
			},
			viaBridge: true,
			conflicts: [],
			answered: true,
			models: null,
		})
	})

	it('asks nobody with --offline', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo) })
		const ran = await run(['check', '--offline', '--json'], { home })
		expect(ran.code).toBe(0)
		const result = resultOf(ran)
		expect(result.live).toBeUndefined()
		expect(result.providers[0].models).toBeUndefined()
		expect((await run(['check', '--offline'], { home })).stdout).toContain('offline, not verified')
		expect(demo.requests).toEqual([])
	})

	it('names the leak: a Coder token without a base URL, which is sent nowhere', async () => {
		const demo = await openDemo()
		const both = JSON.parse(bridged(demo))
		delete both.anthropic.baseUrl
		const home = makeHome({ '.mux/providers.jsonc': JSON.stringify(both) })
		const ran = await run(['check'], { home })
		expect(ran.code).toBe(1)
		expect(ran.stdout).toMatch(/✔ OpenAI/)
		expect(ran.stdout).toMatch(/✖ Anthropic +api\.anthropic\.com/)
		expect(ran.stdout).toContain('the token would be sent there')
		expect(ran.stdout).toContain('npx mux-bridge-wizard --provider anthropic')
		expect(ran.stdout).toContain('1 problem found.')
		const result = resultOf(await run(['check', '--json'], { home }))
		expect(result.providers[1]).toMatchObject({ viaBridge: false, conflicts: ['key-without-base-url'] })
		// The named one is in order.
		expect((await run(['check', '-p', 'openai'], { home })).code).toBe(0)
		expect((await run(['check', '-p', 'anthropic'], { home })).code).toBe(1)
	})

	it("says what isn't set up, and what goes elsewhere", async () => {
		const settings = { openai: { apiKey: 'sk-proj-0123456789abcdefghij' } }
		const home = makeHome({ '.mux/providers.jsonc': JSON.stringify(settings) })
		const ran = await run(['check'], { home })
		expect(ran.code).toBe(1)
		expect(ran.stdout).toMatch(/✖ OpenAI +api\.openai\.com, key in settings/)
		expect(ran.stdout).toMatch(/✖ Anthropic +not set up/)
		expect(ran.stdout).toContain('2 problems found.')
		const result = resultOf(await run(['check', '--json'], { home }))
		expect(codesOf(result)).toEqual(['provider-key-in-use', 'provider-not-set-up'])
		expect(result.providers[1]).toMatchObject({ request: null, reason: 'api_key_not_found' })
		expect(result.live).toBeNull()
		expect(ran.stdout).not.toContain('0123456789abcdefghij')
	})

	it('names one command if nothing is set up', async () => {
		const ran = await run(['check'], { home: makeHome({}) })
		expect(ran.code).toBe(1)
		expect(ran.stdout.match(/To use AI Bridge, run:\n +npx mux-bridge-wizard\n/g)).toHaveLength(1)
		expect(ran.stdout).not.toContain('--provider')
	})

	it("warns of a provider that AI Bridge can't reach, and doesn't call it unchecked", async () => {
		const demo = await openDemo({ failures: [{ mode: 'upstream-unreachable', provider: 'openai' }] })
		const ran = await run(['check'], { home: makeHome({ '.mux/providers.jsonc': bridged(demo) }) })
		expect(ran.code).toBe(0)
		expect(ran.stdout).toMatch(/^ {2}! OpenAI +127\.0\.0\.1:\d+$/m)
		expect(ran.stdout).not.toContain('not checked')
	})

	it('finds conflicts: a gateway that is asked first', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo) })
		const env = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdefghij' }
		const ran = await run(['check', '--json'], { home, env })
		expect(ran.code).toBe(1)
		const result = resultOf(ran)
		expect(result.providers.map((provider: { viaBridge: boolean }) => provider.viaBridge)).toEqual([false, false])
		expect(codesOf(result)).toEqual(['gateway-first', 'gateway-first'])
		expect(demo.requests).toEqual([])
	})

	it.each([
		['token-expired', 3, 'token-expired'],
		['no-license', 6, 'no-license'],
		['reset', 4, 'connection-reset'],
		['provider-disabled', 6, 'provider-disabled'],
		['keys-dead', 6, 'upstream-key-bad'],
	] as const)("reports a bridge that doesn't work: %s", async (failure, code, finding) => {
		const demo = await openDemo({ failures: [failure] })
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo) })
		const ran = await run(['check', '--json'], { home })
		expect(codesOf(resultOf(ran))).toContain(finding)
		expect(ran.code).toBe(code)
		const text = await run(['check'], { home })
		expect(text.code).toBe(code)
		expect(text.stdout).toContain('✖ OpenAI')
	})

	it('sends each token to the deployment of the base URL beside it', async () => {
		const [one, two] = [await openDemo(), await openDemo({ seed: 2 })]
		const settings = {
			openai: { apiKey: one.token.reveal(), baseUrl: `${one.url}/api/v2/aibridge/openai/v1` },
			anthropic: { apiKey: two.token.reveal(), baseUrl: `${two.url}/api/v2/aibridge/anthropic` },
		}
		const home = makeHome({ '.mux/providers.jsonc': JSON.stringify(settings) })
		expect((await run(['check'], { home })).code).toBe(0)
		expect(one.requests.length).toBeGreaterThan(0)
		expect(two.requests.length).toBeGreaterThan(0)
		expect(JSON.stringify(one.requests)).not.toContain(two.token.reveal())
		expect(JSON.stringify(two.requests)).not.toContain(one.token.reveal())
	})

	it("doesn't send a key of the environment to a base URL of the file", async () => {
		const [one, two] = [await openDemo(), await openDemo({ seed: 2 })]
		const settings = { openai: { baseUrl: `${one.url}/api/v2/aibridge/openai/v1` } }
		const home = makeHome({ '.mux/providers.jsonc': JSON.stringify(settings) })
		const env = { OPENAI_API_KEY: two.token.reveal() }
		const ran = await run(['check', '-p', 'openai', '--json'], { home, env })
		expect(ran.code).toBe(1)
		expect(codesOf(resultOf(ran))).toContain('bridge-not-checked')
		expect(one.requests).toEqual([])
		// Known by other means as this deployment's, it is asked.
		const known = { OPENAI_API_KEY: one.token.reveal(), CODER_SESSION_TOKEN: one.token.reveal(), CODER_URL: one.url }
		expect((await run(['check', '-p', 'openai'], { home, env: known })).code).toBe(0)
	})

	it('works from variables alone', async () => {
		const demo = await openDemo()
		const env = {
			OPENAI_API_KEY: demo.token.reveal(),
			OPENAI_BASE_URL: `${demo.url}/api/v2/aibridge/openai/v1`,
			ANTHROPIC_API_KEY: demo.token.reveal(),
			ANTHROPIC_BASE_URL: `${demo.url}/api/v2/aibridge/anthropic`,
		}
		expect((await run(['check'], { home: makeHome(), env })).code).toBe(0)
	})

	it("can't try the login of Mux itself, but sees whether its deployment is there", async () => {
		const demo = await openDemo()
		const login = { type: 'oauth', access: 'a', refresh: 'b', clientId: 'c', clientSecret: 'd', sessionId: 'e' }
		const coderOauth = { ...login, expires: 99_999_999_999_999, deploymentUrl: demo.url }
		const settings = { coder: { deploymentUrl: demo.url, coderOauth } }
		const home = makeHome({ '.mux/providers.jsonc': JSON.stringify(settings) })
		const ran = await run(['check'], { home })
		expect(ran.code).toBe(0)
		expect(ran.stdout).toContain('Login with Coder')
		expect(ran.stdout).toContain("Mux's own login was not tried")
		expect(demo.requests.every(request => !JSON.stringify(request.headers).includes('oauth'))).toBe(true)
		demo.setFailure('not-coder')
		expect((await run(['check'], { home })).code).toBe(4)
	})

	it("never sends a key that isn't a Coder token", async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo, 'sk-ant-0123456789abcdefghij') })
		const ran = await run(['check', '--json'], { home })
		expect(ran.code).toBe(3)
		expect(codesOf(resultOf(ran))).toContain('token-provider-key')
		expect(demo.requests).toEqual([])
	})

	it('takes the other release if it is asked to', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': bridged(demo), '.xum/providers.jsonc': '{}' })
		const result = (release: string) =>
			run(['check', '--offline', '--json', '--release', release], { home }).then(ran => resultOf(ran))
		expect(await result('mux')).toMatchObject({ release: 'mux', settingsFile: settingsIn(home) })
		expect((await result('mux')).providers[0].viaBridge).toBe(true)
		expect((await result('xum')).providers[0].viaBridge).toBe(false)
	})

	it('looks at a provider of the deployment by its name', async () => {
		const demo = await openDemo({ providers: [{ name: 'google', protocol: 'openai', models: ['gemini-3'] }] })
		const home = makeHome({ token: demo.token.reveal() })
		expect((await run(['-y', '-u', demo.url, '--token-file', 'token', '-p', 'google'], { home })).code).toBe(0)
		const ran = await run(['check', '-p', 'google', '--json'], { home })
		expect(ran.code).toBe(0)
		expect(resultOf(ran).providers).toMatchObject([{ id: 'coder-google', viaBridge: true, answered: true }])
	})
})
