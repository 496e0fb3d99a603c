// The first screen: what was found is confirmed at once, or a menu of what to do with a setup that is there already.
import { severityOf } from '../../findings/severity.ts'
import type { FoundSetup, WizardPhase, WizardState } from '../state.ts'
import { leaveProviders, renewToken } from './providers.ts'
import { acceptToken, createToken } from './token.ts'
import {
	type AnswerEvent,
	quit,
	type ResultEvent,
	sendMessages,
	type Transition,
	unchanged,
	withAnswers,
} from './transitions.ts'

type StartPhase = Extract<WizardPhase, { step: 'start' }>

export function reduceStart(state: WizardState, phase: StartPhase, event: AnswerEvent): Transition {
	if (event.type === 'quit') return quit(state, { status: 'quit' })
	if (phase.status === 'looking') return unchanged(state)
	// The menu doesn't wait for its checks.
	const leaving = 'run' in phase ? [{ type: 'cancel-running' as const }] : []
	const leave = (next: Transition): Transition => ({ ...next, effects: [...leaving, ...next.effects] })
	const opened: WizardState = { ...state, opened: phase }
	switch (event.type) {
		case 'accept-found':
			return phase.status === 'confirm' ? acceptFound(opened, phase.found) : unchanged(state)
		case 'open-questions':
			return leave(unchanged({ ...opened, phase: { step: 'providers', noneSelected: false } }))
		case 'renew-token':
			return leave(renewToken(opened))
		case 'send-messages': {
			const connected = phase.status === 'menu' ? phase.current?.connected : null
			return connected ? sendMessages(state, connected, null) : unchanged(state)
		}
		case 'disconnect':
			return leave(quit(state, { status: 'disconnect' }))
		default:
			return unchanged(state)
	}
}

/** A token that lasts is used as it is; from a short-lived session one is created. */
function acceptFound(state: WizardState, { login, tokens }: FoundSetup): Transition {
	if (login.isLasting || !tokens.makeable) return acceptToken(state, login.choice)
	return createToken(state, login.choice.secret)
}

/** The result of an effect of this step. */
export function reduceStartResult(state: WizardState, event: ResultEvent): Transition {
	const { phase } = state
	if (phase.step !== 'start') return unchanged(state)
	switch (event.type) {
		case 'looked-around': {
			const { found } = event
			if (!found) return openQuestions(state)
			const known = withAnswers(state, { deployment: found.settled })
			return unchanged({ ...known, tokens: found.tokens, phase: { step: 'start', status: 'confirm', found } })
		}
		case 'current-progressed':
			return unchanged({ ...state, phase: { step: 'start', status: 'checking', run: event.run, rows: event.rows } })
		case 'current-checked':
			return unchanged({ ...state, phase: { step: 'start', status: 'menu', current: event.current } })
		default:
			return unchanged(state)
	}
}

/** The first question that no flag has answered. */
export function openQuestions(state: WizardState): Transition {
	const asking: WizardState = { ...state, phase: { step: 'providers', noneSelected: false } }
	const isShown = state.start.notes.some(issue => severityOf(issue) !== 'info')
	return state.start.answered.providers && !isShown ? leaveProviders(asking) : unchanged(asking)
}
