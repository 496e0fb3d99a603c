// The wordings of older and newer servers, and of implementations that put the same words into another form.
import { describe, expect, it } from 'vitest'
import type { HttpResponse } from '../../source/coder/http/types.ts'
import {
	bridgeMissingFinding,
	interpretBuildInfo,
	interpretModelsResponse,
	interpretProbeResponse,
	interpretUserResponse,
} from '../../source/coder/interpret-response.ts'

const origin = 'https://coder.example.com'
const now = new Date('2026-01-02T03:30:00Z')

function answer(status: number, text: string, type = '', headers: HttpResponse['headers'] = {}): HttpResponse {
	return { status, path: '/x', text, headers: { ...(type ? { 'content-type': type } : {}), ...headers } }
}
const plain = (status: number, text: string) => answer(status, text, 'text/plain; charset=utf-8')
const json = (status: number, value: unknown) => answer(status, JSON.stringify(value), 'application/json')

describe('the probe of AI Bridge', () => {
	const codeOf = (provided: HttpResponse) => {
		const state = interpretProbeResponse(provided, origin)
		return state.status === 'error' ? state.finding.code : state.status
	}
	it.each<[string, HttpResponse, string]>([
		['as it should be', plain(404, 'route not supported: GET /__wizard__/v1/models\n'), 'ok'],
		['without a type', answer(404, 'route not supported: GET /__wizard__/v1/models'), 'ok'],
		['as JSON', json(404, { message: 'route not supported: GET /__wizard__/v1/models' }), 'ok'],
		['unknown', json(404, { message: 'Route not found.' }), 'unknown'],
		['unknown, as text', plain(404, 'Route not found\n'), 'unknown'],
		['licence', json(403, { message: 'AI Bridge is a Premium feature. Contact sales!' }), 'no-license'],
		['licence, as text', plain(403, 'AI Gateway is a Premium feature. Contact sales!\n'), 'no-license'],
		[
			'capacity, older',
			json(503, { message: 'AI Bridge is currently at capacity. Please try again later.' }),
			'at-capacity',
		],
		['rate', json(429, { message: "You've been rate limited. Please try again later." }), 'rate-limited'],
		['rate of something in front', plain(429, 'slow down'), 'rate-limited'],
		['own keys', json(403, { message: 'Bring Your Own Key (BYOK) mode is not enabled.' }), 'byok-disabled'],
		['off', json(404, { message: 'aibridged handler not mounted' }), 'bridge-off'],
		['off, as text', plain(404, 'aibridged handler not mounted\n'), 'bridge-off'],
		['no token', plain(400, 'no authentication key provided\n'), 'token-missing'],
		['no token, older', plain(400, 'no auth key provided'), 'token-missing'],
		['cut off', plain(503, 'could not connect to coderd\n'), 'bridge-disconnected'],
		['refused', plain(403, 'unauthorized\n'), 'token-not-for-bridge'],
		['refused, as JSON', json(403, { message: 'unauthorized' }), 'token-not-for-bridge'],
		[
			'budget',
			plain(403, 'AI budget of €5 exceeded. Please contact an administrator for more details.\n'),
			'budget-spent',
		],
		['pool', plain(500, 'failed to acquire request handler\n'), 'handler-pool'],
		[
			'a firewall’s 403 that says unauthorized',
			answer(403, '<html>unauthorized</html>', 'text/html'),
			'authenticating-proxy',
		],
		[
			'a firewall’s page that sells something',
			answer(403, '<html>Contact sales</html>', 'text/html'),
			'authenticating-proxy',
		],
		[
			'an error that is not Coder’s',
			json(403, { message: 'unauthorized', error: { type: 'x' } }),
			'response-unexpected',
		],
		['a 401', json(401, { message: 'unauthorized' }), 'authenticating-proxy'],
		['a 403 of nobody known', plain(403, 'Forbidden'), 'response-unexpected'],
		['an ingress', answer(502, '<html><title>502 Bad Gateway</title></html>', 'text/html'), 'deployment-down'],
		['a page', answer(200, '<!doctype html><title>Coder</title>', 'text/html'), 'response-html'],
		['a 200 that needs no token', json(200, { object: 'list', data: [] }), 'response-unexpected'],
		['an upstream’s error', json(404, { error: { message: 'route not supported: GET /x' } }), 'response-unexpected'],
		['a teapot', plain(418, 'I am a teapot'), 'response-unexpected'],
	])('%s', (_, provided, expected) => {
		expect(codeOf(provided)).toBe(expected)
	})
})

describe('the list of models', () => {
	const judge = (provided: HttpResponse) => {
		const offer = interpretModelsResponse(provided, origin, 'openai', 'openai')
		return offer.status === 'models' ? offer.models : offer.finding.code
	}
	it.each<[string, HttpResponse, string | string[]]>([
		['OpenAI’s', json(200, { object: 'list', data: [{ id: 'b' }, { id: 'a' }, { id: 'b' }, {}, null] }), ['b', 'a']],
		[
			'Anthropic’s',
			json(200, { data: [{ id: 'claude', display_name: 'C', type: 'model' }], has_more: false }),
			['claude'],
		],
		['of another type', answer(200, '{"data":[{"id":"a"}]}', 'text/plain'), ['a']],
		['empty', json(200, { data: [] }), []],
		['with escape sequences', json(200, { data: [{ id: 'a\u001b[2Jb' }] }), ['a b']],
		['without data', json(200, { models: [] }), 'no-models'],
		['broken', answer(200, '{"data":[', 'application/json'), 'no-models'],
		['the dashboard', answer(200, '<!DOCTYPE html><html>', 'text/html'), 'response-html'],
		['disabled', plain(503, 'provider_disabled: AI provider "openai" is disabled\n'), 'provider-disabled'],
		['unknown', plain(404, 'route not supported: GET /openai/v1/models\n'), 'provider-unknown'],
		['unreachable', plain(502, 'upstream proxy error\n'), 'upstream-down'],
		[
			'the administrator’s key',
			json(401, { error: { message: 'Incorrect API key provided: sk-123' } }),
			'upstream-key-bad',
		],
		['the administrator’s key, as text', plain(401, 'Unauthorized'), 'upstream-key-bad'],
		['a region that is not served', json(403, { error: { message: 'Country not supported' } }), 'no-models'],
		['none', json(404, { error: { code: '404', message: 'Resource not found' } }), 'no-models'],
		['none, as text', plain(404, '404 page not found\n'), 'no-models'],
		['none, as a page', answer(404, '<html>404</html>', 'text/html'), 'no-models'],
		[
			'too many requests, of the provider',
			json(429, { error: { message: 'Rate limit reached' } }),
			'upstream-rate-limited',
		],
		[
			'too many requests, of the token',
			json(429, { message: "You've been rate limited. Please try again later." }),
			'rate-limited',
		],
		[
			'overloaded',
			json(529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
			'upstream-down',
		],
		[
			'budget',
			plain(403, 'AI budget of US$1.00 exceeded. Please contact an administrator for more details.'),
			'budget-spent',
		],
		['own keys', json(403, { message: 'Bring Your Own Key (BYOK) mode is not enabled.' }), 'byok-disabled'],
	])('%s', (_, provided, expected) => {
		expect(judge(provided)).toEqual(expected)
	})
})

describe('what is passed on from a provider, as Coder’s header reports', () => {
	const coder = { 'x-coder-build-version': 'v2.36.0' }
	const findingOf = (provided: HttpResponse) => {
		const offer = interpretModelsResponse(provided, origin, 'openai', 'openai')
		return offer.status === 'trouble' ? offer.finding : null
	}
	it.each<[string, HttpResponse, string]>([
		['a page', answer(200, '<!doctype html><title>Portal</title>', 'text/html', coder), 'no-models'],
		['a page that forbids', answer(403, '<!doctype html>', 'text/html', coder), 'no-models'],
		['a redirect', answer(301, '', '', { ...coder, location: 'https://api.example.com/v1/models' }), 'no-models'],
		['a page without the header', answer(200, '<!doctype html>', 'text/html'), 'response-html'],
	])('%s', (_, provided, expected) => {
		expect(findingOf(provided)?.code).toBe(expected)
	})

	it('a token that did not arrive is reported with both headers that it may travel in', () => {
		const found = findingOf(plain(400, 'no authentication key provided\n'))
		expect([found?.code, found?.details['header']]).toEqual(['token-missing', 'Authorization or X-Api-Key'])
	})
})

describe('whose token', () => {
	const signedOut = 'You are signed out or your session has expired. Please sign in again to continue.'
	const judge = (provided: HttpResponse) => {
		const whose = interpretUserResponse(provided, origin, 'abcdefghij', now)
		return whose.status === 'refused' ? whose.finding : whose
	}
	it.each<[string, HttpResponse, object]>([
		['a user', json(200, { id: '1', username: 'ada', status: 'active' }), { status: 'user', name: 'ada' }],
		['no cause', json(401, { message: signedOut }), { code: 'signed-out' }],
		['an unknown cause', json(401, { message: signedOut, detail: 'The moon is full.' }), { code: 'signed-out' }],
		['the cause in the message', json(401, { message: 'API key is invalid.' }), { code: 'token-unknown' }],
		[
			'the wrong secret',
			json(401, { message: signedOut, detail: 'API key secret is invalid.' }),
			{ code: 'token-wrong-secret' },
		],
		[
			'expired long ago',
			json(401, { message: signedOut, detail: 'API key expired at "2025-12-02 03:04:05.123456 +0000 UTC".' }),
			{ code: 'token-expired', details: { at: '2025-12-02 03:04 UTC' } },
		],
		[
			'expired just now: a lifetime in the wrong unit',
			json(401, { message: signedOut, detail: 'API key expired at "2026-01-02 03:29:05 +0000 UTC".' }),
			{ code: 'token-expired', details: { fresh: 'yes' } },
		],
		[
			'expired, in the server’s own time zone',
			json(401, { message: signedOut, detail: 'API key expired at "2026-01-02 05:29:05.123456 +0200 EET".' }),
			{ code: 'token-expired', details: { at: '2026-01-02 03:29 UTC', fresh: 'yes' } },
		],
		['suspended with 200', json(200, { username: 'ada', status: 'suspended' }), { code: 'user-suspended' }],
		[
			'a scoped token',
			json(404, { message: 'Resource not found or you do not have access to this resource' }),
			{ status: 'scoped' },
		],
		['a firewall', answer(403, '<html><title>Blocked</title>', 'text/html'), { code: 'authenticating-proxy' }],
		['the server’s trouble', json(500, { message: 'An internal error occurred.' }), { code: 'server-error' }],
		['a page', answer(200, '<html>', 'text/html'), { code: 'response-html' }],
		['down', plain(503, 'no server'), { code: 'deployment-down' }],
		['not a user', json(200, { hello: 'world' }), { code: 'response-unexpected' }],
	])('%s', (_, provided, expected) => {
		expect(judge(provided)).toMatchObject(expected)
	})
})

describe('buildinfo', () => {
	const judge = (provided: HttpResponse) => {
		const probe = interpretBuildInfo(provided, origin)
		return probe.ok ? probe.version : probe.finding.code
	}
	const redirect = (location: string, headers: HttpResponse['headers'] = {}) =>
		answer(302, '', '', { location, ...headers })
	it.each<[string, HttpResponse, string]>([
		['of an old server', json(200, { external_url: 'x', version: 'v2.30.0' }), 'v2.30.0'],
		['with a page’s type', answer(200, '{"version":"v2.36.0"}', 'text/html'), 'v2.36.0'],
		['with a byte order mark', answer(200, '\ufeff{"version":"v2.36.0"}', 'application/json'), 'v2.36.0'],
		[
			'broken, with the header',
			answer(200, '{"ver', 'application/json', { 'x-coder-build-version': 'v2.36.1' }),
			'v2.36.1',
		],
		['refused, with the header', answer(403, 'no', 'text/plain', { 'x-coder-build-version': 'v2.36.1' }), 'v2.36.1'],
		['unknown, on a Coder server', json(404, { message: 'Route not found.' }), ''],
		['a version that is no text', json(200, { version: 2 }), 'not-coder'],
		['an array', json(200, []), 'not-coder'],
		['empty', answer(200, ''), 'not-coder'],
		['not found', plain(404, '404 page not found'), 'not-coder'],
		['a web page', answer(200, '\n<!DOCTYPE html>', ''), 'response-html'],
		['a login with JSON', json(401, { error: 'login required' }), 'authenticating-proxy'],
		['a captive portal', answer(511, '<html>', 'text/html'), 'authenticating-proxy'],
		['a gateway', plain(404, 'route not supported: GET /api/v2/buildinfo\n'), 'standalone-gateway'],
		['a gateway that asks for a key', plain(400, 'no authentication key provided\n'), 'standalone-gateway'],
		['Cloudflare', answer(522, '<html>', 'text/html'), 'deployment-down'],
		['a time-out in between', plain(408, ''), 'deployment-down'],
		['a fault', plain(500, 'oops'), 'server-error'],
		[
			'a proxy of workspaces',
			json(200, { version: 'v2', workspace_proxy: true, dashboard_url: 'https://coder.example.com/' }),
			'workspace-proxy',
		],
		['a page of the same host', redirect('/login?redirect=x'), 'redirect-same-host'],
		['http to https', redirect('http://coder.example.com/api/v2/buildinfo'), 'redirect-same-host'],
		['another host', redirect('https://sso.example.com/'), 'redirect-other-host'],
		['nowhere', answer(302, ''), 'response-unexpected'],
		['no web address', redirect('javascript:alert(1)', { 'x-coder-build-version': 'v2.36.1' }), 'response-unexpected'],
	])('%s', (_, provided, expected) => {
		expect(judge(provided)).toBe(expected)
	})
})

it.each([
	['v2.28.9', 'too-old'],
	['v1.44.6+abc', 'too-old'],
	['2.10.0', 'too-old'],
	['v2.29.0', 'open-source-build'],
	['v3.0.0-devel+abc', 'open-source-build'],
	['v0.0.0-devel', 'open-source-build'],
	['', 'open-source-build'],
])('without either route, %s is %s', (version, code) => {
	expect(bridgeMissingFinding(version).code).toBe(code)
})
