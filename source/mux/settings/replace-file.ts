// Replaces a whole file in one step: readers take no lock and must never see half of it
// (docs/contracts/mux.md#5-writing-beside-a-running-mux).
import { type FileHandle, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAlive } from './lock.ts'

/** The user and group that a file is to belong to, if the process may set them. */
export type FileOwner = { readonly uid: number; readonly gid: number }

const ownTemporary = /^\.(.+)\.mux-bridge-wizard\.(\d+)\.[0-9a-f]{16}\.tmp$/
const hourMs = 3_600_000

/**
 * Replaces `file` (which need not exist) by these bytes: a temporary file in the same directory, created with mode 0600
 * and a random name, synced, renamed, and the directory synced. Rejects with the file system's error; the old file is
 * then intact and the temporary one removed.
 */
export async function replaceFile(
	file: string,
	bytes: Uint8Array,
	mode: number,
	owner: FileOwner | null,
): Promise<void> {
	const { randomBytes } = await import('node:crypto')
	const name = `.${basename(file)}.mux-bridge-wizard.${process.pid}.${randomBytes(8).toString('hex')}.tmp`
	const temporary = join(dirname(file), name)
	const handle = await open(temporary, 'wx', 0o600)
	try {
		try {
			await handle.writeFile(bytes)
			if (owner) await handOver(handle, owner)
			await handle.chmod(mode)
			await handle.sync()
		} finally {
			await handle.close()
		}
		await rename(temporary, file)
	} catch (error) {
		await unlink(temporary).catch(() => {})
		throw error
	}
	await syncDir(dirname(file))
}

/** Removes a file and syncs its directory. */
export async function removeFile(file: string): Promise<void> {
	await unlink(file)
	await syncDir(dirname(file))
}

async function handOver(handle: FileHandle, { uid, gid }: FileOwner): Promise<void> {
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
 * an hour older than `now` (milliseconds by the file system's clock). Never throws.
 */
export async function removeStaleTempFiles(file: string, now: number): Promise<void> {
	const directory = dirname(file)
	for (const name of await readdir(directory).catch(() => [])) {
		const [, of, pid] = ownTemporary.exec(name) ?? []
		if (of === undefined || !of.startsWith(basename(file))) continue
		const written = (await stat(join(directory, name)).catch(() => null))?.mtimeMs ?? now
		if (!isAlive(Number(pid)) || now - written > hourMs) await unlink(join(directory, name)).catch(() => {})
	}
}
