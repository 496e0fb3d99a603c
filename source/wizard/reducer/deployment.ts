// The step "Deployment": the Coder URL and what runs there.
import { parseDeployment } from '../../coder/deployment-url.ts'
import { getCoderKeyId } from '../../secrets/secret.ts'
import type { WizardAnswers, WizardEffect, WizardPhase, WizardState } from '../state.ts'
import {
	type AnswerEvent,
	advance,
	chain,
	probe,
	type ResultEvent,
	type Transition,
	unchanged,
	withAnswers,
} from './transitions.ts'

export function reduceDeployment(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'deployment' }>,
	event: AnswerEvent,
): Transition {
	if (event.type === 'edit-deployment' && phase.status === 'input') {
		// A token in the wrong field is rejected at once and doesn't stay readable there.
		if (getCoderKeyId(event.text.trim()) !== null) return submitDeployment(state, event.text)
		// Findings about the previous text don't apply to this one.
		return unchanged({ ...withAnswers(state, { deploymentText: event.text }), phase: { ...phase, findings: [] } })
	}
	if (event.type === 'submit-deployment' && phase.status === 'input') return submitDeployment(state, event.text)
	if (event.type === 'accept-insecure' && phase.status === 'insecure') return probe(state, phase.deployment)
	return unchanged(state)
}

export function submitDeployment(state: WizardState, text: string): Transition {
	const parsed = parseDeployment(text)
	const answered = withAnswers(state, { deploymentText: getCoderKeyId(text.trim()) === null ? text : '' })
	if (!parsed.ok) {
		return unchanged({ ...answered, phase: { step: 'deployment', status: 'input', findings: [parsed.finding] } })
	}
	const { deployment } = parsed
	const settled = answered.answers.deployment
	if (settled?.deployment.origin === deployment.origin) return advance(answered, 'deployment')
	const cleared = forgetDeployment(answered)
	if (deployment.insecure) {
		return { ...cleared, state: { ...cleared.state, phase: { step: 'deployment', status: 'insecure', deployment } } }
	}
	return chain(cleared, next => probe(next, deployment))
}

/** Another deployment: what is known about the previous one, above all its token, must not reach it. */
function forgetDeployment(state: WizardState): Transition {
	const answers: WizardAnswers = { ...state.answers, deployment: null, token: null, storage: state.start.storage }
	const effects: WizardEffect[] = state.newToken ? [{ type: 'revoke-unused-token', newToken: state.newToken }] : []
	return { state: { ...state, answers, tokens: null, newToken: null, lastCheck: null }, effects }
}

/** The result of an effect of this step. */
export function reduceDeploymentResult(state: WizardState, event: ResultEvent): Transition {
	const { phase } = state
	switch (event.type) {
		case 'deployment-probed':
			if (phase.step !== 'deployment') return unchanged(state)
			return advance(withAnswers(state, { deployment: event.settled }), 'deployment')
		case 'probe-failed':
			if (phase.step !== 'deployment') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'deployment', status: 'input', findings: event.findings } })
		default:
			return unchanged(state)
	}
}

export function goBackFromDeployment(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'deployment' }>,
): Transition {
	if (phase.status === 'input') return unchanged({ ...state, phase: { step: 'providers', noneSelected: false } })
	return unchanged({ ...state, phase: { step: 'deployment', status: 'input', findings: [] } })
}
