// Random sequences of events against the state machine: what must hold however somebody presses the keys.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { finding } from '../../source/findings/finding.ts'
import { getChoices, getCompletedSteps, getPrompt } from '../../source/wizard/prompts.ts'
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

const deployments = [
	'https://coder.example.com',
	'https://other.example.com',
	'http://clear.example.com',
	'ftp://x',
	'',
]
const findings = [finding('token-expired', 'token', {})]
const offer = {
	label: 'Coder CLI',
	name: '',
	state: '',
	choice: { secret: otherToken, from: 'from the Coder CLI' },
	isValid: true,
	isLasting: false,
}

/** What a user can do, chosen by a number, so that sequences shrink well. */
const userEvent: fc.Arbitrary<(state: WizardState) => WizardEvent> = fc.oneof(
	fc
		.constantFrom<WizardEvent>(
			{ type: 'toggle-all' },
			{ type: 'submit-providers' },
			{ type: 'accept-insecure' },
			{ type: 'create-token' },
			{ type: 'open-paste' },
			{ type: 'retry' },
			{ type: 'continue', fixes: [] },
			{ type: 'open-edit-menu' },
			{ type: 'open-storage' },
			{ type: 'show-checks' },
			{ type: 'apply-plan' },
			{ type: 'apply-plan', sends: true },
			{ type: 'send-messages' },
			{ type: 'print-exports' },
			{ type: 'back' },
			{ type: 'renew-token' },
		)
		.map(event => () => event),
	fc.constantFrom<WizardEvent>({ type: 'quit' }, { type: 'cancel' }).map(event => () => event),
	fc.constantFrom('openai', 'anthropic').map(id => (): WizardEvent => ({ type: 'toggle-provider', id })),
	fc.constantFrom(...deployments).map(text => (): WizardEvent => ({ type: 'submit-deployment', text })),
	fc.constantFrom(...deployments).map(text => (): WizardEvent => ({ type: 'edit-deployment', text })),
	fc.constantFrom(goodToken, otherToken).map(text => (): WizardEvent => ({ type: 'submit-token', text })),
	fc.constantFrom('providers', 'deployment', 'token').map(step => (): WizardEvent => ({ type: 'edit-answer', step })),
	fc.nat(8).map(index => (state: WizardState): WizardEvent => {
		const choices = getChoices(state)
		return choices[index % Math.max(1, choices.length)]?.event ?? { type: 'back' }
	}),
)

/** What the runner could answer to an effect. */
function answersTo(effect: WizardEffect, state: WizardState): WizardEvent[] {
	switch (effect.type) {
		case 'probe-deployment':
			return [
				{ type: 'deployment-probed', run: effect.run, settled: { deployment: effect.deployment, version: 'v2.31.2' } },
				{
					type: 'probe-failed',
					run: effect.run,
					findings: [finding('host-not-found', 'deployment', { host: 'coder.example.com' })],
				},
			]
		case 'find-tokens':
			return [
				{ type: 'tokens-found', run: effect.run, tokens: { options: [], makeable: null } },
				{ type: 'tokens-found', run: effect.run, tokens: { options: [offer], makeable: { name: 'mux-a', days: 30 } } },
			]
		case 'create-token':
			return [
				{
					type: 'token-created',
					run: effect.run,
					newToken: { deployment: effect.deployment, secret: goodToken, name: 'mux-a' },
				},
				{ type: 'create-failed', run: effect.run, findings },
			]
		case 'verify-token':
			return [
				{ type: 'token-verified', run: effect.run, owner: 'alice', expires: null, makeable: null },
				{ type: 'token-verified', run: effect.run, owner: null, expires: null, makeable: null },
				{
					type: 'token-verified',
					run: effect.run,
					owner: 'alice',
					expires: 'in 7 days',
					makeable: { name: 'mux-a', days: 30 },
				},
				{ type: 'token-refused', run: effect.run, findings },
			]
		case 'run-checks':
			return [
				{ type: 'check-progressed', run: effect.run, rows: [] },
				{ type: 'checks-done', run: effect.run, rows: [], report: provenReport },
				{ type: 'checks-done', run: effect.run, rows: [], report: { ...report, findings } },
				{
					type: 'checks-done',
					run: effect.run,
					rows: [],
					report: { ...provenReport, replaced: { keyId: 'x', name: 'mux-a' } },
				},
			]
		case 'make-plan':
			return [
				{ type: 'plan-made', run: effect.run, plan: connectedPlanOf({ ...state, answers: effect.answers }) },
				{ type: 'plan-failed', run: effect.run, findings },
			]
		case 'apply-plan':
			return [
				{ type: 'plan-applied', run: effect.run, applyResult },
				{ type: 'settings-changed', run: effect.run },
				{ type: 'apply-failed', run: effect.run, findings },
			]
		case 'send-messages':
			return [
				{ type: 'messages-sent', run: effect.run, providers: [], answers: [], findings },
				{ type: 'messages-sent', run: effect.run, ...provenReport, answers: [] },
			]
		case 'revoke-token':
			return [{ type: 'token-revoked', run: effect.run }]
		default:
			return []
	}
}

/** What somebody does who wants to get on: without it, random keys hardly ever reach the review. */
function natural(state: WizardState): WizardEvent {
	switch (state.phase.step) {
		case 'providers':
			return state.answers.providers.length > 0 ? { type: 'submit-providers' } : { type: 'toggle-all' }
		case 'deployment':
			return { type: 'submit-deployment', text: 'https://coder.example.com' }
		case 'token':
			return { type: 'submit-token', text: goodToken }
		case 'review':
			// To save, and to save and send a message.
			return getChoices(state)[state.run % 2]?.event ?? { type: 'apply-plan' }
		default:
			return getChoices(state)[0]?.event ?? { type: 'apply-plan' }
	}
}

type Move = { user: (state: WizardState) => WizardEvent } | { effect: number; answer: number }
const move: fc.Arbitrary<Move> = fc.oneof(
	{ weight: 1, arbitrary: userEvent.map(user => ({ user })) },
	{ weight: 4, arbitrary: fc.constant({ user: natural }) },
	{ weight: 4, arbitrary: fc.record({ effect: fc.constant(0), answer: fc.nat(1) }) },
	{ weight: 1, arbitrary: fc.record({ effect: fc.nat(5), answer: fc.nat(5) }) },
)

/** Plays moves; effects that were started stay answerable for ever, also when they are long out of date. */
function play(
	moves: readonly Move[],
	look: (before: WizardState, event: WizardEvent, after: WizardState, effects: readonly WizardEffect[]) => void,
) {
	let state = makeInitialState(start)
	const started: WizardEffect[] = []
	for (const next of moves) {
		let event: WizardEvent | undefined
		if ('user' in next) event = next.user(state)
		else {
			// The newest effects are the likeliest to be answered.
			const effect = started.at(-1 - (next.effect % Math.max(1, started.length)))
			const answers = effect ? answersTo(effect, state) : []
			event = answers[next.answer % Math.max(1, answers.length)]
		}
		if (!event) continue
		const result = reduce(state, event)
		look(state, event, result.state, result.effects)
		started.push(...result.effects)
		state = result.state
	}
}

const moves = fc.array(move, { minLength: 10, maxLength: 80, size: 'max' })
const runs = { numRuns: 800 }

it('applies only the plan that the review shows', () => {
	let applied = 0
	fc.assert(
		fc.property(moves, played => {
			play(played, (before, _event, _after, effects) => {
				for (const effect of effects) {
					if (effect.type !== 'apply-plan') continue
					applied++
					const { phase } = before
					expect(phase.step === 'review' && phase.status === 'confirm' && phase.plan).toBe(effect.plan)
					expect(effect.plan.text.read()).toBe(planOf(before).text.read())
				}
			})
		}),
		runs,
	)
	expect(applied).toBeGreaterThan(50)
})

it('sends a message that costs something only after it was asked for', () => {
	let sent = 0
	fc.assert(
		fc.property(moves, played => {
			let isAsked = false
			play(played, (_before, event, _after, effects) => {
				for (const effect of effects) {
					if (effect.type === 'apply-plan') isAsked = event.type === 'apply-plan' && event.sends === true
					if (effect.type !== 'send-messages') continue
					sent++
					expect([isAsked, event.type]).toEqual([true, 'plan-applied'])
				}
			})
		}),
		runs,
	)
	expect(sent).toBeGreaterThan(10)
})

it('loses no response by going back', () => {
	let backs = 0
	fc.assert(
		fc.property(moves, played => {
			play(played, (before, event, after) => {
				if (event.type !== 'back') return
				backs++
				expect(after.answers).toEqual(before.answers)
			})
		}),
		runs,
	)
	expect(backs).toBeGreaterThan(100)
})

it('clears only what depends on a changed response', () => {
	fc.assert(
		fc.property(moves, played => {
			play(played, (before, event, after) => {
				const [was, is] = [before.answers, after.answers]
				if (event.type !== 'toggle-provider' && event.type !== 'toggle-all' && event.type !== 'renew-token') {
					expect(is.providers).toEqual(was.providers)
				}
				const asks = ['edit-deployment', 'submit-deployment', 'renew-token'].includes(event.type)
				if (!asks) expect(is.deploymentText).toBe(was.deploymentText)
				// A token outlives everything but another token and another deployment.
				const lost = was.token && !is.token
				if (lost) expect(was.deployment?.deployment.origin).not.toBe(is.deployment?.deployment.origin)
			})
		}),
		runs,
	)
})

it('sends a token only to the deployment that it was given for', () => {
	fc.assert(
		fc.property(moves, played => {
			let origin: string | undefined
			play(played, (_before, event, after, effects) => {
				if (['token-verified', 'save-anyway', 'select-token', 'token-created'].includes(event.type)) {
					if (after.answers.token) origin = after.answers.deployment?.deployment.origin
				}
				for (const effect of effects) if (effect.type === 'run-checks') expect(effect.deployment.origin).toBe(origin)
			})
		}),
		runs,
	)
})

it('shows no token in anything that a screen takes from the state', () => {
	fc.assert(
		fc.property(moves, played => {
			play(played, (_before, _event, after) => {
				const shown = JSON.stringify([getPrompt(after), getChoices(after), getCompletedSteps(after), after])
				for (const token of [goodToken, otherToken]) expect(shown).not.toContain(token.reveal().slice(11))
			})
		}),
		{ numRuns: 500 },
	)
})

it('says nothing more once it was left', () => {
	fc.assert(
		fc.property(moves, played => {
			let left = false
			play(played, (_before, _event, _after, effects) => {
				if (left) expect(effects).toEqual([])
				if (effects.some(effect => effect.type === 'quit')) left = true
			})
		}),
		runs,
	)
})
