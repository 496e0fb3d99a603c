// The request that Mux sends to the provider itself, as its section, the environment and a policy define it.

import { type BuiltInProvider, getProvider, isBuiltInProvider } from '../../providers.ts'
import { isSet, type Redacted, type Section } from '../context.ts'
import { wrapCredential } from '../credential.ts'
import { chatGptServesModel, getChatGptSession } from '../oauth-sessions.ts'
import { forcedBaseUrl, isModelAllowed } from '../policy.ts'
import { type GatewayRequestContext, isLibraryBroken } from './gateway.ts'
import {
	asNonBlankString,
	findKey,
	getKeyFromFile,
	getPlainVariable,
	getSectionUrl,
	getUrlFromEnv,
	isCustomProvider,
	isDisabled,
	isSendable,
	normalizeBaseUrl,
} from './keys.ts'
import {
	type BaseUrl,
	bearerHeader,
	keyHeader,
	makeRequest,
	mergeHeaders,
	noRequest,
	type RequestResolution,
	singleHeader,
	trimTrailingSlash,
} from './types.ts'

export type RequestContext = GatewayRequestContext & { readonly section: Section }

const chatGptUrl = 'https://chatgpt.com/backend-api/codex'

export function resolveDirectRequest(context: RequestContext): RequestResolution {
	const { provider, model, section, muxHome } = context
	if (!isModelAllowed(muxHome.policy, provider, model)) return noRequest('direct', 'policy_denied')
	if (isDisabled(section)) return noRequest('direct', 'provider_disabled')
	if (isCustomProvider(section)) return sendToCustomProvider(context)
	return isBuiltInProvider(provider) ? senders[provider](context) : noRequest('direct', 'provider_not_supported')
}

/** How Mux sends a request to each provider. */
const senders: Readonly<Record<BuiltInProvider, (context: RequestContext) => RequestResolution>> = {
	openai: sendToOpenAI,
	anthropic: sendToAnthropic,
}

/** The base URL of a section, or of a policy in its place; of any type, as in the file. */
function getConfiguredUrl({ provider, section, muxHome }: RequestContext): {
	value: Redacted | undefined
	from: string
} {
	const forced = forcedBaseUrl(muxHome.policy, provider)
	return forced ? { value: forced, from: 'policy' } : getSectionUrl(section)
}

function sendToOpenAI(context: RequestContext): RequestResolution {
	const { section, muxHome, env: environment } = context
	const key = findKey('openai', section, muxHome, environment)
	const chat = section['wireFormat'] === 'chatCompletions'
	const login = chooseLogin(context, key !== null)
	if (login === 'not-connected') return noRequest('direct', 'oauth_not_connected')
	if (!key && (!login || chat)) return noRequest('direct', 'api_key_not_found')

	const provided = getConfiguredUrl(context)
	const isText = typeof provided.value === 'string' && provided.value !== ''
	// A base URL of the environment counts only together with a key, and only if the file has none; for Xum, one that
	// isn't a string is none.
	const isAbsent = context.release === 'xum' ? !isText : !provided.value
	const exported = key && isAbsent ? getUrlFromEnv('openai', environment) : null
	const chosen = exported?.url ?? provided.value
	const value = typeof chosen === 'string' && chosen !== '' ? normalizeBaseUrl(chosen, context.release) : chosen
	const filled = asNonBlankString(value)
	if (filled !== null && !isWebUrl(filled)) {
		const isWebSocket = /^wss?:/i.test(filled) && URL.canParse(filled)
		return noRequest('direct', isWebSocket ? 'websocket_transport' : 'base_url_invalid')
	}
	const organization = section['organization'] ?? getPlainVariable(environment, 'OPENAI_ORG_ID')
	if (!isSendable(organization) || !isSendable(section['project'])) return noRequest('direct', 'header_not_sendable')
	const base = getLibraryBaseUrl(value, exported?.from ?? provided.from, 'OPENAI_BASE_URL', context)
	const blank = context.release === 'xum' && base.url.trim() === ''
	if (blank || isLibraryBroken(context)) return noRequest('direct', 'base_url_empty')

	const path = chat ? '/chat/completions' : '/responses'
	// Only a URL of this form is replaced by the ChatGPT login or the WebSocket transport.
	const recognised = !chat && /\/v1\/responses(\?|$)/.test(`${base.url}${path}`)
	// If the login is preferred but can't take over the request, Mux sends a placeholder as the key.
	const own = login
		? bearerHeader(wrapCredential('codex-oauth'), 'placeholder')
		: bearerHeader(key!.credential, key!.from)
	const headers = mergeHeaders(own, 'Authorization', section)
	if (login && recognised) {
		const others = typeof headers === 'string' ? headers : headers.filter(header => header.name !== 'authorization')
		const access = singleHeader(bearerHeader(login, 'codexOauth'))
		const all = typeof others === 'string' ? others : typeof access === 'string' ? access : [...others, ...access]
		return makeRequest('chatgpt', { url: chatGptUrl, from: 'default' }, '/responses', all)
	}
	const webSocket = section['webSocketTransportEnabled'] === true && !login && recognised
	return webSocket ? noRequest('direct', 'websocket_transport') : makeRequest('direct', base, path, headers)
}

/**
 * The ChatGPT login if Mux prefers it over the key (docs/contracts/mux.md#22-fields-of-openai-and-anthropic);
 * `not-connected`: it is required and missing.
 */
function chooseLogin({ section, model }: RequestContext, keyed: boolean) {
	const login = getChatGptSession(section)
	const { allowed, required } = chatGptServesModel(model, section)
	if (!login) return required && !keyed ? 'not-connected' : null
	const preferred = required || !keyed || section['codexOauthDefaultAuth'] !== 'apiKey'
	return allowed && preferred ? login : null
}

function sendToAnthropic(context: RequestContext): RequestResolution {
	const { section, muxHome, env: environment } = context
	const key = findKey('anthropic', section, muxHome, environment)
	if (!key) return noRequest('direct', 'api_key_not_found')
	const provided = getConfiguredUrl(context)
	const absent = provided.value === undefined || provided.value === null
	const exported = absent ? getUrlFromEnv('anthropic', environment) : null
	const value = exported?.url ?? provided.value
	const from = exported?.from ?? provided.from
	if (value && typeof value !== 'string') return noRequest('direct', 'base_url_not_text')
	if (isSet(section['authToken'])) return noRequest('direct', 'api_key_and_auth_token')
	const { name } = section
	if (name !== undefined && name !== null && typeof name !== 'string') return noRequest('direct', 'name_not_text')
	const text = typeof value === 'string' && value !== '' ? value : null
	const base = text ? { url: appendVersion(text), from } : getLibraryBaseUrl(value, from, 'ANTHROPIC_BASE_URL', context)
	const headers = mergeHeaders(keyHeader(key.credential, key.from), 'x-api-key', section)
	return makeRequest('direct', base, '/messages', headers, 'x-api-key')
}

/** A custom provider, or a built-in one whose section declares it as one. Variables don't count here. */
function sendToCustomProvider(context: RequestContext): RequestResolution {
	const { section, muxHome } = context
	const provided = getConfiguredUrl(context)
	const url = asNonBlankString(provided.value)
	if (url === null) return noRequest('direct', 'base_url_missing')
	const key = getKeyFromFile(section, muxHome)
	if (!key && asNonBlankString(section['apiKeyFile']) !== null) return noRequest('direct', 'api_key_file_unreadable')
	const own = key ? bearerHeader(key.credential, key.from) : null
	const base = { url: trimTrailingSlash(normalizeBaseUrl(url, context.release)), from: provided.from }
	return makeRequest('direct', base, '/chat/completions', mergeHeaders(own, 'Authorization', section))
}

/**
 * How Mux's libraries read a base URL: a string as it is; if there is none, the variable even if it is blank; for any
 * other value the public API.
 */
function getLibraryBaseUrl(
	value: Redacted | undefined,
	from: string,
	variable: string,
	context: RequestContext,
): BaseUrl {
	const standard = { url: getProvider(context.provider)?.publicUrl ?? '', from: 'default' }
	if (typeof value === 'string') return { url: trimTrailingSlash(value), from }
	if (value !== undefined && value !== null) return standard
	const exported = getPlainVariable(context.env, variable)
	return exported === undefined ? standard : { url: trimTrailingSlash(exported), from: variable }
}

/** Anthropic's base URL ends in `/v1`; Mux appends it if it is missing (docs/contracts/mux.md#4-base-urls). */
function appendVersion(url: string): string {
	const trimmed = url.replace(/\/+$/, '')
	return trimmed.endsWith('/v1') ? trimmed : `${trimmed}/v1`
}

function isWebUrl(text: string): boolean {
	if (!URL.canParse(text)) return false
	const { protocol } = new URL(text)
	return protocol === 'https:' || protocol === 'http:'
}
