// What the commands print on a terminal of 80 columns: bold headings, `~` for the home directory, the diff of the wizard.
import { afterEach, describe, expect, it } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { endSessions, type Session, startInTerminal } from '../terminal/pty.ts'
import { makeHome, openDemo, program, run } from './program.ts'

afterEach(endSessions)

async function configured(options: Parameters<typeof openDemo>[0] = {}) {
	const demo = await openDemo()
	const home = makeHome({ token: demo.token.reveal(), '.mux/providers.jsonc': demoSettings })
	expect((await run(['-y', '-u', demo.url, '--token-file', 'token'], { home })).code).toBe(0)
	demo.setFailure(...(options.failures ?? []))
	return { demo, home, host: new URL(demo.url).host }
}

function open(home: string, args: readonly string[], cols = 80): Promise<Session> {
	return startInTerminal({
		command: process.execPath,
		args: [program, ...args],
		home,
		cols,
		rows: 60,
		env: { LC_ALL: 'C.UTF-8', npm_config_user_agent: 'npm/10.8.2', npm_command: 'exec' },
	})
}

/** A line that fills the whole width was probably broken by the terminal. */
function expectNoBrokenLine(session: Session, cols: number): void {
	for (const line of session.screen().split('\n')) expect(line.length, line).toBeLessThan(cols)
}

function isBold(session: Session, words: string): boolean {
	const row =
		session.cells().find(cells =>
			cells
				.map(cell => cell.char)
				.join('')
				.includes(words),
		) ?? []
	const start = row
		.map(cell => cell.char)
		.join('')
		.indexOf(words)
	return row.slice(start, start + words.length).every(cell => cell.bold || cell.char === ' ')
}

describe('on a terminal of 80 columns', () => {
	it('check aligns its rows, with a symbol for each', async () => {
		const { home, host } = await configured()
		const session = await open(home, ['check'])
		expect((await session.exit).code).toBe(0)
		const lines = session.screen().split('\n')
		expect(lines[0]).toMatch(/^Mux → Coder AI Bridge {30,}~\/\.mux\/providers\.jsonc$/)
		expect(lines[0]?.length).toBeLessThanOrEqual(80)
		expect(session.screen()).toContain(`  ✔ OpenAI      ${host}   answered in 0.`)
		expect(session.screen()).toMatch(/^ {2}✔ Token {7}“demo” of alice, expires in 30 days$/m)
		expect(isBold(session, 'Mux → Coder AI Bridge')).toBe(true)
		expect(isBold(session, 'Everything works.')).toBe(true)
	})

	it('check of a bridge that is turned off breaks between words', async () => {
		const { home } = await configured({ failures: ['switched-off'] })
		const session = await open(home, ['check'])
		expect((await session.exit).code).toBe(6)
		expectNoBrokenLine(session, 81)
		expect(session.screen()).toContain('AI Bridge is turned off')
		expect(session.screen()).not.toContain('Exit code')
	})

	it('check of an expired token has the remedy below its row, and says what was not checked', async () => {
		const { home, host } = await configured({ failures: ['token-expired'] })
		const session = await open(home, ['check'])
		expect((await session.exit).code).toBe(3)
		expect(session.screen()).toMatch(/✖ Token .*\n {4}✖ The token expired on .*\n[\s\S]*→ Get a new token:/)
		expect(session.screen()).toContain(`  ✖ OpenAI      ${host}   not checked\n`)
		expect(session.screen()).toMatch(/^ {2}✔ Coder /m)
	})

	it('check in 40 columns puts notes below the rows', async () => {
		const { home } = await configured()
		const session = await open(home, ['check'], 40)
		expect((await session.exit).code).toBe(0)
		expect(session.screen()).toMatch(/^Mux → Coder AI Bridge\n~\/\.mux\/providers\.jsonc\n/)
		expect(session.screen()).toMatch(/✔ OpenAI +127\.0\.0\.1:\d+\n +answered in 0\.\d s/)
		expectNoBrokenLine(session, 41)
	})

	it('remove shows the diff of the wizard, and the command that undoes it', async () => {
		const { home, host, demo } = await configured()
		const session = await open(home, ['remove'])
		await session.waitFor('Remove this? [y/N]')
		expect(isBold(session, 'Remove AI Bridge from ~/.mux/providers.jsonc')).toBe(true)
		expect(session.screen()).toMatch(new RegExp(`^ {2}OpenAI {6}AI Bridge at ${host} +→ not set up$`, 'm'))
		expect(session.screen()).toContain(`    4 -     "apiKey": "${demo.token.keyId}-••••••••••",`)
		expect(session.screen()).not.toContain('@@')
		expect(session.screen()).not.toContain(home)
		await session.send('y\r')
		expect((await session.exit).code).toBe(0)
		expect(session.screen()).toContain('✔ Removed AI Bridge from ~/.mux/providers.jsonc')
		expect(session.screen()).toMatch(/^ {2}Undo +npx mux-bridge-wizard undo$/m)
	})

	it('undo shows what it has changed', async () => {
		const { home } = await configured()
		const session = await open(home, ['undo'])
		expect((await session.exit).code).toBe(0)
		expect(session.screen()).toMatch(
			/^✔ Restored ~\/\.mux\/providers\.jsonc to before [A-Z][a-z]{2} \d+, \d\d:\d\d UTC$/m,
		)
		expect(session.screen()).toMatch(/^ +4 \+ {5}"apiKey": "sk-p•/m)
		expect(session.screen()).toMatch(/^ {2}Anthropic +not set up$/m)
		expectNoBrokenLine(session, 81)
	})
})
