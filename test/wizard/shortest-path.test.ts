// How many keys the usual ways take, on the built program in a terminal, and that each ends connected.
import { parse } from 'jsonc-parser'
import { afterEach, describe, expect, test } from 'vitest'
import type { Demo } from '../fake-coder/fake-coder.ts'
import { billed, choose, endPlays, type Play, playWizard, questions } from './session.ts'

afterEach(endPlays)

/** A session as `coder login` makes it: it lives for seven days. */
const session = (demo: Demo) => demo.addToken({ loginType: 'oidc' }).reveal()

const enter = ({ wizard }: Play) => wizard.press('enter')

async function expectConnected({ wizard, settings, demo }: Play): Promise<void> {
	expect((await wizard.exit).code).toBe(0)
	expect(billed(demo)).toEqual([])
	expect(wizard.scrollback()).toContain('✔ Mux is connected to Coder AI Bridge')
	const { openai, anthropic } = parse(settings() ?? '')
	expect([openai.baseUrl, anthropic.baseUrl]).toEqual([
		`${demo.url}/api/v2/aibridge/openai/v1`,
		`${demo.url}/api/v2/aibridge/anthropic`,
	])
}

describe.each([
	[80, 24],
	[40, 12],
])('at %i × %i', (cols, rows) => {
	test('a workspace with everything: two Enter', async () => {
		const play = await playWizard({
			cols,
			rows,
			settings: null,
			login: session,
			args: () => [],
			environment: ({ url }) => ({ CODER_AGENT_URL: url, CODER: 'true' }),
		})
		await play.wizard.waitFor(questions.confirming)
		expect(play.wizard.screen()).toContain('from CODER_AGENT_URL')
		await enter(play)
		await play.wizard.waitFor(questions.review)
		await enter(play)
		await expectConnected(play)
		// A session of the CLI isn't used itself: a token of 30 days was created with it.
		const created = play.demo.tokens().find(({ name }) => name.startsWith('mux-'))
		expect(play.settings()).toContain(created?.keyId)
	})

	test('a laptop with the URL in the command: three Enter and a paste', async () => {
		const play = await playWizard({ cols, rows, settings: null, args: ({ url }) => [url] })
		await play.wizard.waitFor(questions.providers)
		await enter(play)
		await play.wizard.waitFor(questions.pasting)
		await play.wizard.paste(play.demo.token.reveal())
		await play.wizard.waitFor('Signed in as')
		await play.wizard.press('enter')
		await play.wizard.waitFor(questions.review)
		await enter(play)
		await expectConnected(play)
	})

	test('a laptop with the URL in the command: no more for a session that is replaced', async () => {
		const play = await playWizard({ cols, rows, settings: null, args: ({ url }) => [url] })
		await play.wizard.waitFor(questions.providers)
		await enter(play)
		await play.wizard.waitFor(questions.pasting)
		await play.wizard.paste(session(play.demo))
		await play.wizard.waitFor('❯ Create a 30-day token')
		await enter(play)
		await play.wizard.waitFor(questions.review)
		await enter(play)
		await expectConnected(play)
	})

	test('a laptop with nothing: four Enter and two pastes, though the token is a session', async () => {
		const play = await playWizard({ cols, rows, settings: null, args: () => [] })
		const { wizard, demo } = play
		await wizard.waitFor(questions.providers)
		await enter(play)
		await wizard.waitFor(questions.deployment)
		await wizard.paste(demo.url)
		await enter(play)
		await wizard.waitFor(questions.pasting)
		await wizard.paste(session(demo))
		await wizard.waitFor('This token expires in 7 days.')
		expect(wizard.screen()).toContain('❯ Create a 30-day token')
		await enter(play)
		await wizard.waitFor(questions.review)
		await enter(play)
		await expectConnected(play)
	})

	test('a second run opens with what works, and can disconnect', async () => {
		const first = await playWizard({ cols, rows, settings: null, login: true })
		await first.wizard.waitFor(questions.confirming)
		await enter(first)
		await first.wizard.waitFor(questions.review)
		await enter(first)
		await expectConnected(first)
		const again = await playWizard({ cols, rows, demo: first.demo, settings: first.home })
		const { wizard } = again
		await wizard.waitFor('Mux is connected to Coder AI')
		await wizard.waitFor(/✔ Anthropic +answered in/)
		expect(wizard.screen()).toMatch(/✔ OpenAI +answered in \d\.\d s/)
		expect(wizard.screen()).toContain('❯ Renew the token')
		await choose(wizard, 'Disconnect')
		await wizard.waitFor('[y/N]')
		await wizard.send('y\r')
		expect((await wizard.exit).code).toBe(0)
		expect(again.settings() ?? '').not.toContain('apiKey')
		expect(billed(again.demo)).toEqual([])
	})
})
