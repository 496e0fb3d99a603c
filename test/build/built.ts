// What the tests of the build share.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The program that is published. */
export const program = join(root, 'dist/cli.cjs')

export function makeDir(): string {
	return mkdtempSync(join(tmpdir(), 'build-'))
}

export function removeDir(directory: string): void {
	rmSync(directory, { recursive: true, force: true })
}

/** Builds the program into a directory. */
export function buildInto(directory: string): void {
	execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), directory])
}

/** Runs a program with a small environment of its own; never throws. */
export function run(
	command: string,
	args: readonly string[],
	options: { input?: string; env?: Record<string, string>; cwd?: string } = {},
): { code: number | null; stdout: string; stderr: string } {
	try {
		const stdout = execFileSync(command, args, {
			encoding: 'utf8',
			stdio: ['pipe', 'pipe', 'pipe'],
			input: options.input ?? '',
			cwd: options.cwd ?? tmpdir(),
			env: { PATH: process.env['PATH'] ?? '', ...options.env },
			maxBuffer: 64 * 1024 * 1024,
			// vitest can't end a test that waits here.
			timeout: 60_000,
		})
		return { code: 0, stdout, stderr: '' }
	} catch (error) {
		const { status, stdout, stderr } = error as { status: number | null; stdout: string; stderr: string }
		return { code: status, stdout, stderr }
	}
}
