// The wizard's own token files, which `apiKeyFile` of the settings names. A token file is never overwritten: a new token
// gets a file of a new name, and the settings file that names it is the commit. So whatever the settings say at any
// moment, the file that they name holds the token that was stored with them.
import { lstat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { finding, UserError } from '../../findings/finding.ts'
import { type FileOwner, isOwn, moveFile, removeFile, replaceFile } from '../../runtime/atomic-write.ts'
import { makeDirectory } from '../../runtime/make-directory.ts'
import { readRegularFile, readSmallFile } from '../../runtime/read-file.ts'
import type { Secret } from '../../secrets/secret.ts'
import { getCoderKeyId } from '../../secrets/secret.ts'

/** Every name begins like this; a file of exactly this name comes from older releases. */
export const tokenFileName = 'coder-session-token'
const ownName = /^coder-session-token(?:-[A-Za-z0-9]{1,10})?$/
const savedName = /^coder-session-token(?:-[A-Za-z0-9]{1,10})?\.bak$/
/** String values of a settings file that end with such a name; no path is longer. */
const ownPath = /"((?:[^"\\\n]|\\.){0,4096}coder-session-token(?:-[A-Za-z0-9]{1,10})?)"/g

/** What a change did to token files; absolute paths. */
export type TokenFileChange = {
	/** The file that was created for the change. */
	readonly made: string | null
	/** Own files that the settings named before and no longer do. They are kept for `undo` until the next change. */
	readonly former: readonly string[]
}

/** Whether the wizard gives files such a name. */
export function isOwnTokenFile(path: string): boolean {
	return ownName.test(basename(path))
}

/** Where a token is stored: a name of its own, with the key id, which isn't secret. */
export function newTokenFilePath(directory: string, token: Secret): string {
	return join(directory, `${tokenFileName}-${token.keyId ?? 'new'}`)
}

/** The copy that `remove` leaves for `undo`. */
export function savedTokenFile(path: string): string {
	return `${path}.bak`
}

/** The wizard's own token files that a settings text names, as absolute paths. */
export function findTokenFilesIn(text: string, homeDir: string): string[] {
	const paths = [...text.matchAll(ownPath)].flatMap(([quoted]) => {
		try {
			const path: unknown = JSON.parse(quoted)
			return typeof path === 'string' ? [path.startsWith('~') ? join(homeDir, path.slice(1)) : path] : []
		} catch {
			return []
		}
	})
	return [...new Set(paths.filter(isAbsolute))]
}

/**
 * Writes a token to a new file (0600, in a directory of 0700). True if it was created, false if the file already holds
 * this token. Throws a UserError `token-file-unwritable`; an existing file with another content is never touched.
 */
export async function writeTokenFile(path: string, token: Secret, owner: FileOwner | null = null): Promise<boolean> {
	try {
		await makeDirectory(dirname(path), owner)
		const existing = await lstat(path).catch(() => null)
		if (existing) {
			const text = existing.isFile() ? await readSmallFile(path, 1_024) : undefined
			if (text !== undefined && token.inspect(own => own === text.trim())) return false
			throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' })
		}
		await replaceFile(path, Buffer.from(`${token.reveal()}\n`), 0o600, owner)
		return true
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
		throw new UserError(finding('token-file-unwritable', 'token', { file: path, code }))
	}
}

/** Settings files that may name a token file: those of both releases and the one that was changed. */
export type SettingsTexts = readonly (string | null)[]

/**
 * The texts of settings files, null for one that can't be read: then nothing is deleted, because it may name the file.
 */
export async function readSettingsTexts(paths: readonly string[]): Promise<SettingsTexts> {
	return Promise.all(
		[...new Set(paths)].map(path =>
			readRegularFile(path, 64 * 1024 * 1024).then(
				bytes => bytes.toString('utf8'),
				(error: NodeJS.ErrnoException) => (error.code === 'ENOENT' || error.code === 'ENOTDIR' ? '' : null),
			),
		),
	)
}

/**
 * Whether a token file may be deleted: the wizard gives files that name, it is a regular file of this user and no link,
 * it holds exactly one token, and no settings file names it.
 */
export async function isRemovable(path: string, settings: SettingsTexts): Promise<boolean> {
	const name = basename(path)
	if (!ownName.test(name) && !savedName.test(name)) return false
	const stats = await lstat(path).catch(() => null)
	if (!stats?.isFile() || stats.nlink > 1 || !(await isOwn(path, stats))) return false
	const bytes = await readRegularFile(path, 1_024, { followLink: false }).catch(() => null)
	if (!bytes || getCoderKeyId(bytes.toString('utf8').trim()) === null) return false
	const mentioned = new RegExp(`(?:^|[^A-Za-z0-9_-])${name.replaceAll('.', '\\.')}(?![A-Za-z0-9-])`)
	return settings.every(text => text !== null && !mentioned.test(text))
}

/** Deletes those that may be deleted; returns their paths. Never throws: what stays is found by the next change. */
export async function removeTokenFiles(paths: readonly string[], settings: SettingsTexts): Promise<string[]> {
	const removed: string[] = []
	for (const path of new Set(paths)) {
		if (!(await isRemovable(path, settings))) continue
		const isRemoved = await removeFile(path).then(
			() => true,
			() => false,
		)
		if (isRemoved) removed.push(path)
	}
	return removed
}

/** Moves token files that nothing names aside, for `undo`; returns the paths that they had. */
export async function saveTokenFiles(paths: readonly string[], settings: SettingsTexts): Promise<string[]> {
	const moved: string[] = []
	for (const path of new Set(paths)) {
		if (!(await isRemovable(path, settings))) continue
		await moveFile(path, savedTokenFile(path)).then(
			() => moved.push(path),
			() => {},
		)
	}
	return moved
}

/** Brings back token files that `remove` has moved aside. A file that is there already stays. */
export async function restoreTokenFiles(paths: readonly string[]): Promise<string[]> {
	const restored: string[] = []
	for (const path of paths) {
		const saved = savedTokenFile(path)
		if (await lstat(path).catch(() => null)) continue
		const stats = await lstat(saved).catch(() => null)
		if (!stats?.isFile() || !(await isOwn(saved, stats))) continue
		await moveFile(saved, path)
		restored.push(path)
	}
	return restored
}
