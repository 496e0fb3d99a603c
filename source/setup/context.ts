// The current state, read once before a plan is made: the settings file to be edited, and everything else that Mux
// reads.
import { join } from 'node:path'
import { parseBridgeUrl, type Route } from '../bridge-url.ts'
import type { Finding } from '../findings/finding.ts'
import { asSection, loadMuxContext, type MuxContext, type Section } from '../mux/context.ts'
import { isCredential } from '../mux/credential.ts'
import { findSettings, type SettingsLocation } from '../mux/home.ts'
import type { Release } from '../mux/releases.ts'
import { describeRequest, resolveRequest } from '../mux/request/resolve.ts'
import { readSettings, type SettingsFile } from '../mux/settings/read.ts'
import { type BuiltInProvider, isBuiltInProvider, makeBuiltInTarget, type ProviderTarget } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Secret } from '../secrets/secret.ts'
import { findEnvironmentIssues } from './environment.ts'
import { inspectPlace, type SettingsPlace } from './settings-place.ts'

export type SetupContext = {
	readonly location: SettingsLocation
	readonly file: SettingsFile
	readonly muxContext: MuxContext
	/** What in the environment matters whatever the settings say. */
	readonly environmentIssues: readonly Finding[]
	readonly place: SettingsPlace
}

/** What the context is read for: `--settings`, `--release` and `--model`. */
export type ContextOptions = {
	readonly settings?: string | undefined
	readonly release?: Release | undefined
	/** Models to judge providers for, by the provider's id: `--model`. */
	readonly models?: Readonly<Record<string, string>> | undefined
	/** `--ca-file`. */
	readonly caFile?: string | undefined
}

/** Reads the settings file and everything else that Mux uses. Throws a UserError if the file can't be read safely. */
export async function loadContext(runtime: Runtime, where: ContextOptions): Promise<SetupContext> {
	const location = await findSettings(runtime, where)
	return loadContextAt(runtime, location, where)
}

/** Reads the same files again, after they have changed. Throws a UserError if the file can't be read safely. */
export async function reloadContext(runtime: Runtime, context: SetupContext): Promise<SetupContext> {
	const { location, muxContext, environmentIssues } = context
	return { ...(await loadContextAt(runtime, location, { models: muxContext.requestedModels })), environmentIssues }
}

async function loadContextAt(
	runtime: Runtime,
	location: SettingsLocation,
	{ models, caFile }: ContextOptions,
): Promise<SetupContext> {
	const [file, muxContext] = await Promise.all([readSettings(location.path), loadMuxContext(runtime, location, models)])
	const place = await inspectPlace(location, file)
	runtime.debug?.('settings', { path: location.path, exists: file.exists, release: muxContext.release })
	return { location, file, muxContext, environmentIssues: findEnvironmentIssues(runtime, caFile), place }
}

/** The same if the settings file can't be read and nothing will be written: as if there were no file. Never throws. */
export async function loadContextWithoutFile(runtime: Runtime, where: ContextOptions): Promise<SetupContext> {
	const location = await findSettings(runtime, where)
	const { path } = location
	const nothing = { exists: false, text: '', bytes: null, mode: null, owner: null, stamp: '' }
	const muxContext = await loadMuxContext(runtime, location, where.models)
	const environmentIssues = findEnvironmentIssues(runtime, where.caFile)
	const place = {
		linkTarget: null,
		workTree: null,
		tokenFileWorkTree: null,
		defaultStorage: { in: 'settings' },
	} as const
	return { location, file: { path, target: path, ...nothing }, muxContext, environmentIssues, place }
}

/** A section of the settings file to be edited; empty if there is none. */
export function getSettingsSection(muxContext: MuxContext, id: string): Section {
	return asSection(muxContext.directories[muxContext.release].settings.sections[id])
}

/** A built-in provider with the instance that its base URL in the settings names. */
export function getTargetInSettings(muxContext: MuxContext, id: BuiltInProvider): ProviderTarget {
	return makeBuiltInTarget(id, parseBridgeUrl(getSettingsBaseUrl(muxContext, id))?.instance)
}

/** The base URL in a section (docs/contracts/mux.md#2-the-settings-file: `baseUrl` if it is truthy, else `baseURL`). */
export function getSettingsBaseUrl(muxContext: MuxContext, id: string): string | null {
	const section = getSettingsSection(muxContext, id)
	const url = section['baseUrl'] || section['baseURL']
	return typeof url === 'string' && url !== '' ? url : null
}

/** What Mux uses for a provider, as text for the screens. */
export function describeProvider(muxContext: MuxContext, id: string): string {
	const { release } = muxContext
	if (isBuiltInProvider(id)) return describeRequest(resolveRequest(muxContext, release, id))
	const bridge = parseBridgeUrl(getSettingsBaseUrl(muxContext, id))
	if (bridge) return `AI Bridge at ${new URL(bridge.origin).host}`
	return muxContext.sectionIds.includes(id) ? 'set up otherwise' : 'not set up'
}

/** The sections that use a bridge, except Mux's own `coder`. */
export function getBridgedProviders(muxContext: MuxContext): { id: string; origin: string }[] {
	return muxContext.sectionIds.flatMap(id => {
		const bridge = id === 'coder' ? null : parseBridgeUrl(getSettingsBaseUrl(muxContext, id))
		return bridge ? [{ id, origin: bridge.origin }] : []
	})
}

/** The credentials in the settings file, or in files that it names, each with the base URL beside it. */
export function getTokensInSettings(muxContext: MuxContext): { baseUrl: string; token: Secret }[] {
	const { keyFiles } = muxContext.directories[muxContext.release]
	return muxContext.sectionIds.flatMap(id => {
		const baseUrl = id === 'coder' ? null : getSettingsBaseUrl(muxContext, id)
		if (!baseUrl) return []
		const section = getSettingsSection(muxContext, id)
		const { apiKey, apiKeyFile } = { apiKey: section['apiKey'], apiKeyFile: section['apiKeyFile'] }
		if (isCredential(apiKey) && apiKey.usable) return [{ baseUrl, token: apiKey.secret }]
		const file = typeof apiKeyFile === 'string' ? keyFiles[apiKeyFile] : undefined
		return file?.state === 'read' ? [{ baseUrl, token: file.credential.secret }] : []
	})
}

/** The key file that all these sections use without a key of their own; null if there is none. */
export function findSharedKeyFile(muxContext: MuxContext, ids: readonly string[]): string | null {
	const sections = ids.map(id => getSettingsSection(muxContext, id))
	const path = sections[0]?.['apiKeyFile']
	const isUsed = sections.every(section => section['apiKeyFile'] === path && section['apiKey'] === undefined)
	return typeof path === 'string' && isUsed ? path : null
}

/** Whether a key file named by the settings already contains this token. */
export function holdsToken(muxContext: MuxContext, path: string, token: Secret): boolean {
	const file = muxContext.directories[muxContext.release].keyFiles[path]
	return file?.state === 'read' && file.credential.secret.equals(token)
}

/** The files that hold a credential of the settings: the settings file, and those that its sections name. */
export function listCredentialFiles({ directories, release, location, homeDir, sectionIds }: MuxContext): string[] {
	const { keyFiles, settings } = directories[release]
	const hasKey = sectionIds.some(id =>
		['apiKey', 'authToken'].some(name => {
			const value = asSection(settings.sections[id])[name]
			return isCredential(value) && value.usable
		}),
	)
	const named = Object.entries(keyFiles).flatMap(([path, file]) =>
		file.state === 'read' ? [path.startsWith('~') ? join(homeDir, path.slice(1)) : path] : [],
	)
	return [...(hasKey && settings.state === 'read' ? [location.path] : []), ...named]
}

/** The path of AI Bridge that the settings use for this deployment; undefined if they use none. */
export function findRouteInSettings({ muxContext }: SetupContext, { origin }: { origin: string }): Route | undefined {
	return muxContext.sectionIds
		.map(id => parseBridgeUrl(getSettingsBaseUrl(muxContext, id)))
		.find(bridge => bridge?.origin === origin)?.route
}
