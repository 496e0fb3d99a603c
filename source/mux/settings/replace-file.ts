// A whole file in one step: readers take no lock and must never see half of one (mux-contract, section 5).
import { type FileHandle, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAlive } from './lock.ts'

/** User and group that a file is to belong to, where the process may say so. */
export type FileOwner = { readonly uid: number; readonly gid: number }

const ownTemporary = /^\.(.+)\.mux-bridge-wizard\.(\d+)\.[0-9a-f]{16}\.tmp$/
const hourMs = 3_600_000

/**
 * Puts a file with these bytes in the place of `file` (which need not exist): a temporary file in the same directory, made
 * anew with mode 0600 and a random name, synced, renamed, and the directory synced. Rejects with the file system's error;
 * the old file is whole then and the temporary one gone.
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

/** Removes a file, for good. */
export async function removeFile(file: string): Promise<void> {
	await unlink(file)
	await syncDir(dirname(file))
}

async function handOver(handle: FileHandle, { uid, gid }: FileOwner): Promise<void> {
	const now = await handle.stat()
	if (now.uid === uid && now.gid === gid) return
	// Only root can give a file away; whoever can't keeps it as its own.
	await handle.chown(uid, gid).catch(() => handle.chown(-1, gid).catch(() => {}))
}

/** Not every platform and file system can sync a directory; the rename has happened all the same. */
async function syncDir(directory: string): Promise<void> {
	const handle = await open(directory, 'r').catch(() => null)
	if (!handle) return
	await handle.sync().catch(() => {})
	await handle.close()
}

/**
 * Removes the wizard's own temporary files for `file` that a killed run left: their process is dead, or they are more
 * than an hour older than `now` (milliseconds by the file system's clock). Never throws.
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
