// Shadows: what makes Mux not use the base URL and the key of the settings file, or not as meant. Each is named with its
// remedy, and where it is safe with the edits that take it away. config.json is only read, and the section `coder` is
// Mux's own: nothing here changes either.
import { bridgeOf } from '../bridge-url.ts'
import { cleanText } from '../findings/clean-text.ts'
import { type Details, type Finding, finding, type Severity } from '../findings/finding.ts'
import { type BuiltInProvider, providerTitle } from '../provider.ts'
import { isCredential } from './credential.ts'
import { type GatewayId, gatewayTitles, isGateway, routesOf } from './gateways.ts'
import { type Release, showPath } from './home.ts'
import {
	environmentKey,
	environmentUrl,
	fileKey,
	filledText,
	isBlankVariable,
	isOwnProvider,
	isSwitchedOff,
	sectionUrl,
	urlVariables,
} from './keys.ts'
import { chatGptLogin } from './logins.ts'
import { forcedBaseUrl, isModelAllowed } from './policy.ts'
import type { Edit } from './settings-edit.ts'
import { isSet, type KeyFile, type MuxSnapshot, type Section, sectionOf } from './snapshot.ts'
import { type MuxUse, publicUrl, whatMuxUses } from './use.ts'

/** Edits that take a shadow away, for the user to accept. */
export type Fix = {
	/** Stable name: `<code>:<path>`. */
	readonly id: string
	/** As on a button: `remove "enabled": false`. */
	readonly label: string
	readonly edits: readonly Edit[]
}

export type Shadow = { readonly finding: Finding; readonly fix?: Fix }

type Scene = {
	readonly snapshot: MuxSnapshot
	readonly release: Release
	readonly provider: BuiltInProvider
	readonly section: Section
	readonly use: MuxUse
}

type Search = (scene: Scene) => readonly Shadow[]

/** Every shadow over a provider for a release, the whole file's first. */
export function findShadows(snapshot: MuxSnapshot, release: Release, provider: BuiltInProvider): Shadow[] {
	const section = sectionOf(snapshot.folders[release].settings.sections[provider])
	const scene = { snapshot, release, provider, section, use: whatMuxUses(snapshot, release, provider) }
	return searches.flatMap(search => search(scene))
}

const searches: readonly Search[] = [
	homeShadows,
	fileShadows,
	nameShadows,
	duplicateShadows,
	policyShadows,
	routeShadows,
	switchShadows,
	keyShadows,
	urlShadows,
	environmentShadows,
	leakShadows,
]

function shadow(
	scene: Scene,
	code: Finding['code'],
	details: Details = {},
	fix?: Omit<Fix, 'id'>,
	severity?: Severity,
): Shadow {
	const { provider } = scene
	const found = finding(code, provider, { title: providerTitle(provider), section: provider, ...details }, severity)
	if (!fix) return { finding: found }
	return { finding: found, fix: { id: `${code}:${fix.edits.map(edit => edit.path.join('.')).join('+')}`, ...fix } }
}

function removal(label: string, ...paths: readonly (readonly string[])[]): Omit<Fix, 'id'> {
	return { label, edits: paths.map(path => ({ path, remove: true })) }
}

function homeShadows({ snapshot, release }: Scene): Shadow[] {
	if (release !== snapshot.place.release) return []
	return snapshot.place.findings.filter(found => found.code === 'two-homes').map(found => ({ finding: found }))
}

const unreadableWords: Readonly<Record<string, string>> = {
	EACCES: 'There is no permission to read it',
	EPERM: 'There is no permission to read it',
	ELOOP: 'Its links lead in a circle',
	'a folder': 'It is a folder',
	'no file': 'It is no ordinary file',
}

/** What is wrong with the settings file as a whole. The subject is the file, so both providers name it alike. */
function fileShadows({ snapshot, release }: Scene): Shadow[] {
	const { settings } = snapshot.folders[release]
	const about = (code: Finding['code'], details: Details): Shadow[] => [{ finding: finding(code, 'settings', details) }]
	if (settings.state === 'unreadable') {
		const file = cleanText(showPath(settings.path, snapshot.homeFolder), 300)
		const why = unreadableWords[settings.why ?? ''] ?? `The system says ${settings.why}`
		return about('settings-not-seen', { file, why })
	}
	const broken = settings.firstError
		? about('settings-partly-read', { line: settings.firstError.line, column: settings.firstError.column })
		: []
	return settings.root === 'other' ? [...broken, ...about('settings-not-object', {})] : broken
}

const otherSectionNames: Readonly<Record<BuiltInProvider, readonly string[]>> = {
	openai: ['openai', 'gpt', 'chatgpt', 'openaiapi', 'codex'],
	anthropic: ['anthropic', 'claude', 'anthropicai', 'claudecode', 'antropic', 'anthropics'],
}

const otherKeyNames: Readonly<Record<string, readonly string[]>> = {
	baseUrl: ['baseurl', 'baseuri', 'apibase', 'apibaseurl', 'apiurl', 'endpoint', 'url'],
	apiKey: ['apikey', 'apitoken', 'token', 'key'],
	apiKeyFile: ['apikeyfile', 'keyfile', 'tokenfile'],
}

const realKeys = ['baseUrl', 'baseURL', 'apiKey', 'apiKeyFile']

/** Sections and keys that only look like the ones that Mux reads. */
function nameShadows(scene: Scene): Shadow[] {
	const { snapshot, release, provider, section } = scene
	const shadows: Shadow[] = []
	for (const [name, value] of Object.entries(snapshot.folders[release].settings.sections)) {
		if (name === provider || name === 'coder' || !otherSectionNames[provider].includes(plain(name))) continue
		// With a type of its own it is a provider of the user's, whatever its name.
		if (sectionOf(value)['providerType'] !== undefined) continue
		const found = cleanText(name, 40)
		shadows.push(shadow(scene, 'misspelt-section', { found }, removal(`remove the section "${found}"`, [name])))
	}
	for (const name of Object.keys(section)) {
		if (realKeys.includes(name)) continue
		const key = Object.keys(otherKeyNames).find(candidate => otherKeyNames[candidate]?.includes(plain(name)))
		if (key === undefined) continue
		const found = cleanText(name, 40)
		shadows.push(shadow(scene, 'misspelt-key', { found, key }, removal(`remove "${found}"`, [provider, name])))
	}
	return shadows
}

/** A name without its case and without what people put between its words. */
function plain(name: string): string {
	return name.toLowerCase().replace(/[\s_.-]/g, '')
}

function duplicateShadows(scene: Scene): Shadow[] {
	const { snapshot, release, provider } = scene
	const { duplicates, sections } = snapshot.folders[release].settings
	const shadows: Shadow[] = []
	const value = sections[provider]
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !isCredential(value)
	if (value !== undefined && !isObject) shadows.push(shadow(scene, 'section-not-object'))
	for (const { path, count } of duplicates) {
		if (path[0] !== provider) continue
		const key = path[1]
		if (key === undefined) shadows.push(shadow(scene, 'duplicate-section', { count }))
		else shadows.push(shadow(scene, 'duplicate-key', { key: cleanText(key, 40), count }))
	}
	return shadows
}

function policyShadows(scene: Scene): Shadow[] {
	const { snapshot, release, provider, use } = scene
	const { policy } = snapshot.folders[release]
	if (policy.state === 'none') return []
	const { from } = policy
	if (policy.state === 'remote') return [shadow(scene, 'policy-remote', { from })]
	if (policy.state === 'blocked') return [shadow(scene, 'policy-denies', { from, why: cleanText(policy.why, 80) })]
	if (!isModelAllowed(policy, provider, use.model)) return [shadow(scene, 'policy-denies', { from })]
	const forced = forcedBaseUrl(policy, provider)
	if (forced === null || forced === filledText(sectionUrl(scene.section).value)) return []
	return [shadow(scene, 'policy-forces-url', { from, url: shownUrl(forced) })]
}

/** Gateways and routes of single models. config.json is Mux's: the remedy is told, not done. */
function routeShadows(scene: Scene): Shadow[] {
	const { section, use } = scene
	if (isOwnProvider(section)) return []
	const overridden = overriddenModels(scene)
	const shadows: Shadow[] = []
	if (use.via === 'coder') shadows.push(shadow(scene, 'coder-login-first', { host: hostOf(use.baseUrl) }))
	else if (isGateway(use.via) && !overridden.some(({ model }) => model === use.model)) {
		const from = use.request?.credentialFrom ?? gatewaySource(use.via)
		const variable = /^[A-Z_]+$/.test(from) ? from : undefined
		shadows.push(shadow(scene, 'gateway-first', { gateway: gatewayTitles[use.via], from, variable }))
	}
	if (overridden.length > 0) {
		const models = overridden.map(({ model, gateway }) => `${model} through ${gatewayTitles[gateway]}`).join(', ')
		shadows.push(shadow(scene, 'route-overridden', { models: cleanText(models, 200) }))
	}
	return shadows
}

function gatewaySource(gateway: GatewayId): string {
	return gateway === 'bedrock' ? 'AWS credentials' : `the section "${gateway}"`
}

/** Models of the provider that config.json sends through a gateway that is open. */
function overriddenModels({ snapshot, release, provider }: Scene): { model: string; gateway: GatewayId }[] {
	const context = { folder: snapshot.folders[release], environment: snapshot.environment }
	return Object.entries(routesOf(context).overrides).flatMap(([name, gateway]) => {
		if (!name.startsWith(`${provider}:`) || !isGateway(gateway)) return []
		const model = name.slice(provider.length + 1)
		return whatMuxUses(snapshot, release, provider, model).via === gateway ? [{ model, gateway }] : []
	})
}

/** Switches of the section that change where a request goes, each with the edit that takes it back. */
function switchShadows(scene: Scene): Shadow[] {
	const { provider, section } = scene
	const shadows: Shadow[] = []
	if (isSwitchedOff(section)) {
		const written = JSON.stringify(section['enabled'])
		const fix = removal(`remove "enabled": ${written}`, [provider, 'enabled'])
		shadows.push(shadow(scene, 'provider-switched-off', {}, fix))
	}
	if (isOwnProvider(section)) {
		const fix = removal('remove "providerType"', [provider, 'providerType'])
		shadows.push(shadow(scene, 'provider-type-set', {}, fix))
	}
	for (const name of Object.keys(sectionOf(section['headers']))) {
		if (!/^(?:authorization|x-api-key)$/i.test(name)) continue
		const fix = removal(`remove the header "${name}"`, [provider, 'headers', name])
		shadows.push(shadow(scene, 'headers-carry-credential', { header: name }, fix))
	}
	return [...shadows, ...(provider === 'openai' ? openaiSwitches(scene) : anthropicSwitches(scene))]
}

function openaiSwitches(scene: Scene): Shadow[] {
	const { section } = scene
	const shadows: Shadow[] = []
	if (chatGptLogin(section) && section['codexOauthDefaultAuth'] !== 'apiKey') {
		const chat = section['wireFormat'] === 'chatCompletions' ? 'yes' : undefined
		const fix = {
			label: 'set "codexOauthDefaultAuth": "apiKey"',
			edits: [{ path: ['openai', 'codexOauthDefaultAuth'], value: 'apiKey' }],
		}
		shadows.push(shadow(scene, 'chatgpt-login-first', { chat }, fix))
	}
	if (section['webSocketTransportEnabled'] === true) {
		const fix = removal('remove "webSocketTransportEnabled"', ['openai', 'webSocketTransportEnabled'])
		shadows.push(shadow(scene, 'websocket-transport-on', {}, fix))
	}
	return shadows
}

function anthropicSwitches(scene: Scene): Shadow[] {
	if (!isSet(scene.section['authToken'])) return []
	return [shadow(scene, 'auth-token-set', {}, removal('remove "authToken"', ['anthropic', 'authToken']))]
}

const keyFileWords: Readonly<Record<Exclude<KeyFile['state'], 'read'>, string>> = {
	missing: 'the file is not there',
	'no-file': 'it is no ordinary file',
	'too-large': 'it is larger than 64 KiB',
	empty: 'the file is empty',
	unreadable: 'it cannot be read',
}

function keyShadows(scene: Scene): Shadow[] {
	const { snapshot, release, section, use } = scene
	const { apiKey, apiKeyFile } = section
	const shadows: Shadow[] = []
	if (isCredential(apiKey) && apiKey.reference) shadows.push(shadow(scene, 'api-key-reference'))
	if (isCredential(apiKey) && apiKey.usable && apiKey.padded) shadows.push(shadow(scene, 'api-key-padded'))
	if (apiKey !== undefined && apiKey !== null && !isCredential(apiKey)) shadows.push(shadow(scene, 'api-key-not-text'))
	const usable = isCredential(apiKey) && apiKey.usable
	if (!usable && typeof apiKeyFile === 'string') {
		const file = snapshot.folders[release].keyFiles[apiKeyFile]
		if (file && file.state !== 'read') {
			const problem = keyFileWords[file.state]
			shadows.push(shadow(scene, 'api-key-file-unreadable', { file: cleanText(apiKeyFile, 120), problem }))
		}
	}
	if (use.reason === 'credential_not_sendable') shadows.push(shadow(scene, 'api-key-unsendable'))
	return shadows
}

function urlShadows(scene: Scene): Shadow[] {
	const { provider, section, use } = scene
	const shadows: Shadow[] = []
	if (section['baseUrl'] !== undefined && section['baseURL'] !== undefined) {
		const fix = section['baseUrl'] ? removal('remove "baseURL"', [provider, 'baseURL']) : undefined
		shadows.push(shadow(scene, 'base-url-twin', {}, fix))
	}
	const { value } = sectionUrl(section)
	const given = typeof value === 'string' ? value : null
	const problem = given === null ? (isUsedValue(value) ? 'it is no text' : null) : urlProblem(given, provider)
	if (problem !== null && use.via !== 'chatgpt') {
		const url = given === null ? 'no text' : shownUrl(given)
		shadows.push(shadow(scene, 'base-url-broken', { problem, url }))
	}
	return shadows
}

function isUsedValue(value: unknown): boolean {
	return Boolean(value)
}

/** Why a base URL does not work (mux-contract, section 4), or null. */
function urlProblem(text: string, provider: BuiltInProvider): string | null {
	if (text.trim() === '') return text === '' ? null : 'it is blank'
	if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim())) return 'there is no https:// in front'
	if (!URL.canParse(text)) return 'it is no URL'
	const url = new URL(text)
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return `it starts with ${url.protocol}//`
	if (text !== text.trim()) return 'there is white space around it'
	if (url.search !== '') return 'it has a query'
	if (url.hash !== '') return 'it has a fragment'
	if (/\/(?:responses|chat\/completions|messages)\/*$/.test(url.pathname)) return 'it names an endpoint'
	if (provider === 'anthropic') return null
	if (/\/\/$/.test(url.pathname)) return 'it ends in more than one slash'
	return bridgeOf(text) && !/\/v1\/?$/.test(url.pathname) ? 'it lacks /v1 at its end' : null
}

/** What the environment adds to the file, field by field. */
function environmentShadows(scene: Scene): Shadow[] {
	const { snapshot, release, provider, section, use } = scene
	const { environment } = snapshot
	if (isOwnProvider(section)) return []
	const shadows: Shadow[] = []
	const fileUrl = filledText(sectionUrl(section).value)
	const [main = ''] = urlVariables[provider] ?? []
	const blank = isBlankVariable(environment, main)
	if (blank && provider === 'openai' && release === 'xum')
		shadows.push(shadow(scene, 'base-url-variable-empty', { variable: main, breaks: 'all' }))
	else if (blank && fileUrl === null && !environmentUrl(provider, environment))
		shadows.push(shadow(scene, 'base-url-variable-empty', { variable: main }))

	const key = fileKey(section, snapshot.folders[release])
	const exported = environmentUrl(provider, environment)
	if (exported && fileUrl === null && key && use.baseUrlFrom === exported.from) {
		const details = { variable: exported.from, url: shownUrl(exported.url), keyFrom: 'key of the file' }
		shadows.push(shadow(scene, 'base-url-from-environment', details))
	}
	if (exported && fileUrl !== null && withoutSlashes(exported.url) !== withoutSlashes(fileUrl))
		shadows.push(shadow(scene, 'base-url-variable-stale', { variable: exported.from, url: shownUrl(exported.url) }))
	const exportedKey = environmentKey(provider, environment)
	if (exportedKey && fileUrl !== null && !key && use.via === 'direct' && use.request) {
		// A Coder token that is exported is meant for the bridge; any other key may be a real one.
		const severity = exportedKey.credential.secret.keyId ? 'info' : undefined
		const details = { variable: exportedKey.from, host: hostOf(fileUrl) }
		shadows.push(shadow(scene, 'key-from-environment', details, undefined, severity))
	}
	return shadows
}

function withoutSlashes(url: string): string {
	return url.replace(/\/+$/, '')
}

/** A key without a base URL: a Coder token would leak to the provider's public API. */
function leakShadows(scene: Scene): Shadow[] {
	const { section, use, snapshot, release } = scene
	if (use.via !== 'direct' || !use.request || use.baseUrlFrom !== 'default') return []
	const host = hostOf(use.request.url)
	const key = fileKey(section, snapshot.folders[release]) ?? environmentKey(scene.provider, snapshot.environment)
	const code = key?.credential.providerKey ? 'provider-key-in-use' : 'key-without-base-url'
	return [shadow(scene, code, { host })]
}

function hostOf(url: string | null): string {
	return url !== null && URL.canParse(url) ? cleanText(new URL(url).host, 120) : 'another server'
}

function shownUrl(url: string): string {
	return cleanText(publicUrl(url), 200)
}
