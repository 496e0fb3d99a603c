import { describe, expect, test } from 'vitest'
import { loadMuxContext } from '../../source/mux/context.ts'
import { findSettings } from '../../source/mux/home.ts'
import { muxReport } from '../../source/mux/report.ts'
import { describeRequest, resolveRequest } from '../../source/mux/request/resolve.ts'
import { redactUrl } from '../../source/secrets/redact.ts'
import { type Layout, layOut } from './settings/text-edits.ts'

const bridge = 'https://coder.example.com/api/v2/aibridge'
const token = 'AbCdEfGhIj-0123456789abcdefghijkl'

describe('muxReport', () => {
	test('has exactly this form', async () => {
		const runtime = layOut({
			files: {
				'.mux/providers.jsonc': JSON.stringify({
					openai: { apiKey: token, baseUrl: `${bridge}/openai/v1` },
					anthropic: { apiKey: token, enabled: false },
				}),
			},
		})
		const report = muxReport(await loadMuxContext(runtime))
		expect(report).toEqual({
			version: 1,
			release: 'mux',
			settingsFile: `${runtime.homeDir}/.mux/providers.jsonc`,
			providers: [
				{
					id: 'openai',
					configured: true,
					request: {
						url: `${bridge}/openai/v1/responses`,
						credentialHeader: 'authorization',
						credentialFrom: 'apiKey',
						keyId: 'AbCdEfGhIj',
					},
					viaBridge: true,
					conflicts: [],
				},
				{
					id: 'anthropic',
					configured: false,
					request: null,
					viaBridge: false,
					conflicts: ['provider-turned-off'],
					reason: 'provider_disabled',
				},
			],
			findings: [expect.objectContaining({ code: 'provider-turned-off', subject: 'anthropic', severity: 'error' })],
		})
		expect(JSON.stringify(report)).not.toContain('0123456789abcdefghijkl')
	})

	test('names what a release reads, and each finding once', async () => {
		const runtime = layOut({ files: { '.mux/providers.jsonc': '[]' } })
		const muxContext = await loadMuxContext(runtime)
		const report = muxReport(muxContext, 'xum')
		expect(report.settingsFile).toBe(`${runtime.homeDir}/.xum/providers.jsonc`)
		expect(report.findings.map(found => found.code)).toEqual(['settings-not-object'])
		expect(report.providers.map(provider => provider.conflicts)).toEqual([
			['settings-not-object'],
			['settings-not-object'],
		])
	})

	test('shows a root as it is written, and --settings as an absolute path', async () => {
		const root = layOut({ environment: { MUX_ROOT: '~/custom/' } })
		expect(muxReport(await loadMuxContext(root)).settingsFile).toBe('~/custom/providers.jsonc')
		const named = layOut({ files: { 'mine.jsonc': '{}' } })
		const muxContext = await loadMuxContext(named, await findSettings(named, { settings: 'mine.jsonc' }))
		expect(muxReport(muxContext).settingsFile).toBe(`${named.homeDir}/mine.jsonc`)
	})

	test('shows no credential in a URL', async () => {
		const runtime = layOut({
			files: {
				'.mux/providers.jsonc': JSON.stringify({
					openai: { apiKey: 'tok', baseUrl: 'https://c.example/v1?api_key=word&x=1' },
					anthropic: { apiKey: 'tok', baseUrl: `https://c.example/${token}` },
				}),
			},
		})
		const urls = muxReport(await loadMuxContext(runtime)).providers.map(provider => provider.request?.url)
		expect(urls).toEqual(['https://c.example/v1?api_key=&x=1/responses', 'https://c.example/AbCdEfGhIj-…/v1/messages'])
	})
})

test('redacts a URL before it is shown', () => {
	expect(redactUrl('https://a:b@c.example/@x?y=1')).toBe('https://c.example/@x?y=1')
	expect(redactUrl('https://c.example/\u001b[31m\u202e')).toBe('https://c.example/%1B[31m%E2%80%AE')
	expect(redactUrl('coder.example.com/v1')).toBe('coder.example.com/v1')
})

describe('describeRequest', () => {
	const section = { apiKey: 'tok', baseUrl: `${bridge}/openai/v1` }
	const file = (sections: object): Layout => ({ files: { '.mux/providers.jsonc': JSON.stringify(sections) } })
	const oauth = { type: 'oauth', access: 'a', refresh: 'r', expires: 4_102_444_800_000 }
	const rows: [string, Layout, string?][] = [
		['not set up', {}],
		['AI Bridge at coder.example.com', file({ openai: section })],
		[
			'AI Bridge at coder.example.com:8443',
			file({ openai: { ...section, baseUrl: 'https://coder.example.com:8443/api/v2/ai-gateway/prod-openai/v1' } }),
		],
		['api.openai.com, key in settings', file({ openai: { apiKey: 'tok' } })],
		['api.openai.com, key from OPENAI_API_KEY', { environment: { OPENAI_API_KEY: 'x' } }],
		['api.openai.com, key in headers', file({ openai: { apiKey: 'tok', headers: { authorization: 'x' } } })],
		['turned off', file({ openai: { ...section, enabled: false } })],
		['OpenRouter (gateway)', file({ openai: section, openrouter: { apiKey: 'or' } })],
		['ChatGPT login', file({ openai: { codexOauth: oauth } }), 'gpt-5.5'],
		['denied by a policy', { ...file({ openai: section }), environment: { MUX_POLICY_FILE: '/none' } }],
		["base URL isn't valid", file({ openai: { ...section, baseUrl: 'nowhere' } })],
		["key can't be sent", file({ openai: { ...section, apiKey: 'a\nb' } })],
		['WebSocket transport is on', file({ openai: { ...section, webSocketTransportEnabled: true } })],
	]
	for (const [words, layout, model] of rows) {
		test(words, async () => {
			const resolvedRequest = resolveRequest(await loadMuxContext(layOut(layout)), 'mux', 'openai', model)
			expect(describeRequest(resolvedRequest)).toBe(words)
		})
	}

	test('Login with Coder', async () => {
		const coderOauth = {
			...oauth,
			sessionId: 's',
			deploymentUrl: 'https://c.example',
			clientId: 'c',
			clientSecret: 's',
		}
		const layout = file({ openai: section, coder: { deploymentUrl: 'https://c.example/', coderOauth } })
		expect(describeRequest(resolveRequest(await loadMuxContext(layOut(layout)), 'mux', 'openai'))).toBe(
			'Login with Coder at c.example',
		)
	})

	test('a provider of the user’s own', async () => {
		const own = {
			'coder-groq': { ...section, baseUrl: `${bridge}/groq/v1`, providerType: 'openai-compatible' },
			odd: {},
		}
		const muxContext = await loadMuxContext(layOut(file(own)))
		expect(describeRequest(resolveRequest(muxContext, 'mux', 'coder-groq'))).toBe('AI Bridge at coder.example.com')
		expect(describeRequest(resolveRequest(muxContext, 'mux', 'odd'))).toBe('not set up')
	})
})
