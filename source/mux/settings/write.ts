// Writes the settings file so that nobody ever sees half of it or loses a change.
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Finding, finding, UserError } from '../../findings/finding.ts'
import { type FileOwner, removeStaleTempFiles, replaceFile } from '../../runtime/atomic-write.ts'
import { findOwnerForNew, withRightsOf } from '../../runtime/home-owner.ts'
import { makeDirectory } from '../../runtime/make-directory.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { Secret } from '../../secrets/secret.ts'
import {
	addChange,
	backupPath,
	type Change,
	hashText,
	type Journal,
	journalPath,
	newBackupName,
	pruneBackups,
	readJournal,
	reconcileJournal,
	removeBackups,
	replaceDamagedJournal,
	writeJournal,
} from './backups.ts'
import { fileErrorFinding } from './file-errors.ts'
import { withLock } from './lock.ts'
import { restrictTokenFiles } from './permissions.ts'
import { readSettings, type SettingsFile } from './read.ts'
import {
	findTokenFilesIn,
	readSettingsTexts,
	removeTokenFiles,
	savedTokenFile,
	saveTokenFiles,
	tokenFileName,
	writeTokenFile,
} from './token-files.ts'

/** The result of a write. `backup`: absolute path of the backup; null if there was no file before. */
export type WriteResult = {
	/** False if there was nothing to write: the file, its mode and its times are then untouched. */
	readonly written: boolean
	readonly path: string
	readonly target: string
	readonly backup: string | null
	/** The token file that was created; null if there is none, or if it held the token already. */
	readonly tokenFile: string | null
	/** Token files of the wizard's own that nothing names any more and that were deleted, or moved aside for `undo`. */
	readonly removedTokenFiles: readonly string[]
	/** What the user should know about the files as they are now. */
	readonly findings: readonly Finding[]
}

export type WriteOptions = {
	readonly signal?: AbortSignal
	/** A token that the new text names the file of. */
	readonly tokenFile?: { readonly path: string; readonly token: Secret } | null
	/** Token files that the text no longer names go at once (for `undo` they are moved aside), not with the next change. */
	readonly discardsTokenFiles?: boolean
	/** Settings files besides this one that may name a token file: those of both releases. */
	readonly otherSettings?: readonly string[]
}

/**
 * Writes the settings file's new text over the file that was read as `before`, under Mux's own lock, and the token file
 * that the text names before it. A missing directory is created (0700); links stay; the mode is kept but never wider
 * than 0600; the owner is kept if the process may. Throws a UserError: `settings-changed` if the file has changed since,
 * `settings-locked`, `cancelled`, or the file system's error; the old file is then intact and untouched.
 */
export async function writeSettings(
	runtime: Runtime,
	before: SettingsFile,
	text: string,
	options: WriteOptions = {},
): Promise<WriteResult> {
	const { path } = before
	if (text === before.text && !options.tokenFile) {
		const nothing = { target: before.target, backup: null, tokenFile: null, removedTokenFiles: [], findings: [] }
		return { path, written: false, ...nothing }
	}
	const homeOwner = await findOwnerForNew(runtime, path)
	return withRightsOf(homeOwner, () => writeLocked(runtime, before, text, options, homeOwner))
}

async function writeLocked(
	runtime: Runtime,
	before: SettingsFile,
	text: string,
	options: WriteOptions,
	homeOwner: FileOwner | null,
): Promise<WriteResult> {
	const { path } = before
	const isSameText = text === before.text
	const nothing = { path, target: before.target, backup: null, removedTokenFiles: [], findings: [] }
	try {
		await makeDirectory(dirname(path), homeOwner)
	} catch (error) {
		throw fileErrorFinding(error, path, dirname(path))
	}
	return withLock(path, options.signal, async () => {
		const read = await readSettings(path)
		const current = { ...read, owner: read.owner ?? homeOwner }
		if (!isSameFile(before, current)) throw new UserError(finding('settings-changed', 'settings', { path }))
		if (isSameText && options.tokenFile) {
			// The settings name this file already, and it was deleted.
			const { path: file, token } = options.tokenFile
			const isMade = await writeTokenFile(file, token, current.owner)
			return { ...nothing, written: isMade, tokenFile: isMade ? file : null }
		}
		if (current.exists) {
			await access(current.target, constants.W_OK).catch(error => {
				throw fileErrorFinding(error, path, current.target)
			})
		}
		await removeStaleFiles(current, options.tokenFile?.path)
		try {
			return { written: true, path, target: current.target, ...(await change(runtime, current, text, options)) }
		} catch (error) {
			throw fileErrorFinding(error, path, current.exists ? current.target : dirname(path))
		}
	})
}

/**
 * Removes temporary files that a killed run left beside the file, beside its target and beside a token file. To be
 * called under the lock.
 */
export async function removeStaleFiles({ path, target }: SettingsFile, tokenFile?: string): Promise<void> {
	const now = (await stat(`${path}.lock`).catch(() => null))?.mtimeMs ?? 0
	await removeStaleTempFiles(path, now)
	if (target !== path) await removeStaleTempFiles(target, now)
	const directories = new Set([dirname(path), ...(tokenFile ? [dirname(tokenFile)] : [])])
	for (const directory of directories) await removeStaleTempFiles(`${directory}/${tokenFileName}`, now)
}

function isSameFile(before: SettingsFile, current: SettingsFile): boolean {
	if (before.target !== current.target) return false
	if (!before.bytes || !current.bytes) return before.exists === current.exists
	return Buffer.compare(before.bytes, current.bytes) === 0
}

/**
 * Journal, token file, backup, settings file, in that order: whenever the process dies, the settings file is intact, the
 * journal is correct, and what the settings name is there. Only the last step changes what Mux does.
 */
async function change(
	runtime: Runtime,
	current: SettingsFile,
	text: string,
	{ tokenFile, discardsTokenFiles, otherSettings = [] }: WriteOptions,
): Promise<Omit<WriteResult, 'written' | 'path' | 'target'>> {
	const { path, owner } = current
	const bytes = Buffer.from(text)
	const findings: Finding[] = []
	const before = await hashText(current.bytes)
	let read = await readJournal(path)
	if (read.damaged) {
		const { journal, savedAs } = await replaceDamagedJournal(path)
		read = journal
		findings.push(finding('undo-journal-replaced', 'settings', { journal: journalPath(path), savedAs }))
	}
	const { journal: old, dropped, abandoned } = reconcileJournal(read, before)
	const name = current.bytes ? await newBackupName(path, runtime.now(), read) : null
	const namedBefore = findTokenFilesIn(current.text, runtime.homeDir)
	const namedAfter = findTokenFilesIn(text, runtime.homeDir)
	const former = namedBefore.filter(file => !namedAfter.includes(file))
	const entry: Change = {
		time: runtime.now().toISOString(),
		backup: name,
		mode: current.mode,
		before,
		after: (await hashText(bytes))!,
		...(tokenFile || former.length > 0 ? { tokenFiles: { made: tokenFile?.path ?? null, former } } : {}),
	}
	const journal = addChange(old, entry)
	let isMade = false
	try {
		await removeBackups(path, dropped)
		await writeJournal(path, journal, owner)
		if (tokenFile) isMade = await writeTokenFile(tokenFile.path, tokenFile.token, owner)
		if (name && current.bytes) await replaceFile(backupPath(path, name), current.bytes, 0o600, owner)
		const mode = current.mode === null ? 0o600 : current.mode & 0o600
		const done = await replaceFile(current.target, bytes, mode, owner, { mayWriteInPlace: name !== null })
		if (done.inPlace) findings.push(finding('settings-written-in-place', 'settings', { path }))
		if ((done.mode & 0o077) !== 0 && process.platform !== 'win32')
			findings.push(
				finding('file-readable-by-others', 'settings', { path: current.target, mode: formatMode(done.mode) }),
			)
	} catch (error) {
		if (name) await removeBackups(path, [name])
		if (isMade && tokenFile) await removeTokenFiles([tokenFile.path], [current.text])
		await writeJournal(path, old, owner).catch(() => {})
		throw error
	}
	await prune(path, journal, owner)
	await restrictTokenFiles(namedAfter)
	// Read again: what another settings file names stays.
	const settings = [text, ...(await readSettingsTexts(otherSettings.filter(other => other !== path)))]
	const older = journal.changes.slice(0, -1).flatMap(({ tokenFiles }) => listTokenFiles(tokenFiles))
	const removed = await removeTokenFiles(
		[...abandoned, ...older].filter(file => !former.includes(file)),
		settings,
	)
	const saved = discardsTokenFiles ? await saveTokenFiles(former, settings) : []
	return {
		backup: name && backupPath(path, name),
		tokenFile: isMade ? (tokenFile?.path ?? null) : null,
		removedTokenFiles: [...removed, ...saved],
		findings,
	}
}

/** Every path at which a change may have left a token file. */
function listTokenFiles(tokenFiles: Change['tokenFiles']): string[] {
	if (!tokenFiles) return []
	const { made, former } = tokenFiles
	return [...(made ? [made] : []), ...former, ...former.map(savedTokenFile)]
}

function formatMode(mode: number): string {
	return `0${(mode & 0o777).toString(8).padStart(3, '0')}`
}

/**
 * Backups beyond the newest five are removed; the journal forgets them only afterwards. A failure here loses nothing.
 */
async function prune(path: string, journal: Journal, owner: SettingsFile['owner']): Promise<void> {
	const { journal: kept, pruned } = pruneBackups(journal)
	if (pruned.length === 0) return
	await removeBackups(path, pruned)
	await writeJournal(path, kept, owner).catch(() => {})
}
