import process from 'node:process'
import { afterEach, describe, expect, it } from 'vitest'
import { createCoderClient } from '../../source/coder/client.ts'
import type { HttpClient } from '../../source/coder/http/types.ts'
import { getTokenPages } from '../../source/coder/token-pages.ts'
import {
	createToken,
	defaultTokenName,
	deleteToken,
	fetchTokenConfig,
	fetchTokenInfo,
	isWizardTokenName,
} from '../../source/coder/tokens.ts'
import { formatLifetime } from '../../source/duration.ts'
import { describeFinding as inWords } from '../../source/findings/describe.ts'
import { type Finding, UserError } from '../../source/findings/finding.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { type Demo, type DemoOptions, startDemo } from '../fake-coder/fake-coder.ts'
import { hostWith } from '../runtime-with.ts'

const DAY_NS = 86_400e9
let demo: Demo
let client: HttpClient
const deployment = () => ({ origin: demo.url, insecure: false })

async function start(options: DemoOptions = {}): Promise<void> {
	demo = await startDemo(options)
	client = createCoderClient(hostWith(), { limits: { pausesMs: [1, 1], responseMs: 5000 } })
}
afterEach(async () => {
	client?.close()
	await demo?.close()
})

const wish = { name: 'mux-laptop', lifetimeDays: 30 } as const
const create = (provided: Partial<Parameters<typeof createToken>[3]> = {}, signal?: AbortSignal) =>
	createToken(client, deployment(), demo.token, { ...wish, ...provided }, { signal })
const names = () => demo.tokens().map(({ name }) => name)
const posted = () => demo.requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body))

async function refusal(work: Promise<unknown>): Promise<Finding> {
	const error = await work.then(
		() => null,
		(cause: unknown) => cause,
	)
	expect(error).toBeInstanceOf(UserError)
	const [first] = (error as UserError).findings
	if (!first) throw new Error('no finding')
	inWords(first)
	return first
}

describe('a token for Mux', () => {
	it('is created with its lifetime in nanoseconds, and works before it is handed out', async () => {
		await start()
		const made = await create()
		expect(posted()).toEqual([{ lifetime: 30 * DAY_NS, token_name: 'mux-laptop' }])
		expect(made).toMatchObject({ name: 'mux-laptop', days: 30 })
		expect(Math.round(((made.expiresAt?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(30)
		expect(names()).toEqual(['demo', 'mux-laptop'])
		const proof = demo.requests.find(({ path, headers }) => {
			return path === '/api/v2/users/me' && headers['coder-session-token'] === made.secret.reveal()
		})
		expect(proof).toBeDefined()
	})

	it('lives no longer than the deployment allows', async () => {
		await start({ maxLifetimeDays: 7 })
		expect(await fetchTokenConfig(client, deployment(), demo.token)).toEqual({ maxLifetimeDays: 7 })
		expect(await create({ lifetimeDays: 90 })).toMatchObject({ days: 7 })
		expect(posted()).toEqual([{ lifetime: 7 * DAY_NS, token_name: 'mux-laptop' }])
	})

	it('goes under the limit that an error names, if the limit could not be asked before', async () => {
		await start({ maxLifetimeDays: 7, failures: [{ mode: 'token-scoped', path: 'tokenconfig' }] })
		expect(await fetchTokenConfig(client, deployment(), demo.token)).toEqual({ maxLifetimeDays: null })
		const made = await create({ lifetimeDays: 90 })
		expect(posted().map(body => body.lifetime)).toEqual([90 * DAY_NS, 7 * DAY_NS - 60e9])
		expect(made.days).toBeCloseTo(7, 2)
	})

	it('can live for a year, in digits that survive', async () => {
		await start({ maxLifetimeDays: 3650 })
		await create({ lifetimeDays: 365 })
		expect(demo.requests.find(({ method }) => method === 'POST')?.body).toContain('"lifetime":31536000000000000,')
	})

	it('takes the next free name', async () => {
		await start()
		await create()
		await create()
		expect((await create()).name).toBe('mux-laptop-3')
		expect(names()).toEqual(['demo', 'mux-laptop', 'mux-laptop-2', 'mux-laptop-3'])
	})

	it('gives up after twenty names', async () => {
		const taken = Array.from({ length: 20 }, (_, index) => ({
			name: index === 0 ? 'mux-laptop' : `mux-laptop-${index + 1}`,
		}))
		await start({ users: [{ tokens: [{ name: 'demo' }, ...taken] }] })
		expect(await refusal(create())).toMatchObject({ code: 'token-name-taken' })
		expect(posted()).toHaveLength(20)
	})

	it("is revoked if the deployment doesn't accept it", async () => {
		await start()
		demo.setFailure({ mode: 'user-suspended', path: '/users/me', times: 0 })
		const asking = create()
		// The first request of the new token is its proof.
		demo.setDelay(request => {
			if (request.method === 'POST') demo.setFailure({ mode: 'token-unknown', path: '/api/v2/users/me', times: 1 })
			return 0
		})
		expect((await refusal(asking)).code).toBe('token-unknown')
		expect(names()).toEqual(['demo'])
	})

	it('is revoked if the user quits while it is being created', async () => {
		await start()
		const leaving = new AbortController()
		demo.setDelay(request => {
			if (request.method === 'POST') leaving.abort()
			return 0
		})
		expect((await refusal(create({}, leaving.signal))).code).toBe('cancelled')
		expect(posted()).toHaveLength(1)
		expect(names()).toEqual(['demo'])
	})

	it("isn't begun if the user has quit", async () => {
		await start()
		expect((await refusal(create({}, AbortSignal.abort()))).code).toBe('cancelled')
		expect(posted()).toEqual([])
	})

	it.each([
		['token-expired', 'token-expired'],
		['token-unknown', 'token-unknown'],
		['oidc-refresh', 'login-provider-expired'],
		['token-scoped', 'token-not-created'],
		['server-error', 'token-not-created'],
		['html-page', 'response-html'],
		['down-503', 'deployment-down'],
		['redirect-other-host', 'redirect-other-host'],
		['wrong-content-type', 'response-html'],
		['proxy-403', 'authenticating-proxy'],
		['not-http', 'response-invalid'],
	] as const)("isn't created if the deployment says %s", async (mode, code) => {
		await start({ failures: [mode] })
		const issue = await refusal(create())
		expect(issue.code).toBe(code)
		expect(JSON.stringify([issue, inWords(issue)])).not.toContain(demo.token.reveal())
		expect(names()).toEqual(['demo'])
	})

	it("isn't asked of a server that has not identified itself as Coder: the session goes nowhere", async () => {
		await start({ failures: ['html-page'] })
		await refusal(create())
		expect(demo.requests.map(({ path }) => path)).toEqual(['/api/v2/buildinfo'])
		expect(JSON.stringify(demo.requests)).not.toContain(demo.token.reveal())
	})

	it("isn't created with the session of another deployment", async () => {
		await start()
		const { CODER_URL, CODER_SESSION_TOKEN } = {
			CODER_URL: 'https://coder.example.org',
			CODER_SESSION_TOKEN: demo.token.reveal(),
		}
		const elsewhere = createCoderClient(hostWith({ CODER_URL, CODER_SESSION_TOKEN }))
		const issue = await refusal(createToken(elsewhere, deployment(), demo.token, wish))
		elsewhere.close()
		expect(issue.code).toBe('token-other-deployment')
		expect(demo.requests).toEqual([])
	})
})

describe('revoking a token', () => {
	it('deletes it, also by itself, also twice', async () => {
		await start()
		const made = await create()
		await deleteToken(client, deployment(), made.secret, made.secret.keyId ?? '')
		expect(names()).toEqual(['demo'])
		await deleteToken(client, deployment(), demo.token, made.secret.keyId ?? '')
	})

	it.each(['server-error', 'html-page', 'proxy-403', 'not-coder-404', 'token-expired'] as const)(
		'says that it could not be deleted: %s',
		async mode => {
			await start({ failures: [mode] })
			client.deployments.add(demo.url)
			const issue = await refusal(deleteToken(client, deployment(), demo.token, demo.token.keyId ?? ''))
			expect(issue).toMatchObject({ code: 'token-not-deleted', details: { keyId: demo.token.keyId } })
			expect(names()).toEqual(['demo'])
		},
	)
})

describe('what a token is', () => {
	it('whose, of which kind, until when', async () => {
		await start({ users: [{ username: 'ada', tokens: [{ lifetimeMs: 7 * 86_400_000 }] }] })
		expect(await fetchTokenInfo(client, deployment(), demo.token)).toMatchObject({
			ok: true,
			user: 'ada',
			key: { keyId: demo.token.keyId, kind: 'cli-session' },
		})
	})

	it("isn't known of a scoped one, which is valid anyway", async () => {
		await start({ failures: ['token-scoped'] })
		expect(await fetchTokenInfo(client, deployment(), demo.token)).toEqual({ ok: true, user: null, key: null })
	})

	it('is reported without a request if its form is wrong', async () => {
		await start()
		const info = await fetchTokenInfo(client, deployment(), new Secret('sk-proj-abcdefghijklmnop'))
		expect(info).toMatchObject({ ok: false, finding: { code: 'token-provider-key' } })
		expect(demo.requests).toEqual([])
	})
})

describe('many requests on one connection', () => {
	it('leave nothing behind on it', async () => {
		await start()
		const warnings: Error[] = []
		const note = (warning: Error) => warnings.push(warning)
		process.on('warning', note)
		for (let asked = 0; asked < 12; asked++) await fetchTokenConfig(client, deployment(), demo.token)
		await new Promise(resolve => setImmediate(resolve))
		process.off('warning', note)
		expect(demo.connections()).toBe(1)
		expect(warnings).toEqual([])
	})
})

describe('names and lifetimes', () => {
	it.each([
		['laptop', 'mux-laptop'],
		['Ada-MacBook-Pro.local', 'mux-ada-macbook-pro'],
		["Ada's Büro_PC", 'mux-ada-s-bu-ro-pc'],
		['--x--', 'mux-x'],
		['', 'mux'],
		['日本', 'mux'],
		['a'.repeat(80), `mux-${'a'.repeat(25)}`],
	])('%j is called %s', (hostname, name) => {
		expect(defaultTokenName({ hostname })).toBe(name)
		expect(isWizardTokenName(name)).toBe(true)
		expect(isWizardTokenName(`${name}-2`)).toBe(true)
	})

	it('knows its own names from others', () => {
		expect([undefined, '', 'laptop', 'muxer', 'my-mux-laptop', 'mux_laptop'].map(isWizardTokenName)).toEqual(
			Array(6).fill(false),
		)
	})

	it('says lifetimes in words', () => {
		expect([30, 1, 0.5, 7 - 1 / 1440, 1.5].map(formatLifetime)).toEqual([
			'30 days',
			'1 day',
			'12 hours',
			'7 days',
			'36 hours',
		])
	})
})

it('is offered beside the other places', () => {
	expect(getTokenPages({ tokenFile: '/t', cliSession: null }).map(place => place.in)).toEqual([
		'settings',
		'token-file',
	])
	const places = getTokenPages({ tokenFile: '/t', cliSession: '/s' })
	expect(places.map(place => [place.in, place.path])).toEqual([
		['settings', undefined],
		['token-file', '/t'],
		['cli-session', '/s'],
	])
	for (const { title, tradeOff } of places) expect(`${title} ${tradeOff}`.length).toBeLessThan(140)
})
