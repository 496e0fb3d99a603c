// Restores the settings file's exact bytes and mode from before the wizard's last change.
import { constants } from 'node:fs'
import { copyFile, lstat, readlink, realpath, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { formatTimestamp } from '../../dates.ts'
import { type Finding, finding, UserError } from '../../findings/finding.ts'
import { type FileOwner, moveFile, removeFile, replaceFile } from '../../runtime/atomic-write.ts'
import { findOwnerForNew, withRightsOf } from '../../runtime/home-owner.ts'
import { readRegularFile } from '../../runtime/read-file.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import {
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
	writeJournal,
} from './backups.ts'
import { fileErrorFinding } from './file-errors.ts'
import { withLock } from './lock.ts'
import { readSettings, type SettingsFile } from './read.ts'
import { findTokenFilesIn, readSettingsTexts, removeTokenFiles, restoreTokenFiles } from './token-files.ts'
import { removeStaleFiles } from './write.ts'

/** Settings files of up to 64 MB are edited. */
const maxBackupBytes = 64 * 1024 * 1024

/** The result of an undo. */
export type UndoResult =
	| { readonly done: false }
	| {
			readonly done: true
			readonly path: string
			readonly target: string
			/** When the undone change was made. */
			readonly time: Date
			/** Whether the file was removed, since there was none before. */
			readonly removed: boolean
			/** Where `force` kept the present file; null without it. */
			readonly saved: string | null
			/** Token files of the wizard's own that came back, and those that were deleted. */
			readonly restoredTokenFiles: readonly string[]
			readonly removedTokenFiles: readonly string[]
			/** A token file that the restored settings name and that is gone. */
			readonly findings: readonly Finding[]
			/** How many more changes can be undone. */
			readonly left: number
	  }

export type UndoOptions = {
	readonly force?: boolean
	readonly signal?: AbortSignal
	/** Settings files besides this one that may name a token file: those of both releases. */
	readonly otherSettings?: readonly string[]
}

/**
 * Restores the file as it was before the wizard's last change, bytes and mode, or removes it if there was none. Each
 * further call goes one change further back. Throws a UserError: `undo-changed` if the file has changed since (`force`
 * continues, and keeps what is there now, whatever it is, as a backup), `undo-backup-missing`, `undo-journal-damaged`,
 * and whatever `writeSettings` throws.
 */
export async function undoLastChange(runtime: Runtime, path: string, options: UndoOptions = {}): Promise<UndoResult> {
	const homeOwner = await findOwnerForNew(runtime, path)
	return withRightsOf(homeOwner, () => undoLocked(runtime, path, options, homeOwner))
}

async function undoLocked(
	runtime: Runtime,
	path: string,
	options: UndoOptions,
	homeOwner: FileOwner | null,
): Promise<UndoResult> {
	const isForced = options.force === true
	if ((await lastChange(path, await readPresent(path, isForced))).change === null) return { done: false }
	return withLock(path, options.signal, async () => {
		const present = await readPresent(path, isForced)
		const file = { ...present, owner: present.owner ?? homeOwner }
		const last = await lastChange(path, file)
		const { change, changedSince } = last
		if (!change) return { done: false }
		if (changedSince && !isForced) {
			throw new UserError(finding('undo-changed', 'settings', { path, time: formatTimestamp(new Date(change.time)) }))
		}
		const bytes = await bytesBefore(path, change)
		await removeStaleFiles(file, change.tokenFiles?.made ?? undefined)
		try {
			return await restore(runtime, file, { ...last, change }, bytes, options)
		} catch (error) {
			throw fileErrorFinding(error, path, file.target)
		}
	})
}

async function restore(
	runtime: Runtime,
	file: PresentFile,
	{ change, changedSince, read, journal, dropped, abandoned }: Last & { change: Change },
	bytes: Uint8Array | null,
	{ otherSettings = [] }: UndoOptions,
): Promise<UndoResult> {
	const { path } = file
	const saved = changedSince ? await saveAside(file, await newBackupName(path, runtime.now(), read)) : null
	// The journal is reconciled on disk first: after another kill it could no longer be determined what happened.
	if (journal.changes.length < read.changes.length) {
		await removeBackups(path, dropped)
		await writeJournal(path, journal, file.owner)
	}
	// Before the settings name them again.
	const restoredTokenFiles = await restoreTokenFiles(change.tokenFiles?.former ?? [])
	if (bytes)
		await replaceFile(file.target, bytes, change.mode ?? 0o600, file.owner, {
			mayWriteInPlace: saved !== null || !changedSince,
		})
	else if (file.exists) await removeFile(file.target)
	const changes = journal.changes.slice(0, -1)
	const gone = change.backup ? [...dropped, change.backup] : dropped
	const backups = journal.backups.filter(name => !gone.includes(name))
	const text = bytes ? new TextDecoder().decode(bytes) : ''
	const settings = [text, ...(await readSettingsTexts(otherSettings.filter(other => other !== path)))]
	const made = change.tokenFiles?.made
	const removedTokenFiles = await removeTokenFiles([...abandoned, ...(made ? [made] : [])], settings)
	// Backups are removed first: a journal without its backups is reconciled, backups without a journal would stay for
	// ever.
	await removeBackups(path, gone)
	await writeJournal(path, { ...journal, changes, backups }, file.owner)
	const findings: Finding[] = []
	for (const named of findTokenFilesIn(text, runtime.homeDir)) {
		const isThere = await stat(named).then(
			stats => stats.isFile(),
			() => false,
		)
		if (!isThere) findings.push(finding('token-file-missing', 'token', { path: named }))
	}
	return {
		done: true,
		path,
		target: file.target,
		time: new Date(change.time),
		removed: bytes === null,
		saved,
		restoredTokenFiles,
		removedTokenFiles,
		findings,
		left: changes.length,
	}
}

/** The settings file, or what is in its place. */
type PresentFile = SettingsFile & {
	/** How to keep an entry that isn't an editable text: a copy of a file, or the moved entry. Null for a text. */
	readonly keptBy: 'copy' | 'move' | null
}

/**
 * Reads the settings file. With `isForced`, anything may be there: another encoding, a huge file, a directory, a broken
 * link. A broken link is followed if the file behind it can be created.
 */
async function readPresent(path: string, isForced: boolean): Promise<PresentFile> {
	try {
		return { ...(await readSettings(path)), keptBy: null }
	} catch (error) {
		const entry = isForced ? await lstat(path).catch(() => null) : null
		if (!entry || !(error instanceof UserError)) throw error
		const nothing = { path, text: '', bytes: null, mode: null, owner: null, stamp: '' }
		const target = await realpath(path).catch(() => null)
		if (target !== null) {
			const isFile = (await stat(target)).isFile()
			return { ...nothing, target: isFile ? target : path, exists: true, keptBy: isFile ? 'copy' : 'move' }
		}
		const behind = resolve(dirname(path), await readlink(path).catch(() => path))
		const canCreate = behind !== path && (await lstat(behind).catch(() => null)) === null
		const isReachable = await stat(dirname(behind)).then(
			stats => stats.isDirectory(),
			() => false,
		)
		return canCreate && isReachable
			? { ...nothing, target: behind, exists: false, keptBy: null }
			: { ...nothing, target: path, exists: true, keptBy: 'move' }
	}
}

/** Keeps what is there now as a backup; returns its path, or null if nothing is there. */
async function saveAside(file: PresentFile, name: string): Promise<string | null> {
	const saved = backupPath(file.path, name)
	if (file.keptBy === 'copy') await copyFile(file.target, saved, constants.COPYFILE_EXCL)
	else if (file.keptBy === 'move') await moveFile(file.path, saved)
	else if (file.bytes) await replaceFile(saved, file.bytes, 0o600, file.owner)
	else return null
	return saved
}

/**
 * The file's contents before each of the wizard's changes, newest first; '' if there was no file. Missing backups are
 * left out. Never throws for them.
 */
export async function readBackups(path: string): Promise<string[]> {
	const { changes } = pruneBackups(await readJournal(path)).journal
	const texts: string[] = []
	for (const change of changes.toReversed()) {
		const bytes = await bytesBefore(path, change).catch(() => undefined)
		if (bytes !== undefined) texts.push(bytes ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) : '')
	}
	return texts
}

/** The journal as read, and reconciled with the present file. */
type Last = {
	change: Change | null
	changedSince: boolean
	read: Journal
	journal: Journal
	dropped: string[]
	abandoned: string[]
}

async function lastChange(path: string, file: PresentFile): Promise<Last> {
	const read = await readJournal(path)
	if (read.damaged)
		throw new UserError(finding('undo-journal-damaged', 'settings', { path, journal: journalPath(path) }))
	// What isn't a text equals no text that the wizard has written, nor a missing file.
	const now = file.keptBy === null ? await hashText(file.bytes) : ''
	const settled = reconcileJournal(read, now)
	// Backups beyond the limit may already be gone: a killed run removed them before it could record that.
	const { journal, pruned } = pruneBackups(settled.journal)
	const dropped = [...settled.dropped, ...pruned]
	const { abandoned } = settled
	const change = journal.changes.at(-1) ?? null
	return { change, changedSince: change !== null && change.after !== now, read, journal, dropped, abandoned }
}

async function bytesBefore(path: string, change: Change): Promise<Uint8Array | null> {
	if (change.backup === null) return null
	const backup = backupPath(path, change.backup)
	const bytes = await readRegularFile(backup, maxBackupBytes, { followLink: false }).catch(
		(error: NodeJS.ErrnoException) => error,
	)
	const problem =
		bytes instanceof Error ? (bytes.code === 'ENOENT' ? "doesn't exist" : `can't be read (${bytes.code})`) : null
	if (problem || (await hashText(bytes as Uint8Array)) !== change.before) {
		throw new UserError(
			finding('undo-backup-missing', 'settings', {
				path,
				backup,
				problem: problem ?? "isn't what the wizard saved",
			}),
		)
	}
	return bytes as Uint8Array
}
