import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a directory for its owner only (0700), and those above it that are missing; one that is there stays as it is. Throws
 * what the file system said. Node's own `recursive` never comes back where a file system (/proc, automounted ones) denies
 * a directory with ENOENT.
 */
export async function makeDirectory(path: string): Promise<void> {
	try {
		await makeOne(path)
	} catch (error) {
		const above = dirname(path)
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === path) throw error
		await makeDirectory(above)
		await makeOne(path)
	}
}

async function makeOne(path: string): Promise<void> {
	try {
		await mkdir(path, 0o700)
	} catch (error) {
		// A directory that is there is said to be so in many ways: EEXIST, EISDIR, EROFS, EACCES.
		const isThere = await stat(path).then(
			visited => visited.isDirectory(),
			() => false,
		)
		if (!isThere) throw error
	}
}
