// Reads the settings file safely.
import { constants } from 'node:fs'
import { lstat, open, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { finding, UserError } from '../../findings/finding.ts'
import type { FileOwner } from '../../runtime/atomic-write.ts'
import { describeFileError } from './file-errors.ts'

/** The settings file as read. */
export type SettingsFile = {
	/** Absolute path as named, and the file that it resolves to when links are followed. */
	readonly path: string
	readonly target: string
	readonly exists: boolean
	/** Its text, including a byte order mark; '' if there is no file. */
	readonly text: string
	/** Its bytes, permission bits (such as 0o600) and owner; null if there is no file. */
	readonly bytes: Uint8Array | null
	readonly mode: number | null
	readonly owner: FileOwner | null
	/** Changes whenever the file is written or replaced; '' if there is no file. */
	readonly stamp: string
}

const largestFile = 64 * 1024 * 1024

/**
 * Reads the settings file. A missing file is fine; a dangling link, a directory, a FIFO, a device, an unreadable file,
 * an encoding other than UTF-8 or more than 64 MB throws a UserError that names it, and nothing is created in its
 * place. Never blocks on a FIFO.
 */
export async function readSettings(path: string): Promise<SettingsFile> {
	const target = await resolveTarget(path)
	if (target.missing) {
		return { path, target: target.file, exists: false, text: '', bytes: null, mode: null, owner: null, stamp: '' }
	}
	const unreadable = (error: unknown) =>
		new UserError(finding('settings-unreadable', 'settings', { path: target.file, problem: describeFileError(error) }))
	const visited = await stat(target.file).catch(error => {
		throw unreadable(error)
	})
	if (!visited.isFile()) throw notAFile(target.file, visited)
	// Non-blocking: the file may become a FIFO between the check and the opening.
	const handle = await open(target.file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(error => {
		throw unreadable(error)
	})
	try {
		const state = await handle.stat({ bigint: true })
		if (!state.isFile()) throw notAFile(target.file, state)
		if (state.size > largestFile) {
			const megabytes = Math.round(Number(state.size) / 1024 / 1024)
			throw new UserError(
				finding('settings-too-large', 'settings', { path: target.file, megabytes, limit: largestFile / 1024 / 1024 }),
			)
		}
		const bytes = await handle.readFile().catch(error => {
			throw unreadable(error)
		})
		return withoutContentInJson({
			path,
			target: target.file,
			exists: true,
			text: decode(bytes, target.file),
			bytes,
			mode: Number(state.mode & 0o7777n),
			owner: { uid: Number(state.uid), gid: Number(state.gid) },
			stamp: [state.dev, state.ino, state.size, state.mtimeNs, state.ctimeNs].join('-'),
		})
	} finally {
		await handle.close()
	}
}

/** The content holds credentials, so that it doesn't appear when the value is serialized. */
function withoutContentInJson(file: SettingsFile): SettingsFile {
	const { path, target, exists, mode, stamp } = file
	return Object.defineProperty(file, 'toJSON', { value: () => ({ path, target, exists, mode, stamp }) })
}

type Kinds = { [Kind in 'isDirectory' | 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice']: () => boolean }

function notAFile(path: string, state: Kinds): UserError {
	const kind = state.isDirectory()
		? 'a directory'
		: state.isFIFO()
			? 'a FIFO'
			: state.isSocket()
				? 'a socket'
				: state.isCharacterDevice() || state.isBlockDevice()
					? 'a device'
					: 'not a regular file'
	return new UserError(finding('settings-not-a-file', 'settings', { path, kind }))
}

/** The file that a path resolves to; its directory may be missing as well. */
async function resolveTarget(path: string): Promise<{ file: string; missing: boolean }> {
	try {
		return { file: await realpath(path), missing: false }
	} catch (error) {
		await explain(error, path)
	}
	// Nothing there. Its directory may still be a link, and must not be a dangling one.
	const missing: string[] = [basename(path)]
	for (let directory = dirname(path); ; directory = dirname(directory)) {
		try {
			return { file: join(await realpath(directory), ...missing), missing: true }
		} catch (error) {
			await explain(error, directory)
		}
		missing.unshift(basename(directory))
	}
}

/** Returns if `path` doesn't exist at all; otherwise throws the UserError that says what is wrong with it. */
async function explain(error: unknown, path: string): Promise<void> {
	const { code } = error as NodeJS.ErrnoException
	if (code === 'ENOENT' && (await lstat(path).catch(() => null)) === null) return
	const link = await readlink(path).catch(() => null)
	if (link !== null && (code === 'ENOENT' || code === 'ELOOP')) {
		throw new UserError(finding('settings-dangling-link', 'settings', { path, link: path, target: link }))
	}
	throw new UserError(finding('settings-unreadable', 'settings', { path, problem: describeFileError(error) }))
}

/** UTF-8 to text such that encoding it again gives the same bytes. */
function decode(bytes: Uint8Array, path: string): string {
	const [first, second] = bytes
	const wide =
		(first === 0xff && second === 0xfe) ||
		(first === 0xfe && second === 0xff) ||
		(bytes.length > 1 && (first === 0 || second === 0))
	if (wide) throw new UserError(finding('settings-encoding', 'settings', { path, problem: 'looks like UTF-16' }))
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
	} catch {
		throw new UserError(finding('settings-encoding', 'settings', { path, problem: "contains bytes that aren't UTF-8" }))
	}
}
