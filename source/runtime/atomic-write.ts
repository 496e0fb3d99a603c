// Replaces whole files in one step: readers take no lock and must never see half of one
// (docs/contracts/mux.md#5-writing-beside-a-running-mux). Every file that the program writes is written here.
import { type FileHandle, lstat, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** The user and group that a file is to belong to, if the process may set them. */
export type FileOwner = { readonly uid: number; readonly gid: number }

/** How a file was written. */
export type ReplaceResult = {
	/** Its permission bits. They are wider than requested on file systems that have none (CIFS, FUSE, drives in WSL). */
	readonly mode: number
	/** It couldn't be replaced, as a file that is a mount point itself, and was written in place. */
	readonly inPlace: boolean
}

const ownTemporary = /^\.(.+)\.mux-bridge-wizard\.(\d+)\.[0-9a-f]{16}\.tmp$/
/** What releases before 0.2 left beside a token file if they were killed. */
const formerTemporary = /^\.(coder-session-token)\.[0-9a-f]{12}$/
const hourMs = 3_600_000
/** Errors of a file system without permissions: the file is as private as the file system allows. */
const noPermissions: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'])

/**
 * Replaces `file` (which need not exist) by these bytes: a temporary file in the same directory, created with mode 0600
 * and a random name, synced, renamed, and the directory synced. Rejects with the file system's error; the old file is
 * then intact and the temporary one removed. A file that is a mount point can't be replaced: it is written in place if
 * `mayWriteInPlace` is set, which only a caller with a backup of it does.
 */
export async function replaceFile(
	file: string,
	bytes: Uint8Array,
	mode: number,
	owner: FileOwner | null,
	{ mayWriteInPlace = false }: { readonly mayWriteInPlace?: boolean } = {},
): Promise<ReplaceResult> {
	const { randomBytes } = await import('node:crypto')
	const name = `.${basename(file)}.mux-bridge-wizard.${process.pid}.${randomBytes(8).toString('hex')}.tmp`
	const temporary = join(dirname(file), name)
	const handle = await open(temporary, 'wx', 0o600)
	let written: number
	try {
		try {
			await handle.writeFile(bytes)
			if (owner) await chownIfPermitted(handle, owner)
			await handle.chmod(mode).catch(ignoreIfWithoutPermissions)
			await handle.sync()
			written = (await handle.stat()).mode & 0o777
		} finally {
			await handle.close()
		}
		await renameWhenPossible(temporary, file)
	} catch (error) {
		await unlink(temporary).catch(() => {})
		if (!mayWriteInPlace || codeOf(error) !== 'EBUSY') throw error
		return { mode: await writeInPlace(file, bytes), inPlace: true }
	}
	await syncDir(dirname(file))
	return { mode: written, inPlace: false }
}

/** Removes a file and syncs its directory. */
export async function removeFile(file: string): Promise<void> {
	await unlink(file)
	await syncDir(dirname(file))
}

/** Moves a file within its directory. */
export async function moveFile(file: string, to: string): Promise<void> {
	await renameWhenPossible(file, to)
	await syncDir(dirname(to))
}

function ignoreIfWithoutPermissions(error: NodeJS.ErrnoException): void {
	if (!noPermissions.has(error.code ?? '')) throw error
}

/**
 * On Windows a rename fails while a virus scanner or an indexer has one of the files open; it is tried again for two
 * seconds.
 */
async function renameWhenPossible(from: string, to: string): Promise<void> {
	const { setTimeout: wait } = await import('node:timers/promises')
	const isWindows = process.platform === 'win32'
	for (let waited = 0, pause = 10; ; waited += pause, pause = Math.min(100, pause + 10)) {
		try {
			return await rename(from, to)
		} catch (error) {
			const isPassing = ['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error))
			if (!isWindows || !isPassing || waited > 2_000) throw error
			await wait(pause)
		}
	}
}

async function writeInPlace(file: string, bytes: Uint8Array): Promise<number> {
	const handle = await open(file, 'r+')
	try {
		// Written before it is cut: a reader sees the new text with a rest of the old one rather than nothing.
		let written = 0
		while (written < bytes.length) {
			const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, written)
			written += bytesWritten
		}
		await handle.truncate(bytes.length)
		await handle.sync()
		return (await handle.stat()).mode & 0o777
	} finally {
		await handle.close()
	}
}

async function chownIfPermitted(handle: FileHandle, { uid, gid }: FileOwner): Promise<void> {
	const now = await handle.stat()
	if (now.uid === uid && now.gid === gid) return
	// Only root can change a file's owner; for others it stays their own.
	await handle.chown(uid, gid).catch(() => handle.chown(-1, gid).catch(() => {}))
}

/** Not every platform and file system can sync a directory; the rename has happened anyway. */
async function syncDir(directory: string): Promise<void> {
	const handle = await open(directory, 'r').catch(() => null)
	if (!handle) return
	await handle.sync().catch(() => {})
	await handle.close()
}

/**
 * Removes the wizard's temporary files for `file` that a killed run left: their process is dead, or they are more than
 * an hour older than `now` (milliseconds by the file system's clock). Never throws, and follows no links.
 */
export async function removeStaleTempFiles(file: string, now: number): Promise<void> {
	const directory = dirname(file)
	for (const name of await readdir(directory).catch(() => [])) {
		const [, of, pid] = ownTemporary.exec(name) ?? formerTemporary.exec(name) ?? []
		if (of === undefined || !of.startsWith(basename(file))) continue
		const path = join(directory, name)
		const stats = await lstat(path).catch(() => null)
		if (!stats?.isFile() || !(await isOwn(path, stats))) continue
		const isAbandoned = pid !== undefined && !isAlive(Number(pid))
		if (isAbandoned || now - stats.mtimeMs > hourMs) await unlink(path).catch(() => {})
	}
}

/**
 * Whether an entry belongs to the user of this process, or, for root, to the owner of its directory: root works in the
 * home of somebody else. On Windows all entries do.
 */
export async function isOwn(path: string, stats: { readonly uid: number }): Promise<boolean> {
	const uid = process.geteuid?.()
	if (uid === undefined || stats.uid === uid) return true
	const parent = uid === 0 ? await stat(dirname(path)).catch(() => null) : null
	return parent?.uid === stats.uid
}

/** Whether a process of that id is alive, including one of another user. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0)
		return true
	} catch (error) {
		return codeOf(error) === 'EPERM'
	}
}

function codeOf(error: unknown): string {
	return (error as NodeJS.ErrnoException | undefined)?.code ?? ''
}
