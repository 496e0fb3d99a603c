// Who else can read the files that hold a token: said by `check`, corrected by the next write.
import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { type Finding, finding } from '../../findings/finding.ts'
import { isOwn } from '../../runtime/atomic-write.ts'

/** What is wrong with the permissions of files that hold a token. Windows keeps a user's directories private by itself. */
export async function inspectPermissions(paths: readonly string[]): Promise<Finding[]> {
	if (process.platform === 'win32') return []
	const findings: Finding[] = []
	for (const path of new Set(paths)) {
		const stats = await stat(path).catch(() => null)
		if (!stats?.isFile()) continue
		const mode = stats.mode & 0o777
		if ((mode & 0o077) !== 0) {
			const text = `0${mode.toString(8).padStart(3, '0')}`
			findings.push(finding('file-readable-by-others', 'settings', { path, mode: text }))
		}
		if (stats.nlink > 1) findings.push(finding('file-hard-linked', 'settings', { path, links: stats.nlink }))
		// Root works on the files of others, and they stay theirs.
		if (!(await isOwn(path, stats)) && process.geteuid?.() !== 0)
			findings.push(finding('file-of-another-user', 'settings', { path, uid: stats.uid }))
	}
	return findings
}

/** Token files of the wizard's own become private again (0600). Never throws: some file systems have no permissions. */
export async function restrictTokenFiles(paths: readonly string[]): Promise<void> {
	for (const path of paths) {
		const handle = await open(
			path,
			constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
		).catch(() => null)
		if (!handle) continue
		try {
			const stats = await handle.stat()
			if (stats.isFile() && (stats.mode & 0o077) !== 0 && (await isOwn(path, stats)))
				await handle.chmod(0o600).catch(() => {})
		} finally {
			await handle.close()
		}
	}
}
