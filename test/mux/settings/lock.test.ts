import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { acquireLock } from '../../../source/mux/settings/lock.ts'
import { readSettings } from '../../../source/mux/settings/read.ts'
import { writeSettings } from '../../../source/mux/settings/write.ts'
import { besides, clockAt, newDir, newSettings, refusalOf, textOf } from './settings-dir.ts'

const marker = `owner-${'0123456789abcdef'.repeat(2)}`

function deadPid(): number {
	return Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }))
}

function hold(path: string, content: string): string {
	mkdirSync(`${path}.lock`)
	writeFileSync(`${path}.lock/${marker}`, content)
	return `${path}.lock/${marker}`
}

test('takes Mux’s lock: a directory with one marker that holds the process id in decimal', async () => {
	const path = newSettings('{}')
	const lock = await acquireLock(path)
	const names = readdirSync(`${path}.lock`)
	expect(names).toEqual([expect.stringMatching(/^owner-[0-9a-f]{32}$/)])
	expect(readFileSync(`${path}.lock/${names[0]}`, 'utf8')).toBe(`${process.pid}`)
	expect(besides(path)).toEqual(['providers.jsonc.lock'])
	await lock.release()
	await lock.release()
	expect(besides(path)).toEqual([])
})

test('takes the lock beside the file as named, not beside a link’s target', async () => {
	const directory = newDir()
	mkdirSync(join(directory, 'dotfiles'))
	writeFileSync(join(directory, 'dotfiles', 'p'), '{}')
	const path = join(directory, 'providers.jsonc')
	symlinkSync('dotfiles/p', path)
	const lock = await acquireLock(path)
	expect(besides(path)).toEqual(['dotfiles', 'providers.jsonc.lock'])
	await lock.release()
})

describe('a stale lock', () => {
	test.each<[string, (path: string) => void]>([
		['of a dead process', path => void hold(path, `${deadPid()}`)],
		['that is empty', path => mkdirSync(`${path}.lock`)],
		['with an old marker that can not be read', path => utimesSync(hold(path, 'no number'), 1_000_000, 1_000_000)],
	])('%s is broken at once', async (_, make) => {
		const path = newSettings('{}')
		make(path)
		const started = performance.now()
		await writeSettings(clockAt(), await readSettings(path), '{"a":1}')
		expect(performance.now() - started).toBeLessThan(4_000)
		expect(textOf(path)).toBe('{"a":1}')
		expect(besides(path).filter(name => name.includes('lock'))).toEqual([])
	})
})

describe('a lock that is held', () => {
	test('never breaks it: gives up after 5 s and names the process id', async () => {
		const holders: [content: string, details: object][] = [
			[`${process.ppid}`, { pid: process.ppid, seconds: 5 }],
			// Of another user, unless the test runs as root.
			['1', { pid: 1 }],
			// Fresh, but not to be read: somebody may be about to write it.
			['', { pid: undefined }],
		]
		const paths = holders.map(() => newSettings('{}'))
		await Promise.all(
			holders.map(async ([content, details], index) => {
				const path = paths[index]!
				hold(path, content)
				const started = performance.now()
				const [finding] = await refusalOf(writeSettings(clockAt(), await readSettings(path), '{"a":1}'))
				expect(performance.now() - started).toBeGreaterThan(4_900)
				expect(finding).toMatchObject({ code: 'settings-locked', details })
				expect(textOf(path)).toBe('{}')
				expect(readFileSync(`${path}.lock/${marker}`, 'utf8')).toBe(content)
				expect(besides(path)).toEqual(['providers.jsonc.lock'])
			}),
		)
	})

	test('takes it as soon as it is free', async () => {
		const path = newSettings('{}')
		const first = await acquireLock(path)
		const order: string[] = []
		const second = acquireLock(path).then(lock => {
			order.push('taken')
			return lock
		})
		order.push('released')
		await first.release()
		await (await second).release()
		expect(order).toEqual(['released', 'taken'])
	})

	test('stops waiting when cancelled', async () => {
		const path = newSettings('{}')
		hold(path, `${process.ppid}`)
		const controller = new AbortController()
		const work = writeSettings(clockAt(), await readSettings(path), '{"a":1}', { signal: controller.signal })
		controller.abort()
		expect((await refusalOf(work))[0]?.code).toBe('cancelled')
		expect(besides(path)).toEqual(['providers.jsonc.lock'])
	})
})

test.each<[string, (path: string) => void]>([
	['a file', path => writeFileSync(path, '')],
	['a link to nowhere', path => symlinkSync('gone', path)],
])('%s of the lock’s name is an error to report', async (_, make) => {
	const path = newSettings('{}')
	make(`${path}.lock`)
	const [finding] = await refusalOf(writeSettings(clockAt(), await readSettings(path), '{"a":1}'))
	expect(finding).toMatchObject({ code: 'settings-lock-blocked', details: { lock: `${path}.lock` } })
	expect(textOf(path)).toBe('{}')
	expect(besides(path)).toEqual(['providers.jsonc.lock'])
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
	'%s waits until the change is done, then ends the process',
	async signal => {
		const path = newSettings('{}')
		const program = `
		import { withLock } from ${JSON.stringify(join(import.meta.dirname, '../../../source/mux/settings/lock.ts'))}
		import { writeFileSync } from 'node:fs'
		process.once('${signal}', () => process.stdout.write('heard'))
		await withLock(${JSON.stringify(path)}, undefined, async () => {
			process.stdout.write('in it')
			await new Promise(resolve => process.stdin.once('data', resolve))
			writeFileSync(${JSON.stringify(path)}, 'done')
		})
		setTimeout(() => {}, 60_000)
	`
		const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
			stdio: ['pipe', 'pipe', 'inherit'],
		})
		const said = () => new Promise(resolve => child.stdout.once('data', data => resolve(`${data}`)))
		expect(await said()).toBe('in it')
		const heard = said()
		child.kill(signal)
		expect(await heard).toBe('heard')
		expect(child.exitCode ?? child.signalCode).toBeNull()
		child.stdin.write('go on')
		const ended = await new Promise(resolve => child.once('exit', (_, by) => resolve(by)))
		expect([ended, textOf(path), besides(path)]).toEqual([signal, 'done', []])
	},
)
