// The step "Finish": writing, export lines, and the old token.
import { uniqueFindings } from '../../findings/finding.ts'
import type { ApplyResult } from '../../setup/apply.ts'
import { judgeSetup } from '../../setup/verdict.ts'
import type { WizardEvent, WizardPhase, WizardState } from '../state.ts'
import {
	type AnswerEvent,
	makeAppliedResult,
	makeExportedResult,
	makePlan,
	quit,
	type ResultEvent,
	sendMessages,
	type Transition,
	unchanged,
} from './transitions.ts'

export function reduceFinish(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'finish' }>,
	event: AnswerEvent,
): Transition {
	switch (phase.status) {
		case 'failed':
			if (event.type === 'retry') return makePlan(state, 'none')
			if (event.type === 'quit') return quit(state, { status: 'quit' })
			return unchanged(state)
		case 'confirm-clear': {
			if (event.type !== 'clear-settings') return unchanged(state)
			if (!event.yes) return quit(state, makeExportedResult(state, phase.exports, null))
			const run = state.run + 1
			return {
				state: {
					...state,
					run,
					phase: { step: 'finish', status: 'exporting', plan: phase.plan, run, leaving: false },
				},
				effects: [{ type: 'clear-settings', run, exports: phase.exports }],
			}
		}
		case 'confirm-revoke': {
			if (event.type !== 'revoke-old-token') return unchanged(state)
			const { deployment } = state.answers.deployment ?? {}
			const session = state.answers.token?.secret
			if (!event.yes || !deployment || !session) return quit(state, makeAppliedResult(phase.applyResult))
			const run = state.run + 1
			return {
				state: {
					...state,
					run,
					phase: { step: 'finish', status: 'revoking', applyResult: phase.applyResult, old: phase.old, run },
				},
				effects: [{ type: 'revoke-token', run, deployment, session, keyId: phase.old.keyId }],
			}
		}
		default:
			return unchanged(state)
	}
}

/** The result of an effect of this step. */
export function reduceFinishResult(state: WizardState, event: ResultEvent): Transition {
	const { phase } = state
	switch (event.type) {
		case 'plan-applied': {
			if (phase.step !== 'finish') return unchanged(state)
			const done: WizardState = { ...state, newToken: null }
			const { applyResult } = event
			if (!('leaving' in phase) || phase.leaving) return quit(done, makeAppliedResult(applyResult))
			const report = state.lastCheck?.report
			if (phase.sends && report) return sendMessages(done, { plan: phase.plan, report }, applyResult)
			return offerToRevoke(done, applyResult)
		}
		case 'messages-sent': {
			if (phase.step !== 'finish' || phase.status !== 'sending') return unchanged(state)
			const { applyResult } = phase
			const tested = judgeAnswers(phase, event)
			if (!applyResult) return quit(state, { status: 'unchanged', ...tested })
			return offerToRevoke(state, { ...applyResult, ...tested })
		}
		case 'settings-changed':
			if (phase.step !== 'finish' || !('leaving' in phase)) return unchanged(state)
			if (phase.leaving) return quit(state, { status: 'cancelled' })
			return makePlan(state, 'changed-meanwhile')
		case 'apply-failed':
			if (phase.step !== 'finish' || !('leaving' in phase)) return unchanged(state)
			if (phase.leaving) return quit(state, { status: 'cancelled' })
			return unchanged({
				...state,
				phase: { step: 'finish', status: 'failed', plan: phase.plan, findings: event.findings },
			})
		case 'settings-cleared':
			if (phase.step !== 'finish') return unchanged(state)
			return quit(state, makeExportedResult(state, event.exports, event.cleared))
		case 'token-revoked':
			if (phase.step !== 'finish' || phase.status !== 'revoking') return unchanged(state)
			return quit(state, makeAppliedResult(phase.applyResult, [], phase.old))
		case 'revoke-failed':
			if (phase.step !== 'finish' || phase.status !== 'revoking') return unchanged(state)
			return quit(state, makeAppliedResult(phase.applyResult, event.findings))
		default:
			return unchanged(state)
	}
}

/** Asks about the token that was replaced, if there is one. Everything else is done. */
function offerToRevoke(state: WizardState, applyResult: ApplyResult): Transition {
	const old = state.lastCheck?.report.replaced
	if (!old) return quit(state, makeAppliedResult(applyResult))
	return unchanged({ ...state, phase: { step: 'finish', status: 'confirm-revoke', applyResult, old } })
}

/** The answers to a test message count like those of the checks. */
function judgeAnswers(
	{ plan, report, applyResult }: Extract<WizardPhase, { status: 'sending' }>,
	{ providers, answers, findings }: Extract<WizardEvent, { type: 'messages-sent' }>,
) {
	const notes = applyResult?.findings ?? [...report.liveFindings, ...plan.findings]
	const answered = { ...report, providers, liveFindings: findings }
	return {
		judgement: judgeSetup({ plan, report: answered, action: applyResult ? 'saved' : 'unchanged', notes }),
		findings: uniqueFindings([...findings, ...notes]),
		answers,
	}
}

/** A write in progress can't be reverted halfway. */
export function goBackFromFinish(state: WizardState, phase: Extract<WizardPhase, { step: 'finish' }>): Transition {
	return phase.status === 'failed' || phase.status === 'confirm-clear' ? makePlan(state, 'none') : unchanged(state)
}
