// Plans made from real files in a throw-away home, checked and applied against the demo deployment over real HTTP.
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCoderClient } from '../../source/coder/client.ts'
import { type DemoHome, makeDemoHome } from '../../source/demo/home.ts'
import { makeBuiltInTarget, makeCustomTarget, type ProviderTarget } from '../../source/providers.ts'
import type { Runtime } from '../../source/runtime/runtime.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { applyClearing, applyPlan } from '../../source/setup/apply.ts'
import type { SetupConfig } from '../../source/setup/config.ts'
import { loadContext } from '../../source/setup/context.ts'
import { makePlan } from '../../source/setup/plan.ts'
import { describeTokenOption } from '../../source/setup/token-facts.ts'
import { findTokenOptions } from '../../source/setup/token-options.ts'
import { verify } from '../../source/setup/verify.ts'
import { type Demo, startDemo } from '../fake-coder/fake-coder.ts'
import { hostWith } from '../runtime-with.ts'

const route = '/api/v2/aibridge'
const both = [makeBuiltInTarget('openai'), makeBuiltInTarget('anthropic')]
const facts = { origin: 'https://coder.example.com', report: null }
let demo: Demo
let home: DemoHome
let runtime: Runtime

beforeEach(async () => {
	demo = await startDemo({ users: [{ name: 'alice', roles: ['owner'] }], token: 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV' })
	home = await makeDemoHome()
	runtime = hostWith({}, { homeDir: home.directory })
})

afterEach(async () => {
	await demo.close()
	await home.remove()
})

function answers(provided: Partial<SetupConfig> = {}): SetupConfig {
	const deployment = { origin: demo.url, insecure: false }
	return { targets: both, deployment, route, token: demo.token, fixes: [], storage: { in: 'settings' }, ...provided }
}

const read = () => readFileSync(home.settings, 'utf8')

describe('makePlan', () => {
	it('says before and after for each provider, and masks the diff', async () => {
		const plan = makePlan(await loadContext(runtime, {}), answers())
		const place = new URL(demo.url).host
		expect(plan.changes).toEqual([
			{
				id: 'openai',
				baseUrl: `${demo.url}${route}/openai/v1`,
				before: 'api.openai.com, key in settings',
				after: `AI Bridge at ${place}`,
			},
			{
				id: 'anthropic',
				baseUrl: `${demo.url}${route}/anthropic`,
				before: 'not set up',
				after: `AI Bridge at ${place}`,
			},
		])
		const shown = JSON.stringify([plan.diff, plan])
		expect(plan.text.read()).toContain(demo.token.reveal())
		expect(JSON.stringify(plan.diff)).toContain('abcdefghij-••')
		expect(shown).not.toContain(demo.token.reveal())
	})

	it('is unchanged if everything is already set', async () => {
		await applyPlan(runtime, makePlan(await loadContext(runtime, {}), answers()), facts)
		expect(makePlan(await loadContext(runtime, {}), answers()).unchanged).toBe(true)
	})

	it('adds a custom provider with all that Mux needs of it', async () => {
		const google = makeCustomTarget('google', 'Gemini', ['gemini-3'])
		const plan = makePlan(await loadContext(runtime, {}), answers({ targets: [google] }))
		await applyPlan(runtime, plan, facts)
		const { muxContext } = await loadContext(runtime, {})
		expect(muxContext.sectionIds).toContain('coder-google')
		for (const text of [
			'"providerType": "openai-compatible"',
			'"displayName": "Gemini"',
			'"gemini-3"',
			`${route}/google/v1`,
		]) {
			expect(read()).toContain(text)
		}
		expect(makePlan(await loadContext(runtime, {}), answers({ targets: [google] })).unchanged).toBe(true)
	})

	it('lets an instance that speaks Anthropic’s protocol stand in for anthropic', async () => {
		const target: ProviderTarget = makeBuiltInTarget('anthropic', 'bedrock')
		const plan = makePlan(await loadContext(runtime, {}), answers({ targets: [target] }))
		expect(plan.changes[0]?.baseUrl).toBe(`${demo.url}${route}/bedrock`)
	})

	it('keeps the token in a file of its own, 0600, with only its path in the settings', async () => {
		const place = join(home.directory, '.mux', 'coder-session-token')
		const path = `${place}-${demo.token.keyId}`
		const plan = makePlan(await loadContext(runtime, {}), answers({ storage: { in: 'token-file', path: place } }))
		expect(plan.changes.map(change => change.after)).toEqual(
			plan.changes.map(() => `AI Bridge at ${new URL(demo.url).host}`),
		)
		await applyPlan(runtime, plan, facts)
		expect(read()).not.toContain(demo.token.reveal())
		expect(read()).toContain(`"apiKeyFile": ${JSON.stringify(path)}`)
		expect(readFileSync(path, 'utf8').trim()).toBe(demo.token.reveal())
		expect(statSync(path).mode & 0o777).toBe(0o600)
	})

	it('fixes only what was accepted', async () => {
		writeFileSync(home.settings, '{"openai":{"enabled":false,"apiKey":"x"}}')
		const context = await loadContext(runtime, {})
		const left = makePlan(context, answers())
		expect(left.text.read()).toContain('"enabled":false')
		expect(left.changes[0]?.after).toBe('turned off')
		const { report } = await verify(createCoderClient(runtime), context, answers(), {
			signal: new AbortController().signal,
			onRows() {},
		})
		const fixes = report.fixes.map(fix => fix.id)
		expect(fixes.length).toBeGreaterThan(0)
		const fixed = makePlan(context, answers({ fixes }))
		expect(fixed.text.read()).not.toContain('enabled')
		expect(fixed.changes[0]?.after).toMatch(/^AI Bridge/)
	})

	it('rejects a file with a syntax error, with line and column', async () => {
		writeFileSync(home.settings, '{\n  "openai": {\n    "apiKey" "sk-proj-aaaaaaaaaaaaaaaaaaaaaa"\n')
		const context = await loadContext(runtime, {})
		expect(() => makePlan(context, answers())).toThrow(
			expect.objectContaining({
				findings: [expect.objectContaining({ details: expect.objectContaining({ line: 3 }) })],
			}),
		)
	})
})

describe('applyPlan', () => {
	it('writes nothing over a file that is another one by now', async () => {
		const plan = makePlan(await loadContext(runtime, {}), answers())
		writeFileSync(home.settings, '{"mine": 1}')
		await expect(applyPlan(runtime, plan, facts)).rejects.toMatchObject({ findings: [{ code: 'settings-changed' }] })
		expect(read()).toBe('{"mine": 1}')
	})

	it('gives a summary with the backup of the old bytes', async () => {
		const before = read()
		const plan = makePlan(await loadContext(runtime, {}), answers())
		const applyResult = await applyPlan(runtime, plan, facts)
		expect(readFileSync(applyResult.backup ?? '', 'utf8')).toBe(before)
		expect(applyResult.token?.keyId).toBe('abcdefghij')
		expect(statSync(home.settings).mode & 0o777).toBe(0o600)
	})

	it('does nothing once it was stopped', async () => {
		const before = read()
		const plan = makePlan(await loadContext(runtime, {}), answers())
		await expect(applyPlan(runtime, plan, facts, AbortSignal.abort())).rejects.toMatchObject({
			findings: [{ code: 'cancelled' }],
		})
		expect(read()).toBe(before)
	})
})

describe('the export plan', () => {
	it('holds the four variables, and clears the fields that would win over them', async () => {
		await applyPlan(runtime, makePlan(await loadContext(runtime, {}), answers()), facts)
		const { exports } = makePlan(await loadContext(runtime, {}), answers())
		expect(exports.variables.map(variable => variable.name)).toEqual([
			'ANTHROPIC_API_KEY',
			'ANTHROPIC_BASE_URL',
			'OPENAI_API_KEY',
			'OPENAI_BASE_URL',
		])
		expect(exports.clearing?.fields).toEqual([
			'openai.apiKey',
			'openai.baseUrl',
			'anthropic.apiKey',
			'anthropic.baseUrl',
		])
		await applyClearing(runtime, exports)
		const again = makePlan(await loadContext(runtime, {}), answers()).exports
		expect(again.clearing).toBeNull()
		expect(read()).toContain('// the one for refactoring')
	})
})

describe('verify', () => {
	const options = () => ({ signal: new AbortController().signal, onRows() {} })

	it('reports who, until when, the route, and what else the deployment has', async () => {
		const more = await startDemo({
			users: [{ name: 'alice', roles: ['owner'] }],
			providers: [
				{ name: 'openai', protocol: 'openai', models: ['gpt-5'] },
				{ name: 'google', protocol: 'openai', models: ['gemini-3'] },
			],
		})
		try {
			const question = {
				...answers({ targets: [makeBuiltInTarget('openai')] }),
				deployment: { origin: more.url, insecure: false },
				token: more.token,
				route: undefined,
			}
			const { report, rows } = await verify(
				createCoderClient(runtime),
				await loadContext(runtime, {}),
				question,
				options(),
			)
			expect(report).toMatchObject({ owner: 'alice', route, keyId: more.token.keyId, proof: 'message' })
			expect(report.moreProviders.map(({ target }) => target.id)).toEqual(['coder-google'])
			expect(report.findings.map(issue => issue.code)).toEqual(['token-cli-session'])
			// With the model that Mux would use, on its route.
			const message = more.requests.find(request => request.method === 'POST')
			expect([message?.path, JSON.parse(message?.body ?? '')]).toEqual([
				`${route}/openai/v1/responses`,
				{ model: expect.stringMatching(/^gpt-/) },
			])
			expect(rows.map(row => [row.part, row.status])).toEqual([
				['deployment', 'passed'],
				['token', 'warning'],
				['bridge', 'passed'],
				['openai', 'passed'],
			])
		} finally {
			await more.close()
		}
	})

	it('reports the conflicts on this machine', async () => {
		const away = { ...runtime, env: { OPENROUTER_API_KEY: 'sk-or-v1-xxxxxxxxxxxxxxxxxxxxxxxx' } }
		writeFileSync(home.settings, '{}')
		const { report, rows } = await verify(createCoderClient(away), await loadContext(away, {}), answers(), options())
		expect(rows.at(-1)).toMatchObject({ part: 'conflicts' })
		expect(report.findings.length).toBeGreaterThan(0)
		expect(JSON.stringify(report)).not.toContain('xxxxxxxx')
	})

	it('sends nothing that this machine knows as the token of another deployment', async () => {
		const elsewhere = {
			...runtime,
			env: { CODER_URL: 'https://other.example.com', CODER_SESSION_TOKEN: demo.token.reveal() },
		}
		const { report } = await verify(
			createCoderClient(elsewhere),
			await loadContext(elsewhere, {}),
			answers(),
			options(),
		)
		expect(report.findings).toMatchObject([{ code: 'token-other-deployment' }])
		expect(demo.requests).toEqual([])
	})

	it('knows the wizard’s own older token in the settings', async () => {
		const old = demo.addToken({ name: 'mux-laptop' })
		await applyPlan(runtime, makePlan(await loadContext(runtime, {}), answers({ token: old })), facts)
		const { report } = await verify(createCoderClient(runtime), await loadContext(runtime, {}), answers(), options())
		expect(report.replaced).toEqual({ keyId: old.keyId, name: 'mux-laptop' })
	})
})

describe('offerTokens', () => {
	it('offers the Coder CLI’s session with its end, and a token to be created with it', async () => {
		mkdirSync(home.coderConfig, { recursive: true })
		writeFileSync(join(home.coderConfig, 'url'), `${demo.url}\n`)
		writeFileSync(join(home.coderConfig, 'session'), demo.addToken().reveal())
		const { options, makeable } = await findTokenOptions(
			runtime,
			createCoderClient(runtime),
			await loadContext(runtime, {}),
			{ deployment: { origin: demo.url, insecure: false }, provided: null },
			{ signal: new AbortController().signal },
		)
		expect(options).toHaveLength(1)
		expect(options[0]).toMatchObject({ label: 'Use the Coder CLI’s session', choice: { isCliSession: true } })
		expect(describeTokenOption(options[0]!)).toMatch(/^ZQ8W3mmNfJ-•+, expires in (?:6|7) days$/)
		expect(makeable).toEqual({ name: 'mux-laptop', days: 30 })
	})

	it('creates nothing with a session that is rejected, and says so', async () => {
		mkdirSync(home.coderConfig, { recursive: true })
		writeFileSync(join(home.coderConfig, 'url'), demo.url)
		writeFileSync(join(home.coderConfig, 'session'), new Secret('zzzzzzzzzz-ABCDEFGHIJKLMNOPQRSTUV').reveal())
		const found = await findTokenOptions(
			runtime,
			createCoderClient(runtime),
			await loadContext(runtime, {}),
			{ deployment: { origin: demo.url, insecure: false }, provided: null },
			{ signal: new AbortController().signal },
		)
		expect(describeTokenOption(found.options[0]!)).toContain('rejected by Coder')
		expect(found.makeable).toBeNull()
	})
})

it("reads a home that isn't there yet", async () => {
	const empty = { ...runtime, homeDir: join(home.directory, 'nobody') }
	mkdirSync(empty.homeDir)
	chmodSync(empty.homeDir, 0o700)
	const plan = makePlan(await loadContext(empty, {}), answers())
	await applyPlan(empty, plan, facts)
	const path = join(empty.homeDir, '.mux', 'providers.jsonc')
	expect(statSync(path).mode & 0o777).toBe(0o600)
	expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
		openai: { apiKey: demo.token.reveal(), baseUrl: `${demo.url}${route}/openai/v1` },
		anthropic: { apiKey: demo.token.reveal(), baseUrl: `${demo.url}${route}/anthropic` },
	})
})
