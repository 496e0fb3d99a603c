import { execFileSync } from 'node:child_process'
import {
	chmodSync,
	lstatSync,
	mkdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	truncateSync,
	writeFileSync,
} from 'node:fs'
import { describe, expect, it } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { codesOf, makeHome, openDemo, resultOf, run, settingsIn, settingsText } from './program.ts'

/** A home that was configured against a demo deployment. */
async function configured(settings: string | null = demoSettings) {
	const demo = await openDemo()
	const home = makeHome({
		token: demo.token.reveal(),
		...(settings === null ? {} : { '.mux/providers.jsonc': settings }),
	})
	if (settings !== null) chmodSync(settingsIn(home), 0o400)
	const args = ['-y', '-u', demo.url, '--token-file', 'token']
	if (settings !== null) chmodSync(settingsIn(home), 0o600)
	expect((await run(args, { home })).code).toBe(0)
	return { demo, home }
}

describe('undo', () => {
	it('restores the exact bytes and mode, says what it undid, and then has nothing left to undo', async () => {
		const { home } = await configured()
		const ran = await run(['undo'], { home })
		expect(ran).toMatchObject({ code: 0, stdout: '' })
		expect(ran.stderr).toMatch(/^✔ Restored ~\/\.mux\/providers\.jsonc to before [A-Z][a-z]{2} \d+, \d\d:\d\d UTC$/m)
		expect(ran.stderr).toMatch(/^ {2}OpenAI +api\.openai\.com, key in settings$/m)
		expect(settingsText(home)).toBe(demoSettings)
		expect(statSync(settingsIn(home)).mode & 0o777).toBe(0o600)
		const again = await run(['undo'], { home })
		expect(again).toMatchObject({ code: 0, stdout: '' })
		expect(again.stderr).toContain('Nothing to undo')
		expect(resultOf(await run(['undo', '--json'], { home }))).toMatchObject({
			outcome: 'unchanged',
			settingsFile: settingsIn(home),
		})
	})

	it('removes a file that was not there before', async () => {
		const { home } = await configured(null)
		const ran = await run(['undo'], { home })
		expect(ran.code).toBe(0)
		expect(ran.stderr).toContain("which didn't exist before")
		expect(settingsText(home)).toBeNull()
	})

	it('reports in JSON what Mux uses again', async () => {
		const { home, demo } = await configured()
		const result = resultOf(await run(['undo', '--json'], { home }))
		expect(result).toMatchObject({ outcome: 'undone', settingsFile: settingsIn(home), backup: null, findings: [] })
		const host = new URL(demo.url).host
		expect(result.providers).toEqual([
			{ id: 'openai', baseUrl: null, before: `AI Bridge at ${host}`, after: 'api.openai.com, key in settings' },
			{ id: 'anthropic', baseUrl: null, before: `AI Bridge at ${host}`, after: 'not set up' },
		])
	})

	it('rejects if the file has changed since, and keeps that change as a backup with --force', async () => {
		const { home } = await configured()
		const changed = `${settingsText(home)}// by hand\n`
		writeFileSync(settingsIn(home), changed)
		const refused = await run(['undo', '--json'], { home })
		expect(refused.code).toBe(5)
		expect(codesOf(resultOf(refused))).toEqual(['undo-changed'])
		expect(settingsText(home)).toBe(changed)
		const plain = await run(['undo'], { home })
		expect(plain).toMatchObject({ code: 5, stdout: '' })
		expect(plain.stderr).toContain('undo --force')
		const result = resultOf(await run(['undo', '--force', '--json'], { home }))
		expect(result.outcome).toBe('undone')
		expect(readFileSync(result.backup, 'utf8')).toBe(changed)
		expect(settingsText(home)).toBe(demoSettings)
	})

	it.each<[string, string | null, (path: string) => void]>([
		['UTF-16', 'settings-encoding', path => writeFileSync(path, Buffer.from('{"mine":1}', 'utf16le'))],
		['Latin-1', 'settings-encoding', path => writeFileSync(path, Buffer.from('{"é":1}', 'latin1'))],
		['a huge file', 'settings-too-large', path => truncateSync(path, 65 * 1024 * 1024)],
		['a directory', 'settings-not-a-file', path => replaceBy(path, () => mkdirSync(path))],
		['a FIFO', 'settings-not-a-file', path => replaceBy(path, () => execFileSync('mkfifo', [path]))],
		['a broken link', 'settings-dangling-link', path => replaceBy(path, () => symlinkSync('/nowhere/at/all', path))],
		['a link to itself', 'settings-dangling-link', path => replaceBy(path, () => symlinkSync(path, path))],
	])('restores over %s with --force alone, and keeps it', async (_, code, replace) => {
		const { home } = await configured()
		replace(settingsIn(home))
		const refused = await run(['undo', '--json'], { home })
		expect([refused.code, codesOf(resultOf(refused))]).toEqual([5, [code]])
		const result = resultOf(await run(['undo', '--force', '--json'], { home }))
		expect(result.outcome).toBe('undone')
		expect(lstatSync(result.backup)).toBeTruthy()
		expect(settingsText(home)).toBe(demoSettings)
	})

	it.each(['2026-13-45T99:99:99Z', '+275760-09-13T00:00:00.001Z', '\u001b[31m'])(
		'changes nothing if the journal says that it was at %j',
		async time => {
			const { home } = await configured()
			const journal = `${settingsIn(home)}.undo.json`
			writeFileSync(
				journal,
				readFileSync(journal, 'utf8').replace(/"time": "[^"]*"/, `"time": ${JSON.stringify(time)}`),
			)
			const before = settingsText(home)
			for (const args of [['undo'], ['undo', '--force']]) {
				const ran = await run([...args, '--json'], { home })
				expect([ran.code, codesOf(resultOf(ran))]).toEqual([5, ['undo-journal-damaged']])
			}
			expect(settingsText(home)).toBe(before)
		},
	)
})

function replaceBy(path: string, create: () => void): void {
	rmSync(path)
	create()
}
