// The request that Mux sends through a gateway instead of the provider.

import { asSection, type Section } from '../context.ts'
import { isCredential } from '../credential.ts'
import {
	bedrockRegion,
	type GatewayContext,
	type GatewayId,
	getCouponCode,
	getSection,
	toGatewayModel,
} from '../gateways.ts'
import { getCoderSession } from '../oauth-sessions.ts'
import { forcedBaseUrl } from '../policy.ts'
import type { Release } from '../releases.ts'
import {
	asNonBlankString,
	findKey,
	getKeyFromFile,
	getSectionUrl,
	isBlankVariable,
	isCustomProvider,
	normalizeBaseUrl,
} from './keys.ts'
import {
	type BaseUrl,
	bearerHeader,
	makeRequest,
	mergeHeaders,
	noRequest,
	type RequestResolution,
	singleHeader,
	trimTrailingSlash,
} from './types.ts'

export type GatewayRequestContext = GatewayContext & {
	readonly release: Release
	readonly provider: string
	readonly model: string
}

/** The request through an available gateway (see gateways.ts). */
export function resolveGatewayRequest(gateway: GatewayId, context: GatewayRequestContext): RequestResolution {
	const section = getSection(context, gateway)
	// With a type of its own, the section is a custom provider (docs/contracts/mux.md#22-fields-of-openai-and-anthropic).
	return isCustomProvider(section)
		? sendToCustomProvider(gateway, section, context)
		: senders[gateway](section, context)
}

type Sender = (section: Section, context: GatewayRequestContext) => RequestResolution

const senders: Readonly<Record<GatewayId, Sender>> = {
	'mux-gateway': sendToMuxGateway,
	openrouter: sendToOpenRouter,
	'github-copilot': sendToCopilot,
	coder: sendToCoder,
	bedrock: sendToBedrock,
}

function sendToCustomProvider(gateway: GatewayId, section: Section, context: GatewayRequestContext): RequestResolution {
	const { muxHome, release } = context
	const own = asNonBlankString(forcedBaseUrl(muxHome.policy, gateway) ?? getSectionUrl(section).value)
	if (own === null) return noRequest(gateway, 'base_url_missing')
	const key = getKeyFromFile(section, muxHome)
	const header = key ? bearerHeader(key.credential, `${gateway}.${key.from}`) : null
	const base = { url: trimTrailingSlash(normalizeBaseUrl(own, release)), from: `${gateway}.baseUrl` }
	return makeRequest(gateway, base, '/chat/completions', mergeHeaders(header, 'Authorization', section))
}

function sendToMuxGateway(section: Section, context: GatewayRequestContext): RequestResolution {
	const base = getBaseUrl('mux-gateway', section, context, 'https://gateway.mux.coder.com/api/v1/ai-gateway/v1/ai')
	const coupon = getCouponCode(section)
	const header = isCredential(coupon)
		? bearerHeader(coupon, 'mux-gateway.couponCode')
		: ('credential_not_sendable' as const)
	return makeRequest('mux-gateway', base, '/language-model', singleHeader(header))
}

function sendToOpenRouter(section: Section, context: GatewayRequestContext): RequestResolution {
	const base = getBaseUrl('openrouter', section, context, 'https://openrouter.ai/api/v1')
	const headers = mergeHeaders(makeKeyHeader('openrouter', section, context), 'Authorization', section)
	return makeRequest('openrouter', base, '/chat/completions', headers)
}

function sendToCopilot(section: Section, context: GatewayRequestContext): RequestResolution {
	const newer = context.model.includes('-codex')
	if (!newer && isLibraryBroken(context)) return noRequest('github-copilot', 'base_url_empty')
	const base = getBaseUrl('github-copilot', section, context, 'https://api.githubcopilot.com')
	const header = makeKeyHeader('github-copilot', section, context)
	return makeRequest('github-copilot', base, newer ? '/responses' : '/chat/completions', singleHeader(header))
}

/** Login with Coder: AI Bridge of the deployment that issued the token. */
function sendToCoder(section: Section, context: GatewayRequestContext): RequestResolution {
	const { muxHome, provider } = context
	const login = getCoderSession(section, forcedBaseUrl(muxHome.policy, 'coder'))
	const path = getCoderPath(getInstanceType(provider, section, context.release))
	if (login === null || path === null) return noRequest('coder', 'provider_not_supported')
	if (path !== '/messages' && isLibraryBroken(context)) return noRequest('coder', 'base_url_empty')
	const base = { url: `${login.origin}/api/v2/aibridge/${provider}/v1`, from: 'coder.deploymentUrl' }
	return makeRequest('coder', base, path, singleHeader(bearerHeader(login.access, 'coder.coderOauth')))
}

/** The type of the deployment's instance of that name, which decides its protocol; only Xum knows instances. */
function getInstanceType(name: string, section: Section, release: Release): string {
	if (release === 'mux') return name
	for (const list of [section['additionalProviders'], section['discoveredProviders']]) {
		if (!Array.isArray(list)) continue
		const type = list.map(asSection).find(entry => entry['name'] === name)?.['type']
		if (typeof type === 'string') return type
	}
	return name
}

function getCoderPath(type: string): string | null {
	if (type === 'anthropic' || type === 'bedrock') return '/messages'
	if (type === 'copilot') return null
	return type === 'openai' ? '/responses' : '/chat/completions'
}

function sendToBedrock(section: Section, context: GatewayRequestContext): RequestResolution {
	const { env: environment, provider, model } = context
	// Mux passes no base URL of the section on, unless the section has a pair of keys.
	const { accessKeyId, secretAccessKey, bearerToken } = section
	const pair = isFilled(accessKeyId) && isFilled(secretAccessKey)
	const standard = `https://bedrock-runtime.${bedrockRegion(context)}.amazonaws.com`
	const base = pair ? getBaseUrl('bedrock', section, context, standard) : { url: standard, from: 'default' }
	const path = `/model/${encodeURIComponent(toGatewayModel('bedrock', provider, model))}/converse-stream`
	// A token takes precedence over a pair of keys, but the file's own counts only if the file has no pair.
	const exported = environment['AWS_BEARER_TOKEN_BEDROCK']
	if (!pair && isFilled(bearerToken))
		return makeRequest('bedrock', base, path, singleHeader(bearerHeader(bearerToken, 'bedrock.bearerToken')))
	if (isFilled(exported))
		return makeRequest('bedrock', base, path, singleHeader(bearerHeader(exported, 'AWS_BEARER_TOKEN_BEDROCK')))
	const hasKeys = pair || (isFilled(environment['AWS_ACCESS_KEY_ID']) && isFilled(environment['AWS_SECRET_ACCESS_KEY']))
	const hasProfile = asNonBlankString(section['profile']) ?? environment['AWS_PROFILE']
	if (!hasKeys && !hasProfile) return noRequest('bedrock', 'aws_credentials_not_found')
	// Signed with AWS keys: the header contains a signature and no credential.
	return makeRequest('bedrock', base, path, [])
}

function isFilled(value: unknown): value is Parameters<typeof bearerHeader>[0] {
	return isCredential(value) && !value.empty
}

function makeKeyHeader(gateway: GatewayId, section: Section, { muxHome, env: environment }: GatewayRequestContext) {
	const key = findKey(gateway, section, muxHome, environment)
	if (key === null) return 'api_key_not_found' as const
	const inFile = key.from === 'apiKey' || key.from === 'apiKeyFile'
	return bearerHeader(key.credential, inFile ? `${gateway}.${key.from}` : key.from)
}

function getBaseUrl(
	gateway: GatewayId,
	section: Section,
	{ muxHome }: GatewayRequestContext,
	standard: string,
): BaseUrl {
	const forced = forcedBaseUrl(muxHome.policy, gateway)
	if (forced !== null) return { url: trimTrailingSlash(forced), from: 'policy' }
	const { value, from } = getSectionUrl(section)
	const own = asNonBlankString(value)
	return own === null ? { url: standard, from: 'default' } : { url: trimTrailingSlash(own), from: `${gateway}.${from}` }
}

/**
 * Xum's library for OpenAI's protocol fails to load if OPENAI_BASE_URL is blank
 * (docs/contracts/mux.md#3-environment-variables).
 */
export function isLibraryBroken({
	release,
	env: environment,
}: Pick<GatewayRequestContext, 'release' | 'env'>): boolean {
	return release === 'xum' && isBlankVariable(environment, 'OPENAI_BASE_URL')
}
