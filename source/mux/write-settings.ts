// Writing the settings file so that nobody ever sees half of it or loses a change.
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { finding, Refusal } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { makeFolder } from '../make-folder.ts'
import {
	backupPath,
	type Change,
	hashOf,
	type Journal,
	newBackupName,
	prune,
	readJournal,
	removeBackups,
	settle,
	withChange,
	writeJournal,
} from './backups.ts'
import { fileProblem } from './file-problems.ts'
import { underLock } from './lock.ts'
import { type Owner, replaceFile, sweepTemporaries } from './replace-file.ts'
import { readSettings, type SettingsFile } from './settings-file.ts'

/** What a write left behind. `backup`: absolute path of the old file's copy; null where there was no file before. */
export type Written = {
	/** False where there was nothing to write: the file, its mode and its times are untouched then. */
	readonly written: boolean
	readonly path: string
	readonly target: string
	readonly backup: string | null
}

/**
 * Writes the settings file's new text over the very file that was read as `before`, under Mux's own lock. The folder
 * is made (0700) where it is missing; links stay; the mode is kept but never wider than 0600; the owner is kept where
 * the process may. Throws Refusal: `settings-changed` where the file is another one by now, `settings-locked`,
 * `cancelled`, or what the file system refused; the old file is whole and untouched then.
 */
export async function writeSettings(
	host: Host,
	before: SettingsFile,
	text: string,
	options: { signal?: AbortSignal } = {},
): Promise<Written> {
	const { path } = before
	if (text === before.text) return { written: false, path, target: before.target, backup: null }
	try {
		await makeFolder(dirname(path))
	} catch (error) {
		throw fileProblem(error, path, dirname(path))
	}
	return underLock(path, options.signal, async () => {
		const current = await readSettings(path)
		if (!isSameFile(before, current)) throw new Refusal(finding('settings-changed', 'settings', { path }))
		if (current.exists) {
			await access(current.target, constants.W_OK).catch(error => {
				throw fileProblem(error, path, current.target)
			})
		}
		await sweepLeftovers(current)
		try {
			const backup = await change(path, current, Buffer.from(text), host.now())
			return { written: true, path, target: current.target, backup }
		} catch (error) {
			throw fileProblem(error, path, current.exists ? current.target : dirname(path))
		}
	})
}

/** Removes temporary files that a killed run left beside the file and beside its target. Call it under the lock. */
export async function sweepLeftovers({ path, target }: SettingsFile): Promise<void> {
	const now = (await stat(`${path}.lock`).catch(() => null))?.mtimeMs ?? 0
	await sweepTemporaries(path, now)
	if (target !== path) await sweepTemporaries(target, now)
}

function isSameFile(before: SettingsFile, current: SettingsFile): boolean {
	if (before.target !== current.target) return false
	if (!before.bytes || !current.bytes) return before.exists === current.exists
	return Buffer.compare(before.bytes, current.bytes) === 0
}

/** Journal, backup, file, in that order: whenever the process dies, the file is whole and the journal tells the truth. */
async function change(path: string, current: SettingsFile, bytes: Uint8Array, now: Date): Promise<string | null> {
	const { owner } = current
	const before = await hashOf(current.bytes)
	const read = await readJournal(path)
	const { journal: old, dropped } = settle(read, before)
	const name = current.bytes ? await newBackupName(path, now, read) : null
	const entry: Change = {
		time: now.toISOString(),
		backup: name,
		mode: current.mode,
		before,
		after: (await hashOf(bytes))!,
	}
	const journal = withChange(old, entry)
	try {
		await removeBackups(path, dropped)
		await writeJournal(path, journal, owner)
		if (name && current.bytes) await replaceFile(backupPath(path, name), current.bytes, 0o600, owner)
		await replaceFile(current.target, bytes, current.mode === null ? 0o600 : current.mode & 0o600, owner)
	} catch (error) {
		if (name) await removeBackups(path, [name])
		await writeJournal(path, old, owner).catch(() => {})
		throw error
	}
	await tidy(path, journal, owner)
	return name && backupPath(path, name)
}

/** Backups beyond the newest five go; the journal forgets them only when they are gone. Its failing loses nothing. */
async function tidy(path: string, journal: Journal, owner: Owner | null): Promise<void> {
	const { journal: kept, pruned } = prune(journal)
	if (pruned.length === 0) return
	await removeBackups(path, pruned)
	await writeJournal(path, kept, owner).catch(() => {})
}
