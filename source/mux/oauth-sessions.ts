// The logins that Mux keeps in its settings file beside the keys: ChatGPT's and Coder's. An incomplete login counts as
// none.

import { asSection, type Section } from './context.ts'
import { type Credential, isCredential } from './credential.ts'

/** The access token of the ChatGPT login (`codexOauth`), or null. */
export function getChatGptSession(section: Section): Credential | null {
	const login = asSection(section['codexOauth'])
	const { type, access, refresh, expires, accountId } = login
	if (type !== 'oauth' || !isMoment(expires)) return null
	if (!isFilledCredential(access) || !isFilledCredential(refresh)) return null
	if (accountId !== undefined && (typeof accountId !== 'string' || accountId === '')) return null
	return access
}

/**
 * The Coder login (`coderOauth`), or null. Its tokens are valid only for the deployment that issued them. `forced`: the
 * deployment that a policy requires.
 */
export function getCoderSession(
	section: Section,
	forced: string | null,
): { origin: string; access: Credential } | null {
	const named = forced ?? section['deploymentUrl']
	const origin = typeof named === 'string' ? parseOrigin(named) : null
	const login = asSection(section['coderOauth'])
	const { type, access, refresh, expires, clientId, clientSecret, deploymentUrl } = login
	if (origin === null || type !== 'oauth' || !isMoment(expires) || deploymentUrl !== origin) return null
	if (!isFilledCredential(access) || !isFilledCredential(refresh) || !isFilledCredential(clientSecret)) return null
	if (typeof clientId !== 'string' || clientId === '') return null
	if (typeof login['sessionId'] !== 'string' || login['sessionId'] === '') return null
	return { origin, access }
}

function parseOrigin(text: string): string | null {
	const trimmed = text.trim()
	if (!URL.canParse(trimmed)) return null
	const url = new URL(trimmed)
	return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : null
}

function isMoment(value: unknown): boolean {
	return typeof value === 'number' && Number.isFinite(value)
}

function isFilledCredential(value: unknown): value is Credential {
	return isCredential(value) && !value.empty
}

/** Models that the ChatGPT login serves in both measured releases. */
const chatGptModels = new Set([
	'gpt-5.1-codex',
	'gpt-5.1-codex-max',
	'gpt-5.1-codex-mini',
	'gpt-5.2',
	'gpt-5.2-codex',
	'gpt-5.3-codex',
	'gpt-5.3-codex-spark',
	'gpt-5.4-mini',
	'gpt-5.5',
	'gpt-5.6',
	'gpt-5.6-luna',
	'gpt-5.6-sol',
	'gpt-5.6-terra',
])

/** Models that go to ChatGPT whenever there is a login, whatever `codexOauthDefaultAuth` says. */
const chatGptOnlyModels = new Set(['gpt-5.3-codex-spark'])

/**
 * Whether and when the ChatGPT login serves a model. The user may map a custom model to a known one (`mappedToModel`).
 */
export function chatGptServesModel(model: string, section: Section): { allowed: boolean; required: boolean } {
	const known = resolveMapping(model, section)
	return { allowed: chatGptModels.has(known), required: chatGptOnlyModels.has(known) }
}

function resolveMapping(model: string, section: Section): string {
	const models = section['models']
	if (!Array.isArray(models)) return model
	const entry = models.map(asSection).find(candidate => candidate['id'] === model)
	const mapped = entry?.['mappedToModel']
	if (typeof mapped !== 'string' || mapped.trim() === '') return model
	const bare = /^(?:openai[:/])?([^:/]+)$/.exec(mapped.trim())
	return bare?.[1] ?? model
}
