// A directory of its own for each test of the settings file, on memory where there is some, so that syncing costs nothing.
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Finding } from '../../../source/findings/finding.ts'
import { UserError } from '../../../source/findings/finding.ts'
import type { Runtime } from '../../../source/runtime/runtime.ts'

export function newDir(where = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()): string {
	const directory = mkdtempSync(join(where, 'settings-'))
	onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
	return directory
}

/** A new directory with a settings file of that text and mode; returns the file's path. */
export function newSettings(text: string | Uint8Array | null, mode = 0o600): string {
	const path = join(newDir(), 'providers.jsonc')
	if (text !== null) writeFileSync(path, text, { mode })
	return path
}

/** The part of `Host` that writing needs: a clock, which stays as it is unless it is moved. */
export function clockAt(time = '2026-11-23T14:45:00.123Z'): Runtime & { moveTo(time: string): void } {
	let now = new Date(time)
	const clock: Pick<Runtime, 'now'> & { moveTo(time: string): void } = {
		now: () => now,
		moveTo(other) {
			now = new Date(other)
		},
	}
	return clock as Runtime & { moveTo(time: string): void }
}

export function textOf(path: string): string | null {
	return existsSync(path) ? readFileSync(path, 'utf8') : null
}

/** Names in the file's directory, apart from the file itself. */
export function besides(path: string): string[] {
	const directory = path.slice(0, path.lastIndexOf('/'))
	return readdirSync(directory)
		.filter(name => join(directory, name) !== path)
		.sort()
}

export function modeOf(path: string): string {
	return (lstatSync(path).mode & 0o7777).toString(8).padStart(4, '0')
}

/** The findings of the UserError that something ends with. */
export async function refusalOf(work: Promise<unknown>): Promise<readonly Finding[]> {
	try {
		await work
	} catch (error) {
		if (error instanceof UserError) return error.findings
		throw error
	}
	throw new Error('nothing was refused')
}
