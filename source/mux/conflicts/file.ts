// Conflicts in the settings file itself: what Mux can't read, doesn't know or reads twice.
import { cleanText } from '../../findings/clean-text.ts'
import { type DetailsOf, type Finding, type FindingCode, finding } from '../../findings/finding.ts'
import { providers } from '../../providers.ts'
import { asSection } from '../context.ts'
import { isCredential } from '../credential.ts'
import { formatPath } from '../home.ts'
import { type Conflict, makeConflict, makeRemoval, type Scene, type Search } from './scene.ts'

function homeConflicts({ muxContext, release }: Scene): Conflict[] {
	if (release !== muxContext.location.release) return []
	return muxContext.location.findings.filter(issue => issue.code === 'two-homes').map(found => ({ finding: found }))
}

const unreadableReasons: Readonly<Record<string, string>> = {
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
		const why = unreadableReasons[settings.why ?? ''] ?? `The system says ${settings.why}`
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
function nameConflicts(scene: Scene): Conflict[] {
	const { muxContext, release, provider, section } = scene
	const conflicts: Conflict[] = []
	for (const [name, value] of Object.entries(muxContext.directories[release].settings.sections)) {
		if (
			name === provider ||
			name === 'coder' ||
			!(providers[provider].aliases as readonly string[]).includes(normalizeName(name))
		)
			continue
		// With a type of its own it is a custom provider, whatever its name.
		if (asSection(value)['providerType'] !== undefined) continue
		const found = cleanText(name, 40)
		conflicts.push(
			makeConflict(scene, 'misspelled-section', { name: found }, makeRemoval(`remove the section "${found}"`, [name])),
		)
	}
	for (const name of Object.keys(section)) {
		if (realKeys.includes(name)) continue
		const key = Object.keys(otherKeyNames).find(candidate => otherKeyNames[candidate]?.includes(normalizeName(name)))
		if (key === undefined) continue
		const found = cleanText(name, 40)
		conflicts.push(
			makeConflict(scene, 'misspelled-key', { name: found, key }, makeRemoval(`remove "${found}"`, [provider, name])),
		)
	}
	return conflicts
}

/** A name without case and word separators. */
function normalizeName(name: string): string {
	return name.toLowerCase().replace(/[\s_.-]/g, '')
}

function duplicateConflicts(scene: Scene): Conflict[] {
	const { muxContext, release, provider } = scene
	const { duplicates, sections } = muxContext.directories[release].settings
	const conflicts: Conflict[] = []
	const value = sections[provider]
	const isObject = typeof value === 'object' && value !== null && !Array.isArray(value) && !isCredential(value)
	if (value !== undefined && !isObject) conflicts.push(makeConflict(scene, 'section-not-object', {}))
	for (const { path, count } of duplicates) {
		if (path[0] !== provider) continue
		const key = path[1]
		if (key === undefined) conflicts.push(makeConflict(scene, 'duplicate-section', { count }))
		else conflicts.push(makeConflict(scene, 'duplicate-key', { key: cleanText(key, 40), count }))
	}
	return conflicts
}

/** In the order in which they are reported. */
export const fileSearches: readonly Search[] = [homeConflicts, fileConflicts, nameConflicts, duplicateConflicts]
