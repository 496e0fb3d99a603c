// Writes the settings file so that nobody ever sees half of it or loses a change.
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { finding, UserError } from '../../findings/finding.ts'
import { makeDirectory } from '../../runtime/make-directory.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import {
	addChange,
	backupPath,
	type Change,
	hashText,
	type Journal,
	newBackupName,
	pruneBackups,
	readJournal,
	reconcileJournal,
	removeBackups,
	writeJournal,
} from './backups.ts'
import { fileErrorFinding } from './file-errors.ts'
import { withLock } from './lock.ts'
import { readSettings, type SettingsFile } from './read.ts'
import { type FileOwner, removeStaleTempFiles, replaceFile } from './replace-file.ts'

/** The result of a write. `backup`: absolute path of the backup; null if there was no file before. */
export type WriteResult = {
	/** False if there was nothing to write: the file, its mode and its times are then untouched. */
	readonly written: boolean
	readonly path: string
	readonly target: string
	readonly backup: string | null
}

/**
 * Writes the settings file's new text over the file that was read as `before`, under Mux's own lock. A missing
 * directory is created (0700); links stay; the mode is kept but never wider than 0600; the owner is kept if the process
 * may. Throws a UserError: `settings-changed` if the file has changed since, `settings-locked`, `cancelled`, or the
 * file system's error; the old file is then intact and untouched.
 */
export async function writeSettings(
	runtime: Runtime,
	before: SettingsFile,
	text: string,
	options: { signal?: AbortSignal } = {},
): Promise<WriteResult> {
	const { path } = before
	if (text === before.text) return { written: false, path, target: before.target, backup: null }
	try {
		await makeDirectory(dirname(path))
	} catch (error) {
		throw fileErrorFinding(error, path, dirname(path))
	}
	return withLock(path, options.signal, async () => {
		const current = await readSettings(path)
		if (!isSameFile(before, current)) throw new UserError(finding('settings-changed', 'settings', { path }))
		if (current.exists) {
			await access(current.target, constants.W_OK).catch(error => {
				throw fileErrorFinding(error, path, current.target)
			})
		}
		await removeStaleFiles(current)
		try {
			const backup = await change(path, current, Buffer.from(text), runtime.now())
			return { written: true, path, target: current.target, backup }
		} catch (error) {
			throw fileErrorFinding(error, path, current.exists ? current.target : dirname(path))
		}
	})
}

/**
 * Removes temporary files that a killed run left beside the file and beside its target. To be called under the lock.
 */
export async function removeStaleFiles({ path, target }: SettingsFile): Promise<void> {
	const now = (await stat(`${path}.lock`).catch(() => null))?.mtimeMs ?? 0
	await removeStaleTempFiles(path, now)
	if (target !== path) await removeStaleTempFiles(target, now)
}

function isSameFile(before: SettingsFile, current: SettingsFile): boolean {
	if (before.target !== current.target) return false
	if (!before.bytes || !current.bytes) return before.exists === current.exists
	return Buffer.compare(before.bytes, current.bytes) === 0
}

/** Journal, backup, file, in that order: whenever the process dies, the file is intact and the journal is correct. */
async function change(path: string, current: SettingsFile, bytes: Uint8Array, now: Date): Promise<string | null> {
	const { owner } = current
	const before = await hashText(current.bytes)
	const read = await readJournal(path)
	const { journal: old, dropped } = reconcileJournal(read, before)
	const name = current.bytes ? await newBackupName(path, now, read) : null
	const entry: Change = {
		time: now.toISOString(),
		backup: name,
		mode: current.mode,
		before,
		after: (await hashText(bytes))!,
	}
	const journal = addChange(old, entry)
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

/**
 * Backups beyond the newest five are removed; the journal forgets them only afterwards. A failure here loses nothing.
 */
async function tidy(path: string, journal: Journal, owner: FileOwner | null): Promise<void> {
	const { journal: kept, pruned } = pruneBackups(journal)
	if (pruned.length === 0) return
	await removeBackups(path, pruned)
	await writeJournal(path, kept, owner).catch(() => {})
}
