// Everything that decides what Mux does, read once into one plain value: the files of its directory, the key files and
// the policy that they name, and the environment. Read only; whatever can't be read is recorded, never thrown.

import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { builtInProviders } from '../providers.ts'
import { readRegularFile, readSmallFile } from '../runtime/read-file.ts'
import { type Env, type Runtime, resolvePath } from '../runtime/runtime.ts'
import { type Credential, isCredential, wrapCredential } from './credential.ts'
import {
	findSettings,
	getMuxDirectory,
	type Homes,
	type MuxDirectory,
	type SettingsLocation,
	settingsFileName,
} from './home.ts'
import { type Duplicate, parseTolerant, type TolerantParseResult } from './jsonc/parse-tolerant.ts'
import { type Policy, readPolicy } from './policy.ts'
import { type Release, releases } from './releases.ts'

/** A value of a settings file with every credential in it wrapped. */
export type Redacted =
	| null
	| boolean
	| number
	| string
	| Credential
	| readonly Redacted[]
	| { readonly [key: string]: Redacted }

/** The properties of one section; a section that isn't an object has none. */
export type Section = Readonly<Record<string, Redacted>>

export type SettingsContent = {
	/** Absolute path. */
	readonly path: string
	/** `unreadable`: a directory, a FIFO, no permission: Mux continues as if there were no file. */
	readonly state: 'read' | 'missing' | 'unreadable'
	/** The error code or what the entry is, for `unreadable`. */
	readonly why: string | null
	/** The kind of the root value: settings are an object. `nothing`: an empty file or only comments. */
	readonly root: 'object' | 'nothing' | 'other'
	/** Every section by its key, as Mux sees it. */
	readonly sections: Readonly<Record<string, Redacted>>
	/** What sections inherit from a key `__proto__`: Mux's Settings page counts it, its requests don't. */
	readonly inherited: Readonly<Record<string, Section>>
	readonly duplicates: readonly Duplicate[]
	readonly firstError: TolerantParseResult['firstError']
}

/** The routes in config.json; the rest of that file is irrelevant here. */
export type RoutingConfig = {
	/** Null if the file has no list of routes: Mux then derives one from the gateways it finds. */
	readonly priority: readonly string[] | null
	/** Route by `provider:model`. */
	readonly overrides: Readonly<Record<string, string>>
	/** `muxGatewayEnabled` and `muxGatewayModels` of older releases. */
	readonly gatewayEnabled: boolean | null
	readonly gatewayModels: readonly string[]
	/** The model of a new chat, `provider:model`; null for the release's own. */
	readonly defaultModel: string | null
	/** A policy server is configured. */
	readonly enrolled: boolean
}

/** The result of reading `apiKeyFile`. */
export type KeyFile =
	| { readonly state: 'read'; readonly credential: Credential }
	| { readonly state: 'missing' | 'no-file' | 'too-large' | 'empty' | 'unreadable' }

/** One release's directory. */
export type MuxHome = MuxDirectory & {
	readonly settings: SettingsContent
	readonly routes: RoutingConfig
	readonly policy: Policy
	/** By the path as it is written in the settings. */
	readonly keyFiles: Readonly<Record<string, KeyFile>>
}

/** Variables that Mux reads, with credentials wrapped. */
export type RedactedEnvironment = Readonly<Record<string, string | Credential | undefined>>

export type MuxContext = {
	/** The release that the home belongs to, or that was requested. */
	readonly release: Release
	readonly location: SettingsLocation
	readonly homeDir: string
	readonly env: RedactedEnvironment
	readonly directories: Readonly<Record<Release, MuxHome>>
	/** The release was requested, so that the other one doesn't matter. */
	readonly isReleaseRequested: boolean
	/** The model to judge a provider for, by the provider's id, if one was requested. */
	readonly requestedModels: Readonly<Record<string, string>>
	/** Keys of the sections in the settings file of `release`. */
	readonly sectionIds: readonly string[]
}

/** Sections that Mux looks up by name. */
const knownSections = [...builtInProviders, 'mux-gateway', 'openrouter', 'github-copilot', 'coder', 'bedrock']

const credentialVariables = [
	'OPENAI_API_KEY',
	'ANTHROPIC_API_KEY',
	'ANTHROPIC_AUTH_TOKEN',
	'OPENROUTER_API_KEY',
	'GITHUB_COPILOT_TOKEN',
	'AWS_ACCESS_KEY_ID',
	'AWS_SECRET_ACCESS_KEY',
	'AWS_BEARER_TOKEN_BEDROCK',
]

const plainVariables = [
	'OPENAI_BASE_URL',
	'OPENAI_API_BASE',
	'OPENAI_ORG_ID',
	'ANTHROPIC_BASE_URL',
	'AWS_REGION',
	'AWS_DEFAULT_REGION',
	'AWS_PROFILE',
	'MUX_ROOT',
	'XUM_ROOT',
	'MUX_POLICY_FILE',
	'XUM_POLICY_FILE',
	'NODE_ENV',
]

/** A larger settings file or config.json isn't read: Mux itself would stop for seconds at every request. */
const maxSettingsBytes = 64 * 1024 * 1024

/** Largest key file that Mux reads: 64 KiB (docs/contracts/mux.md#22-fields-of-openai-and-anthropic). */
const keyFileLimit = 65_536

/** Reads what both releases would use; the settings file of `location` is used for its release. Never throws. */
export async function loadMuxContext(
	runtime: Runtime,
	location?: SettingsLocation,
	requestedModels: Readonly<Record<string, string>> = {},
): Promise<MuxContext> {
	const chosen = location ?? (await findSettings(runtime))
	const { homes } = chosen
	// Both releases usually read the same file.
	const files = new Map<string, Promise<SettingsContent>>()
	const readOnce = (path: string) => {
		const reading = files.get(path) ?? readSettingsFile(path)
		files.set(path, reading)
		return reading
	}
	const [mux, xum] = await Promise.all(releases.map(release => readFor(release, runtime, homes, chosen, readOnce)))
	const directories = { mux: mux!, xum: xum! }
	return {
		release: chosen.release,
		location: chosen,
		homeDir: runtime.homeDir,
		env: redactEnvironment(runtime.env),
		directories,
		isReleaseRequested: chosen.isReleaseRequested,
		requestedModels,
		sectionIds: Object.keys(directories[chosen.release].settings.sections),
	}
}

async function readFor(
	release: Release,
	runtime: Runtime,
	homes: Homes,
	location: SettingsLocation,
	readSettings: (path: string) => Promise<SettingsContent>,
): Promise<MuxHome> {
	const named = location.from === '--settings' && location.release === release
	const read: MuxDirectory = named
		? { directory: location.directory, readFrom: location.directory, variable: null }
		: getMuxDirectory(release, homes, runtime)
	const [settings, routes] = await Promise.all([
		readSettings(named ? location.path : join(read.readFrom, settingsFileName)),
		readRoutes(join(read.readFrom, 'config.json')),
	])
	const [keyFiles, policy] = await Promise.all([
		readKeyFiles(settings.sections, runtime),
		readPolicy(release, runtime, routes.enrolled),
	])
	return { ...read, settings, routes, policy, keyFiles }
}

async function readSettingsFile(path: string): Promise<SettingsContent> {
	const nothing = { path, root: 'nothing', sections: {}, inherited: {}, duplicates: [], firstError: null } as const
	const entry = await stat(path).catch((error: NodeJS.ErrnoException) => error)
	if (entry instanceof Error) {
		const missing = entry.code === 'ENOENT' || entry.code === 'ENOTDIR'
		return { ...nothing, state: missing ? 'missing' : 'unreadable', why: missing ? null : (entry.code ?? 'error') }
	}
	if (!entry.isFile()) return { ...nothing, state: 'unreadable', why: entry.isDirectory() ? 'a directory' : 'no file' }
	const text = await readRegularFile(path, maxSettingsBytes).then(
		bytes => bytes.toString('utf8'),
		(error: NodeJS.ErrnoException) => error,
	)
	if (text instanceof Error) return { ...nothing, state: 'unreadable', why: text.code ?? 'error' }
	return readSettingsText(path, text)
}

/** Parses the text of a settings file. */
function readSettingsText(path: string, text: string): SettingsContent {
	const { value, duplicates, firstError } = parseTolerant(text)
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
	return {
		path,
		state: 'read',
		why: null,
		root: isObject ? 'object' : value === undefined ? 'nothing' : 'other',
		sections: isObject ? redactSections(value as Record<string, unknown>) : {},
		inherited: isObject ? redactInherited(value as Record<string, unknown>) : {},
		duplicates,
		firstError,
	}
}

/** Sections by their keys. Mux also takes a section from the prototype that a key `__proto__` sets. */
function redactSections(root: Record<string, unknown>): Record<string, Redacted> {
	const sections: Record<string, Redacted> = Object.create(null)
	const inherited = knownSections.filter(name => !Object.hasOwn(root, name) && root[name] !== undefined)
	for (const name of [...Object.keys(root), ...inherited]) {
		const value = root[name]
		// A string in place of a section is most likely a key.
		sections[name] = typeof value === 'string' ? wrapCredential(value) : redactValue(value, false)
	}
	return sections
}

/** What sections inherit from the object that a key `__proto__` in them sets. */
function redactInherited(root: Record<string, unknown>): Record<string, Section> {
	const inherited: Record<string, Section> = {}
	for (const [name, value] of Object.entries(root)) {
		if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
		const prototype: unknown = Object.getPrototypeOf(value)
		if (prototype === null || prototype === Object.prototype) continue
		inherited[name] = asSection(redactValue(prototype, false))
	}
	return inherited
}

/** Nothing that Mux reads is deeper. */
const deepest = 100

function redactValue(value: unknown, secret: boolean, depth = 0): Redacted {
	if (depth > deepest) return null
	if (typeof value === 'string') return secret ? wrapCredential(value) : value
	if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
	if (Array.isArray(value)) return value.map(item => redactValue(item, secret, depth + 1))
	if (typeof value !== 'object') return null
	const redacted: Record<string, Redacted> = Object.create(null)
	for (const [key, item] of Object.entries(value))
		redacted[key] = redactValue(item, secret || isCredentialKey(key), depth + 1)
	return redacted
}

/** Whether the value of a key may be a credential, however the key is spelled; everything in `headers` may be. */
export function isCredentialKey(key: string): boolean {
	return credentialKey.test(key.replace(/[_\s-]/g, ''))
}

const credentialKey =
	/^(?:x?(?:api)?keys?|(?:api|auth|access|refresh|bearer|session|id|coder)?tokens?|access|refresh|bearer|couponcode|coupon|voucher|accesskeyid|secretaccesskey|(?:client)?secret|password|registrationaccesstoken|credentials?|authorization|headers?|cookie)$/i

async function readRoutes(path: string): Promise<RoutingConfig> {
	const text = (await readSmallFile(path, maxSettingsBytes)) ?? ''
	let value: unknown
	try {
		value = JSON.parse(text)
	} catch {
		// As for a missing file: Mux continues with its defaults.
	}
	return parseRoutes(value)
}

function parseRoutes(value: unknown): RoutingConfig {
	const config = isObject(value) ? value : {}
	const { routePriority, routeOverrides, muxGatewayEnabled, muxGatewayModels, defaultModel } = config
	const overrides = isObject(routeOverrides)
		? Object.entries(routeOverrides).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
		: []
	return {
		priority: Array.isArray(routePriority) ? selectStrings(routePriority) : null,
		overrides: Object.fromEntries(overrides),
		gatewayEnabled: typeof muxGatewayEnabled === 'boolean' ? muxGatewayEnabled : null,
		gatewayModels: Array.isArray(muxGatewayModels) ? selectStrings(muxGatewayModels) : [],
		defaultModel: typeof defaultModel === 'string' && defaultModel.trim() !== '' ? defaultModel.trim() : null,
		enrolled: isFilled(config['muxGovernorUrl']) && isFilled(config['muxGovernorToken']),
	}
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isFilled(value: unknown): boolean {
	return typeof value === 'string' && value.trim() !== ''
}

function selectStrings(values: readonly unknown[]): string[] {
	return values.filter((value): value is string => typeof value === 'string')
}

async function readKeyFiles(
	sections: Readonly<Record<string, Redacted>>,
	runtime: Pick<Runtime, 'homeDir' | 'cwd'>,
): Promise<Record<string, KeyFile>> {
	const paths = new Set<string>()
	for (const section of Object.values(sections)) {
		const path = asSection(section)['apiKeyFile']
		if (typeof path === 'string' && path.trim() !== '') paths.add(path)
	}
	const files = await Promise.all([...paths].map(async path => [path, await readKeyFile(path, runtime)] as const))
	return Object.fromEntries(files)
}

async function readKeyFile(path: string, runtime: Pick<Runtime, 'homeDir' | 'cwd'>): Promise<KeyFile> {
	// Mux expands any leading `~`, including that of `~name`.
	const expanded = path.startsWith('~') ? join(runtime.homeDir, path.slice(1)) : resolvePath(runtime, path)
	const entry = await stat(expanded).catch((error: NodeJS.ErrnoException) => error)
	if (entry instanceof Error) return { state: entry.code === 'ENOENT' ? 'missing' : 'unreadable' }
	if (!entry.isFile()) return { state: 'no-file' }
	if (entry.size > keyFileLimit) return { state: 'too-large' }
	const text = await readSmallFile(expanded, keyFileLimit)
	if (text === undefined) return { state: 'unreadable' }
	const key = text.trim()
	return key === '' ? { state: 'empty' } : { state: 'read', credential: wrapCredential(key) }
}

function redactEnvironment(env: Env): RedactedEnvironment {
	const redacted: Record<string, string | Credential> = {}
	for (const name of plainVariables) {
		const value = env[name]
		if (value !== undefined) redacted[name] = value
	}
	for (const name of credentialVariables) {
		const value = env[name]
		// Mux trims values from the environment.
		if (value !== undefined) redacted[name] = wrapCredential(value.trim())
	}
	return redacted
}

/** Whether a value is truthy: a string that may be a credential is wrapped, and counts by its length. */
export function isSet(value: Redacted | undefined): boolean {
	return isCredential(value) ? !value.empty : Boolean(value)
}

/** The properties of a section; none if the section isn't an object. */
export function asSection(value: Redacted | undefined): Section {
	if (typeof value !== 'object' || value === null || Array.isArray(value) || isCredential(value)) return {}
	return value as Section
}

/**
 * The context as it would be with this text in the settings file of `location`: the effect of a plan. `keyFiles`: the
 * future content of key files that the plan writes, by the path as the text names them.
 */
export function withSettingsText(
	muxContext: MuxContext,
	text: string,
	keyFiles: Readonly<Record<string, Credential>> = {},
): MuxContext {
	const { release, location } = muxContext
	const settings = readSettingsText(location.path, text)
	const added = Object.entries(keyFiles).map(([path, credential]) => [path, { state: 'read', credential }] as const)
	const changed = (muxHome: MuxHome): MuxHome => ({
		...muxHome,
		settings,
		keyFiles: { ...muxHome.keyFiles, ...Object.fromEntries(added) },
	})
	const directories = { ...muxContext.directories, [release]: changed(muxContext.directories[release]) }
	const other: Release = release === 'mux' ? 'xum' : 'mux'
	if (muxContext.directories[other].readFrom === dirname(location.path))
		directories[other] = changed(muxContext.directories[other])
	return { ...muxContext, directories, sectionIds: Object.keys(settings.sections) }
}

/** The settings files of both releases and the one that was loaded: any of them may name a token file. */
export function listSettingsFiles({ directories, location }: Pick<MuxContext, 'directories' | 'location'>): string[] {
	const paths = Object.values(directories).map(({ settings }) => settings.path)
	return [...new Set([location.path, ...paths])]
}
