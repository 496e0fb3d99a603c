// The step "Checks": what the deployment said, and what to do about it.
import { severityOf } from '../../findings/finding.ts'
import { makeBuiltInTarget } from '../../providers.ts'
import type { WizardPhase, WizardState } from '../state.ts'
import {
	type AnswerEvent,
	editAnswer,
	findTokens,
	makePlan,
	quit,
	type ResultEvent,
	runChecks,
	type Transition,
	unchanged,
	withAnswers,
} from './transitions.ts'

export function reduceChecks(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'checks' }>,
	event: AnswerEvent,
): Transition {
	if (phase.status === 'running') return unchanged(state)
	switch (event.type) {
		case 'retry':
			return runChecks(state)
		case 'continue':
			return makePlan(withAnswers(state, { fixes: event.fixes }), 'none')
		case 'use-instance': {
			const target = makeBuiltInTarget(event.id, event.instance)
			const rows = state.rows.map(row => (row.target.id === event.id ? { ...row, target } : row))
			return runChecks({ ...state, rows })
		}
		case 'edit-answer':
			return editAnswer(state, event.step)
		case 'quit':
			return quit(state, { status: 'quit' })
		default:
			return unchanged(state)
	}
}

/** The result of an effect of this step. */
export function reduceChecksResult(state: WizardState, event: ResultEvent): Transition {
	const { phase } = state
	switch (event.type) {
		case 'check-progressed':
			if (phase.step !== 'checks') return unchanged(state)
			return unchanged({ ...state, phase: { ...phase, rows: event.rows } })
		case 'checks-done': {
			if (phase.step !== 'checks') return unchanged(state)
			const { rows, report } = event
			const checked: WizardState = {
				...state,
				rows: withMoreRows(state, report.moreProviders),
				lastCheck: { rows, report },
				phase: { step: 'checks', status: 'done', rows, report },
			}
			// Nothing to decide: notes are shown again in the review.
			const failed = report.findings.some(issue => severityOf(issue) === 'error')
			return failed || report.fixes.length > 0 ? unchanged(checked) : makePlan(checked, 'none')
		}
		case 'plan-failed':
			if (phase.step !== 'checks') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'review', status: 'error', findings: event.findings } })
		default:
			return unchanged(state)
	}
}

function withMoreRows(state: WizardState, more: WizardState['rows']): WizardState['rows'] {
	const known = new Set(state.rows.map(row => row.target.id))
	return [...state.rows, ...more.filter(row => !known.has(row.target.id))]
}

export function goBackFromChecks(state: WizardState): Transition {
	const { deployment } = state.answers
	if (state.tokens && deployment) return findTokens(state, deployment)
	if (state.tokens) return unchanged(state)
	return unchanged({ ...state, phase: { step: 'deployment', status: 'input', findings: [] } })
}
