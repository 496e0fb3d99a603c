// Each row of the contract's tables that a client can meet, against a real server on loopback.
import { createServer, request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { type BridgeReport, type CheckTarget, checkBridge, type Progress } from '../../source/coder/check.ts'
import { createCoderClient } from '../../source/coder/client.ts'
import { parseDeployment } from '../../source/coder/deployment-url.ts'
import type { HttpClientOptions } from '../../source/coder/http/types.ts'
import { listProviders } from '../../source/coder/provider-instances.ts'
import { describeFinding as inWords } from '../../source/findings/describe.ts'
import { exitCodeOf, severityOf } from '../../source/findings/severity.ts'
import { makeBuiltInTarget } from '../../source/providers.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { type Demo, type DemoOptions, type FailureModeName, startDemo } from '../fake-coder/fake-coder.ts'
import { hostWith } from '../runtime-with.ts'
import { listen } from './servers.ts'

const demos: Demo[] = []
afterEach(async () => {
	await Promise.all(demos.splice(0).map(demo => demo.close()))
})

async function start(options: DemoOptions = {}): Promise<Demo> {
	const demo = await startDemo(options)
	demos.push(demo)
	return demo
}

const quick: HttpClientOptions = { limits: { pausesMs: [1, 2], responseMs: 400, firstCallMs: 500, maxRetryAfterMs: 5 } }
const both = [
	{ ...makeBuiltInTarget('openai'), model: 'gpt-5.4' },
	{ ...makeBuiltInTarget('anthropic'), model: 'claude-opus-4-6' },
]

async function check(
	demo: Demo,
	provided: {
		token?: Secret
		targets?: CheckTarget[]
		listsModels?: boolean
		preferredRoute?: '/api/v2/aibridge' | '/api/v2/ai-gateway'
		proof?: 'message' | 'route'
		route?: '/api/v2/aibridge' | '/api/v2/ai-gateway'
	} = {},
	environment: Record<string, string> = {},
	progress: Progress[] = [],
): Promise<BridgeReport> {
	const client = createCoderClient(hostWith(environment), quick)
	const parsed = parseDeployment(demo.url)
	if (!parsed.ok) throw new Error('no deployment')
	try {
		return await checkBridge(
			client,
			{
				targets: both,
				...provided,
				deployment: parsed.deployment,
				token: provided.token ?? demo.token,
			},
			{ onProgress: one => progress.push(one) },
		)
	} finally {
		client.close()
	}
}

/** `code (subject)`, with the severity if it isn't an error. */
function said(report: BridgeReport): string[] {
	return report.findings.map(issue => {
		const severity = severityOf(issue)
		return `${issue.code} (${issue.subject})${severity === 'error' ? '' : ` ${severity}`}`
	})
}

describe('a deployment that is well', () => {
	it('reports version, user, token, route and providers, and has nothing to find', async () => {
		const demo = await start()
		const progress: Progress[] = []
		const report = await check(demo, {}, {}, progress)
		expect(said(report)).toEqual([])
		expect(report).toMatchObject({
			version: 'v2.36.0+4c1b5f0',
			user: { name: 'alice' },
			token: { keyId: demo.token.keyId, kind: 'api-token', name: 'demo' },
			route: '/api/v2/aibridge',
		})
		expect(report.providers.map(one => [one.id, one.proven, one.models])).toEqual([
			['openai', true, null],
			['anthropic', true, null],
		])
		expect(progress.map(one => `${one.part} ${one.status} ${one.note}`)).toEqual([
			'deployment running ',
			'deployment passed v2.36.0+4c1b5f0',
			'token running ',
			'bridge running ',
			'openai running ',
			'anthropic running ',
			expect.stringMatching(/^token passed alice, API token “demo”, expires in (29|30) days$/),
			'bridge passed /api/v2/aibridge',
			expect.stringMatching(/^openai passed answered in \d\.\d s$/),
			expect.stringMatching(/^anthropic passed answered in \d\.\d s$/),
		])
	})

	it('is asked five times in two rounds, on kept connections', async () => {
		const demo = await start()
		// A line that holds answers back until a whole round has asked: with more rounds than two, or with questions
		// that wait for each other inside a round, it never ends and the check fails.
		const rounds = [1, 4]
		let waiting: (() => void)[] = []
		let asked = 0
		const line = createServer((message, response) => {
			asked += 1
			waiting.push(() => {
				const onward = request({ port: demo.port, path: message.url, method: message.method, headers: message.headers })
				onward.on('response', answer => {
					response.writeHead(answer.statusCode ?? 500, answer.headers)
					answer.pipe(response)
				})
				message.pipe(onward)
			})
			if (waiting.length < (rounds[0] ?? 1)) return
			rounds.shift()
			const round = waiting
			waiting = []
			for (const answer of round) answer()
		})
		let connections = 0
		line.on('connection', () => {
			connections += 1
		})
		const { port, close } = await listen(line)
		const report = await check({ ...demo, url: `http://127.0.0.1:${port}` })
		await close()
		expect(said(report)).toEqual([])
		expect([asked, rounds, connections]).toEqual([5, [], 4])
	})

	it('gets no token before it has identified itself, and the session header never on the data plane', async () => {
		const demo = await start()
		await check(demo)
		const [first, ...rest] = demo.requests
		expect(first?.path).toBe('/api/v2/buildinfo')
		expect(JSON.stringify(first?.headers)).not.toContain(demo.token.reveal())
		for (const { path, headers } of rest) {
			const onDataPlane = path.includes('/aibridge/') || path.includes('/ai-gateway/')
			expect(headers['coder-session-token'] !== undefined).toBe(!onDataPlane)
			expect([headers['authorization'], headers['x-api-key']].filter(Boolean).length).toBe(onDataPlane ? 1 : 0)
		}
		expect(demo.requests.find(one => one.path.endsWith('/anthropic/v1/messages'))?.headers['anthropic-version']).toBe(
			'2023-06-01',
		)
	})
})

describe('the choice of the route', () => {
	it.each([
		[['/api/v2/aibridge'], '/api/v2/aibridge'],
		[['/api/v2/ai-gateway'], '/api/v2/ai-gateway'],
		[['/api/v2/ai-gateway', '/api/v2/aibridge'], '/api/v2/aibridge'],
	] as const)('of a server that knows %j is %s', async (routes, expected) => {
		const demo = await start({ routes })
		const report = await check(demo)
		expect([report.route, said(report)]).toEqual([expected, []])
	})

	it('is the one that the settings use', async () => {
		const demo = await start()
		const report = await check(demo, { preferredRoute: '/api/v2/ai-gateway' })
		expect([report.route, said(report)]).toEqual(['/api/v2/ai-gateway', []])
	})

	it('can be given', async () => {
		const demo = await start()
		const report = await check(demo, { route: '/api/v2/ai-gateway' })
		expect([report.route, said(report)]).toEqual(['/api/v2/ai-gateway', []])
		const messages = demo.requests.filter(one => one.method === 'POST')
		expect(messages.map(one => one.path.split('/')[3])).toEqual(['ai-gateway', 'ai-gateway'])
	})

	it('that is given and unknown names the other', async () => {
		const report = await check(await start({ version: 'v2.30.1' }), { route: '/api/v2/ai-gateway' })
		expect(said(report)).toEqual(['route-unknown (bridge)'])
		expect(inWords(report.findings[0]!).remedy).toContain('--route aibridge')
	})
})

const failing: [FailureModeName, string[], number][] = [
	// Section 2.
	['not-coder', ['not-coder (deployment)'], 4],
	['not-coder-404', ['not-coder (deployment)'], 4],
	['html-page', ['response-html (deployment)'], 4],
	['redirect-other-host', ['redirect-other-host (deployment)'], 4],
	['redirect-same-host', ['redirect-same-host (deployment)'], 4],
	['proxy-401', ['authenticating-proxy (deployment)'], 4],
	['proxy-403', ['authenticating-proxy (deployment)'], 4],
	['down-502', ['deployment-down (deployment)'], 4],
	['down-503', ['deployment-down (deployment)'], 4],
	['down-504', ['deployment-down (deployment)'], 4],
	['workspace-proxy', ['workspace-proxy (deployment)'], 2],
	['gateway-no-key', ['standalone-gateway (deployment)'], 2],
	['gateway-no-route', ['standalone-gateway (deployment)'], 2],
	['too-old', ['too-old (bridge)'], 6],
	['open-source', ['open-source-build (bridge)'], 6],
	// Section 3.
	['token-missing', ['token-missing (token)'], 3],
	['token-malformed', ['token-malformed (token)'], 3],
	['token-unknown', ['token-unknown (token)'], 3],
	['token-wrong-secret', ['token-wrong-secret (token)'], 3],
	['token-expired', ['token-expired (token)'], 3],
	['user-suspended', ['user-suspended (token)'], 3],
	['user-dormant', ['user-dormant (token)'], 3],
	['login-again', ['login-provider-expired (token)'], 3],
	['oidc-expired', ['login-provider-expired (token) warning'], 3],
	['oidc-refresh', ['login-provider-expired (token) warning'], 3],
	['token-audience', ['token-audience (token) warning'], 3],
	['token-scoped', ['token-scoped (token) warning'], 3],
	['server-error', ['server-error (token) warning'], 1],
	// Section 5, rows 1 to 10.
	['no-license', ['no-license (bridge)'], 6],
	['no-license-older', ['no-license (bridge)'], 6],
	['at-capacity', ['at-capacity (bridge) warning'], 1],
	['rate-limited', ['rate-limited (openai) warning', 'rate-limited (anthropic) warning'], 1],
	['own-key', ['byok-disabled (bridge)'], 1],
	['daemon-off', ['bridge-not-running (bridge)'], 6],
	['switched-off', ['bridge-off (bridge)'], 6],
	['no-key', ['token-missing (token)'], 3],
	['no-key-older', ['token-missing (token)'], 3],
	['cut-off', ['bridge-disconnected (bridge) warning'], 6],
	['unauthorized', ['token-not-for-bridge (token)'], 3],
	['budget-spent', ['budget-spent (bridge) warning'], 1],
	['handler-pool', ['handler-pool (bridge) warning'], 1],
	['bridge-html', ['provider-url-wrong (openai)', 'provider-url-wrong (anthropic)'], 6],
	// Rows 11 to 14, at both providers.
	['provider-disabled', ['provider-disabled (openai)', 'provider-disabled (anthropic)'], 6],
	['provider-unknown', ['provider-unknown (openai)', 'provider-unknown (anthropic)'], 1],
	['key-missing', ['provider-without-key (openai)', 'provider-without-key (anthropic)'], 6],
	['keys-dead', ['upstream-key-bad (openai)', 'upstream-key-bad (anthropic)'], 6],
	['key-pool-empty', ['provider-without-key (openai)', 'provider-without-key (anthropic)'], 6],
	['base-url-invalid', ['provider-url-wrong (openai)', 'provider-url-wrong (anthropic)'], 6],
	['keys-limited', ['upstream-rate-limited (openai) warning', 'upstream-rate-limited (anthropic) warning'], 1],
	['upstream-unreachable', ['upstream-down (openai) warning', 'upstream-down (anthropic) warning'], 1],
	['upstream-web-page', ['provider-url-wrong (openai)', 'provider-url-wrong (anthropic)'], 6],
	['upstream-wrong-type', ['provider-url-wrong (openai)', 'provider-url-wrong (anthropic)'], 6],
	['upstream-401', ['upstream-key-bad (openai)', 'upstream-key-bad (anthropic)'], 6],
	['upstream-no-credit', ['upstream-no-credit (openai)', 'upstream-no-credit (anthropic)'], 6],
	['upstream-own-message', ['upstream-key-bad (openai)', 'upstream-key-bad (anthropic)'], 6],
	['upstream-model', ['model-unavailable (openai) warning', 'model-unavailable (anthropic) warning'], 1],
	['upstream-429', ['upstream-rate-limited (openai) warning', 'upstream-rate-limited (anthropic) warning'], 1],
	['upstream-500', ['upstream-error (openai) warning', 'upstream-error (anthropic) warning'], 1],
	['upstream-529', ['upstream-error (openai) warning', 'upstream-error (anthropic) warning'], 1],
	// A server that can't be understood.
	['buildinfo-broken', ['response-invalid (deployment)'], 4],
	['wrong-content-type', ['response-html (deployment)'], 4],
	['escape-sequences', ['not-coder (deployment)'], 4],
]

describe('each failure of the contract has its finding', () => {
	it.each(failing)('%s', async (mode, expected, exitCode) => {
		const demo = await start({ failures: [mode] })
		const report = await check(demo)
		expect(said(report)).toEqual(expected)
		expect(exitCodeOf(report.findings[0]!)).toBe(exitCode)
		for (const issue of report.findings) {
			const words = JSON.stringify(inWords(issue))
			expect(words).not.toContain(demo.token.reveal().slice(11))
			expect(words).not.toMatch(/\\u00(0|1|7f|8|9)|undefined|\[object/)
		}
	})

	it('and what the header alone shows to be Coder is taken as such', async () => {
		for (const mode of ['buildinfo-no-version', 'route-not-found'] as const) {
			const report = await check(await start({ failures: [mode] }))
			expect([report.version, said(report)]).toEqual(['v2.36.0+4c1b5f0', []])
		}
	})

	it('a token is sent to nobody who has not identified itself as Coder', async () => {
		for (const mode of ['not-coder', 'html-page', 'redirect-other-host', 'proxy-401', 'gateway-no-key'] as const) {
			const demo = await start({ failures: [mode] })
			await check(demo)
			expect(JSON.stringify(demo.requests)).not.toContain(demo.token.reveal())
		}
	})

	it("a provider that isn't there is reported with those that are, if the user may list them", async () => {
		const demo = await start({ users: [{ roles: ['owner'], tokens: [{ name: 'demo', lifetimeMs: 30 * 86_400_000 }] }] })
		const report = await check(demo, { targets: [{ id: 'anthropic', instance: 'bedrock-eu', protocol: 'anthropic' }] })
		expect(said(report)).toEqual(['provider-unknown (anthropic)'])
		expect(inWords(report.findings[0]!).reason).toBe('The providers are: openai, anthropic.')
		expect(report.instances?.map(one => one.name)).toEqual(['openai', 'anthropic'])
	})

	it('a release from before AI Bridge is named, also if a proxy responses for unknown paths', async () => {
		const server = createServer((message, response) => {
			if (message.url === '/api/v2/buildinfo')
				response.writeHead(200, { 'X-Coder-Build-Version': 'v2.27.4+abc' }).end('{"version":"v2.27.4+abc"}')
			else response.writeHead(404, { 'Content-Type': 'text/html' }).end('<html><title>404 Not Found</title></html>')
		})
		const { port, close } = await listen(server)
		const report = await check({ ...(await start()), url: `http://127.0.0.1:${port}` })
		await close()
		expect(said(report)).toContain('too-old (bridge)')
	})

	it('one provider in trouble leaves the other alone', async () => {
		const demo = await start({ failures: [{ mode: 'provider-disabled', provider: 'openai' }] })
		const report = await check(demo)
		expect(said(report)).toEqual(['provider-disabled (openai)'])
		expect(report.providers.map(one => one.proven)).toEqual([false, true])
	})

	it.each([
		['unauthorized', 'token-not-for-bridge (anthropic)'],
		['bridge-path-unknown', 'provider-unknown (anthropic)'],
	] as const)('says what is wrong with a provider that alone answers %s', async (mode, said_) => {
		const report = await check(await start({ failures: [{ mode, provider: 'anthropic' }] }))
		expect(said(report)).toEqual([said_])
		expect(report.providers.map(one => one.proven)).toEqual([true, false])
	})

	it('reports nothing about an error that is gone at the third try', async () => {
		for (const [mode, path] of [
			['down-503', 'users/me'],
			['reset', 'users/me'],
			['rate-limited', 'openai'],
		] as const) {
			const report = await check(await start({ failures: [{ mode, path, times: 2, retryAfter: 0 }] }))
			expect([mode, said(report)]).toEqual([mode, []])
		}
	})

	it('a long Retry-After is reported, not waited for', async () => {
		const report = await check(await start({ failures: [{ mode: 'rate-limited', retryAfter: 120 }] }))
		expect(inWords(report.findings[0]!).reason).toContain('120 seconds')
	})

	it('a token of the wrong form is sent nowhere', async () => {
		for (const [text, code] of [
			['', 'token-empty'],
			['abcdefghij-short', 'token-incomplete'],
			['sk-proj-0123456789abcdefghijklmnopqrstuvwxyz', 'token-malformed'],
		] as const) {
			const demo = await start()
			const report = await check(demo, { token: new Secret(text) })
			expect(said(report)).toEqual([`${code} (token)`])
			expect(demo.requests.map(one => one.path)).toEqual(['/api/v2/buildinfo'])
		}
	})

	it('a token that CODER_URL says is of another deployment is sent nowhere', async () => {
		const demo = await start()
		const environment = { CODER_SESSION_TOKEN: demo.token.reveal(), CODER_URL: 'https://coder.example.org' }
		const report = await check(demo, {}, environment)
		expect(said(report)).toEqual(['token-other-deployment (token)'])
		expect(JSON.stringify(demo.requests)).not.toContain(demo.token.reveal())
	})
})

describe('kinds of tokens', () => {
	const dayMs = 86_400_000
	const owner = '7d1f2a43-6d2c-4b52-9a3c-0f6a5c6f1e11'
	it.each([
		['a long-lived API token', { name: 'mux-laptop', lifetimeMs: 90 * dayMs }, []],
		[
			'an API token that expires soon',
			{ name: 'mux', lifetimeMs: 90 * dayMs, expiresAt: new Date(Date.now() + 6.5 * dayMs) },
			[],
		],
		['a short API token', { name: 'mux', lifetimeMs: 3 * dayMs }, ['token-expires-soon (token) warning']],
		['a CLI session', { lifetimeMs: 7 * dayMs }, ['token-cli-session (token) warning']],
		['a browser session', { lifetimeMs: dayMs }, ['token-browser-session (token) warning']],
		[
			'a workspace token',
			{ name: `${owner}_${owner}_session_token`, loginType: 'password' as const, lifetimeMs: 90 * dayMs },
			['token-workspace (token) warning'],
		],
	])('%s', async (_, spec, expected) => {
		const demo = await start()
		// REST moves the expiry of a token that is used; so the second case has a whole life again.
		const report = await check(demo, { token: demo.addToken(spec) })
		expect(said(report)).toEqual(expected)
	})

	it("doesn't warn about a workspace token inside a workspace", async () => {
		const demo = await start()
		const token = demo.addToken({ name: `${owner}_${owner}_session_token`, lifetimeMs: 90 * dayMs })
		expect(said(await check(demo, { token }, { CODER: 'true' }))).toEqual(['token-workspace (token) info'])
	})
})

describe('the list of providers', () => {
	it('is there for those who may see it', async () => {
		const demo = await start({
			users: [{ roles: ['owner'] }],
			providers: [
				{ name: 'anthropic', protocol: 'anthropic', models: [] },
				{ name: 'azure-eu', protocol: 'openai', models: [], enabled: false },
			],
		})
		const client = createCoderClient(hostWith(), quick)
		const question = { deployment: { origin: demo.url, insecure: false }, token: demo.token }
		expect(await listProviders(client, question)).toMatchObject([
			{ name: 'anthropic', protocol: 'anthropic', enabled: true },
			{ name: 'azure-eu', protocol: 'openai', enabled: false },
		])
		client.close()
	})

	it("isn't asked for by members, whose attempt would be an error in the server's log", async () => {
		const demo = await start()
		await check(demo)
		expect(demo.requests.map(one => one.path)).not.toContain('/api/v2/ai/providers')
	})
})

it('a check that is cancelled ends at once, with one word about it', async () => {
	const demo = await start({ failures: ['no-response'] })
	const client = createCoderClient(hostWith())
	const stop = new AbortController()
	const running = checkBridge(
		client,
		{ deployment: { origin: demo.url, insecure: false }, token: demo.token, targets: both },
		{ signal: stop.signal },
	)
	while (demo.requests.length === 0) await new Promise(resolve => setImmediate(resolve))
	stop.abort()
	expect(said(await running)).toEqual(['cancelled (deployment) info'])
})

describe('the list of models', () => {
	it.each([
		['v2.33.4', true],
		['v2.34.0', false],
		['v2.36.3+abc', false],
		['v2.37.0', true],
		['v0.0.0-devel', false],
	])('of %s is asked for on request: %s', async (version, isListed) => {
		const demo = await start({ version })
		const report = await check(demo, { listsModels: true })
		expect(report.providers.map(one => one.models?.length ?? null)).toEqual(isListed ? [6, 3] : [null, null])
		expect(demo.requests.some(one => one.path.includes('/v1/models'))).toBe(isListed)
	})
})

it('with --proof route, no model is named and no upstream is reached', async () => {
	const demo = await start()
	const report = await check(demo, { proof: 'route' })
	expect(said(report)).toEqual([])
	expect(report.providers.map(one => one.proven)).toEqual([false, false])
	expect(demo.requests.filter(one => one.method === 'POST').map(one => one.body)).toEqual(['', ''])
})

describe('the remedy for a rejected token', () => {
	const rejected = new Secret('zzzzzzzzzz-0123456789abcdefghijkl')
	const reveal = rejected.reveal()
	it.each([
		['a variable', { CODER_SESSION_TOKEN: reveal }, "Renew or unset CODER_SESSION_TOKEN where it's set."],
		[
			'a template',
			{ OPENAI_API_KEY: reveal, CODER_AGENT_URL: 'https://coder.example.com' },
			'Restart your workspace: its template sets OPENAI_API_KEY.',
		],
		['a paste', {}, 'Get a new token:'],
	])('fits a token from %s', async (_, environment, expected) => {
		const demo = await start()
		const { findings } = await check(demo, { token: rejected }, environment)
		const token = findings.find(issue => issue.subject === 'token')!
		expect([token.code, inWords(token).remedy[0]]).toEqual(['token-unknown', expected])
	})
})
