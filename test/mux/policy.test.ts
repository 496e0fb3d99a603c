import { expect, test } from 'vitest'
import { forcedBaseUrl, isModelAllowed, isProviderAllowed, parsePolicy } from '../../source/mux/policy.ts'

const version = { policy_format_version: '0.1' }
const parse = (value: unknown) => parsePolicy(JSON.stringify(value), 'MUX_POLICY_FILE', 'mux')

test.each([
	['the least that there can be', version],
	['no providers: all of them', { ...version, provider_access: [] }],
	[
		'everything',
		{
			...version,
			server_version: '1',
			minimum_client_version: '0.28.2',
			provider_access: [{ id: 'openai', base_url: '', model_access: [] }],
			tools: { allow_user_defined_mcp: { stdio: true, remote: false } },
			runtimes: [{ id: 'ssh+coder' }],
		},
	],
	['an older version', { ...version, minimum_client_version: 'v0.9.99-beta' }],
])('enforced: %s', (_name, value) => {
	const policy = parse(value)
	expect(policy.state).toBe('enforced')
	expect(isModelAllowed(policy, 'openai', 'gpt-5')).toBe(true)
})

test.each([
	['another format', { policy_format_version: '0.2' }],
	['no format', {}],
	['a list', []],
	['null', null],
	['a member that is not known', { ...version, providers: [] }],
	['a provider with a member that is not known', { ...version, provider_access: [{ id: 'openai', url: 'x' }] }],
	['a provider with an impossible name', { ...version, provider_access: [{ id: 'Open AI' }] }],
	['a provider without a name', { ...version, provider_access: [{}] }],
	["a base URL that isn't text", { ...version, provider_access: [{ id: 'openai', base_url: 5 }] }],
	['models that are not text', { ...version, provider_access: [{ id: 'openai', model_access: [5] }] }],
	['a runtime that is not known', { ...version, runtimes: [{ id: 'moon' }] }],
	['tools without a part', { ...version, tools: { allow_user_defined_mcp: { stdio: true } } }],
	['a newer version', { ...version, minimum_client_version: '0.28.3' }],
	['a much newer version', { ...version, minimum_client_version: '1' }],
])('denies all: %s', (_name, value) => {
	const policy = parse(value)
	expect(policy.state).toBe('blocked')
	expect(isProviderAllowed(policy, 'openai')).toBe(false)
})

test("denies everything if the text isn't JSON, including comments", () => {
	expect(parsePolicy('// c\n{"policy_format_version":"0.1"}', 'MUX_POLICY_FILE', 'mux').state).toBe('blocked')
})

test('reads providers, their base URLs and models', () => {
	const policy = parse({
		...version,
		provider_access: [
			{ id: 'openai', base_url: ' https://c.example/v1 ', model_access: [' gpt-5 ', ''] },
			{ id: 'anthropic' },
		],
	})
	expect(forcedBaseUrl(policy, 'openai')).toBe('https://c.example/v1')
	expect(forcedBaseUrl(policy, 'anthropic')).toBeNull()
	expect(isModelAllowed(policy, 'openai', 'gpt-5')).toBe(true)
	expect(isModelAllowed(policy, 'openai', 'gpt-4')).toBe(false)
	expect(isModelAllowed(policy, 'anthropic', 'any')).toBe(true)
	expect(isProviderAllowed(policy, 'openrouter')).toBe(false)
})
