// The wizard line by line, through a pipe and in a real terminal: the same questions, words and plan, no redraws, and a
// token that is never echoed.
import { afterEach, describe, expect, test } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { billed, endPlays, type Play, type PlayOptions, playWizard } from '../wizard/session.ts'

afterEach(endPlays)

const goodToken = 'Zq3h7Lk2aB-8sQ9xYtR5mNp4vWc6dEf1g'
const wrongToken = 'AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB'

/** `--plain` with these lines in a pipe as its input. */
async function throughPipe(lines: readonly string[], options: PlayOptions = {}) {
	const play = await playWizard({
		demo: { token: goodToken },
		args: () => ['--plain'],
		environment: demo => ({ CODER_URL: demo.url }),
		stdinFrom: { text: lines.map(line => `${line}\n`).join('') },
		stdoutTo: 'capture',
		stderrTo: 'capture',
		...options,
	})
	const end = await play.wizard.exit
	return { ...play, end, said: play.wizard.stderr() }
}

const prompts = {
	providers: 'press Enter to continue:',
	deployment: /Coder URL[^\n]*: ?$/,
	token: /Token \(hidden\): ?$/,
	choice: /default: 1\): ?$/,
}

/** `--plain` in a terminal that is high enough for all that is said. */
function inTerminal(options: PlayOptions = {}) {
	return playWizard({
		demo: { token: goodToken },
		args: () => ['--plain'],
		environment: demo => ({ CODER_URL: demo.url }),
		cols: 120,
		rows: 100,
		...options,
	})
}

/** Waits for a question, then sends a line. */
async function answer({ wizard }: Pick<Play, 'wizard'>, prompt: string | RegExp, line: string): Promise<void> {
	await wizard.waitFor(prompt, { in: () => wizard.scrollback() })
	await wizard.send(`${line}\r`)
}

describe('through a pipe', () => {
	test('the whole way to the changed file', async () => {
		const { end, said, demo, settings, wizard } = await throughPipe(['', '', goodToken, '1'])
		expect(end).toEqual({ code: 0, signal: null })
		expect(settings()).toContain(`"apiKey": "${goodToken}"`)
		expect(settings()).toContain(`"baseUrl": "${demo.url}/api/v2/aibridge/anthropic"`)
		expect(settings()).toContain('// personal key, expires in May')
		expect(said).not.toContain(goodToken)
		expect(wizard.stdout()).toBe('')
		for (const step of ['1 of 6, Providers.', '2 of 6, Coder URL.', '3 of 6, Token.', '5 of 6, Review.']) {
			expect(said).toContain(`Step ${step}`)
		}
		expect(said).toContain('  OpenAI: ok, answered in')
		expect(said).toMatch(/removed: +"apiKey": "sk-p•/)
		expect(said).toMatch(/added: +"apiKey": "Zq3h7Lk2aB-•/)
		expect(said).toContain('Mux is connected to Coder AI Bridge')
	})

	test('says as whom Mux signs in, and names the page for a token only where one is pasted', async () => {
		const { said } = await throughPipe(['', '', goodToken, '2', '1'], {
			demo: { token: goodToken, users: [{ tokens: [{ loginType: 'oidc' }] }] },
		})
		expect(said).toContain('Create one just for Mux?')
		expect(said.match(/Get a token:/g)).toHaveLength(1)
		expect(said).toMatch(/Signed in: alice at 127\.0\.0\.1:\d+, token until \w+ \d+/)
	})

	test('nothing in what it says moves a cursor or paints', async () => {
		const { said } = await throughPipe(['', '', goodToken, '1'])
		expect(said).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
	})

	test('saves and sends a test message, only with that choice', async () => {
		const saved = await throughPipe(['', '', goodToken, '1'])
		expect(saved.said).toContain('  2. Save and test (a few tokens), one short message each, logged')
		expect(billed(saved.demo)).toEqual([])
		const { end, said, demo, settings } = await throughPipe(['', '', goodToken, '2'])
		expect(end.code).toBe(0)
		expect(billed(demo)).toHaveLength(2)
		expect(settings()).toContain(goodToken)
		expect(said).toContain('Sending one short message to each provider ...')
		expect(said).toMatch(
			/^ {2}Test +OpenAI answered “Hello from the demo deployment\.” in \d\.\d s\n +Anthropic answered/m,
		)
		expect(said).not.toContain(goodToken)
	})

	test('sends a test message from the menu', async () => {
		const first = await throughPipe(['', '', goodToken, '1'])
		const { end, said, demo } = await throughPipe(['3'], { demo: first.demo, settings: first.home })
		expect(said).toContain('  3. Send a test message (a few tokens), one short message each, logged')
		expect([end.code, billed(demo).length]).toEqual([0, 2])
		expect(said).toMatch(/Mux is connected to Coder AI Bridge\n\n {2}Test +OpenAI answered “Hello/)
	})

	test('export lines alone on stdout', async () => {
		const { end, wizard } = await throughPipe(['', '', goodToken, '3'], { settings: null })
		expect(end.code).toBe(0)
		expect(wizard.stdout().trimEnd().split('\n')).toHaveLength(4)
		expect(wizard.stdout()).toMatch(/^(?:export \w+='[^']*'\n){4}$/)
	})

	test('the end of the input cancels, and nothing is changed', async () => {
		for (const lines of [[], [''], ['', ''], ['', '', goodToken]]) {
			const { end, said, settings, beside, wizard } = await throughPipe(lines)
			expect(end).toEqual({ code: 130, signal: null })
			expect(said).toMatch(/^Nothing was changed\.$/m)
			expect(settings()).toBe(demoSettings)
			expect(beside()).toEqual(['providers.jsonc'])
			expect(wizard.stdout()).toBe('')
		}
	})

	test('a last line without an end counts; CRLF is one end', async () => {
		const { end, settings } = await throughPipe([], { stdinFrom: { text: `\r\n\r\n${goodToken}\r\n1` } })
		expect(end.code).toBe(0)
		expect(settings()).toContain(goodToken)
	})

	test('choosing by numbers: providers left out, a response that is none, leaving', async () => {
		const { end, said, settings } = await throughPipe(['2', '7', 'two', '', '', goodToken, '5'])
		expect(end.code).toBe(0)
		expect(said).toContain('2. Anthropic, not selected')
		expect(said.match(/Please enter numbers from 1 to 2\.\nType numbers/g)).toHaveLength(2)
		expect(said).not.toMatch(/Anthropic: now/)
		expect(said).toContain('Nothing was changed.')
		expect(settings()).toBe(demoSettings)
	})

	test('back, with the responses kept', async () => {
		const { end, said, settings } = await throughPipe(['1', '', '', 'back', 'back', '', '', goodToken, '1'])
		expect(end.code).toBe(0)
		expect(said.match(/Step 1 of 6/g)?.length).toBeGreaterThan(1)
		expect(said.match(/1\. OpenAI, not selected/g)?.length).toBeGreaterThan(1)
		expect(settings()).toMatch(/"apiKey": "sk-proj-demo0/)
		expect(settings()).toContain(goodToken)
	})

	test('a wrong token, then the right one', async () => {
		const { end, said, settings } = await throughPipe(['', '', wrongToken, '2', '1', goodToken, '1'])
		expect(end.code).toBe(0)
		expect(said).toContain("Error: Coder doesn't recognize this token")
		expect(said).not.toContain(wrongToken)
		expect(settings()).toContain(goodToken)
	})

	test('a check that turns bad after it was good is reported again', async () => {
		const demo = { token: goodToken, failures: ['unauthorized'] as const }
		const { said } = await throughPipe(['', '', goodToken], { demo })
		expect(said).toMatch(/Token: ok, alice[\s\S]*Token: error\n {2}Error: AI Bridge rejected the token/)
	})

	test("rejects a text that isn't a token with its reason, and asks again", async () => {
		const { end, said } = await throughPipe(['', '', 'sk-proj-1234567890abcdefghij', goodToken, '5'])
		expect(end.code).toBe(0)
		expect(said).toMatch(/Error: .*not a Coder token/)
		expect(said).not.toContain('sk-proj-1234567890')
	})
})

describe('in a terminal', () => {
	test('what is typed is echoed, but for the token', async () => {
		const play = await inTerminal()
		const { wizard, demo } = play
		await answer(play, prompts.providers, '2 2')
		await answer(play, /Enter to continue: 2 2[\s\S]*Enter to continue: ?$/, '')
		await answer(play, prompts.deployment, demo.url)
		await answer(play, prompts.token, goodToken)
		await answer(play, prompts.choice, '1')
		expect((await wizard.exit).code).toBe(0)
		expect(wizard.scrollback()).toContain(`: ${demo.url}\n`)
		expect(wizard.raw).not.toContain(goodToken)
		expect(wizard.raw).not.toContain('\u001B')
		expect(play.settings()).toContain(goodToken)
		const { before, after } = await wizard.sttyModes()
		expect(after.exact).toBe(before.exact)
	})

	test("a token that is typed before it is asked for isn't echoed once its step is open", async () => {
		const play = await inTerminal({
			demo: { token: goodToken, delayMs: ({ path }) => (path.includes('/users/me') ? 500 : 0) },
			login: true,
		})
		const { wizard } = play
		await answer(play, /2\. Go step by step[\s\S]*default: 1\): ?$/, '2')
		await answer(play, prompts.providers, '')
		await answer(play, prompts.deployment, '')
		await wizard.waitFor('Searching for tokens')
		await wizard.send(`${goodToken}\r`)
		await answer(play, /Step 5[\s\S]*default: 1\): ?$/, '1')
		expect((await wizard.exit).code).toBe(0)
		expect(wizard.raw).not.toContain(goodToken)
		expect(play.settings()).toContain(goodToken)
	})

	test('a token that is pasted while the wizard waits, or where a URL or a number is asked for, is never echoed', async () => {
		const play = await inTerminal({
			demo: { token: goodToken, delayMs: ({ path }) => (path.includes('/buildinfo') ? 500 : 0) },
		})
		const { wizard, demo } = play
		await wizard.waitFor(prompts.providers)
		await wizard.send('MarkedSe')
		await wizard.send('\u0015')
		await wizard.send(goodToken)
		await wizard.send(`\u001B[200~${goodToken}\u001B[201~`)
		await answer(play, prompts.providers, '')
		await wizard.waitFor(prompts.deployment)
		await wizard.send(`export CODER_SESSION_TOKEN="${goodToken}"`)
		await wizard.send('\u0015')
		await wizard.send(`${goodToken}\r`)
		await wizard.waitFor('looks like a token')
		await wizard.send(`${demo.url}\r`)
		await wizard.waitFor('Contacting the deployment')
		await wizard.send(goodToken)
		await wizard.waitFor('Use the token you entered')
		await wizard.send('\u0015')
		await answer(play, prompts.choice, '1')
		await answer(play, /Step 5[\s\S]*default: 1\): ?$/, '1')
		expect((await wizard.exit).code).toBe(0)
		expect(wizard.raw).not.toContain('MarkedSe')
		for (let at = 11; at + 8 <= goodToken.length; at++) expect(wizard.raw).not.toContain(goodToken.slice(at, at + 8))
		expect(play.settings()).toContain(goodToken)
	})

	test('the hidden line can be edited, and marks of a paste are taken off', async () => {
		const play = await inTerminal()
		const { wizard } = play
		await answer(play, prompts.providers, '')
		await answer(play, prompts.deployment, '')
		await answer(play, prompts.token, `oops\u0015\u001B[200~${goodToken}xx\u001B[201~\u007F\u007F`)
		await answer(play, prompts.choice, '1')
		expect((await wizard.exit).code).toBe(0)
		expect(play.settings()).toContain(`"${goodToken}"`)
	})

	const questions: [string, (play: Play) => Promise<unknown>][] = [
		['the providers', ({ wizard }) => wizard.waitFor(prompts.providers)],
		[
			'the deployment',
			async play => {
				await answer(play, prompts.providers, '')
				await play.wizard.waitFor(prompts.deployment)
			},
		],
		[
			'the token',
			async play => {
				await answer(play, prompts.providers, '')
				await answer(play, prompts.deployment, '')
				await play.wizard.waitFor(prompts.token)
			},
		],
		[
			'the review',
			async play => {
				await answer(play, prompts.providers, '')
				await answer(play, prompts.deployment, '')
				await answer(play, prompts.token, goodToken)
				await play.wizard.waitFor(/Step 5[\s\S]*default: 1\): ?$/)
			},
		],
	]
	test.each(questions)('Ctrl-C at %s', async (_, until) => {
		const play = await inTerminal({ stdoutTo: 'capture' })
		const { wizard } = play
		await until(play)
		await wizard.press('ctrl-c')
		expect(await wizard.exit).toEqual({ code: 130, signal: null })
		expect(wizard.scrollback()).toMatch(/^Nothing was changed\.$/m)
		expect(play.settings()).toBe(demoSettings)
		expect(wizard.stdout()).toBe('')
		const { before, after } = await wizard.sttyModes()
		expect(after.exact).toBe(before.exact)
	})

	test('Ctrl-D at a question is the end of the input', async () => {
		const play = await inTerminal()
		await play.wizard.waitFor(prompts.providers)
		await play.wizard.press('ctrl-d')
		expect((await play.wizard.exit).code).toBe(130)
	})
})

describe('by itself', () => {
	test.each([
		['TERM=dumb', { TERM: 'dumb' }],
		['a screen reader', { INK_SCREEN_READER: 'true' }],
	])('if the terminal says so: %s', async (_, env) => {
		const play = await inTerminal({ args: () => [], env })
		await answer(play, prompts.providers, '')
		await answer(play, prompts.deployment, '')
		await answer(play, prompts.token, goodToken)
		await answer(play, /Step 5[\s\S]*default: 1\): ?$/, '1')
		expect((await play.wizard.exit).code).toBe(0)
		expect(play.wizard.raw).not.toContain('\u001B')
		expect(play.wizard.raw).not.toContain(goodToken)
		expect(play.settings()).toContain(goodToken)
	})
})
