// Every way in which the demo deployment can fail, by name: the responses of docs/contracts/coder.md, and what a bad
// line or a hostile server does.
import type { DemoRequestContext } from '../../source/demo/deployment.ts'
import {
	type DemoReaction,
	type DemoResponse,
	errorResponse,
	htmlResponse,
	jsonResponse,
	redirect,
	textResponse,
	upstreamError,
	withoutRoute,
} from '../../source/demo/responses.ts'

/** What a hostile or broken connection does instead of a response. */
export type TransportFailure =
	| 'reset'
	| 'no-response'
	| 'slow-drip'
	| 'endless-body'
	| 'huge-body'
	| 'many-headers'
	| 'cut-body'
	| 'not-http'

/** Something in front of the deployment has responded: without Coder's header. */
function proxyResponse(status: number, title: string, headers: DemoResponse['headers'] = {}): DemoResponse {
	return {
		status,
		headers: { server: 'nginx', 'content-type': 'text/html', ...headers },
		body: `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
		fromCoder: false,
	}
}

/**
 * Where a failure takes effect:
 * - `line`: every request, before any check of Coder's.
 * - `buildinfo`: `GET /api/v2/buildinfo` only.
 * - `token`: the authentication of REST calls; the data plane then says 403 `unauthorized` (row 8) unless `dataPlane`
 * is `'good'`.
 * - a number: the data plane, at this row of docs/contracts/coder.md#42-checks-in-their-order; earlier rows are checked
 * before it.
 * - `build`: what the server is; `version` and `routes` replace the demo's.
 */
export type FailureMode = {
	readonly at: 'line' | 'buildinfo' | 'token' | 'build' | number
	readonly reply?: (context: DemoRequestContext) => DemoReaction
	readonly dataPlane?: 'good'
	readonly version?: string
	readonly routes?: readonly []
}

/** A fault of the connection. */
function broken(trouble: TransportFailure): DemoReaction {
	return { trouble }
}

const SIGNED_OUT = 'You are signed out or your session has expired. Please sign in again to continue.'

/** An error of the pool of the administrator's keys: in the upstream's format, but Coder's own. */
function keyPoolError(status: number, code: string, message: string): DemoResponse {
	return {
		status,
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ error: { code, message, param: '', type: 'api_error' } }),
		fromCoder: true,
	}
}

/** The closed table of failure modes. */
export const failureModes = {
	// Identification (docs/contracts/coder.md#2-identifying-a-coder-deployment).
	'not-coder': {
		at: 'line',
		reply: () => ({ ...jsonResponse(200, { status: 'ok' }), fromCoder: false }),
	},
	'not-coder-404': {
		at: 'line',
		reply: () => proxyResponse(404, '404 Not Found'),
	},
	'html-page': {
		at: 'line',
		reply: () => ({ ...htmlResponse('Sign in'), fromCoder: false }),
	},
	'redirect-other-host': {
		at: 'line',
		reply: ({ path, origin }) =>
			redirect(302, `https://sso.example.com/login?rd=${encodeURIComponent(origin + path)}`, false),
	},
	'redirect-same-host': {
		at: 'line',
		reply: ({ path, origin }) => redirect(307, origin.replace(/^http:/, 'https:') + path),
	},
	'proxy-401': {
		at: 'line',
		reply: () => proxyResponse(401, '401 Authorization Required', { 'www-authenticate': 'Basic realm="internal"' }),
	},
	'proxy-403': {
		at: 'line',
		reply: () => proxyResponse(403, '403 Forbidden'),
	},
	'down-502': {
		at: 'line',
		reply: () => proxyResponse(502, '502 Bad Gateway'),
	},
	'down-503': {
		at: 'line',
		reply: () => proxyResponse(503, '503 Service Temporarily Unavailable'),
	},
	'down-504': {
		at: 'line',
		reply: () => proxyResponse(504, '504 Gateway Time-out'),
	},
	'route-not-found': {
		at: 'buildinfo',
		reply: () => errorResponse(404, 'Route not found.'),
	},
	'workspace-proxy': {
		at: 'buildinfo',
		reply: ({ buildInfo }) =>
			jsonResponse(200, { ...buildInfo, workspace_proxy: true, dashboard_url: 'https://coder.example.com' }),
	},
	'gateway-no-key': {
		at: 'line',
		reply: ({ path }) =>
			path === '/healthz'
				? { ...textResponse(200, 'OK'), fromCoder: false }
				: { ...textResponse(400, 'no authentication key provided'), fromCoder: false },
	},
	'gateway-no-route': {
		at: 'line',
		reply: ({ path }) =>
			path === '/healthz'
				? { ...textResponse(200, 'OK'), fromCoder: false }
				: { ...textResponse(404, `route not supported: GET ${path}`), fromCoder: false },
	},
	'buildinfo-broken': {
		at: 'buildinfo',
		reply: () => ({ ...jsonResponse(200, {}), body: '{"external_url": "https://coder.exam', fromCoder: false }),
	},
	'buildinfo-no-version': {
		at: 'buildinfo',
		reply: () => jsonResponse(200, { external_url: 'https://github.com/coder/coder' }),
	},
	'too-old': {
		at: 'build',
		version: 'v2.27.4+a1b2c3d',
		routes: [],
	},
	'open-source': {
		at: 'build',
		routes: [],
	},

	// Responses of users/me about the token (docs/contracts/coder.md#31-why-a-token-is-rejected).
	'token-missing': {
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'Cookie "coder_session_token" or query parameter must be provided.'),
	},
	'token-malformed': {
		at: 'token',
		reply: () =>
			errorResponse(401, SIGNED_OUT, 'Invalid API key format: invalid API key secret length, expected 22, got 17'),
	},
	'token-unknown': {
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'API key is invalid.'),
	},
	'token-wrong-secret': {
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'API key secret is invalid.'),
	},
	'token-expired': {
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'API key expired at "2026-01-02 03:04:05 +0000 UTC".'),
	},
	'user-suspended': {
		at: 'token',
		reply: () =>
			errorResponse(401, 'User is not active (status = "suspended"). Contact an admin to reactivate your account.'),
	},
	'user-dormant': {
		at: 'token',
		reply: () =>
			errorResponse(401, 'User is not active (status = "dormant"). Contact an admin to reactivate your account.'),
	},
	'login-again': {
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'You must re-authenticate with the login provider.'),
	},
	'oidc-expired': {
		at: 'token',
		// AI Bridge doesn't ask the identity provider, and takes the tokens of applications too.
		dataPlane: 'good',
		reply: () => errorResponse(401, SIGNED_OUT, 'OpenID Connect session expired at "2026-01-02 03:04:05 +0000 UTC".'),
	},
	'oidc-refresh': {
		at: 'token',
		dataPlane: 'good',
		reply: () => errorResponse(401, 'Could not refresh expired OpenID Connect token.', 'oauth2: "invalid_grant"'),
	},
	'token-audience': {
		at: 'token',
		dataPlane: 'good',
		reply: () => errorResponse(403, 'Token audience validation failed'),
	},
	'token-scoped': {
		at: 'token',
		dataPlane: 'good',
		reply: () => errorResponse(404, 'Resource not found or you do not have access to this resource'),
	},
	'server-error': {
		at: 'token',
		dataPlane: 'good',
		reply: () =>
			errorResponse(500, 'An internal error occurred. Please try again or contact the system administrator.'),
	},

	// The data plane, each at its row (docs/contracts/coder.md#42-checks-in-their-order).
	'no-license': {
		at: 1,
		reply: () => errorResponse(403, 'AI Gateway is a Premium feature. Contact sales!'),
	},
	'switched-off': { at: 1, reply: () => errorResponse(403, 'AI Gateway is a Premium feature. Contact sales!') },
	'no-license-older': {
		at: 1,
		reply: () => errorResponse(403, 'AI Bridge is a Premium feature. Contact sales!'),
	},
	'at-capacity': {
		at: 2,
		reply: () => errorResponse(503, 'AI Gateway is currently at capacity. Please try again later.'),
	},
	'rate-limited': {
		at: 3,
		reply: () =>
			errorResponse(429, "You've been rate limited. Please try again later.", undefined, { 'retry-after': '1' }),
	},
	'own-key': {
		at: 4,
		reply: () => errorResponse(403, 'Bring Your Own Key (BYOK) mode is not enabled.'),
	},
	'daemon-off': {
		at: 5,
		reply: () => errorResponse(404, 'aibridged handler not mounted'),
	},
	'no-key': {
		at: 6,
		reply: () => textResponse(400, 'no authentication key provided'),
	},
	'no-key-older': {
		at: 6,
		reply: () => textResponse(400, 'no auth key provided'),
	},
	'cut-off': {
		at: 7,
		reply: () => textResponse(503, 'could not connect to coderd'),
	},
	'bridge-path-unknown': {
		at: 1,
		reply: () => errorResponse(404, 'Route not found.'),
	},
	unauthorized: {
		at: 8,
		reply: () => textResponse(403, 'unauthorized'),
	},
	'budget-spent': {
		at: 9,
		reply: () => textResponse(403, 'AI budget of US$12.34 exceeded. Please contact an administrator for more details.'),
	},
	'handler-pool': {
		at: 10,
		reply: () => textResponse(500, 'failed to acquire request handler'),
	},
	'provider-disabled': {
		at: 11,
		reply: ({ instance }) => textResponse(503, `provider_disabled: AI provider "${instance}" is disabled`),
	},
	'provider-unknown': {
		at: 12,
		reply: ({ path, method }) => textResponse(404, `route not supported: ${method} ${withoutRoute(path)}`),
	},
	'upstream-unreachable': {
		at: 17,
		reply: ({ method }) =>
			method === 'GET'
				? textResponse(502, 'upstream proxy error')
				: textResponse(
						500,
						'Post "https://api.example.com/v1/responses": dial tcp 192.0.2.1:443: connect: connection refused',
					),
	},
	'key-missing': {
		at: 14,
		reply: ({ path }) => textResponse(500, `failed to create "${withoutRoute(path)}" interceptor`),
	},
	'keys-dead': {
		at: 15,
		reply: () => keyPoolError(502, 'server_error', 'all configured keys failed authentication'),
	},
	'key-pool-empty': { at: 15, reply: () => keyPoolError(502, 'server_error', 'key pool unavailable') },
	'base-url-invalid': { at: 15, reply: () => keyPoolError(502, 'server_error', 'invalid provider base URL') },
	'keys-limited': {
		at: 16,
		reply: () => ({
			...keyPoolError(429, 'rate_limit_exceeded', 'all configured keys are rate-limited (retry after 6.99s)'),
			headers: { 'content-type': 'application/json', 'retry-after': '7' },
		}),
	},
	'upstream-web-page': { at: 18, reply: () => htmlResponse('Welcome') },
	'upstream-wrong-type': {
		at: 17,
		reply: () =>
			textResponse(
				500,
				"expected destination type of 'string' or '[]byte' for responses with content-type 'text/html'",
			),
	},
	'upstream-no-credit': {
		at: 18,
		reply: ({ protocol }) =>
			upstreamError(
				protocol,
				400,
				'invalid_request_error',
				'Your credit balance is too low to access the API. Please go to Plans & Billing to upgrade or purchase credits.',
			),
	},
	'upstream-model': {
		at: 18,
		reply: ({ protocol }) =>
			protocol === 'anthropic'
				? upstreamError(protocol, 404, 'not_found_error', 'model: claude-none')
				: upstreamError(
						protocol,
						404,
						'model_not_found',
						'The model `gpt-none` does not exist or you do not have access to it.',
					),
	},
	'upstream-own-message': {
		at: 18,
		// Looks like Coder's own refusal, but comes from the upstream.
		reply: () => ({ ...jsonResponse(403, { message: 'unauthorized' }), fromCoder: true }),
	},
	'upstream-401': {
		at: 18,
		reply: ({ protocol }) =>
			protocol === 'anthropic'
				? upstreamError(protocol, 401, 'authentication_error', 'invalid x-api-key')
				: upstreamError(protocol, 401, 'invalid_api_key', 'Incorrect API key provided: sk-admin*****3f2a.'),
	},
	'upstream-no-models': {
		at: 18,
		reply: ({ protocol }) =>
			protocol === 'anthropic'
				? upstreamError(protocol, 404, 'not_found_error', 'Not found')
				: upstreamError(protocol, 404, '404', 'Resource not found'),
	},
	'upstream-429': {
		at: 18,
		reply: ({ protocol }) => upstreamError(protocol, 429, 'rate_limit_error', 'Rate limit reached for requests'),
	},
	'upstream-500': {
		at: 18,
		reply: ({ protocol }) => upstreamError(protocol, 500, 'api_error', 'Internal server error'),
	},
	'upstream-529': {
		at: 18,
		reply: ({ protocol }) => upstreamError(protocol, 529, 'overloaded_error', 'Overloaded'),
	},
	'bridge-html': {
		at: 1,
		reply: () => htmlResponse('Coder'),
	},

	// A bad line, or a malicious server.
	reset: { at: 'line', reply: () => broken('reset') },
	'no-response': {
		at: 'line',
		reply: () => broken('no-response'),
	},
	'not-http': { at: 'line', reply: () => broken('not-http') },
	'cut-body': {
		at: 'line',
		reply: () => broken('cut-body'),
	},
	'slow-drip': {
		at: 'line',
		reply: () => broken('slow-drip'),
	},
	'endless-body': {
		at: 'line',
		reply: () => broken('endless-body'),
	},
	'huge-body': { at: 'line', reply: () => broken('huge-body') },
	'many-headers': { at: 'line', reply: () => broken('many-headers') },
	'escape-sequences': {
		at: 'line',
		reply: () => ({
			...errorResponse(
				418,
				'\u001b[2J\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u0007\u009b31mred\u202eright-to-left\r\nsecond',
			),
			fromCoder: false,
		}),
	},
	'wrong-content-type': {
		at: 'line',
		reply: () => ({ ...jsonResponse(200, {}), body: '<html>oops</html>', fromCoder: false }),
	},
} as const satisfies Record<string, FailureMode>

export type FailureModeName = keyof typeof failureModes
