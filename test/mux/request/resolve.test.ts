import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadMuxContext } from '../../../source/mux/context.ts'
import type { Release } from '../../../source/mux/releases.ts'
import { isViaBridge, type ResolvedRequest, resolveRequest } from '../../../source/mux/request/resolve.ts'
import { type Layout, layOut } from '../settings/text-edits.ts'

type Outcome = {
	url?: string
	credential?: string | null
	noRequest?: string
	shownAsConfigured: boolean
	bridgeServesIt?: boolean
}
type MeasuredCase = Layout & {
	name: string
	openaiModel?: string
	outcome: Record<string, { settingsDir: string; openai: Outcome; anthropic: Outcome }>
}

const fixtures = ['mux-cases.json', 'mux-cases-2.json'].map(name => ({
	name,
	...(JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8')) as {
		cases: MeasuredCase[]
	}),
}))

const releaseNames: Record<string, Release> = { 'mux 0.28.2': 'mux', 'xum nightly 2026-08': 'xum' }

/** A resolved request in the form of the first measured cases, with every header that carries a credential. */
function toOutcome({ request, reason, configured }: ResolvedRequest): Outcome {
	if (!request) return { noRequest: reason ?? '', shownAsConfigured: configured }
	const headers = request.headers.map(header => `${header.name}: ${header.scheme}${header.credential.reveal()}`)
	return { url: request.url, credential: headers.join(' | '), shownAsConfigured: configured }
}

/** The same in the form of the later cases: only the header that the provider uses, or the scheme of a signature. */
function toLaterOutcome(resolvedRequest: ResolvedRequest): Outcome {
	const { request, reason, configured, via } = resolvedRequest
	if (!request) {
		const noRequest = reason === 'credential_not_sendable' ? 'header_not_sendable' : (reason ?? '')
		return { noRequest, shownAsConfigured: configured }
	}
	const header = request.headers.find(candidate => candidate.name === request.credentialHeader)
	const signature = via === 'bedrock' ? 'authorization: AWS4-HMAC-SHA256' : null
	const credential = header ? `${header.name}: ${header.scheme}${header.credential.reveal()}` : signature
	return { url: request.url, credential, shownAsConfigured: configured }
}

/** Messages of Mux itself in the measured cases, as the reasons that stand for them. */
const measuredErrors: Record<string, string> = {
	'Failed to create model: baseURL.replace is not a function': 'base_url_not_text',
	'Failed to create model: Unsupported OpenAI WebSocket base URL protocol: wss:': 'websocket_transport',
	'Failed to create model: Invalid URL': 'base_url_invalid',
	'Failed to read API key file for anthropic at ~/none: the file does not exist.': 'api_key_file_unreadable',
	'resolvedModel.provider.split is not a function': 'name_not_text',
	routed_to_bedrock: 'aws_credentials_not_found',
}

test('has every measured case', () => {
	expect(fixtures.map(fixture => fixture.cases.length)).toEqual([83, 198])
})

for (const fixture of fixtures) {
	for (const [measuredName, release] of Object.entries(releaseNames)) {
		describe(`${fixture.name}, measured on ${measuredName}`, () => {
			test.each(fixture.cases)('$name', async one => {
				const expected = one.outcome[measuredName]!
				const runtime = layOut(one)
				const muxContext = await loadMuxContext(runtime)
				const models = { openai: one.openaiModel ?? 'gpt-5', anthropic: 'claude-sonnet-4-5' }
				for (const provider of ['openai', 'anthropic'] as const) {
					const resolvedRequest = resolveRequest(muxContext, release, provider, models[provider])
					const { bridgeServesIt, noRequest, ...measured } = expected[provider]
					const reason = noRequest === undefined ? {} : { noRequest: measuredErrors[noRequest] ?? noRequest }
					const outcome = (fixture.cases.length === 83 ? toOutcome : toLaterOutcome)(resolvedRequest)
					expect({ provider, ...outcome }).toEqual({ provider, ...measured, ...reason })
					if (bridgeServesIt !== undefined) expect(isViaBridge(resolvedRequest)).toBe(bridgeServesIt)
				}
				expect(resolveRequest(muxContext, release, 'openai').settingsDir.replace(runtime.homeDir, '~')).toBe(
					expected.settingsDir,
				)
			})
		})
	}
}

// Not among the measured cases: what Mux's published source and its libraries, tried by themselves, do in addition.
type Beyond = Layout & {
	name: string
	ask?: { openai?: string; anthropic?: string }
	/** `CONF|NOT url [headers]` or `CONF|NOT reason`, for both releases unless given apart. */
	expect: { openai?: string; anthropic?: string; xum?: { openai?: string; anthropic?: string } }
}

const bridge = 'https://coder.example.com/api/v2/aibridge'
const openaiSection = { apiKey: 'tok', baseUrl: `${bridge}/openai/v1` }
const anthropicSection = { apiKey: 'tok', baseUrl: `${bridge}/anthropic` }
const chatGpt = { type: 'oauth', access: 'acc', refresh: 'r', expires: 4_102_444_800_000 }
const coderOauth = {
	type: 'oauth',
	sessionId: 's',
	access: 'coderacc',
	refresh: 'r',
	expires: 4_102_444_800_000,
	deploymentUrl: 'https://coder.example.com',
	clientId: 'c',
	clientSecret: 's',
}
const viaBridge = {
	openai: `CONF ${bridge}/openai/v1/responses [authorization: Bearer tok]`,
	anthropic: `CONF ${bridge}/anthropic/v1/messages [x-api-key: tok]`,
}
const viaOpenRouter = 'CONF https://openrouter.ai/api/v1/chat/completions [authorization: Bearer or]'

function settings(sections: object, config?: object): Record<string, string> {
	const files: Record<string, string> = { '.mux/providers.jsonc': JSON.stringify(sections) }
	if (config !== undefined) files['.mux/config.json'] = JSON.stringify(config)
	return files
}

function both(openai: object, anthropic: object = openai, more: object = {}, config?: object) {
	const sections = {
		openai: { ...openaiSection, ...openai },
		anthropic: { ...anthropicSection, ...anthropic },
		...more,
	}
	return settings(sections, config)
}

const openrouter = { openrouter: { apiKey: 'or' } }

const beyond: Beyond[] = [
	{
		name: 'apiKey and authToken together',
		files: both({ authToken: 'A' }),
		expect: { openai: viaBridge.openai, anthropic: 'CONF api_key_and_auth_token' },
	},
	{
		name: 'an empty authToken is none',
		files: both({ authToken: '' }),
		expect: viaBridge,
	},
	{
		name: 'a header of any case replaces the own one, the last wins',
		files: both({ headers: { AUTHORIZATION: 'Bearer A', authorization: 'Basic B' } }),
		expect: {
			openai: `CONF ${bridge}/openai/v1/responses [authorization: Basic B]`,
			anthropic: `CONF ${bridge}/anthropic/v1/messages [x-api-key: tok | authorization: Basic B]`,
		},
	},
	{
		name: 'the very same spelling takes the place of the own header, so another one after it wins',
		files: both(
			{ headers: { AUTHORIZATION: 'A', Authorization: 'B' } },
			{ headers: { 'X-API-KEY': 'A', 'x-api-key': 'B' } },
		),
		expect: {
			openai: `CONF ${bridge}/openai/v1/responses [authorization: A]`,
			anthropic: `CONF ${bridge}/anthropic/v1/messages [x-api-key: A]`,
		},
	},
	{
		name: 'a null under the very same name takes the header away, under another one nothing',
		files: both({ headers: { Authorization: null } }, { headers: { 'X-Api-Key': null } }),
		expect: {
			openai: `CONF ${bridge}/openai/v1/responses []`,
			anthropic: viaBridge.anthropic,
		},
	},
	{
		name: 'a header of another name leaves the key alone; a broken one stops the request',
		files: both({ headers: { 'X-Team': 'a', 'X-Api-Key': 5 } }, { headers: { 'X-Team': 'a\nb' } }),
		expect: {
			openai: `CONF ${bridge}/openai/v1/responses [x-api-key: 5 | authorization: Bearer tok]`,
			anthropic: 'CONF header_not_sendable',
		},
	},
	{
		name: 'the WebSocket transport fails on the bridge',
		files: both({ webSocketTransportEnabled: true }),
		expect: { openai: 'CONF websocket_transport', anthropic: viaBridge.anthropic },
	},
	{
		name: 'the WebSocket transport takes only a base URL with /v1, and not the older protocol',
		files: both({ webSocketTransportEnabled: true, baseUrl: 'https://c.example/x' }, {}),
		expect: { openai: 'CONF https://c.example/x/responses [authorization: Bearer tok]' },
	},
	{
		name: 'WebSocket and chatCompletions',
		files: both({ webSocketTransportEnabled: true, wireFormat: 'chatCompletions' }, {}),
		expect: { openai: `CONF ${bridge}/openai/v1/chat/completions [authorization: Bearer tok]` },
	},
	{
		name: 'a ChatGPT login with chatCompletions sends a placeholder',
		files: both({ codexOauth: chatGpt, wireFormat: 'chatCompletions' }, {}),
		ask: { openai: 'gpt-5.5' },
		expect: { openai: `CONF ${bridge}/openai/v1/chat/completions [authorization: Bearer codex-oauth]` },
	},
	{
		name: 'a ChatGPT login takes over only a base URL with /v1',
		files: both({ codexOauth: chatGpt, baseUrl: `${bridge}/openai` }, {}),
		ask: { openai: 'gpt-5.5' },
		expect: { openai: `CONF ${bridge}/openai/responses [authorization: Bearer codex-oauth]` },
	},
	{
		name: 'a ChatGPT login alone serves its models and no others',
		files: settings({ openai: { codexOauth: chatGpt } }),
		ask: { openai: 'gpt-5.5' },
		expect: { openai: 'CONF https://chatgpt.com/backend-api/codex/responses [authorization: Bearer acc]' },
	},
	{
		name: 'a ChatGPT login alone and a model that it does not serve',
		files: settings({ openai: { codexOauth: chatGpt } }),
		expect: { openai: 'CONF api_key_not_found' },
	},
	{
		name: 'a ChatGPT login that lacks a part is none',
		files: both({ codexOauth: { ...chatGpt, refresh: '' } }, {}),
		ask: { openai: 'gpt-5.5' },
		expect: { openai: viaBridge.openai },
	},
	{
		name: 'a model that needs the ChatGPT login, without one, uses the key',
		files: both({}),
		ask: { openai: 'gpt-5.3-codex-spark' },
		expect: { openai: viaBridge.openai },
	},
	{
		name: 'a model that needs the ChatGPT login, with nothing',
		files: settings({}),
		ask: { openai: 'gpt-5.3-codex-spark' },
		expect: { openai: 'NOT oauth_not_connected' },
	},
	{
		name: 'a model of the user’s own that is mapped to a known one',
		files: both({ codexOauth: chatGpt, models: [{ id: 'mine', mappedToModel: 'openai:gpt-5.5' }] }, {}),
		ask: { openai: 'mine' },
		expect: { openai: 'CONF https://chatgpt.com/backend-api/codex/responses [authorization: Bearer acc]' },
	},
	{
		name: 'enabled "false" is off, "FALSE" is not',
		files: both({ enabled: 'false' }, { enabled: 'FALSE' }),
		expect: { openai: 'NOT provider_disabled', anthropic: viaBridge.anthropic },
	},
	{
		name: 'a switched-off provider goes through a gateway that is there',
		files: both({ enabled: false }, {}, openrouter),
		expect: { openai: viaOpenRouter.replace('CONF', 'NOT') },
	},
	{
		name: 'a provider without a key goes through a gateway even where direct is first',
		files: settings(
			{ openai: { baseUrl: `${bridge}/openai/v1` }, ...openrouter },
			{ routePriority: ['direct', 'openrouter'] },
		),
		expect: { openai: viaOpenRouter.replace('CONF', 'NOT') },
	},
	{
		name: 'a switched-off gateway is passed over',
		files: both({}, {}, { openrouter: { apiKey: 'or', enabled: false } }),
		expect: viaBridge,
	},
	{
		name: 'an empty list of routes is a list: nothing goes before the provider',
		files: both({}, {}, openrouter, { routePriority: [] }),
		expect: viaBridge,
	},
	{
		name: "a list that isn't a list does not count",
		files: both({}, {}, openrouter, { routePriority: 'direct' }),
		expect: { openai: viaOpenRouter, anthropic: viaOpenRouter },
	},
	{
		name: "a config.json that isn't JSON does not count",
		files: { ...both({}, {}, openrouter), '.mux/config.json': '{"routePriority":["direct"],}' },
		expect: { openai: viaOpenRouter },
	},
	{
		name: 'a config.json with a byte order mark does not count',
		files: { ...both({}, {}, openrouter), '.mux/config.json': '\ufeff{"routePriority":["direct"]}' },
		expect: { openai: viaOpenRouter },
	},
	{
		name: 'a gateway in the list without direct',
		files: both({}, {}, openrouter, { routePriority: ['github-copilot', 'openrouter'] }),
		expect: { openai: viaOpenRouter },
	},
	{
		name: 'a route of a single model beats the list',
		files: both({}, {}, openrouter, { routePriority: ['direct'], routeOverrides: { 'openai:gpt-5': 'openrouter' } }),
		expect: { openai: viaOpenRouter, anthropic: viaBridge.anthropic },
	},
	{
		name: 'a route of a single model to direct beats the gateways',
		files: both({}, {}, openrouter, {
			routeOverrides: { 'openai:gpt-5': 'direct', 'openrouter:anthropic/claude-sonnet-4-5': 'anthropic' },
		}),
		expect: viaBridge,
	},
	{
		name: 'a route of another model, and one to a gateway that is not there',
		files: both(
			{},
			{},
			{},
			{ routeOverrides: { 'openai:gpt-4': 'openrouter', 'anthropic:claude-sonnet-4-5': 'bedrock' } },
		),
		expect: viaBridge,
	},
	{
		name: 'Mux Gateway goes before OpenRouter',
		files: both({}, {}, { ...openrouter, 'mux-gateway': { voucher: 'v' } }),
		expect: {
			openai: 'CONF https://gateway.mux.coder.com/api/v1/ai-gateway/v1/ai/language-model [authorization: Bearer v]',
		},
	},
	{
		name: 'Mux Gateway that an older release switched off',
		files: both({}, {}, { 'mux-gateway': { couponCode: 'c' } }, { muxGatewayEnabled: false }),
		expect: viaBridge,
	},
	{
		name: 'Mux Gateway in the list counts in spite of the older switch',
		files: both(
			{},
			{},
			{ 'mux-gateway': { couponCode: 'c' } },
			{ muxGatewayEnabled: false, routePriority: ['mux-gateway'] },
		),
		expect: {
			openai: 'CONF https://gateway.mux.coder.com/api/v1/ai-gateway/v1/ai/language-model [authorization: Bearer c]',
		},
	},
	{
		name: 'GitHub Copilot from the environment, for both providers',
		files: both({}),
		environment: { GITHUB_COPILOT_TOKEN: ' gh ' },
		ask: { openai: 'gpt-5.2-codex' },
		expect: {
			openai: 'CONF https://api.githubcopilot.com/responses [authorization: Bearer gh]',
			anthropic: 'CONF https://api.githubcopilot.com/chat/completions [authorization: Bearer gh]',
		},
	},
	{
		name: 'GitHub Copilot without the model in its catalogue',
		files: both({}, {}, { 'github-copilot': { apiKey: 'gh', models: ['gpt-4', { id: 'claude-sonnet-4.5' }] } }),
		expect: {
			openai: viaBridge.openai,
			anthropic: 'CONF https://api.githubcopilot.com/chat/completions [authorization: Bearer gh]',
		},
	},
	{
		name: 'Amazon Bedrock serves Anthropic only, and needs more than a region',
		files: both({}),
		environment: { AWS_REGION: 'eu-west-1', AWS_BEARER_TOKEN_BEDROCK: 'aws' },
		expect: {
			openai: viaBridge.openai,
			anthropic:
				'CONF https://bedrock-runtime.eu-west-1.amazonaws.com/model/anthropic.claude-sonnet-4-5/converse-stream [authorization: Bearer aws]',
		},
	},
	{
		name: 'a region alone is not enough',
		files: both({}),
		environment: { AWS_REGION: 'eu-west-1' },
		expect: viaBridge,
	},
	{
		name: 'a region alone makes Mux choose Bedrock if the list names it, and then fail without AWS credentials',
		files: both({}, {}, { bedrock: { region: 'eu-west-1' } }, { routePriority: ['bedrock', 'direct'] }),
		expect: {
			openai: viaBridge.openai,
			anthropic: 'CONF aws_credentials_not_found',
		},
	},
	{
		name: 'a Coder login for another deployment is none',
		files: both({}, {}, { coder: { deploymentUrl: 'https://other.example.com', coderOauth } }),
		expect: viaBridge,
	},
	{
		name: 'a Coder login without the model in its catalogue',
		files: both(
			{},
			{},
			{
				coder: {
					deploymentUrl: 'https://coder.example.com/x',
					coderOauth,
					discoveredModels: ['anthropic/claude-sonnet-4-5'],
				},
			},
		),
		expect: {
			openai: viaBridge.openai,
			anthropic: `CONF ${bridge}/anthropic/v1/messages [authorization: Bearer coderacc]`,
		},
	},
	{
		name: 'an instance of the Coder login of another type',
		files: both(
			{},
			{},
			{
				coder: {
					deploymentUrl: 'https://coder.example.com',
					coderOauth,
					discoveredProviders: [{ name: 'openai', type: 'azure' }],
				},
			},
		),
		expect: {
			openai: `CONF ${bridge}/openai/v1/responses [authorization: Bearer coderacc]`,
			xum: { openai: `CONF ${bridge}/openai/v1/chat/completions [authorization: Bearer coderacc]` },
		},
	},
	{
		name: 'op:// gives way to apiKeyFile, that to the environment',
		files: {
			...settings({
				openai: { ...openaiSection, apiKey: 'op://x', apiKeyFile: '~/key' },
				anthropic: { ...anthropicSection, apiKey: 'op://x', apiKeyFile: '~/missing' },
			}),
			key: '\ufeff filekey \n',
		},
		environment: { ANTHROPIC_AUTH_TOKEN: ' env ' },
		expect: {
			openai: `CONF ${bridge}/openai/v1/responses [authorization: Bearer filekey]`,
			anthropic: `CONF ${bridge}/anthropic/v1/messages [x-api-key: env]`,
		},
	},
	{
		name: 'a key file that is a directory, and one that is too large',
		files: {
			...settings({
				openai: { baseUrl: `${bridge}/openai/v1`, apiKeyFile: '~/directory' },
				anthropic: { baseUrl: `${bridge}/anthropic`, apiKeyFile: '~large' },
			}),
			large: 'k'.repeat(65_537),
		},
		directories: ['directory'],
		expect: { openai: 'NOT api_key_not_found', anthropic: 'NOT api_key_not_found' },
	},
	{
		name: 'a key of exactly 64 KiB still counts',
		files: {
			...settings({ anthropic: { ...anthropicSection, apiKey: '  ', apiKeyFile: '~large' } }),
			large: 'k'.repeat(65_536),
		},
		expect: { anthropic: `CONF ${bridge}/anthropic/v1/messages [x-api-key: ${'k'.repeat(65_536)}]` },
	},
	{
		name: 'control characters can’t be sent, Latin-1 can',
		files: both({ apiKey: 'to\u0001k' }, { apiKey: 'toké' }),
		expect: {
			openai: 'CONF credential_not_sendable',
			anthropic: `CONF ${bridge}/anthropic/v1/messages [x-api-key: toké]`,
		},
	},
	{
		name: 'many slashes at the end',
		files: both({ baseUrl: `${bridge}/openai/v1//` }, { baseUrl: `${bridge}/anthropic///` }),
		expect: {
			openai: `CONF ${bridge}/openai/v1//responses [authorization: Bearer tok]`,
			anthropic: viaBridge.anthropic,
		},
	},
	{
		name: 'a base URL that is true, beside a baseURL and a variable',
		files: both({ baseUrl: true, baseURL: 'https://twin.example/v1' }),
		environment: { OPENAI_BASE_URL: 'https://env.example/v1' },
		expect: {
			openai: 'CONF https://api.openai.com/v1/responses [authorization: Bearer tok]',
			anthropic: 'CONF base_url_not_text',
			xum: { openai: 'CONF https://env.example/v1/responses [authorization: Bearer tok]' },
		},
	},
	{
		name: 'baseUrl wins over baseURL and the variable',
		files: both({ baseURL: 'https://twin.example/v1' }),
		environment: { OPENAI_BASE_URL: 'https://env.example/v1', ANTHROPIC_BASE_URL: 'https://env.example' },
		expect: viaBridge,
	},
	{
		name: 'a scheme that is none of the web’s',
		files: both({ baseUrl: 'ftp://c.example/v1' }),
		expect: { openai: 'CONF base_url_invalid', anthropic: 'CONF ftp://c.example/v1/messages [x-api-key: tok]' },
	},
	{
		name: 'a blank base URL',
		files: both({ baseUrl: '  ' }),
		expect: {
			openai: 'CONF   /responses [authorization: Bearer tok]',
			anthropic: 'CONF   /v1/messages [x-api-key: tok]',
			xum: { openai: 'CONF base_url_empty' },
		},
	},
	{
		name: 'blank variables without a base URL in the file',
		files: settings({ openai: { apiKey: 'tok' }, anthropic: { apiKey: 'tok' } }),
		environment: { OPENAI_BASE_URL: '', ANTHROPIC_BASE_URL: '' },
		expect: {
			openai: 'CONF /responses [authorization: Bearer tok]',
			anthropic: 'CONF /messages [x-api-key: tok]',
			xum: { openai: 'CONF base_url_empty' },
		},
	},
	{
		name: 'a blank OPENAI_BASE_URL breaks in Xum whatever needs that library',
		files: both({}, {}, { coder: { deploymentUrl: 'https://coder.example.com', coderOauth } }),
		environment: { OPENAI_BASE_URL: ' ' },
		expect: {
			openai: `CONF ${bridge}/openai/v1/responses [authorization: Bearer coderacc]`,
			anthropic: `CONF ${bridge}/anthropic/v1/messages [authorization: Bearer coderacc]`,
			xum: { openai: 'CONF base_url_empty' },
		},
	},
	{
		name: 'a policy that leaves a provider out, and one model of another',
		files: {
			...both({}),
			'policy.json': JSON.stringify({
				policy_format_version: '0.1',
				provider_access: [{ id: 'openai', model_access: [' gpt-4 '] }],
			}),
		},
		environment: { MUX_POLICY_FILE: ' $HOME/policy.json ' },
		expect: { openai: 'CONF policy_denied', anthropic: 'NOT policy_denied' },
	},
	{
		name: 'a policy that leaves a gateway out closes it',
		files: {
			...both({}, {}, openrouter),
			'policy.json': JSON.stringify({
				policy_format_version: '0.1',
				provider_access: [{ id: 'openai' }, { id: 'anthropic', base_url: ' ' }],
			}),
		},
		environment: { MUX_POLICY_FILE: '$HOME/policy.json' },
		expect: viaBridge,
	},
	{
		name: 'a policy with a member that it does not know denies all',
		files: { ...both({}), 'policy.json': '{"policy_format_version":"0.1","extra":1}' },
		environment: { MUX_POLICY_FILE: '$HOME/policy.json' },
		expect: { openai: 'NOT policy_denied', anthropic: 'NOT policy_denied' },
	},
	{
		name: 'a policy that asks for a newer Mux denies all; an empty list allows all',
		files: {
			...both({}),
			'policy.json': '{"policy_format_version":"0.1","minimum_client_version":"99.0.0"}',
			'open.json': '{"policy_format_version":"0.1","minimum_client_version":"0.1.0","provider_access":[]}',
		},
		environment: { MUX_POLICY_FILE: '$HOME/policy.json', XUM_POLICY_FILE: '$HOME/open.json' },
		expect: { openai: 'NOT policy_denied', anthropic: 'NOT policy_denied', xum: viaBridge },
	},
	{
		name: 'an empty XUM_POLICY_FILE hides MUX_POLICY_FILE from Xum',
		files: both({}),
		environment: { MUX_POLICY_FILE: '/nonexistent', XUM_POLICY_FILE: '' },
		expect: { openai: 'NOT policy_denied', anthropic: 'NOT policy_denied', xum: viaBridge },
	},
	{
		name: 'providerType: no variable counts, gateways neither, no key is fine',
		files: settings({
			openai: { baseUrl: 'https://own.example/v1/', providerType: 'openai-compatible' },
			anthropic: { apiKey: 'tok', providerType: 'openai-compatible' },
			...openrouter,
		}),
		environment: { OPENAI_API_KEY: 'env', ANTHROPIC_BASE_URL: 'https://env.example' },
		expect: {
			openai: 'CONF https://own.example/v1/chat/completions []',
			anthropic: 'NOT base_url_missing',
		},
	},
	{
		name: 'providerType with a key file that is not there',
		files: settings({
			openai: { baseUrl: 'https://own.example', apiKeyFile: '~/none', providerType: 'openai-compatible' },
		}),
		expect: { openai: 'CONF api_key_file_unreadable' },
	},
	{
		name: 'a key twice in a section: the last one',
		files: {
			'.mux/providers.jsonc': `{"openai":{"apiKey":"a","baseUrl":"https://a.example/v1","apiKey":"b","baseUrl":"https://b.example/v1"}}`,
		},
		expect: { openai: 'CONF https://b.example/v1/responses [authorization: Bearer b]' },
	},
	{
		name: "a section twice: the last one, even if it isn't an object",
		files: { '.mux/providers.jsonc': `{"openai":${JSON.stringify(openaiSection)},"openai":null}` },
		expect: { openai: 'NOT api_key_not_found' },
	},
	{
		name: 'a section under __proto__ counts',
		files: { '.mux/providers.jsonc': `{"__proto__":{"openai":${JSON.stringify(openaiSection)}}}` },
		expect: { openai: viaBridge.openai },
	},
	{
		name: 'a dangling link, and a file that breaks off',
		links: { '.mux/providers.jsonc': 'nowhere' },
		directories: ['.mux'],
		environment: { ANTHROPIC_API_KEY: 'env' },
		expect: {
			openai: 'NOT api_key_not_found',
			anthropic: 'CONF https://api.anthropic.com/v1/messages [x-api-key: env]',
		},
	},
	{
		name: 'a file that breaks off in the middle',
		files: { '.mux/providers.jsonc': `{"openai":${JSON.stringify(openaiSection)},"anthropic":{"apiKey":"tok","base` },
		expect: { openai: viaBridge.openai, anthropic: 'CONF https://api.anthropic.com/v1/messages [x-api-key: tok]' },
	},
]

function inShort(outcome: Outcome): string {
	const shown = outcome.shownAsConfigured ? 'CONF' : 'NOT'
	return `${shown} ${outcome.noRequest ?? `${outcome.url} [${outcome.credential}]`}`
}

describe('cases from the published source of Mux', () => {
	for (const one of beyond) {
		test(one.name, async () => {
			const muxContext = await loadMuxContext(layOut(one))
			for (const release of ['mux', 'xum'] as const) {
				const { xum, ...common } = one.expect
				const expected = { ...common, ...(release === 'xum' ? xum : {}) }
				for (const provider of ['openai', 'anthropic'] as const) {
					if (expected[provider] === undefined) continue
					const measuredModel = provider === 'openai' ? 'gpt-5' : 'claude-sonnet-4-5'
					const resolvedRequest = resolveRequest(muxContext, release, provider, one.ask?.[provider] ?? measuredModel)
					expect(`${release} ${provider}: ${inShort(toOutcome(resolvedRequest))}`).toBe(
						`${release} ${provider}: ${expected[provider]}`,
					)
				}
			}
		})
	}
})
