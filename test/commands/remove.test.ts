import { afterEach, describe, expect, it } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { codesOf, makeHome, openDemo, program, resultOf, run, settingsIn, settingsText } from './program.ts'

afterEach(endSessions)

async function configured(settings = demoSettings) {
	const demo = await openDemo()
	const home = makeHome({ token: demo.token.reveal(), '.mux/providers.jsonc': settings })
	expect((await run(['-y', '-u', demo.url, '--token-file', 'token'], { home })).code).toBe(0)
	return { demo, home, text: settingsText(home) as string }
}

describe('remove', () => {
	it('removes the bridge with --yes: the diff first, then a summary, nothing on stdout', async () => {
		const { home, demo } = await configured()
		const ran = await run(['remove', '--yes'], { home })
		expect(ran).toMatchObject({ code: 0, stdout: '' })
		expect(ran.stderr).toMatch(/^--- .*\n\+\+\+ /)
		expect(ran.stderr).toContain(`-    "apiKey": "${demo.token.keyId}-••••••••••",`)
		expect(ran.stderr.indexOf('Removed AI Bridge from')).toBeGreaterThan(ran.stderr.indexOf('@@'))
		expect(ran.stderr).toMatch(/Backup +~\/\.mux\/providers\.jsonc\.\d+T\d+Z(?:-\d+)?\.bak/)
		expect(ran.stderr).not.toContain(demo.token.reveal())
		expect(settingsText(home)).not.toContain(demo.token.reveal())
		expect(settingsText(home)).not.toContain('aibridge')
		expect(settingsText(home)).toContain('// the one for refactoring')
		const again = await run(['remove', '--yes'], { home })
		expect(again.stderr).toContain('Nothing to remove')
		expect(resultOf(await run(['remove', '--yes', '--json'], { home })).outcome).toBe('unchanged')
	})

	it('removes only the named provider', async () => {
		const { home, demo } = await configured()
		const result = resultOf(await run(['remove', '-y', '-p', 'openai', '--json'], { home }))
		expect(result).toMatchObject({ outcome: 'removed', settingsFile: settingsIn(home), backup: expect.any(String) })
		expect(result.providers).toMatchObject([
			{ id: 'openai', baseUrl: null, before: `AI Bridge at ${new URL(demo.url).host}`, after: 'not set up' },
		])
		expect(settingsText(home)).not.toContain('aibridge/openai')
		expect(settingsText(home)).toContain('aibridge/anthropic')
	})

	it('only shows what it would do with --dry-run', async () => {
		const { home, text } = await configured()
		const ran = await run(['remove', '--dry-run'], { home })
		expect(ran).toMatchObject({ code: 0, stderr: '' })
		expect(ran.stdout).toMatch(/^--- .*\n\+\+\+ .*\n@@ /)
		const result = resultOf(await run(['remove', '--dry-run', '--json'], { home }))
		expect(result).toMatchObject({ outcome: 'planned', diff: ran.stdout })
		expect(settingsText(home)).toBe(text)
	})

	it('does nothing if nobody can be asked', async () => {
		const { home, text } = await configured()
		const ran = await run(['remove'], { home })
		expect(ran).toMatchObject({ code: 2, stdout: '' })
		expect(ran.stderr).toContain('Add --yes')
		expect(codesOf(resultOf(await run(['remove', '--json'], { home })))).toEqual(['confirmation-required'])
		expect(settingsText(home)).toBe(text)
	})

	it.each([
		['n\r', 130],
		['\r', 130],
		['\u0004', 130],
		['\u0003', 130],
		['y\r', 0],
	])('asks on the terminal; %j ends with %i', async (typed, code) => {
		const { home, text, demo } = await configured()
		const session = await startInTerminal({
			command: process.execPath,
			args: [program, 'remove'],
			home,
			env: { LC_ALL: 'C.UTF-8' },
			rows: 60,
		})
		await session.waitFor('Remove this? [y/N]')
		expect(session.screen()).toContain(`${demo.token.keyId}-••••`)
		await session.send(typed)
		expect((await session.exit).code).toBe(code)
		if (code !== 0) expect(session.screen()).toMatch(/^. Nothing was changed$/m)
		if (code === 0) expect(settingsText(home)).not.toContain('aibridge')
		else expect(settingsText(home)).toBe(text)
	})

	it('warns if a variable would take over', async () => {
		const { home, demo } = await configured('{}')
		const env = { OPENAI_API_KEY: demo.token.reveal() }
		const ran = await run(['remove', '--yes'], { home, env })
		expect(ran.code).toBe(0)
		expect(ran.stderr).toContain('Mux would send the token to api.openai.com')
	})
})
