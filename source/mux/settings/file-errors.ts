// Errors of the file system as text.
import { finding, UserError } from '../../findings/finding.ts'

const words: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: "the operation isn't permitted",
	EROFS: 'the file system is read-only',
	ENOSPC: 'no space left on the device',
	EDQUOT: 'the disk quota is used up',
	EFBIG: 'the file size limit is reached',
	EBUSY: "it's in use or a mount point and can't be replaced",
	EXDEV: "it's on another file system than its directory",
	EIO: 'the disk reports an error',
	ENOENT: "the directory doesn't exist",
	ENOTDIR: "a part of the path isn't a directory",
	EISDIR: "it's a directory",
	ENAMETOOLONG: 'the path is too long',
	ELOOP: 'links point to each other',
	EMFILE: 'too many files are open',
	ENFILE: 'too many files are open',
}

/** Describes an error of the file system, with its code. */
export function describeFileError(error: unknown): string {
	const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown error'
	return words[code] ? `${words[code]} (${code})` : code
}

/** The UserError for an error at `at` (the file itself, its directory, a temporary file) while writing `path`. */
export function fileErrorFinding(error: unknown, path: string, at: string): unknown {
	const code = (error as NodeJS.ErrnoException | undefined)?.code
	if (error instanceof UserError || typeof code !== 'string') return error
	const problem = describeFileError(error)
	switch (code) {
		case 'EACCES':
		case 'EPERM':
		case 'EROFS':
			return new UserError(finding('settings-no-permission', 'settings', { path, at, problem }))
		case 'ENOSPC':
		case 'EDQUOT':
		case 'EFBIG':
			return new UserError(finding('settings-no-space', 'settings', { path, at, problem }))
		default:
			return new UserError(finding('settings-write-failed', 'settings', { path, at, problem }))
	}
}
