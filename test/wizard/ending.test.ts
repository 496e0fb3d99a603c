// However the program ends, the terminal is as it was: line settings, cursor, bracketed paste, no frame half drawn.
import { writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import {
	choose,
	endPlays,
	type Play,
	playWizard,
	program,
	questions,
	temporaryDir,
	toReview,
	toToken,
} from './session.ts'

afterEach(endPlays)

async function expectAsBefore({ wizard }: Pick<Play, 'wizard'>): Promise<void> {
	const { before, after } = await wizard.sttyModes()
	expect(after.exact).toBe(before.exact)
	expect(wizard.modeBalance()).toEqual([])
	expect(wizard.cursor().hidden).toBe(false)
	expect(wizard.bracketedPaste()).toBe(false)
}

describe('signals', () => {
	test.each([
		['SIGTERM', { code: 143, signal: null }],
		['SIGINT', { code: 130, signal: null }],
		['SIGQUIT', { code: 131, signal: null }],
		// After the terminal is gone nothing can be restored: the signal itself ends the program.
		['SIGHUP', { code: null, signal: 'SIGHUP' }],
	] as const)('%s at the review', async (signal, ended) => {
		const play = await playWizard({ stdoutTo: 'capture' })
		await toReview(play)
		await play.wizard.kill(signal)
		expect(await play.wizard.exit).toEqual(ended)
		await expectAsBefore(play)
		expect(play.settings()).toBe(demoSettings)
		expect(play.wizard.stdout()).toBe('')
	})

	test('revokes an unused token on SIGTERM in the token field', async () => {
		const play = await playWizard({ login: true })
		const before = play.demo.tokens().length
		await toToken(play, questions.choosing)
		await choose(play.wizard, 'Create a token')
		await play.wizard.waitFor(questions.review)
		expect(play.demo.tokens()).toHaveLength(before + 1)
		await play.wizard.kill('SIGTERM')
		expect((await play.wizard.exit).code).toBe(143)
		expect(play.demo.tokens()).toHaveLength(before)
		await expectAsBefore(play)
	})

	// Node 20 aborts, with a core dump that may hold the token, if it ends normally on a terminal that is gone.
	test.each([[[]], [['--plain']], [['--demo']]])(
		'the terminal closes: the signal ends %j, never an abort',
		async args => {
			const { spawn } = await import('@lydell/node-pty')
			for (let number = 0; number < 4; number++) {
				const terminal = spawn(process.execPath, [program, ...args], {
					env: { PATH: process.env['PATH'], HOME: temporaryDir(), TERM: 'xterm' },
				})
				await new Promise<void>(resolve => terminal.onData(() => resolve()))
				await new Promise(resolve => setTimeout(resolve, number * 150))
				const ended = new Promise<number | undefined>(resolve => terminal.onExit(({ signal }) => resolve(signal)))
				;(terminal as unknown as { destroy(): void }).destroy()
				expect(await ended).toBe(constants.signals.SIGHUP)
			}
		},
	)

	test('the terminal closes: the program goes too, and nothing was written', async () => {
		const play = await playWizard()
		await toReview(play)
		const pid = await play.wizard.pid()
		play.wizard.close()
		await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false)
		expect(play.settings()).toBe(demoSettings)
		expect(play.beside()).toEqual(['providers.jsonc'])
	})
})

describe('Ctrl-Z', () => {
	test('gives the terminal back to the shell; fg continues if it was', async () => {
		const directory = temporaryDir()
		const rc = join(directory, 'rc')
		writeFileSync(rc, "PS1='shell> '\n")
		const play = await playWizard({ shell: `exec bash --noprofile --rcfile ${rc} -i` })
		const { demo, wizard } = play
		await wizard.waitFor('shell>')
		await wizard.send('$WIZARD\r')
		await toToken(play)
		await wizard.send('abc')
		await wizard.waitFor('3 characters')
		await wizard.press('ctrl-z')
		await wizard.waitFor(/Stopped[^\n]*\n+shell> *$/)
		expect(wizard.cursor().hidden).toBe(false)
		// Longer than the program waits to see whether it was stopped at all.
		await wizard.send('sleep 0.2; echo still $((40 + 2))\r')
		await wizard.waitFor('still 42')
		await wizard.send('fg\r')
		await wizard.waitFor(/fg\n[\s\S]*3 characters/)
		await wizard.waitForModes(modes => !modes.echo && !modes.canonical)
		await wizard.press('ctrl-u')
		await wizard.waitFor('0 characters')
		// Drawn once: a second frame would stand there as it was.
		expect(wizard.screen()).not.toContain('3 characters')
		await wizard.paste(demo.token.reveal())
		await wizard.waitFor('Signed in as')
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		await wizard.waitFor(/Test +npx mux-bridge-wizard check --send\n+shell> *$/)
		expect(play.settings()).toContain(demo.token.reveal())
		await wizard.send('exit\r')
		await wizard.exit
		await expectAsBefore(play)
		expect(wizard.raw).not.toContain(demo.token.reveal())
	})
})

describe('an error of the program itself', () => {
	/** A module that is loaded before the program and breaks something at SIGUSR2, as a bug would. */
	function breaking(source: string): Record<string, string> {
		const file = join(temporaryDir(), 'break.mjs')
		writeFileSync(file, `process.on('SIGUSR2', () => { ${source} })\n`)
		return { NODE_OPTIONS: `--import=${file}` }
	}

	test.each([
		['thrown outside of any promise', "throw new TypeError('broken on purpose')"],
		['a promise that nobody hears', "Promise.reject(new TypeError('broken on purpose'))"],
		['thrown while a screen is drawn', "String.prototype.padEnd = () => { throw new TypeError('broken on purpose') }"],
	])('%s', async (_, source) => {
		const play = await playWizard({ stdoutTo: 'capture', env: breaking(source) })
		const { demo, wizard } = play
		await toReview(play)
		await wizard.kill('SIGUSR2')
		// For the bug that waits for a screen to be drawn.
		wizard.resize(78, 24)
		expect(await wizard.exit).toEqual({ code: 70, signal: null })
		await expectAsBefore(play)
		expect(wizard.stdout()).toBe('')
		expect(wizard.scrollback()).toContain('Internal error')
		expect(wizard.scrollback()).toContain('broken on purpose')
		expect(wizard.raw).not.toContain(demo.token.reveal())
		expect(play.settings()).toBe(demoSettings)
		expect(play.beside()).toEqual(['providers.jsonc'])
	})
})

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0)
		return true
	} catch {
		return false
	}
}
