// The step "Providers": which providers are selected.
import { getSelectedTargets, type WizardState } from '../state.ts'
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
			return advance(state, 'providers')
		case 'renew-token': {
			const { rotatable: renewable } = state.start
			if (!renewable) return unchanged(state)
			const renewing = withAnswers(state, { providers: renewable.ids, deploymentText: renewable.origin })
			return submitDeployment({ ...renewing, isEditing: true }, renewable.origin)
		}
		case 'quit':
			return quit(state, { status: 'quit' })
		default:
			return unchanged(state)
	}
}

/** Esc: the first step only leads back to where a change began. */
export function goBackFromProviders(state: WizardState): Transition {
	if (!state.isEditing || !state.lastCheck) return unchanged(state)
	if (getSelectedTargets(state).length === 0) {
		return unchanged({ ...state, phase: { step: 'providers', noneSelected: true } })
	}
	return makePlan({ ...state, isEditing: false }, 'none')
}
