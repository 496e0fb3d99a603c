import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import {
	choose,
	endPlays,
	giveToken,
	holdLock,
	playWizard,
	questions,
	toDeployment,
	toReview,
	toToken,
} from './session.ts'

afterEach(endPlays)

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
	const server = createServer()
	await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
	const { port } = server.address() as { port: number }
	await new Promise(done => server.close(done))
	return port
}

describe('the token', () => {
	test.each([
		['a key of a provider', 'sk-proj-1234567890abcdefghij', /not a Coder token/],
		['the token of an agent', '1b4e28ba-2fa1-11d2-883f-0016d3cca427', /agent/],
		['one that was cut', 'Zq3h7Lk2aB-8sQ', /characters/],
	])('%s is rejected before anything is asked, a right one then taken', async (_, wrong, said) => {
		const play = await playWizard()
		const { demo, wizard } = play
		await toToken(play)
		const asked = demo.requests.length
		await giveToken(play, wrong)
		await wizard.waitFor('✖')
		expect(wizard.screen()).toMatch(said)
		expect(demo.requests.length).toBe(asked)
		expect(wizard.screen()).not.toContain(wrong)
		await wizard.press('ctrl-u')
		await giveToken(play, demo.token.reveal())
		await wizard.waitFor(questions.review)
	})

	test("one that the deployment doesn't know: what and why, then another", async () => {
		const play = await playWizard()
		const { demo, wizard } = play
		await toToken(play)
		await giveToken(play, 'AAAAAAAAAA-BBBBBBBBBBBBBBBBBBBBBB')
		await wizard.waitFor('Check again')
		expect(wizard.screen()).toContain('Coder rejected this token')
		expect(wizard.screen()).toContain("Coder doesn't recognize this token")
		await choose(wizard, 'Paste another token')
		await wizard.waitFor(questions.pasting)
		await giveToken(play, demo.token.reveal())
		await wizard.waitFor(questions.review)
	})
})

describe('the deployment', () => {
	test.each([
		['nothing at all', '', /address|empty/i],
		['another scheme', 'ftp://coder.example.com', /ftp/],
		['a password in it', 'https://me:secret@coder.example.com', /credentials/i],
	])('%s is rejected with the reason', async (_, wrong, said) => {
		const play = await playWizard()
		const { demo, wizard } = play
		await toDeployment(play)
		await wizard.press('ctrl-u')
		await wizard.send(wrong)
		// A password isn't shown.
		if (wrong) await wizard.waitFor(wrong.replace('me:secret', '••••••••••'))
		await wizard.press('enter')
		await wizard.waitFor('✖')
		expect(wizard.screen()).toMatch(said)
		expect(demo.requests).toEqual([])
		await wizard.press('ctrl-u')
		await wizard.paste(`${demo.url}/api/v2/aibridge/openai/v1`)
		await wizard.press('enter')
		await wizard.waitFor(questions.pasting)
		expect(wizard.screen()).toContain(`Coder URL   ${demo.url} (Coder v2.36.0`)
	})

	test('nobody listens there, then somebody does', async () => {
		const url = `http://127.0.0.1:${await closedPort()}`
		const play = await playWizard({ args: () => ['--url', url] })
		await toDeployment(play)
		await play.wizard.press('enter')
		await play.wizard.waitFor(/Connection refused by/)
		await play.wizard.press('ctrl-u')
		await play.wizard.send(play.demo.url)
		await play.wizard.press('enter')
		await play.wizard.waitFor(questions.pasting)
	})

	test("something that isn't Coder, then Coder", async () => {
		const play = await playWizard({ demo: { failures: ['html-page'] } })
		await toDeployment(play)
		await play.wizard.press('enter')
		await play.wizard.waitFor('✖')
		expect(play.wizard.screen()).toContain(questions.deployment)
		play.demo.setFailure()
		await play.wizard.press('enter')
		await play.wizard.waitFor(questions.pasting)
	})

	test('one that sends escape sequences does nothing to the terminal', async () => {
		const evil = 'al\u001B[2J\u001B]0;owned\u0007\u001B]52;c;b3duZWQ=\u0007\u009B31mice\u202E'
		const play = await playWizard({
			demo: { failures: ['escape-sequences'], users: [{ username: evil, name: evil, tokens: [{ name: 'demo' }] }] },
		})
		const { demo, wizard } = play
		const left = /\u001B\]0;|\u001B\]52;|\u001B\[2J|\u009B|\u202E/
		await toDeployment(play)
		await wizard.press('enter')
		await wizard.waitFor('✖')
		expect(wizard.raw).not.toMatch(left)
		demo.setFailure()
		await wizard.press('enter')
		await wizard.waitFor(questions.pasting)
		await giveToken(play, demo.token.reveal())
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(wizard.raw).not.toMatch(left)
		expect(wizard.modeBalance()).toEqual([])
	})

	test('http to another machine needs a yes', async () => {
		const play = await playWizard({ args: () => ['--url', 'http://coder.invalid'] })
		const { wizard } = play
		await wizard.waitFor(questions.providers)
		await wizard.press('enter')
		await wizard.waitFor('send your token unencrypted')
		expect(wizard.screen()).toContain('❯ Edit the URL')
		await wizard.press('enter')
		await wizard.waitFor(questions.deployment)
		expect(wizard.screen()).toContain('http://coder.invalid')
		await wizard.press('enter')
		await choose(wizard, 'Use http:// anyway')
		await wizard.waitFor('✖')
		expect(wizard.screen()).toMatch(/✖ .*coder\.invalid/)
	})
})

describe('the checks', () => {
	test('continues after a failed check is fixed on the other side', async () => {
		const play = await playWizard({ demo: { failures: ['switched-off'] } })
		const { demo, wizard } = play
		await toToken(play)
		await giveToken(play, demo.token.reveal())
		await wizard.waitFor('Check again')
		expect(wizard.screen()).toContain('✖ AI Bridge  AI Bridge is turned off')
		expect(wizard.screen()).toMatch(/- OpenAI, Anthropic {2}not checked$/m)
		demo.setFailure()
		await wizard.press('enter')
		await wizard.waitFor(questions.review)
		expect(wizard.screen()).not.toMatch(/[!✖]/)
	})

	test('continues after a failed check if the user insists', async () => {
		const play = await playWizard({ demo: { failures: [{ mode: 'provider-disabled', provider: 'openai' }] } })
		const { demo, wizard } = play
		await toToken(play)
		await giveToken(play, demo.token.reveal())
		await wizard.waitFor('Check again')
		expect(wizard.screen()).toMatch(/✖ OpenAI/)
		expect(wizard.screen()).toMatch(/✔ Anthropic/)
		await choose(wizard, 'Save anyway')
		await wizard.waitFor(questions.review)
		expect(wizard.screen()).toMatch(/^ {2}✖ “openai” is turned off in Coder$/m)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(1)
		expect(wizard.scrollback()).toContain("! Saved, but OpenAI can't use AI Bridge yet")
	})

	test('continues if a provider is down for the moment, and says so', async () => {
		const play = await playWizard({ demo: { failures: [{ mode: 'upstream-500', provider: 'anthropic' }] } })
		await toReview(play)
		expect(play.wizard.screen()).toMatch(/! “anthropic” returned an error \(500\)/)
		await play.wizard.press('enter')
		expect((await play.wizard.exit).code).toBe(0)
		expect(play.wizard.scrollback()).toContain("! Saved, but Anthropic can't use AI Bridge yet")
	})
})

describe('the settings file', () => {
	test('changed during the review: nothing is written, and the review is shown again', async () => {
		const play = await playWizard()
		const { demo, home, wizard } = play
		await toReview(play)
		const meanwhile = demoSettings.replace('expires in May', 'expires in June')
		writeFileSync(home.settings, meanwhile)
		await wizard.press('enter')
		await wizard.waitFor('file has changed')
		expect(play.settings()).toBe(meanwhile)
		expect(play.backups()).toEqual([])
		expect(wizard.screen()).toContain('Review the change again')
		await wizard.press('d')
		await wizard.waitFor('expires in June')
		await wizard.press('escape')
		await wizard.waitFor('Quit without saving')
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(play.settings()).toContain('// personal key, expires in June')
		expect(play.settings()).toContain(`"apiKey": "${demo.token.reveal()}"`)
		expect(play.backups().map(path => readFileSync(path, 'utf8'))).toEqual([meanwhile])
	})

	test('changed elsewhere during the review: saved at once, with both changes', async () => {
		const play = await playWizard()
		const { demo, home, wizard } = play
		// Long enough that the end of the file isn't shown in the review.
		const long = `${demoSettings}${'// more\n'.repeat(20)}`
		writeFileSync(home.settings, long)
		await toReview(play)
		const meanwhile = `${long}// a note of another program\n`
		writeFileSync(home.settings, meanwhile)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(play.settings()).toContain('// a note of another program')
		expect(play.settings()).toContain(`"apiKey": "${demo.token.reveal()}"`)
		expect(play.backups().map(path => readFileSync(path, 'utf8'))).toEqual([meanwhile])
	})

	test('held by a running Mux: reported, and tried again', async () => {
		const play = await playWizard()
		const { demo, home, wizard } = play
		await toReview(play)
		const letGo = holdLock(home)
		await wizard.press('enter')
		await wizard.waitFor("The change wasn't saved")
		expect(wizard.screen()).toMatch(/✖ .*(?:Mux|lock|written)/)
		expect(play.settings()).toBe(demoSettings)
		letGo()
		await choose(wizard, 'Try again')
		await wizard.waitFor(questions.review)
		await wizard.press('enter')
		expect((await wizard.exit).code).toBe(0)
		expect(play.settings()).toContain(demo.token.reveal())
	})

	test('with a error in it: reported on the first screen, with its place', async () => {
		const broken = '{\n  "openai": {\n    "apiKey" "sk-proj-1234567890abcdefghij"\n  }\n}\n'
		const play = await playWizard({ settings: broken })
		const { wizard } = play
		await wizard.waitFor(questions.providers)
		expect(wizard.screen()).toMatch(/line 3/)
		await toToken(play)
		await giveToken(play, play.demo.token.reveal())
		await wizard.waitFor("Can't change the settings file")
		expect(wizard.raw).not.toContain('sk-proj-1234567890abcdefghij')
		writeFileSync(play.home.settings, broken.replace('"apiKey" ', '"apiKey": '))
		await choose(wizard, 'Try again')
		await wizard.waitFor(questions.review)
		expect(play.backups()).toEqual([])
	})
})
