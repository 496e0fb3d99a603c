import { constants } from 'node:fs'
import { mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { FileOwner } from './atomic-write.ts'

/**
 * Creates a directory for its owner only (0700), with missing parents; an existing one isn't changed. New ones belong to
 * `owner` if the process may give them away. Throws the file system's error. Node's own `recursive` option never returns
 * on file systems that deny a directory with ENOENT (/proc, automounts).
 */
export async function makeDirectory(path: string, owner: FileOwner | null = null): Promise<void> {
	try {
		await makeOne(path, owner)
	} catch (error) {
		const above = dirname(path)
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === path) throw error
		await makeDirectory(above, owner)
		await makeOne(path, owner)
	}
}

async function makeOne(path: string, owner: FileOwner | null): Promise<void> {
	try {
		await mkdir(path, 0o700)
	} catch (error) {
		// An existing directory is reported in several ways: EEXIST, EISDIR, EROFS, EACCES.
		const isThere = await stat(path).then(
			visited => visited.isDirectory(),
			() => false,
		)
		if (!isThere) throw error
		return
	}
	if (owner) await giveAway(path, owner)
}

/** By its handle, and no link: the path may have become another one in the meantime. */
async function giveAway(path: string, { uid, gid }: FileOwner): Promise<void> {
	const flags = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0)
	const handle = await open(path, flags).catch(() => null)
	if (!handle) return
	try {
		const stats = await handle.stat()
		if (stats.uid === process.geteuid?.() && (stats.mode & 0o777) === 0o700)
			await handle.chown(uid, gid).catch(() => {})
	} finally {
		await handle.close()
	}
}
