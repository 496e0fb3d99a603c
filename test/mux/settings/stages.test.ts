// What is swept beside the lock, and what never is.
import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from '../../../source/mux/settings/read.ts'
import { writeSettings } from '../../../source/mux/settings/write.ts'
import { clockAt, newDir, newSettings } from './settings-dir.ts'

const clock = clockAt()
const marker = `owner-${'a'.repeat(32)}`
const deadPid = `${2 ** 22 + 1}`

test("sweeps a dead run's stage; never the target of a link, nor a directory with other files", async () => {
	const path = newSettings('{}')
	const precious = newDir()
	for (const name of [marker, 'notes.txt']) writeFileSync(join(precious, name), deadPid)
	symlinkSync(precious, `${path}.lock.stage-${'1'.repeat(16)}`)
	const stage = `${path}.lock.stage-${'2'.repeat(16)}`
	const mixed = `${path}.lock.stage-${'3'.repeat(16)}`
	for (const directory of [stage, mixed]) {
		mkdirSync(directory)
		writeFileSync(join(directory, marker), deadPid)
	}
	writeFileSync(join(mixed, 'notes.txt'), 'mine')
	await writeSettings(clock, await readSettings(path), '{"a":1}')
	expect([existsSync(join(precious, marker)), existsSync(join(precious, 'notes.txt'))]).toEqual([true, true])
	expect([existsSync(stage), existsSync(join(mixed, 'notes.txt')), existsSync(join(mixed, marker))]).toEqual([
		false,
		true,
		true,
	])
})

test('a lock whose marker is a FIFO is waited for and broken as an unreadable one, never opened for ever', async () => {
	const { execFileSync } = await import('node:child_process')
	const path = newSettings('{}')
	mkdirSync(`${path}.lock`)
	execFileSync('mkfifo', [join(`${path}.lock`, marker)])
	const old = Date.now() / 1000 - 60
	utimesSync(join(`${path}.lock`, marker), old, old)
	expect((await writeSettings(clock, await readSettings(path), '{"a":1}')).written).toBe(true)
})

test('a FIFO in place of a backup or of the journal is an error, and no wait', async () => {
	const { execFileSync } = await import('node:child_process')
	const { rmSync } = await import('node:fs')
	const { undoLastChange } = await import('../../../source/mux/settings/undo.ts')
	const { refusalOf } = await import('./settings-dir.ts')
	const path = newSettings('{}')
	const { backup } = await writeSettings(clock, await readSettings(path), '{"a":1}')
	rmSync(backup!)
	execFileSync('mkfifo', [backup!])
	expect((await refusalOf(undoLastChange(clock, path))).map(({ code }) => code)).toEqual(['undo-backup-missing'])
	rmSync(`${path}.undo.json`)
	execFileSync('mkfifo', [`${path}.undo.json`])
	expect((await refusalOf(undoLastChange(clock, path))).map(({ code }) => code)).toEqual(['undo-journal-damaged'])
})
