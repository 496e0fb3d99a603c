// The step "Token": a token that was found, pasted, or created.
import { cleanToken, validateToken } from '../../coder/token-format.ts'
import { Secret } from '../../secrets/secret.ts'
import type { TokenStorage } from '../../setup/config.ts'
import {
	isTokenRejected,
	type TokenChoice,
	type TokenOptions,
	type WizardEffect,
	type WizardPhase,
	type WizardState,
} from '../state.ts'
import {
	type AnswerEvent,
	advance,
	chain,
	hasTokenChoice,
	quit,
	type ResultEvent,
	type Transition,
	unchanged,
	withAnswers,
} from './transitions.ts'

export function reduceToken(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'token' }>,
	event: AnswerEvent,
): Transition {
	const { deployment: settled, token } = state.answers
	switch (event.type) {
		case 'select-token':
			if ('run' in phase) return unchanged(state)
			return acceptToken(state, event.answer, event.storage)
		case 'open-paste':
			if (!['select', 'rejected', 'verified'].includes(phase.status)) return unchanged(state)
			return unchanged({ ...state, phase: { step: 'token', status: 'paste', findings: [], removed: [] } })
		case 'submit-token': {
			if (phase.status === 'verifying' && phase.enter && !event.isPaste)
				return unchanged({ ...state, phase: { ...phase, enter: 'pressed' } })
			if (phase.status === 'verified' && !event.isPaste) return acceptToken(state, phase.answer)
			// A text pasted on the list of choices is accepted as a token, which is what the user means.
			if (!['paste', 'select', 'verified'].includes(phase.status)) return unchanged(state)
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
			return verifyToken(state, { secret: cleaned, from }, removed, event.isPaste ? 'due' : undefined)
		}
		case 'create-token': {
			const usable = isTokenRejected(state) ? null : token
			const session =
				phase.status === 'exchange' ? phase.answer.secret : (usable?.secret ?? state.tokens?.options[0]?.choice.secret)
			if ((phase.status !== 'select' && phase.status !== 'exchange') || !session) return unchanged(state)
			return createToken(state, session)
		}
		case 'retry':
			return phase.status === 'rejected' ? verifyToken(state, phase.answer, []) : unchanged(state)
		case 'save-anyway':
			if (phase.status !== 'rejected') return unchanged(state)
			return acceptToken({ ...state, savesAnyway: true }, phase.answer)
		case 'quit':
			return quit(state, { status: 'quit' })
		default:
			return unchanged(state)
	}
}

/** Asks the deployment whose token it is, and until when. */
function verifyToken(state: WizardState, answer: TokenChoice, removed: readonly string[], enter?: 'due'): Transition {
	const { deployment: settled } = state.answers
	if (!settled) return unchanged(state)
	const run = state.run + 1
	return {
		state: {
			...state,
			run,
			phase: { step: 'token', status: 'verifying', run, answer, removed, ...(enter ? { enter } : {}) },
		},
		effects: [{ type: 'verify-token', run, deployment: settled.deployment, token: answer.secret }],
	}
}

/** Creates a token for Mux with a valid session. */
export function createToken(state: WizardState, session: Secret): Transition {
	const { deployment: settled } = state.answers
	if (!settled || !state.tokens?.makeable) return unchanged(state)
	const run = state.run + 1
	return {
		state: { ...state, run, phase: { step: 'token', status: 'creating', run } },
		effects: [{ type: 'create-token', run, deployment: settled.deployment, session }],
	}
}

export function acceptToken(state: WizardState, answer: TokenChoice, place?: TokenStorage): Transition {
	const kept = state.newToken?.secret.equals(answer.secret)
	const effects: WizardEffect[] =
		state.newToken && !kept ? [{ type: 'revoke-unused-token', newToken: state.newToken }] : []
	// The Coder CLI's session file contains its own token and no other.
	const storage = place ?? state.answers.storage
	const fits = storage.in !== 'cli-session' || answer.isCliSession === true
	const next = withAnswers(state, { token: answer, storage: fits ? storage : { in: 'settings' } })
	return chain({ state: { ...next, newToken: kept ? state.newToken : null }, effects }, done => advance(done, 'token'))
}

/** The result of an effect of this step. */
export function reduceTokenResult(state: WizardState, event: ResultEvent): Transition {
	const { phase } = state
	switch (event.type) {
		case 'tokens-found':
			if (phase.step !== 'token') return unchanged(state)
			return tokensFound(state, event.tokens)
		case 'token-created': {
			if (phase.step !== 'token') return unchanged(state)
			const answer = { secret: event.newToken.secret, from: `created for Mux, named ${event.newToken.name}` }
			return acceptToken({ ...state, newToken: event.newToken }, answer)
		}
		case 'create-failed':
			if (phase.step !== 'token') return unchanged(state)
			return unchanged({ ...state, phase: { step: 'token', status: 'select', findings: event.findings } })
		case 'token-verified': {
			if (phase.step !== 'token' || phase.status !== 'verifying') return unchanged(state)
			const { owner, expires, makeable } = event
			const answer = owner === null ? phase.answer : { ...phase.answer, owner }
			if (expires === null || !makeable) {
				if (phase.enter !== 'due') return acceptToken(state, answer)
				return unchanged({ ...state, phase: { step: 'token', status: 'verified', answer, removed: phase.removed } })
			}
			// The pasted token stays selectable if none can be created.
			const next = withAnswers(state, { token: answer })
			const tokens = { options: state.tokens?.options ?? [], makeable }
			return unchanged({ ...next, tokens, phase: { step: 'token', status: 'exchange', answer, expires } })
		}
		case 'token-refused':
			if (phase.step !== 'token' || phase.status !== 'verifying') return unchanged(state)
			return unchanged({
				...state,
				phase: { step: 'token', status: 'rejected', answer: phase.answer, findings: event.findings },
			})
		default:
			return unchanged(state)
	}
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

export function goBackFromToken(state: WizardState, phase: Extract<WizardPhase, { step: 'token' }>): Transition {
	const isPasted = ['verifying', 'verified', 'exchange', 'rejected'].includes(phase.status)
	if (isPasted) return unchanged({ ...state, phase: { step: 'token', status: 'paste', findings: [], removed: [] } })
	const toList = phase.status === 'creating' || (phase.status === 'paste' && hasTokenChoice(state, state.tokens))
	return unchanged({
		...state,
		phase: toList
			? { step: 'token', status: 'select', findings: [] }
			: { step: 'deployment', status: 'input', findings: [] },
	})
}
