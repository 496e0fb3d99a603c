// Root with the home directory of somebody else (`sudo`, a container): what is created there belongs to them.
import { stat } from 'node:fs/promises'
import type { FileOwner } from './atomic-write.ts'
import type { Runtime } from './runtime.ts'

/**
 * Whom new files at `path` belong to: the owner of the home directory that contains it, if this process is root and the
 * home isn't root's. Null in every other case: then they belong to the process's own user. Existing files and
 * directories keep their owner.
 */
export async function findOwnerForNew(runtime: Pick<Runtime, 'homeDir'>, path: string): Promise<FileOwner | null> {
	if (process.geteuid?.() !== 0) return null
	const { homeDir } = runtime
	if (!homeDir || !path.startsWith(`${homeDir}/`)) return null
	const stats = await stat(homeDir).catch(() => null)
	return stats && stats.uid !== 0 ? { uid: stats.uid, gid: stats.gid } : null
}
