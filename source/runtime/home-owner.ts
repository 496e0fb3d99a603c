// Root with the home directory of somebody else (`sudo`, a container): the files there are written with the rights of that
// user. They belong to them, and a link of theirs leads root to no file that they couldn't write themselves.
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

/** Runs something with the rights of this user; with those of the process if that isn't possible, or without a user. */
export async function withRightsOf<Result>(owner: FileOwner | null, work: () => Promise<Result>): Promise<Result> {
	const { geteuid, getegid, getgroups, seteuid, setegid, setgroups } = process
	if (!owner || !geteuid || !getegid || !getgroups || !seteuid || !setegid || !setgroups) return work()
	const before = { uid: geteuid(), gid: getegid(), groups: getgroups() }
	const restore = () => {
		seteuid(before.uid)
		setegid(before.gid)
		setgroups(before.groups)
	}
	try {
		setgroups([owner.gid])
		setegid(owner.gid)
		seteuid(owner.uid)
	} catch {
		// A container without these capabilities; the files are given to their owner one by one.
		restore()
		return work()
	}
	try {
		return await work()
	} finally {
		restore()
	}
}
