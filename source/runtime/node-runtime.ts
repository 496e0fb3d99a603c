// The runtime of the real process: the only module, with signals.ts, that reads `process`.
import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs'
import { homedir, hostname, userInfo } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import type { ReadStream } from 'node:tty'
import { finding, UserError } from '../findings/finding.ts'
import type { ProgramCommand } from '../program-command.ts'
import { detectProgramCommand } from './detect-program-command.ts'
import type { CommandResult, Runtime } from './runtime.ts'
import { createSyncWriteStream } from './sync-write-stream.ts'

/** How a process list is read: the text of a file, and the output of a command ('' if it fails). */
export type ProcessReader = {
	readonly platform: NodeJS.Platform
	readText(path: string): string
	run(command: string, args: readonly string[]): string
}

/** Creates the runtime. `findShell` returns the name of the shell above the process with the given id. */
export function createNodeRuntime(findShell: (parentId: number, reader: ProcessReader) => string | null): Runtime & {
	readonly args: readonly string[]
	readonly program: NodeJS.Process
	/** Whether the terminal that keys were read from was closed. */
	isTerminalGone(): Promise<boolean>
	/** Leaves the terminal alone from now on: called last. */
	releaseTerminal(): void
	/** The command that starts the program again. */
	readonly programCommand: ProgramCommand
} {
	const { env, platform } = process
	const stdout = once(() => createSyncWriteStream(1, platform, () => process.stdout))
	const stderr = once(() => createSyncWriteStream(2, platform, () => process.stderr))
	return {
		args: process.argv.slice(2),
		program: process,
		programCommand: detectProgramCommand({
			env,
			script: process.argv[1] ?? '',
			cwd: workingDirOrNull(),
			isDeno: 'Deno' in globalThis,
		}),
		env,
		platform,
		get homeDir() {
			return findHomeDir(env, platform)
		},
		get cwd() {
			return findWorkingDir()
		},
		get hostname() {
			return hostname()
		},
		// Created on first use: the modules behind a terminal stream take some milliseconds to load.
		get stdin() {
			keySource ??= { stream: process.stdin, fd: 0 }
			return process.stdin
		},
		get stdout() {
			return stdout()
		},
		get stderr() {
			return stderr()
		},
		isTerminalGone,
		releaseTerminal,
		now: () => new Date(),
		run: runProgram,
		parentProcessName: () => findShell(process.ppid, { platform, readText, run: runAndRead }),
	}
}

/** What keys are read from: stdin, or the terminal itself. */
let keySource: { readonly stream: NodeJS.ReadStream; readonly fd: number } | undefined

/** Node sets the modes of each terminal among 0, 1 and 2 when it ends, and aborts if one is gone. */
async function isTerminalGone(): Promise<boolean> {
	const isSource = keySource?.stream.isTTY === true
	const fds = [0, 1, 2].filter(isOtherDeviceThanNull)
	if (!isSource && fds.length === 0) return false
	const isReading = isSource && !keySource?.stream.destroyed
	if (!isReading && hasTerminal()) return false
	if (isSource && !isReading) return true
	if (keySource && isReading) fds.push(keySource.fd)
	// Of a closed terminal the system no longer says that it is one.
	const { isatty } = await import('node:tty')
	return fds.some(fd => !isatty(fd))
}

/** Closes the terminals among 0, 1 and 2, whose modes Node would set although they may be gone in this very moment. */
function releaseTerminal(): void {
	if (process.platform === 'win32') return
	if (keySource?.stream.isTTY && !keySource.stream.destroyed) keySource.stream.on('error', () => {}).setRawMode(false)
	for (const fd of [0, 1, 2].filter(isOtherDeviceThanNull)) closeSync(fd)
}

/** Whether the controlling terminal of the process is there: this costs less than loading node:tty. */
function hasTerminal(): boolean {
	try {
		closeSync(openSync('/dev/tty', constants.O_RDWR | (constants.O_NOCTTY ?? 0) | (constants.O_NONBLOCK ?? 0)))
		return true
	} catch {
		return false
	}
}

/** A character device of another driver than /dev/null, /dev/zero and /dev/full have: a terminal, also a closed one. */
function isOtherDeviceThanNull(fd: number): boolean {
	const driver = (device: number) => (process.platform === 'darwin' ? device >>> 24 : device >>> 8)
	try {
		const stats = fstatSync(fd)
		return stats.isCharacterDevice() && driver(stats.rdev) !== driver(statSync('/dev/null').rdev)
	} catch {
		return false
	}
}

/** The stream, created on first use. Ignores write errors on a closed stream; writers of results handle their own. */
function once(create: () => NodeJS.WriteStream): () => NodeJS.WriteStream {
	let stream: NodeJS.WriteStream | undefined
	return () => {
		stream ??= create().on('error', () => {})
		return stream
	}
}

/**
 * The user's home directory: `HOME`, or the user's entry in the password database if `HOME` is empty or relative. On
 * Windows `HOME` doesn't count, as in Mux. Throws a UserError if there is none.
 */
function findHomeDir(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
	if (platform === 'win32') return homedir()
	const home = env['HOME']
	if (home && isAbsolute(home)) return home
	try {
		return userInfo().homedir
	} catch {
		throw new UserError(finding('home-unknown', 'environment'))
	}
}

/** Throws a UserError if the directory has been deleted: then no relative path is valid. */
function findWorkingDir(): string {
	const path = workingDirOrNull()
	if (path === null) throw new UserError(finding('working-directory-missing', 'environment'))
	return path
}

function workingDirOrNull(): string | null {
	try {
		return process.cwd()
	} catch {
		return null
	}
}

/** Opens the terminal itself, for keys when stdin is something else. Throws a UserError if there is none. */
export async function openTerminal(): Promise<ReadStream> {
	// Loaded on demand: it costs every run three milliseconds.
	const { ReadStream } = await import('node:tty')
	try {
		const fd = openSync('/dev/tty', 'r+')
		const stream = new ReadStream(fd)
		keySource = { stream, fd }
		return stream
	} catch {
		throw new UserError(finding('no-terminal', 'arguments', { stream: 'stdin' }))
	}
}

function readText(path: string): string {
	return readFileSync(path, 'utf8')
}

function runAndRead(command: string, args: readonly string[]): string {
	try {
		const options = { encoding: 'utf8' as const, timeout: 1000 }
		// Loaded on demand: the module costs every run two milliseconds.
		return process.getBuiltinModule('node:child_process').execFileSync(command, [...args], options)
	} catch {
		return ''
	}
}

function isOnPath(command: string): boolean {
	const directories = command.includes('/') ? [''] : (process.env['PATH'] ?? '/usr/bin:/bin').split(':')
	return directories.some(directory => existsSync(resolve(directory, command)))
}

async function runProgram(
	command: string,
	args: readonly string[],
	limits: { timeoutMs: number; signal?: AbortSignal },
): Promise<CommandResult> {
	// Looking up the file is cheap; starting a process that doesn't exist isn't.
	if (process.platform !== 'win32' && !isOnPath(command)) return { code: null, stdout: '', stderr: '' }
	const { execFile } = await import('node:child_process')
	return new Promise(resolve => {
		const child = execFile(
			command,
			[...args],
			{
				timeout: limits.timeoutMs,
				// A program that ignores SIGTERM must not hold the wizard up.
				killSignal: 'SIGKILL',
				...(limits.signal ? { signal: limits.signal } : {}),
				windowsHide: true,
				maxBuffer: 1 << 20,
			},
			(error, stdout, stderr) => {
				const code = error ? (typeof error.code === 'number' ? error.code : null) : 0
				resolve({ code, stdout, stderr })
			},
		)
		child.stdin?.end()
	})
}
