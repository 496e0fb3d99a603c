// The rows of the data plane, in the wordings of older and newer servers, and what only looks like them.
import { describe, expect, it } from 'vitest'
import type { HttpResponse } from '../../source/coder/http/types.ts'
import { interpretMessageResponse, type MessageQuestion } from '../../source/coder/interpret-message.ts'
import { readModels } from '../../source/coder/list-models.ts'
import { severityOf } from '../../source/findings/severity.ts'

const origin = 'https://coder.example.com'
const coder = { 'x-coder-build-version': 'v2.36.0' }

function answer(status: number, text: string, type: string, headers: HttpResponse['headers'] = coder): HttpResponse {
	return { status, path: '/x', text, headers: { ...(type ? { 'content-type': type } : {}), ...headers } }
}
const plain = (status: number, text: string) => answer(status, text, 'text/plain; charset=utf-8')
const json = (status: number, value: unknown) => answer(status, JSON.stringify(value), 'application/json')
const page = (status: number, text: string, headers = coder as HttpResponse['headers']) =>
	answer(status, text, 'text/html', headers)

const question: MessageQuestion = {
	origin,
	instance: 'openai',
	subject: 'openai',
	model: 'gpt-5.4',
	body: 'incomplete',
}

function judge(response: HttpResponse, more: Partial<MessageQuestion> = {}): string {
	const result = interpretMessageResponse(response, { ...question, ...more })
	if (!('finding' in result)) return result.status
	return `${result.status}: ${result.finding.code} ${severityOf(result.finding)}`
}

const input = { error: { message: 'One of "input" or "prompt" must be provided.', code: 'missing_required_parameter' } }

describe('the response to an incomplete message', () => {
	it.each<[string, HttpResponse, string]>([
		['OpenAI asks for the input', json(400, input), 'proven'],
		[
			'Anthropic asks for max_tokens',
			json(400, { type: 'error', error: { message: 'max_tokens: Field required' } }),
			'proven',
		],
		['unprocessable', json(422, { detail: [{ msg: 'field required' }] }), 'proven'],
		['an upstream that answers', json(200, { id: 'x' }), 'proven'],
		[
			'no license',
			json(403, { message: 'AI Gateway is a Premium feature. Contact sales!' }),
			'bridge: no-license error',
		],
		[
			'no license, older',
			json(403, { message: 'AI Bridge is a Premium feature. Contact sales!' }),
			'bridge: no-license error',
		],
		[
			'capacity',
			json(503, { message: 'AI Gateway is currently at capacity. Please try again later.' }),
			'bridge: at-capacity warning',
		],
		[
			'the limit of the token',
			json(429, { message: "You've been rate limited. Please try again later." }),
			'rate-limited: rate-limited warning',
		],
		[
			'own keys',
			json(403, { message: 'Bring Your Own Key (BYOK) mode is not enabled.' }),
			'bridge: byok-disabled error',
		],
		['not mounted', json(404, { message: 'aibridged handler not mounted' }), 'bridge: bridge-off error'],
		['the other path', json(404, { message: 'Route not found.' }), 'path-unknown'],
		['no token', plain(400, 'no authentication key provided\n'), 'bridge: token-missing error'],
		['no token, older', plain(400, 'no auth key provided\n'), 'bridge: token-missing error'],
		['cut off', plain(503, 'could not connect to coderd\n'), 'bridge: bridge-disconnected warning'],
		['unauthorized', plain(403, 'unauthorized\n'), 'unauthorized: token-not-for-bridge error'],
		[
			'budget',
			plain(403, 'AI budget of US$12.34 exceeded. Please contact an administrator for more details.\n'),
			'bridge: budget-spent warning',
		],
		['handler pool', plain(500, 'failed to acquire request handler\n'), 'bridge: handler-pool warning'],
		[
			'disabled',
			plain(503, 'provider_disabled: AI provider "openai" is disabled\n'),
			'provider: provider-disabled error',
		],
		['no provider', plain(404, 'route not supported: POST /openai/v1/responses\n'), 'provider: provider-unknown error'],
		[
			'no key',
			plain(500, 'failed to create "/openai/v1/responses" interceptor\n'),
			'provider: provider-without-key error',
		],
		[
			'dead keys',
			json(502, { error: { message: 'all configured keys failed authentication', type: 'api_error' } }),
			'provider: upstream-key-bad error',
		],
		[
			'no key in the pool',
			json(502, { error: { message: 'key pool unavailable' } }),
			'provider: provider-without-key error',
		],
		[
			'a base URL that is none',
			json(502, { error: { message: 'invalid provider base URL' } }),
			'provider: provider-url-wrong error',
		],
		[
			'limited keys',
			json(429, { error: { message: 'all configured keys are rate-limited (retry after 6.99s)' } }),
			'provider: upstream-rate-limited warning',
		],
		[
			'unreachable, as text',
			plain(500, 'Post "http://127.0.0.1:1/v1/chat/completions": dial tcp: connect: connection refused\n'),
			'provider: upstream-down warning',
		],
		[
			'unreachable, as JSON',
			json(500, {
				code: '500',
				message: 'Post "http://127.0.0.1:1/v1/responses": dial tcp: connect: connection refused',
			}),
			'provider: upstream-down warning',
		],
		['unreachable, older', plain(502, 'upstream proxy error\n'), 'provider: upstream-down warning'],
		[
			'a web page as the upstream',
			page(200, '<!doctype html><title>Shop</title>'),
			'provider: provider-url-wrong error',
		],
		[
			'another type',
			plain(500, "expected destination type of 'string' for responses with content-type 'text/html'"),
			'provider: provider-url-wrong error',
		],
		[
			'a redirect',
			answer(301, '', '', { ...coder, location: 'https://api.example.com' }),
			'provider: provider-url-wrong error',
		],
		[
			'the upstream refuses the key',
			json(401, { error: { message: 'Incorrect API key provided' } }),
			'provider: upstream-key-bad error',
		],
		[
			'the upstream forbids',
			json(403, { error: { message: 'Country not supported' } }),
			'provider: upstream-key-bad error',
		],
		[
			'no credit',
			json(400, { error: { message: 'Your credit balance is too low to access the API.' } }),
			'provider: upstream-no-credit error',
		],
		[
			'no quota',
			json(429, { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }),
			'provider: upstream-no-credit error',
		],
		['no payment', json(402, { error: { message: 'Payment required' } }), 'provider: upstream-no-credit error'],
		[
			'no such model',
			json(404, {
				error: {
					message: 'The model `gpt-5.4` does not exist or you do not have access to it.',
					code: 'model_not_found',
				},
			}),
			'provider: model-unavailable warning',
		],
		[
			'no access to the model',
			json(403, { error: { message: 'Project `p` does not have access to model `gpt-5.4`', code: 'model_not_found' } }),
			'provider: model-unavailable warning',
		],
		[
			'no such model at Anthropic',
			json(404, { type: 'error', error: { type: 'not_found_error', message: 'model: claude-x' } }),
			'provider: model-unavailable warning',
		],
		[
			'too many requests upstream',
			json(429, { error: { message: 'Rate limit reached' } }),
			'provider: upstream-rate-limited warning',
		],
		[
			'overloaded',
			json(529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
			'provider: upstream-error warning',
		],
		[
			'a fault upstream',
			json(500, { error: { message: 'The server had an error' } }),
			'provider: upstream-error warning',
		],
		[
			'not found upstream',
			json(404, { error: { message: 'Resource not found', code: '404' } }),
			'provider: upstream-error warning',
		],
	])('%s', (_, response, expected) => {
		expect(judge(response)).toBe(expected)
	})

	it.each<[string, HttpResponse, string]>([
		['a JSON that says unauthorized', json(403, { message: 'unauthorized' }), 'provider: upstream-key-bad error'],
		[
			'a JSON about a budget',
			json(403, { message: 'AI budget of US$1 exceeded.' }),
			'provider: upstream-key-bad error',
		],
		[
			'an error about a route',
			json(404, { error: { message: 'route not supported: POST /x' } }),
			'provider: upstream-error warning',
		],
		[
			'a text about a license',
			plain(403, 'This is a Premium feature. Contact sales!'),
			'provider: upstream-key-bad error',
		],
	])("%s isn't taken for Coder's", (_, response, expected) => {
		expect(judge(response)).toBe(expected)
	})

	it.each<[string, HttpResponse, string]>([
		['a firewall', page(403, '<html>unauthorized</html>', {}), 'bridge: authenticating-proxy error'],
		['an ingress', page(502, '<html><title>502 Bad Gateway</title></html>', {}), 'bridge: deployment-down error'],
		['a portal', page(200, '<!doctype html><title>Sign in</title>', {}), 'bridge: response-html error'],
		['a teapot', answer(418, 'I am a teapot', 'text/plain', {}), 'bridge: response-unexpected error'],
	])('%s in front of Coder is named', (_, response, expected) => {
		expect(judge(response)).toBe(expected)
	})

	it('with an empty body shows the route, and no more', () => {
		const interceptor = plain(500, 'failed to create "/openai/v1/responses" interceptor\n')
		expect(judge(interceptor, { body: 'empty' })).toBe('route-found')
		expect(judge(plain(404, 'route not supported: POST /openai/v1/responses\n'), { body: 'empty' })).toBe(
			'provider: provider-unknown error',
		)
	})

	it('a budget of zero is a policy', () => {
		const text = 'AI budget of US$0.00 exceeded. Please contact an administrator for more details.\n'
		const result = interpretMessageResponse(plain(403, text), question)
		expect('finding' in result && result.finding.details['blocked']).toBe('yes')
	})

	it('of a gateway needs no header of Coder', () => {
		const response = answer(400, JSON.stringify(input), 'application/json', {})
		expect(judge(response, { isGateway: true })).toBe('proven')
	})
})

describe('a list of models', () => {
	it.each<[string, HttpResponse, readonly string[] | undefined]>([
		['OpenAI’s', json(200, { object: 'list', data: [{ id: 'b' }, { id: 'a' }, { id: 'b' }, {}, null] }), ['b', 'a']],
		['Anthropic’s', json(200, { data: [{ id: 'claude', display_name: 'C' }], has_more: false }), ['claude']],
		['of another type', answer(200, '{"data":[{"id":"a"}]}', 'text/plain'), ['a']],
		['empty', json(200, { data: [] }), []],
		['a page', page(200, '<!doctype html>'), undefined],
		['an error', json(404, { error: { message: 'Resource not found' } }), undefined],
		['no list', json(200, { models: [] }), undefined],
	])('%s', (_, response, expected) => {
		expect(readModels(response)?.models).toEqual(expected)
	})
})
