// Backups and the journal for `undo`: copies of the settings file from before each change, and a record of which change
// each belongs to. Both are stored beside the settings file as named (not beside a link's target, which may be under
// version control), with mode 0600. The journal contains hashes and modes, never a credential:
//
//   providers.jsonc.20261123T144500Z.bak   the file's bytes before a change
//   providers.jsonc.undo.json              { version, changes: [{ time, backup, mode, before, after, tokenFiles? }],
//                                            backups }
//
// `backup`, `mode` and `before` are null if there was no file. The journal is written before the change that it
// records: a change that was never made is recognized by the hashes and dropped.
import { lstat, readdir, unlink } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { type FileOwner, isOwn, moveFile, removeFile, replaceFile } from '../../runtime/atomic-write.ts'
import { readRegularFile } from '../../runtime/read-file.ts'
import type { TokenFileChange } from './token-files.ts'

/** One change by the wizard. `time` in ISO 8601; hashes are SHA-256 in hex. */
export type Change = {
	readonly time: string
	readonly backup: string | null
	readonly mode: number | null
	readonly before: string | null
	readonly after: string
	/** Only if the change concerned token files. */
	readonly tokenFiles?: TokenFileChange
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
		text = (await readRegularFile(file, 1_000_000, { followLink: false })).toString('utf8')
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
	if (!isTokenFileChange(change.tokenFiles)) return false
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

function isTokenFileChange(value: unknown): boolean {
	if (value === undefined) return true
	if (typeof value !== 'object' || value === null) return false
	const { made, former } = value as { made?: unknown; former?: unknown }
	const isPath = (path: unknown) => typeof path === 'string' && isAbsolute(path)
	return (made === null || isPath(made)) && Array.isArray(former) && former.every(isPath)
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
 * and those that were reverted by hand. Their backups contain nothing that the file doesn't, and nothing names their
 * token files (`abandoned`).
 */
export function reconcileJournal(
	journal: Journal,
	now: string | null,
): { journal: Journal; dropped: string[]; abandoned: string[] } {
	const changes = [...journal.changes]
	const dropped: string[] = []
	const abandoned: string[] = []
	for (let last = changes.at(-1); last && last.after !== now && last.before === now; last = changes.at(-1)) {
		changes.pop()
		if (last.backup) dropped.push(last.backup)
		if (last.tokenFiles?.made) abandoned.push(last.tokenFiles.made)
	}
	const backups = journal.backups.filter(name => !dropped.includes(name))
	return { journal: { ...journal, changes, backups }, dropped, abandoned }
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

/**
 * Keeps a journal that the wizard can't have written under another name, and returns one that knows the backups that
 * are there, so that they are pruned as usual. Only the changes before it can't be undone any more.
 */
export async function replaceDamagedJournal(path: string): Promise<{ journal: Journal; savedAs: string }> {
	const file = journalPath(path)
	const savedAs = `${file}.damaged`
	await moveFile(file, savedAs)
	const backups: string[] = []
	for (const name of (await readdir(dirname(path))).sort(compareBackupNames)) {
		if (!isBackupName(path, name)) continue
		const stats = await lstat(backupPath(path, name)).catch(() => null)
		if (stats?.isFile() && (await isOwn(backupPath(path, name), stats))) backups.push(name)
	}
	return { journal: { changes: [], backups, damaged: false }, savedAs }
}

/** By time, then by number. */
function compareBackupNames(one: string, other: string): number {
	const key = (name: string) => name.replace(/Z(?:-(\d+))?\.bak$/, (_, number = '1') => `Z${number.padStart(6, '0')}`)
	return key(one) < key(other) ? -1 : 1
}
