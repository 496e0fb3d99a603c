// Base URLs that look right and are not: what the deployment really says there, and that the corrected one works.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { validateBaseUrl } from '../../source/coder/base-url.ts'
import { createCoderClient } from '../../source/coder/client.ts'
import type { HttpClient } from '../../source/coder/http/types.ts'
import { describeFinding } from '../../source/findings/describe.ts'
import type { Protocol } from '../../source/providers.ts'
import { type Demo, startDemo } from '../fake-coder/fake-coder.ts'
import { hostWith } from '../runtime-with.ts'

let demo: Demo
let client: HttpClient
beforeAll(async () => {
	demo = await startDemo()
	client = createCoderClient(hostWith())
})
afterAll(async () => {
	client.close()
	await demo.close()
})

/** What Mux would get for a list of models at this base URL: Anthropic's SDK has `/v1` put in where it is missing. */
async function statusAt(baseUrl: string, protocol: Protocol): Promise<string> {
	const { origin, pathname } = new URL(baseUrl)
	const base = pathname.replace(/\/$/, '')
	const path = `${protocol === 'anthropic' && !base.endsWith('/v1') ? `${base}/v1` : base}/models`
	const headers = { 'anthropic-version': '2023-06-01' }
	const result = await client.request({ origin, path, headers, token: { secret: demo.token, as: 'X-Api-Key' } })
	if (!result.ok) return result.finding.code
	return result.response.status === 200 && result.response.text.startsWith('{') ? 'models' : 'no models'
}

it.each<[string, Protocol, string, string]>([
	['/api/v2/aibridge/openai', 'openai', '/v1 is missing at the end', '/api/v2/aibridge/openai/v1'],
	['/api/v2/aibridge/openai/', 'openai', '/v1 is missing at the end', '/api/v2/aibridge/openai/v1'],
	['/api/v2/aibridge/openai/v1/v1', 'openai', '/v1 appears twice', '/api/v2/aibridge/openai/v1'],
	['/api/v2/aibridge/anthropic/v1/v1', 'anthropic', '/v1 appears twice', '/api/v2/aibridge/anthropic'],
	['/api/v2/api/v2/aibridge/openai/v1', 'openai', '/api/v2 appears twice', '/api/v2/aibridge/openai/v1'],
	['/aibridge/openai/v1', 'openai', '/api/v2 is missing', '/api/v2/aibridge/openai/v1'],
	['/api/v2/aibridge', 'anthropic', 'the provider is missing', '/api/v2/aibridge/anthropic'],
	['/api/v2/aibridge/v1', 'openai', 'the provider is missing', '/api/v2/aibridge/openai/v1'],
	['/api/v2//ai-gateway/openai/v1', 'openai', 'it has a double slash', '/api/v2/ai-gateway/openai/v1'],
	['/api/v2/aibridge/openai/v1//', 'openai', 'it has a double slash', '/api/v2/aibridge/openai/v1'],
	['/api/v2/aibridge/openai/v1/responses', 'openai', 'it continues after the provider', '/api/v2/aibridge/openai/v1'],
])('%s (%s): %s', async (path, protocol, problem, right) => {
	const found = validateBaseUrl(demo.url + path, protocol, protocol)
	expect(found).toMatchObject({ code: 'base-url-wrong', subject: protocol, details: { problem } })
	expect(describeFinding(found!).remedy).toContain(demo.url + right)
	expect([await statusAt(demo.url + path, protocol), await statusAt(demo.url + right, protocol)]).toEqual([
		'no models',
		'models',
	])
})

it.each<[string, Protocol]>([
	['/api/v2/aibridge/openai/v1', 'openai'],
	['/api/v2/aibridge/openai/v1/', 'openai'],
	['/api/v2/ai-gateway/anthropic', 'anthropic'],
	['/api/v2/aibridge/anthropic/v1', 'anthropic'],
])('%s (%s) is right', async (path, protocol) => {
	expect(validateBaseUrl(demo.url + path, protocol, protocol)).toBeNull()
	expect(await statusAt(demo.url + path, protocol)).toBe('models')
})

it.each(['https://api.openai.com/v1', 'api.openai.com', '', 'ftp://x/aibridge'])(
	"%j isn't meant for AI Bridge",
	text => {
		expect(validateBaseUrl(text, 'openai', 'openai')).toBeNull()
	},
)
