// The real shells of this machine, for tests that let them read what was written for them.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// fish and zsh write into their home folder: a throw-away one.
const home = mkdtempSync(join(tmpdir(), 'mux-bridge-wizard-home-'))
process.once('exit', () => rmSync(home, { recursive: true, force: true }))

/** Where a program is, or null. */
export function findProgram(name: string): string | null {
	try {
		return execFileSync('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', name], { encoding: 'utf8' }).trim() || null
	} catch {
		return null
	}
}

/** A folder that is gone after `use`. */
export async function withFolder<Result>(use: (folder: string) => Result | Promise<Result>): Promise<Result> {
	const folder = mkdtempSync(join(tmpdir(), 'mux-bridge-wizard-shell-'))
	try {
		return await use(folder)
	} finally {
		rmSync(folder, { recursive: true, force: true })
	}
}

export type Run = { status: number | null; stdout: Buffer; stderr: string }

/** Runs a program with a small environment of its own and no standard input but the one given. */
export function run(
	program: string,
	args: readonly string[],
	options: { environment?: Record<string, string>; input?: string; folder?: string; silent?: true } = {},
): Run {
	const { status, stdout, stderr, error } = spawnSync(program, args, {
		env: { PATH: process.env['PATH'] ?? '', HOME: home, LC_ALL: 'C.UTF-8', ...options.environment },
		input: options.input ?? '',
		maxBuffer: 64 * 1024 * 1024,
		// Without pipes, a process that it left behind is not waited for.
		...(options.silent ? { stdio: 'ignore' as const } : {}),
		// Against a shell that waits for ever; none takes a fraction of it.
		timeout: 30_000,
		killSignal: 'SIGKILL',
		...(options.folder ? { cwd: options.folder } : {}),
	})
	if (error) throw error
	return { status, stdout: stdout ?? Buffer.alloc(0), stderr: stderr?.toString() ?? '' }
}

/** What `env -0` printed, as a map. */
export function readEnvironment(output: Buffer): Map<string, string> {
	const entries = output.toString('utf8').split('\0').slice(0, -1)
	return new Map(
		entries.map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)] as const),
	)
}

/** Puts a stand-in for the Coder CLI into `folder`: it prints `token` and writes its arguments to `folder/calls`. */
export function placeCoder(folder: string, token: string): string {
	const bin = join(folder, 'bin')
	mkdirSync(bin)
	const script = `#!/bin/sh\nprintf '%s|' "$@" >> '${folder}/calls'\necho >> '${folder}/calls'\necho '${token}'\n`
	writeFileSync(join(bin, 'coder'), script, { mode: 0o755 })
	return `${bin}:${process.env['PATH'] ?? ''}`
}
