// The wizard's rules: which state follows which, and what is to be done for it. Pure: effects are values, carried out by
// one runner (ui/run-effects.ts), which sends their results back as events.
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

/** The state in which the wizard opens. */
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

/** What follows from an event. Events that mean nothing in the present state, and results of older runs, change nothing. */
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
	const { phase: screen } = state
	switch (screen.step) {
		case 'providers':
			return reduceProviders(state, event)
		case 'deployment':
			return reduceDeployment(state, screen, event)
		case 'token':
			return reduceToken(state, screen, event)
		case 'checks':
			return reduceChecks(state, screen, event)
		case 'review':
			return reduceReview(state, screen, event)
		case 'finish':
			return reduceFinish(state, screen, event)
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
	screen: Extract<WizardPhase, { step: 'deployment' }>,
	event: AnswerEvent,
): Transition {
	if (event.type === 'type-deployment' && screen.status === 'input') {
		// A token in the wrong field is refused at once and does not stay readable there.
		if (getCoderKeyId(event.text.trim()) !== null) return enterDeployment(state, event.text)
		// What was found about the text before says nothing of this one.
		return unchanged({ ...withAnswers(state, { deploymentText: event.text }), phase: { ...screen, findings: [] } })
	}
	if (event.type === 'enter-deployment' && screen.status === 'input') return enterDeployment(state, event.text)
	if (event.type === 'accept-insecure' && screen.status === 'insecure') return look(state, screen.deployment)
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

/** Another deployment: what was known of the one before, its token first of all, must not reach it. */
function forgetDeployment(state: WizardState): Transition {
	const answers: WizardAnswers = { ...state.answers, deployment: null, token: null, storage: state.start.storage }
	const effects: WizardEffect[] = state.newToken ? [{ type: 'discard-token', made: state.newToken }] : []
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
	screen: Extract<WizardPhase, { step: 'token' }>,
	event: AnswerEvent,
): Transition {
	const { deployment: settled, token } = state.answers
	switch (event.type) {
		case 'use-token':
			if (screen.status === 'discovering' || screen.status === 'creating') return unchanged(state)
			return acceptToken(state, event.answer)
		case 'type-token':
			if (screen.status !== 'select') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'token', status: 'paste', findings: [], removed: [] } })
		case 'enter-token': {
			// A text pasted on the list of choices is taken as well: that is what the user wants to do with it.
			if (screen.status !== 'paste' && screen.status !== 'select') return unchanged(state)
			const {
				token: cleaned,
				removed,
				fault,
			} = event.text.inspect(given => {
				const { text, removed } = cleanToken(given)
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
			const session = usable?.secret ?? state.tokens?.offers[0]?.choice.secret
			if (screen.status !== 'select' || !settled || !session || !state.tokens?.makeable) return unchanged(state)
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
	const effects: WizardEffect[] = state.newToken && !kept ? [{ type: 'discard-token', made: state.newToken }] : []
	// The Coder CLI's session file holds its own token and no other.
	const { storage } = state.answers
	const fits = storage.in !== 'cli-session' || answer.isCliSession === true
	const next = withAnswers(state, { token: answer, storage: fits ? storage : { in: 'settings' } })
	return chain({ state: { ...next, newToken: kept ? state.newToken : null }, effects }, done => advance(done, 'token'))
}

function reduceChecks(
	state: WizardState,
	screen: Extract<WizardPhase, { step: 'checks' }>,
	event: AnswerEvent,
): Transition {
	if (screen.status === 'running') return unchanged(state)
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
	screen: Extract<WizardPhase, { step: 'review' }>,
	event: AnswerEvent,
): Transition {
	if (event.type === 'leave') return leave(state, { status: 'quit' })
	if (screen.status === 'planning') return unchanged(state)
	if (event.type === 'change') return change(state, event.step)
	if (event.type === 'retry') return plan(state, 'none')
	if (event.type === 'show-checks') return showChecks(state)
	if (screen.status === 'error') return unchanged(state)
	switch (event.type) {
		case 'apply': {
			// Only the plan that stands on the screen can be applied.
			if (screen.status !== 'confirm') return unchanged(state)
			if (screen.plan.unchanged) return leave(state, { status: 'unchanged', plan: screen.plan })
			const run = state.run + 1
			return {
				state: { ...state, run, phase: { step: 'finish', status: 'applying', plan: screen.plan, run, leaving: false } },
				effects: [{ type: 'apply', run, plan: screen.plan, facts: factsOf(state) }],
			}
		}
		case 'print-exports': {
			if (screen.status !== 'confirm') return unchanged(state)
			const { exports } = screen.plan
			if (exports.clearing) {
				return unchanged({ ...state, phase: { step: 'finish', status: 'confirm-clear', plan: screen.plan, exports } })
			}
			return leave(state, { status: 'exported', exports, receipt: null })
		}
		case 'change-answer':
			return unchanged({ ...state, phase: { step: 'review', status: 'edit', plan: screen.plan } })
		case 'choose-storage':
			return unchanged({ ...state, phase: { step: 'review', status: 'storage', plan: screen.plan } })
		case 'store':
			return plan(withAnswers(state, { storage: event.storage }), 'none')
		default:
			return unchanged(state)
	}
}

function reduceFinish(
	state: WizardState,
	screen: Extract<WizardPhase, { step: 'finish' }>,
	event: AnswerEvent,
): Transition {
	switch (screen.status) {
		case 'failed':
			if (event.type === 'retry') return plan(state, 'none')
			if (event.type === 'leave') return leave(state, { status: 'quit' })
			return unchanged(state)
		case 'confirm-clear': {
			if (event.type !== 'clear-settings') return unchanged(state)
			if (!event.yes) return leave(state, { status: 'exported', exports: screen.exports, receipt: null })
			const run = state.run + 1
			return {
				state: {
					...state,
					run,
					phase: { step: 'finish', status: 'exporting', plan: screen.plan, run, leaving: false },
				},
				effects: [{ type: 'clear', run, exports: screen.exports }],
			}
		}
		case 'confirm-revoke': {
			if (event.type !== 'delete-old-token') return unchanged(state)
			const { deployment } = state.answers.deployment ?? {}
			const session = state.answers.token?.secret
			if (!event.yes || !deployment || !session) return leave(state, applied(screen.receipt))
			const run = state.run + 1
			return {
				state: {
					...state,
					run,
					phase: { step: 'finish', status: 'revoking', receipt: screen.receipt, old: screen.old, run },
				},
				effects: [{ type: 'delete-token', run, deployment, session, keyId: screen.old.keyId }],
			}
		}
		default:
			return unchanged(state)
	}
}

function reduceResult(state: WizardState, event: ResultEvent): Transition {
	const { phase: screen } = state
	if (!('run' in screen) || screen.run !== event.run) return unchanged(state)
	switch (event.type) {
		case 'looked':
			if (screen.step !== 'deployment') return unchanged(state)
			return advance(withAnswers(state, { deployment: event.settled }), 'deployment')
		case 'look-failed':
			if (screen.step !== 'deployment') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'deployment', status: 'input', findings: event.findings } })
		case 'tokens-found':
			if (screen.step !== 'token') return unchanged(state)
			return tokensFound(state, event.tokens)
		case 'token-made': {
			if (screen.step !== 'token') return unchanged(state)
			const answer = { secret: event.made.secret, from: `made for Mux, named ${event.made.name}` }
			return acceptToken({ ...state, newToken: event.made }, answer)
		}
		case 'make-failed':
			if (screen.step !== 'token') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'token', status: 'select', findings: event.findings } })
		case 'check-moved':
			if (screen.step !== 'checks') return unchanged(state)
			return unchanged({ ...state, phase: { ...screen, rows: event.rows } })
		case 'checked': {
			if (screen.step !== 'checks') return unchanged(state)
			const { rows, report } = event
			const checked: WizardState = {
				...state,
				rows: withMoreRows(state, report.moreProviders),
				lastCheck: { rows, report },
				phase: { step: 'checks', status: 'done', rows, report },
			}
			// Nothing to decide: notes are shown again on the review.
			const failed = report.findings.some(found => severityOf(found) === 'error')
			return failed || report.fixes.length > 0 ? unchanged(checked) : plan(checked, 'none')
		}
		case 'planned':
			if (screen.step !== 'review' || screen.status !== 'planning') return unchanged(state)
			return unchanged({
				...state,
				phase: { step: 'review', status: 'confirm', plan: event.plan, notice: screen.notice },
			})
		case 'plan-failed':
			if (screen.step !== 'review' && screen.step !== 'checks') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'review', status: 'error', findings: event.findings } })
		case 'applied': {
			if (screen.step !== 'finish') return unchanged(state)
			const done: WizardState = { ...state, newToken: null }
			const { receipt } = event
			const old = state.lastCheck?.report.replaced
			const leaving = 'leaving' in screen && screen.leaving
			if (old && !leaving)
				return unchanged({ ...done, phase: { step: 'finish', status: 'confirm-revoke', receipt, old } })
			return leave(done, applied(receipt))
		}
		case 'changed-meanwhile':
			if (screen.step !== 'finish' || !('leaving' in screen)) return unchanged(state)
			if (screen.leaving) return leave(state, { status: 'cancelled' })
			return plan(state, 'changed-meanwhile')
		case 'apply-failed':
			if (screen.step !== 'finish' || !('leaving' in screen)) return unchanged(state)
			if (screen.leaving) return leave(state, { status: 'cancelled' })
			return unchanged({
				...state,
				phase: { step: 'finish', status: 'failed', plan: screen.plan, findings: event.findings },
			})
		case 'cleared':
			if (screen.step !== 'finish') return unchanged(state)
			return leave(state, { status: 'exported', exports: event.exports, receipt: event.receipt })
		case 'token-deleted':
			if (screen.step !== 'finish' || screen.status !== 'revoking') return unchanged(state)
			return leave(state, applied(screen.receipt, [], screen.old))
		case 'delete-failed':
			if (screen.step !== 'finish' || screen.status !== 'revoking') return unchanged(state)
			return leave(state, applied(screen.receipt, event.findings))
	}
}

function applied(
	receipt: ApplyResult,
	findings: readonly Finding[] = [],
	deleted: OldToken | null = null,
): WizardResult {
	return { status: 'applied', receipt, findings, deleted }
}

function factsOf(state: WizardState): ApplyFacts {
	return { origin: state.answers.deployment?.deployment.origin ?? null, report: state.lastCheck?.report ?? null }
}

/** Goes on from an answered step: to the next one, or past those that have their answer when only one is changed. */
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
	const given = isTokenRejected(state) ? null : state.answers.token
	return {
		state: { ...state, run, phase: { step: 'token', status: 'discovering', run } },
		effects: [{ type: 'find-tokens', run, deployment: settled.deployment, given }],
	}
}

/** Whether there is a token to choose: one that was found, or the one that was answered before. */
function hasTokenChoice({ answers }: WizardState, tokens: TokenOptions | null): boolean {
	return answers.token !== null || (tokens?.offers.length ?? 0) > 0
}

function tokensFound(state: WizardState, tokens: TokenOptions): Transition {
	const { start, givenTokenOrigin: givenTo, answers } = state
	const asking: WizardState = { ...state, tokens, phase: tokenScreen(hasTokenChoice(state, tokens)) }
	if (!start.tokenFromArgs || givenTo !== null || !answers.deployment) return unchanged(asking)
	return acceptToken({ ...asking, givenTokenOrigin: answers.deployment.deployment.origin }, start.tokenFromArgs)
}

/** The list where there is something to choose from, else straight to the field. */
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

/** One step back, every answer kept; whatever is under way is stopped. */
function goBack(state: WizardState): Transition {
	const { phase: screen } = state
	const stopped: WizardEffect[] = 'run' in screen ? [{ type: 'stop' }] : []
	const to = (next: WizardPhase): Transition => ({ state: { ...state, phase: next }, effects: stopped })
	switch (screen.step) {
		case 'providers':
			// The first step: back only leads to where a change began.
			if (!state.isEditing || !state.lastCheck) return unchanged(state)
			if (getSelectedTargets(state).length === 0) return to({ step: 'providers', noneTicked: true })
			return plan({ ...state, isEditing: false }, 'none')
		case 'deployment':
			if (screen.status !== 'input') return to({ step: 'deployment', status: 'input', findings: [] })
			return to({ step: 'providers', noneTicked: false })
		case 'token':
			if (screen.status === 'paste' && hasTokenChoice(state, state.tokens)) {
				return to({ step: 'token', status: 'select', findings: [] })
			}
			if (screen.status === 'creating') return to({ step: 'token', status: 'select', findings: [] })
			return to({ step: 'deployment', status: 'input', findings: [] })
		case 'checks': {
			if (!state.tokens) return to({ step: 'deployment', status: 'input', findings: [] })
			const settled = state.answers.deployment
			return settled ? chain(to(screen), next => findTokens(next, settled)) : unchanged(state)
		}
		case 'review':
			if (screen.status === 'edit' || screen.status === 'storage') {
				return to({ step: 'review', status: 'confirm', plan: screen.plan, notice: 'none' })
			}
			return chain(to(screen), showChecks)
		case 'finish':
			// What is being written is not taken back half-way.
			if (screen.status === 'failed' || screen.status === 'confirm-clear') return plan(state, 'none')
			return unchanged(state)
	}
}

function showChecks(state: WizardState): Transition {
	return unchanged(
		state.lastCheck ? { ...state, phase: { step: 'checks', status: 'done', ...state.lastCheck } } : state,
	)
}

/**
 * Ctrl-C. Where something is being written, it is first known whether it was (nothing is done by halves); where it was
 * written, leaving means leaving with the receipt.
 */
function cancel(state: WizardState): Transition {
	const { phase: screen } = state
	if (screen.step === 'finish' && 'leaving' in screen) {
		return { state: { ...state, phase: { ...screen, leaving: true } }, effects: [{ type: 'stop' }] }
	}
	if (screen.step === 'finish' && 'receipt' in screen) return leave(state, applied(screen.receipt))
	return leave(state, { status: 'cancelled' })
}

/** Leaves for good. A token made in this run that nothing uses is taken back. */
function leave(state: WizardState, outcome: WizardResult): Transition {
	const unused =
		state.newToken && outcome.status !== 'applied' && outcome.status !== 'exported' && outcome.status !== 'unchanged'
	return {
		state: { ...state, newToken: null, phase: { step: 'finish', status: 'done', outcome } },
		effects: [
			{ type: 'stop' },
			...(unused && state.newToken ? [{ type: 'discard-token' as const, made: state.newToken }] : []),
			{ type: 'leave', outcome },
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

/** Carries on from a state that already owes effects. */
function chain(first: Transition, go: (state: WizardState) => Transition): Transition {
	const second = go(first.state)
	return { state: second.state, effects: [...first.effects, ...second.effects] }
}
