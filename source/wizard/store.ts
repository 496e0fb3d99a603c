// A running wizard: holds the state, receives events, passes effects to the runner. Both front ends, the screens and
// line mode, use it.
import { openWizard, reduce, type Transition } from './reducer/reducer.ts'
import type { WizardEffect, WizardEvent, WizardResult, WizardStart, WizardState } from './state.ts'

export type Wizard = {
	state(): WizardState
	/** Returns the state after the event. */
	send(event: WizardEvent): WizardState
	/** Calls back after each change of the state; returns a function that unsubscribes. */
	subscribe(listener: () => void): () => void
	/** Resolves once the wizard has ended and no effect is pending. */
	readonly result: Promise<WizardResult>
}

/** Runs one effect; sends its result as an event; resolves when nothing of it is running any more. */
export type RunEffect = (
	effect: Exclude<WizardEffect, { type: 'quit' }>,
	send: (event: WizardEvent) => void,
) => Promise<void>

export function startWizard(start: WizardStart, carryOut: RunEffect): Wizard {
	const opening = openWizard(start)
	let { state } = opening
	const listeners = new Set<() => void>()
	const owed = new Set<Promise<void>>()
	let settle: (result: WizardResult) => void = () => {}
	let fail: (reason: unknown) => void = () => {}
	const left = new Promise<WizardResult>((resolve, reject) => {
		settle = resolve
		fail = reject
	})
	const send = (event: WizardEvent): WizardState => {
		follow(reduce(state, event))
		return state
	}
	const follow = (next: Transition): void => {
		if (next.state !== state) {
			state = next.state
			for (const listener of [...listeners]) listener()
		}
		for (const effect of next.effects) {
			if (effect.type === 'quit') {
				Promise.all(owed).then(() => settle(effect.result), fail)
				continue
			}
			const work = carryOut(effect, send)
			owed.add(work)
			work.then(
				() => owed.delete(work),
				// An effect turns expected failures into events; anything else is a bug, and ends the wizard as one.
				error => fail(error),
			)
		}
	}
	follow(opening)
	return {
		state: () => state,
		send,
		subscribe(listener) {
			listeners.add(listener)
			return () => listeners.delete(listener)
		},
		result: left,
	}
}
