import { isAbsolute, resolve, sep } from 'node:path'
import type { ReadStream, WriteStream } from 'node:tty'

/** The environment variables of the process. */
export type Env = Readonly<Record<string, string | undefined>>

/** The result of a command. `code` is null if it couldn't be started. */
export type CommandResult = { code: number | null; stdout: string; stderr: string }

/** What a step was about. Never a credential. */
export type DebugDetails = Readonly<Record<string, string | number | boolean | null | undefined>>

/**
 * Everything from outside the program, in one value: tests provide their own. No other module reads `process.env`,
 * `os.homedir()` or `Date.now()`. Files are accessed with `node:fs` under absolute paths that are derived from here.
 */
export type Runtime = {
	readonly env: Env
	readonly platform: NodeJS.Platform
	/** Absolute path of the user's home directory. */
	readonly homeDir: string
	/** Absolute path that relative paths in arguments are resolved against. */
	readonly cwd: string
	/** The machine's name, for the name of a token created for it. */
	readonly hostname: string
	readonly stdin: ReadStream | NodeJS.ReadStream
	readonly stdout: WriteStream | NodeJS.WriteStream
	readonly stderr: WriteStream | NodeJS.WriteStream
	/** The current time. */
	now(): Date
	/** Runs a program without a shell and with no stdin; never throws. Used for `coder login token --url`. */
	run(
		command: string,
		args: readonly string[],
		limits: { timeoutMs: number; signal?: AbortSignal },
	): Promise<CommandResult>
	/** Logs a step for `--debug`; absent without it. */
	readonly debug?: (step: string, details?: DebugDetails) => void
	/** The name of the parent process ("bash", "fish"), or null if unknown. */
	parentProcessName(): string | null
}

/** An absolute path for a path in an argument: `~/` (`~\` on Windows) is the home directory, a relative one starts at `cwd`. */
export function resolvePath(runtime: Pick<Runtime, 'cwd' | 'homeDir'>, path: string): string {
	if (path === '~' || path.startsWith('~/') || path.startsWith(`~${sep}`))
		return resolve(runtime.homeDir, path.slice(2))
	return resolveFromCwd(runtime, path)
}

/** An absolute path as Mux and Node.js resolve one: `~` has no meaning. */
export function resolveFromCwd(runtime: Pick<Runtime, 'cwd'>, path: string): string {
	return isAbsolute(path) ? resolve(path) : resolve(runtime.cwd, path)
}
