// Mux's own lock on its settings file (docs/contracts/mux.md#5-writing-beside-a-running-mux), so that a running Mux and
// the wizard never lose each other's changes.
import { lstat, mkdir, readdir, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { finding, UserError } from '../../findings/finding.ts'
import { isAlive, isOwn } from '../../runtime/atomic-write.ts'
import { readRegularFile } from '../../runtime/read-file.ts'
import { fileErrorFinding } from './file-errors.ts'

const retryMs = 25
const giveUpMs = 5_000
const unreadableMs = 10_000
const marker = /^owner-[0-9a-f]{32}$/

/** An acquired lock; `release` never throws and may be called twice. */
export type Lock = { readonly path: string; release(): Promise<void> }

/**
 * Acquires the lock of a settings file: the directory `<path>.lock` beside the file as named, not beside a link's
 * target. Tries every 25 ms for 5 s. A lock is broken only if Mux would break it: its process is dead, it is empty, or
 * its marker is unreadable and older than 10 s. Throws a UserError: `settings-locked` with the owner's process id,
 * `settings-lock-blocked`, or the reason why the directory can't be written.
 */
export async function acquireLock(path: string, signal?: AbortSignal): Promise<Lock> {
	const { randomBytes } = await import('node:crypto')
	const lock = `${path}.lock`
	const stage = `${lock}.stage-${randomBytes(8).toString('hex')}`
	const owner = `owner-${randomBytes(16).toString('hex')}`
	try {
		await mkdir(stage, { mode: 0o700 })
		await writeFile(`${stage}/${owner}`, `${process.pid}`, { flag: 'wx', mode: 0o600 })
	} catch (error) {
		await rm(stage, { recursive: true, force: true }).catch(() => {})
		throw fileErrorFinding(error, path, dirname(path))
	}
	try {
		await renameWhenFree(path, lock, stage, signal)
	} catch (error) {
		await rm(stage, { recursive: true, force: true }).catch(() => {})
		throw error
	}
	return {
		path: lock,
		async release() {
			await unlink(`${lock}/${owner}`).catch(() => {})
			await rmdir(lock).catch(() => {})
		},
	}
}

async function renameWhenFree(
	path: string,
	lock: string,
	stage: string,
	signal: AbortSignal | undefined,
): Promise<void> {
	const { setTimeout: wait } = await import('node:timers/promises')
	const started = performance.now()
	for (;;) {
		if (signal?.aborted) throw new UserError(finding('cancelled', 'settings'))
		let failure: unknown
		try {
			return await rename(stage, lock)
		} catch (error) {
			failure = error
			const { code } = error as NodeJS.ErrnoException
			if (code === 'ENOTDIR') throw inTheWay(path, lock)
			if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'EPERM')
				throw fileErrorFinding(error, path, dirname(path))
		}
		const holder = await lookAtHolder(lock, stage)
		if (holder.state === 'no directory') throw inTheWay(path, lock)
		if (performance.now() - started >= giveUpMs) {
			if (holder.state === 'gone') throw fileErrorFinding(failure, path, dirname(path))
			throw new UserError(
				finding('settings-locked', 'settings', { path, lock, pid: holder.pid, seconds: giveUpMs / 1000 }),
			)
		}
		await wait(holder.state === 'gone' ? 1 : retryMs)
	}
}

function inTheWay(path: string, lock: string): UserError {
	return new UserError(finding('settings-lock-blocked', 'settings', { path, lock, kind: 'not a directory' }))
}

type Holder = { state: 'gone' | 'no directory'; pid?: never } | { state: 'holds'; pid: number | undefined }

/** Who owns the lock; breaks a stale one. */
async function lookAtHolder(lock: string, stage: string): Promise<Holder> {
	let names: string[]
	try {
		names = await readdir(lock)
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException
		if (code === 'ENOENT') return { state: 'gone' }
		return code === 'ENOTDIR' ? { state: 'no directory' } : { state: 'holds', pid: undefined }
	}
	if (names.length === 0) return breakLock(lock, null)
	const name = names.find(other => marker.test(other))
	if (!name) return { state: 'holds', pid: undefined }
	const file = `${lock}/${name}`
	const pid = await readPid(file)
	if (pid === 'gone') return { state: 'gone' }
	if (pid === null)
		return (await ageBeside(file, stage)) > unreadableMs ? breakLock(lock, file) : { state: 'holds', pid: undefined }
	return isAlive(pid) ? { state: 'holds', pid } : breakLock(lock, file)
}

/**
 * Removes a stale lock by its marker's name: if another process was faster, its new lock has another marker, and
 * neither step touches it.
 */
async function breakLock(lock: string, file: string | null): Promise<Holder> {
	if (file) await unlink(file).catch(() => {})
	try {
		await rmdir(lock)
		return { state: 'gone' }
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT' ? { state: 'gone' } : { state: 'holds', pid: undefined }
	}
}

async function readPid(file: string): Promise<number | 'gone' | null> {
	try {
		const text = (await readRegularFile(file, 64)).toString('latin1').trim()
		return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : null
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : null
	}
}

/**
 * Milliseconds since a file was last written, by the file system's own clock, compared with the moment of touching our
 * stage directory: a file server with another clock can't make a fresh lock look old.
 */
async function ageBeside(file: string, stage: string): Promise<number> {
	try {
		const probe = `${stage}/clock`
		await writeFile(probe, '')
		const [then, now] = [await stat(file), await stat(probe)]
		await unlink(probe)
		return now.mtimeMs - then.mtimeMs
	} catch {
		return 0
	}
}

/**
 * Removes what killed runs left beside an acquired lock: stage directories whose process is dead, or that have no
 * marker and are older than 10 s. Never throws.
 */
export async function removeStaleLockDirs(path: string): Promise<void> {
	const directory = dirname(path)
	const prefix = `${basename(path)}.lock.stage-`
	const names = await readdir(directory).catch(() => [])
	const now = (await stat(`${path}.lock`).catch(() => null))?.mtimeMs ?? 0
	for (const name of names) {
		if (!name.startsWith(prefix) || !/^[0-9a-f]{16}$/.test(name.slice(prefix.length))) continue
		const stage = join(directory, name)
		// A link, or a directory of somebody else, isn't what a run of this user left.
		const stats = await lstat(stage).catch(() => null)
		if (!stats?.isDirectory() || !(await isOwn(stage, stats))) continue
		const inside = await readdir(stage).catch(() => null)
		if (!inside?.every(other => marker.test(other) || other === 'clock')) continue
		const file = inside.find(other => marker.test(other))
		const pid = file ? await readPid(join(stage, file)) : null
		if (
			typeof pid === 'number'
				? isAlive(pid)
				: now - ((await stat(stage).catch(() => null))?.mtimeMs ?? now) < unreadableMs
		)
			continue
		for (const other of inside) await unlink(join(stage, other)).catch(() => {})
		await rmdir(stage).catch(() => {})
	}
}

const deferred = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/**
 * Runs a change of the settings file under its lock. SIGINT, SIGTERM and SIGHUP are delayed until it is done: one that
 * arrives while waiting for the lock ends the wait, and one without another listener is raised again afterwards.
 */
export function withLock<T>(path: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
	return deferSignals(signal, async waiting => {
		const lock = await acquireLock(path, waiting)
		try {
			await removeStaleLockDirs(path)
			return await run()
		} finally {
			await lock.release()
		}
	})
}

async function deferSignals<T>(outer: AbortSignal | undefined, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const controller = new AbortController()
	const abort = () => controller.abort()
	let caught: NodeJS.Signals | null = null
	const keep = (name: NodeJS.Signals) => {
		caught = name
		abort()
	}
	for (const name of deferred) process.on(name, keep)
	outer?.addEventListener('abort', abort, { once: true })
	if (outer?.aborted) abort()
	try {
		return await run(controller.signal)
	} finally {
		for (const name of deferred) process.off(name, keep)
		outer?.removeEventListener('abort', abort)
		if (caught && process.listenerCount(caught) === 0) process.kill(process.pid, caught)
	}
}
