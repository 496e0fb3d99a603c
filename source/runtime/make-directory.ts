import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Creates a directory for its owner only (0700), with missing parents; an existing one isn't changed. Throws the file
 * system's error. Node's own `recursive` option never returns on file systems that deny a directory with ENOENT (/proc,
 * automounts).
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
		// An existing directory is reported in several ways: EEXIST, EISDIR, EROFS, EACCES.
		const isThere = await stat(path).then(
			visited => visited.isDirectory(),
			() => false,
		)
		if (!isThere) throw error
	}
}
