// Every file that the program leaves behind in a home directory is on the page of what it writes, with its mode.
import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { makeHome, openDemo, run } from '../commands/program.ts'
import { pageAt } from './pages.ts'

/** Files of a home directory with their modes; the time in a name is a T. */
function filesOf(home: string): Map<string, string> {
	const entries = readdirSync(home, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
	return new Map(
		entries.map(entry => {
			const path = join(entry.parentPath, entry.name)
			const mode = (statSync(path).mode & 0o777).toString(8).padStart(4, '0')
			return [relative(home, path).replace(/\d{8}T\d{6}Z(?:-\d+)?/, 'T'), mode]
		}),
	)
}

it('the page names all that a run leaves behind, and nothing else is there', async () => {
	const demo = await openDemo()
	const home = makeHome({ '.mux/providers.jsonc': demoSettings, token: `${demo.token.reveal()}\n` })
	const provided = ['--url', demo.url, '--token-file', join(home, 'token')]
	for (const args of [
		['--yes', ...provided],
		['check'],
		['remove', '--yes'],
		['undo'],
		['--print-env', 'sh', '--clear-settings', ...provided],
		['--dry-run', ...provided],
	]) {
		const ran = await run(args, { home })
		expect(ran, ran.stderr).toMatchObject({ code: 0 })
	}
	const files = filesOf(home)
	files.delete('token')
	const ownCode = [...files.keys()].filter(path => path.startsWith('.cache/mux-bridge-wizard/'))
	for (const path of ownCode) files.delete(path)
	expect(Object.fromEntries(files)).toEqual({
		'.mux/providers.jsonc': '0600',
		'.mux/providers.jsonc.T.bak': '0600',
		'.mux/providers.jsonc.undo.json': '0600',
	})

	const { text } = pageAt('docs/what-it-writes.md')
	expect(text).toContain('`~/.mux/providers.jsonc`')
	expect(text).toMatch(/`providers\.jsonc\.\d{8}T\d{6}Z\.bak`/)
	expect(text).toContain('`providers.jsonc.undo.json`')
	expect(text).toContain('`~/.cache/mux-bridge-wizard`')
	expect(text).toContain('`NODE_DISABLE_COMPILE_CACHE=1`')
	expect(ownCode.length).toBeGreaterThan(0)
})

it('with NODE_DISABLE_COMPILE_CACHE=1, as the page says, not even its own code', async () => {
	const home = makeHome()
	const env = { NODE_DISABLE_COMPILE_CACHE: '1' }
	expect(await run(['check', '--offline'], { home, env })).toMatchObject({ code: 1 })
	expect([...filesOf(home).keys()]).toEqual([])
})
