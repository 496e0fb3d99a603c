// What is there now, read once before a plan is made: the settings file that would be edited, and all that Mux looks at.
import { bridgeOf } from '../bridge-url.ts'
import type { Host } from '../host.ts'
import { isCredential } from '../mux/credential.ts'
import { findSettings, type Release, type SettingsPlace } from '../mux/home.ts'
import { readSettings, type SettingsFile } from '../mux/settings-file.ts'
import { type MuxSnapshot, readMux, type Section, sectionOf } from '../mux/snapshot.ts'
import type { Secret } from '../secret.ts'

export type Reading = {
	readonly place: SettingsPlace
	readonly file: SettingsFile
	readonly snapshot: MuxSnapshot
}

/** Which settings file is meant: `--settings` and `--release`. */
export type Where = { readonly settings?: string | undefined; readonly release?: Release | undefined }

/** Reads the settings file and what else Mux goes by. Throws Refusal where the file can't be read safely. */
export async function readSetup(host: Host, where: Where): Promise<Reading> {
	const place = await findSettings(host, where)
	const [file, snapshot] = await Promise.all([readSettings(place.path), readMux(host, place)])
	return { place, file, snapshot }
}

/** The same where the settings file can't be read and nothing will be written: as if there were none. Never throws. */
export async function readWithoutFile(host: Host, where: Where): Promise<Reading> {
	const place = await findSettings(host, where)
	const { path } = place
	const nothing = { exists: false, text: '', bytes: null, mode: null, owner: null, stamp: '' }
	return { place, file: { path, target: path, ...nothing }, snapshot: await readMux(host, place) }
}

/** A section of the settings file that would be edited; empty where it is none. */
export function sectionIn(snapshot: MuxSnapshot, id: string): Section {
	return sectionOf(snapshot.folders[snapshot.release].settings.sections[id])
}

/** The base URL that a section gives its provider (mux-contract, section 2: `baseUrl` if it is truthy, else `baseURL`). */
export function baseUrlIn(snapshot: MuxSnapshot, id: string): string | null {
	const section = sectionIn(snapshot, id)
	const url = section['baseUrl'] || section['baseURL']
	return typeof url === 'string' && url !== '' ? url : null
}

/** The sections that go through a bridge, but for Mux's own `coder`. */
export function bridgedProviders(snapshot: MuxSnapshot): { id: string; origin: string }[] {
	return snapshot.sectionIds.flatMap(id => {
		const bridge = id === 'coder' ? null : bridgeOf(baseUrlIn(snapshot, id))
		return bridge ? [{ id, origin: bridge.origin }] : []
	})
}

/** The credentials of the settings file, or of files that it names, each with the base URL beside it. */
export function settingsTokens(snapshot: MuxSnapshot): { baseUrl: string; token: Secret }[] {
	const { keyFiles } = snapshot.folders[snapshot.release]
	return snapshot.sectionIds.flatMap(id => {
		const baseUrl = id === 'coder' ? null : baseUrlIn(snapshot, id)
		if (!baseUrl) return []
		const section = sectionIn(snapshot, id)
		const { apiKey, apiKeyFile } = { apiKey: section['apiKey'], apiKeyFile: section['apiKeyFile'] }
		if (isCredential(apiKey) && apiKey.usable) return [{ baseUrl, token: apiKey.secret }]
		const file = typeof apiKeyFile === 'string' ? keyFiles[apiKeyFile] : undefined
		return file?.state === 'read' ? [{ baseUrl, token: file.credential.secret }] : []
	})
}

/** The key file that all these sections go by, with no key of their own beside it; null where there is none. */
export function sharedKeyFile(snapshot: MuxSnapshot, ids: readonly string[]): string | null {
	const sections = ids.map(id => sectionIn(snapshot, id))
	const path = sections[0]?.['apiKeyFile']
	const isUsed = sections.every(section => section['apiKeyFile'] === path && section['apiKey'] === undefined)
	return typeof path === 'string' && isUsed ? path : null
}

/** Whether a key file that the settings name holds this very token already. */
export function holdsToken(snapshot: MuxSnapshot, path: string, token: Secret): boolean {
	const file = snapshot.folders[snapshot.release].keyFiles[path]
	return file?.state === 'read' && file.credential.secret.equals(token)
}
