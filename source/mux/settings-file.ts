// Reading the settings file without harm, and writing it so that nobody ever sees half of it or loses a change.
import { constants } from 'node:fs'
import { access, lstat, mkdir, open, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { finding, Refusal } from '../findings/finding.ts'
import type { Host } from '../host.ts'
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
import { fileProblem, problemInWords } from './file-problems.ts'
import { underLock } from './lock.ts'
import { type Owner, replaceFile, sweepTemporaries } from './replace-file.ts'

/** The settings file as it was read. */
export type SettingsFile = {
	/** Absolute path as named, and the file that it comes down to when links are followed. */
	readonly path: string
	readonly target: string
	readonly exists: boolean
	/** Its text, with a byte order mark where it has one; '' where there is no file. */
	readonly text: string
	/** Its very bytes, permission bits (such as 0o600) and owner; null where there is no file. */
	readonly bytes: Uint8Array | null
	readonly mode: number | null
	readonly owner: Owner | null
	/** Changes whenever the file is written or replaced; '' where there is no file. */
	readonly stamp: string
}

const largestFile = 64 * 1024 * 1024

/**
 * Reads the settings file. A file that does not exist is fine; a link that leads nowhere, a folder, a FIFO, a device,
 * an unreadable file, another encoding than UTF-8 or more than 64 MB throws a Refusal that names it, and nothing is
 * ever created in its place. Never waits on a FIFO.
 */
export async function readSettings(path: string): Promise<SettingsFile> {
	const target = await resolveTarget(path)
	if (target.missing) {
		return { path, target: target.file, exists: false, text: '', bytes: null, mode: null, owner: null, stamp: '' }
	}
	const unreadable = (error: unknown) =>
		new Refusal(finding('settings-unreadable', 'settings', { path: target.file, problem: problemInWords(error) }))
	const seen = await stat(target.file).catch(error => {
		throw unreadable(error)
	})
	if (!seen.isFile()) throw notAFile(target.file, seen)
	// Not blocking: the file may become a FIFO between the look and the opening.
	const handle = await open(target.file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(error => {
		throw unreadable(error)
	})
	try {
		const state = await handle.stat({ bigint: true })
		if (!state.isFile()) throw notAFile(target.file, state)
		if (state.size > largestFile) {
			const megabytes = Math.round(Number(state.size) / 1024 / 1024)
			throw new Refusal(
				finding('settings-too-large', 'settings', { path: target.file, megabytes, limit: largestFile / 1024 / 1024 }),
			)
		}
		const bytes = await handle.readFile().catch(error => {
			throw unreadable(error)
		})
		return {
			path,
			target: target.file,
			exists: true,
			text: decode(bytes, target.file),
			bytes,
			mode: Number(state.mode & 0o7777n),
			owner: { uid: Number(state.uid), gid: Number(state.gid) },
			stamp: [state.dev, state.ino, state.size, state.mtimeNs, state.ctimeNs].join('-'),
		}
	} finally {
		await handle.close()
	}
}

type Kinds = { [Kind in 'isDirectory' | 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice']: () => boolean }

function notAFile(path: string, state: Kinds): Refusal {
	const kind = state.isDirectory()
		? 'a folder'
		: state.isFIFO()
			? 'a FIFO'
			: state.isSocket()
				? 'a socket'
				: state.isCharacterDevice() || state.isBlockDevice()
					? 'a device'
					: 'no ordinary file'
	return new Refusal(finding('settings-not-a-file', 'settings', { path, kind }))
}

/** The file that a path comes down to; its folder may be missing as well. */
async function resolveTarget(path: string): Promise<{ file: string; missing: boolean }> {
	try {
		return { file: await realpath(path), missing: false }
	} catch (error) {
		await explain(error, path)
	}
	// Nothing there. Its folder may be a link all the same, and must not be one that leads nowhere.
	const missing: string[] = [basename(path)]
	for (let folder = dirname(path); ; folder = dirname(folder)) {
		try {
			return { file: join(await realpath(folder), ...missing), missing: true }
		} catch (error) {
			await explain(error, folder)
		}
		missing.unshift(basename(folder))
	}
}

/** Returns where `path` does not exist at all; else throws the Refusal that says what is wrong with it. */
async function explain(error: unknown, path: string): Promise<void> {
	const { code } = error as NodeJS.ErrnoException
	const link = await readlink(path).catch(() => null)
	if (link !== null && (code === 'ENOENT' || code === 'ELOOP')) {
		throw new Refusal(finding('settings-dangling-link', 'settings', { path, link: path, target: link }))
	}
	if (code === 'ENOENT' && (await lstat(path).catch(() => null)) === null) return
	throw new Refusal(finding('settings-unreadable', 'settings', { path, problem: problemInWords(error) }))
}

/** UTF-8 to text such that encoding it again gives the same bytes. */
function decode(bytes: Uint8Array, path: string): string {
	const [first, second] = bytes
	const wide =
		(first === 0xff && second === 0xfe) ||
		(first === 0xfe && second === 0xff) ||
		(bytes.length > 1 && (first === 0 || second === 0))
	if (wide) throw new Refusal(finding('settings-encoding', 'settings', { path, problem: 'looks like UTF-16' }))
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
	} catch {
		throw new Refusal(finding('settings-encoding', 'settings', { path, problem: 'holds bytes that are no UTF-8' }))
	}
}

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
		await mkdir(dirname(path), { recursive: true, mode: 0o700 })
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
