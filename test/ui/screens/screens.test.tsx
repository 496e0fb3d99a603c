import { afterEach, describe, expect, it } from 'vitest'
import { finding } from '../../../source/findings/finding.ts'
import { App } from '../../../source/ui/app.tsx'
import { makeInitialState, openWizard, reduce } from '../../../source/wizard/reducer/reducer.ts'
import type { WizardEvent, WizardState } from '../../../source/wizard/state.ts'
import type { Wizard } from '../../../source/wizard/store.ts'
import {
	applyResult,
	connectedPlanOf,
	goodToken,
	planOf,
	provenReport,
	report,
	start,
} from '../../wizard/sample-values.ts'
import { draw, undrawAll, until } from '../components/drawn.tsx'

afterEach(undrawAll)

const origin = 'https://coder.example.com'
const settled = { deployment: { origin, insecure: false }, version: 'v2.31.2' }

/** A wizard in a given state whose effects are never carried out; keeps the events that were sent. */
function wizardIn(first: WizardState) {
	let state = first
	const sent: WizardEvent[] = []
	const listeners = new Set<() => void>()
	const wizard: Wizard = {
		state: () => state,
		send(event) {
			sent.push(event)
			state = reduce(state, event).state
			for (const listener of listeners) listener()
			return state
		},
		subscribe(listener) {
			listeners.add(listener)
			return () => listeners.delete(listener)
		},
		result: new Promise(() => {}),
	}
	return { wizard, sent }
}

function stateAfter(...events: WizardEvent[]): WizardState {
	return events.reduce(
		(state, event) => reduce(state, 'run' in event ? { ...event, run: state.run } : event).state,
		makeInitialState(start),
	)
}

function show(state: WizardState) {
	const { wizard, sent } = wizardIn(state)
	const app = draw(<App wizard={wizard} />, { columns: 100, onQuit: () => wizard.send({ type: 'cancel' }) })
	return { ...app, sent, wizard }
}

/** Waits for an event to be sent. */
async function sends(shown: ReturnType<typeof show>, on: WizardEvent['type']): Promise<WizardEvent> {
	await until(() => shown.sent.some(event => event.type === on))
	return shown.sent.find(event => event.type === on) as WizardEvent
}

const toDeployment: WizardEvent[] = [{ type: 'submit-providers' }]
const toToken: WizardEvent[] = [
	...toDeployment,
	{ type: 'submit-deployment', text: origin },
	{ type: 'deployment-probed', run: 0, settled },
]
const none: WizardEvent = { type: 'tokens-found', run: 0, tokens: { options: [], makeable: null } }
const some: WizardEvent = {
	type: 'tokens-found',
	run: 0,
	tokens: {
		options: [
			{
				label: 'Use my Coder CLI login',
				name: '',
				state: 'expires in 6 days',
				choice: { secret: goodToken, from: 'from the Coder CLI' },
				isValid: true,
				isLasting: false,
			},
		],
		makeable: { name: 'mux-laptop', days: 30 },
	},
}
const verified: WizardEvent = { type: 'token-verified', run: 0, owner: 'alice', expires: null, makeable: null }
const toChecks: WizardEvent[] = [...toToken, none, { type: 'submit-token', text: goodToken }, verified]

function reviewing(plan: Partial<ReturnType<typeof planOf>> = {}): WizardState {
	const planning = stateAfter(...toChecks, { type: 'checks-done', run: 0, rows: [], report })
	return reduce(planning, { type: 'plan-made', run: planning.run, plan: { ...planOf(planning), ...plan } }).state
}

describe('submit-providers', () => {
	it('lists the providers with what Mux uses today, selects with space and continues with Enter', async () => {
		const shown = show(makeInitialState(start))
		expect(shown.screen()).toContain('Which providers should Mux use through Coder?')
		expect(shown.screen()).toMatch(/❯ \[x\] OpenAI +GPT, Codex +now: not set up/)
		expect(shown.screen()).toContain('Settings file ~/.mux/providers.jsonc')
		shown.send(' ')
		expect(await sends(shown, 'toggle-provider')).toEqual({ type: 'toggle-provider', id: 'openai' })
		expect(shown.screen()).toContain('[ ] OpenAI')
		shown.send('\r')
		await sends(shown, 'submit-providers')
	})

	it('says that one is needed', () => {
		const shown = show(stateAfter({ type: 'toggle-all' }, { type: 'submit-providers' }))
		expect(shown.screen()).toContain('Select at least one provider (press space).')
	})

	it('offers to renew the token if the settings already go through a bridge', async () => {
		const renewable = { origin, ids: ['openai'] }
		const shown = show(makeInitialState({ ...start, rotatable: renewable }))
		expect(shown.screen()).toContain(`Already connected to ${origin}`)
		shown.send('r')
		await sends(shown, 'renew-token')
	})
})

describe('submit-deployment', () => {
	it('shows where the URL comes from and both base URLs', () => {
		const shown = show(stateAfter(...toDeployment))
		expect(shown.screen()).toMatch(/https:\/\/coder\.example\.com▏? +from CODER_URL/)
		expect(shown.screen()).toContain(`OpenAI      ${origin}/api/v2/aibridge/openai/v1`)
		expect(shown.screen()).toContain(`Anthropic   ${origin}/api/v2/aibridge/anthropic`)
	})

	it('sends what is typed, and letters are letters', async () => {
		const shown = show(makeInitialState({ ...start, prefill: null }))
		shown.send('\r')
		await sends(shown, 'submit-providers')
		for (const key of ['q', 'r', 'a', '?', '.', 'd', 'e']) shown.send(key)
		shown.send('\r')
		expect(await sends(shown, 'submit-deployment')).toEqual({ type: 'submit-deployment', text: 'qra?.de' })
	})

	it("rejects a token that lands in this field, and doesn't leave it readable", async () => {
		const { wizard, sent } = wizardIn(
			reduce(makeInitialState({ ...start, prefill: null }), { type: 'submit-providers' }).state,
		)
		const shown = draw(<App wizard={wizard} />)
		shown.send(`\u001b[200~${goodToken.reveal()}\u001b[201~`)
		await shown.waitFor('✖')
		expect(sent.map(event => event.type)).toEqual(['paste-stray-token'])
		for (const frame of shown.frames) expect(frame).not.toContain(goodToken.reveal().slice(11, 20))
	})

	it.each([
		['an empty field', null, 33],
		['a prefilled field', start.prefill, 33],
		['a field that was drawn when the token was recognized', start.prefill, 27],
	])('keeps a token that is typed faster than the screen is drawn into %s', async (_, prefill, first) => {
		const { wizard, sent } = wizardIn(
			reduce(makeInitialState({ ...start, prefill }), { type: 'submit-providers' }).state,
		)
		const shown = draw(<App wizard={wizard} />)
		// The characters come in one turn, each in a chunk of its own.
		shown.send(...goodToken.reveal().slice(0, first))
		await shown.waitFor('✖')
		shown.send(...goodToken.reveal().slice(first))
		await until(() => sent.length === goodToken.length)
		expect(sent.every(event => event.type === 'edit-deployment')).toBe(true)
		expect(wizard.state().strayToken?.reveal()).toBe(goodToken.reveal())
		expect(wizard.state().answers.deploymentText).toBe(prefill?.text ?? '')
		for (const frame of shown.frames) expect(frame).not.toContain(goodToken.reveal().slice(11, 20))
	})

	it('draws nothing of a secret half that is typed slowly, in pieces of any size, and keeps the token', async () => {
		const token = 'Zq3h7Lk2aB-MarkedSecretOfTheTests'
		for (const size of [1, 8, 12, 20, 26, 27, 32]) {
			const { wizard } = wizardIn(reduce(makeInitialState(start), { type: 'submit-providers' }).state)
			const shown = draw(<App wizard={wizard} />)
			for (let at = 0; at < token.length; at += size) {
				const { strayToken, answers } = wizard.state()
				shown.send(token.slice(at, at + size))
				await until(() => wizard.state().strayToken !== strayToken || wizard.state().answers !== answers)
			}
			expect(wizard.state().strayToken?.reveal()).toBe(token)
			expect(wizard.state().answers.deploymentText).toBe(start.prefill?.text)
			for (const frame of shown.frames) expect(frame).not.toContain(token.slice(11, 16))
		}
	})

	it('keeps the URL beside a token that is pasted, whatever is typed before the next drawing', async () => {
		const { wizard } = wizardIn(stateAfter(...toDeployment))
		const shown = draw(<App wizard={wizard} />)
		shown.send(`\u001b[200~https://other.example.com ${goodToken.reveal()}\u001b[201~`, '/', 'x')
		await shown.waitFor('other.example.com/x')
		expect(wizard.state().answers.deploymentText).toBe('https://other.example.com/x')
	})

	it('shows a finding and keeps the field open', () => {
		const shown = show(stateAfter(...toDeployment, { type: 'submit-deployment', text: 'ftp://coder.example.com' }))
		expect(shown.screen()).toContain('✖')
		expect(shown.screen()).toContain('ftp://coder.example.com')
	})

	it('asks before it uses an address unencrypted', () => {
		const shown = show(stateAfter(...toDeployment, { type: 'submit-deployment', text: 'http://coder.example.com' }))
		expect(shown.screen()).toContain('http:// would send your token unencrypted. Use it anyway?')
		expect(shown.screen()).toMatch(/❯ Edit the URL/)
	})
})

describe('submit-token', () => {
	it('offers what was found, and the page that shows a token', () => {
		const shown = show(stateAfter(...toToken, some))
		for (const text of ['Create a token for Mux', 'mux-laptop', 'Use my Coder CLI login', 'Paste a token']) {
			expect(shown.screen()).toContain(text)
		}
		expect(shown.screen()).toMatch(
			/^ {2}Get one {3}https:\/\/coder\.example\.com\/cli-auth +ctrl-o open · ctrl-y copy$/m,
		)
	})

	it('takes a paste on the list as the token', async () => {
		const shown = show(stateAfter(...toToken, some))
		shown.send(`\u001b[200~${goodToken.reveal()}\u001b[201~`)
		const event = await sends(shown, 'submit-token')
		expect(event.type === 'submit-token' && event.text.equals(goodToken)).toBe(true)
	})

	it('masks what is typed, shows its length, and never a part of it', async () => {
		const shown = show(stateAfter(...toToken, none))
		shown.send(goodToken.reveal().slice(0, 20), goodToken.reveal().slice(20))
		await until(() => shown.screen().includes('33 characters'))
		expect(shown.screen()).toContain('•'.repeat(33))
		shown.send('\r')
		await sends(shown, 'submit-token')
		for (const frame of shown.frames) expect(frame).not.toContain(goodToken.reveal().slice(11, 16))
	})
})

describe('run-checks', () => {
	it('shows each row, and after a failure what can be done', () => {
		const failed = finding('token-expired', 'token', { origin })
		const rows = [
			{ part: 'deployment', label: 'Coder', status: 'passed' as const, note: 'v2.31.2', findings: [] },
			{ part: 'token', label: 'Token', status: 'failed' as const, note: '', findings: [failed] },
		]
		const shown = show(
			stateAfter(...toChecks, { type: 'checks-done', run: 0, rows, report: { ...report, findings: [failed] } }),
		)
		expect(shown.screen()).toMatch(/✔ Coder +v2\.31\.2/)
		expect(shown.screen()).toMatch(/✖ Token/)
		for (const choice of ['Paste another token', 'Check again', 'Save anyway', 'Quit']) {
			expect(shown.screen()).toContain(choice)
		}
	})
})

describe('the menu', () => {
	it('stays at the focused choice while it gets one more', async () => {
		const rotatable = { origin, ids: ['openai', 'anthropic'] }
		const shown = show(openWizard({ ...start, rotatable, opening: 'menu' }).state)
		shown.send('\u001b[B')
		shown.send('\u001b[B')
		await until(() => shown.screen().includes('❯ Disconnect'))
		const connected = { plan: connectedPlanOf(makeInitialState(start)), report: provenReport }
		const current = { rows: [], headline: 'Mux is connected', tone: 'success', connected } as const
		shown.wizard.send({ type: 'current-checked', run: 1, current })
		await until(() => shown.screen().includes('Send a test message (a few tokens)   one short message each, logged'))
		expect(shown.screen()).toContain('❯ Disconnect')
		shown.send('\u001b[A')
		await until(() => shown.screen().includes('❯ Send a test message'))
		shown.send('\r')
		await sends(shown, 'send-messages')
		expect(shown.screen()).toContain('Sending one short message to each provider')
		expect(shown.screen()).toContain('waiting for the answers …')
	})
})

describe('review-plan', () => {
	const changes = [
		{ id: 'openai', baseUrl: `${origin}/x`, before: 'not set up', after: 'AI Bridge at coder.example.com' },
	]
	const diff = Array.from({ length: 40 }, (_, index) => ({
		kind: 'added' as const,
		text: `line ${index + 1}`,
		oldLine: null,
		newLine: index + 1,
	}))

	it('shows before and after, the diff, and what can be done; Enter applies', async () => {
		const shown = show(reviewing({ changes, diff }))
		expect(shown.screen()).toContain('Save this to ~/.mux/providers.jsonc?')
		expect(shown.screen()).toMatch(/OpenAI +not set up +→ {2}AI Bridge$/m)
		expect(shown.screen()).toMatch(/1 \+ line 1/)
		expect(shown.screen()).toMatch(/of 40 ↓/)
		shown.send('\r')
		await sends(shown, 'apply-plan')
	})

	it('scrolls the diff inside the window', async () => {
		const shown = show(reviewing({ changes, diff }))
		const lines = shown.screen().split('\n').length
		shown.send('\u001b[6~')
		await until(() => !/ 1 \+ line 1$/m.test(shown.screen()))
		expect(shown.screen()).not.toMatch(/ 1 \+ line 1$/m)
		expect(shown.screen().split('\n').length).toBe(lines)
		expect(lines).toBeLessThan(24)
	})

	it('says plainly that there is nothing to change', () => {
		const shown = show(reviewing({ changes, unchanged: true }))
		expect(shown.screen()).toContain('Nothing to change')
	})

	it('lists the answers that can be changed', async () => {
		const shown = show(reduce(reviewing({ changes }), { type: 'open-edit-menu' }).state)
		for (const answer of ['Providers', 'Coder URL', 'Token', 'Token storage']) {
			expect(shown.screen()).toContain(answer)
		}
	})
})

describe('finish', () => {
	it('says why a change was not saved', () => {
		const applying = reduce(reviewing(), { type: 'apply-plan' }).state
		const findings = [finding('cancelled', 'settings')]
		const shown = show(reduce(applying, { type: 'apply-failed', run: applying.run, findings }).state)
		expect(shown.screen()).toContain("The change wasn't saved")
		expect(shown.screen()).toContain('Try again')
	})

	it('leaves a record of the steps behind, and nothing if it was cancelled', () => {
		const applying = reduce(reviewing(), { type: 'apply-plan' }).state
		const left = show(reduce(applying, { type: 'plan-applied', run: applying.run, applyResult }).state)
		expect(left.screen()).toContain('✔ Providers   OpenAI, Anthropic')
		expect(left.screen()).toContain('✔ Checks')
		const cancelled = show(stateAfter(...toDeployment, { type: 'cancel' }))
		expect(cancelled.screen().trim()).toBe('')
	})
})

it('quits with Ctrl-C on every screen, and goes back with Esc', async () => {
	for (const state of [
		makeInitialState(start),
		stateAfter(...toDeployment),
		stateAfter(...toToken, none),
		reviewing(),
	]) {
		const shown = show(state)
		shown.send('\u0003')
		await sends(shown, 'cancel')
		if (state.phase.step === 'providers') continue
		const again = show(state)
		again.send('\u001b')
		await sends(again, 'back')
	}
})

it('takes two Esc, and Ctrl-C after Esc, as two keys each if they arrive in one chunk', async () => {
	const { wizard, sent } = wizardIn(stateAfter(...toToken, none))
	const shown = draw(<App wizard={wizard} />, { onQuit: () => wizard.send({ type: 'cancel' }) })
	shown.send('\u001b\u001b')
	await until(() => sent.filter(event => event.type === 'back').length === 2)
	shown.send('\u001b\u0003')
	await until(() => sent.some(event => event.type === 'cancel'))
})
