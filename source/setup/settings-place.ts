// Where the settings file really is: behind a link, or inside a git work tree, where a token could be published.
import { realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Finding, finding } from '../findings/finding.ts'
import { formatPath, type SettingsLocation } from '../mux/home.ts'
import type { SettingsFile } from '../mux/settings/read.ts'
import { tokenFileName } from '../mux/settings/token-files.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { TokenStorage } from './config.ts'

export type SettingsPlace = {
	/** The file behind the link; null if the settings file isn't a link. */
	readonly linkTarget: string | null
	/** The git work tree that contains the file; null if there is none. */
	readonly workTree: string | null
	/** The git work tree that contains Mux's directory, where token files are; null if there is none. */
	readonly tokenFileWorkTree: string | null
	/** Where a new token is stored unless the user selects something else. */
	readonly defaultStorage: TokenStorage
}

/** Looks at the place of the settings file. Never throws. */
export async function inspectPlace({ directory }: SettingsLocation, file: SettingsFile): Promise<SettingsPlace> {
	const linkTarget = file.target === file.path ? null : file.target
	const workTree = await findWorkTree(dirname(file.target))
	// Mux's own directory may be in the same work tree; a file of its own in there would be no safer.
	const tokenFileWorkTree = await findWorkTree(directory)
	const isBeside = workTree !== null && tokenFileWorkTree === null
	const path = join(directory, tokenFileName)
	return {
		linkTarget,
		workTree,
		tokenFileWorkTree,
		defaultStorage: isBeside ? { in: 'token-file', path } : { in: 'settings' },
	}
}

async function findWorkTree(directory: string): Promise<string | null> {
	let current = await realpath(directory).catch(() => directory)
	for (;;) {
		const entry = await stat(join(current, '.git')).catch(() => null)
		if (entry) return current
		const parent = dirname(current)
		if (parent === current) return null
		current = parent
	}
}

/** What the user should know about the place of the file, given where the token is stored. */
export function describePlace(
	{ linkTarget, workTree, tokenFileWorkTree }: SettingsPlace,
	path: string,
	storage: TokenStorage,
	{ homeDir }: Pick<Runtime, 'homeDir'>,
): Finding[] {
	const issues: Finding[] = []
	const shown = (text: string) => formatPath(text, homeDir)
	if (linkTarget !== null)
		issues.push(finding('settings-link', 'settings', { path: shown(path), target: shown(linkTarget) }))
	if (workTree !== null && storage.in === 'settings')
		issues.push(finding('settings-in-git', 'settings', { path: shown(linkTarget ?? path), root: shown(workTree) }))
	if (tokenFileWorkTree !== null && storage.in === 'token-file')
		issues.push(
			finding('token-file-in-git', 'settings', { pattern: `${tokenFileName}-*`, root: shown(tokenFileWorkTree) }),
		)
	return issues
}
