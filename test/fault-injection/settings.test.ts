// What may happen to a settings file on a real file system while the wizard writes it. The writers are processes of
// their own: they are killed, run out of space, lack permission and race each other and a program that writes like Mux.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readSettings } from '../../source/mux/settings/read.ts'
import { readBackups, undoLastChange } from '../../source/mux/settings/undo.ts'
import { writeSettings } from '../../source/mux/settings/write.ts'
import type { Runtime } from '../../source/runtime/runtime.ts'

const runtime = { now: () => new Date() } as Runtime
const isRoot = process.getuid?.() === 0
const nobody = { uid: 65_534, gid: 65_534 }
let directory = ''
let program = ''

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), 'settings-faults-'))
	chmodSync(directory, 0o755)
	program = join(directory, 'settings-writer.mjs')
	await build({
		entryPoints: [join(import.meta.dirname, 'settings-writer.ts')],
		outfile: program,
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node20',
		mainFields: ['module', 'main'],
		logLevel: 'error',
	})
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

function newDir(name: string): string {
	const made = join(directory, name)
	mkdirSync(made)
	return made
}

function start(args: readonly string[], stderr: 'ignore' | 'inherit' = 'inherit'): ChildProcess {
	return spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', stderr] })
}

/** What the writer said; `as` is the user that it ran as. */
function run(args: readonly string[], as: { uid?: number; gid?: number } = {}): string {
	const { stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: '/', ...as })
	return stdout.trim() || stderr
}

function isWhole(text: string): boolean {
	if (text === '{}') return true
	const { number, filling, hash } = JSON.parse(text)
	return createHash('sha256').update(`${number}${filling}`).digest('hex') === hash && text.endsWith('\n')
}

/**
 * Names beside the settings file that are no backup and no journal. A stage directory without a process id is not in the
 * way and may be somebody's who is just about to write it: it goes when it is older than 10 s.
 */
function litter(path: string): string[] {
	const isEmptyStage = (name: string) => {
		const stage = join(dirname(path), name)
		return (
			name.startsWith('providers.jsonc.lock.stage-') &&
			readdirSync(stage).every(own => readFileSync(join(stage, own), 'utf8') === '')
		)
	}
	return readdirSync(dirname(path)).filter(
		name =>
			name !== basename(path) &&
			!/^providers\.jsonc\.(?:undo\.json|\d{8}T\d{6}Z(?:-\d+)?\.bak)$/.test(name) &&
			!isEmptyStage(name),
	)
}

describe('killed', () => {
	// Two lanes, so that both cores are busy.
	test.concurrent.each(['a', 'b'])(
		'at 160 random moments (lane %s): the file is whole, and nothing stays in the way',
		async lane => {
			const path = join(newDir(`killed-${lane}`), 'providers.jsonc')
			writeFileSync(path, '{}')
			let inTheWay = 0
			for (let round = 0; round < 160; round++) {
				const child = start(['loop', path])
				const ended = new Promise(resolve => child.once('exit', (_code, signal) => resolve(signal)))
				await new Promise(resolve => child.stdout!.once('data', resolve))
				await new Promise(resolve => setTimeout(resolve, Math.random() * 25))
				// To somewhere within the millisecond.
				for (let spin = Math.random() * 1e5; spin > 0; spin--);
				child.kill('SIGKILL')
				// A run that ends by itself was refused something: no kill before may lead to that.
				expect(await ended, `round ${round}`).toBe('SIGKILL')
				expect(isWhole(readFileSync(path, 'utf8')), `round ${round}`).toBe(true)
				if (litter(path).length > 0) inTheWay++
				// The journal tells the truth: what can be undone leads to a whole file as well.
				expect((await readBackups(path)).every(text => text === '' || isWhole(text))).toBe(true)
				if (round % 4 === 0) {
					const before = await readSettings(path)
					await writeSettings(runtime, before, `{"round":${round}}`)
					expect(litter(path)).toEqual([])
					await undoLastChange(runtime, path)
					expect(readFileSync(path, 'utf8')).toBe(before.text)
				}
			}
			await writeSettings(runtime, await readSettings(path), '{"over":true}')
			expect(litter(path)).toEqual([])
			expect(readdirSync(dirname(path)).filter(name => name.endsWith('.bak')).length).toBeLessThanOrEqual(5)
			// Else the moments were not random enough to hit a change half-way.
			expect(inTheWay).toBeGreaterThan(10)
		},
	)
})

/** Mounts something for the length of a test; null where this machine does not allow it. */
function mount(...args: string[]): (() => void) | null {
	const target = args.at(-1)!
	const done = spawnSync('mount', args).status === 0
	if (!done) return null
	let mounted = true
	const unmount = () => {
		if (mounted) execFileSync('umount', [target])
		mounted = false
	}
	onTestFinished(unmount)
	return unmount
}

const canMount = isRoot && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

describe.skipIf(!canMount)('on a file system of its own (needs the right to mount)', () => {
	test('no space left, wherever it runs out: a clear error, the old file untouched, no litter', async () => {
		const disk = newDir('full')
		expect(mount('-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk)).not.toBeNull()
		const path = join(disk, 'providers.jsonc')
		const old = `{${' '.repeat(30_000)}}`
		writeFileSync(path, old, { mode: 0o640 })
		const refused: string[] = []
		let written = 0
		for (let pages = 0; pages < 40 && written === 0; pages++) {
			const before = statSync(path)
			writeFileSync(join(disk, 'filling'), '')
			const free = Number(execFileSync('stat', ['-f', '-c', '%a', disk], { encoding: 'utf8' }))
			writeFileSync(join(disk, 'filling'), Buffer.alloc(Math.max(0, free - pages) * 4096))
			const file = await readSettings(path)
			try {
				await writeSettings(runtime, file, `{"new":"${'x'.repeat(60_000)}"}`)
				written++
			} catch (error) {
				refused.push((error as { findings: { code: string }[] }).findings[0]!.code)
				expect(readFileSync(path, 'utf8')).toBe(old)
				expect(statSync(path)).toMatchObject({ ino: before.ino, mode: before.mode, mtimeMs: before.mtimeMs })
				expect(readdirSync(disk).sort()).toEqual(['filling', 'providers.jsonc'])
			}
		}
		expect(written).toBe(1)
		expect(refused.length).toBeGreaterThan(20)
		expect(new Set(refused)).toEqual(new Set(['settings-no-space']))
	})

	test('a file system that is read-only', async () => {
		const disk = newDir('read-only')
		expect(mount('-t', 'tmpfs', 'tmpfs', disk)).not.toBeNull()
		const path = join(disk, 'providers.jsonc')
		writeFileSync(path, '{}')
		execFileSync('mount', ['-o', 'remount,ro', disk])
		expect(run(['once', path])).toMatch(/^settings-no-permission: .*the file system is read-only \(EROFS\)/)
		expect([readFileSync(path, 'utf8'), readdirSync(disk)]).toEqual(['{}', ['providers.jsonc']])
	})

	test("a file that can't be renamed over, being a mount point", async () => {
		const path = join(newDir('busy'), 'providers.jsonc')
		writeFileSync(path, '{}')
		writeFileSync(`${path}.source`, '{"mounted":1}')
		const unmount = mount('--bind', `${path}.source`, path)
		expect(unmount).not.toBeNull()
		// Written in place, with the backup made first; the mount stays.
		expect(run(['once', path])).toBe('written')
		expect(isWhole(readFileSync(path, 'utf8'))).toBe(true)
		expect(isWhole(readFileSync(`${path}.source`, 'utf8'))).toBe(true)
		expect(litter(path)).toEqual(['providers.jsonc.source'])
		expect(run(['undo', path])).toBe('undone')
		expect(readFileSync(path, 'utf8')).toBe('{"mounted":1}')
		unmount!()
		expect(readFileSync(path, 'utf8')).toBe('{}')
	})
})

test('a file size limit: killed or rejected, the old file stays whole and the next run works', () => {
	const path = join(newDir('limit'), 'providers.jsonc')
	writeFileSync(path, `{${' '.repeat(300_000)}}`)
	const { stdout, signal } = spawnSync(
		'sh',
		['-c', `ulimit -f 16 && exec "$0" "$1" once "$2"`, process.execPath, program, path],
		{
			encoding: 'utf8',
		},
	)
	if (signal === null) expect(stdout).toMatch(/^settings-no-space: .*\(EFBIG\)/)
	expect(readFileSync(path, 'utf8').length).toBe(300_002)
	expect(run(['once', path])).toBe('written')
	expect(litter(path)).toEqual([])
})

// Root may do everything, so the writer runs as another user; a user who is not root is that other user already.
const other: { uid?: number; gid?: number } = isRoot ? nobody : {}
const canSwitch = !isRoot || spawnSync(process.execPath, ['-e', ''], { cwd: '/', ...nobody }).status === 0

describe.skipIf(!canSwitch)("without permission (needs a process that isn't root)", () => {
	function give(path: string, mode: number): void {
		chmodSync(path, mode)
		if (isRoot) chownSync(path, nobody.uid, nobody.gid)
	}

	test('a read-only directory', () => {
		const home = newDir('sealed')
		const path = join(home, 'providers.jsonc')
		writeFileSync(path, '{}')
		give(path, 0o600)
		give(home, 0o500)
		expect(run(['once', path], other)).toMatch(
			new RegExp(`^settings-no-permission: ${home}: permission denied \\(EACCES\\)`),
		)
		give(home, 0o700)
		expect([readFileSync(path, 'utf8'), readdirSync(home)]).toEqual(['{}', ['providers.jsonc']])
	})

	test('a read-only target directory behind a link', () => {
		const home = newDir('linked')
		const dotfiles = newDir('sealed-dotfiles')
		const target = join(dotfiles, 'mux.jsonc')
		writeFileSync(target, '{}')
		give(target, 0o600)
		give(dotfiles, 0o500)
		give(home, 0o700)
		symlinkSync(target, join(home, 'providers.jsonc'))
		expect(run(['once', join(home, 'providers.jsonc')], other)).toMatch(/^settings-no-permission: /)
		expect([readFileSync(target, 'utf8'), readdirSync(dotfiles), readdirSync(home)]).toEqual([
			'{}',
			['mux.jsonc'],
			['providers.jsonc'],
		])
	})

	test('a file that its owner created read-only', () => {
		const home = newDir('read-only-file')
		const path = join(home, 'providers.jsonc')
		writeFileSync(path, '{}')
		give(path, 0o400)
		give(home, 0o700)
		expect(run(['once', path], other)).toMatch(new RegExp(`^settings-no-permission: ${path}: permission denied`))
		expect([readFileSync(path, 'utf8'), readdirSync(home)]).toEqual(['{}', ['providers.jsonc']])
	})

	test("a file that can't be read is never replaced, though its directory would allow it", () => {
		const home = newDir('unreadable')
		const path = join(home, 'providers.jsonc')
		writeFileSync(path, '{}')
		give(path, 0o000)
		give(home, 0o700)
		expect(run(['once', path], other)).toContain('settings-unreadable')
		give(path, 0o600)
		expect([readFileSync(path, 'utf8'), readdirSync(home)]).toEqual(['{}', ['providers.jsonc']])
	})

	test('a directory that may not be created', () => {
		const home = newDir('no-home')
		give(home, 0o500)
		expect(run(['once', join(home, '.mux', 'providers.jsonc')], other)).toMatch(/^settings-no-permission: /)
		expect(readdirSync(home)).toEqual([])
	})

	test.skipIf(!isRoot)('root leaves the file its owner’s (needs root)', () => {
		const home = newDir('owned')
		const path = join(home, 'providers.jsonc')
		writeFileSync(path, '{}')
		give(path, 0o600)
		expect(run(['once', path])).toBe('written')
		for (const name of readdirSync(home)) expect(statSync(join(home, name))).toMatchObject(nobody)
	})
})

test('8 wizards and Mux change one file, 200 times each side: no update is lost', async () => {
	const path = join(newDir('race'), 'providers.jsonc')
	writeFileSync(path, '{}', { mode: 0o600 })
	const wizards = Array.from({ length: 8 }, (_, index) => start(['count', path, `wizard${index}`, '25']))
	const mux = spawn(process.execPath, [join(import.meta.dirname, 'mux-writer.mjs'), path, '200'], {
		stdio: ['ignore', 'ignore', 'inherit'],
	})
	const ends = [...wizards, mux].map(child => new Promise(resolve => child.once('exit', resolve)))
	expect(await Promise.all(ends)).toEqual(ends.map(() => 0))
	const counts = Object.entries<{ n: number }>(JSON.parse(readFileSync(path, 'utf8'))).map(([name, { n }]) => [name, n])
	expect(Object.fromEntries(counts)).toEqual({
		mux: 200,
		...Object.fromEntries(wizards.map((_, index) => [`wizard${index}`, 25])),
	})
	expect(litter(path)).toEqual([])
	expect(existsSync(`${path}.lock`)).toBe(false)
})
