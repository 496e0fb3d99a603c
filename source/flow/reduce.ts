// The wizard's rules: which state follows which, and what is to be done for it. Pure: effects are values, carried out by
// one runner (ui/run-effects.ts), which sends their results back as events.
import { type Deployment, parseDeployment } from '../coder/deployment-url.ts'
import { cleanToken, tokenFault } from '../coder/token-text.ts'
import { type Finding, severityOf } from '../findings/finding.ts'
import { builtInTarget } from '../provider.ts'
import { coderKeyId, Secret } from '../secret.ts'
import type { Receipt, ReceiptFacts } from '../setup/apply.ts'
import {
	type Answers,
	type Effect,
	type Event,
	isTokenRefused,
	type OldToken,
	type Outcome,
	type ReviewNotice,
	type Screen,
	type SettledDeployment,
	type Start,
	type State,
	type TokenAnswer,
	type TokenOffers,
	targetsOf,
} from './state.ts'

export type Next = { readonly state: State; readonly effects: readonly Effect[] }

/** The state in which the wizard opens. */
export function startState(start: Start): State {
	return {
		start,
		rows: start.rows,
		answers: {
			providers: start.ticked,
			deploymentText: start.prefill?.text ?? '',
			settled: null,
			token: null,
			fixes: [],
			storage: start.storage,
		},
		screen: { step: 'providers', noneTicked: false },
		run: 0,
		tokens: null,
		made: null,
		givenTo: null,
		checked: null,
		shortcut: false,
	}
}

/** What follows from an event. Events that mean nothing in the present state, and results of older runs, change nothing. */
export function reduce(state: State, event: Event): Next {
	if (state.screen.step === 'finish' && state.screen.is === 'left') return stay(state)
	if ('run' in event) return reduceResult(state, event)
	if (event.on === 'cancel') return cancel(state)
	if (event.on === 'back') return goBack(state)
	return reduceAnswer(state, event)
}

type ResultEvent = Extract<Event, { run: number }>
type AnswerEvent = Exclude<Event, ResultEvent | { on: 'cancel' } | { on: 'back' }>

function reduceAnswer(state: State, event: AnswerEvent): Next {
	const { screen } = state
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

function reduceProviders(state: State, event: AnswerEvent): Next {
	const ticked = state.answers.providers
	switch (event.on) {
		case 'toggle-provider': {
			const providers = ticked.includes(event.id) ? ticked.filter(id => id !== event.id) : [...ticked, event.id]
			return stay({ ...withAnswers(state, { providers }), screen: { step: 'providers', noneTicked: false } })
		}
		case 'toggle-all': {
			const all = state.rows.map(row => row.target.id)
			const providers = all.every(id => ticked.includes(id)) ? [] : all
			return stay({ ...withAnswers(state, { providers }), screen: { step: 'providers', noneTicked: false } })
		}
		case 'choose-providers':
			if (targetsOf(state).length === 0) return stay({ ...state, screen: { step: 'providers', noneTicked: true } })
			return advance(state, 'providers')
		case 'renew': {
			const { renewable } = state.start
			if (!renewable) return stay(state)
			const renewing = withAnswers(state, { providers: renewable.ids, deploymentText: renewable.origin })
			return enterDeployment({ ...renewing, shortcut: true }, renewable.origin)
		}
		case 'leave':
			return leave(state, { is: 'left' })
		default:
			return stay(state)
	}
}

function reduceDeployment(state: State, screen: Extract<Screen, { step: 'deployment' }>, event: AnswerEvent): Next {
	if (event.on === 'type-deployment' && screen.is === 'asking') {
		// A token in the wrong field is refused at once and does not stay readable there.
		if (coderKeyId(event.text.trim()) !== null) return enterDeployment(state, event.text)
		// What was found about the text before says nothing of this one.
		return stay({ ...withAnswers(state, { deploymentText: event.text }), screen: { ...screen, findings: [] } })
	}
	if (event.on === 'enter-deployment' && screen.is === 'asking') return enterDeployment(state, event.text)
	if (event.on === 'accept-insecure' && screen.is === 'insecure') return look(state, screen.deployment)
	return stay(state)
}

function enterDeployment(state: State, text: string): Next {
	const parsed = parseDeployment(text)
	const answered = withAnswers(state, { deploymentText: coderKeyId(text.trim()) === null ? text : '' })
	if (!parsed.ok) {
		return stay({ ...answered, screen: { step: 'deployment', is: 'asking', findings: [parsed.finding] } })
	}
	const { deployment } = parsed
	const settled = answered.answers.settled
	if (settled?.deployment.origin === deployment.origin) return advance(answered, 'deployment')
	const cleared = forgetDeployment(answered)
	if (deployment.insecure) {
		return { ...cleared, state: { ...cleared.state, screen: { step: 'deployment', is: 'insecure', deployment } } }
	}
	return after(cleared, next => look(next, deployment))
}

/** Another deployment: what was known of the one before, its token first of all, must not reach it. */
function forgetDeployment(state: State): Next {
	const answers: Answers = { ...state.answers, settled: null, token: null, storage: state.start.storage }
	const effects: Effect[] = state.made ? [{ do: 'discard-token', made: state.made }] : []
	return { state: { ...state, answers, tokens: null, made: null, checked: null }, effects }
}

function look(state: State, deployment: Deployment): Next {
	const run = state.run + 1
	return {
		state: { ...state, run, screen: { step: 'deployment', is: 'looking', deployment, run } },
		effects: [{ do: 'look', run, deployment }],
	}
}

function reduceToken(state: State, screen: Extract<Screen, { step: 'token' }>, event: AnswerEvent): Next {
	const { settled, token } = state.answers
	switch (event.on) {
		case 'use-token':
			if (screen.is === 'finding' || screen.is === 'making') return stay(state)
			return acceptToken(state, event.answer)
		case 'type-token':
			if (screen.is !== 'choosing') return stay(state)
			return stay({ ...state, screen: { step: 'token', is: 'typing', findings: [], removed: [] } })
		case 'enter-token': {
			// A text pasted on the list of choices is taken as well: that is what the user wants to do with it.
			if (screen.is !== 'typing' && screen.is !== 'choosing') return stay(state)
			const {
				token: cleaned,
				removed,
				fault,
			} = event.text.judge(given => {
				const { text, removed } = cleanToken(given)
				return { token: new Secret(text), removed, fault: tokenFault(text, settled?.deployment.origin) }
			})
			if (fault) {
				return stay({
					...state,
					screen: { step: 'token', is: 'typing', findings: [fault], removed },
				})
			}
			const from = removed.length > 0 ? `pasted; removed: ${removed.join(', ')}` : 'pasted'
			return acceptToken(state, { secret: cleaned, from })
		}
		case 'make-token': {
			const usable = isTokenRefused(state) ? null : token
			const session = usable?.secret ?? state.tokens?.offers[0]?.answer.secret
			if (screen.is !== 'choosing' || !settled || !session || !state.tokens?.makeable) return stay(state)
			const run = state.run + 1
			return {
				state: { ...state, run, screen: { step: 'token', is: 'making', run } },
				effects: [{ do: 'make-token', run, deployment: settled.deployment, session }],
			}
		}
		default:
			return stay(state)
	}
}

function acceptToken(state: State, answer: TokenAnswer): Next {
	const kept = state.made?.secret.equals(answer.secret)
	const effects: Effect[] = state.made && !kept ? [{ do: 'discard-token', made: state.made }] : []
	// The Coder CLI's session file holds its own token and no other.
	const { storage } = state.answers
	const fits = storage.in !== 'cli-session' || answer.isCliSession === true
	const next = withAnswers(state, { token: answer, storage: fits ? storage : { in: 'settings' } })
	return after({ state: { ...next, made: kept ? state.made : null }, effects }, done => advance(done, 'token'))
}

function reduceChecks(state: State, screen: Extract<Screen, { step: 'checks' }>, event: AnswerEvent): Next {
	if (screen.is === 'running') return stay(state)
	switch (event.on) {
		case 'retry':
			return check(state)
		case 'continue':
			return plan(withAnswers(state, { fixes: event.fixes }), 'none')
		case 'stand-in': {
			const target = builtInTarget(event.id, event.instance)
			const rows = state.rows.map(row => (row.target.id === event.id ? { ...row, target } : row))
			return check({ ...state, rows })
		}
		case 'change':
			return change(state, event.step)
		case 'leave':
			return leave(state, { is: 'left' })
		default:
			return stay(state)
	}
}

function reduceReview(state: State, screen: Extract<Screen, { step: 'review' }>, event: AnswerEvent): Next {
	if (event.on === 'leave') return leave(state, { is: 'left' })
	if (screen.is === 'planning') return stay(state)
	if (event.on === 'change') return change(state, event.step)
	if (event.on === 'retry') return plan(state, 'none')
	if (event.on === 'show-checks') return showChecks(state)
	if (screen.is === 'refused') return stay(state)
	switch (event.on) {
		case 'apply': {
			// Only the plan that stands on the screen can be applied.
			if (screen.is !== 'reviewing') return stay(state)
			if (screen.plan.unchanged) return leave(state, { is: 'unchanged', plan: screen.plan })
			const run = state.run + 1
			return {
				state: { ...state, run, screen: { step: 'finish', is: 'applying', plan: screen.plan, run, leaving: false } },
				effects: [{ do: 'apply', run, plan: screen.plan, facts: factsOf(state) }],
			}
		}
		case 'print-exports': {
			if (screen.is !== 'reviewing') return stay(state)
			const { exports } = screen.plan
			if (exports.clearing) {
				return stay({ ...state, screen: { step: 'finish', is: 'clearing', plan: screen.plan, exports } })
			}
			return leave(state, { is: 'exported', exports, receipt: null })
		}
		case 'change-answer':
			return stay({ ...state, screen: { step: 'review', is: 'changing', plan: screen.plan } })
		case 'choose-storage':
			return stay({ ...state, screen: { step: 'review', is: 'storing', plan: screen.plan } })
		case 'store':
			return plan(withAnswers(state, { storage: event.storage }), 'none')
		default:
			return stay(state)
	}
}

function reduceFinish(state: State, screen: Extract<Screen, { step: 'finish' }>, event: AnswerEvent): Next {
	switch (screen.is) {
		case 'failed':
			if (event.on === 'retry') return plan(state, 'none')
			if (event.on === 'leave') return leave(state, { is: 'left' })
			return stay(state)
		case 'clearing': {
			if (event.on !== 'clear-settings') return stay(state)
			if (!event.yes) return leave(state, { is: 'exported', exports: screen.exports, receipt: null })
			const run = state.run + 1
			return {
				state: { ...state, run, screen: { step: 'finish', is: 'exporting', plan: screen.plan, run, leaving: false } },
				effects: [{ do: 'clear', run, exports: screen.exports }],
			}
		}
		case 'replaced': {
			if (event.on !== 'delete-old-token') return stay(state)
			const { deployment } = state.answers.settled ?? {}
			const session = state.answers.token?.secret
			if (!event.yes || !deployment || !session) return leave(state, applied(screen.receipt))
			const run = state.run + 1
			return {
				state: {
					...state,
					run,
					screen: { step: 'finish', is: 'deleting', receipt: screen.receipt, old: screen.old, run },
				},
				effects: [{ do: 'delete-token', run, deployment, session, keyId: screen.old.keyId }],
			}
		}
		default:
			return stay(state)
	}
}

function reduceResult(state: State, event: ResultEvent): Next {
	const { screen } = state
	if (!('run' in screen) || screen.run !== event.run) return stay(state)
	switch (event.on) {
		case 'looked':
			if (screen.step !== 'deployment') return stay(state)
			return advance(withAnswers(state, { settled: event.settled }), 'deployment')
		case 'look-failed':
			if (screen.step !== 'deployment') return stay(state)
			return stay({ ...state, screen: { step: 'deployment', is: 'asking', findings: event.findings } })
		case 'tokens-found':
			if (screen.step !== 'token') return stay(state)
			return tokensFound(state, event.tokens)
		case 'token-made': {
			if (screen.step !== 'token') return stay(state)
			const answer = { secret: event.made.secret, from: `made for Mux, named ${event.made.name}` }
			return acceptToken({ ...state, made: event.made }, answer)
		}
		case 'make-failed':
			if (screen.step !== 'token') return stay(state)
			return stay({ ...state, screen: { step: 'token', is: 'choosing', findings: event.findings } })
		case 'check-moved':
			if (screen.step !== 'checks') return stay(state)
			return stay({ ...state, screen: { ...screen, rows: event.rows } })
		case 'checked': {
			if (screen.step !== 'checks') return stay(state)
			const { rows, report } = event
			const checked: State = {
				...state,
				rows: withMoreRows(state, report.moreProviders),
				checked: { rows, report },
				screen: { step: 'checks', is: 'done', rows, report },
			}
			// Nothing to decide: notes are shown again on the review.
			const failed = report.findings.some(found => severityOf(found) === 'error')
			return failed || report.fixes.length > 0 ? stay(checked) : plan(checked, 'none')
		}
		case 'planned':
			if (screen.step !== 'review' || screen.is !== 'planning') return stay(state)
			return stay({ ...state, screen: { step: 'review', is: 'reviewing', plan: event.plan, notice: screen.notice } })
		case 'plan-failed':
			if (screen.step !== 'review' && screen.step !== 'checks') return stay(state)
			return stay({ ...state, screen: { step: 'review', is: 'refused', findings: event.findings } })
		case 'applied': {
			if (screen.step !== 'finish') return stay(state)
			const done: State = { ...state, made: null }
			const { receipt } = event
			const old = state.checked?.report.replaced
			const leaving = 'leaving' in screen && screen.leaving
			if (old && !leaving) return stay({ ...done, screen: { step: 'finish', is: 'replaced', receipt, old } })
			return leave(done, applied(receipt))
		}
		case 'changed-meanwhile':
			if (screen.step !== 'finish' || !('leaving' in screen)) return stay(state)
			if (screen.leaving) return leave(state, { is: 'cancelled' })
			return plan(state, 'changed-meanwhile')
		case 'apply-failed':
			if (screen.step !== 'finish' || !('leaving' in screen)) return stay(state)
			if (screen.leaving) return leave(state, { is: 'cancelled' })
			return stay({ ...state, screen: { step: 'finish', is: 'failed', plan: screen.plan, findings: event.findings } })
		case 'cleared':
			if (screen.step !== 'finish') return stay(state)
			return leave(state, { is: 'exported', exports: event.exports, receipt: event.receipt })
		case 'token-deleted':
			if (screen.step !== 'finish' || screen.is !== 'deleting') return stay(state)
			return leave(state, applied(screen.receipt, [], screen.old))
		case 'delete-failed':
			if (screen.step !== 'finish' || screen.is !== 'deleting') return stay(state)
			return leave(state, applied(screen.receipt, event.findings))
	}
}

function applied(receipt: Receipt, findings: readonly Finding[] = [], deleted: OldToken | null = null): Outcome {
	return { is: 'applied', receipt, findings, deleted }
}

function factsOf(state: State): ReceiptFacts {
	return { origin: state.answers.settled?.deployment.origin ?? null, report: state.checked?.report ?? null }
}

/** Goes on from an answered step: to the next one, or past those that have their answer when only one is changed. */
function advance(state: State, from: 'providers' | 'deployment' | 'token'): Next {
	const { settled, token } = state.answers
	if (from === 'providers' && !(state.shortcut && settled)) {
		return stay({ ...state, screen: { step: 'deployment', is: 'asking', findings: [] } })
	}
	if (from !== 'token' && settled && !(state.shortcut && token)) return findTokens(state, settled)
	return check({ ...state, shortcut: false })
}

function findTokens(state: State, settled: SettledDeployment): Next {
	const run = state.run + 1
	const given = isTokenRefused(state) ? null : state.answers.token
	return {
		state: { ...state, run, screen: { step: 'token', is: 'finding', run } },
		effects: [{ do: 'find-tokens', run, deployment: settled.deployment, given }],
	}
}

/** Whether there is a token to choose: one that was found, or the one that was answered before. */
function hasTokenChoice({ answers }: State, tokens: TokenOffers | null): boolean {
	return answers.token !== null || (tokens?.offers.length ?? 0) > 0
}

function tokensFound(state: State, tokens: TokenOffers): Next {
	const { start, givenTo, answers } = state
	const asking: State = { ...state, tokens, screen: tokenScreen(hasTokenChoice(state, tokens)) }
	if (!start.given || givenTo !== null || !answers.settled) return stay(asking)
	return acceptToken({ ...asking, givenTo: answers.settled.deployment.origin }, start.given)
}

/** The list where there is something to choose from, else straight to the field. */
function tokenScreen(anyChoice: boolean): Screen {
	return anyChoice
		? { step: 'token', is: 'choosing', findings: [] }
		: { step: 'token', is: 'typing', findings: [], removed: [] }
}

function check(state: State): Next {
	const { settled, token } = state.answers
	if (!settled || !token) return stay(state)
	const run = state.run + 1
	return {
		state: { ...state, run, checked: null, screen: { step: 'checks', is: 'running', run, rows: [] } },
		effects: [{ do: 'check', run, deployment: settled.deployment, token: token.secret, targets: targetsOf(state) }],
	}
}

function plan(state: State, notice: ReviewNotice): Next {
	if (!state.checked) return stay(state)
	const run = state.run + 1
	const { report } = state.checked
	return {
		state: { ...state, run, screen: { step: 'review', is: 'planning', run, notice } },
		effects: [{ do: 'plan', run, answers: state.answers, targets: targetsOf(state), route: report.route, report }],
	}
}

function change(state: State, step: 'providers' | 'deployment' | 'token'): Next {
	const shortcut: State = { ...state, shortcut: true }
	switch (step) {
		case 'providers':
			return stay({ ...shortcut, screen: { step: 'providers', noneTicked: false } })
		case 'deployment':
			return stay({ ...shortcut, screen: { step: 'deployment', is: 'asking', findings: [] } })
		case 'token':
			return state.answers.settled ? findTokens(shortcut, state.answers.settled) : stay(state)
	}
}

/** One step back, every answer kept; whatever is under way is stopped. */
function goBack(state: State): Next {
	const { screen } = state
	const stopped: Effect[] = 'run' in screen ? [{ do: 'stop' }] : []
	const to = (next: Screen): Next => ({ state: { ...state, screen: next }, effects: stopped })
	switch (screen.step) {
		case 'providers':
			// The first step: back only leads to where a change began.
			if (!state.shortcut || !state.checked) return stay(state)
			if (targetsOf(state).length === 0) return to({ step: 'providers', noneTicked: true })
			return plan({ ...state, shortcut: false }, 'none')
		case 'deployment':
			if (screen.is !== 'asking') return to({ step: 'deployment', is: 'asking', findings: [] })
			return to({ step: 'providers', noneTicked: false })
		case 'token':
			if (screen.is === 'typing' && hasTokenChoice(state, state.tokens)) {
				return to({ step: 'token', is: 'choosing', findings: [] })
			}
			if (screen.is === 'making') return to({ step: 'token', is: 'choosing', findings: [] })
			return to({ step: 'deployment', is: 'asking', findings: [] })
		case 'checks': {
			if (!state.tokens) return to({ step: 'deployment', is: 'asking', findings: [] })
			const settled = state.answers.settled
			return settled ? after(to(screen), next => findTokens(next, settled)) : stay(state)
		}
		case 'review':
			if (screen.is === 'changing' || screen.is === 'storing') {
				return to({ step: 'review', is: 'reviewing', plan: screen.plan, notice: 'none' })
			}
			return after(to(screen), showChecks)
		case 'finish':
			// What is being written is not taken back half-way.
			if (screen.is === 'failed' || screen.is === 'clearing') return plan(state, 'none')
			return stay(state)
	}
}

function showChecks(state: State): Next {
	return stay(state.checked ? { ...state, screen: { step: 'checks', is: 'done', ...state.checked } } : state)
}

/**
 * Ctrl-C. Where something is being written, it is first known whether it was (nothing is done by halves); where it was
 * written, leaving means leaving with the receipt.
 */
function cancel(state: State): Next {
	const { screen } = state
	if (screen.step === 'finish' && 'leaving' in screen) {
		return { state: { ...state, screen: { ...screen, leaving: true } }, effects: [{ do: 'stop' }] }
	}
	if (screen.step === 'finish' && 'receipt' in screen) return leave(state, applied(screen.receipt))
	return leave(state, { is: 'cancelled' })
}

/** Leaves for good. A token made in this run that nothing uses is taken back. */
function leave(state: State, outcome: Outcome): Next {
	const unused = state.made && outcome.is !== 'applied' && outcome.is !== 'exported' && outcome.is !== 'unchanged'
	return {
		state: { ...state, made: null, screen: { step: 'finish', is: 'left', outcome } },
		effects: [
			{ do: 'stop' },
			...(unused && state.made ? [{ do: 'discard-token' as const, made: state.made }] : []),
			{ do: 'leave', outcome },
		],
	}
}

function withMoreRows(state: State, more: State['rows']): State['rows'] {
	const known = new Set(state.rows.map(row => row.target.id))
	return [...state.rows, ...more.filter(row => !known.has(row.target.id))]
}

function withAnswers(state: State, answers: Partial<Answers>): State {
	return { ...state, answers: { ...state.answers, ...answers } }
}

function stay(state: State): Next {
	return { state, effects: [] }
}

/** Carries on from a state that already owes effects. */
function after(first: Next, go: (state: State) => Next): Next {
	const second = go(first.state)
	return { state: second.state, effects: [...first.effects, ...second.effects] }
}
