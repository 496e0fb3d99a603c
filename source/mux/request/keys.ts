// Where Mux takes a provider's key and base URL from: the file first, then the environment, field by field
// (docs/contracts/mux.md#3-environment-variables).

import { getProvider } from '../../providers.ts'
import type { MuxHome, Redacted, RedactedEnvironment, Section } from '../context.ts'
import { type Credential, isCredential, wrapCredential } from '../credential.ts'
import type { Release } from '../releases.ts'

/** A key and its source: `apiKey`, `apiKeyFile`, or a variable. */
export type FoundKey = { readonly credential: Credential; readonly from: string }

/** Variables with the key of a gateway. */
const gatewayKeyVariables: Readonly<Record<string, readonly string[]>> = {
	openrouter: ['OPENROUTER_API_KEY'],
	'github-copilot': ['GITHUB_COPILOT_TOKEN'],
}

/** The key in the file: `apiKey`, else the content of `apiKeyFile`. */
export function getKeyFromFile(section: Section, muxHome: MuxHome): FoundKey | null {
	const { apiKey, apiKeyFile } = section
	if (isCredential(apiKey) && apiKey.usable) return { credential: apiKey, from: 'apiKey' }
	const file = typeof apiKeyFile === 'string' ? muxHome.keyFiles[apiKeyFile] : undefined
	return file?.state === 'read' ? { credential: file.credential, from: 'apiKeyFile' } : null
}

/** The key that Mux uses for a provider, or null. */
export function findKey(
	provider: string,
	section: Section,
	muxHome: MuxHome,
	env: RedactedEnvironment,
): FoundKey | null {
	return getKeyFromFile(section, muxHome) ?? getKeyFromEnv(provider, env)
}

/** The provider's key in the environment, or null. */
export function getKeyFromEnv(provider: string, env: RedactedEnvironment): FoundKey | null {
	for (const name of getProvider(provider)?.keyVariables ?? gatewayKeyVariables[provider] ?? []) {
		const value = env[name]
		if (isCredential(value) && !value.empty) return { credential: value, from: name }
	}
	return null
}

/** The provider's base URL in the environment, trimmed, or null. */
export function getUrlFromEnv(provider: string, env: RedactedEnvironment): { url: string; from: string } | null {
	for (const name of getProvider(provider)?.urlVariables ?? []) {
		const url = getPlainVariable(env, name)?.trim()
		if (url) return { url, from: name }
	}
	return null
}

export function getPlainVariable(env: RedactedEnvironment, name: string): string | undefined {
	const value = env[name]
	return typeof value === 'string' ? value : undefined
}

/** The base URL of a section: `baseUrl` if it is truthy, else `baseURL`, of any type. */
export function getSectionUrl(section: Section): { value: Redacted | undefined; from: 'baseUrl' | 'baseURL' } {
	const { baseUrl, baseURL } = section
	return baseUrl ? { value: baseUrl, from: 'baseUrl' } : { value: baseURL, from: 'baseURL' }
}

/**
 * A base URL of OpenAI's protocol as the release uses it: Xum trims it and appends `/v1` to one that is only an origin
 * (docs/contracts/mux.md#4-base-urls).
 */
export function normalizeBaseUrl(text: string, release: Release): string {
	if (release !== 'xum') return text
	const trimmed = text.trim()
	if (!URL.canParse(trimmed) || trimmed.endsWith('/')) return trimmed
	const url = new URL(trimmed)
	return url.pathname === '/' && url.search === '' && url.hash === '' ? `${trimmed}/v1` : trimmed
}

/** A value as Mux's own libraries put it into a header. */
export function isSendable(value: Redacted | undefined): boolean {
	if (value === undefined || value === null) return true
	if (isCredential(value)) return value.asHeader !== null
	return typeof value === 'object' || wrapCredential(String(value)).asHeader !== null
}

/** A value as a base URL: a string that isn't blank, trimmed. */
export function asNonBlankString(value: Redacted | undefined): string | null {
	return typeof value === 'string' && value.trim() !== '' ? value.trim() : null
}

/** Whether a section is turned off: `false` or `"false"`, nothing else. */
export function isDisabled(section: Section): boolean {
	const { enabled } = section
	return enabled === false || enabled === 'false'
}

/** Whether a section is a custom provider, which uses OpenAI's older protocol. */
export function isCustomProvider(section: Section): boolean {
	return section['providerType'] === 'openai-compatible'
}

/** Whether a variable is set, but blank. */
export function isBlankVariable(env: RedactedEnvironment, name: string): boolean {
	return getPlainVariable(env, name)?.trim() === ''
}
