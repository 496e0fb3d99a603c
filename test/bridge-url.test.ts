import { expect, test } from 'vitest'
import { parseBridgeUrl } from '../source/bridge-url.ts'

const origin = 'https://coder.example.com'

test.each([
	[`${origin}/api/v2/aibridge/openai/v1`, { origin, route: '/api/v2/aibridge', instance: 'openai' }],
	[`${origin}/api/v2/aibridge/openai/v1/`, { origin, route: '/api/v2/aibridge', instance: 'openai' }],
	[`${origin}/api/v2/aibridge/anthropic`, { origin, route: '/api/v2/aibridge', instance: 'anthropic' }],
	[`${origin}/api/v2/ai-gateway/my%20own`, { origin, route: '/api/v2/ai-gateway', instance: 'my own' }],
	[`${origin}/api/v2/aibridge/a%1B%5B2J/v1`, { origin, route: '/api/v2/aibridge', instance: 'a%1B%5B2J' }],
	[`${origin}/api/v2/aibridge/a%2Fb%E2%80%AE/v1`, { origin, route: '/api/v2/aibridge', instance: 'a%2Fb%E2%80%AE' }],
	[
		'http://localhost:3000/api/v2/aibridge/v1',
		{ origin: 'http://localhost:3000', route: '/api/v2/aibridge', instance: 'v1' },
	],
	['https://CODER.example.com:443/api/v2/aibridge/x/v1', { origin, route: '/api/v2/aibridge', instance: 'x' }],
])('%s is a bridge', (url, bridge) => {
	expect(parseBridgeUrl(url)).toEqual(bridge)
})

test.each([
	'https://api.openai.com/v1',
	`${origin}/api/v2/aibridge`,
	`${origin}/api/v2/aibridge/openai/v1/responses`,
	`${origin}/api/v2/aibridge/openai/v1?x=1`,
	`${origin}/api/v2/aibridge/openai/v1#x`,
	`${origin}/other/api/v2/aibridge/openai/v1`,
	'coder.example.com/api/v2/aibridge/openai/v1',
	'ftp://coder.example.com/api/v2/aibridge/openai/v1',
	'',
])('%s is none', url => {
	expect(parseBridgeUrl(url)).toBeNull()
})
