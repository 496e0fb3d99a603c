// Every way in which the demo deployment can fail, by name: the responses of docs/contracts/coder.md, and what a bad
// line or a hostile server does.
import type { Protocol } from '../providers.ts'
import {
	type DemoReaction,
	errorResponse,
	htmlResponse,
	jsonResponse,
	proxyResponse,
	redirect,
	textResponse,
	upstreamError,
	withoutRoute,
} from './responses.ts'

/** What a failure may use for its response. */
export type FailureContext = {
	/** Path with its query, as requested. */
	readonly path: string
	/** `http://127.0.0.1:PORT` of this server. */
	readonly origin: string
	/** The requested provider instance; empty outside the data plane. */
	readonly instance: string
	readonly protocol: Protocol
	/** The healthy response to `buildinfo`. */
	readonly buildInfo: Readonly<Record<string, unknown>>
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
	readonly section: 2 | 3 | 5 | 'line'
	/** What it represents, in a few words. */
	readonly about: string
	readonly at: 'line' | 'buildinfo' | 'token' | 'build' | number
	readonly reply?: (context: FailureContext) => DemoReaction
	readonly dataPlane?: 'good'
	readonly version?: string
	readonly routes?: readonly []
}

const SIGNED_OUT = 'You are signed out or your session has expired. Please sign in again to continue.'

/** The closed table of failure modes. */
export const failureModes = {
	// Identification (docs/contracts/coder.md#2-identifying-a-coder-deployment).
	'not-coder': {
		section: 2,
		about: 'another web service: JSON without a version',
		at: 'line',
		reply: () => ({ ...jsonResponse(200, { status: 'ok' }), fromCoder: false }),
	},
	'not-coder-404': {
		section: 2,
		about: 'another web server that has no such page',
		at: 'line',
		reply: () => proxyResponse(404, '404 Not Found'),
	},
	'html-page': {
		section: 2,
		about: 'a captive portal or a login page: HTML with 200 everywhere',
		at: 'line',
		reply: () => ({ ...htmlResponse('Sign in'), fromCoder: false }),
	},
	'redirect-other-host': {
		section: 2,
		about: 'a single sign-on proxy sends everything to its own host',
		at: 'line',
		reply: ({ path, origin }) =>
			redirect(302, `https://sso.example.com/login?rd=${encodeURIComponent(origin + path)}`, false),
	},
	'redirect-same-host': {
		section: 2,
		about: 'http where the deployment wants https',
		at: 'line',
		reply: ({ path, origin }) => redirect(307, origin.replace(/^http:/, 'https:') + path),
	},
	'proxy-401': {
		section: 2,
		about: 'an authenticating proxy in front asks for its own login',
		at: 'line',
		reply: () => proxyResponse(401, '401 Authorization Required', { 'www-authenticate': 'Basic realm="internal"' }),
	},
	'proxy-403': {
		section: 2,
		about: 'a proxy in front forbids',
		at: 'line',
		reply: () => proxyResponse(403, '403 Forbidden'),
	},
	'down-502': {
		section: 2,
		about: 'ingress: bad gateway',
		at: 'line',
		reply: () => proxyResponse(502, '502 Bad Gateway'),
	},
	'down-503': {
		section: 2,
		about: 'ingress: no server is up',
		at: 'line',
		reply: () => proxyResponse(503, '503 Service Temporarily Unavailable'),
	},
	'down-504': {
		section: 2,
		about: 'ingress: the server does not answer',
		at: 'line',
		reply: () => proxyResponse(504, '504 Gateway Time-out'),
	},
	'route-not-found': {
		section: 2,
		about: 'a Coder server that does not know buildinfo',
		at: 'buildinfo',
		reply: () => errorResponse(404, 'Route not found.'),
	},
	'workspace-proxy': {
		section: 2,
		about: 'the address of a workspace proxy',
		at: 'buildinfo',
		reply: ({ buildInfo }) =>
			jsonResponse(200, { ...buildInfo, workspace_proxy: true, dashboard_url: 'https://coder.example.com' }),
	},
	'gateway-no-key': {
		section: 2,
		about: 'a standalone gateway: asks for a key on every path',
		at: 'line',
		reply: ({ path }) =>
			path === '/healthz'
				? { ...textResponse(200, 'OK'), fromCoder: false }
				: { ...textResponse(400, 'no authentication key provided'), fromCoder: false },
	},
	'gateway-no-route': {
		section: 2,
		about: 'a standalone gateway: knows no /api/v2',
		at: 'line',
		reply: ({ path }) =>
			path === '/healthz'
				? { ...textResponse(200, 'OK'), fromCoder: false }
				: { ...textResponse(404, `route not supported: GET ${path}`), fromCoder: false },
	},
	'buildinfo-broken': {
		section: 2,
		about: "buildinfo isn't JSON",
		at: 'buildinfo',
		reply: () => ({ ...jsonResponse(200, {}), body: '{"external_url": "https://coder.exam', fromCoder: false }),
	},
	'buildinfo-no-version': {
		section: 2,
		about: 'buildinfo without a version, but with the header of Coder',
		at: 'buildinfo',
		reply: () => jsonResponse(200, { external_url: 'https://github.com/coder/coder' }),
	},
	'too-old': {
		section: 2,
		about: 'a release from before AI Bridge',
		at: 'build',
		version: 'v2.28.3+a1b2c3d',
		routes: [],
	},
	'open-source': {
		section: 2,
		about: 'the open-source build: new, but without either route',
		at: 'build',
		routes: [],
	},

	// Responses of users/me about the token (docs/contracts/coder.md#31-why-a-token-is-rejected).
	'token-missing': {
		section: 3,
		about: 'no token arrived',
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'Cookie "coder_session_token" or query parameter must be provided.'),
	},
	'token-malformed': {
		section: 3,
		about: 'cut or wrongly pasted',
		at: 'token',
		reply: () =>
			errorResponse(401, SIGNED_OUT, 'Invalid API key format: invalid API key secret length, expected 22, got 17'),
	},
	'token-unknown': {
		section: 3,
		about: 'revoked, logged out, or of another deployment',
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'API key is invalid.'),
	},
	'token-wrong-secret': {
		section: 3,
		about: 'right id, wrong secret',
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'API key secret is invalid.'),
	},
	'token-expired': {
		section: 3,
		about: 'expired',
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'API key expired at "2026-01-02 03:04:05 +0000 UTC".'),
	},
	'user-suspended': {
		section: 3,
		about: 'the account is suspended',
		at: 'token',
		reply: () =>
			errorResponse(401, 'User is not active (status = "suspended"). Contact an admin to reactivate your account.'),
	},
	'user-dormant': {
		section: 3,
		about: 'the account is dormant',
		at: 'token',
		reply: () =>
			errorResponse(401, 'User is not active (status = "dormant"). Contact an admin to reactivate your account.'),
	},
	'login-again': {
		section: 3,
		about: 'the login provider wants a new login',
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'You must re-authenticate with the login provider.'),
	},
	'oidc-expired': {
		section: 3,
		about: 'the session at the login provider has expired',
		at: 'token',
		reply: () => errorResponse(401, SIGNED_OUT, 'OpenID Connect session expired at "2026-01-02 03:04:05 +0000 UTC".'),
	},
	'oidc-refresh': {
		section: 3,
		about: 'the session at the login provider could not be renewed',
		at: 'token',
		reply: () => errorResponse(401, 'Could not refresh expired OpenID Connect token.', 'oauth2: "invalid_grant"'),
	},
	'token-audience': {
		section: 3,
		about: 'an OAuth token of another audience',
		at: 'token',
		reply: () => errorResponse(403, 'Token audience validation failed'),
	},
	'token-scoped': {
		section: 3,
		about: 'a scoped token: not for this route, but good on the data plane, which checks no scopes',
		at: 'token',
		dataPlane: 'good',
		reply: () => errorResponse(404, 'Resource not found or you do not have access to this resource'),
	},
	'server-error': {
		section: 3,
		about: 'the server has trouble of its own',
		at: 'token',
		dataPlane: 'good',
		reply: () =>
			errorResponse(500, 'An internal error occurred. Please try again or contact the system administrator.'),
	},

	// The data plane, each at its row (docs/contracts/coder.md#42-checks-in-their-order).
	'no-license': {
		section: 5,
		about: 'no licence for the feature',
		at: 1,
		reply: () => errorResponse(403, 'AI Gateway is a Premium feature. Contact sales!'),
	},
	'no-license-older': {
		section: 5,
		about: 'no licence for the feature, in the words of older servers',
		at: 1,
		reply: () => errorResponse(403, 'AI Bridge is a Premium feature. Contact sales!'),
	},
	'at-capacity': {
		section: 5,
		about: 'too many requests at once on the whole server',
		at: 2,
		reply: () => errorResponse(503, 'AI Gateway is currently at capacity. Please try again later.'),
	},
	'rate-limited': {
		section: 5,
		about: 'too many requests of this token',
		at: 3,
		reply: () =>
			errorResponse(429, "You've been rate limited. Please try again later.", undefined, { 'retry-after': '1' }),
	},
	'own-key': {
		section: 5,
		about: 'an own-key header while that mode is off',
		at: 4,
		reply: () => errorResponse(403, 'Bring Your Own Key (BYOK) mode is not enabled.'),
	},
	'daemon-off': {
		section: 5,
		about: 'the bridge is switched off',
		at: 5,
		reply: () => errorResponse(404, 'aibridged handler not mounted'),
	},
	'no-key': {
		section: 5,
		about: 'no token arrived on the data plane (something in between has taken it out)',
		at: 6,
		reply: () => textResponse(400, 'no authentication key provided'),
	},
	'no-key-older': {
		section: 5,
		about: 'no token arrived on the data plane, in the words of older servers',
		at: 6,
		reply: () => textResponse(400, 'no auth key provided'),
	},
	'cut-off': {
		section: 5,
		about: 'the gateway has lost its server',
		at: 7,
		reply: () => textResponse(503, 'could not connect to coderd'),
	},
	unauthorized: {
		section: 5,
		about: 'the data plane refuses the token, though REST takes it',
		at: 8,
		reply: () => textResponse(403, 'unauthorized'),
	},
	'budget-spent': {
		section: 5,
		about: 'the budget is spent',
		at: 9,
		reply: () => textResponse(403, 'AI budget of US$12.34 exceeded. Please contact an administrator for more details.'),
	},
	'handler-pool': {
		section: 5,
		about: 'no handler is free',
		at: 10,
		reply: () => textResponse(500, 'failed to acquire request handler'),
	},
	'provider-disabled': {
		section: 5,
		about: 'the administrator has disabled the provider',
		at: 11,
		reply: ({ instance }) => textResponse(503, `provider_disabled: AI provider "${instance}" is disabled`),
	},
	'provider-unknown': {
		section: 5,
		about: 'there is no provider of that name',
		at: 12,
		reply: ({ path }) => textResponse(404, `route not supported: GET ${withoutRoute(path)}`),
	},
	'upstream-unreachable': {
		section: 5,
		about: 'the bridge cannot reach the provider',
		at: 13,
		reply: () => textResponse(502, 'upstream proxy error'),
	},
	'upstream-401': {
		section: 5,
		about: "the administrator's key is bad",
		at: 14,
		reply: ({ protocol }) =>
			protocol === 'anthropic'
				? upstreamError(protocol, 401, 'authentication_error', 'invalid x-api-key')
				: upstreamError(protocol, 401, 'invalid_api_key', 'Incorrect API key provided: sk-admin*****3f2a.'),
	},
	'upstream-no-models': {
		section: 5,
		about: 'the upstream has no /models (Azure, Bedrock)',
		at: 14,
		reply: ({ protocol }) =>
			protocol === 'anthropic'
				? upstreamError(protocol, 404, 'not_found_error', 'Not found')
				: upstreamError(protocol, 404, '404', 'Resource not found'),
	},
	'upstream-429': {
		section: 5,
		about: 'the provider limits the deployment',
		at: 14,
		reply: ({ protocol }) => upstreamError(protocol, 429, 'rate_limit_error', 'Rate limit reached for requests'),
	},
	'upstream-500': {
		section: 5,
		about: 'the provider has trouble',
		at: 14,
		reply: ({ protocol }) => upstreamError(protocol, 500, 'api_error', 'Internal server error'),
	},
	'upstream-529': {
		section: 5,
		about: 'the provider is overloaded',
		at: 14,
		reply: ({ protocol }) => upstreamError(protocol, 529, 'overloaded_error', 'Overloaded'),
	},
	'bridge-html': {
		section: 5,
		about: 'HTML with 200 on the data plane: a wrong base URL, or a page in between',
		at: 1,
		reply: () => htmlResponse('Coder'),
	},

	// A bad line, or a malicious server.
	reset: { section: 'line', about: 'the connection is reset', at: 'line', reply: () => ({ trouble: 'reset' }) },
	'no-response': {
		section: 'line',
		about: 'no answer ever comes',
		at: 'line',
		reply: () => ({ trouble: 'no-response' }),
	},
	'not-http': { section: 'line', about: 'speaks no HTTP', at: 'line', reply: () => ({ trouble: 'not-http' }) },
	'cut-body': {
		section: 'line',
		about: 'closes in the middle of the body',
		at: 'line',
		reply: () => ({ trouble: 'cut-body' }),
	},
	'slow-drip': {
		section: 'line',
		about: 'sends a byte at a time, for ever',
		at: 'line',
		reply: () => ({ trouble: 'slow-drip' }),
	},
	'endless-body': {
		section: 'line',
		about: 'a body without an end',
		at: 'line',
		reply: () => ({ trouble: 'endless-body' }),
	},
	'huge-body': { section: 'line', about: 'a body of 10 MB', at: 'line', reply: () => ({ trouble: 'huge-body' }) },
	'many-headers': { section: 'line', about: '1,000 headers', at: 'line', reply: () => ({ trouble: 'many-headers' }) },
	'escape-sequences': {
		section: 'line',
		about: 'text that would move the cursor, retitle the window and fill the clipboard',
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
		section: 'line',
		about: 'says JSON, sends something else',
		at: 'line',
		reply: () => ({ ...jsonResponse(200, {}), body: '<html>oops</html>', fromCoder: false }),
	},
} as const satisfies Record<string, FailureMode>

export type FailureModeName = keyof typeof failureModes
