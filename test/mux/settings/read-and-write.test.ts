import { execFileSync } from 'node:child_process'
import {
	chmodSync,
	existsSync,
	linkSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { describeFinding as inWords } from '../../../source/findings/describe.ts'
import { readSettings } from '../../../source/mux/settings/read.ts'
import { writeSettings } from '../../../source/mux/settings/write.ts'
import { besides, clockAt, modeOf, newDir, newSettings, refusalOf, textOf } from './settings-dir.ts'

const host = clockAt()
const write = async (path: string, text: string) => writeSettings(host, await readSettings(path), text)

describe('reading', () => {
	test('reads text, bytes, mode and owner, and keeps a byte order mark in the text', async () => {
		const path = newSettings('\ufeff{} // é\r\n', 0o640)
		const file = await readSettings(path)
		expect(file).toMatchObject({ path, target: path, exists: true, text: '\ufeff{} // é\r\n', mode: 0o640 })
		expect(Buffer.from(file.text)).toEqual(readFileSync(path))
		expect(file.owner).toEqual({ uid: process.getuid!(), gid: process.getgid!() })
	})

	test('reads a missing file in a missing directory', async () => {
		const path = join(newDir(), 'a', 'b', 'providers.jsonc')
		expect(await readSettings(path)).toMatchObject({ exists: false, text: '', bytes: null, mode: null, target: path })
	})

	test('follows links to the file, to the directory, and to a directory without the file', async () => {
		const directory = newDir()
		mkdirSync(join(directory, 'dotfiles'))
		writeFileSync(join(directory, 'dotfiles', 'mux.jsonc'), '{}')
		symlinkSync('dotfiles/mux.jsonc', join(directory, 'providers.jsonc'))
		symlinkSync('dotfiles', join(directory, 'home'))
		expect((await readSettings(join(directory, 'providers.jsonc'))).target).toBe(
			join(directory, 'dotfiles', 'mux.jsonc'),
		)
		expect((await readSettings(join(directory, 'home', 'mux.jsonc'))).target).toBe(
			join(directory, 'dotfiles', 'mux.jsonc'),
		)
		expect(await readSettings(join(directory, 'home', 'x', 'new'))).toMatchObject({
			target: join(directory, 'dotfiles', 'x', 'new'),
			exists: false,
		})
	})

	const odd: [name: string, make: (path: string) => void, code: string, details: object][] = [
		['a link that leads nowhere', path => symlinkSync('gone', path), 'settings-dangling-link', { target: 'gone' }],
		['a link to itself', path => symlinkSync('providers.jsonc', path), 'settings-dangling-link', {}],
		['a directory', path => mkdirSync(path), 'settings-not-a-file', { kind: 'a directory' }],
		['a FIFO', path => execFileSync('mkfifo', [path]), 'settings-not-a-file', { kind: 'a FIFO' }],
		[
			'a device',
			path => symlinkSync('/dev/null', path),
			'settings-not-a-file',
			{ kind: 'a device', path: '/dev/null' },
		],
		['UTF-16', path => writeFileSync(path, Buffer.from('\ufeff{}', 'utf16le')), 'settings-encoding', {}],
		['UTF-16 without a mark', path => writeFileSync(path, Buffer.from('{}', 'utf16le')), 'settings-encoding', {}],
		['Latin-1', path => writeFileSync(path, Buffer.from('{"é":1}', 'latin1')), 'settings-encoding', {}],
		[
			'more than 64 MB',
			path => {
				writeFileSync(path, '')
				truncateSync(path, 65 * 1024 * 1024)
			},
			'settings-too-large',
			{ megabytes: 65 },
		],
	]
	test.each(odd)('%s is rejected by name, and nothing is created in its place', async (_, make, code, details) => {
		const path = newSettings(null)
		make(path)
		const before = lstatSync(path)
		const [finding] = await refusalOf(readSettings(path))
		expect(finding).toMatchObject({ code, details })
		expect(inWords(finding!).reason).toContain(String(finding!.details['path']))
		expect(lstatSync(path)).toMatchObject({ ino: before.ino, mode: before.mode, mtimeMs: before.mtimeMs })
		expect(besides(path)).toEqual([])
	})

	test('rejects a directory on the way that is a dangling link or a file', async () => {
		const directory = newDir()
		symlinkSync('gone', join(directory, 'link'))
		writeFileSync(join(directory, 'file'), '')
		expect((await refusalOf(readSettings(join(directory, 'link', 'x', 'p'))))[0]).toMatchObject({
			code: 'settings-dangling-link',
			details: { link: join(directory, 'link') },
		})
		expect((await refusalOf(readSettings(join(directory, 'file', 'p'))))[0]?.code).toBe('settings-unreadable')
	})
})

describe('writing', () => {
	test('creates a new file in a new directory, 0600 in 0700, with nothing to back up', async () => {
		const path = join(newDir(), '.mux', 'providers.jsonc')
		expect(await write(path, '{}\n')).toEqual({
			written: true,
			path,
			target: path,
			backup: null,
			tokenFile: null,
			removedTokenFiles: [],
			findings: [],
		})
		expect([textOf(path), modeOf(path), modeOf(dirname(path))]).toEqual(['{}\n', '0600', '0700'])
		expect(besides(path)).toEqual(['providers.jsonc.undo.json'])
	})

	test.skipIf(!existsSync('/proc/self'))(
		'a directory that a file system denies without an end is an error (needs /proc)',
		async () => {
			const path = '/proc/mux/deep/providers.jsonc'
			expect((await refusalOf(write(path, '{}\n')))[0]).toMatchObject({
				code: 'settings-write-failed',
				details: { path, at: dirname(path), problem: "the directory doesn't exist (ENOENT)" },
			})
		},
	)

	test.each([
		[0o600, '0600'],
		[0o644, '0600'],
		[0o400, '0400'],
		[0o666, '0600'],
	])('mode %o becomes %s: kept, but never wider than 0600', async (mode, after) => {
		const path = newSettings('{}', mode)
		chmodSync(path, mode)
		const write0 = write(path, '{"a":1}')
		if (mode === 0o400 && process.getuid!() !== 0) {
			expect((await refusalOf(write0))[0]?.code).toBe('settings-no-permission')
			return
		}
		await write0
		expect(modeOf(path)).toBe(after)
	})

	test('the backup holds the old bytes, 0600, named by the UTC time; a second one in the same second has another name', async () => {
		const path = newSettings('{"old":1}', 0o644)
		const first = await write(path, '{"new":1}')
		const second = await write(path, '{"new":2}')
		expect(first.backup).toBe(`${path}.20261123T144500Z.bak`)
		expect(second.backup).toBe(`${path}.20261123T144500Z-2.bak`)
		expect([textOf(first.backup!), modeOf(first.backup!)]).toEqual(['{"old":1}', '0600'])
		expect([textOf(second.backup!), modeOf(second.backup!)]).toEqual(['{"new":1}', '0600'])
		expect(modeOf(`${path}.undo.json`)).toBe('0600')
	})

	test('stores no text of the file in the journal', async () => {
		const path = newSettings('{"apiKey":"abcdefghij-ABCDEFGHIJKLMNOPQRSTUV"}')
		await write(path, '{"apiKey":"sk-proj-1234567890"}')
		expect(textOf(`${path}.undo.json`)).not.toMatch(/abcdefghij|sk-proj/)
	})

	test('keeps five backups and prunes only the wizard’s own', async () => {
		const path = newSettings('{"n":0}')
		const foreign = `${path}.20200101T000000Z.bak`
		writeFileSync(foreign, 'mine')
		writeFileSync(`${path}.bak`, 'mine too')
		for (let n = 1; n <= 8; n++) await write(path, `{"n":${n}}`)
		const backups = besides(path).filter(name => /T144500Z/.test(name))
		expect(backups.map(name => textOf(join(dirname(path), name))).sort()).toEqual(
			[3, 4, 5, 6, 7].map(n => `{"n":${n}}`),
		)
		expect([textOf(foreign), textOf(`${path}.bak`)]).toEqual(['mine', 'mine too'])
	})

	test('writes nothing for the same text and leaves bytes, mode and times untouched', async () => {
		const path = newSettings('{}', 0o644)
		utimesSync(path, 1_000_000, 1_000_000)
		const before = statSync(path, { bigint: true })
		expect(await write(path, '{}')).toMatchObject({ written: false, backup: null })
		expect(statSync(path, { bigint: true })).toMatchObject({
			ino: before.ino,
			mode: before.mode,
			mtimeNs: before.mtimeNs,
			ctimeNs: before.ctimeNs,
		})
		expect(besides(path)).toEqual([])
	})

	test('a linked file and a linked directory: the target is written, the link stays, the backup is beside the link', async () => {
		const directory = newDir()
		const dotfiles = join(directory, 'dotfiles')
		mkdirSync(dotfiles)
		mkdirSync(join(directory, 'home'))
		writeFileSync(join(dotfiles, 'mux.jsonc'), '{}')
		const path = join(directory, 'home', 'providers.jsonc')
		symlinkSync('../dotfiles/mux.jsonc', path)
		const { backup, target } = await write(path, '{"a":1}')
		expect(readlinkSync(path)).toBe('../dotfiles/mux.jsonc')
		expect(target).toBe(join(dotfiles, 'mux.jsonc'))
		expect(textOf(target)).toBe('{"a":1}')
		expect(dirname(backup!)).toBe(dirname(path))
		expect(besides(target)).toEqual([])

		symlinkSync('dotfiles', join(directory, 'linked'))
		await write(join(directory, 'linked', 'providers.jsonc'), '{"b":1}')
		expect(textOf(join(dotfiles, 'providers.jsonc'))).toBe('{"b":1}')
		expect(readlinkSync(join(directory, 'linked'))).toBe('dotfiles')
	})

	test.each<[string, (path: string) => void]>([
		['other bytes', path => writeFileSync(path, '{"mux":1}')],
		['removed', path => execFileSync('rm', [path])],
		['linked elsewhere', path => execFileSync('sh', ['-c', `cp "$1" "$1.2" && ln -sf "$1.2" "$1"`, 'sh', path])],
	])("a file that changed meanwhile isn't overwritten: %s", async (_, change) => {
		const path = newSettings('{}')
		const before = await readSettings(path)
		change(path)
		const changed = textOf(path)
		expect((await refusalOf(writeSettings(host, before, '{"a":1}')))[0]?.code).toBe('settings-changed')
		expect(textOf(path)).toBe(changed)
		expect(besides(path).filter(name => !name.endsWith('.2'))).toEqual([])
	})

	test("a file that came to be meanwhile isn't overwritten", async () => {
		const path = newSettings(null)
		const before = await readSettings(path)
		writeFileSync(path, '{"mux":1}')
		expect((await refusalOf(writeSettings(host, before, '{}')))[0]?.code).toBe('settings-changed')
		expect(textOf(path)).toBe('{"mux":1}')
	})

	test('shows nobody a half-written file: the old inode keeps the old bytes', async () => {
		const path = newSettings('{"old":1}')
		linkSync(path, `${path}.seen`)
		await write(path, '{"new":1}')
		expect(textOf(`${path}.seen`)).toBe('{"old":1}')
	})

	test('removes what a killed run left, its temporary files and stages, and nobody else’s', async () => {
		const path = newSettings('{}')
		const directory = dirname(path)
		const dead = Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }))
		const left = [
			`.providers.jsonc.mux-bridge-wizard.${dead}.0123456789abcdef.tmp`,
			`.providers.jsonc.undo.json.mux-bridge-wizard.${dead}.0123456789abcdef.tmp`,
		]
		const others = [
			`.providers.jsonc.mux-bridge-wizard.${process.pid}.0123456789abcdef.tmp`,
			'.providers.jsonc.tmp',
			`.config.json.mux-bridge-wizard.${dead}.0123456789abcdef.tmp`,
		]
		for (const name of [...left, ...others]) writeFileSync(join(directory, name), '')
		const stage = (pid: number, hex: string) => {
			mkdirSync(`${path}.lock.stage-${hex}`)
			writeFileSync(`${path}.lock.stage-${hex}/owner-${'0'.repeat(32)}`, `${pid}`)
		}
		stage(dead, '0123456789abcdef')
		stage(process.pid, 'fedcba9876543210')
		await write(path, '{"a":1}')
		const after = besides(path)
		expect(after).toEqual(expect.arrayContaining([...others, 'providers.jsonc.lock.stage-fedcba9876543210']))
		expect(after).not.toEqual(expect.arrayContaining([left[0]]))
		expect(after).not.toEqual(expect.arrayContaining([left[1]]))
		expect(after).not.toContain('providers.jsonc.lock.stage-0123456789abcdef')
	})

	test('detects in the second of two writes at once that the file changed', async () => {
		const path = newSettings('{}')
		const before = await readSettings(path)
		const results = await Promise.allSettled([
			writeSettings(host, before, '{"a":1}'),
			writeSettings(host, before, '{"b":1}'),
		])
		expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
	})
})
