// One running wizard: holds the state, lets events in, hands effects to whoever carries them out. Both front ends, the
// screens and the line-by-line one, stand on it.
import { reduce, startState } from '../flow/reduce.ts'
import type { Effect, Event, Outcome, Start, State } from '../flow/state.ts'

export type Wizard = {
	state(): State
	send(event: Event): void
	/** Calls back after each change of the state; returns how to stop that. */
	subscribe(listener: () => void): () => void
	/** Settles once the wizard was left and nothing is owed any more. */
	readonly left: Promise<Outcome>
}

/** Carries one effect out; sends its result as an event; settles when nothing of it is under way any more. */
export type CarryOut = (effect: Exclude<Effect, { do: 'leave' }>, send: (event: Event) => void) => Promise<void>

export function startWizard(start: Start, carryOut: CarryOut): Wizard {
	let state = startState(start)
	const listeners = new Set<() => void>()
	const owed = new Set<Promise<void>>()
	let settle: (outcome: Outcome) => void = () => {}
	let fail: (reason: unknown) => void = () => {}
	const left = new Promise<Outcome>((resolve, reject) => {
		settle = resolve
		fail = reject
	})
	const send = (event: Event): void => {
		const next = reduce(state, event)
		if (next.state !== state) {
			state = next.state
			for (const listener of [...listeners]) listener()
		}
		for (const effect of next.effects) {
			if (effect.do === 'leave') {
				Promise.all(owed).then(() => settle(effect.outcome), fail)
				continue
			}
			const work = carryOut(effect, send)
			owed.add(work)
			work.then(
				() => owed.delete(work),
				// An effect turns what can go wrong into an event; anything else is a bug, and ends the wizard as one.
				error => fail(error),
			)
		}
	}
	return {
		state: () => state,
		send,
		subscribe(listener) {
			listeners.add(listener)
			return () => listeners.delete(listener)
		},
		left,
	}
}
