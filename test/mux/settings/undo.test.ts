import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	readlinkSync,
	rmSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editSettings } from '../../../source/mux/settings/edit.ts'
import { readSettings } from '../../../source/mux/settings/read.ts'
import { removeBridge } from '../../../source/mux/settings/remove-bridge.ts'
import { readBackups, undoLastChange } from '../../../source/mux/settings/undo.ts'
import { writeSettings } from '../../../source/mux/settings/write.ts'
import { Secret } from '../../../source/secrets/secret.ts'
import { documents } from '../jsonc/documents.ts'
import { besides, clockAt, modeOf, newDir, newSettings, refusalOf, textOf } from './settings-dir.ts'

const host = clockAt()
const write = async (path: string, text: string) => writeSettings(host, await readSettings(path), text)
const configure = (text: string) =>
	editSettings(text, [
		{ path: ['openai', 'apiKey'], value: new Secret('abcdefghij-ABCDEFGHIJKLMNOPQRSTUV') },
		{ path: ['openai', 'baseUrl'], value: 'https://coder.example.com/api/v2/aibridge/openai/v1' },
	])

test('restores the exact bytes and the mode, and leaves nothing beside the file', async () => {
	const path = newSettings('\ufeff{ } // é\r\n', 0o640)
	chmodSync(path, 0o640)
	await write(path, '{"a":1}')
	expect(modeOf(path)).toBe('0600')
	expect(await undoLastChange(host, path)).toEqual({
		done: true,
		path,
		target: path,
		time: new Date('2026-11-23T14:45:00.123Z'),
		removed: false,
		saved: null,
		restoredTokenFiles: [],
		removedTokenFiles: [],
		findings: [],
		left: 0,
	})
	expect([textOf(path), modeOf(path), besides(path)]).toEqual(['\ufeff{ } // é\r\n', '0640', []])
	expect(await undoLastChange(host, path)).toEqual({ done: false })
})

test('removes the file if there was none before', async () => {
	const path = newSettings(null)
	await write(path, '{}')
	expect(await undoLastChange(host, path)).toMatchObject({ done: true, removed: true })
	expect([existsSync(path), besides(path)]).toEqual([false, []])
})

test('undoes one change after the other as far as there are backups', async () => {
	const path = newSettings(null)
	for (let n = 0; n < 4; n++) await write(path, `{"n":${n}}`)
	for (let n = 2; n >= 0; n--) {
		expect(await undoLastChange(host, path)).toMatchObject({ done: true, left: n + 1 })
		expect(textOf(path)).toBe(`{"n":${n}}`)
	}
	await undoLastChange(host, path)
	expect([existsSync(path), await undoLastChange(host, path), besides(path)]).toEqual([false, { done: false }, []])

	for (let n = 0; n < 8; n++) await write(path, `{"n":${n}}`)
	for (let n = 0; n < 5; n++) await undoLastChange(host, path)
	expect([textOf(path), await undoLastChange(host, path), besides(path)]).toEqual(['{"n":2}', { done: false }, []])
})

test('leaves a file alone that has changed since, and keeps it as a backup if forced', async () => {
	const path = newSettings('{"old":1}')
	await write(path, '{"new":1}')
	writeFileSync(path, '{"mux":1}')
	expect((await refusalOf(undoLastChange(host, path)))[0]).toMatchObject({
		code: 'undo-changed',
		details: { path, time: '2026-11-23 14:45 UTC' },
	})
	expect(textOf(path)).toBe('{"mux":1}')
	const undone = await undoLastChange(host, path, { force: true })
	expect(undone).toMatchObject({ done: true, saved: `${path}.20261123T144500Z-2.bak` })
	expect([textOf(path), textOf(`${path}.20261123T144500Z-2.bak`)]).toEqual(['{"old":1}', '{"mux":1}'])
	expect(besides(path)).toEqual(['providers.jsonc.20261123T144500Z-2.bak'])
})

test('stops at changes between two of the wizard’s', async () => {
	const path = newSettings('{"n":0}')
	await write(path, '{"n":1}')
	writeFileSync(path, '{"mux":1}')
	await write(path, '{"n":2}')
	await undoLastChange(host, path)
	expect(textOf(path)).toBe('{"mux":1}')
	expect((await refusalOf(undoLastChange(host, path)))[0]?.code).toBe('undo-changed')
})

test('treats a file that somebody removed meanwhile as changed', async () => {
	const path = newSettings('{"old":1}')
	await write(path, '{"new":1}')
	writeFileSync(path, '')
	expect((await refusalOf(undoLastChange(host, path)))[0]?.code).toBe('undo-changed')
	await undoLastChange(host, path, { force: true })
	expect(textOf(path)).toBe('{"old":1}')
})

test("what somebody took back by hand isn't undone twice", async () => {
	const path = newSettings('{"n":0}')
	await write(path, '{"n":1}')
	await write(path, '{"n":2}')
	writeFileSync(path, '{"n":1}')
	expect(await undoLastChange(host, path)).toMatchObject({ done: true, left: 0 })
	expect([textOf(path), besides(path)]).toEqual(['{"n":0}', []])
})

test("a backup that is gone or changed, and a journal that isn't the wizard’s, stop it", async () => {
	const path = newSettings('{"old":1}')
	const { backup } = await write(path, '{"new":1}')
	writeFileSync(backup!, 'other')
	expect((await refusalOf(undoLastChange(host, path)))[0]).toMatchObject({
		code: 'undo-backup-missing',
		details: { backup },
	})
	writeFileSync(
		`${path}.undo.json`,
		readFileSync(`${path}.undo.json`, 'utf8').replaceAll('providers.jsonc.2', '../providers.jsonc.2'),
	)
	expect((await refusalOf(undoLastChange(host, path)))[0]?.code).toBe('undo-journal-damaged')
	expect(textOf(path)).toBe('{"new":1}')
	// A damaged journal doesn't keep a change from being written; it starts anew.
	await write(path, '{"new":2}')
	await undoLastChange(host, path)
	expect(textOf(path)).toBe('{"new":1}')
})

test('reads what the file held before each change, newest first', async () => {
	const path = newSettings(null)
	expect(await readBackups(path)).toEqual([])
	await write(path, '{"a":1}')
	const { backup } = await write(path, '\ufeff{"a":2}')
	await write(path, '{"a":3}')
	expect(await readBackups(path)).toEqual(['\ufeff{"a":2}', '{"a":1}', ''])
	rmSync(backup!)
	expect(await readBackups(path)).toEqual(['\ufeff{"a":2}', ''])
})

test.each([6, 7])(
	"a run killed while it pruned: what it left of the journal doesn't lead astray (change %i)",
	async last => {
		const path = newSettings('{"n":0}')
		for (let n = 1; n <= 5; n++) await write(path, `{"n":${n}}`)
		const first = JSON.parse(readFileSync(`${path}.undo.json`, 'utf8'))
		await write(path, '{"n":6}')
		// As if the journal had not been shortened after the oldest backup was removed.
		const { changes, backups } = JSON.parse(readFileSync(`${path}.undo.json`, 'utf8'))
		writeFileSync(
			`${path}.undo.json`,
			JSON.stringify({ version: 1, changes: [first.changes[0], ...changes], backups: [first.backups[0], ...backups] }),
		)
		if (last === 7) await write(path, '{"n":7}')
		for (let n = last - 1; n >= last - 5; n--) {
			await undoLastChange(host, path)
			expect(textOf(path)).toBe(`{"n":${n}}`)
		}
		expect([await undoLastChange(host, path), besides(path)]).toEqual([{ done: false }, []])
	},
)

test("a backup that somebody removed doesn't hand its name on", async () => {
	const path = newSettings('{"n":0}')
	const first = await write(path, '{"n":1}')
	rmSync(first.backup!)
	const second = await write(path, '{"n":2}')
	expect(second.backup).not.toBe(first.backup)
	await undoLastChange(host, path)
	expect((await refusalOf(undoLastChange(host, path)))[0]?.code).toBe('undo-backup-missing')
	expect(textOf(path)).toBe('{"n":1}')
})

test("a run killed before its change: the backup that it announced isn't mistaken for the next one", async () => {
	const path = newSettings('{"n":0}')
	await write(path, '{"n":1}')
	// As if the run had died after the journal was written.
	const announced = readFileSync(`${path}.undo.json`)
	await undoLastChange(host, path)
	writeFileSync(`${path}.undo.json`, announced)
	expect(await undoLastChange(host, path)).toEqual({ done: false })
	const { backup } = await write(path, '{"n":2}')
	expect(textOf(backup!)).toBe('{"n":0}')
	await undoLastChange(host, path)
	expect([textOf(path), besides(path)]).toEqual(['{"n":0}', []])
})

describe('a file with comments and a layout of its own', () => {
	const careful = [
		'\ufeff// Mux, kept in my dotfiles',
		'{',
		'\t/* the proxy at work */',
		'\t"openrouter": { "enabled": false }, // never again',
		'',
		'\t// models I like',
		'\t"openai": { // see https://example.com',
		'\t\t"models": ["gpt-5", /* slow */ "o3"], // in this order',
		'\t\t"store": false, // privacy',
		'\t\t// "baseUrl": "https://old.example.com"',
		'\t},',
		'',
		'\t"mux-gateway": {}, // empty on purpose',
		'\t"anthropic": {}',
		'\t// the end',
		'} // no line end follows',
	].join('\r\n')

	test.each([
		['as it is', careful],
		['with Unix line ends', careful.replaceAll('\r\n', '\n')],
		['empty', ''],
		['an object over two lines', '{\n}\n'],
		['comments only', '// mine\n'],
	])('configure and undo, configure and remove: byte for byte the same (%s)', async (_, text) => {
		const directory = newDir()
		mkdirSync(join(directory, 'dotfiles'))
		mkdirSync(join(directory, '.mux'))
		const target = join(directory, 'dotfiles', 'providers.jsonc')
		const path = join(directory, '.mux', 'providers.jsonc')
		writeFileSync(target, text, { mode: 0o600 })
		symlinkSync('../dotfiles/providers.jsonc', path)
		const both = (before: string) =>
			editSettings(configure(before), [
				{ path: ['anthropic', 'apiKey'], value: new Secret('abcdefghij-ABCDEFGHIJKLMNOPQRSTUV') },
				{ path: ['anthropic', 'baseUrl'], value: 'https://coder.example.com/api/v2/aibridge/anthropic' },
			])

		await write(path, both((await readSettings(path)).text))
		expect(readFileSync(target, 'utf8')).toContain('coder.example.com')
		await undoLastChange(host, path)
		expect(readFileSync(target, 'utf8')).toBe(text)
		expect(besides(path)).toEqual([])

		await write(path, both((await readSettings(path)).text))
		const { text: without } = removeBridge((await readSettings(path)).text, { former: await readBackups(path) })
		await write(path, without)
		expect(readFileSync(target, 'utf8')).toBe(text)
		expect(readlinkSync(path)).toBe('../dotfiles/providers.jsonc')
		await undoLastChange(host, path)
		await undoLastChange(host, path)
		expect([readFileSync(target, 'utf8'), besides(path), besides(target)]).toEqual([text, [], []])
	})
})

test('gives back the same bytes for any document', async () => {
	const directory = newDir()
	let number = 0
	await fc.assert(
		fc.asyncProperty(documents, fc.constantFrom(0o600, 0o644, 0o640), async (text, mode) => {
			const path = join(directory, `${number++}`, 'providers.jsonc')
			mkdirSync(dirname(path))
			writeFileSync(path, text)
			chmodSync(path, mode)
			await write(path, configure(text))
			await undoLastChange(host, path)
			expect([textOf(path), (await readSettings(path)).mode, besides(path)]).toEqual([text, mode, []])
		}),
		{ numRuns: 400 },
	)
})

describe('force, when it is needed most', () => {
	const notText: readonly (readonly [what: string, replace: (path: string) => void])[] = [
		['UTF-16', path => writeFileSync(path, Buffer.from('\ufeff{"mine":1}', 'utf16le'))],
		['Latin-1', path => writeFileSync(path, Buffer.from('{"é":1}', 'latin1'))],
		['a huge file', path => truncateSync(path, 65 * 1024 * 1024)],
		[
			'a directory',
			path => {
				rmSync(path)
				mkdirSync(path)
				writeFileSync(join(path, 'mine'), 'kept')
			},
		],
		[
			'a broken link',
			path => {
				rmSync(path)
				symlinkSync('/nowhere/at/all', path)
			},
		],
	]
	test.each(notText)('restores over %s, and keeps that', async (_, replace) => {
		const path = newSettings('{"before":1}')
		await write(path, '{"after":1}')
		replace(path)
		const codes = (await refusalOf(undoLastChange(host, path))).map(({ code }) => code)
		expect(codes[0]).toMatch(/^settings-|^undo-changed/)
		const undone = await undoLastChange(host, path, { force: true })
		expect(undone).toMatchObject({ done: true, removed: false })
		expect([textOf(path), lstatSync(path).isFile(), modeOf(path)]).toEqual(['{"before":1}', true, '0600'])
		const saved = undone.done ? undone.saved : null
		expect(saved).toMatch(/\.bak$/)
		expect(lstatSync(saved!).isDirectory() ? textOf(join(saved!, 'mine')) : 'kept').toBe('kept')
	})

	test('creates the file behind a link whose target is gone', async () => {
		const path = newSettings(null)
		const target = join(newDir(), 'providers.jsonc')
		writeFileSync(target, '{"before":1}')
		symlinkSync(target, path)
		await write(path, '{"after":1}')
		rmSync(target)
		await undoLastChange(host, path, { force: true })
		expect([textOf(target), readlinkSync(path)]).toEqual(['{"before":1}', target])
	})
})

test("a damaged journal is kept aside, named, and doesn't keep old backups alive", async () => {
	const path = newSettings('{"n":0}')
	for (let n = 1; n <= 4; n++) await write(path, `{"n":${n}}`)
	writeFileSync(`${path}.undo.json`, '{ damaged')
	host.moveTo('2026-11-24T14:45:00.123Z')
	const { findings } = await writeSettings(host, await readSettings(path), '{"n":5}')
	expect(findings.map(({ code }) => code)).toEqual(['undo-journal-replaced'])
	expect(textOf(`${path}.undo.json.damaged`)).toBe('{ damaged')
	for (let n = 6; n <= 9; n++) await write(path, `{"n":${n}}`)
	expect(besides(path).filter(name => name.endsWith('.bak'))).toHaveLength(5)
	expect(await undoLastChange(host, path)).toMatchObject({ done: true, left: 4 })
	host.moveTo('2026-11-23T14:45:00.123Z')
})
