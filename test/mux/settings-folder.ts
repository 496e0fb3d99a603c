// A folder of its own for each test of the settings file, on memory where there is some, so that syncing costs nothing.
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Finding } from '../../source/findings/finding.ts'
import { Refusal } from '../../source/findings/finding.ts'
import type { Host } from '../../source/host.ts'

export function newFolder(where = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()): string {
	const folder = mkdtempSync(join(where, 'settings-'))
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
	return folder
}

/** A new folder with a settings file of that text and mode; returns the file's path. */
export function newSettings(text: string | Uint8Array | null, mode = 0o600): string {
	const path = join(newFolder(), 'providers.jsonc')
	if (text !== null) writeFileSync(path, text, { mode })
	return path
}

/** The part of `Host` that writing needs: a clock, which stands unless it is moved. */
export function clockAt(time = '2026-11-23T14:45:00.123Z'): Host & { moveTo(time: string): void } {
	let now = new Date(time)
	const clock: Pick<Host, 'now'> & { moveTo(time: string): void } = {
		now: () => now,
		moveTo(other) {
			now = new Date(other)
		},
	}
	return clock as Host & { moveTo(time: string): void }
}

export function textOf(path: string): string | null {
	return existsSync(path) ? readFileSync(path, 'utf8') : null
}

/** Names in the file's folder, apart from the file itself. */
export function besides(path: string): string[] {
	const folder = path.slice(0, path.lastIndexOf('/'))
	return readdirSync(folder)
		.filter(name => join(folder, name) !== path)
		.sort()
}

export function modeOf(path: string): string {
	return (lstatSync(path).mode & 0o7777).toString(8).padStart(4, '0')
}

/** The findings of the Refusal that something ends with. */
export async function refusalOf(work: Promise<unknown>): Promise<readonly Finding[]> {
	try {
		await work
	} catch (error) {
		if (error instanceof Refusal) return error.findings
		throw error
	}
	throw new Error('nothing was refused')
}
