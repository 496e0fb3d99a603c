// What Mux does when it is asked for a model: the URL of its request and the source of the credential, or why there is
// no request. Pure, for both measured releases; test/fixtures/mux-cases.json has the measured cases.

import { parseBridgeUrl } from '../../bridge-url.ts'
import { cleanText } from '../../findings/clean-text.ts'
import { getInstanceProtocol, getProviderProtocol, isBuiltInProvider, protocols } from '../../providers.ts'
import { asSection, type MuxContext } from '../context.ts'
import { chooseRoute, gatewayTitles, isGateway } from '../gateways.ts'
import { getJudgedModel } from '../models.ts'
import { getChatGptSession } from '../oauth-sessions.ts'
import { forcedBaseUrl, isProviderAllowed } from '../policy.ts'
import type { Release } from '../releases.ts'
import { type RequestContext, resolveDirectRequest } from './direct.ts'
import { resolveGatewayRequest } from './gateway.ts'
import { asNonBlankString, findKey, isCustomProvider, isDisabled } from './keys.ts'
import { type MuxRequest, type NoRequestReason, noRequest, type RequestResolution, type Via } from './types.ts'

export type { CredentialHeader, MuxRequest, NoRequestReason } from './types.ts'

export type ResolvedRequest = {
	readonly provider: string
	readonly release: Release
	readonly model: string
	/** The directory as the release names it. */
	readonly settingsDir: string
	/** Mux's own Settings page calls the provider configured. */
	readonly configured: boolean
	/** `direct`: the provider itself; `chatgpt`: the ChatGPT login; else the gateway. */
	readonly via: Via
	/** What the request's URL was derived from; null if there is no request. */
	readonly baseUrl: string | null
	/** `baseUrl`, `baseURL`, a variable, `policy`, `default` for the public API, or `<section>.<key>` of a gateway. */
	readonly baseUrlFrom: string | null
	readonly request: MuxRequest | null
	readonly reason: NoRequestReason | null
}

/** What a release does for a provider: `openai`, `anthropic`, or the key of a custom provider. */
export function resolveRequest(
	muxContext: MuxContext,
	release: Release,
	provider: string,
	model?: string,
): ResolvedRequest {
	const muxHome = muxContext.directories[release]
	const section = asSection(muxHome.settings.sections[provider])
	const asked = model ?? getJudgedModel(muxContext, release, provider)
	const context: RequestContext = {
		muxHome,
		env: muxContext.env,
		release,
		provider,
		model: asked.startsWith(`${provider}:`) ? asked.slice(provider.length + 1) : asked,
		section,
	}
	const { via, base, request, reason } = decide(context)
	return {
		provider,
		release,
		model: context.model,
		settingsDir: muxHome.directory,
		configured: isShownAsConfigured(context),
		via,
		baseUrl: base?.url ?? null,
		baseUrlFrom: base?.from ?? null,
		request,
		reason,
	}
}

function isShownAsConfigured(context: RequestContext): boolean {
	const { provider, section, muxHome } = context
	if (!isProviderAllowed(muxHome.policy, provider) || isDisabled(section)) return false
	const inherited = muxHome.settings.inherited[provider]
	if (!isCustomProvider(section))
		return hasAccess(inherited ? { ...context, section: { ...inherited, ...section } } : context)
	const { baseUrl, baseURL } = section
	const shown = asNonBlankString(typeof baseUrl === 'string' ? baseUrl : baseURL)
	return shown !== null || forcedBaseUrl(muxHome.policy, provider) !== null
}

/** A key or, for OpenAI, a ChatGPT login. */
function hasAccess({ provider, section, muxHome, env: environment }: RequestContext): boolean {
	if (findKey(provider, section, muxHome, environment)) return true
	return provider === 'openai' && getChatGptSession(section) !== null
}

function decide(context: RequestContext): RequestResolution {
	const { provider, model, section } = context
	// A custom provider is always used directly.
	if (isCustomProvider(section)) return resolveDirectRequest(context)
	if (!isBuiltInProvider(provider)) return noRequest('direct', 'provider_not_supported')
	const directOpen = hasAccess(context) && !isDisabled(section)
	const { route } = chooseRoute(provider, model, directOpen, context)
	return route === 'direct' ? resolveDirectRequest(context) : resolveGatewayRequest(route, context)
}

/**
 * Whether an AI Bridge answers the request: its URL is that of an endpoint of an instance that speaks the protocol
 * (docs/contracts/mux.md#4-base-urls).
 */
export function isViaBridge({ request, provider }: Pick<ResolvedRequest, 'request' | 'provider'>): boolean {
	if (!request || !URL.canParse(request.url) || request.url !== request.url.trim()) return false
	const protocol = getProviderProtocol(provider)
	const { origin, pathname, search, hash } = new URL(request.url)
	const endpoint = protocols[protocol].endpoints.find(path => pathname.endsWith(`/v1${path}`))
	if (endpoint === undefined || search !== '' || hash !== '') return false
	const base = origin + pathname.slice(0, -endpoint.length)
	const bridge = parseBridgeUrl(base)
	if (bridge === null || !/[^/]\/v1$/.test(base)) return false
	return (getInstanceProtocol(bridge.instance) ?? protocol) === protocol && bridge.instance !== 'v1'
}

/**
 * Whether a request may go to a standalone gateway: a Coder token, and a path of one segment before `/v1`. Only the
 * gateway itself can tell (docs/contracts/coder.md#7-the-standalone-gateway).
 */
export function mayUseGateway({
	request,
	via,
	provider,
}: Pick<ResolvedRequest, 'request' | 'via' | 'provider'>): boolean {
	if (via !== 'direct' || !request?.credential?.keyId || !URL.canParse(request.url)) return false
	const { pathname, hostname, search, hash } = new URL(request.url)
	const [, endpoint] = /^\/[a-z0-9]+(?:-[a-z0-9]+)*\/v1(\/.+)$/.exec(pathname) ?? []
	const { endpoints } = protocols[getProviderProtocol(provider)]
	const isKnown = (endpoints as readonly string[]).includes(endpoint ?? '')
	return isKnown && search === '' && hash === '' && !/(?:^|\.)(?:openai|anthropic)\.com$/.test(hostname)
}

const reasonLabels: Readonly<Record<NoRequestReason, string>> = {
	api_key_not_found: 'not set up',
	provider_disabled: 'turned off',
	policy_denied: 'denied by a policy',
	base_url_empty: 'OPENAI_BASE_URL is empty',
	base_url_invalid: "base URL isn't valid",
	base_url_not_text: "base URL isn't a string",
	base_url_missing: 'base URL is missing',
	url_with_user_info: 'base URL contains a user name',
	name_not_text: "name isn't a string",
	aws_credentials_not_found: 'no AWS credentials',
	credential_not_sendable: "key can't be sent",
	header_not_sendable: "headers can't be sent",
	api_key_and_auth_token: 'apiKey and authToken together',
	api_key_file_unreadable: "key file can't be read",
	oauth_not_connected: 'not set up',
	websocket_transport: 'WebSocket transport is on',
	provider_not_supported: 'not set up',
}

/** What Mux does, in a few words for the screens. Safe for a terminal, never with a credential. */
export function describeRequest(resolvedRequest: ResolvedRequest): string {
	const { request, via, baseUrl } = resolvedRequest
	if (!request) return reasonLabels[resolvedRequest.reason ?? 'api_key_not_found']
	if (via === 'chatgpt') return 'ChatGPT login'
	const bridge = parseBridgeUrl(baseUrl)
	if (bridge) {
		const host = cleanText(new URL(bridge.origin).host, 80)
		return via === 'coder' ? `Login with Coder at ${host}` : `AI Bridge at ${host}`
	}
	if (isGateway(via)) return `${gatewayTitles[via]} (gateway)`
	if (!URL.canParse(request.url)) return "base URL isn't valid"
	return `${cleanText(new URL(request.url).host, 80)}, ${describeKey(request.credentialFrom)}`
}

function describeKey(from: string | null): string {
	if (from === null) return 'no key'
	if (from === 'apiKey') return 'key in settings'
	if (from === 'apiKeyFile') return 'key in a file'
	return from === 'headers' ? 'key in headers' : `key from ${from}`
}
