// The way back: the settings file's very bytes and mode before the wizard's last change.
import { readFile } from 'node:fs/promises'
import { finding, UserError } from '../../findings/finding.ts'
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
import { removeFile, replaceFile } from './replace-file.ts'
import { removeStaleFiles } from './write.ts'

/** What undo did. */
export type UndoResult =
	| { readonly done: false }
	| {
			readonly done: true
			readonly path: string
			readonly target: string
			/** When the change was made that is undone. */
			readonly time: Date
			/** Whether the file was removed, since there was none before. */
			readonly removed: boolean
			/** Where `force` put the file as it was just now; null without. */
			readonly saved: string | null
			/** How many more changes can be undone. */
			readonly left: number
	  }

/**
 * Puts back the file as it was before the wizard's last change, bytes and mode, or removes it where there was none.
 * Again, it goes one change further back. Throws UserError: `undo-changed` where the file has changed since (`force` goes
 * on, and keeps the present file as a backup), `undo-backup-missing`, `undo-journal-damaged`, and what `writeSettings`
 * throws.
 */
export async function undoLastChange(
	runtime: Runtime,
	path: string,
	options: { force?: boolean; signal?: AbortSignal } = {},
): Promise<UndoResult> {
	if ((await lastChange(path, await readSettings(path))).change === null) return { done: false }
	return withLock(path, options.signal, async () => {
		const file = await readSettings(path)
		const { change, changedSince, read, journal, dropped } = await lastChange(path, file)
		if (!change) return { done: false }
		if (changedSince && !options.force) {
			throw new UserError(finding('undo-changed', 'settings', { path, time: inWords(change.time) }))
		}
		const bytes = await bytesBefore(path, change)
		await removeStaleFiles(file)
		try {
			let saved: string | null = null
			if (changedSince && file.bytes) {
				saved = backupPath(path, await newBackupName(path, runtime.now(), read))
				await replaceFile(saved, file.bytes, 0o600, file.owner)
			}
			// What an earlier run was killed in is settled on the disk first: killed again now, it could not be told any more.
			if (journal.changes.length < read.changes.length) {
				await removeBackups(path, dropped)
				await writeJournal(path, journal, file.owner)
			}
			if (bytes) await replaceFile(file.target, bytes, change.mode ?? 0o600, file.owner)
			else if (file.exists) await removeFile(file.target)
			const changes = journal.changes.slice(0, -1)
			const gone = change.backup ? [...dropped, change.backup] : dropped
			const backups = journal.backups.filter(name => !gone.includes(name))
			// The backups first: a journal that outlives them is settled, backups that outlive it would stay for ever.
			await removeBackups(path, gone)
			await writeJournal(path, { ...journal, changes, backups }, file.owner)
			return {
				done: true,
				path,
				target: file.target,
				time: new Date(change.time),
				removed: bytes === null,
				saved,
				left: changes.length,
			}
		} catch (error) {
			throw fileErrorFinding(error, path, file.target)
		}
	})
}

/**
 * What the file held before each of the wizard's changes, newest first; '' where there was no file. Backups that are
 * gone are left out. Never throws for them.
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

/** The journal as read, and as it holds for the file as it is. */
type Last = { change: Change | null; changedSince: boolean; read: Journal; journal: Journal; dropped: string[] }

async function lastChange(path: string, file: SettingsFile): Promise<Last> {
	const read = await readJournal(path)
	if (read.damaged)
		throw new UserError(finding('undo-journal-damaged', 'settings', { path, journal: journalPath(path) }))
	const now = await hashText(file.bytes)
	const settled = reconcileJournal(read, now)
	// Backups beyond those that are kept may be gone already: a killed run removed them and did not come to say so.
	const { journal, pruned } = pruneBackups(settled.journal)
	const dropped = [...settled.dropped, ...pruned]
	const change = journal.changes.at(-1) ?? null
	return { change, changedSince: change !== null && change.after !== now, read, journal, dropped }
}

async function bytesBefore(path: string, change: Change): Promise<Uint8Array | null> {
	if (change.backup === null) return null
	const backup = backupPath(path, change.backup)
	const bytes = await readFile(backup).catch((error: NodeJS.ErrnoException) => error)
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

function inWords(time: string): string {
	return time.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')
}
