// What Mux will do when it is asked for a model: the URL of its request and where the credential comes from, or why
// there is no request. Pure, for both measured releases; the cases it holds for are in test/fixtures/mux-cases.json.
import { bridgeOf } from '../bridge-url.ts'
import { cleanText } from '../findings/clean-text.ts'
import type { Secret } from '../secret.ts'
import { type Credential, holdCredential, isCredential, type Sent } from './credential.ts'
import {
	bedrockRegion,
	type Context,
	chooseRoute,
	couponOf,
	type GatewayId,
	gatewayModel,
	gatewayTitles,
	isGateway,
	sectionNamed,
} from './gateways.ts'
import type { Release } from './home.ts'
import {
	environmentUrl,
	fileKey,
	filledText,
	findKey,
	isOwnProvider,
	isSwitchedOff,
	plainVariable,
	sectionUrl,
} from './keys.ts'
import { chatGptLogin, chatGptServes, coderLogin } from './logins.ts'
import { forcedBaseUrl, isModelAllowed, isProviderAllowed } from './policy.ts'
import { type Held, type MuxSnapshot, type Section, sectionOf } from './snapshot.ts'

/** Why Mux makes no request. */
export type NoRequest =
	| 'api_key_not_found'
	| 'provider_disabled'
	| 'policy_denied'
	| 'base_url_empty'
	| 'base_url_invalid'
	| 'base_url_not_text'
	| 'base_url_missing'
	| 'credential_not_sendable'
	| 'api_key_and_auth_token'
	| 'api_key_file_unreadable'
	| 'oauth_not_connected'
	| 'websocket_transport'
	| 'provider_not_supported'

/** One header that carries a credential. */
export type SentHeader = Sent & {
	readonly name: 'authorization' | 'x-api-key'
	/** `apiKey`, `apiKeyFile`, `headers`, a variable, or `<section>.<key>` of another section. */
	readonly from: string
}

export type MuxRequest = {
	/** As Mux hands it to its HTTP client; it can be broken. May hold user info: show it with `publicUrl` only. */
	readonly url: string
	/** The header that counts for the provider; null where the request carries no credential of its own. */
	readonly credentialHeader: 'authorization' | 'x-api-key' | null
	readonly credential: Secret | null
	readonly credentialFrom: string | null
	/** All headers with a credential, `x-api-key` first. */
	readonly headers: readonly SentHeader[]
}

export type MuxUse = {
	readonly provider: string
	readonly release: Release
	readonly model: string
	/** The folder as the release names it. */
	readonly settingsFolder: string
	/** Mux's own Settings page calls the provider configured. */
	readonly configured: boolean
	/** `direct`: the provider's section itself; `chatgpt`: the ChatGPT login; else the gateway. */
	readonly via: 'direct' | 'chatgpt' | GatewayId
	/** What made the request's URL. Null where there is no request. */
	readonly baseUrl: string | null
	/** `baseUrl`, `baseURL`, a variable, `policy`, or `default` for the public API of the provider or gateway. */
	readonly baseUrlFrom: string | null
	readonly request: MuxRequest | null
	readonly reason: NoRequest | null
}

/** The models that the measured cases ask for. */
export const defaultModels: Readonly<Record<string, string>> = { openai: 'gpt-5', anthropic: 'claude-sonnet-4-5' }

const publicApis: Readonly<Record<string, string>> = {
	openai: 'https://api.openai.com/v1',
	anthropic: 'https://api.anthropic.com/v1',
}

const chatGptUrl = 'https://chatgpt.com/backend-api/codex/responses'

type Outcome = Pick<MuxUse, 'via' | 'baseUrl' | 'baseUrlFrom' | 'request' | 'reason'>
type Question = Context & {
	readonly release: Release
	readonly provider: string
	readonly model: string
	readonly section: Section
}

/** What a release does for a provider: `openai`, `anthropic`, or the key of a provider of the user's own. */
export function whatMuxUses(snapshot: MuxSnapshot, release: Release, provider: string, model?: string): MuxUse {
	const folder = snapshot.folders[release]
	const { environment } = snapshot
	const section = sectionOf(folder.settings.sections[provider])
	const asked = (model ?? defaultModels[provider] ?? 'model').replace(`${provider}:`, '')
	const question: Question = { folder, environment, release, provider, model: asked, section }
	return {
		provider,
		release,
		model: asked,
		settingsFolder: folder.folder,
		configured: isShownAsConfigured(question),
		...decide(question),
	}
}

function isShownAsConfigured({ provider, section, folder, environment }: Question): boolean {
	if (!isProviderAllowed(folder.policy, provider) || isSwitchedOff(section)) return false
	if (isOwnProvider(section)) {
		const { baseUrl, baseURL } = section
		return (
			forcedBaseUrl(folder.policy, provider) !== null ||
			filledText(typeof baseUrl === 'string' ? baseUrl : baseURL) !== null
		)
	}
	if (findKey(provider, section, folder, environment)) return true
	return provider === 'openai' && chatGptLogin(section) !== null
}

function decide(question: Question): Outcome {
	const { provider, model, section, folder, environment } = question
	if (isOwnProvider(section)) return throughDirect(question)
	if (publicApis[provider] === undefined) return none('direct', 'provider_not_supported')
	const keyed = findKey(provider, section, folder, environment) !== null
	const loggedIn = provider === 'openai' && chatGptLogin(section) !== null
	const directOpen = (keyed || loggedIn) && !isSwitchedOff(section)
	const { route } = chooseRoute(provider, model, directOpen, question)
	return route === 'direct' ? throughDirect(question) : throughGateway(route, question)
}

function throughDirect(question: Question): Outcome {
	const { provider, model, section, folder } = question
	if (!isModelAllowed(folder.policy, provider, model)) return none('direct', 'policy_denied')
	if (isSwitchedOff(section)) return none('direct', 'provider_disabled')
	if (isOwnProvider(section)) return ownProvider(question)
	return provider === 'openai' ? openai(question) : anthropic(question)
}

/** The base URL that a section gives, or a policy in its place; of any type, as the file holds it. */
function givenUrl({ provider, section, folder }: Question): { value: Held | undefined; from: string } {
	const forced = forcedBaseUrl(folder.policy, provider)
	return forced ? { value: forced, from: 'policy' } : sectionUrl(section)
}

function openai(question: Question): Outcome {
	const { release, model, section, folder, environment } = question
	const key = findKey('openai', section, folder, environment)
	const login = chatGptLogin(section)
	const { allowed, required } = chatGptServes(model, section)
	if (required && !login && !key) return none('direct', 'oauth_not_connected')
	const prefersKey = section['codexOauthDefaultAuth'] === 'apiKey'
	const throughLogin = login !== null && allowed && (required || !key || !prefersKey)
	if (!throughLogin && !key) return none('direct', 'api_key_not_found')
	const chat = section['wireFormat'] === 'chatCompletions'
	if (throughLogin && chat && !key) return none('direct', 'api_key_not_found')

	const given = givenUrl(question)
	// A base URL of the environment counts only together with a key, and only where the file has none.
	const fromEnvironment = key && !given.value ? environmentUrl('openai', environment) : null
	const raw = fromEnvironment?.url ?? given.value
	const from = fromEnvironment?.from ?? given.from
	const filled = filledText(raw)
	if (filled !== null && !isWebUrl(filled)) return none('direct', 'base_url_invalid')
	if (release === 'xum' && isBlankVariable('OPENAI_BASE_URL', question)) return none('direct', 'base_url_empty')
	const base = libraryUrl(raw, from, 'OPENAI_BASE_URL', question)
	if (release === 'xum' && base.value.trim() === '') return none('direct', 'base_url_empty')
	const url = `${base.value}${chat ? '/chat/completions' : '/responses'}`

	const own = throughLogin ? placeholderHeader() : bearer(key!.credential, key!.from)
	const headers = mergeHeaders(own, 'Authorization', section)
	const recognised = chat ? /\/chat\/completions(\?|$)/.test(url) : /\/v1\/responses(\?|$)/.test(url)
	if (throughLogin && !chat && recognised) {
		const sent = bearer(login, 'codexOauth')
		if (headers === 'unsendable' || sent === 'unsendable') return none('chatgpt', 'credential_not_sendable')
		const others = headers.filter(header => header.name !== 'authorization')
		return request('chatgpt', chatGptUrl, { value: chatGptUrl, from: 'default' }, [...others, sent], 'authorization')
	}
	if (section['webSocketTransportEnabled'] === true && !chat && !throughLogin && recognised)
		return none('direct', 'websocket_transport')
	return request('direct', url, base, headers, 'authorization')
}

/** What Mux sends as the key where the ChatGPT login is chosen but does not take the request over. */
function placeholderHeader(): SentHeader | 'unsendable' {
	return bearer(holdCredential('codex-oauth'), 'placeholder')
}

function anthropic(question: Question): Outcome {
	const { section, folder, environment } = question
	const key = findKey('anthropic', section, folder, environment)
	if (!key) return none('direct', 'api_key_not_found')
	const given = givenUrl(question)
	const absent = given.value === undefined || given.value === null
	const fromEnvironment = absent ? environmentUrl('anthropic', environment) : null
	const raw = fromEnvironment?.url ?? given.value
	const from = fromEnvironment?.from ?? given.from
	if (isTrue(raw) && typeof raw !== 'string') return none('direct', 'base_url_not_text')
	if (isTrue(section['authToken'])) return none('direct', 'api_key_and_auth_token')
	const base =
		typeof raw === 'string' && raw !== ''
			? { value: withVersion(raw), from }
			: libraryUrl(raw, from, 'ANTHROPIC_BASE_URL', question)
	const sent = key.credential.asHeader
	const own = sent ? { ...sent, name: 'x-api-key' as const, from: key.from } : 'unsendable'
	return request('direct', `${base.value}/messages`, base, mergeHeaders(own, 'x-api-key', section), 'x-api-key')
}

/** A provider of the user's own, or a built-in one whose section says that it is one. No variable counts here. */
function ownProvider(question: Question): Outcome {
	const { section, folder } = question
	const given = givenUrl(question)
	const url = filledText(given.value)
	if (url === null) return none('direct', 'base_url_missing')
	const key = fileKey(section, folder)
	const file = section['apiKeyFile']
	if (!key && typeof file === 'string' && file.trim() !== '') return none('direct', 'api_key_file_unreadable')
	const base = { value: withoutSlash(url), from: given.from }
	const headers = mergeHeaders(key ? bearer(key.credential, key.from) : null, 'Authorization', section)
	return request('direct', `${base.value}/chat/completions`, base, headers, 'authorization')
}

function throughGateway(gateway: GatewayId, question: Question): Outcome {
	const { release, provider, model, folder, environment } = question
	const section = sectionNamed(question, gateway)
	const given = givenUrl({ ...question, provider: gateway, section })
	const name = gatewayModel(gateway, provider, model)
	const brokenLibrary = release === 'xum' && isBlankVariable('OPENAI_BASE_URL', question)
	const at = (standard: string, path: string, header: SentHeader | 'unsendable'): Outcome => {
		const own = filledText(given.value)
		const base = own ? { value: withoutSlash(own), from: given.from } : { value: standard, from: 'default' }
		return request(gateway, `${base.value}${path}`, base, header === 'unsendable' ? header : [header], 'authorization')
	}
	switch (gateway) {
		case 'mux-gateway': {
			const coupon = couponOf(section)
			const header = isCredential(coupon) ? bearer(coupon, 'mux-gateway.couponCode') : 'unsendable'
			return at('https://gateway.mux.coder.com/api/v1/ai-gateway/v1/ai', '/language-model', header)
		}
		case 'openrouter': {
			const key = findKey(gateway, section, folder, environment)!
			const own = bearer(key.credential, gatewaySource(gateway, key.from))
			const headers = mergeHeaders(own, 'Authorization', section)
			const url = filledText(given.value)
			const base = url
				? { value: withoutSlash(url), from: given.from }
				: { value: 'https://openrouter.ai/api/v1', from: 'default' }
			return request(gateway, `${base.value}/chat/completions`, base, headers, 'authorization')
		}
		case 'github-copilot': {
			const key = findKey(gateway, section, folder, environment)!
			const responses = name.includes('-codex')
			if (!responses && brokenLibrary) return none(gateway, 'base_url_empty')
			const header = bearer(key.credential, gatewaySource(gateway, key.from))
			return at('https://api.githubcopilot.com', responses ? '/responses' : '/chat/completions', header)
		}
		case 'coder': {
			const login = coderLogin(section, forcedBaseUrl(folder.policy, 'coder'))!
			const kind = instanceType(provider, section)
			const wire =
				kind === 'anthropic' || kind === 'bedrock'
					? '/messages'
					: kind === 'openai'
						? '/responses'
						: '/chat/completions'
			if (kind === 'copilot') return none(gateway, 'provider_not_supported')
			if (wire !== '/messages' && brokenLibrary) return none(gateway, 'base_url_empty')
			const base = { value: `${login.origin}/api/v2/aibridge/${provider}/v1`, from: 'coder.deploymentUrl' }
			const header = bearer(login.access, 'coder.coderOauth')
			return request(
				gateway,
				`${base.value}${wire}`,
				base,
				header === 'unsendable' ? header : [header],
				'authorization',
			)
		}
		case 'bedrock': {
			const region = bedrockRegion(question)!
			const own = filledText(given.value)
			const base = {
				value: own ? withoutSlash(own) : `https://bedrock-runtime.${region}.amazonaws.com`,
				from: own ? given.from : 'default',
			}
			const token = section['bearerToken'] ?? environment['AWS_BEARER_TOKEN_BEDROCK']
			const source = section['bearerToken'] ? 'bedrock.bearerToken' : 'AWS_BEARER_TOKEN_BEDROCK'
			const pair = isTrue(section['accessKeyId']) && isTrue(section['secretAccessKey'])
			const header = !pair && isCredential(token) && token.usable ? bearer(token, source) : null
			const headers = header === null ? [] : header === 'unsendable' ? header : [header]
			return request(
				gateway,
				`${base.value}/model/${encodeURIComponent(name)}/converse-stream`,
				base,
				headers,
				'authorization',
			)
		}
	}
}

/** The type of the deployment's provider instance of that name, which decides its protocol. */
function instanceType(name: string, section: Section): string {
	for (const list of [section['additionalProviders'], section['discoveredProviders']]) {
		if (!Array.isArray(list)) continue
		const type = list.map(sectionOf).find(entry => entry['name'] === name)?.['type']
		if (typeof type === 'string') return type
	}
	return name
}

function gatewaySource(gateway: GatewayId, from: string): string {
	return from === 'apiKey' || from === 'apiKeyFile' ? `${gateway}.${from}` : from
}

type Base = { readonly value: string; readonly from: string }

/** What Mux's libraries make of a base URL: a text as it is, nothing at all gives way to the variable, the rest to the public API. */
function libraryUrl(raw: Held | undefined, from: string, variable: string, question: Question): Base {
	const standard = { value: publicApis[question.provider]!, from: 'default' }
	if (typeof raw === 'string') return { value: withoutSlash(raw), from }
	if (raw !== undefined && raw !== null) return standard
	const value = plainVariable(question.environment, variable)
	return value === undefined ? standard : { value: withoutSlash(value), from: variable }
}

/** One slash at the end is taken away, as Mux's libraries do. */
function withoutSlash(url: string): string {
	return url.replace(/\/$/, '')
}

/** Anthropic's base URL ends in `/v1`; Mux appends it where it is missing (mux-contract, section 4). */
function withVersion(url: string): string {
	const trimmed = url.replace(/\/+$/, '')
	return trimmed.endsWith('/v1') ? trimmed : `${trimmed}/v1`
}

function isWebUrl(text: string): boolean {
	if (!URL.canParse(text)) return false
	const { protocol } = new URL(text)
	return protocol === 'https:' || protocol === 'http:'
}

function isBlankVariable(name: string, { environment }: Question): boolean {
	return plainVariable(environment, name)?.trim() === ''
}

function isTrue(value: Held | undefined): boolean {
	return isCredential(value) ? !value.empty : Boolean(value)
}

function bearer(credential: Credential, from: string): SentHeader | 'unsendable' {
	return credential.asBearer ? { ...credential.asBearer, name: 'authorization', from } : 'unsendable'
}

/**
 * The provider's own header and the user's `headers` over it. Names count without their case, the last one wins; a
 * `null` under the very same name takes the header away.
 */
function mergeHeaders(
	own: SentHeader | 'unsendable' | null,
	ownName: string,
	section: Section,
): readonly SentHeader[] | 'unsendable' {
	const lines = new Map<string, SentHeader | 'unsendable'>()
	if (own) lines.set(ownName.toLowerCase(), own)
	for (const [name, value] of Object.entries(sectionOf(section['headers']))) {
		const lower = name.toLowerCase()
		if (value === null) {
			if (name === ownName) lines.delete(lower)
			continue
		}
		if (lower !== 'authorization' && lower !== 'x-api-key') continue
		const sent = isCredential(value) ? value.asHeader : null
		lines.set(lower, sent ? { ...sent, name: lower, from: 'headers' } : 'unsendable')
	}
	const headers = [lines.get('x-api-key'), lines.get('authorization')].filter(line => line !== undefined)
	return headers.some(line => line === 'unsendable') ? 'unsendable' : (headers as SentHeader[])
}

function request(
	via: Outcome['via'],
	url: string,
	base: Base,
	headers: readonly SentHeader[] | 'unsendable',
	counts: 'authorization' | 'x-api-key',
): Outcome {
	if (headers === 'unsendable') return none(via, 'credential_not_sendable')
	const main = headers.find(header => header.name === counts) ?? headers[0] ?? null
	return {
		via,
		baseUrl: base.value,
		baseUrlFrom: base.from,
		reason: null,
		request: {
			url,
			credentialHeader: main?.name ?? null,
			credential: main?.credential ?? null,
			credentialFrom: main?.from ?? null,
			headers,
		},
	}
}

function none(via: Outcome['via'], reason: NoRequest): Outcome {
	return { via, baseUrl: null, baseUrlFrom: null, request: null, reason }
}

/** Whether the request goes to an AI Bridge. */
export function isViaBridge(use: MuxUse): boolean {
	return use.baseUrl !== null && bridgeOf(use.baseUrl.trim()) !== null
}

const reasonWords: Readonly<Record<NoRequest, string>> = {
	api_key_not_found: 'not set up',
	provider_disabled: 'switched off',
	policy_denied: 'denied by a policy',
	base_url_empty: 'OPENAI_BASE_URL is empty',
	base_url_invalid: 'base URL is no URL',
	base_url_not_text: 'base URL is no text',
	base_url_missing: 'base URL is missing',
	credential_not_sendable: 'key cannot be sent',
	api_key_and_auth_token: 'apiKey and authToken together',
	api_key_file_unreadable: 'key file cannot be read',
	oauth_not_connected: 'not set up',
	websocket_transport: 'WebSocket transport is on',
	provider_not_supported: 'not set up',
}

/** What Mux does, in the few words of the screens. Fit for a terminal, never with a credential. */
export function describeUse(use: MuxUse): string {
	if (!use.request) return use.reason ? reasonWords[use.reason] : 'not set up'
	if (use.via === 'chatgpt') return 'ChatGPT login'
	const bridge = use.baseUrl === null ? null : bridgeOf(use.baseUrl.trim())
	if (use.via === 'coder' && bridge) return cleanText(`Login with Coder at ${hostOf(bridge.origin)}`, 80)
	if (isGateway(use.via)) return `${gatewayTitles[use.via]} (gateway)`
	if (bridge) return cleanText(`AI Bridge at ${hostOf(bridge.origin)}`, 80)
	const place = hostOf(use.request.url)
	return cleanText(place === '' ? 'base URL is no URL' : `${place}, ${keyWords(use.request.credentialFrom)}`, 80)
}

function keyWords(from: string | null): string {
	if (from === null) return 'no key'
	if (from === 'apiKey') return 'key in settings'
	if (from === 'apiKeyFile') return 'key in a file'
	return from === 'headers' ? 'key in headers' : `key from ${from}`
}

function hostOf(url: string): string {
	return URL.canParse(url) ? new URL(url).host : ''
}

/** A URL that may be shown: without user info, without values of the query that may be credentials or Coder tokens. */
export function publicUrl(url: string): string {
	return url
		.replace(/^([^/?#]*:\/\/)[^/?#]*@/, '$1')
		.replace(/([?&;#][^=&;#]*(?:key|token|secret|auth|passw|sig|credential|session)[^=&;#]*=)[^&;#/]*/gi, '$1')
		.replace(/[A-Za-z0-9]{10}-[A-Za-z0-9]{22}/g, token => `${token.slice(0, 10)}-…`)
		.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, encodeURIComponent)
}
