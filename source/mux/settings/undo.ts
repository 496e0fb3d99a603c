// Restores the settings file's exact bytes and mode from before the wizard's last change.
import { readFile } from 'node:fs/promises'
import { formatTimestamp } from '../../dates.ts'
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
			/** How many more changes can be undone. */
			readonly left: number
	  }

/**
 * Restores the file as it was before the wizard's last change, bytes and mode, or removes it if there was none. Each
 * further call goes one change further back. Throws a UserError: `undo-changed` if the file has changed since (`force`
 * continues, and keeps the present file as a backup), `undo-backup-missing`, `undo-journal-damaged`, and whatever
 * `writeSettings` throws.
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
			throw new UserError(finding('undo-changed', 'settings', { path, time: formatTimestamp(new Date(change.time)) }))
		}
		const bytes = await bytesBefore(path, change)
		await removeStaleFiles(file)
		try {
			let saved: string | null = null
			if (changedSince && file.bytes) {
				saved = backupPath(path, await newBackupName(path, runtime.now(), read))
				await replaceFile(saved, file.bytes, 0o600, file.owner)
			}
			// The journal is reconciled on disk first: after another kill it could no longer be determined what
			// happened.
			if (journal.changes.length < read.changes.length) {
				await removeBackups(path, dropped)
				await writeJournal(path, journal, file.owner)
			}
			if (bytes) await replaceFile(file.target, bytes, change.mode ?? 0o600, file.owner)
			else if (file.exists) await removeFile(file.target)
			const changes = journal.changes.slice(0, -1)
			const gone = change.backup ? [...dropped, change.backup] : dropped
			const backups = journal.backups.filter(name => !gone.includes(name))
			// Backups are removed first: a journal without its backups is reconciled, backups without a journal would
			// stay for ever.
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
type Last = { change: Change | null; changedSince: boolean; read: Journal; journal: Journal; dropped: string[] }

async function lastChange(path: string, file: SettingsFile): Promise<Last> {
	const read = await readJournal(path)
	if (read.damaged)
		throw new UserError(finding('undo-journal-damaged', 'settings', { path, journal: journalPath(path) }))
	const now = await hashText(file.bytes)
	const settled = reconcileJournal(read, now)
	// Backups beyond the limit may already be gone: a killed run removed them before it could record that.
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
