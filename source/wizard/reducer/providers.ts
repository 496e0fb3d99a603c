// The step "Providers": which providers are selected.
import { getSelectedTargets, type WizardPhase, type WizardState } from '../state.ts'
import { submitDeployment } from './deployment.ts'
import { type AnswerEvent, advance, makePlan, quit, type Transition, unchanged, withAnswers } from './transitions.ts'

export function reduceProviders(state: WizardState, event: AnswerEvent): Transition {
	const selected = state.answers.providers
	switch (event.type) {
		case 'toggle-provider': {
			const providers = selected.includes(event.id) ? selected.filter(id => id !== event.id) : [...selected, event.id]
			return unchanged({ ...withAnswers(state, { providers }), phase: { step: 'providers', noneSelected: false } })
		}
		case 'toggle-all': {
			const all = state.rows.map(row => row.target.id)
			const providers = all.every(id => selected.includes(id)) ? [] : all
			return unchanged({ ...withAnswers(state, { providers }), phase: { step: 'providers', noneSelected: false } })
		}
		case 'submit-providers':
			if (getSelectedTargets(state).length === 0)
				return unchanged({ ...state, phase: { step: 'providers', noneSelected: true } })
			return leaveProviders(state)
		case 'renew-token':
			return renewToken(state)
		case 'quit':
			return quit(state, { status: 'quit' })
		default:
			return unchanged(state)
	}
}

/** A URL from a flag isn't asked for. */
export function leaveProviders(state: WizardState): Transition {
	const { start, answers } = state
	const next = advance(state, 'providers')
	const isAsked = next.state.phase.step === 'deployment'
	if (!isAsked || !start.answered.url || answers.deployment !== null) return next
	return submitDeployment(next.state, answers.deploymentText)
}

export function renewToken(state: WizardState): Transition {
	const { rotatable: renewable } = state.start
	if (!renewable) return unchanged(state)
	const renewing = withAnswers(state, { providers: renewable.ids, deploymentText: renewable.origin })
	return submitDeployment({ ...renewing, isEditing: true }, renewable.origin)
}

/** Esc: the first step leads back to where a change began, or to the first screen. */
export function goBackFromProviders(state: WizardState): Transition {
	if (!state.isEditing || !state.lastCheck)
		return unchanged(state.opened ? { ...state, isEditing: false, phase: settle(state.opened) } : state)
	if (getSelectedTargets(state).length === 0) {
		return unchanged({ ...state, phase: { step: 'providers', noneSelected: true } })
	}
	return makePlan({ ...state, isEditing: false }, 'none')
}

/** A screen to go back to: its checks were cancelled. */
function settle(phase: Extract<WizardPhase, { step: 'start' }>): WizardPhase {
	return phase.status === 'checking' ? { step: 'start', status: 'menu', current: null } : phase
}
