// Conflicts of keys and base URLs, in the section and in the environment.
import { parseBridgeUrl } from '../../bridge-url.ts'
import { cleanText } from '../../findings/clean-text.ts'
import { type BuiltInProvider, getInstanceProtocol, protocols, providers } from '../../providers.ts'
import { redactUrl } from '../../secrets/redact.ts'
import type { KeyFile } from '../context.ts'
import { isCredential } from '../credential.ts'
import {
	asNonBlankString,
	getKeyFromEnv,
	getKeyFromFile,
	getSectionUrl,
	getUrlFromEnv,
	isBlankVariable,
	isCustomProvider,
} from '../request/keys.ts'
import { isViaBridge } from '../request/resolve.ts'
import { type Conflict, makeConflict, makeRemoval, type Scene, type Search } from './scene.ts'

const keyFileProblems: Readonly<Record<Exclude<KeyFile['state'], 'read'>, string>> = {
	missing: "the file doesn't exist",
	'no-file': "it's not a regular file",
	'too-large': "it's larger than 64 KiB",
	empty: 'the file is empty',
	unreadable: "it can't be read",
}

function keyConflicts(scene: Scene): Conflict[] {
	const { muxContext, release, section, resolvedRequest } = scene
	const { apiKey, apiKeyFile } = section
	const conflicts: Conflict[] = []
	if (isCredential(apiKey) && apiKey.reference) conflicts.push(makeConflict(scene, 'api-key-reference', {}))
	if (isCredential(apiKey) && apiKey.usable && apiKey.padded) conflicts.push(makeConflict(scene, 'api-key-padded', {}))
	if (apiKey !== undefined && apiKey !== null && !isCredential(apiKey))
		conflicts.push(makeConflict(scene, 'api-key-not-string', {}))
	const usable = isCredential(apiKey) && apiKey.usable
	if (!usable && typeof apiKeyFile === 'string') {
		const file = muxContext.directories[release].keyFiles[apiKeyFile]
		if (file && file.state !== 'read') {
			const problem = keyFileProblems[file.state]
			conflicts.push(makeConflict(scene, 'api-key-file-unreadable', { file: cleanText(apiKeyFile, 120), problem }))
		}
	}
	if (resolvedRequest.reason === 'credential_not_sendable')
		conflicts.push(makeConflict(scene, 'api-key-unsendable', {}))
	return conflicts
}

function urlConflicts(scene: Scene): Conflict[] {
	const { provider, section, resolvedRequest, muxContext } = scene
	const conflicts: Conflict[] = []
	if (section['baseUrl'] !== undefined && section['baseURL'] !== undefined) {
		const fix = section['baseUrl'] ? makeRemoval('remove "baseURL"', [provider, 'baseURL']) : undefined
		conflicts.push(makeConflict(scene, 'base-url-duplicate', {}, fix))
	}
	const { value } = getSectionUrl(section)
	const provided = typeof value === 'string' ? value : null
	const problem = provided === null ? (value ? "it isn't a string" : null) : getUrlProblem(provided, provider)
	if (problem !== null && resolvedRequest.via !== 'chatgpt') {
		const url = provided === null ? 'not a string' : formatUrl(provided)
		// Xum corrects some of these, and both treat backslashes as slashes.
		const severity = isViaBridge(resolvedRequest) ? 'warning' : undefined
		conflicts.push(makeConflict(scene, 'base-url-invalid', { problem, url }, undefined, severity))
		return conflicts
	}
	// A base URL of the environment that is in use is judged in the same way.
	const exported = getUrlFromEnv(provider, muxContext.env)
	if (!exported || resolvedRequest.baseUrlFrom !== exported.from) return conflicts
	const problemOfVariable = getUrlProblem(exported.url, provider)
	if (problemOfVariable !== null) {
		const details = { problem: problemOfVariable, url: formatUrl(exported.url), variable: exported.from }
		conflicts.push(makeConflict(scene, 'base-url-invalid', details))
	}
	return conflicts
}

/** Why a base URL doesn't work (docs/contracts/mux.md#4-base-urls), or null. */
function getUrlProblem(text: string, provider: BuiltInProvider): string | null {
	if (text.trim() === '') return text === '' ? null : "it's blank"
	if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim())) return "it doesn't start with https://"
	if (!URL.canParse(text)) return "it isn't a valid URL"
	const url = new URL(text)
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return `it starts with ${url.protocol}//`
	if (url.username !== '' || url.password !== '') return 'it contains a user name or a password'
	if (text !== text.trim()) return 'it has spaces around it'
	if (url.search !== '') return 'it has a query'
	if (url.hash !== '') return 'it has a fragment'
	if (/\/(?:responses|chat\/completions|messages)\/*$/.test(url.pathname)) return 'it includes the path of an endpoint'
	const { protocol } = providers[provider]
	const { baseUrlSuffix } = protocols[protocol]
	const isDoubled = /\/\//.test(url.pathname.replace(/\/+$/, ''))
	if (isDoubled) return 'its path contains //'
	if (baseUrlSuffix !== '' && /\/\/$/.test(url.pathname)) return 'it ends with more than one slash'
	if (/\/api\/v2\/(?:aibridge|ai-gateway)(?:\/v1)?\/*$/.test(url.pathname)) return 'the provider is missing at the end'
	const bridge = parseBridgeUrl(text)
	if (bridge === null) return null
	if ((getInstanceProtocol(bridge.instance) ?? protocol) !== protocol) return "it's the URL of another provider"
	return baseUrlSuffix !== '' && !/\/v1\/?$/.test(url.pathname) ? `${baseUrlSuffix} is missing at the end` : null
}

/** What the environment adds to the file, field by field. */
function environmentConflicts(scene: Scene): Conflict[] {
	const { muxContext, release, provider, section, resolvedRequest } = scene
	const { env: environment } = muxContext
	if (isCustomProvider(section)) return []
	const conflicts: Conflict[] = []
	const fileUrl = asNonBlankString(getSectionUrl(section).value)
	const [main = ''] = providers[provider].urlVariables
	const blank = isBlankVariable(environment, main)
	if (blank && provider === 'openai' && release === 'xum')
		conflicts.push(makeConflict(scene, 'base-url-variable-empty', { variable: main, breaks: 'all' }))
	else if (blank && fileUrl === null && !getUrlFromEnv(provider, environment))
		conflicts.push(makeConflict(scene, 'base-url-variable-empty', { variable: main }))

	const key = getKeyFromFile(section, muxContext.directories[release])
	const exported = getUrlFromEnv(provider, environment)
	if (exported && fileUrl === null && key && resolvedRequest.baseUrlFrom === exported.from) {
		const details = { variable: exported.from, url: formatUrl(exported.url), keyFrom: 'key in the file' }
		conflicts.push(makeConflict(scene, 'base-url-from-environment', details))
	}
	if (exported && fileUrl !== null && withoutSlashes(exported.url) !== withoutSlashes(fileUrl))
		conflicts.push(
			makeConflict(scene, 'base-url-variable-stale', { variable: exported.from, url: formatUrl(exported.url) }),
		)
	const exportedKey = getKeyFromEnv(provider, environment)
	if (exportedKey && fileUrl !== null && !key && resolvedRequest.via === 'direct' && resolvedRequest.request) {
		// An exported Coder token is meant for the bridge; any other key may be a real one.
		const severity = exportedKey.credential.secret.keyId ? 'info' : undefined
		const details = { variable: exportedKey.from, host: getHost(fileUrl) }
		conflicts.push(makeConflict(scene, 'key-from-environment', details, undefined, severity))
	}
	return conflicts
}

function withoutSlashes(url: string): string {
	return url.replace(/\/+$/, '')
}

/** A key without a base URL: a Coder token would be sent to the provider's public API. */
function leakConflicts(scene: Scene): Conflict[] {
	const { section, resolvedRequest, muxContext, release } = scene
	if (resolvedRequest.via !== 'direct' || !resolvedRequest.request || resolvedRequest.baseUrlFrom !== 'default')
		return []
	const host = getHost(resolvedRequest.request.url)
	const key = getKeyFromFile(section, muxContext.directories[release]) ?? getKeyFromEnv(scene.provider, muxContext.env)
	const code = key?.credential.providerKey ? 'provider-key-in-use' : 'key-without-base-url'
	return [makeConflict(scene, code, { host })]
}

export function getHost(url: string | null): string {
	return url !== null && URL.canParse(url) ? cleanText(new URL(url).host, 120) : 'another server'
}

export function formatUrl(url: string): string {
	return cleanText(redactUrl(url), 200)
}

/** In the order in which they are reported. */
export const valueSearches: readonly Search[] = [keyConflicts, urlConflicts, environmentConflicts, leakConflicts]
