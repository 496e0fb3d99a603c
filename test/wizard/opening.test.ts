// The first screen and the shortest ways from it, as states: what is asked, and what isn't.
import { describe, expect, it } from 'vitest'
import { type Finding, finding } from '../../source/findings/finding.ts'
import { makeBuiltInTarget } from '../../source/providers.ts'
import { rejectionChoices } from '../../source/wizard/choices.ts'
import { getChoices, getCompletedSteps, getPrompt, getStartRows } from '../../source/wizard/prompts.ts'
import { makeInitialState, openWizard, reduce } from '../../source/wizard/reducer/reducer.ts'
import type { WizardEffect, WizardEvent, WizardStart, WizardState } from '../../source/wizard/state.ts'
import { connectedPlanOf, goodToken, otherToken, planOf, provenReport, report, start } from './sample-values.ts'

const origin = 'https://coder.example.com'
const settled = { deployment: { origin, insecure: false }, version: 'v2.36.0' }
const makeable = { name: 'mux-laptop', days: 30 }
const session = {
	label: 'Use the Coder CLI’s session',
	name: '',
	state: 'expires in 6 days',
	choice: { secret: goodToken, from: 'from the Coder CLI', isCliSession: true, owner: 'alice' },
	isValid: true,
	isLasting: false,
}
const lasting = { ...session, isLasting: true }

type Played = { state: WizardState; effects: readonly WizardEffect[] }

/** Opens the wizard and plays events; `run` in an event means the run that is under way. */
function open(facts: Partial<WizardStart>, ...events: WizardEvent[]): Played {
	return events.reduce<Played>(
		({ state }, event) => reduce(state, 'run' in event ? { ...event, run: state.run } : event),
		openWizard({ ...start, ...facts }),
	)
}

const labelsOf = ({ state }: Played) => getChoices(state).map(choice => choice.label)
const typesOf = ({ effects }: Played) => effects.map(effect => effect.type)
const found = (login: typeof session): WizardEvent => ({
	type: 'looked-around',
	run: 0,
	found: { settled, tokens: { options: [login], makeable }, login },
})

describe('a deployment and a login that were found', () => {
	it('are confirmed on one screen, with where they come from', () => {
		const looking = open({ opening: 'confirm' })
		expect(typesOf(looking)).toEqual(['look-around'])
		const shown = open({ opening: 'confirm' }, found(session))
		expect(getPrompt(shown.state)).toBe('Set it up like this?')
		expect(getStartRows(shown.state)).toEqual([
			{ label: 'Coder', text: origin, note: 'from CODER_URL' },
			{ label: 'Login', text: 'alice', note: 'from the Coder CLI, expires in 6 days' },
			{ label: 'Mux', text: '~/.mux/providers.jsonc', note: 'OpenAI, Anthropic: not set up' },
		])
		expect(getChoices(shown.state)[0]).toMatchObject({ note: 'creates a 30-day token' })
		const named = { ...session, name: 'mux-laptop' }
		expect(getStartRows(open({ opening: 'confirm' }, found(named)).state)[1]).toMatchObject({
			text: 'alice',
			note: 'from the Coder CLI, “mux-laptop”, expires in 6 days',
		})
	})

	it('lead to the checks at once: with a token that lasts, or with a new one from a session', () => {
		expect(typesOf(open({ opening: 'confirm' }, found(lasting), { type: 'accept-found' }))).toEqual(['run-checks'])
		const creating = open({ opening: 'confirm' }, found(session), { type: 'accept-found' })
		expect(creating.effects).toMatchObject([{ type: 'create-token', session: goodToken }])
	})

	it('are asked for step by step if the user wants it, or if there is no valid login', () => {
		const asked = open({ opening: 'confirm' }, found(session), { type: 'open-questions' })
		expect(asked.state.phase.step).toBe('providers')
		expect(reduce(asked.state, { type: 'back' }).state.phase).toMatchObject({ step: 'start', status: 'confirm' })
		const nothing = open({ opening: 'confirm' }, { type: 'looked-around', run: 0, found: null })
		expect(nothing.state.phase.step).toBe('providers')
	})

	it('are never asked over plain http', () => {
		const prefill = { text: 'http://coder.example.com', from: 'from CODER_URL' }
		const asked = open({ opening: 'confirm', prefill })
		expect([asked.state.phase.step, asked.effects]).toEqual(['providers', []])
	})
})

describe('a setup that is there already', () => {
	const connected = { opening: 'menu', rotatable: { origin, ids: ['openai'] } } as const

	it('opens a menu before its checks are over', () => {
		const menu = open(connected)
		expect(typesOf(menu)).toEqual(['check-current'])
		const labels = [
			'Renew the token',
			'Change providers or the Coder URL',
			'Disconnect Mux from AI Bridge',
			'Nothing, quit',
		]
		expect(labelsOf(menu)).toEqual(labels)
		expect(labelsOf(open(connected, { type: 'current-checked', run: 0, current: null }))).toEqual(labels)
	})

	it('sends a test message only if everything works, and ends with the answers', () => {
		const works = { plan: connectedPlanOf(makeInitialState(start)), report: provenReport }
		const current = { rows: [], headline: '', tone: 'success', connected: works } as const
		const menu = open(connected, { type: 'current-checked', run: 0, current })
		expect(labelsOf(menu)[2]).toBe('Send a test message (a few tokens)')
		const failing: WizardEvent = { type: 'current-checked', run: 0, current: { ...current, connected: null } }
		for (const other of [open(connected), open(connected, failing)]) {
			expect(labelsOf(other)).toHaveLength(4)
			expect(reduce(other.state, { type: 'send-messages' }).effects).toEqual([])
		}
		const sending = reduce(menu.state, { type: 'send-messages' })
		expect(sending.effects).toEqual([{ type: 'send-messages', run: sending.state.run, plan: works.plan }])
		const { providers } = provenReport
		const answered = {
			type: 'messages-sent',
			run: sending.state.run,
			providers,
			answers: ['OpenAI'],
			findings: [],
		} as const
		expect(reduce(sending.state, answered).effects.at(-1)).toMatchObject({
			result: { status: 'unchanged', judgement: { verdict: 'connected', exitCode: 0 }, answers: ['OpenAI'] },
		})
		expect(reduce(sending.state, { type: 'cancel' }).effects.at(-1)).toMatchObject({ result: { status: 'cancelled' } })
	})

	it('is renewed, changed, removed, or left', () => {
		expect(typesOf(open(connected, { type: 'renew-token' }))).toEqual(['cancel-running', 'probe-deployment'])
		const changing = open(connected, { type: 'open-questions' })
		expect([typesOf(changing), changing.state.phase.step]).toEqual([['cancel-running'], 'providers'])
		expect(reduce(changing.state, { type: 'back' }).state.phase).toMatchObject({ step: 'start', status: 'menu' })
		expect(open(connected, { type: 'disconnect' }).effects.at(-1)).toMatchObject({ result: { status: 'disconnect' } })
		expect(open(connected, { type: 'quit' }).effects.at(-1)).toMatchObject({ result: { status: 'quit' } })
	})
})

describe('flags', () => {
	const url = { prefill: { text: origin, from: 'from --url' }, answered: { providers: false, url: true } }

	it('answer the URL: the providers come first, and nothing is asked before', () => {
		const first = open(url)
		expect([first.state.phase.step, first.effects]).toEqual(['providers', []])
		const next = open(url, { type: 'submit-providers' })
		expect(next.effects).toMatchObject([{ type: 'probe-deployment', deployment: { origin } }])
		const token = reduce(next.state, { type: 'deployment-probed', run: next.state.run, settled })
		const back = reduce(reduce(token.state, { type: 'back' }).state, { type: 'back' })
		expect(back.state.phase.step).toBe('providers')
	})

	it('answer both: the wizard begins with the deployment', () => {
		const both = open({ ...url, answered: { providers: true, url: true } })
		expect(typesOf(both)).toEqual(['probe-deployment'])
		expect(open({ answered: { providers: true, url: false } }).state.phase.step).toBe('deployment')
	})
})

describe('a pasted token', () => {
	const toPaste: WizardEvent[] = [
		{ type: 'submit-providers' },
		{ type: 'submit-deployment', text: origin },
		{ type: 'deployment-probed', run: 0, settled },
		{ type: 'tokens-found', run: 0, tokens: { options: [], makeable: null } },
		{ type: 'submit-token', text: goodToken },
	]
	const verified = { type: 'token-verified', run: 0, owner: 'alice' } as const

	it('that lasts is used', () => {
		const used = open({}, ...toPaste, { ...verified, expires: null, makeable: null })
		expect(used.effects).toMatchObject([{ type: 'run-checks', token: goodToken }])
	})

	it('that expires within days is exchanged for a named one, or used as it is', () => {
		const offered = open({}, ...toPaste, { ...verified, expires: 'in 7 days', makeable })
		expect(getPrompt(offered.state)).toBe('This token expires in 7 days. Create one just for Mux?')
		expect(labelsOf(offered)).toEqual(['Create a 30-day token', 'Use the pasted token'])
		const [create, use] = getChoices(offered.state).map(choice => reduce(offered.state, choice.event))
		expect(create?.effects).toMatchObject([{ type: 'create-token', session: goodToken }])
		expect(use?.effects).toMatchObject([{ type: 'run-checks', token: goodToken }])
	})

	it('that is refused is told at once, with what to do', () => {
		const findings = [finding('token-expired', 'token', { origin })]
		const refused = open({}, ...toPaste, { type: 'token-refused', run: 0, findings })
		expect(labelsOf(refused)).toEqual(['Paste another token', 'Check again', 'Save anyway', 'Quit'])
		const quitting = reduce(refused.state, { type: 'quit' }).effects.at(-1)
		expect(quitting).toMatchObject({ result: { status: 'quit', findings } })
		const saving = reduce(refused.state, { type: 'save-anyway' })
		const run = saving.state.run
		const done = reduce(saving.state, { type: 'checks-done', run, rows: [], report: { ...report, findings } })
		expect(done.effects).toMatchObject([{ type: 'make-plan' }])
	})

	it('makes no other one the default if one that lasts was found', () => {
		const known = { ...lasting, choice: { ...lasting.choice, secret: otherToken } }
		const tokens = { options: [known], makeable }
		const asked = open({}, ...toPaste.slice(0, 3), { type: 'tokens-found', run: 0, tokens })
		expect(labelsOf(asked)).toEqual(['Use the Coder CLI’s session', 'Create a token for Mux', 'Paste a token'])
	})
})

describe('after a failed check', () => {
	const check = (facts: Partial<typeof report>) =>
		open(
			{ tokenFromArgs: { secret: goodToken, from: 'from standard input' } },
			{ type: 'submit-providers' },
			{ type: 'submit-deployment', text: origin },
			{ type: 'deployment-probed', run: 0, settled },
			{ type: 'tokens-found', run: 0, tokens: { options: [], makeable: null } },
			{ type: 'checks-done', run: 0, rows: [], report: { ...report, ...facts } },
		)

	it('the providers that work can be used without the others', () => {
		const issue = finding('provider-unknown', 'anthropic', { provider: 'anthropic' })
		const providers = [
			{ id: 'openai', proven: true, answeredMs: 300 },
			{ id: 'anthropic', proven: false, answeredMs: null },
		]
		const failed = check({ findings: [issue], providers })
		expect(labelsOf(failed)[0]).toBe('Continue with OpenAI only')
		const again = reduce(failed.state, getChoices(failed.state)[0]!.event)
		expect(again.effects).toMatchObject([{ type: 'run-checks', targets: [makeBuiltInTarget('openai')] }])
	})

	it('"Check again" says when it checked and whether anything has changed', () => {
		const issue = finding('bridge-off', 'bridge', { host: 'coder.example.com' } as never)
		const failed = check({ findings: [issue] })
		expect(labelsOf(failed)[0]).toBe('Check again')
		const again = reduce(failed.state, { type: 'retry' }).state
		const checkedAt = new Date(2026, 10, 27, 12, 3, 7)
		const done = (findings: (typeof issue)[]) =>
			reduce(again, {
				type: 'checks-done',
				run: again.run,
				rows: [],
				report: { ...report, fixes: [{ id: 'x', label: 'x', edits: [] }], findings, checkedAt },
			}).state
		expect(getPrompt(done([issue]))).toContain('checked again at 12:03:07, same result')
		expect(getPrompt(done([]))).toContain('checked again at 12:03:07, another result')
	})
})

describe('an address that leads to another one', () => {
	const failWith = (url: string, text = origin) =>
		open(
			{},
			{ type: 'submit-providers' },
			{ type: 'submit-deployment', text },
			{
				type: 'probe-failed',
				run: 0,
				findings: [finding('redirect-to-deployment', 'deployment', { host: 'x', origin: text, target: url, url })],
			},
		)

	it('offers it, selected only if the host is the same', () => {
		expect(labelsOf(failWith('https://coder.example.com:8443'))[0]).toBe('Use https://coder.example.com:8443')
		const other = failWith('https://new.example.com')
		expect(labelsOf(other)).toEqual(['Enter another URL', 'Use https://new.example.com', 'Quit'])
		const used = reduce(other.state, getChoices(other.state)[1]!.event)
		expect(used.effects).toMatchObject([
			{ type: 'probe-deployment', deployment: { origin: 'https://new.example.com' } },
		])
		expect(used.state.answers.token).toBeNull()
	})

	it('never offers http in place of https', () => {
		expect(failWith('http://new.example.com').state.phase).toMatchObject({ step: 'deployment', status: 'input' })
	})
})

describe('a standalone gateway in place of the Coder URL', () => {
	it('is kept, and serves the providers of the deployment that is entered next', () => {
		const issue = finding('standalone-gateway', 'deployment', {
			host: 'gw.example.com',
			origin: 'https://gw.example.com',
		})
		const named = open(
			{},
			{ type: 'submit-providers' },
			{ type: 'submit-deployment', text: 'https://gw.example.com' },
			{ type: 'probe-failed', run: 0, findings: [issue] },
		)
		expect(named.state.phase).toMatchObject({
			step: 'deployment',
			status: 'input',
			findings: [{ details: { kept: 'yes' } }],
		})
		const probing = reduce(named.state, { type: 'submit-deployment', text: origin })
		const found = reduce(probing.state, { type: 'deployment-probed', run: probing.state.run, settled })
		expect(found.state.answers.deployment?.deployment).toEqual({
			...settled.deployment,
			gateway: 'https://gw.example.com',
		})
	})
})

describe('the line of the checks', () => {
	const gateway = {
		gateway: 'OpenRouter',
		from: 'openrouter.apiKey',
		id: 'openrouter',
		title: 'OpenAI',
		count: 9,
		total: 9,
	}
	const conflict = finding('gateway-first', 'openai', { ...gateway, section: 'openai' } as never)
	const answering = { id: 'openai', proven: true, answeredMs: 100 }

	/** The line above the review of a plan with these findings. */
	function lineOf(facts: Partial<typeof report>, fixes: readonly string[], remaining: readonly Finding[]) {
		const { state } = open({})
		const checked = { ...report, providers: [answering], ...facts }
		const answers = { ...state.answers, fixes }
		const plan = { ...planOf(state), findings: remaining }
		return getCompletedSteps({
			...state,
			answers,
			lastCheck: { rows: [], report: checked },
			phase: { step: 'review', status: 'confirm', plan, notice: 'none' },
		}).find(({ label }) => label === 'Checks')
	}

	it("doesn't count what the change fixes", () => {
		const facts = { findings: [conflict] }
		expect(lineOf(facts, ['gateway-first:x'], [])).toMatchObject({
			answer: 'All checks passed, conflicts fixed',
			warned: false,
		})
		expect(lineOf(facts, [], [conflict])).toMatchObject({ answer: '1 check failed', warned: true })
	})

	it("doesn't say that all passed if a provider didn't answer", () => {
		const silent = { ...answering, id: 'anthropic', proven: false, answeredMs: null }
		const limited = finding('upstream-down', 'anthropic', {} as never)
		const facts = { providers: [answering, silent], findings: [limited], liveFindings: [limited] }
		expect(lineOf(facts, [], [])).toMatchObject({ answer: 'No answer from Anthropic', warned: true })
	})
})

describe('a token that Coder rejects', () => {
	it('is replaced, but not if the account is the reason', () => {
		const labels = (code: 'token-expired' | 'user-suspended') =>
			rejectionChoices([finding(code, 'token', {} as never)]).map(({ label, note }) => [label, note ?? ''].join(': '))
		expect(labels('token-expired')[0]).toBe('Paste another token: ')
		expect(labels('token-expired')).toContain("Save anyway: Mux won't work until the token is replaced")
		expect(labels('user-suspended')[0]).toBe('Check again: ')
		expect(labels('user-suspended')).toContain("Save anyway: Mux won't work until this is solved")
	})
})
