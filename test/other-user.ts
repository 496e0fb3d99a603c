// Root may read and write everything, so tests of missing permissions run as another user.
import process from 'node:process'

const NOBODY = 65_534

/** Runs something with the rights of an ordinary user; without root, the process is one already. */
export async function withoutRoot<Result>(use: () => Promise<Result>): Promise<Result> {
	if (process.geteuid?.() !== 0) return use()
	process.seteuid?.(NOBODY)
	try {
		return await use()
	} finally {
		process.seteuid?.(0)
	}
}
