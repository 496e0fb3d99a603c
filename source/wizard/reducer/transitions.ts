// Transitions that several steps share. Pure: effects are values.
import type { Deployment } from '../../coder/deployment-url.ts'
import { type Finding, uniqueFindings } from '../../findings/finding.ts'
import type { ApplyResult, SavedFile } from '../../setup/apply.ts'
import type { ExportPlan } from '../../setup/export-plan.ts'
import type { ConnectedSetup } from '../../setup/find-setup.ts'
import type { Plan } from '../../setup/plan.ts'
import { judgeSetup } from '../../setup/verdict.ts'
import {
	type ConfirmedDeployment,
	getSelectedTargets,
	isTokenRejected,
	type OldToken,
	type ReviewNotice,
	type TokenOptions,
	type WizardAnswers,
	type WizardEffect,
	type WizardEvent,
	type WizardResult,
	type WizardState,
} from '../state.ts'

export type Transition = { readonly state: WizardState; readonly effects: readonly WizardEffect[] }

/** The result of an effect, which carries the number of its run. */
export type ResultEvent = Extract<WizardEvent, { run: number }>
/** What the user does in the open step. */
export type AnswerEvent = Exclude<WizardEvent, ResultEvent | { type: 'cancel' } | { type: 'back' }>

/**
 * Continues after an answered step: to the next one, or past those that have their answer if only one is being changed.
 */
export function advance(state: WizardState, from: 'providers' | 'deployment' | 'token'): Transition {
	const { deployment: settled, token } = state.answers
	if (from === 'providers' && !(state.isEditing && settled)) {
		return unchanged({ ...state, phase: { step: 'deployment', status: 'input', findings: [] } })
	}
	if (from !== 'token' && settled && !(state.isEditing && token)) return findTokens(state, settled)
	return runChecks({ ...state, isEditing: false })
}

export function probe(state: WizardState, deployment: Deployment): Transition {
	const run = state.run + 1
	return {
		state: { ...state, run, phase: { step: 'deployment', status: 'probing', deployment, run } },
		effects: [{ type: 'probe-deployment', run, deployment }],
	}
}

export function findTokens(state: WizardState, settled: ConfirmedDeployment): Transition {
	const run = state.run + 1
	const provided = isTokenRejected(state) ? null : state.answers.token
	return {
		state: { ...state, run, phase: { step: 'token', status: 'discovering', run } },
		effects: [{ type: 'find-tokens', run, deployment: settled.deployment, provided }],
	}
}

/** Whether there is a token to select: one that was found, or the one that was used before. */
export function hasTokenChoice({ answers, strayToken }: WizardState, tokens: TokenOptions | null): boolean {
	return answers.token !== null || (strayToken?.keyId ?? null) !== null || (tokens?.options.length ?? 0) > 0
}

export function runChecks(state: WizardState): Transition {
	const { deployment: settled, token } = state.answers
	if (!settled || !token) return unchanged(state)
	const run = state.run + 1
	return {
		state: { ...state, run, lastCheck: null, phase: { step: 'checks', status: 'running', run, rows: [] } },
		effects: [
			{
				type: 'run-checks',
				run,
				deployment: settled.deployment,
				token: token.secret,
				targets: getSelectedTargets(state),
			},
		],
	}
}

export function makePlan(state: WizardState, notice: ReviewNotice): Transition {
	if (!state.lastCheck) return unchanged(state)
	const run = state.run + 1
	const { report } = state.lastCheck
	return {
		state: { ...state, run, phase: { step: 'review', status: 'planning', run, notice } },
		effects: [
			{
				type: 'make-plan',
				run,
				answers: state.answers,
				targets: getSelectedTargets(state),
				route: report.route,
				report,
			},
		],
	}
}

export function editAnswer(state: WizardState, step: 'providers' | 'deployment' | 'token'): Transition {
	const shortcut: WizardState = { ...state, isEditing: true }
	switch (step) {
		case 'providers':
			return unchanged({ ...shortcut, phase: { step: 'providers', noneSelected: false } })
		case 'deployment':
			return unchanged({ ...shortcut, phase: { step: 'deployment', status: 'input', findings: [] } })
		case 'token':
			return state.answers.deployment ? findTokens(shortcut, state.answers.deployment) : unchanged(state)
	}
}

export function showChecks(state: WizardState): Transition {
	return unchanged(
		state.lastCheck ? { ...state, phase: { step: 'checks', status: 'done', ...state.lastCheck } } : state,
	)
}

/** Quits. A created token that isn't used is revoked. */
export function quit(state: WizardState, ended: WizardResult): Transition {
	const isEarly = ended.status === 'quit' || ended.status === 'cancelled'
	const result = isEarly ? { ...ended, findings: getOpenFindings(state) } : ended
	const unused =
		state.newToken && result.status !== 'applied' && result.status !== 'exported' && result.status !== 'unchanged'
	return {
		state: { ...state, newToken: null, phase: { step: 'finish', status: 'done', result } },
		effects: [
			{ type: 'cancel-running' },
			...(unused && state.newToken ? [{ type: 'revoke-unused-token' as const, newToken: state.newToken }] : []),
			{ type: 'quit', result },
		],
	}
}

/** What the current screen reports, and what the last checks found: quitting must not lose it. */
function getOpenFindings({ phase, lastCheck }: WizardState): Finding[] {
	const shown = 'findings' in phase ? phase.findings : []
	const checked = phase.step === 'checks' || phase.step === 'review' ? (lastCheck?.report.findings ?? []) : []
	return uniqueFindings([...shown, ...checked]).filter(issue => issue.code !== 'cancelled')
}

export function makeAppliedResult(
	applyResult: ApplyResult,
	findings: readonly Finding[] = [],
	deleted: OldToken | null = null,
): WizardResult {
	return { status: 'applied', applyResult, findings, deleted }
}

/** Sends a test message; `applyResult` is what was saved before. */
export function sendMessages(
	state: WizardState,
	connected: ConnectedSetup,
	applyResult: ApplyResult | null,
): Transition {
	const run = state.run + 1
	return {
		state: { ...state, run, phase: { ...connected, step: 'finish', status: 'sending', applyResult, run } },
		effects: [{ type: 'send-messages', run, plan: connected.plan }],
	}
}

/** The result if the settings were as requested already. */
export function makeUnchangedResult(state: WizardState, plan: Plan): WizardResult {
	const report = state.lastCheck?.report ?? null
	const judgement = judgeSetup({ plan, report, action: 'unchanged' })
	return {
		status: 'unchanged',
		judgement,
		findings: uniqueFindings([...(report?.liveFindings ?? []), ...plan.findings]),
	}
}

/** The result if export lines are to be printed; `cleared` is the settings file if it was cleared for them. */
export function makeExportedResult(state: WizardState, exports: ExportPlan, cleared: SavedFile | null): WizardResult {
	const report = state.lastCheck?.report ?? null
	const effect = cleared ? exports.effects.cleared : exports.effects.asIs
	const judgement = judgeSetup({ plan: { ...effect, config: exports.config }, report, action: 'printed' })
	return { status: 'exported', exports, cleared, judgement, findings: report?.liveFindings ?? [] }
}

export function withAnswers(state: WizardState, answers: Partial<WizardAnswers>): WizardState {
	return { ...state, answers: { ...state.answers, ...answers } }
}

export function unchanged(state: WizardState): Transition {
	return { state, effects: [] }
}

/** Continues from a state with pending effects. */
export function chain(first: Transition, go: (state: WizardState) => Transition): Transition {
	const second = go(first.state)
	return { state: second.state, effects: [...first.effects, ...second.effects] }
}
