// The wordings of older and newer servers, and of implementations that put the same words into another form.
import { describe, expect, it } from 'vitest'
import type { HttpResponse } from '../../source/coder/http/types.ts'
import {
	bridgeMissingFinding,
	interpretBuildInfo,
	interpretUserResponse,
	parseJsonBody,
} from '../../source/coder/interpret-response.ts'
import { Secret } from '../../source/secrets/secret.ts'

const origin = 'https://coder.example.com'
const now = new Date('2026-01-02T03:30:00Z')

function answer(status: number, text: string, type = '', headers: HttpResponse['headers'] = {}): HttpResponse {
	return { status, path: '/x', text, headers: { ...(type ? { 'content-type': type } : {}), ...headers } }
}
const coder = { 'x-coder-build-version': 'v2.36.0' }
const plain = (status: number, text: string) => answer(status, text, 'text/plain; charset=utf-8')
const fromCoder = (status: number, value: unknown) => answer(status, JSON.stringify(value), 'application/json', coder)
const json = (status: number, value: unknown) => answer(status, JSON.stringify(value), 'application/json')

describe('whose token', () => {
	const signedOut = 'You are signed out or your session has expired. Please sign in again to continue.'
	const judge = (provided: HttpResponse) => {
		const whose = interpretUserResponse(provided, origin, 'abcdefghij', now)
		return whose.status === 'refused' ? whose.finding : whose
	}
	it.each<[string, HttpResponse, object]>([
		['a user', json(200, { id: '1', username: 'ada', status: 'active' }), { status: 'user', name: 'ada', roles: [] }],
		[
			'an owner',
			json(200, { username: 'ada', status: 'active', roles: [{ name: 'owner', display_name: 'Owner' }] }),
			{ status: 'user', roles: ['owner'] },
		],
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
			json(401, { message: signedOut, detail: 'API key expired at "2026-01-02 03:27:05 +0000 UTC".' }),
			{ code: 'token-expired', details: { fresh: 'yes' } },
		],
		[
			'expired, in the server’s own time zone',
			json(401, { message: signedOut, detail: 'API key expired at "2026-01-02 05:29:05.123456 +0200 EET".' }),
			{ code: 'token-expired', details: { at: '2026-01-02 03:29 UTC', fresh: 'yes' } },
		],
		[
			'expired an hour ago',
			json(401, { message: signedOut, detail: 'API key expired at "2026-01-02 02:29:05 +0000 UTC".' }),
			{ code: 'token-expired', details: { at: '2026-01-02 02:29 UTC' } },
		],
		...[
			'GitHub session expired at "2026-01-01 14:56:00 +0000 UTC". Try signing in again.',
			'OpenID Connect session expired at "x".',
			'Acme session expired at "x".',
		].map((detail): [string, HttpResponse, object] => [
			detail,
			json(401, { message: signedOut, detail }),
			{ code: 'login-provider-expired' },
		]),
		...['GitHub', 'OpenID Connect', 'Acme'].map((name): [string, HttpResponse, object] => [
			`a refresh that failed at ${name}`,
			json(401, { message: `Could not refresh expired ${name} token. Try re-authenticating to resolve this issue.` }),
			{ code: 'login-provider-expired' },
		]),
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
		['of an old server', fromCoder(200, { external_url: 'x', version: 'v2.30.0' }), 'v2.30.0'],
		['a version without the header', json(200, { version: 'v2.36.0' }), 'not-coder'],
		['with a page’s type', answer(200, '{"version":"v2.36.0"}', 'text/html', coder), 'v2.36.0'],
		['with a byte order mark', answer(200, '\ufeff{"version":"v2.36.0"}', 'application/json', coder), 'v2.36.0'],
		[
			'broken, with the header',
			answer(200, '{"ver', 'application/json', { 'x-coder-build-version': 'v2.36.1' }),
			'v2.36.1',
		],
		['refused, with the header', answer(403, 'no', 'text/plain', { 'x-coder-build-version': 'v2.36.1' }), 'v2.36.1'],
		['unknown, on a Coder server', fromCoder(404, { message: 'Route not found.' }), 'v2.36.0'],
		['unknown, without the header', json(404, { message: 'Route not found.' }), 'not-coder'],
		["a version that isn't text", json(200, { version: 2 }), 'not-coder'],
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
	['v2.27.9', 'too-old'],
	['v1.44.6+abc', 'too-old'],
	['2.10.0', 'too-old'],
	['v2.28.0', 'open-source-build'],
	['v2.29.0', 'open-source-build'],
	['v3.0.0-devel+abc', 'open-source-build'],
	['v0.0.0-devel', 'open-source-build'],
	['', 'open-source-build'],
])('without either route, %s is %s', (version, code) => {
	expect(bridgeMissingFinding(version).code).toBe(code)
})

it('masks what an escape hides, in every string of an answer', () => {
	const token = 'Rx4kQ9mTz1-Lw8Xe2pQr5Ts9Yd4Nf6Gc1'
	const escaped = [...token].map(one => `\\u00${one.charCodeAt(0).toString(16)}`).join('')
	const body = `{"username":"a ${escaped}","detail":"${escaped}","roles":[{"name":"${escaped}"}]}`
	const response = { ...answer(200, body, 'application/json'), sent: new Secret(token) }
	expect(JSON.stringify(interpretUserResponse(response, origin, 'abcdefghij', now))).not.toContain(token.slice(11))
	expect(JSON.stringify(parseJsonBody(response))).not.toContain(token.slice(11))
})
