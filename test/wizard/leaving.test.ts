// Ctrl-C, at whatever moment: nothing changed, nothing on standard output, 130, the terminal as it was.
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import {
	choose,
	endPlays,
	giveToken,
	holdLock,
	type Play,
	type PlayOptions,
	playWizard,
	questions,
	toDeployment,
	toReview,
	toToken,
} from './session.ts'

afterEach(endPlays)

type Moment = PlayOptions & { at: string; until: (play: Play) => Promise<unknown> }

/** So slow that the wizard is still waiting when the key is pressed. */
const endless = 600_000

const moments: Moment[] = [
	{ at: 'the providers', until: ({ wizard }) => wizard.waitFor(questions.providers) },
	{
		at: 'the list of keys',
		until: async ({ wizard }) => {
			await wizard.waitFor(questions.providers)
			await wizard.press('?')
			await wizard.waitFor('any key closes')
		},
	},
	{ at: 'the deployment', until: toDeployment },
	{
		at: 'the deployment, while it is asked',
		demo: { delayMs: endless },
		until: async play => {
			await toDeployment(play)
			await play.wizard.press('enter')
			await play.wizard.waitFor('asking 127.0.0.1')
		},
	},
	{
		at: 'a refused deployment',
		demo: { failures: ['html-page'] },
		until: async play => {
			await toDeployment(play)
			await play.wizard.press('enter')
			await play.wizard.waitFor('✖')
		},
	},
	{
		at: 'an address without encryption',
		args: () => ['--url', 'http://coder.example.com'],
		until: async play => {
			await play.wizard.waitFor(questions.providers)
			await play.wizard.press('enter')
			await play.wizard.waitFor('send your token unencrypted')
		},
	},
	{
		at: 'the token, half typed',
		until: async play => {
			await toToken(play)
			await play.wizard.send('Zq3h7')
			await play.wizard.waitFor('5 characters')
		},
	},
	{ at: 'the choice of a token', login: true, until: play => toToken(play, questions.choosing) },
	{
		at: 'the token, while this machine is searched',
		login: true,
		demo: { delayMs: ({ path }) => (path.includes('/users/me') ? endless : 0) },
		until: play => toToken(play, 'Searching for tokens'),
	},
	{
		at: 'the checks, while they run',
		demo: { delayMs: ({ path }) => (path.includes('/openai/') ? endless : 0) },
		until: async play => {
			await toToken(play)
			await giveToken(play, play.demo.token.reveal())
			await play.wizard.waitFor(/✔ Token/)
		},
	},
	{
		at: 'failed checks',
		demo: { failures: ['daemon-off'] },
		until: async play => {
			await toToken(play)
			await giveToken(play, play.demo.token.reveal())
			await play.wizard.waitFor('Check again')
		},
	},
	{ at: 'the review', until: toReview },
	{
		at: 'the choice of an answer to change',
		until: async play => {
			await toReview(play)
			await choose(play.wizard, 'Change an answer')
			await play.wizard.waitFor(questions.changing)
		},
	},
	{
		at: 'the question what to clear',
		until: async play => {
			await toReview(play)
			await choose(play.wizard, 'Print export lines')
			await play.wizard.waitFor('override environment variables')
		},
	},
]

test.each(moments)('Ctrl-C at $at', async ({ at: _, until, ...options }) => {
	const play = await playWizard({ ...options, stdoutTo: 'capture' })
	const { home, wizard } = play
	await until(play)
	await wizard.press('ctrl-c')
	expect(await wizard.exit).toEqual({ code: 130, signal: null })
	expect(play.settings()).toBe(demoSettings)
	expect(readdirSync(dirname(home.settings))).toEqual(['providers.jsonc'])
	expect(wizard.stdout()).toBe('')
	expect(wizard.modeBalance()).toEqual([])
	const { before, after } = await wizard.sttyModes()
	expect(after.exact).toBe(before.exact)
	// Nothing of the screens is left, and what is said is at the start of a line of its own.
	expect(wizard.scrollback()).toMatch(/^Nothing was changed\.(\n\n {2}✖ |$)/)
})

test('Ctrl-C while the settings file waits to be written', async () => {
	const play = await playWizard({ stdoutTo: 'capture' })
	await toReview(play)
	const letGo = holdLock(play.home)
	await choose(play.wizard, 'Save')
	await play.wizard.waitFor('writing the settings file')
	await play.wizard.press('ctrl-c')
	expect(await play.wizard.exit).toEqual({ code: 130, signal: null })
	letGo()
	expect(play.settings()).toBe(demoSettings)
	expect(play.beside()).toEqual(['providers.jsonc'])
	expect(play.wizard.scrollback()).toBe('Nothing was changed.')
})

test('exits with 0 after “Quit without saving”', async () => {
	const play = await playWizard({ stdoutTo: 'capture' })
	await toReview(play)
	await choose(play.wizard, 'Quit without saving')
	expect((await play.wizard.exit).code).toBe(0)
	expect(play.settings()).toBe(demoSettings)
	expect(play.wizard.stdout()).toBe('')
	expect(play.wizard.scrollback()).toBe('Nothing was changed.')
})
