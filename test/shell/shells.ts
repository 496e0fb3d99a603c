// Runs the real shells of this machine, for tests that let them read what was written for them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// fish and zsh write into their home directory, so they get a temporary one.
const home = mkdtempSync(join(tmpdir(), 'mux-bridge-wizard-home-'))
process.once('exit', () => rmSync(home, { recursive: true, force: true }))

/** Creates a temporary directory and removes it after `use`. */
export async function withDir<Result>(use: (directory: string) => Result | Promise<Result>): Promise<Result> {
	const directory = mkdtempSync(join(tmpdir(), 'mux-bridge-wizard-shell-'))
	try {
		return await use(directory)
	} finally {
		rmSync(directory, { recursive: true, force: true })
	}
}

export type Run = { status: number | null; stdout: Buffer; stderr: string }

/** Runs a program with a small environment of its own; standard input is only what `input` has. */
export function run(
	program: string,
	args: readonly string[],
	options: { environment?: Record<string, string>; input?: string; directory?: string; silent?: true } = {},
): Run {
	const { status, stdout, stderr, error } = spawnSync(program, args, {
		env: { PATH: process.env['PATH'] ?? '', HOME: home, LC_ALL: 'C.UTF-8', ...options.environment },
		input: options.input ?? '',
		maxBuffer: 64 * 1024 * 1024,
		// Without pipes, spawnSync doesn't wait for background processes of the program.
		...(options.silent ? { stdio: 'ignore' as const } : {}),
		// Only a shell that hangs takes this long.
		timeout: 30_000,
		killSignal: 'SIGKILL',
		...(options.directory ? { cwd: options.directory } : {}),
	})
	if (error) throw error
	return { status, stdout: stdout ?? Buffer.alloc(0), stderr: stderr?.toString() ?? '' }
}

/** Parses the output of `env -0`. */
export function readEnvironment(output: Buffer): Map<string, string> {
	const entries = output.toString('utf8').split('\0').slice(0, -1)
	return new Map(
		entries.map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const),
	)
}

/** Puts a fake Coder CLI into `directory`: it prints `token` and appends its arguments to `directory/calls`. */
export function placeCoder(directory: string, token: string): string {
	const bin = join(directory, 'bin')
	mkdirSync(bin)
	const script = `#!/bin/sh\nprintf '%s|' "$@" >> '${directory}/calls'\necho >> '${directory}/calls'\necho '${token}'\n`
	writeFileSync(join(bin, 'coder'), script, { mode: 0o755 })
	return `${bin}:${process.env['PATH'] ?? ''}`
}
