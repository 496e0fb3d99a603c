import { expect, test } from 'vitest'
import { removeBridge } from '../../../source/mux/settings/remove-bridge.ts'

const token = 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV'
const openai = 'https://coder.example.com/api/v2/aibridge/openai/v1'
const anthropic = 'http://127.0.0.1:3000/api/v2/ai-gateway/anthropic/'

const rows: [name: string, before: object, after: object][] = [
	[
		'both providers',
		{ openai: { apiKey: token, baseUrl: openai }, anthropic: { apiKey: token, baseUrl: anthropic } },
		{},
	],
	[
		'the rest of a section stays',
		{ openai: { models: ['a'], apiKey: token, baseUrl: openai, store: false } },
		{ openai: { models: ['a'], store: false } },
	],
	['the twin', { openai: { apiKey: token, baseURL: openai, x: 1 } }, { openai: { x: 1 } }],
	[
		'one twin only',
		{ openai: { apiKey: token, baseUrl: openai, baseURL: 'https://p.example.com' } },
		{ openai: { baseURL: 'https://p.example.com' } },
	],
	['a key file', { openai: { apiKeyFile: '~/.mux-token', baseUrl: openai } }, {}],
	['a key of the bridge that has not the form of a token', { openai: { apiKey: 'whatever', baseUrl: openai } }, {}],
	[
		'the provider’s own key stays',
		{ openai: { apiKey: 'sk-proj-1234567890', baseUrl: openai } },
		{ openai: { apiKey: 'sk-proj-1234567890' } },
	],
	['a token that would leak: no base URL', { anthropic: { apiKey: token } }, {}],
	[
		'a token in a header would leak',
		{ openai: { baseUrl: openai, headers: { Authorization: `Bearer ${token}`, 'X-Team': 'blue' } } },
		{ openai: { headers: { 'X-Team': 'blue' } } },
	],
	[
		'headers that hold nothing else',
		{ anthropic: { baseUrl: anthropic, headers: { 'x-api-key': token }, authToken: token } },
		{},
	],
	[
		'a section made for an instance of the deployment',
		{
			'coder-azure': {
				providerType: 'openai-compatible',
				displayName: 'Azure',
				baseUrl: openai,
				apiKey: token,
				models: ['a'],
			},
		},
		{},
	],
	[
		'a custom provider of the user’s own',
		{ mine: { displayName: 'Mine', baseUrl: openai, apiKey: token } },
		{ mine: { displayName: 'Mine' } },
	],
	[
		'another proxy stays',
		{ openai: { apiKey: token, baseUrl: 'https://proxy.example.com/v1' } },
		{ openai: { apiKey: token, baseUrl: 'https://proxy.example.com/v1' } },
	],
	[
		'coder is never touched',
		{ coder: { baseUrl: openai, apiKey: token, coderOauth: {} } },
		{ coder: { baseUrl: openai, apiKey: token, coderOauth: {} } },
	],
	[
		'sections that are none',
		{ openai: null, anthropic: 'x', other: [openai] },
		{ openai: null, anthropic: 'x', other: [openai] },
	],
]

test.each(rows)('%s', (_, before, after) => {
	for (const indent of [0, 2, '\t']) {
		const { text, edits } = removeBridge(JSON.stringify(before, null, indent))
		expect(JSON.parse(text)).toEqual(after)
		expect(edits.length > 0).toBe(JSON.stringify(before) !== JSON.stringify(after))
		expect(removeBridge(text).edits).toEqual([])
	}
})

test('removes only the providers that are named', () => {
	const both = { openai: { apiKey: token, baseUrl: openai }, anthropic: { apiKey: token, baseUrl: anthropic } }
	expect(JSON.parse(removeBridge(JSON.stringify(both), { providers: ['openai'] }).text)).toEqual({
		anthropic: both.anthropic,
	})
})

test('keeps comments, and a section that holds one', () => {
	const text = `{\n  // mine\n  "openai": {\n    // the key\n    "apiKey": "${token}", // from Coder\n    "baseUrl": "${openai}"\n  }\n}\n`
	expect(removeBridge(text).text).toBe('{\n  // mine\n  "openai": {\n    // the key\n    // from Coder\n  }\n}\n')
})

test("an earlier section of the same name doesn't come to life", () => {
	const text = `{"openai":{"apiKey":"sk-old"},"openai":{"apiKey":"${token}","baseUrl":"${openai}"}}`
	expect(removeBridge(text).text).toBe('{"openai":{"apiKey":"sk-old"},"openai":{}}')
})

test('restores what was there before byte for byte if it says the same', () => {
	const configured = `{\n  "openai": {\n    "apiKey": "${token}",\n    "baseUrl": "${openai}"\n  }\n}\n`
	for (const former of ['', '\ufeff', '{}', '{\n}\n', '{"openai":{}}', '  {  }']) {
		expect(removeBridge(configured, { former: ['{"x":1}', former] }).text).toBe(former)
	}
	expect(removeBridge(configured, { former: ['{"x":1}', '// gone\n', '[]', '{'] }).text).toBe('{}\n')
})
