// Builds programs the way dist/ is built, for the tests of the build.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The program that is published. */
export const program = join(root, 'dist/cli.cjs')

export function makeFolder(): string {
	return mkdtempSync(join(tmpdir(), 'build-'))
}

export function removeFolder(folder: string): void {
	rmSync(folder, { recursive: true, force: true })
}

/** Builds another entry, a path inside the project, into a folder; returns the path of its cli.cjs. */
export function buildInto(folder: string, entry: string): string {
	execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), '--entry', entry, '--to', folder])
	return join(folder, 'cli.cjs')
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
			// It would hold up the test itself, and no limit of the test's would end that.
			timeout: 60_000,
		})
		return { code: 0, stdout, stderr: '' }
	} catch (error) {
		const { status, stdout, stderr } = error as { status: number | null; stdout: string; stderr: string }
		return { code: status, stdout, stderr }
	}
}
