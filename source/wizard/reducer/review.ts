// The step "Review": the plan, and changes of the answers behind it.
import type { ApplyFacts } from '../../setup/apply.ts'
import type { WizardPhase, WizardState } from '../state.ts'
import {
	type AnswerEvent,
	editAnswer,
	makeExportedResult,
	makePlan,
	makeUnchangedResult,
	quit,
	type ResultEvent,
	showChecks,
	type Transition,
	unchanged,
	withAnswers,
} from './transitions.ts'

export function reduceReview(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'review' }>,
	event: AnswerEvent,
): Transition {
	if (event.type === 'quit') return quit(state, { status: 'quit' })
	if (phase.status === 'planning') return unchanged(state)
	if (event.type === 'edit-answer') return editAnswer(state, event.step)
	if (event.type === 'retry') return makePlan(state, 'none')
	if (event.type === 'show-checks') return showChecks(state)
	if (phase.status === 'error') return unchanged(state)
	switch (event.type) {
		case 'apply-plan': {
			// Only the plan on the screen can be applied.
			if (phase.status !== 'confirm') return unchanged(state)
			if (phase.plan.unchanged) return quit(state, makeUnchangedResult(state, phase.plan))
			const run = state.run + 1
			const applying = { step: 'finish', status: 'applying', plan: phase.plan, run, leaving: false } as const
			return {
				state: { ...state, run, phase: { ...applying, sends: event.sends } },
				effects: [{ type: 'apply-plan', run, plan: phase.plan, facts: getApplyFacts(state) }],
			}
		}
		case 'print-exports': {
			if (phase.status !== 'confirm') return unchanged(state)
			const { exports } = phase.plan
			if (exports.clearing) {
				return unchanged({ ...state, phase: { step: 'finish', status: 'confirm-clear', plan: phase.plan, exports } })
			}
			return quit(state, makeExportedResult(state, exports, null))
		}
		case 'open-edit-menu':
			return unchanged({ ...state, phase: { step: 'review', status: 'edit', plan: phase.plan } })
		case 'open-storage':
			return unchanged({ ...state, phase: { step: 'review', status: 'storage', plan: phase.plan } })
		case 'select-storage':
			return makePlan(withAnswers(state, { storage: event.storage }), 'none')
		default:
			return unchanged(state)
	}
}

function getApplyFacts(state: WizardState): ApplyFacts {
	return { origin: state.answers.deployment?.deployment.origin ?? '', report: state.lastCheck?.report ?? null }
}

/** The result of an effect of this step. */
export function reduceReviewResult(state: WizardState, event: ResultEvent): Transition {
	const { phase } = state
	switch (event.type) {
		case 'plan-made':
			if (phase.step !== 'review' || phase.status !== 'planning') return unchanged(state)
			return unchanged({
				...state,
				phase: { step: 'review', status: 'confirm', plan: event.plan, notice: phase.notice },
			})
		case 'plan-failed':
			if (phase.step !== 'review') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'review', status: 'error', findings: event.findings } })
		default:
			return unchanged(state)
	}
}

export function goBackFromReview(state: WizardState, phase: Extract<WizardPhase, { step: 'review' }>): Transition {
	if (phase.status !== 'edit' && phase.status !== 'storage') return showChecks(state)
	return unchanged({ ...state, phase: { step: 'review', status: 'confirm', plan: phase.plan, notice: 'none' } })
}
