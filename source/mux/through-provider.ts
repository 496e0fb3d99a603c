// The request that Mux makes to the provider itself, as its section, the environment and a policy say.
import { holdCredential } from './credential.ts'
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
import { chatGptLogin, chatGptServes } from './logins.ts'
import {
	type Base,
	bearerHeader,
	keyHeader,
	mergeHeaders,
	noRequest,
	type Outcome,
	only,
	send,
	withoutSlash,
} from './outgoing.ts'
import { forcedBaseUrl, isModelAllowed } from './policy.ts'
import { type Held, isSet, type Section } from './snapshot.ts'
import { type GatewayQuestion, isLibraryBroken } from './through-gateway.ts'

export type ProviderQuestion = GatewayQuestion & { readonly section: Section }

const publicApis: Readonly<Record<string, string>> = {
	openai: 'https://api.openai.com/v1',
	anthropic: 'https://api.anthropic.com/v1',
}

const chatGptUrl = 'https://chatgpt.com/backend-api/codex'

/** Whether Mux has the provider built in with a base URL that the user can set. */
export function isBuiltIn(provider: string): boolean {
	return publicApis[provider] !== undefined
}

export function sendToProvider(question: ProviderQuestion): Outcome {
	const { provider, model, section, folder } = question
	if (!isModelAllowed(folder.policy, provider, model)) return noRequest('direct', 'policy_denied')
	if (isSwitchedOff(section)) return noRequest('direct', 'provider_disabled')
	if (isOwnProvider(section)) return sendToOwn(question)
	return provider === 'openai' ? sendToOpenAI(question) : sendToAnthropic(question)
}

/** The base URL that a section gives, or a policy in its place; of any type, as the file holds it. */
function givenUrl({ provider, section, folder }: ProviderQuestion): { value: Held | undefined; from: string } {
	const forced = forcedBaseUrl(folder.policy, provider)
	return forced ? { value: forced, from: 'policy' } : sectionUrl(section)
}

function sendToOpenAI(question: ProviderQuestion): Outcome {
	const { section, folder, environment } = question
	const key = findKey('openai', section, folder, environment)
	const chat = section['wireFormat'] === 'chatCompletions'
	const login = chosenLogin(question, key !== null)
	if (login === 'not-connected') return noRequest('direct', 'oauth_not_connected')
	if (!key && (!login || chat)) return noRequest('direct', 'api_key_not_found')

	const given = givenUrl(question)
	// A base URL of the environment counts only together with a key, and only where the file has none.
	const exported = key && !given.value ? environmentUrl('openai', environment) : null
	const value = exported?.url ?? given.value
	const filled = filledText(value)
	if (filled !== null && !isWebUrl(filled)) return noRequest('direct', 'base_url_invalid')
	const base = libraryBase(value, exported?.from ?? given.from, 'OPENAI_BASE_URL', question)
	const blank = question.release === 'xum' && base.url.trim() === ''
	if (blank || isLibraryBroken(question)) return noRequest('direct', 'base_url_empty')

	const path = chat ? '/chat/completions' : '/responses'
	// Only this form of a URL is taken over by the ChatGPT login or by the WebSocket transport.
	const recognised = !chat && /\/v1\/responses(\?|$)/.test(`${base.url}${path}`)
	// Where the login is chosen and can't take the request over, Mux sends a placeholder for the key.
	const own = login
		? bearerHeader(holdCredential('codex-oauth'), 'placeholder')
		: bearerHeader(key!.credential, key!.from)
	const headers = mergeHeaders(own, 'Authorization', section)
	if (login && recognised) {
		const others = typeof headers === 'string' ? headers : headers.filter(header => header.name !== 'authorization')
		const access = only(bearerHeader(login, 'codexOauth'))
		const all = typeof others === 'string' ? others : typeof access === 'string' ? access : [...others, ...access]
		return send('chatgpt', { url: chatGptUrl, from: 'default' }, '/responses', all)
	}
	const webSocket = section['webSocketTransportEnabled'] === true && !login && recognised
	return webSocket ? noRequest('direct', 'websocket_transport') : send('direct', base, path, headers)
}

/** The ChatGPT login where Mux chooses it over the key (mux-contract, section 2); `not-connected`: it is needed and absent. */
function chosenLogin({ section, model }: ProviderQuestion, keyed: boolean) {
	const login = chatGptLogin(section)
	const { allowed, required } = chatGptServes(model, section)
	if (!login) return required && !keyed ? 'not-connected' : null
	const preferred = required || !keyed || section['codexOauthDefaultAuth'] !== 'apiKey'
	return allowed && preferred ? login : null
}

function sendToAnthropic(question: ProviderQuestion): Outcome {
	const { section, folder, environment } = question
	const key = findKey('anthropic', section, folder, environment)
	if (!key) return noRequest('direct', 'api_key_not_found')
	const given = givenUrl(question)
	const absent = given.value === undefined || given.value === null
	const exported = absent ? environmentUrl('anthropic', environment) : null
	const value = exported?.url ?? given.value
	const from = exported?.from ?? given.from
	if (value && typeof value !== 'string') return noRequest('direct', 'base_url_not_text')
	if (isSet(section['authToken'])) return noRequest('direct', 'api_key_and_auth_token')
	const text = typeof value === 'string' && value !== '' ? value : null
	const base = text ? { url: withVersion(text), from } : libraryBase(value, from, 'ANTHROPIC_BASE_URL', question)
	const headers = mergeHeaders(keyHeader(key.credential, key.from), 'x-api-key', section)
	return send('direct', base, '/messages', headers, 'x-api-key')
}

/** A provider of the user's own, or a built-in one whose section says that it is one. No variable counts here. */
function sendToOwn(question: ProviderQuestion): Outcome {
	const { section, folder } = question
	const given = givenUrl(question)
	const url = filledText(given.value)
	if (url === null) return noRequest('direct', 'base_url_missing')
	const key = fileKey(section, folder)
	if (!key && filledText(section['apiKeyFile']) !== null) return noRequest('direct', 'api_key_file_unreadable')
	const own = key ? bearerHeader(key.credential, key.from) : null
	const base = { url: withoutSlash(url), from: given.from }
	return send('direct', base, '/chat/completions', mergeHeaders(own, 'Authorization', section))
}

/**
 * What Mux's libraries make of a base URL: a text as it is; where there is nothing, the variable even if it is blank;
 * for any other value the public API.
 */
function libraryBase(value: Held | undefined, from: string, variable: string, question: ProviderQuestion): Base {
	const standard = { url: publicApis[question.provider] ?? '', from: 'default' }
	if (typeof value === 'string') return { url: withoutSlash(value), from }
	if (value !== undefined && value !== null) return standard
	const exported = plainVariable(question.environment, variable)
	return exported === undefined ? standard : { url: withoutSlash(exported), from: variable }
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
