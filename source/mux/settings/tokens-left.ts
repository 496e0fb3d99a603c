// Which files of the wizard still hold a Coder token after it was removed from the settings.
import { readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Finding, finding } from '../../findings/finding.ts'
import { readSmallFile } from '../../runtime/read-file.ts'
import { findCoderKeyIds } from '../../secrets/redact.ts'
import { formatPath } from '../home.ts'
import { tokenFileName } from './token-files.ts'

/**
 * The tokens in the settings file, its backups and the token files, as a finding that names the files and says how to
 * revoke the tokens; none if nothing is left.
 */
export async function findTokensLeft(path: string, directory: string, homeDir: string): Promise<Finding[]> {
	const keyIds = new Set<string>()
	const files: string[] = []
	const places = new Map([
		[dirname(path), (name: string) => name.startsWith(basename(path))],
		...(directory === dirname(path) ? [] : [[directory, () => false] as const]),
	])
	for (const [place, isSettings] of places) {
		for (const name of (await readdir(place).catch(() => [])).sort()) {
			if (!isSettings(name) && !name.startsWith(tokenFileName)) continue
			const text = (await readSmallFile(join(place, name), 64 * 1024 * 1024)) ?? ''
			const found = findCoderKeyIds(text)
			if (found.length > 0) files.push(formatPath(join(place, name), homeDir))
			for (const keyId of found) keyIds.add(keyId)
		}
	}
	if (keyIds.size === 0) return []
	return [
		finding('token-still-valid', 'token', {
			keyIds: [...keyIds].join(', '),
			files: files.join(', '),
		}),
	]
}
