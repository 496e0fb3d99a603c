// Conflicts: what keeps Mux from using the base URL and the key of the settings file as intended. Each has a remedy
// and, if it is safe, the edits that fix it. config.json is read only, and the section `coder` is Mux's own: neither is
// changed here.
import { parseBridgeUrl } from '../bridge-url.ts'
import { cleanText } from '../findings/clean-text.ts'
import { type DetailsOf, type Finding, type FindingCode, finding, type Severity } from '../findings/finding.ts'
import { type BuiltInProvider, getProviderTitle, providers } from '../providers.ts'
import { asSection, isSet, type KeyFile, type MuxContext, type Section } from './context.ts'
import { isCredential } from './credential.ts'
import { type GatewayId, gatewayTitles, getRouteOrder, isGateway } from './gateways.ts'
import { formatPath, type Release } from './home.ts'
import { getChatGptSession } from './oauth-sessions.ts'
import { forcedBaseUrl, isModelAllowed } from './policy.ts'
import {
	asNonBlankString,
	getKeyFromEnv,
	getKeyFromFile,
	getSectionUrl,
	getUrlFromEnv,
	isBlankVariable,
	isCustomProvider,
	isDisabled,
} from './request/keys.ts'
import { type ResolvedRequest, redactUrl, resolveRequest } from './request/resolve.ts'
import type { SettingsEdit } from './settings/edit.ts'

/** Edits that fix a conflict if the user accepts them. */
export type Fix = {
	/** Stable name: `<code>:<path>`. */
	readonly id: string
	/** The label of the choice: `remove "enabled": false`. */
	readonly label: string
	readonly edits: readonly SettingsEdit[]
}

export type Conflict = { readonly finding: Finding; readonly fix?: Fix }

type Scene = {
	readonly muxContext: MuxContext
	readonly release: Release
	readonly provider: BuiltInProvider
	readonly section: Section
	readonly resolvedRequest: ResolvedRequest
}

type Search = (run: Scene) => readonly Conflict[]

/** All conflicts of a provider for a release, starting with those of the whole file. */
export function findConflicts(muxContext: MuxContext, release: Release, provider: BuiltInProvider): Conflict[] {
	const section = asSection(muxContext.directories[release].settings.sections[provider])
	const scene = {
		muxContext,
		release,
		provider,
		section,
		resolvedRequest: resolveRequest(muxContext, release, provider),
	}
	return searches.flatMap(search => search(scene))
}

const searches: readonly Search[] = [
	homeConflicts,
	fileConflicts,
	nameConflicts,
	duplicateConflicts,
	policyConflicts,
	routeConflicts,
	switchConflicts,
	keyConflicts,
	urlConflicts,
	environmentConflicts,
	leakConflicts,
]

function conflict<C extends FindingCode>(
	run: Scene,
	code: C,
	details: Omit<DetailsOf<C>, 'title' | 'section'>,
	fix?: Omit<Fix, 'id'>,
	severity?: Severity,
): Conflict {
	const { provider } = run
	const context = { title: getProviderTitle(provider), section: provider }
	const issue = finding(code, provider, { ...context, ...details } as DetailsOf<C>, severity) as Finding
	if (!fix) return { finding: issue }
	return { finding: issue, fix: { id: `${code}:${fix.edits.map(edit => edit.path.join('.')).join('+')}`, ...fix } }
}

function removal(label: string, ...paths: readonly (readonly string[])[]): Omit<Fix, 'id'> {
	return { label, edits: paths.map(path => ({ path, remove: true })) }
}

function homeConflicts({ muxContext, release }: Scene): Conflict[] {
	if (release !== muxContext.location.release) return []
	return muxContext.location.findings.filter(issue => issue.code === 'two-homes').map(found => ({ finding: found }))
}

const unreadableWords: Readonly<Record<string, string>> = {
	EACCES: 'You have no permission to read it',
	EPERM: 'You have no permission to read it',
	ELOOP: 'Its links loop',
	'a directory': "It's a directory",
	'no file': "It's not a regular file",
}

/** Issues of the settings file as a whole. The subject is the file, so both providers report them alike. */
function fileConflicts({ muxContext, release }: Scene): Conflict[] {
	const { settings } = muxContext.directories[release]
	const about = <C extends FindingCode>(code: C, details: DetailsOf<C>): Conflict[] => [
		{ finding: finding(code, 'settings', details) as Finding },
	]
	if (settings.state === 'unreadable') {
		const file = cleanText(formatPath(settings.path, muxContext.homeDir), 300)
		const why = unreadableWords[settings.why ?? ''] ?? `The system says ${settings.why}`
		return about('settings-ignored', { file, why })
	}
	const broken = settings.firstError
		? about('settings-partly-read', { line: settings.firstError.line, column: settings.firstError.column })
		: []
	return settings.root === 'other' ? [...broken, ...about('settings-not-object', {})] : broken
}

const otherKeyNames: Readonly<Record<string, readonly string[]>> = {
	baseUrl: ['baseurl', 'baseuri', 'apibase', 'apibaseurl', 'apiurl', 'endpoint', 'url'],
	apiKey: ['apikey', 'apitoken', 'token', 'key'],
	apiKeyFile: ['apikeyfile', 'keyfile', 'tokenfile'],
}

const realKeys = ['baseUrl', 'baseURL', 'apiKey', 'apiKeyFile']

/** Sections and keys that only resemble the ones that Mux reads. */
function nameConflicts(run: Scene): Conflict[] {
	const { muxContext, release, provider, section } = run
	const conflicts: Conflict[] = []
	for (const [name, value] of Object.entries(muxContext.directories[release].settings.sections)) {
		if (
			name === provider ||
			name === 'coder' ||
			!(providers[provider].aliases as readonly string[]).includes(plain(name))
		)
			continue
		// With a type of its own it is a custom provider, whatever its name.
		if (asSection(value)['providerType'] !== undefined) continue
		const found = cleanText(name, 40)
		conflicts.push(
			conflict(run, 'misspelled-section', { name: found }, removal(`remove the section "${found}"`, [name])),
		)
	}
	for (const name of Object.keys(section)) {
		if (realKeys.includes(name)) continue
		const key = Object.keys(otherKeyNames).find(candidate => otherKeyNames[candidate]?.includes(plain(name)))
		if (key === undefined) continue
		const found = cleanText(name, 40)
		conflicts.push(
			conflict(run, 'misspelled-key', { name: found, key }, removal(`remove "${found}"`, [provider, name])),
		)
	}
	return conflicts
}

/** A name without case and word separators. */
function plain(name: string): string {
	return name.toLowerCase().replace(/[\s_.-]/g, '')
}

function duplicateConflicts(run: Scene): Conflict[] {
	const { muxContext, release, provider } = run
	const { duplicates, sections } = muxContext.directories[release].settings
	const conflicts: Conflict[] = []
	const value = sections[provider]
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !isCredential(value)
	if (value !== undefined && !isObject) conflicts.push(conflict(run, 'section-not-object', {}))
	for (const { path, count } of duplicates) {
		if (path[0] !== provider) continue
		const key = path[1]
		if (key === undefined) conflicts.push(conflict(run, 'duplicate-section', { count }))
		else conflicts.push(conflict(run, 'duplicate-key', { key: cleanText(key, 40), count }))
	}
	return conflicts
}

function policyConflicts(run: Scene): Conflict[] {
	const { muxContext, release, provider, resolvedRequest } = run
	const { policy } = muxContext.directories[release]
	if (policy.state === 'none') return []
	const { from } = policy
	if (policy.state === 'remote') return [conflict(run, 'policy-remote', { from })]
	if (policy.state === 'blocked') return [conflict(run, 'policy-denies', { from, why: cleanText(policy.why, 80) })]
	if (!isModelAllowed(policy, provider, resolvedRequest.model)) return [conflict(run, 'policy-denies', { from })]
	const forced = forcedBaseUrl(policy, provider)
	if (forced === null || forced === asNonBlankString(getSectionUrl(run.section).value)) return []
	return [conflict(run, 'policy-forces-url', { from, url: shownUrl(forced) })]
}

/** Gateways and routes of single models. config.json is Mux's: the remedy is described, not applied. */
function routeConflicts(run: Scene): Conflict[] {
	const { section, resolvedRequest } = run
	if (isCustomProvider(section)) return []
	const overridden = overriddenModels(run)
	const conflicts: Conflict[] = []
	if (resolvedRequest.via === 'coder')
		conflicts.push(conflict(run, 'coder-login-first', { host: hostOf(resolvedRequest.baseUrl) }))
	else if (isGateway(resolvedRequest.via) && !overridden.some(({ model }) => model === resolvedRequest.model)) {
		const from = resolvedRequest.request?.credentialFrom ?? gatewaySource(resolvedRequest.via)
		const variable = /^[A-Z_]+$/.test(from) ? from : undefined
		conflicts.push(conflict(run, 'gateway-first', { gateway: gatewayTitles[resolvedRequest.via], from, variable }))
	}
	if (overridden.length > 0) {
		const models = overridden.map(({ model, gateway }) => `${model} through ${gatewayTitles[gateway]}`).join(', ')
		conflicts.push(conflict(run, 'route-overridden', { models: cleanText(models, 200) }))
	}
	return conflicts
}

function gatewaySource(gateway: GatewayId): string {
	return gateway === 'bedrock' ? 'AWS credentials' : `the section "${gateway}"`
}

/** Models of the provider that config.json sends through an available gateway. */
function overriddenModels({ muxContext, release, provider }: Scene): { model: string; gateway: GatewayId }[] {
	const context = { muxHome: muxContext.directories[release], env: muxContext.env }
	return Object.entries(getRouteOrder(context).overrides).flatMap(([name, gateway]) => {
		if (!name.startsWith(`${provider}:`) || !isGateway(gateway)) return []
		const model = name.slice(provider.length + 1)
		return resolveRequest(muxContext, release, provider, model).via === gateway ? [{ model, gateway }] : []
	})
}

/** Options of the section that change where a request goes, each with the edit that reverts it. */
function switchConflicts(run: Scene): Conflict[] {
	const { provider, section } = run
	const conflicts: Conflict[] = []
	if (isDisabled(section)) {
		const written = JSON.stringify(section['enabled'])
		const fix = removal(`remove "enabled": ${written}`, [provider, 'enabled'])
		conflicts.push(conflict(run, 'provider-turned-off', {}, fix))
	}
	if (isCustomProvider(section)) {
		const fix = removal('remove "providerType"', [provider, 'providerType'])
		conflicts.push(conflict(run, 'provider-type-set', {}, fix))
	}
	for (const name of Object.keys(asSection(section['headers']))) {
		if (!/^(?:authorization|x-api-key)$/i.test(name)) continue
		const fix = removal(`remove the header "${name}"`, [provider, 'headers', name])
		conflicts.push(conflict(run, 'headers-carry-credential', { header: name }, fix))
	}
	return [...conflicts, ...findProviderConflicts[provider](run)]
}

/** Conflicts of the options that only one provider has. */
const findProviderConflicts: Readonly<Record<BuiltInProvider, Search>> = {
	openai: findOpenAiConflicts,
	anthropic: findAnthropicConflicts,
}

function findOpenAiConflicts(run: Scene): Conflict[] {
	const { section } = run
	const conflicts: Conflict[] = []
	if (getChatGptSession(section) && section['codexOauthDefaultAuth'] !== 'apiKey') {
		const chat = section['wireFormat'] === 'chatCompletions' ? ('yes' as const) : undefined
		const fix = {
			label: 'set "codexOauthDefaultAuth": "apiKey"',
			edits: [{ path: ['openai', 'codexOauthDefaultAuth'], value: 'apiKey' }],
		}
		conflicts.push(conflict(run, 'chatgpt-login-first', { chat }, fix))
	}
	if (section['webSocketTransportEnabled'] === true) {
		const fix = removal('remove "webSocketTransportEnabled"', ['openai', 'webSocketTransportEnabled'])
		conflicts.push(conflict(run, 'websocket-transport-on', {}, fix))
	}
	return conflicts
}

function findAnthropicConflicts(run: Scene): Conflict[] {
	if (!isSet(run.section['authToken'])) return []
	return [conflict(run, 'auth-token-set', {}, removal('remove "authToken"', ['anthropic', 'authToken']))]
}

const keyFileWords: Readonly<Record<Exclude<KeyFile['state'], 'read'>, string>> = {
	missing: "the file doesn't exist",
	'no-file': "it's not a regular file",
	'too-large': "it's larger than 64 KiB",
	empty: 'the file is empty',
	unreadable: "it can't be read",
}

function keyConflicts(run: Scene): Conflict[] {
	const { muxContext, release, section, resolvedRequest } = run
	const { apiKey, apiKeyFile } = section
	const conflicts: Conflict[] = []
	if (isCredential(apiKey) && apiKey.reference) conflicts.push(conflict(run, 'api-key-reference', {}))
	if (isCredential(apiKey) && apiKey.usable && apiKey.padded) conflicts.push(conflict(run, 'api-key-padded', {}))
	if (apiKey !== undefined && apiKey !== null && !isCredential(apiKey))
		conflicts.push(conflict(run, 'api-key-not-string', {}))
	const usable = isCredential(apiKey) && apiKey.usable
	if (!usable && typeof apiKeyFile === 'string') {
		const file = muxContext.directories[release].keyFiles[apiKeyFile]
		if (file && file.state !== 'read') {
			const problem = keyFileWords[file.state]
			conflicts.push(conflict(run, 'api-key-file-unreadable', { file: cleanText(apiKeyFile, 120), problem }))
		}
	}
	if (resolvedRequest.reason === 'credential_not_sendable') conflicts.push(conflict(run, 'api-key-unsendable', {}))
	return conflicts
}

function urlConflicts(run: Scene): Conflict[] {
	const { provider, section, resolvedRequest } = run
	const conflicts: Conflict[] = []
	if (section['baseUrl'] !== undefined && section['baseURL'] !== undefined) {
		const fix = section['baseUrl'] ? removal('remove "baseURL"', [provider, 'baseURL']) : undefined
		conflicts.push(conflict(run, 'base-url-duplicate', {}, fix))
	}
	const { value } = getSectionUrl(section)
	const provided = typeof value === 'string' ? value : null
	const problem = provided === null ? (isUsedValue(value) ? "it isn't a string" : null) : urlProblem(provided, provider)
	if (problem !== null && resolvedRequest.via !== 'chatgpt') {
		const url = provided === null ? 'not a string' : shownUrl(provided)
		conflicts.push(conflict(run, 'base-url-invalid', { problem, url }))
	}
	return conflicts
}

function isUsedValue(value: unknown): boolean {
	return Boolean(value)
}

/** Why a base URL doesn't work (docs/contracts/mux.md#4-base-urls), or null. */
function urlProblem(text: string, provider: BuiltInProvider): string | null {
	if (text.trim() === '') return text === '' ? null : "it's blank"
	if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim())) return "it doesn't start with https://"
	if (!URL.canParse(text)) return "it isn't a valid URL"
	const url = new URL(text)
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return `it starts with ${url.protocol}//`
	if (text !== text.trim()) return 'it has spaces around it'
	if (url.search !== '') return 'it has a query'
	if (url.hash !== '') return 'it has a fragment'
	if (/\/(?:responses|chat\/completions|messages)\/*$/.test(url.pathname)) return 'it includes the path of an endpoint'
	if (providers[provider].protocol === 'anthropic') return null
	if (/\/\/$/.test(url.pathname)) return 'it ends with more than one slash'
	return parseBridgeUrl(text) && !/\/v1\/?$/.test(url.pathname) ? '/v1 is missing at the end' : null
}

/** What the environment adds to the file, field by field. */
function environmentConflicts(run: Scene): Conflict[] {
	const { muxContext, release, provider, section, resolvedRequest } = run
	const { env: environment } = muxContext
	if (isCustomProvider(section)) return []
	const conflicts: Conflict[] = []
	const fileUrl = asNonBlankString(getSectionUrl(section).value)
	const [main = ''] = providers[provider].urlVariables
	const blank = isBlankVariable(environment, main)
	if (blank && provider === 'openai' && release === 'xum')
		conflicts.push(conflict(run, 'base-url-variable-empty', { variable: main, breaks: 'all' }))
	else if (blank && fileUrl === null && !getUrlFromEnv(provider, environment))
		conflicts.push(conflict(run, 'base-url-variable-empty', { variable: main }))

	const key = getKeyFromFile(section, muxContext.directories[release])
	const exported = getUrlFromEnv(provider, environment)
	if (exported && fileUrl === null && key && resolvedRequest.baseUrlFrom === exported.from) {
		const details = { variable: exported.from, url: shownUrl(exported.url), keyFrom: 'key in the file' }
		conflicts.push(conflict(run, 'base-url-from-environment', details))
	}
	if (exported && fileUrl !== null && withoutSlashes(exported.url) !== withoutSlashes(fileUrl))
		conflicts.push(conflict(run, 'base-url-variable-stale', { variable: exported.from, url: shownUrl(exported.url) }))
	const exportedKey = getKeyFromEnv(provider, environment)
	if (exportedKey && fileUrl !== null && !key && resolvedRequest.via === 'direct' && resolvedRequest.request) {
		// An exported Coder token is meant for the bridge; any other key may be a real one.
		const severity = exportedKey.credential.secret.keyId ? 'info' : undefined
		const details = { variable: exportedKey.from, host: hostOf(fileUrl) }
		conflicts.push(conflict(run, 'key-from-environment', details, undefined, severity))
	}
	return conflicts
}

function withoutSlashes(url: string): string {
	return url.replace(/\/+$/, '')
}

/** A key without a base URL: a Coder token would be sent to the provider's public API. */
function leakConflicts(run: Scene): Conflict[] {
	const { section, resolvedRequest, muxContext, release } = run
	if (resolvedRequest.via !== 'direct' || !resolvedRequest.request || resolvedRequest.baseUrlFrom !== 'default')
		return []
	const host = hostOf(resolvedRequest.request.url)
	const key = getKeyFromFile(section, muxContext.directories[release]) ?? getKeyFromEnv(run.provider, muxContext.env)
	const code = key?.credential.providerKey ? 'provider-key-in-use' : 'key-without-base-url'
	return [conflict(run, code, { host })]
}

function hostOf(url: string | null): string {
	return url !== null && URL.canParse(url) ? cleanText(new URL(url).host, 120) : 'another server'
}

function shownUrl(url: string): string {
	return cleanText(redactUrl(url), 200)
}
