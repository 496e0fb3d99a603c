// One running wizard: holds the state, lets events in, hands effects to whoever carries them out. Both front ends, the
// screens and the line-by-line one, stand on it.
import { makeInitialState, reduce } from './reducer/reducer.ts'
import type { WizardEffect, WizardEvent, WizardResult, WizardStart, WizardState } from './state.ts'

export type Wizard = {
	state(): WizardState
	send(event: WizardEvent): void
	/** Calls back after each change of the state; returns how to stop that. */
	subscribe(listener: () => void): () => void
	/** Settles once the wizard was left and nothing is owed any more. */
	readonly result: Promise<WizardResult>
}

/** Carries one effect out; sends its result as an event; settles when nothing of it is under way any more. */
export type RunEffect = (
	effect: Exclude<WizardEffect, { type: 'leave' }>,
	send: (event: WizardEvent) => void,
) => Promise<void>

export function startWizard(start: WizardStart, carryOut: RunEffect): Wizard {
	let state = makeInitialState(start)
	const listeners = new Set<() => void>()
	const owed = new Set<Promise<void>>()
	let settle: (result: WizardResult) => void = () => {}
	let fail: (reason: unknown) => void = () => {}
	const left = new Promise<WizardResult>((resolve, reject) => {
		settle = resolve
		fail = reject
	})
	const send = (event: WizardEvent): void => {
		const next = reduce(state, event)
		if (next.state !== state) {
			state = next.state
			for (const listener of [...listeners]) listener()
		}
		for (const effect of next.effects) {
			if (effect.type === 'leave') {
				Promise.all(owed).then(() => settle(effect.result), fail)
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
		result: left,
	}
}
