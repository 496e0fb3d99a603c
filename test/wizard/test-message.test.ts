// A test message from the wizard, built and in a terminal: it is sent only with its own choice, its answer or its failure
// is in the summary, and what was saved stays.
import { parse } from 'jsonc-parser'
import { afterEach, describe, expect, test } from 'vitest'
import { type Interceptor, startDemo } from '../../source/demo/deployment.ts'
import { jsonResponse } from '../../source/demo/responses.ts'
import { billed, choose, endPlays, type Play, playWizard, questions, toReview } from './session.ts'

afterEach(endPlays)

const endless = 600_000
const label = 'Save and test (a few tokens)'
const menuLabel = 'Send a test message (a few tokens)'

/** No model answers in time. */
const holdAnswers = ({ demo }: Play) => demo.setDelay(({ body }) => (body.includes('"Hi"') ? endless : 0))

function expectSaved({ settings, demo }: Play): void {
	const { openai, anthropic } = parse(settings() ?? '')
	expect([openai.apiKey, anthropic.apiKey]).toEqual([demo.token.reveal(), demo.token.reveal()])
}

/** A connected Mux, and the wizard started again. */
async function openMenu(size: { cols: number; rows: number }, failure?: 'upstream-no-credit'): Promise<Play> {
	const first = await playWizard()
	await toReview(first)
	await first.wizard.press('enter')
	await first.wizard.exit
	if (failure) first.demo.setFailure({ mode: failure, provider: 'anthropic' })
	return playWizard({ ...size, demo: first.demo, settings: first.home })
}

describe.each([
	[80, 24],
	[40, 12],
])('at %i × %i', (cols, rows) => {
	const size = { cols, rows }
	const flat = ({ wizard }: Play) => wizard.scrollback().replace(/\s+/g, ' ')

	test('saves, sends one message to each provider, and shows the answers', async () => {
		const play = await playWizard(size)
		const { demo, wizard } = play
		await toReview(play)
		expect(wizard.screen()).toContain('❯ Save')
		expect(wizard.screen()).toContain(`    ${label}`)
		expect(billed(demo)).toEqual([])
		await choose(wizard, label)
		expect((await wizard.exit).code).toBe(0)
		expect(billed(demo).map(body => JSON.parse(body).model)).toEqual(['gpt-5.4-mini', 'claude-haiku-4-5'])
		expectSaved(play)
		expect(flat(play)).toMatch(
			/✔ Mux is connected.* Test OpenAI answered “Hello from the demo deployment\.” in \d\.\d s Anthropic answered “Hello from the demo deployment\.” in \d\.\d s/,
		)
		expect(wizard.scrollback()).not.toContain('check --send')
		expect(wizard.raw).not.toContain(demo.token.reveal())
	})

	test('a provider fails: its finding and remedy, the verdict, and the settings stay', async () => {
		const play = await playWizard(size)
		const { demo, wizard } = play
		await toReview(play)
		demo.setFailure({ mode: 'upstream-no-credit', provider: 'anthropic' })
		await choose(wizard, label)
		expect((await wizard.exit).code).toBe(1)
		expectSaved(play)
		expect(flat(play)).toContain("! Saved, but Anthropic can't use AI")
		expect(flat(play)).toMatch(/✖ Your company's account at “anthropic” has no credit .+ → Ask your Coder admin/)
		expect(flat(play)).toContain(
			'Providers OpenAI, Anthropic Test OpenAI answered “Hello from the demo deployment.” in',
		)
		expect(flat(play)).not.toContain('Anthropic answered')
		expect(flat(play)).toMatch(/Test npx mux-bridge-wizard check --send$/)
	})

	test('Ctrl-C while the answers are awaited: the settings are saved, and the summary says so', async () => {
		const play = await playWizard(size)
		const { demo, wizard } = play
		await toReview(play)
		holdAnswers(play)
		await choose(wizard, label)
		await wizard.waitFor('waiting for the answers …')
		expect(wizard.screen()).toContain('❯ Sending one short message')
		await wizard.press('ctrl-c')
		expect((await wizard.exit).code).toBe(0)
		expectSaved(play)
		expect(flat(play)).toMatch(/ Saved ~\/\.mux\/providers\.jsonc \(backup kept\)/)
		expect(flat(play)).not.toContain('Test OpenAI')
		expect(flat(play)).toMatch(/Test npx mux-bridge-wizard check --send$/)
		expect(wizard.raw).not.toContain(demo.token.reveal())
	})

	test('a connected Mux sends one from its menu', async () => {
		const play = await openMenu(size)
		const { demo, wizard } = play
		await wizard.waitFor(menuLabel)
		expect(wizard.screen()).toContain('❯ Renew the token')
		const before = play.settings()
		expect(billed(demo)).toEqual([])
		await choose(wizard, menuLabel)
		expect((await wizard.exit).code).toBe(0)
		expect(billed(demo)).toHaveLength(2)
		expect(flat(play)).toMatch(
			/✔ Mux is connected to Coder AI Bridge Test OpenAI answered “Hello .+ Anthropic answered “Hello/,
		)
		expect(play.settings()).toBe(before)
	})
})

const size = { cols: 80, rows: 24 }

test('both providers fail from the menu: the findings, the verdict and the exit code', async () => {
	const play = await openMenu(size)
	const { demo, wizard } = play
	await wizard.waitFor(menuLabel)
	demo.setFailure('upstream-no-credit')
	await choose(wizard, menuLabel)
	expect((await wizard.exit).code).toBe(6)
	expect(wizard.scrollback()).toContain("! Already set up like this, but Mux can't use AI Bridge yet")
	expect(wizard.scrollback()).toMatch(/✖ .+“openai” has no credit\n[\s\S]+✖ .+“anthropic” has no credit\n/)
	expect(wizard.scrollback()).not.toMatch(/answered “|Nothing to change/)
})

test('Ctrl-C while the answers are awaited in the menu changes nothing', async () => {
	const play = await openMenu(size)
	const { wizard } = play
	await wizard.waitFor(menuLabel)
	holdAnswers(play)
	await choose(wizard, menuLabel)
	await wizard.waitFor('waiting for the answers …')
	await wizard.press('ctrl-c')
	expect((await wizard.exit).code).toBe(130)
	expect(wizard.scrollback()).toContain('Nothing was changed.')
})

test('the menu offers none if a provider failed', async () => {
	const { wizard } = await openMenu(size, 'upstream-no-credit')
	await wizard.waitFor('Already set up like this, but Anthropic')
	expect(wizard.screen()).toContain('Disconnect')
	expect(wizard.screen()).not.toContain(menuLabel)
})

test('the review offers none if a provider failed', async () => {
	const play = await playWizard({ demo: { failures: [{ mode: 'upstream-no-credit', provider: 'anthropic' }] } })
	const { demo, wizard } = play
	await wizard.waitFor(questions.providers)
	await wizard.press('enter')
	await wizard.waitFor(questions.deployment)
	await wizard.press('enter')
	await wizard.waitFor(questions.pasting)
	await wizard.paste(demo.token.reveal())
	await wizard.press('enter')
	await choose(wizard, 'Save anyway')
	await wizard.waitFor(questions.review)
	expect(wizard.screen()).toContain('❯ Save')
	expect(wizard.screen()).not.toContain(label)
})

test('the old token is asked about after the answers', async () => {
	const first = await playWizard({ login: demo => demo.addToken({ loginType: 'oidc' }).reveal() })
	await first.wizard.waitFor(questions.confirming)
	await first.wizard.press('enter')
	await first.wizard.waitFor(questions.review)
	await first.wizard.press('enter')
	await first.wizard.exit
	const { demo, wizard } = await playWizard({ demo: first.demo, settings: first.home })
	await choose(wizard, 'Renew the token')
	await choose(wizard, 'Create a token for Mux')
	await wizard.waitFor(questions.review)
	await choose(wizard, label)
	await wizard.waitFor('Mux no longer uses')
	expect(billed(demo)).toHaveLength(2)
	await choose(wizard, 'Revoke it')
	expect((await wizard.exit).code).toBe(0)
	expect(wizard.scrollback()).toMatch(/Test {7}OpenAI answered “Hello[\s\S]+✔ Revoked the old token/)
})

test("a model's answer reaches the terminal without what it could do there, and without the token", async () => {
	let text = ''
	const interceptor: Interceptor = {
		answer: place =>
			place === 18 && text !== ''
				? { reply: () => jsonResponse(200, { content: [{ type: 'text', text }], output: [{ text }] }) }
				: undefined,
		build: () => ({}),
		license: () => 'entitled',
		breakLine: () => {},
	}
	const demo = { ...(await startDemo({ interceptor })), setFailure: () => {} }
	const play = await playWizard({ demo })
	const { wizard } = play
	await toReview(play)
	const token = demo.token.reveal()
	text = `Hi\u001b]52;c;UFdORUQ=\u0007\u001b[2J\u202e ${token}\nfake line`
	await choose(wizard, label)
	expect((await wizard.exit).code).toBe(0)
	expect(wizard.scrollback()).toMatch(/OpenAI answered “Hi ZQ8W3mmNfJ-•+ fake line Hi/)
	expect(wizard.raw).not.toContain(token.slice(11))
	expect(wizard.raw).not.toMatch(/UFdORUQ|\u202e/)
})
