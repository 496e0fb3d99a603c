import { describe, expect, test } from 'vitest'
import {
	credentialTitle,
	isCredentialName,
	isPlainWord,
	isTokenInsteadOfPath,
	looksRandom,
	maskCredentials,
	maskUrl,
} from '../../source/secrets/redact.ts'

const token = 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV'

describe('maskCredentials', () => {
	test.each([
		[`was ${token}.`, 'was abcdefghij-••••••••••.'],
		[`x${token}x`, 'xabc••••••••••'],
		[token.replace('-', '\u2013'), 'abcd••••••••••'],
		['key sk-ant-api03-abcdefghijklm', 'key sk-a••••••••••'],
		['Authorization: Bearer hunter2hunter2', 'Authorization: Bearer ••••••••••'],
		['https://ana:secret@proxy.example', 'https://••••••••••@proxy.example'],
		['AKIAIOSFODNN7EXAMPLE', 'AKIA••••••••••'],
	])('masks %s', (text, masked) => {
		expect(maskCredentials(text)).toBe(masked)
	})

	test.each([
		'a bearer token, and basic settings',
		'mux-bridge-wizard-test-AbCdEf/providers.jsonc',
		'https://github.com/mux-bridge-wizard/mux-bridge-wizard/blob/main/docs/troubleshooting.md#token-malformed',
		'npx mux-bridge-wizard check --settings ~/.mux/providers.jsonc',
	])('keeps %s', text => {
		expect(maskCredentials(text)).toBe(text)
	})
})

test.each([
	...['token', 'api-key', 'OPENAI_API_KEY', 'apiKeyOld', 'couponCode', 'x-api-key', 'X-PAT', 'authToken', 'access'],
	...['clientSecret', 'API_KEY_2', 'password', 'Authorization', 'apiKeys', 'session', 'token_old'],
])('%s is the name of a credential', name => {
	expect(isCredentialName(name)).toBe(true)
})

test.each([
	...[
		'baseUrl',
		'apiKeyFile',
		'maxTokens',
		'max_output_tokens',
		'codexOauthDefaultAuth',
		'monkey',
		'keyboard',
		'author',
	],
	...['displayName', 'models', 'compass', 'accessLevel'],
])("%s isn't the name of a credential", name => {
	expect(isCredentialName(name)).toBe(false)
})

test.each([
	'gpt-5.1-codex-max',
	'claude-opus-4-20250514',
	'gemini-2.5-pro',
	'openai/gpt-4o',
	'webSocketTransportEnabled',
])('%s is readable', word => {
	expect(isPlainWord(word)).toBe(true)
})

test.each(['aBcDeFgHiJ', '9f8a7s6d5f4g', 'hunter2hunter2', 'XKCDPWQZRT', 'deadbeef1234', 'aGVsbG8gd29ybGQ'])(
	'%s looks random',
	word => {
		expect(looksRandom(word)).toBe(true)
	},
)

test.each([
	[token, true],
	['abcdefghij-ABCDEFGHIJKLMNOPQRST1', true],
	[`./${token}`, true],
	['sk-proj-abcdefghijklmnop', true],
	['production-environmentsettings', false],
	['company-ca-bundle-2026-production.pem', false],
	['~/.mux/providers.jsonc', false],
	['/tmp/mux-bridge-wizard-test-AbC1d2/token', false],
])('a path or a token: %s', (value, isToken) => {
	expect(isTokenInsteadOfPath(value)).toBe(isToken)
})

test('names the service of a key', () => {
	expect(credentialTitle('sk-ant-x')).toBe('an Anthropic API key')
	expect(credentialTitle('sk-x')).toBe('an OpenAI API key')
	expect(credentialTitle(token)).toBeNull()
})

test.each([
	['https://coder.example.com/api/v2/aibridge/openai/v1', 'https://coder.example.com/api/v2/aibridge/openai/v1'],
	['https://me:pass@h.example/v1', 'https://••••••••••@h.example/v1'],
	[
		'https://h.example/a%40b/9f8a7s6d5f4g/v1?api-version=2024&hunter2#x',
		'https://h.example/••••••••••/••••••••••/v1?api-version=••••••••••&••••••••••#••••••••••',
	],
])('masks the URL %s', (url, masked) => {
	expect(maskUrl(url)).toBe(masked)
})
