import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { describeFinding as inWords } from '../../source/findings/describe.ts'
import { findConflicts } from '../../source/mux/conflicts/find.ts'
import { loadMuxContext, withSettingsText } from '../../source/mux/context.ts'
import type { Release } from '../../source/mux/releases.ts'
import { muxReport } from '../../source/mux/report.ts'
import { editSettings } from '../../source/mux/settings/edit.ts'
import type { BuiltInProvider } from '../../source/providers.ts'
import { type Layout, layOut } from './settings/text-edits.ts'

const bridge = 'https://coder.example.com/api/v2/aibridge'
const token = 'AbCdEfGhIj-0123456789abcdefghijkl'
const openai = { apiKey: token, baseUrl: `${bridge}/openai/v1` }
const anthropic = { apiKey: token, baseUrl: `${bridge}/anthropic` }
const chatGpt = {
	type: 'oauth',
	access: 'chat-access-secret',
	refresh: 'chat-refresh-secret',
	expires: 4_102_444_800_000,
}
const coder = {
	deploymentUrl: 'https://coder.example.com',
	coderOauth: {
		type: 'oauth',
		sessionId: 's',
		access: 'coder-access-secret',
		refresh: 'coder-refresh-secret',
		expires: 4_102_444_800_000,
		deploymentUrl: 'https://coder.example.com',
		clientId: 'c',
		clientSecret: 'client-secret',
	},
}

type Row = Layout & {
	name: string
	settings?: object | string
	config?: object
	provider?: BuiltInProvider
	release?: Release
	codes: string[]
	fixes?: string[]
	/** Words that the finding has to hold. */
	says?: string
}

const rows: Row[] = [
	{ name: 'nothing in the way', settings: { openai, anthropic }, codes: [] },
	{ name: 'nothing set up', codes: [] },
	{
		name: 'turned off',
		settings: { openai: { ...openai, enabled: false } },
		codes: ['provider-turned-off'],
		fixes: ['remove "enabled": false'],
	},
	{
		name: 'switched off in quotes',
		settings: { openai: { ...openai, enabled: 'false' } },
		codes: ['provider-turned-off'],
		fixes: ['remove "enabled": "false"'],
	},
	{
		name: 'a twin',
		settings: { openai: { ...openai, baseURL: 'https://old.example/v1' } },
		codes: ['base-url-duplicate'],
		fixes: ['remove "baseURL"'],
	},
	{
		name: 'a twin that is in use can’t be removed',
		settings: { openai: { ...openai, baseUrl: '', baseURL: `${bridge}/openai/v1` } },
		codes: ['base-url-duplicate'],
		fixes: [],
	},
	...['base_url', 'baseurl', 'BaseUrl', 'BASE_URL', 'base-url', 'baseUri', 'endpoint'].map(key => ({
		name: `misspelt: ${key}`,
		settings: { openai: { apiKey: token, [key]: `${bridge}/openai/v1` } },
		codes: ['misspelled-key', 'key-without-base-url'],
		fixes: [`remove "${key}"`],
		says: 'AbCdEfGhIj',
	})),
	...['api_key', 'apikey', 'ApiKey', 'API_KEY', 'token'].map(key => ({
		name: `misspelt: ${key}`,
		settings: { anthropic: { [key]: token, baseUrl: `${bridge}/anthropic` } },
		provider: 'anthropic' as const,
		codes: ['misspelled-key'],
		fixes: [`remove "${key}"`],
	})),
	...['OpenAI', 'openAI', 'open_ai', 'OPENAI', 'gpt'].map(key => ({
		name: `misspelt section: ${key}`,
		settings: { [key]: openai },
		codes: ['misspelled-section'],
		fixes: [`remove the section "${key}"`],
	})),
	...['Anthropic', 'claude', 'ANTHROPIC'].map(key => ({
		name: `misspelt section: ${key}`,
		settings: { [key]: anthropic },
		provider: 'anthropic' as const,
		codes: ['misspelled-section'],
		fixes: [`remove the section "${key}"`],
	})),
	{
		name: 'a provider of the user’s own with such a name is none',
		settings: { claude: { ...anthropic, providerType: 'openai-compatible' } },
		provider: 'anthropic',
		codes: [],
	},
	{
		name: 'a section twice',
		settings: `{"openai":{"apiKey":"x"},"openai":${JSON.stringify(openai)}}`,
		codes: ['duplicate-section'],
	},
	{
		name: 'a key twice',
		settings: `{"openai":{"apiKey":"x","apiKey":"${token}","baseUrl":"${bridge}/openai/v1"}}`,
		codes: ['duplicate-key'],
	},
	{ name: "a section that isn't an object", settings: { openai: token }, codes: ['section-not-object'] },
	{ name: "a file that isn't an object", settings: '[]', codes: ['settings-not-object'] },
	{
		name: 'a file with a syntax error',
		settings: `{"openai":${JSON.stringify(openai)} "x":1}`,
		codes: ['settings-partly-read'],
	},
	{ name: 'a directory in the file’s place', directories: ['.mux/providers.jsonc'], codes: ['settings-ignored'] },
	{
		name: 'headers with credentials, in any case',
		settings: {
			openai: { ...openai, headers: { authorization: 'Bearer header-secret', 'X-API-Key': 'k-secret', 'X-Team': 'a' } },
		},
		codes: ['headers-carry-credential', 'headers-carry-credential'],
		fixes: ['remove the header "authorization"', 'remove the header "X-API-Key"'],
	},
	{
		name: 'authToken',
		settings: { anthropic: { ...anthropic, authToken: 'auth-secret' } },
		provider: 'anthropic',
		codes: ['auth-token-set'],
		fixes: ['remove "authToken"'],
	},
	{
		name: 'a ChatGPT login',
		settings: { openai: { ...openai, codexOauth: chatGpt } },
		codes: ['chatgpt-login-first'],
		fixes: ['set "codexOauthDefaultAuth": "apiKey"'],
	},
	{
		name: 'a ChatGPT login with the older protocol',
		settings: { openai: { ...openai, codexOauth: chatGpt, wireFormat: 'chatCompletions' } },
		codes: ['chatgpt-login-first'],
		says: 'placeholder',
	},
	{
		name: 'a ChatGPT login that gives way',
		settings: { openai: { ...openai, codexOauth: chatGpt, codexOauthDefaultAuth: 'apiKey' } },
		codes: [],
	},
	{
		name: 'WebSocket',
		settings: { openai: { ...openai, webSocketTransportEnabled: true } },
		codes: ['websocket-transport-on'],
		fixes: ['remove "webSocketTransportEnabled"'],
	},
	{
		name: 'providerType',
		settings: { anthropic: { ...anthropic, providerType: 'openai-compatible' } },
		provider: 'anthropic',
		codes: ['provider-type-set'],
		fixes: ['remove "providerType"'],
	},
	{
		name: 'a gateway from the file',
		settings: { openai, openrouter: { apiKey: 'or-secret' } },
		codes: ['gateway-first'],
		says: 'openrouter.apiKey',
	},
	{
		name: 'a gateway from the environment',
		settings: { openai },
		environment: { OPENROUTER_API_KEY: 'or-secret' },
		codes: ['gateway-first'],
		says: 'unset OPENROUTER_API_KEY',
	},
	{
		name: 'a gateway behind direct',
		settings: { openai, openrouter: { apiKey: 'or-secret' } },
		config: { routePriority: ['direct', 'openrouter'] },
		codes: [],
	},
	{ name: 'the Coder login', settings: { openai, coder }, codes: ['coder-login-first'] },
	{
		name: 'a route of single models',
		settings: { openai, openrouter: { apiKey: 'or-secret' } },
		config: {
			routePriority: ['direct'],
			routeOverrides: { 'openai:gpt-5.5': 'openrouter', 'openai:gpt-4': 'bedrock' },
		},
		codes: ['route-overridden'],
		says: 'gpt-5.5 through OpenRouter',
	},
	{
		name: 'a route to a gateway that is not there does not hide the one that is',
		settings: { openai, openrouter: { apiKey: 'or-secret' } },
		config: { routeOverrides: { 'openai:gpt-5': 'mux-gateway' } },
		codes: ['gateway-first'],
	},
	{
		name: 'a route of the very model that is asked for',
		settings: { openai, openrouter: { apiKey: 'or-secret' } },
		config: { routePriority: ['direct'], routeOverrides: { 'openai:gpt-5': 'openrouter' } },
		codes: ['route-overridden'],
	},
	{
		name: 'an empty variable in Xum',
		settings: { openai },
		environment: { OPENAI_BASE_URL: '' },
		release: 'xum',
		codes: ['base-url-variable-empty'],
		says: 'breaks all OpenAI models',
	},
	{
		name: 'an empty variable in Mux, with a base URL in the file',
		settings: { openai },
		environment: { OPENAI_BASE_URL: '' },
		codes: [],
	},
	{
		name: 'an empty variable without a base URL in the file',
		settings: { anthropic: { apiKey: token } },
		environment: { ANTHROPIC_BASE_URL: ' ' },
		provider: 'anthropic',
		codes: ['base-url-variable-empty'],
	},
	{
		name: 'a variable that hijacks the key of the file',
		settings: { openai: { apiKey: token } },
		environment: { OPENAI_API_BASE: 'https://old.example/v1' },
		codes: ['base-url-from-environment'],
		says: 'https://old.example/v1',
	},
	{
		name: 'a variable with credentials in its URL',
		settings: { openai: { apiKey: token } },
		environment: { OPENAI_API_BASE: 'https://user:pw-secret@old.example/v1?key=q-secret' },
		codes: ['base-url-invalid', 'base-url-from-environment'],
		says: 'https://old.example/v1?key=',
	},
	{
		name: 'a variable beside the file’s base URL',
		settings: { openai },
		environment: { OPENAI_BASE_URL: 'https://old.example/v1' },
		codes: ['base-url-variable-stale'],
	},
	{
		name: 'the same in the variable and in the file',
		settings: { openai },
		environment: { OPENAI_BASE_URL: `${bridge}/openai/v1/` },
		codes: [],
	},
	{
		name: 'all in the environment',
		environment: { OPENAI_API_KEY: token, OPENAI_BASE_URL: `${bridge}/openai/v1` },
		codes: [],
	},
	{
		name: 'a key of the environment for the file’s base URL',
		settings: { openai: { baseUrl: `${bridge}/openai/v1` } },
		environment: { OPENAI_API_KEY: 'sk-real-provider-secret' },
		codes: ['key-from-environment'],
	},
	{
		name: 'the leak',
		settings: { anthropic: { apiKey: token } },
		provider: 'anthropic',
		codes: ['key-without-base-url'],
		says: 'Mux would send the token to api.anthropic.com',
	},
	{
		name: 'a key of the provider itself leaks nothing',
		settings: { openai: { apiKey: 'sk-proj-abcdefgh-secret' } },
		codes: ['provider-key-in-use'],
	},
	{
		name: 'a policy',
		settings: { openai },
		files: {
			'policy.json':
				'{"policy_format_version":"0.1","provider_access":[{"id":"openai","base_url":"https://c.example/v1"}]}',
		},
		environment: { MUX_POLICY_FILE: '$HOME/policy.json' },
		codes: ['policy-forces-url'],
	},
	{
		name: 'a policy that is not there',
		settings: { openai },
		environment: { MUX_POLICY_FILE: '/none' },
		codes: ['policy-denies'],
	},
	{
		name: 'a policy of a server',
		settings: { openai },
		config: { muxGovernorUrl: 'https://g.example', muxGovernorToken: 'governor-secret' },
		codes: ['policy-remote'],
	},
	{
		name: 'two homes',
		settings: { openai },
		files: { '.xum/config.json': '{}' },
		release: 'xum',
		codes: ['two-homes'],
	},
	{
		name: 'a key with a reference',
		settings: { openai: { ...openai, apiKey: 'op://vault/secret' } },
		codes: ['api-key-reference'],
	},
	{ name: 'a padded key', settings: { openai: { ...openai, apiKey: `${token}\n` } }, codes: ['api-key-padded'] },
	{ name: "a key that isn't text", settings: { openai: { ...openai, apiKey: 5 } }, codes: ['api-key-not-string'] },
	{
		name: 'a key that can’t be sent',
		settings: { openai: { ...openai, apiKey: 'a\nb' } },
		codes: ['api-key-unsendable'],
	},
	{
		name: 'a key file that is not there',
		settings: { openai: { apiKeyFile: '~/none', baseUrl: `${bridge}/openai/v1` } },
		codes: ['api-key-file-unreadable'],
	},
	...Object.entries({
		"it doesn't start with https://": 'coder.example.com/api/v2/aibridge/openai/v1',
		'it has a query': `${bridge}/openai/v1?x=1`,
		'it includes the path of an endpoint': `${bridge}/openai/v1/responses`,
		'/v1 is missing at the end': `${bridge}/openai`,
		'it ends with more than one slash': `${bridge}/openai/v1//`,
		"it's blank": '  ',
		'it starts with ftp://': 'ftp://coder.example.com',
		"it isn't a valid URL": 'https://exa mple/v1',
	}).map(([says, baseUrl]) => ({
		name: `a base URL: ${says}`,
		settings: { openai: { ...openai, baseUrl } },
		codes: ['base-url-invalid'],
		says,
	})),
	{
		name: "a base URL that isn't text",
		settings: { anthropic: { ...anthropic, baseUrl: 5 } },
		provider: 'anthropic',
		codes: ['base-url-invalid'],
	},
]

function settingsText(row: Row): string | undefined {
	return typeof row.settings === 'object' ? JSON.stringify(row.settings, null, 2) : row.settings
}

async function look(row: Row) {
	const release = row.release ?? 'mux'
	const files: NonNullable<Layout['files']> = { ...row.files }
	const directory = row.files?.['.xum/config.json'] === undefined ? '.mux' : '.xum'
	const text = settingsText(row)
	if (text !== undefined) files[`${directory}/providers.jsonc`] = text
	if (directory === '.xum') files['.mux/config.json'] = '{}'
	if (row.config) files[`${directory}/config.json`] = JSON.stringify(row.config)
	const runtime = layOut({ ...row, files })
	const muxContext = await loadMuxContext(runtime)
	return { host: runtime, release, snapshot: muxContext, provider: row.provider ?? 'openai', text: text ?? '' }
}

describe('findConflicts', () => {
	for (const row of rows) {
		test(row.name, async () => {
			const { snapshot: muxContext, release, provider, text, host: runtime } = await look(row)
			const conflicts = findConflicts(muxContext, release, provider)
			expect(conflicts.map(conflict => conflict.finding.code)).toEqual(row.codes)
			const fixes = conflicts.flatMap(conflict => conflict.fix ?? [])
			if (row.fixes) expect(fixes.map(fix => fix.label)).toEqual(row.fixes)

			const words = JSON.stringify(conflicts.map(conflict => inWords(conflict.finding)))
			if (row.says && row.says !== 'AbCdEfGhIj') expect(words).toContain(row.says.replaceAll('"', '\\"'))
			expect(words).not.toMatch(/undefined|secret|0123456789abcdefghijkl/)
			expect(JSON.stringify([conflicts, muxReport(muxContext, release)])).not.toMatch(
				/-secret|coder-access|chat-|governor|0123456789abcdefghijkl/,
			)
			// A URL stays as it is in the snapshot, user info and all: only what is made for showing is cleaned.
			expect(JSON.stringify(muxContext).replace(/pw-secret|q-secret/g, '')).not.toMatch(
				/-secret|coder-access|chat-|governor|0123456789abcdefghijkl/,
			)

			for (const fix of fixes) {
				for (const edit of fix.edits) expect(edit.path[0]).not.toBe('coder')
				const after = withSettingsText(muxContext, editSettings(text, fix.edits))
				const left = findConflicts({ ...after, release }, release, provider).map(conflict => conflict.fix?.id)
				expect(left).not.toContain(fix.id)
			}
			if (row.config) {
				const directory = row.files?.['.xum/config.json'] === undefined ? '.mux' : '.xum'
				expect(readFileSync(`${runtime.homeDir}/${directory}/config.json`, 'utf8')).toBe(JSON.stringify(row.config))
			}
		})
	}

	test('gives each fix an id of its own', async () => {
		const { snapshot: muxContext } = await look(rows.find(row => row.name.startsWith('headers'))!)
		const ids = findConflicts(muxContext, 'mux', 'openai').map(conflict => conflict.fix?.id)
		expect(ids).toEqual([
			'headers-carry-credential:openai.headers.authorization',
			'headers-carry-credential:openai.headers.X-API-Key',
		])
	})
})
