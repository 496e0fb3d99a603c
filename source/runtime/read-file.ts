// Reads files that others may have replaced by something that never ends: a FIFO, a device, a socket.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** An entry that isn't a regular file, or a file larger than the limit; `code` as in errors of the file system. */
export class FileShapeError extends Error {
	readonly code: 'ENOTFILE' | 'EISDIR' | 'EFBIG'

	constructor(code: 'ENOTFILE' | 'EISDIR' | 'EFBIG') {
		super(code)
		this.name = 'FileShapeError'
		this.code = code
	}
}

/**
 * The bytes of a regular file of at most `limit` bytes. Rejects with the file system's error, or with a FileShapeError;
 * never waits for a writer.
 */
export async function readRegularFile(
	path: string,
	limit: number,
	{ followLink = true }: { readonly followLink?: boolean } = {},
): Promise<Buffer> {
	const noFollow = followLink ? 0 : (constants.O_NOFOLLOW ?? 0)
	const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | noFollow)
	try {
		const stats = await handle.stat()
		if (stats.isDirectory()) throw new FileShapeError('EISDIR')
		if (!stats.isFile()) throw new FileShapeError('ENOTFILE')
		if (stats.size > limit) throw new FileShapeError('EFBIG')
		// Files in /proc have the size 0 and a content.
		const bytes = await handle.readFile()
		if (bytes.length > limit) throw new FileShapeError('EFBIG')
		return bytes
	} finally {
		await handle.close()
	}
}

/** The text of a small regular file; undefined if it is missing, unreadable or something else. */
export async function readSmallFile(path: string, limit = 16_384): Promise<string | undefined> {
	return readRegularFile(path, limit).then(
		bytes => bytes.toString('utf8'),
		() => undefined,
	)
}
