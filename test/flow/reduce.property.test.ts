// Random sequences of events against the state machine: what must hold however somebody presses the keys.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { finding } from '../../source/findings/finding.ts'
import { choicesOf, finishedSteps, questionOf } from '../../source/flow/questions.ts'
import { reduce, startState } from '../../source/flow/reduce.ts'
import type { Effect, Event, State } from '../../source/flow/state.ts'
import { goodToken, otherToken, planOf, receipt, report, start } from './wizard-values.ts'

const deployments = [
	'https://coder.example.com',
	'https://other.example.com',
	'http://clear.example.com',
	'ftp://x',
	'',
]
const findings = [finding('token-expired', 'token', {})]
const offer = { label: 'Coder CLI', note: '', answer: { secret: otherToken, from: 'from the Coder CLI' } }

/** What a user can do, chosen by a number, so that sequences shrink well. */
const userEvent: fc.Arbitrary<(state: State) => Event> = fc.oneof(
	fc
		.constantFrom<Event>(
			{ on: 'toggle-all' },
			{ on: 'choose-providers' },
			{ on: 'accept-insecure' },
			{ on: 'make-token' },
			{ on: 'type-token' },
			{ on: 'retry' },
			{ on: 'continue', fixes: [] },
			{ on: 'change-answer' },
			{ on: 'choose-storage' },
			{ on: 'show-checks' },
			{ on: 'apply' },
			{ on: 'print-exports' },
			{ on: 'back' },
			{ on: 'renew' },
		)
		.map(event => () => event),
	fc.constantFrom<Event>({ on: 'leave' }, { on: 'cancel' }).map(event => () => event),
	fc.constantFrom('openai', 'anthropic').map(id => (): Event => ({ on: 'toggle-provider', id })),
	fc.constantFrom(...deployments).map(text => (): Event => ({ on: 'enter-deployment', text })),
	fc.constantFrom(...deployments).map(text => (): Event => ({ on: 'type-deployment', text })),
	fc.constantFrom(goodToken, otherToken).map(text => (): Event => ({ on: 'enter-token', text })),
	fc.constantFrom('providers', 'deployment', 'token').map(step => (): Event => ({ on: 'change', step })),
	fc.nat(8).map(index => (state: State): Event => {
		const choices = choicesOf(state)
		return choices[index % Math.max(1, choices.length)]?.event ?? { on: 'back' }
	}),
)

/** What the runner could answer to an effect. */
function answersTo(effect: Effect, state: State): Event[] {
	switch (effect.do) {
		case 'look':
			return [
				{ on: 'looked', run: effect.run, settled: { deployment: effect.deployment, version: 'v2.31.2' } },
				{ on: 'look-failed', run: effect.run, findings: [finding('host-not-found', 'deployment', {})] },
			]
		case 'find-tokens':
			return [
				{ on: 'tokens-found', run: effect.run, tokens: { offers: [], makeable: null } },
				{ on: 'tokens-found', run: effect.run, tokens: { offers: [offer], makeable: { name: 'mux-a', days: 30 } } },
			]
		case 'make-token':
			return [
				{
					on: 'token-made',
					run: effect.run,
					made: { deployment: effect.deployment, secret: goodToken, name: 'mux-a' },
				},
				{ on: 'make-failed', run: effect.run, findings },
			]
		case 'check':
			return [
				{ on: 'check-moved', run: effect.run, rows: [] },
				{ on: 'checked', run: effect.run, rows: [], report },
				{ on: 'checked', run: effect.run, rows: [], report: { ...report, findings } },
				{ on: 'checked', run: effect.run, rows: [], report: { ...report, replaced: { keyId: 'x', name: 'mux-a' } } },
			]
		case 'plan':
			return [
				{ on: 'planned', run: effect.run, plan: planOf({ ...state, answers: effect.answers }) },
				{ on: 'plan-failed', run: effect.run, findings },
			]
		case 'apply':
			return [
				{ on: 'applied', run: effect.run, receipt },
				{ on: 'changed-meanwhile', run: effect.run },
				{ on: 'apply-failed', run: effect.run, findings },
			]
		case 'delete-token':
			return [{ on: 'token-deleted', run: effect.run }]
		default:
			return []
	}
}

/** What somebody does who wants to get on: without it, random keys hardly ever reach the review. */
function natural(state: State): Event {
	switch (state.screen.step) {
		case 'providers':
			return state.answers.providers.length > 0 ? { on: 'choose-providers' } : { on: 'toggle-all' }
		case 'deployment':
			return { on: 'enter-deployment', text: 'https://coder.example.com' }
		case 'token':
			return { on: 'enter-token', text: goodToken }
		default:
			return choicesOf(state)[0]?.event ?? { on: 'apply' }
	}
}

type Move = { user: (state: State) => Event } | { effect: number; answer: number }
const move: fc.Arbitrary<Move> = fc.oneof(
	{ weight: 1, arbitrary: userEvent.map(user => ({ user })) },
	{ weight: 4, arbitrary: fc.constant({ user: natural }) },
	{ weight: 4, arbitrary: fc.record({ effect: fc.constant(0), answer: fc.nat(1) }) },
	{ weight: 1, arbitrary: fc.record({ effect: fc.nat(5), answer: fc.nat(5) }) },
)

/** Plays moves; effects that were started stay answerable for ever, also when they are long out of date. */
function play(
	moves: readonly Move[],
	look: (before: State, event: Event, after: State, effects: readonly Effect[]) => void,
) {
	let state = startState(start)
	const started: Effect[] = []
	for (const next of moves) {
		let event: Event | undefined
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
					if (effect.do !== 'apply') continue
					applied++
					const { screen } = before
					expect(screen.step === 'review' && screen.is === 'reviewing' && screen.plan).toBe(effect.plan)
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
				if (event.on !== 'back') return
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
				if (event.on !== 'toggle-provider' && event.on !== 'toggle-all' && event.on !== 'renew') {
					expect(is.providers).toEqual(was.providers)
				}
				const asks = ['type-deployment', 'enter-deployment', 'renew'].includes(event.on)
				if (!asks) expect(is.deploymentText).toBe(was.deploymentText)
				// A token outlives everything but another token and another deployment.
				const lost = was.token && !is.token
				if (lost) expect(was.settled?.deployment.origin).not.toBe(is.settled?.deployment.origin)
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
				if (event.on === 'enter-token' || event.on === 'use-token' || event.on === 'token-made') {
					if (after.answers.token) origin = after.answers.settled?.deployment.origin
				}
				for (const effect of effects) if (effect.do === 'check') expect(effect.deployment.origin).toBe(origin)
			})
		}),
		runs,
	)
})

it('shows no token in anything that a screen takes from the state', () => {
	fc.assert(
		fc.property(moves, played => {
			play(played, (_before, _event, after) => {
				const shown = JSON.stringify([questionOf(after), choicesOf(after), finishedSteps(after), after])
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
				if (effects.some(effect => effect.do === 'leave')) left = true
			})
		}),
		runs,
	)
})
