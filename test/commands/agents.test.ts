import { afterEach, describe, expect, it } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { codesOf, makeHome, openDemo, program, resultOf, run, settingsText } from './program.ts'

afterEach(endSessions)

const env = { CLAUDECODE: '1' }

describe('a coding agent without a terminal', () => {
	it('gets a plan as JSON where a person gets questions, and saves it with --yes', async () => {
		const demo = await openDemo()
		const home = makeHome({ '.mux/providers.jsonc': demoSettings, token: demo.token.reveal() })
		const args = ['--url', demo.url, '--token-file', 'token']
		const planned = await run(args, { home, env })
		expect(planned).toMatchObject({ code: 0, stderr: '' })
		const plan = resultOf(planned)
		expect(plan).toMatchObject({ outcome: 'planned', verdict: 'connected' })
		expect(plan.next[0].command).toMatch(/--yes$/)
		expect(settingsText(home)).toBe(demoSettings)
		expect(resultOf(await run([...args, '--yes'], { home, env }))).toMatchObject({ outcome: 'applied' })
		expect(settingsText(home)).toContain(demo.url)
	})

	it('learns all at once what is missing, and that a person has to act', async () => {
		const ran = await run([], { home: makeHome(), env })
		expect(ran).toMatchObject({ code: 2, stderr: '' })
		expect(resultOf(ran)).toMatchObject({
			outcome: 'failed',
			missing: ['url', 'token'],
			userActionRequired: expect.stringContaining('the Coder token'),
		})
	})

	it('gets JSON from every command, and for usage errors', async () => {
		const home = makeHome({ '.mux/providers.jsonc': demoSettings })
		expect(resultOf(await run(['check', '--offline'], { home, env }))).toMatchObject({ command: 'check' })
		expect(resultOf(await run(['undo'], { home, env }))).toMatchObject({ command: 'undo', outcome: 'unchanged' })
		expect(codesOf(resultOf(await run(['check', '--nonsense'], { home, env })))).toEqual(['unknown-option'])
	})

	it('is shown what remove would remove', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		await run(['--yes', '--url', demo.url, '--token-file', 'token'], { home, env })
		const before = settingsText(home)
		const plan = resultOf(await run(['remove'], { home, env }))
		expect(plan).toMatchObject({ command: 'remove', outcome: 'planned' })
		expect(plan.next[0].command).toMatch(/ remove --yes$/)
		expect(settingsText(home)).toBe(before)
	})

	it('gets lines to evaluate, help and text where it asks for them', async () => {
		const home = makeHome({ token: 'abcdefghij-abcdefghijabcdefghijab' })
		const lines = ['--print-env', 'sh', '--no-check', '-u', 'coder.example.com', '--token-file', 'token']
		expect((await run(lines, { home, env })).stdout).toMatch(/^export /m)
		expect((await run(['--help'], { home, env })).stdout).toContain('Usage:')
		expect((await run(['check', '--offline', '--plain'], { home, env })).stdout).toMatch(/^Mux /)
	})
})

describe('a terminal', () => {
	it('shows the wizard, whatever agent it runs in', async () => {
		const session = await startInTerminal({ command: process.execPath, args: [program], env })
		await session.waitFor('Which providers')
	})

	it('is enough for a person in an editor that agents use too', async () => {
		const session = await startInTerminal({
			command: process.execPath,
			args: [program, 'check', '--offline'],
			env: { CURSOR_TRACE_ID: 'abc' },
			stdoutTo: 'capture',
		})
		await session.exit
		expect(session.stdout()).toMatch(/^Mux /)
	})
})
