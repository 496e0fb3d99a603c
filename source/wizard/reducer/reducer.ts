// The wizard's rules: which state follows which, and which effects that needs. Pure: effects are values, run by
// wizard/effects.ts, which sends their results back as events.
import { type Deployment, parseDeployment } from '../../coder/deployment-url.ts'
import { cleanToken, validateToken } from '../../coder/token-format.ts'
import { type Finding, severityOf } from '../../findings/finding.ts'
import { makeBuiltInTarget } from '../../providers.ts'
import { getCoderKeyId, Secret } from '../../secrets/secret.ts'
import type { ApplyFacts, ApplyResult } from '../../setup/apply.ts'
import {
	type ConfirmedDeployment,
	getSelectedTargets,
	isTokenRejected,
	type OldToken,
	type ReviewNotice,
	type TokenChoice,
	type TokenOptions,
	type WizardAnswers,
	type WizardEffect,
	type WizardEvent,
	type WizardPhase,
	type WizardResult,
	type WizardStart,
	type WizardState,
} from '../state.ts'

export type Transition = { readonly state: WizardState; readonly effects: readonly WizardEffect[] }

/** The initial state. */
export function makeInitialState(start: WizardStart): WizardState {
	return {
		start,
		rows: start.rows,
		answers: {
			providers: start.selected,
			deploymentText: start.prefill?.text ?? '',
			deployment: null,
			token: null,
			fixes: [],
			storage: start.storage,
		},
		phase: { step: 'providers', noneTicked: false },
		run: 0,
		tokens: null,
		newToken: null,
		givenTokenOrigin: null,
		lastCheck: null,
		isEditing: false,
	}
}

/**
 * The transition for an event. Events without a meaning in the present state, and results of older runs, change
 * nothing.
 */
export function reduce(state: WizardState, event: WizardEvent): Transition {
	if (state.phase.step === 'finish' && state.phase.status === 'done') return unchanged(state)
	if ('run' in event) return reduceResult(state, event)
	if (event.type === 'cancel') return cancel(state)
	if (event.type === 'back') return goBack(state)
	return reduceAnswer(state, event)
}

type ResultEvent = Extract<WizardEvent, { run: number }>
type AnswerEvent = Exclude<WizardEvent, ResultEvent | { type: 'cancel' } | { type: 'back' }>

function reduceAnswer(state: WizardState, event: AnswerEvent): Transition {
	const { phase } = state
	switch (phase.step) {
		case 'providers':
			return reduceProviders(state, event)
		case 'deployment':
			return reduceDeployment(state, phase, event)
		case 'token':
			return reduceToken(state, phase, event)
		case 'checks':
			return reduceChecks(state, phase, event)
		case 'review':
			return reduceReview(state, phase, event)
		case 'finish':
			return reduceFinish(state, phase, event)
	}
}

function reduceProviders(state: WizardState, event: AnswerEvent): Transition {
	const ticked = state.answers.providers
	switch (event.type) {
		case 'toggle-provider': {
			const providers = ticked.includes(event.id) ? ticked.filter(id => id !== event.id) : [...ticked, event.id]
			return unchanged({ ...withAnswers(state, { providers }), phase: { step: 'providers', noneTicked: false } })
		}
		case 'toggle-all': {
			const all = state.rows.map(row => row.target.id)
			const providers = all.every(id => ticked.includes(id)) ? [] : all
			return unchanged({ ...withAnswers(state, { providers }), phase: { step: 'providers', noneTicked: false } })
		}
		case 'choose-providers':
			if (getSelectedTargets(state).length === 0)
				return unchanged({ ...state, phase: { step: 'providers', noneTicked: true } })
			return advance(state, 'providers')
		case 'renew': {
			const { rotatable: renewable } = state.start
			if (!renewable) return unchanged(state)
			const renewing = withAnswers(state, { providers: renewable.ids, deploymentText: renewable.origin })
			return enterDeployment({ ...renewing, isEditing: true }, renewable.origin)
		}
		case 'leave':
			return leave(state, { status: 'quit' })
		default:
			return unchanged(state)
	}
}

function reduceDeployment(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'deployment' }>,
	event: AnswerEvent,
): Transition {
	if (event.type === 'type-deployment' && phase.status === 'input') {
		// A token in the wrong field is rejected at once and doesn't stay readable there.
		if (getCoderKeyId(event.text.trim()) !== null) return enterDeployment(state, event.text)
		// Findings about the previous text don't apply to this one.
		return unchanged({ ...withAnswers(state, { deploymentText: event.text }), phase: { ...phase, findings: [] } })
	}
	if (event.type === 'enter-deployment' && phase.status === 'input') return enterDeployment(state, event.text)
	if (event.type === 'accept-insecure' && phase.status === 'insecure') return look(state, phase.deployment)
	return unchanged(state)
}

function enterDeployment(state: WizardState, text: string): Transition {
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
	return chain(cleared, next => look(next, deployment))
}

/** Another deployment: what is known about the previous one, above all its token, must not reach it. */
function forgetDeployment(state: WizardState): Transition {
	const answers: WizardAnswers = { ...state.answers, deployment: null, token: null, storage: state.start.storage }
	const effects: WizardEffect[] = state.newToken ? [{ type: 'discard-token', newToken: state.newToken }] : []
	return { state: { ...state, answers, tokens: null, newToken: null, lastCheck: null }, effects }
}

function look(state: WizardState, deployment: Deployment): Transition {
	const run = state.run + 1
	return {
		state: { ...state, run, phase: { step: 'deployment', status: 'probing', deployment, run } },
		effects: [{ type: 'look', run, deployment }],
	}
}

function reduceToken(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'token' }>,
	event: AnswerEvent,
): Transition {
	const { deployment: settled, token } = state.answers
	switch (event.type) {
		case 'use-token':
			if (phase.status === 'discovering' || phase.status === 'creating') return unchanged(state)
			return acceptToken(state, event.answer)
		case 'type-token':
			if (phase.status !== 'select') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'token', status: 'paste', findings: [], removed: [] } })
		case 'enter-token': {
			// A text pasted on the list of choices is accepted as a token, which is what the user means.
			if (phase.status !== 'paste' && phase.status !== 'select') return unchanged(state)
			const {
				token: cleaned,
				removed,
				fault,
			} = event.text.inspect(provided => {
				const { text, removed } = cleanToken(provided)
				return { token: new Secret(text), removed, fault: validateToken(text, settled?.deployment.origin) }
			})
			if (fault) {
				return unchanged({
					...state,
					phase: { step: 'token', status: 'paste', findings: [fault], removed },
				})
			}
			const from = removed.length > 0 ? `pasted; removed: ${removed.join(', ')}` : 'pasted'
			return acceptToken(state, { secret: cleaned, from })
		}
		case 'make-token': {
			const usable = isTokenRejected(state) ? null : token
			const session = usable?.secret ?? state.tokens?.options[0]?.choice.secret
			if (phase.status !== 'select' || !settled || !session || !state.tokens?.makeable) return unchanged(state)
			const run = state.run + 1
			return {
				state: { ...state, run, phase: { step: 'token', status: 'creating', run } },
				effects: [{ type: 'make-token', run, deployment: settled.deployment, session }],
			}
		}
		default:
			return unchanged(state)
	}
}

function acceptToken(state: WizardState, answer: TokenChoice): Transition {
	const kept = state.newToken?.secret.equals(answer.secret)
	const effects: WizardEffect[] = state.newToken && !kept ? [{ type: 'discard-token', newToken: state.newToken }] : []
	// The Coder CLI's session file contains its own token and no other.
	const { storage } = state.answers
	const fits = storage.in !== 'cli-session' || answer.isCliSession === true
	const next = withAnswers(state, { token: answer, storage: fits ? storage : { in: 'settings' } })
	return chain({ state: { ...next, newToken: kept ? state.newToken : null }, effects }, done => advance(done, 'token'))
}

function reduceChecks(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'checks' }>,
	event: AnswerEvent,
): Transition {
	if (phase.status === 'running') return unchanged(state)
	switch (event.type) {
		case 'retry':
			return check(state)
		case 'continue':
			return plan(withAnswers(state, { fixes: event.fixes }), 'none')
		case 'stand-in': {
			const target = makeBuiltInTarget(event.id, event.instance)
			const rows = state.rows.map(row => (row.target.id === event.id ? { ...row, target } : row))
			return check({ ...state, rows })
		}
		case 'change':
			return change(state, event.step)
		case 'leave':
			return leave(state, { status: 'quit' })
		default:
			return unchanged(state)
	}
}

function reduceReview(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'review' }>,
	event: AnswerEvent,
): Transition {
	if (event.type === 'leave') return leave(state, { status: 'quit' })
	if (phase.status === 'planning') return unchanged(state)
	if (event.type === 'change') return change(state, event.step)
	if (event.type === 'retry') return plan(state, 'none')
	if (event.type === 'show-checks') return showChecks(state)
	if (phase.status === 'error') return unchanged(state)
	switch (event.type) {
		case 'apply': {
			// Only the plan on the screen can be applied.
			if (phase.status !== 'confirm') return unchanged(state)
			if (phase.plan.unchanged) return leave(state, { status: 'unchanged', plan: phase.plan })
			const run = state.run + 1
			return {
				state: { ...state, run, phase: { step: 'finish', status: 'applying', plan: phase.plan, run, leaving: false } },
				effects: [{ type: 'apply', run, plan: phase.plan, facts: factsOf(state) }],
			}
		}
		case 'print-exports': {
			if (phase.status !== 'confirm') return unchanged(state)
			const { exports } = phase.plan
			if (exports.clearing) {
				return unchanged({ ...state, phase: { step: 'finish', status: 'confirm-clear', plan: phase.plan, exports } })
			}
			return leave(state, { status: 'exported', exports, applyResult: null })
		}
		case 'change-answer':
			return unchanged({ ...state, phase: { step: 'review', status: 'edit', plan: phase.plan } })
		case 'choose-storage':
			return unchanged({ ...state, phase: { step: 'review', status: 'storage', plan: phase.plan } })
		case 'store':
			return plan(withAnswers(state, { storage: event.storage }), 'none')
		default:
			return unchanged(state)
	}
}

function reduceFinish(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'finish' }>,
	event: AnswerEvent,
): Transition {
	switch (phase.status) {
		case 'failed':
			if (event.type === 'retry') return plan(state, 'none')
			if (event.type === 'leave') return leave(state, { status: 'quit' })
			return unchanged(state)
		case 'confirm-clear': {
			if (event.type !== 'clear-settings') return unchanged(state)
			if (!event.yes) return leave(state, { status: 'exported', exports: phase.exports, applyResult: null })
			const run = state.run + 1
			return {
				state: {
					...state,
					run,
					phase: { step: 'finish', status: 'exporting', plan: phase.plan, run, leaving: false },
				},
				effects: [{ type: 'clear', run, exports: phase.exports }],
			}
		}
		case 'confirm-revoke': {
			if (event.type !== 'delete-old-token') return unchanged(state)
			const { deployment } = state.answers.deployment ?? {}
			const session = state.answers.token?.secret
			if (!event.yes || !deployment || !session) return leave(state, makeAppliedResult(phase.applyResult))
			const run = state.run + 1
			return {
				state: {
					...state,
					run,
					phase: { step: 'finish', status: 'revoking', applyResult: phase.applyResult, old: phase.old, run },
				},
				effects: [{ type: 'delete-token', run, deployment, session, keyId: phase.old.keyId }],
			}
		}
		default:
			return unchanged(state)
	}
}

function reduceResult(state: WizardState, event: ResultEvent): Transition {
	const { phase } = state
	if (!('run' in phase) || phase.run !== event.run) return unchanged(state)
	switch (event.type) {
		case 'looked':
			if (phase.step !== 'deployment') return unchanged(state)
			return advance(withAnswers(state, { deployment: event.settled }), 'deployment')
		case 'look-failed':
			if (phase.step !== 'deployment') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'deployment', status: 'input', findings: event.findings } })
		case 'tokens-found':
			if (phase.step !== 'token') return unchanged(state)
			return tokensFound(state, event.tokens)
		case 'token-made': {
			if (phase.step !== 'token') return unchanged(state)
			const answer = { secret: event.newToken.secret, from: `made for Mux, named ${event.newToken.name}` }
			return acceptToken({ ...state, newToken: event.newToken }, answer)
		}
		case 'make-failed':
			if (phase.step !== 'token') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'token', status: 'select', findings: event.findings } })
		case 'check-moved':
			if (phase.step !== 'checks') return unchanged(state)
			return unchanged({ ...state, phase: { ...phase, rows: event.rows } })
		case 'checked': {
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
			return failed || report.fixes.length > 0 ? unchanged(checked) : plan(checked, 'none')
		}
		case 'planned':
			if (phase.step !== 'review' || phase.status !== 'planning') return unchanged(state)
			return unchanged({
				...state,
				phase: { step: 'review', status: 'confirm', plan: event.plan, notice: phase.notice },
			})
		case 'plan-failed':
			if (phase.step !== 'review' && phase.step !== 'checks') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'review', status: 'error', findings: event.findings } })
		case 'applied': {
			if (phase.step !== 'finish') return unchanged(state)
			const done: WizardState = { ...state, newToken: null }
			const { applyResult } = event
			const old = state.lastCheck?.report.replaced
			const leaving = 'leaving' in phase && phase.leaving
			if (old && !leaving)
				return unchanged({ ...done, phase: { step: 'finish', status: 'confirm-revoke', applyResult, old } })
			return leave(done, makeAppliedResult(applyResult))
		}
		case 'changed-meanwhile':
			if (phase.step !== 'finish' || !('leaving' in phase)) return unchanged(state)
			if (phase.leaving) return leave(state, { status: 'cancelled' })
			return plan(state, 'changed-meanwhile')
		case 'apply-failed':
			if (phase.step !== 'finish' || !('leaving' in phase)) return unchanged(state)
			if (phase.leaving) return leave(state, { status: 'cancelled' })
			return unchanged({
				...state,
				phase: { step: 'finish', status: 'failed', plan: phase.plan, findings: event.findings },
			})
		case 'cleared':
			if (phase.step !== 'finish') return unchanged(state)
			return leave(state, { status: 'exported', exports: event.exports, applyResult: event.applyResult })
		case 'token-deleted':
			if (phase.step !== 'finish' || phase.status !== 'revoking') return unchanged(state)
			return leave(state, makeAppliedResult(phase.applyResult, [], phase.old))
		case 'delete-failed':
			if (phase.step !== 'finish' || phase.status !== 'revoking') return unchanged(state)
			return leave(state, makeAppliedResult(phase.applyResult, event.findings))
	}
}

function makeAppliedResult(
	applyResult: ApplyResult,
	findings: readonly Finding[] = [],
	deleted: OldToken | null = null,
): WizardResult {
	return { status: 'applied', applyResult, findings, deleted }
}

function factsOf(state: WizardState): ApplyFacts {
	return { origin: state.answers.deployment?.deployment.origin ?? null, report: state.lastCheck?.report ?? null }
}

/**
 * Continues after an answered step: to the next one, or past those that have their answer if only one is being changed.
 */
function advance(state: WizardState, from: 'providers' | 'deployment' | 'token'): Transition {
	const { deployment: settled, token } = state.answers
	if (from === 'providers' && !(state.isEditing && settled)) {
		return unchanged({ ...state, phase: { step: 'deployment', status: 'input', findings: [] } })
	}
	if (from !== 'token' && settled && !(state.isEditing && token)) return findTokens(state, settled)
	return check({ ...state, isEditing: false })
}

function findTokens(state: WizardState, settled: ConfirmedDeployment): Transition {
	const run = state.run + 1
	const provided = isTokenRejected(state) ? null : state.answers.token
	return {
		state: { ...state, run, phase: { step: 'token', status: 'discovering', run } },
		effects: [{ type: 'find-tokens', run, deployment: settled.deployment, provided }],
	}
}

/** Whether there is a token to select: one that was found, or the one that was used before. */
function hasTokenChoice({ answers }: WizardState, tokens: TokenOptions | null): boolean {
	return answers.token !== null || (tokens?.options.length ?? 0) > 0
}

function tokensFound(state: WizardState, tokens: TokenOptions): Transition {
	const { start, givenTokenOrigin: givenTo, answers } = state
	const asking: WizardState = { ...state, tokens, phase: tokenScreen(hasTokenChoice(state, tokens)) }
	if (!start.tokenFromArgs || givenTo !== null || !answers.deployment) return unchanged(asking)
	return acceptToken({ ...asking, givenTokenOrigin: answers.deployment.deployment.origin }, start.tokenFromArgs)
}

/** The list if there is something to select, else the field. */
function tokenScreen(anyChoice: boolean): WizardPhase {
	return anyChoice
		? { step: 'token', status: 'select', findings: [] }
		: { step: 'token', status: 'paste', findings: [], removed: [] }
}

function check(state: WizardState): Transition {
	const { deployment: settled, token } = state.answers
	if (!settled || !token) return unchanged(state)
	const run = state.run + 1
	return {
		state: { ...state, run, lastCheck: null, phase: { step: 'checks', status: 'running', run, rows: [] } },
		effects: [
			{ type: 'check', run, deployment: settled.deployment, token: token.secret, targets: getSelectedTargets(state) },
		],
	}
}

function plan(state: WizardState, notice: ReviewNotice): Transition {
	if (!state.lastCheck) return unchanged(state)
	const run = state.run + 1
	const { report } = state.lastCheck
	return {
		state: { ...state, run, phase: { step: 'review', status: 'planning', run, notice } },
		effects: [
			{ type: 'plan', run, answers: state.answers, targets: getSelectedTargets(state), route: report.route, report },
		],
	}
}

function change(state: WizardState, step: 'providers' | 'deployment' | 'token'): Transition {
	const shortcut: WizardState = { ...state, isEditing: true }
	switch (step) {
		case 'providers':
			return unchanged({ ...shortcut, phase: { step: 'providers', noneTicked: false } })
		case 'deployment':
			return unchanged({ ...shortcut, phase: { step: 'deployment', status: 'input', findings: [] } })
		case 'token':
			return state.answers.deployment ? findTokens(shortcut, state.answers.deployment) : unchanged(state)
	}
}

/** One step back, with every answer kept; running effects are cancelled. */
function goBack(state: WizardState): Transition {
	const { phase } = state
	const stopped: WizardEffect[] = 'run' in phase ? [{ type: 'stop' }] : []
	const to = (next: WizardPhase): Transition => ({ state: { ...state, phase: next }, effects: stopped })
	switch (phase.step) {
		case 'providers':
			// The first step: going back only leads to where a change began.
			if (!state.isEditing || !state.lastCheck) return unchanged(state)
			if (getSelectedTargets(state).length === 0) return to({ step: 'providers', noneTicked: true })
			return plan({ ...state, isEditing: false }, 'none')
		case 'deployment':
			if (phase.status !== 'input') return to({ step: 'deployment', status: 'input', findings: [] })
			return to({ step: 'providers', noneTicked: false })
		case 'token':
			if (phase.status === 'paste' && hasTokenChoice(state, state.tokens)) {
				return to({ step: 'token', status: 'select', findings: [] })
			}
			if (phase.status === 'creating') return to({ step: 'token', status: 'select', findings: [] })
			return to({ step: 'deployment', status: 'input', findings: [] })
		case 'checks': {
			if (!state.tokens) return to({ step: 'deployment', status: 'input', findings: [] })
			const settled = state.answers.deployment
			return settled ? chain(to(phase), next => findTokens(next, settled)) : unchanged(state)
		}
		case 'review':
			if (phase.status === 'edit' || phase.status === 'storage') {
				return to({ step: 'review', status: 'confirm', plan: phase.plan, notice: 'none' })
			}
			return chain(to(phase), showChecks)
		case 'finish':
			// A write in progress can't be reverted halfway.
			if (phase.status === 'failed' || phase.status === 'confirm-clear') return plan(state, 'none')
			return unchanged(state)
	}
}

function showChecks(state: WizardState): Transition {
	return unchanged(
		state.lastCheck ? { ...state, phase: { step: 'checks', status: 'done', ...state.lastCheck } } : state,
	)
}

/**
 * Ctrl-C. During a write, the wizard waits until its result is known (there are no partial writes); after a write,
 * quitting shows the summary.
 */
function cancel(state: WizardState): Transition {
	const { phase } = state
	if (phase.step === 'finish' && 'leaving' in phase) {
		return { state: { ...state, phase: { ...phase, leaving: true } }, effects: [{ type: 'stop' }] }
	}
	if (phase.step === 'finish' && 'applyResult' in phase) return leave(state, makeAppliedResult(phase.applyResult))
	return leave(state, { status: 'cancelled' })
}

/** Quits. A created token that isn't used is revoked. */
function leave(state: WizardState, result: WizardResult): Transition {
	const unused =
		state.newToken && result.status !== 'applied' && result.status !== 'exported' && result.status !== 'unchanged'
	return {
		state: { ...state, newToken: null, phase: { step: 'finish', status: 'done', result } },
		effects: [
			{ type: 'stop' },
			...(unused && state.newToken ? [{ type: 'discard-token' as const, newToken: state.newToken }] : []),
			{ type: 'leave', result },
		],
	}
}

function withMoreRows(state: WizardState, more: WizardState['rows']): WizardState['rows'] {
	const known = new Set(state.rows.map(row => row.target.id))
	return [...state.rows, ...more.filter(row => !known.has(row.target.id))]
}

function withAnswers(state: WizardState, answers: Partial<WizardAnswers>): WizardState {
	return { ...state, answers: { ...state.answers, ...answers } }
}

function unchanged(state: WizardState): Transition {
	return { state, effects: [] }
}

/** Continues from a state with pending effects. */
function chain(first: Transition, go: (state: WizardState) => Transition): Transition {
	const second = go(first.state)
	return { state: second.state, effects: [...first.effects, ...second.effects] }
}
