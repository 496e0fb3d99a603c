// Backups and the journal for `undo`: copies of the settings file from before each change, and a record of which change
// each belongs to. Both are stored beside the settings file as named (not beside a link's target, which may be under
// version control), with mode 0600. The journal contains hashes and modes, never a credential:
//
//   providers.jsonc.20261123T144500Z.bak   the file's bytes before a change
//   providers.jsonc.undo.json              { version, changes: [{ time, backup, mode, before, after }], backups }
//
// `backup`, `mode` and `before` are null if there was no file. The journal is written before the change that it
// records: a change that was never made is recognized by the hashes and dropped.
import { lstat, readdir, readFile, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type FileOwner, removeFile, replaceFile } from './replace-file.ts'

/** One change by the wizard. `time` in ISO 8601; hashes are SHA-256 in hex. */
export type Change = {
	readonly time: string
	readonly backup: string | null
	readonly mode: number | null
	readonly before: string | null
	readonly after: string
}

/** The wizard's changes and backups, both oldest first. `damaged`: there is a journal that the wizard didn't write. */
export type Journal = {
	readonly changes: readonly Change[]
	readonly backups: readonly string[]
	readonly damaged: boolean
}

/** The number of backups that are kept. */
export const backupsKept = 5

export function journalPath(path: string): string {
	return `${path}.undo.json`
}

/** SHA-256 in hex, or null for a missing file. */
export async function hashText(bytes: Uint8Array | null): Promise<string | null> {
	if (!bytes) return null
	const { createHash } = await import('node:crypto')
	return createHash('sha256').update(bytes).digest('hex')
}

const empty: Journal = { changes: [], backups: [], damaged: false }
const hash = /^[0-9a-f]{64}$/
const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/

/** The journal of a settings file; an empty one if there is none. */
export async function readJournal(path: string): Promise<Journal> {
	const file = journalPath(path)
	let text: string
	try {
		const state = await lstat(file)
		if (!state.isFile() || state.size > 1_000_000) return { ...empty, damaged: true }
		text = await readFile(file, 'utf8')
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT' ? empty : { ...empty, damaged: true }
	}
	try {
		const { version, changes, backups } = JSON.parse(text)
		const sound =
			version === 1 &&
			Array.isArray(changes) &&
			Array.isArray(backups) &&
			backups.every(name => isBackupName(path, name)) &&
			changes.every(change => isChange(path, change))
		return sound ? { changes, backups, damaged: false } : { ...empty, damaged: true }
	} catch {
		return { ...empty, damaged: true }
	}
}

function isChange(path: string, change: Partial<Record<keyof Change, unknown>> | null): boolean {
	if (typeof change !== 'object' || change === null) return false
	const { time, backup, mode, before, after } = change
	if (typeof time !== 'string' || !isTime.test(time) || Number.isNaN(Date.parse(time))) return false
	if (typeof after !== 'string' || !hash.test(after)) return false
	if (backup === null) return mode === null && before === null
	return (
		isBackupName(path, backup) &&
		typeof before === 'string' &&
		hash.test(before) &&
		Number.isInteger(mode) &&
		(mode as number) >= 0 &&
		(mode as number) <= 0o7777
	)
}

/** Whether the wizard names a backup like this; anything else is never touched, whatever the journal says. */
function isBackupName(path: string, name: unknown): name is string {
	const start = `${basename(path)}.`
	return (
		typeof name === 'string' && name.startsWith(start) && /^\d{8}T\d{6}Z(?:-\d+)?\.bak$/.test(name.slice(start.length))
	)
}

/** Writes the journal, or removes it if nothing is left to undo. */
export async function writeJournal(
	path: string,
	{ changes, backups }: Journal,
	owner: FileOwner | null,
): Promise<void> {
	const file = journalPath(path)
	if (changes.length === 0) {
		await removeFile(file).catch((error: NodeJS.ErrnoException) => {
			if (error.code !== 'ENOENT') throw error
		})
		return
	}
	const text = `${JSON.stringify({ version: 1, changes, backups }, null, 2)}\n`
	await replaceFile(file, Buffer.from(text), 0o600, owner)
}

/**
 * The name of a new backup: `providers.jsonc.20261123T144500Z.bak`, then `…Z-2.bak`. A name in the journal counts as
 * taken even if its file is gone, or pruning would take the new file for the old one.
 */
export async function newBackupName(path: string, now: Date, journal: Journal): Promise<string> {
	const start = `${basename(path)}.${now.toISOString().replace(/[-:]|\.\d+/g, '')}`
	const known = [...(await readdir(dirname(path))), ...journal.backups].filter(
		name => name.startsWith(start) && isBackupName(path, name),
	)
	const numbers = known.map(name => Number(/-(\d+)\.bak$/.exec(name)?.[1] ?? 1))
	return numbers.length === 0 ? `${start}.bak` : `${start}-${Math.max(...numbers) + 1}.bak`
}

export function backupPath(path: string, name: string): string {
	return join(dirname(path), name)
}

/** Removes backups made by the wizard. A missing file isn't an error. */
export async function removeBackups(path: string, names: readonly string[]): Promise<void> {
	for (const name of names) await unlink(backupPath(path, name)).catch(() => {})
}

/**
 * The journal without the changes that the present file doesn't have: those that a killed run announced and never made,
 * and those that were reverted by hand. Their backups contain nothing that the file doesn't.
 */
export function reconcileJournal(journal: Journal, now: string | null): { journal: Journal; dropped: string[] } {
	const changes = [...journal.changes]
	const dropped: string[] = []
	for (let last = changes.at(-1); last && last.after !== now && last.before === now; last = changes.at(-1)) {
		changes.pop()
		if (last.backup) dropped.push(last.backup)
	}
	const backups = journal.backups.filter(name => !dropped.includes(name))
	return { journal: { ...journal, changes, backups }, dropped }
}

/** The journal with one more change. */
export function addChange(journal: Journal, change: Change): Journal {
	return {
		changes: [...journal.changes, change],
		backups: change.backup ? [...journal.backups, change.backup] : journal.backups,
		damaged: false,
	}
}

/** The journal with only the newest backups, and the names of those to be removed. */
export function pruneBackups(journal: Journal): { journal: Journal; pruned: readonly string[] } {
	const pruned = journal.backups.slice(0, Math.max(0, journal.backups.length - backupsKept))
	const firstKept =
		journal.changes.findLastIndex(change => change.backup !== null && pruned.includes(change.backup)) + 1
	return {
		journal: { ...journal, backups: journal.backups.slice(pruned.length), changes: journal.changes.slice(firstKept) },
		pruned,
	}
}
