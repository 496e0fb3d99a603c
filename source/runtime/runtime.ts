import type { ReadStream, WriteStream } from 'node:tty'

/** Environment variables as the process got them. */
export type Env = Readonly<Record<string, string | undefined>>

/** What a command that the wizard asked to run left behind. `code` is null where it could not be started. */
export type CommandResult = { code: number | null; stdout: string; stderr: string }

/**
 * Everything that comes from outside, in one value made in `cli.tsx`: tests hand in their own. No other module reads
 * `process.env`, `os.homedir()` or `Date.now()` by itself. Files are reached with `node:fs` under absolute paths that
 * start from here.
 */
export type Runtime = {
	readonly env: Env
	readonly platform: NodeJS.Platform
	/** Absolute path of the user's home directory. */
	readonly homeDir: string
	/** Absolute path that relative paths in arguments are taken from. */
	readonly cwd: string
	/** The machine's name, for the name of a token made for it. */
	readonly hostname: string
	readonly stdin: ReadStream | NodeJS.ReadStream
	readonly stdout: WriteStream | NodeJS.WriteStream
	readonly stderr: WriteStream | NodeJS.WriteStream
	/** The present moment. */
	now(): Date
	/** Runs a program without a shell, with no standard input; never throws. Used for `coder login token --url`. */
	run(
		command: string,
		args: readonly string[],
		limits: { timeoutMs: number; signal?: AbortSignal },
	): Promise<CommandResult>
	/** The name of the parent process ("bash", "fish"), or null where it can't be told. */
	parentProcessName(): string | null
}
