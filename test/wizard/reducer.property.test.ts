// Random sequences of events against the state machine: what must hold however somebody presses the keys.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { finding } from '../../source/findings/finding.ts'
import { getChoices, getCompletedSteps, getPrompt } from '../../source/wizard/prompts.ts'
import { makeInitialState, reduce } from '../../source/wizard/reducer/reducer.ts'
import type { WizardEffect, WizardEvent, WizardState } from '../../source/wizard/state.ts'
import { applyResult, goodToken, otherToken, planOf, report, start } from './sample-values.ts'

const deployments = [
	'https://coder.example.com',
	'https://other.example.com',
	'http://clear.example.com',
	'ftp://x',
	'',
]
const findings = [finding('token-expired', 'token', {})]
const offer = { label: 'Coder CLI', note: '', choice: { secret: otherToken, from: 'from the Coder CLI' } }

/** What a user can do, chosen by a number, so that sequences shrink well. */
const userEvent: fc.Arbitrary<(state: WizardState) => WizardEvent> = fc.oneof(
	fc
		.constantFrom<WizardEvent>(
			{ type: 'toggle-all' },
			{ type: 'choose-providers' },
			{ type: 'accept-insecure' },
			{ type: 'make-token' },
			{ type: 'type-token' },
			{ type: 'retry' },
			{ type: 'continue', fixes: [] },
			{ type: 'change-answer' },
			{ type: 'choose-storage' },
			{ type: 'show-checks' },
			{ type: 'apply' },
			{ type: 'print-exports' },
			{ type: 'back' },
			{ type: 'renew' },
		)
		.map(event => () => event),
	fc.constantFrom<WizardEvent>({ type: 'leave' }, { type: 'cancel' }).map(event => () => event),
	fc.constantFrom('openai', 'anthropic').map(id => (): WizardEvent => ({ type: 'toggle-provider', id })),
	fc.constantFrom(...deployments).map(text => (): WizardEvent => ({ type: 'enter-deployment', text })),
	fc.constantFrom(...deployments).map(text => (): WizardEvent => ({ type: 'type-deployment', text })),
	fc.constantFrom(goodToken, otherToken).map(text => (): WizardEvent => ({ type: 'enter-token', text })),
	fc.constantFrom('providers', 'deployment', 'token').map(step => (): WizardEvent => ({ type: 'change', step })),
	fc.nat(8).map(index => (state: WizardState): WizardEvent => {
		const choices = getChoices(state)
		return choices[index % Math.max(1, choices.length)]?.event ?? { type: 'back' }
	}),
)

/** What the runner could answer to an effect. */
function answersTo(effect: WizardEffect, state: WizardState): WizardEvent[] {
	switch (effect.type) {
		case 'look':
			return [
				{ type: 'looked', run: effect.run, settled: { deployment: effect.deployment, version: 'v2.31.2' } },
				{
					type: 'look-failed',
					run: effect.run,
					findings: [finding('host-not-found', 'deployment', { host: 'coder.example.com' })],
				},
			]
		case 'find-tokens':
			return [
				{ type: 'tokens-found', run: effect.run, tokens: { options: [], makeable: null } },
				{ type: 'tokens-found', run: effect.run, tokens: { options: [offer], makeable: { name: 'mux-a', days: 30 } } },
			]
		case 'make-token':
			return [
				{
					type: 'token-made',
					run: effect.run,
					newToken: { deployment: effect.deployment, secret: goodToken, name: 'mux-a' },
				},
				{ type: 'make-failed', run: effect.run, findings },
			]
		case 'check':
			return [
				{ type: 'check-moved', run: effect.run, rows: [] },
				{ type: 'checked', run: effect.run, rows: [], report },
				{ type: 'checked', run: effect.run, rows: [], report: { ...report, findings } },
				{ type: 'checked', run: effect.run, rows: [], report: { ...report, replaced: { keyId: 'x', name: 'mux-a' } } },
			]
		case 'plan':
			return [
				{ type: 'planned', run: effect.run, plan: planOf({ ...state, answers: effect.answers }) },
				{ type: 'plan-failed', run: effect.run, findings },
			]
		case 'apply':
			return [
				{ type: 'applied', run: effect.run, applyResult },
				{ type: 'changed-meanwhile', run: effect.run },
				{ type: 'apply-failed', run: effect.run, findings },
			]
		case 'delete-token':
			return [{ type: 'token-deleted', run: effect.run }]
		default:
			return []
	}
}

/** What somebody does who wants to get on: without it, random keys hardly ever reach the review. */
function natural(state: WizardState): WizardEvent {
	switch (state.phase.step) {
		case 'providers':
			return state.answers.providers.length > 0 ? { type: 'choose-providers' } : { type: 'toggle-all' }
		case 'deployment':
			return { type: 'enter-deployment', text: 'https://coder.example.com' }
		case 'token':
			return { type: 'enter-token', text: goodToken }
		default:
			return getChoices(state)[0]?.event ?? { type: 'apply' }
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

it('applies nothing but the very plan that stands on the review', () => {
	let applied = 0
	fc.assert(
		fc.property(moves, played => {
			play(played, (before, _event, _after, effects) => {
				for (const effect of effects) {
					if (effect.type !== 'apply') continue
					applied++
					const { phase } = before
					expect(phase.step === 'review' && phase.status === 'confirm' && phase.plan).toBe(effect.plan)
					expect(effect.plan.text).toBe(planOf(before).text)
				}
			})
		}),
		runs,
	)
	expect(applied).toBeGreaterThan(50)
})

it('loses no answer by going back', () => {
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

it('clears only what depends on a changed answer', () => {
	fc.assert(
		fc.property(moves, played => {
			play(played, (before, event, after) => {
				const [was, is] = [before.answers, after.answers]
				if (event.type !== 'toggle-provider' && event.type !== 'toggle-all' && event.type !== 'renew') {
					expect(is.providers).toEqual(was.providers)
				}
				const asks = ['type-deployment', 'enter-deployment', 'renew'].includes(event.type)
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
				if (event.type === 'enter-token' || event.type === 'use-token' || event.type === 'token-made') {
					if (after.answers.token) origin = after.answers.deployment?.deployment.origin
				}
				for (const effect of effects) if (effect.type === 'check') expect(effect.deployment.origin).toBe(origin)
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
				if (effects.some(effect => effect.type === 'leave')) left = true
			})
		}),
		runs,
	)
})
