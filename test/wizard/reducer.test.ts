import { describe, expect, it } from 'vitest'
import { finding } from '../../source/findings/finding.ts'
import { PrivateText } from '../../source/secrets/private-text.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { getChoices } from '../../source/wizard/prompts.ts'
import { makeInitialState, reduce } from '../../source/wizard/reducer/reducer.ts'
import type { WizardEffect, WizardEvent, WizardState } from '../../source/wizard/state.ts'
import {
	applyResult,
	connectedPlanOf,
	goodToken,
	otherToken,
	planOf,
	provenReport,
	report,
	start,
} from './sample-values.ts'

const origin = 'https://coder.example.com'
const deployment = { origin, insecure: false }
const settled = { deployment, version: 'v2.31.2' }

/** Plays events from the start; `run` in an event means the run that is under way. */
function play(...events: WizardEvent[]): { state: WizardState; effects: WizardEffect[] } {
	return playFrom(makeInitialState(start), ...events)
}

function playFrom(first: WizardState, ...events: WizardEvent[]): { state: WizardState; effects: WizardEffect[] } {
	let state = first
	let effects: WizardEffect[] = []
	for (const event of events) {
		const next = reduce(state, 'run' in event ? { ...event, run: state.run } : event)
		state = next.state
		effects = [...next.effects]
	}
	return { state, effects }
}

const toDeployment: WizardEvent[] = [{ type: 'submit-providers' }]
const toLooking: WizardEvent[] = [...toDeployment, { type: 'submit-deployment', text: origin }]
const toToken: WizardEvent[] = [...toLooking, { type: 'deployment-probed', run: 0, settled }]
const toTyping: WizardEvent[] = [...toToken, { type: 'tokens-found', run: 0, tokens: { options: [], makeable: null } }]
const verified: WizardEvent = { type: 'token-verified', run: 0, owner: 'alice', expires: null, makeable: null }
const toVerifying: WizardEvent[] = [...toTyping, { type: 'submit-token', text: goodToken }]
const toChecks: WizardEvent[] = [...toVerifying, verified]
const toPlanning: WizardEvent[] = [...toChecks, { type: 'checks-done', run: 0, rows: [], report }]

function toReview(): WizardState {
	const { state } = play(...toPlanning)
	return playFrom(state, { type: 'plan-made', run: 0, plan: planOf(state) }).state
}

describe('the way forward', () => {
	const table: [string, WizardEvent[], Partial<WizardState['phase']>, string[]][] = [
		['opens with the providers', [], { step: 'providers' }, []],
		['asks for the deployment', toDeployment, { step: 'deployment', status: 'input' }, []],
		['looks at the deployment', toLooking, { step: 'deployment', status: 'probing' }, ['probe-deployment']],
		['looks for tokens', toToken, { step: 'token', status: 'discovering' }, ['find-tokens']],
		['asks for a token at once where none was found', toTyping, { step: 'token', status: 'paste' }, []],
		['asks whose token it is', toVerifying, { step: 'token', status: 'verifying' }, ['verify-token']],
		['checks', toChecks, { step: 'checks', status: 'running' }, ['run-checks']],
		['plans when nothing is to be decided', toPlanning, { step: 'review', status: 'planning' }, ['make-plan']],
	]
	for (const [name, events, phase, effects] of table) {
		it(name, () => {
			const played = play(...events)
			expect(played.state.phase).toMatchObject(phase)
			expect(played.effects.map(effect => effect.type)).toEqual(effects)
		})
	}

	it('reviews, applies that very plan, and leaves with the summary', () => {
		const reviewing = toReview()
		expect(reviewing.phase).toMatchObject({ step: 'review', status: 'confirm' })
		const applying = playFrom(reviewing, { type: 'apply-plan' })
		expect(applying.effects).toMatchObject([{ type: 'apply-plan', plan: planOf(reviewing) }])
		const left = playFrom(applying.state, { type: 'plan-applied', run: 0, applyResult })
		expect(left.effects.at(-1)).toEqual({
			type: 'quit',
			result: { status: 'applied', applyResult, findings: [], deleted: null },
		})
	})

	it('needs at least one provider', () => {
		const { state } = play({ type: 'toggle-all' }, { type: 'submit-providers' })
		expect(state.phase).toEqual({ step: 'providers', noneSelected: true })
		expect(
			playFrom(state, { type: 'toggle-provider', id: 'openai' }, { type: 'submit-providers' }).state.phase.step,
		).toBe('deployment')
	})

	it('stays with the deployment if its address or the look at it is rejected', () => {
		const typed = play(...toDeployment, { type: 'submit-deployment', text: 'ftp://x' }).state
		expect(typed.phase).toMatchObject({ status: 'input', findings: [{ code: 'url-scheme' }] })
		const findings = [finding('host-not-found', 'deployment', { host: 'coder.example.com' })]
		const looked = play(...toLooking, { type: 'probe-failed', run: 0, findings }).state
		expect(looked.phase).toMatchObject({ step: 'deployment', status: 'input', findings })
		expect(looked.answers.deploymentText).toBe(origin)
	})

	it('asks before a token would travel unencrypted', () => {
		const { state, effects } = play(...toDeployment, { type: 'submit-deployment', text: 'http://coder.example.com' })
		expect(state.phase).toMatchObject({ status: 'insecure' })
		expect(effects).toEqual([])
		expect(playFrom(state, { type: 'accept-insecure' }).effects).toMatchObject([{ type: 'probe-deployment' }])
		expect(playFrom(state, { type: 'back' }).state.phase).toMatchObject({ step: 'deployment', status: 'input' })
	})

	it("rejects a text that isn't a session token, without a request", () => {
		for (const [text, code] of [
			['sk-proj-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'token-provider-key'],
			['0b8e5b1c-4d8b-4a9e-9a3f-1f0e7d6c5b4a', 'token-agent'],
			['', 'token-empty'],
		] as const) {
			const { state, effects } = play(...toTyping, { type: 'submit-token', text: new Secret(text) })
			expect(state.phase).toMatchObject({ step: 'token', status: 'paste', findings: [{ code }] })
			expect(effects).toEqual([])
		}
	})

	it('cleans a pasted token and says what it took out', () => {
		const broken = `export CODER_SESSION_TOKEN="${goodToken.reveal().slice(0, 20)}\n${goodToken.reveal().slice(20)}"`
		const { state } = play(...toTyping, { type: 'submit-token', text: new Secret(broken) }, verified)
		expect(state.answers.token?.secret.equals(goodToken)).toBe(true)
	})

	describe('a whole token that is pasted', () => {
		const paste: WizardEvent = { type: 'submit-token', text: goodToken, isPaste: true }
		const enter: WizardEvent = { type: 'submit-token', text: new Secret('') }
		const makeable = { name: 'mux-laptop', days: 30 }
		const session: WizardEvent = { ...verified, expires: 'in 7 days', makeable }

		it('is checked without Enter, which then is the only one of the step', () => {
			const pasted = play(...toTyping, paste)
			expect(pasted.effects).toMatchObject([{ type: 'verify-token', token: goodToken }])
			const shown = playFrom(pasted.state, verified)
			expect(shown.state.phase).toMatchObject({ step: 'token', status: 'verified' })
			expect(shown.effects).toEqual([])
			expect(playFrom(shown.state, enter).state.phase).toMatchObject({ step: 'checks' })
			const other = playFrom(shown.state, { ...paste, text: otherToken })
			expect(other.effects).toMatchObject([{ type: 'verify-token', token: otherToken }])
			expect(playFrom(shown.state, { type: 'open-paste' }).state.phase).toMatchObject({
				step: 'token',
				status: 'paste',
			})
			expect(playFrom(shown.state, { type: 'back' }).state.phase).toMatchObject({ step: 'token', status: 'paste' })
		})

		it('goes on by an Enter that comes while it is checked, which answers no later question', () => {
			const { state } = play(...toTyping, paste, enter)
			expect(playFrom(state, verified).state.phase).toMatchObject({ step: 'checks' })
			expect(playFrom(state, session).state.phase).toMatchObject({ step: 'token', status: 'exchange' })
		})

		it('is offered to be replaced at once if it is a session', () => {
			expect(play(...toTyping, paste, session).state.phase).toMatchObject({ step: 'token', status: 'exchange' })
		})
	})

	it('takes a token that came with the call for the first deployment and for no other', () => {
		const provided = { secret: goodToken, from: 'from standard input' }
		const none: WizardEvent = { type: 'tokens-found', run: 0, tokens: { options: [], makeable: null } }
		const first = playFrom(makeInitialState({ ...start, tokenFromArgs: provided }), ...toToken, none)
		expect(first.effects).toMatchObject([{ type: 'run-checks', token: goodToken }])
		const other = playFrom(
			first.state,
			{ type: 'back' },
			none,
			{ type: 'back' },
			{ type: 'submit-deployment', text: 'https://other.example.com' },
			{
				type: 'deployment-probed',
				run: 0,
				settled: { deployment: { origin: 'https://other.example.com', insecure: false }, version: '' },
			},
			none,
		)
		expect(other.state.phase).toMatchObject({ step: 'token', status: 'paste' })
	})

	it('stops at a failed check with retry, the doubtful response, and going on', () => {
		const failed = { ...report, findings: [finding('token-expired', 'token', {})] }
		const { state, effects } = play(...toChecks, { type: 'checks-done', run: 0, rows: [], report: failed })
		expect(effects).toEqual([])
		const choices = getChoices(state)
		expect(choices.map(choice => choice.label)).toEqual(['Paste another token', 'Check again', 'Save anyway', 'Quit'])
		expect(playFrom(state, { type: 'retry' }).effects).toMatchObject([{ type: 'run-checks' }])
		expect(playFrom(state, { type: 'continue', fixes: [] }).effects).toMatchObject([{ type: 'make-plan' }])
		expect(playFrom(state, { type: 'paste-another' }).state.phase).toMatchObject({ step: 'token', status: 'paste' })
	})

	it('shows the review again when the file changed meanwhile, and applies only the new plan', () => {
		const applying = playFrom(toReview(), { type: 'apply-plan' })
		const again = playFrom(applying.state, { type: 'settings-changed', run: 0 })
		expect(again.effects).toMatchObject([{ type: 'make-plan' }])
		expect(again.state.phase).toMatchObject({ step: 'review', status: 'planning', notice: 'changed-meanwhile' })
		expect(playFrom(again.state, { type: 'apply-plan' }).effects).toEqual([])
	})

	it('asks about fields that would win over export lines', () => {
		const reviewing = toReview()
		const plan = planOf(reviewing)
		const clearing = { context: plan.context, fields: ['openai.apiKey'], text: new PrivateText('{}'), diff: [] }
		const exports = { ...plan.exports, clearing }
		const state: WizardState = {
			...reviewing,
			phase: { step: 'review', status: 'confirm', plan: { ...plan, exports }, notice: 'none' },
		}
		const asked = playFrom(state, { type: 'print-exports' })
		expect(asked.state.phase).toMatchObject({ step: 'finish', status: 'confirm-clear' })
		expect(playFrom(asked.state, { type: 'clear-settings', yes: true }).effects).toMatchObject([
			{ type: 'clear-settings' },
		])
		expect(playFrom(asked.state, { type: 'clear-settings', yes: false }).effects.at(-1)).toMatchObject({
			type: 'quit',
			result: { status: 'exported', cleared: null },
		})
	})
})

describe('a test message', () => {
	const old = { keyId: 'klmnopqrst', name: 'mux-laptop' }
	const labelsOf = (state: WizardState) => getChoices(state).map(choice => choice.label)

	/** The review of a change that connects both providers, with or without an older token. */
	function toConnectedReview(replaced: typeof old | null = null): WizardState {
		const { state } = play(...toChecks, {
			type: 'checks-done',
			run: 0,
			rows: [],
			report: { ...provenReport, replaced },
		})
		return playFrom(state, { type: 'plan-made', run: 0, plan: connectedPlanOf(state) }).state
	}

	function toSending(replaced: typeof old | null = null) {
		const applied: WizardEvent = { type: 'plan-applied', run: 0, applyResult }
		return playFrom(toConnectedReview(replaced), { type: 'apply-plan', sends: true }, applied)
	}

	const answered: WizardEvent = {
		type: 'messages-sent',
		run: 0,
		providers: provenReport.providers,
		answers: ['OpenAI answered “Hi” in 0.3 s', 'Anthropic answered “Hi” in 0.3 s'],
		findings: [],
	}
	const failed: WizardEvent = {
		...answered,
		providers: provenReport.providers.map(each => ({ ...each, proven: each.id === 'openai' })),
		answers: answered.answers.slice(0, 1),
		findings: [finding('upstream-no-credit', 'anthropic', { provider: 'anthropic' })],
	}

	it('is offered after “Save” if every provider is proven and used by Mux', () => {
		const test = 'Save and test (a few tokens)'
		expect(labelsOf(toConnectedReview()).slice(0, 3)).toEqual(['Save', test, 'Print export lines for bash instead'])
		expect(labelsOf(toReview())).not.toContain(test)
		const reviewing = toConnectedReview()
		const captured = { ...reviewing, start: { ...start, isOutputCaptured: true } }
		expect(labelsOf(captured).slice(0, 3)).toEqual(['Print export lines for bash instead', 'Save', test])
	})

	it('is sent after saving, and only with that choice', () => {
		const { state, effects } = toSending()
		expect(state.phase).toMatchObject({ step: 'finish', status: 'sending', applyResult })
		expect(effects).toEqual([{ type: 'send-messages', run: state.run, plan: connectedPlanOf(toConnectedReview()) }])
		const saved = playFrom(toConnectedReview(), { type: 'apply-plan' }, { type: 'plan-applied', run: 0, applyResult })
		expect(saved.effects.map(effect => effect.type)).toEqual(['cancel-running', 'quit'])
	})

	it('ends with the answers', () => {
		expect(playFrom(toSending().state, answered).effects.at(-1)).toMatchObject({
			result: {
				status: 'applied',
				applyResult: { answers: answered.answers, judgement: { verdict: 'connected', exitCode: 0, tone: 'success' } },
			},
		})
	})

	it('decides the verdict if a provider fails', () => {
		expect(playFrom(toSending().state, failed).effects.at(-1)).toMatchObject({
			result: {
				status: 'applied',
				applyResult: {
					answers: failed.answers,
					findings: failed.findings,
					judgement: {
						verdict: 'problems',
						exitCode: 1,
						headline: "Saved, but Anthropic can't use AI Bridge yet",
						tone: 'warning',
					},
				},
			},
		})
	})

	it('comes before the question about the old token, which says what failed', () => {
		const asked = playFrom(toSending(old).state, answered)
		expect(asked.state.phase).toMatchObject({ step: 'finish', status: 'confirm-revoke', old })
		expect(getChoices(asked.state)[0]).toMatchObject({ label: 'Keep it', note: '' })
		const doubted = playFrom(toSending(old).state, failed)
		expect(getChoices(doubted.state)[0]?.note).toBe("Saved, but Anthropic can't use AI Bridge yet")
		expect(playFrom(doubted.state, { type: 'revoke-old-token', yes: false }).effects.at(-1)).toMatchObject({
			result: { status: 'applied', applyResult: { judgement: { verdict: 'problems' } } },
		})
	})

	it('is not waited for after Ctrl-C, and not sent after a Ctrl-C while saving', () => {
		const { state } = toSending(old)
		const left = playFrom(state, { type: 'cancel' })
		expect(left.effects).toEqual([
			{ type: 'cancel-running' },
			{ type: 'quit', result: { status: 'applied', applyResult, findings: [], deleted: null } },
		])
		expect(playFrom(left.state, answered).effects).toEqual([])
		const leaving = playFrom(
			toConnectedReview(),
			{ type: 'apply-plan', sends: true },
			{ type: 'cancel' },
			{ type: 'plan-applied', run: 0, applyResult },
		)
		expect(leaving.effects.map(effect => effect.type)).toEqual(['cancel-running', 'quit'])
	})
})

describe('the way back', () => {
	it('goes from each step to the one before with every response kept', () => {
		const reviewing = toReview()
		const order: string[] = []
		let state = reviewing
		for (let i = 0; i < 8 && state.phase.step !== 'providers'; i++) {
			state = playFrom(state, { type: 'back' }).state
			if (state.phase.step === 'token' && state.phase.status === 'discovering') {
				state = playFrom(state, { type: 'tokens-found', run: 0, tokens: { options: [], makeable: null } }).state
			}
			order.push(state.phase.step)
		}
		expect(order).toEqual(['checks', 'token', 'deployment', 'providers'])
		expect(state.answers).toEqual(reviewing.answers)
	})

	it('keeps asking for a provider if none is left', () => {
		const changed = playFrom(
			toReview(),
			{ type: 'edit-answer', step: 'providers' },
			{ type: 'toggle-all' },
			{ type: 'back' },
		)
		expect(changed.state.phase).toEqual({ step: 'providers', noneSelected: true })
	})

	it('stops what is under way', () => {
		expect(play(...toLooking, { type: 'back' }).effects).toEqual([{ type: 'cancel-running' }])
		expect(play(...toChecks, { type: 'back' }).effects[0]).toEqual({ type: 'cancel-running' })
	})

	it('drops the result of what was stopped', () => {
		const looking = play(...toLooking).state
		const back = playFrom(looking, { type: 'back' }).state
		expect(reduce(back, { type: 'deployment-probed', run: looking.run, settled }).state).toBe(back)
	})

	it('keeps the token when the same deployment is entered in other words, and drops it for another', () => {
		const reviewing = toReview()
		const changed = playFrom(reviewing, { type: 'edit-answer', step: 'deployment' }).state
		const same = playFrom(changed, { type: 'submit-deployment', text: 'coder.example.com/workspaces' }).state
		expect(same.answers.token?.secret.equals(goodToken)).toBe(true)
		expect(same.phase.step).toBe('checks')
		const other = playFrom(changed, { type: 'submit-deployment', text: 'https://other.example.com' }).state
		expect(other.answers.token).toBeNull()
		expect(other.answers.providers).toEqual(reviewing.answers.providers)
	})

	it('stores a new token where the old one is', () => {
		const storage = { in: 'token-file', path: '/home/a/.mux/coder-session-token' } as const
		const first = makeInitialState({ ...start, storage })
		const checking = playFrom(first, ...toChecks)
		expect(checking.state.answers.storage).toEqual(storage)
		const cli: WizardState = {
			...checking.state,
			answers: { ...checking.state.answers, storage: { in: 'cli-session', path: '/s' } },
		}
		const back = playFrom(
			cli,
			{ type: 'back' },
			{ type: 'tokens-found', run: 0, tokens: { options: [], makeable: null } },
		)
		const pasted = playFrom(back.state, { type: 'submit-token', text: otherToken }, verified)
		expect(pasted.state.answers.storage).toEqual({ in: 'settings' })
	})

	it('changes one response from the review and skips the others', () => {
		const changed = playFrom(
			toReview(),
			{ type: 'edit-answer', step: 'providers' },
			{ type: 'toggle-provider', id: 'openai' },
		)
		const on = playFrom(changed.state, { type: 'submit-providers' })
		expect(on.state.phase).toMatchObject({ step: 'checks', status: 'running' })
		expect(on.effects).toMatchObject([{ type: 'run-checks', targets: [{ id: 'anthropic' }] }])
	})
})

describe('leaving', () => {
	it('is a cancellation from every step before something is written', () => {
		for (const events of [[], toDeployment, toLooking, toToken, toTyping, toChecks, toPlanning]) {
			const { state, effects } = play(...events, { type: 'cancel' })
			expect(effects).toEqual([
				{ type: 'cancel-running' },
				{ type: 'quit', result: { status: 'cancelled', findings: [] } },
			])
			expect(reduce(state, { type: 'apply-plan' })).toEqual({ state, effects: [] })
		}
	})

	it('waits for what is being written, and then says what was done', () => {
		const applying = playFrom(toReview(), { type: 'apply-plan' }, { type: 'cancel' })
		expect(applying.effects).toEqual([{ type: 'cancel-running' }])
		const written = playFrom(applying.state, { type: 'plan-applied', run: 0, applyResult })
		expect(written.effects.at(-1)).toMatchObject({ result: { status: 'applied' } })
		const stopped = playFrom(applying.state, { type: 'apply-failed', run: 0, findings: [] })
		expect(stopped.effects.at(-1)).toMatchObject({ result: { status: 'cancelled' } })
	})

	it('revokes a created token unless it is used', () => {
		const session = { secret: otherToken, from: 'from the Coder CLI' }
		const offers = {
			options: [{ label: 'Coder CLI', name: '', state: '', choice: session, isValid: true, isLasting: false }],
			makeable: { name: 'mux-a', days: 30 },
		}
		const choosing = play(...toToken, { type: 'tokens-found', run: 0, tokens: offers }).state
		const making = playFrom(choosing, { type: 'create-token' })
		expect(making.effects).toMatchObject([{ type: 'create-token', session: otherToken }])
		const made = { deployment, secret: goodToken, name: 'mux-a' }
		const checking = playFrom(making.state, { type: 'token-created', run: 0, newToken: made }).state
		expect(checking.answers.token?.secret.equals(goodToken)).toBe(true)
		expect(playFrom(checking, { type: 'cancel' }).effects).toContainEqual({
			type: 'revoke-unused-token',
			newToken: made,
		})
		const planning = playFrom(checking, { type: 'checks-done', run: 0, rows: [], report }).state
		const reviewing = playFrom(planning, { type: 'plan-made', run: 0, plan: planOf(planning) }).state
		const result = playFrom(reviewing, { type: 'apply-plan' }, { type: 'plan-applied', run: 0, applyResult })
		expect(result.effects.map(effect => effect.type)).toEqual(['cancel-running', 'quit'])
	})

	it('offers to delete the older token of the wizard’s own only after the new one is written', () => {
		const old = { keyId: 'klmnopqrst', name: 'mux-laptop' }
		const planning = play(...toChecks, {
			type: 'checks-done',
			run: 0,
			rows: [],
			report: { ...report, replaced: old },
		}).state
		const reviewing = playFrom(planning, { type: 'plan-made', run: 0, plan: planOf(planning) }).state
		const asked = playFrom(reviewing, { type: 'apply-plan' }, { type: 'plan-applied', run: 0, applyResult })
		expect(asked.state.phase).toMatchObject({ step: 'finish', status: 'confirm-revoke', old })
		expect(playFrom(asked.state, { type: 'revoke-old-token', yes: true }).effects).toMatchObject([
			{ type: 'revoke-token', keyId: old.keyId, session: goodToken },
		])
		// The file is written by then: Ctrl-C leaves with the receipt.
		expect(playFrom(asked.state, { type: 'cancel' }).effects.at(-1)).toMatchObject({ result: { status: 'applied' } })
	})
})
