// The step "Checks": what the deployment said, and what to do about it.
import type { Finding } from '../../findings/finding.ts'
import { severityOf } from '../../findings/severity.ts'
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
			return runChecks({ ...state, beforeRetry: phase.report.findings })
		case 'drop-providers': {
			const providers = state.answers.providers.filter(id => !event.ids.includes(id))
			return runChecks(withAnswers(state, { providers }))
		}
		case 'paste-another':
			return unchanged({
				...state,
				isEditing: true,
				phase: { step: 'token', status: 'paste', findings: [], removed: [] },
			})
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
			const before = state.beforeRetry
			const repeated = before
				? { at: formatClock(report.checkedAt), isSame: isSame(before, report.findings) }
				: undefined
			const checked: WizardState = {
				...state,
				beforeRetry: null,
				savesAnyway: false,
				rows: withMoreRows(state, report.moreProviders),
				lastCheck: { rows, report },
				phase: { step: 'checks', status: 'done', rows, report, repeated },
			}
			// Nothing to decide: notes are shown again in the review.
			const failed = report.findings.some(issue => severityOf(issue) === 'error')
			const isAsked = failed ? !state.savesAnyway : report.fixes.length > 0
			return isAsked ? unchanged(checked) : makePlan(checked, 'none')
		}
		case 'plan-failed':
			if (phase.step !== 'checks') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'review', status: 'error', findings: event.findings } })
		default:
			return unchanged(state)
	}
}

/** The local time, such as 12:03:07. */
function formatClock(time: Date): string {
	return time.toTimeString().slice(0, 8)
}

function isSame(before: readonly Finding[], now: readonly Finding[]): boolean {
	const keyOf = (issues: readonly Finding[]) => issues.map(issue => `${issue.code} ${issue.subject}`).join()
	return keyOf(before) === keyOf(now)
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
