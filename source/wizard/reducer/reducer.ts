// The wizard's rules: which state follows which, and which effects that needs. Pure: effects are values, run by
// wizard/effects.ts, which sends their results back as events. Each step has its rules in a file of its own.
import { parseDeployment } from '../../coder/deployment-url.ts'
import type { Step, WizardEvent, WizardPhase, WizardStart, WizardState } from '../state.ts'
import { goBackFromChecks, reduceChecks, reduceChecksResult } from './checks.ts'
import { goBackFromDeployment, reduceDeployment, reduceDeploymentResult } from './deployment.ts'
import { goBackFromFinish, reduceFinish, reduceFinishResult } from './finish.ts'
import { goBackFromProviders, reduceProviders } from './providers.ts'
import { goBackFromReview, reduceReview, reduceReviewResult } from './review.ts'
import { openQuestions, reduceStart, reduceStartResult } from './start.ts'
import { goBackFromToken, reduceToken, reduceTokenResult } from './token.ts'
import {
	type AnswerEvent,
	makeAppliedResult,
	quit,
	type ResultEvent,
	type Transition,
	unchanged,
} from './transitions.ts'

export type { Transition } from './transitions.ts'

/** The rules of one step: for what the user does, for results of effects, and for Esc. */
type StepRules<S extends Step> = {
	readonly answer: (state: WizardState, phase: Extract<WizardPhase, { step: S }>, event: AnswerEvent) => Transition
	readonly result: (state: WizardState, event: ResultEvent) => Transition
	readonly back: (state: WizardState, phase: Extract<WizardPhase, { step: S }>) => Transition
}

const rules: { readonly [S in Step]: StepRules<S> } = {
	start: { answer: reduceStart, result: reduceStartResult, back: state => unchanged(state) },
	providers: {
		answer: (state, _, event) => reduceProviders(state, event),
		result: state => unchanged(state),
		back: goBackFromProviders,
	},
	deployment: { answer: reduceDeployment, result: reduceDeploymentResult, back: goBackFromDeployment },
	token: { answer: reduceToken, result: reduceTokenResult, back: goBackFromToken },
	checks: { answer: reduceChecks, result: reduceChecksResult, back: goBackFromChecks },
	review: { answer: reduceReview, result: reduceReviewResult, back: goBackFromReview },
	finish: { answer: reduceFinish, result: reduceFinishResult, back: goBackFromFinish },
}

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
		phase: { step: 'providers', noneSelected: false },
		run: 0,
		tokens: null,
		newToken: null,
		strayToken: null,
		gateway: null,
		givenTokenOrigin: null,
		lastCheck: null,
		opened: null,
		beforeRetry: null,
		savesAnyway: false,
		isEditing: false,
	}
}

/** The first screen, with what it needs. */
export function openWizard(start: WizardStart): Transition {
	const state = makeInitialState(start)
	const parsed = start.opening === 'confirm' && start.prefill ? parseDeployment(start.prefill.text) : null
	const run = 1
	if (start.opening === 'menu' && start.rotatable) {
		return {
			state: { ...state, run, phase: { step: 'start', status: 'checking', run, rows: [] } },
			effects: [{ type: 'check-current', run, ...start.rotatable }],
		}
	}
	// Nothing is sent over plain http to an address that was merely found.
	if (parsed?.ok && !parsed.deployment.insecure) {
		const { deployment } = parsed
		return {
			state: { ...state, run, phase: { step: 'start', status: 'looking', run, deployment } },
			effects: [{ type: 'look-around', run, deployment }],
		}
	}
	return openQuestions(state)
}

/**
 * The transition for an event. Events without a meaning in the present state, and results of older runs, change
 * nothing.
 */
export function reduce(state: WizardState, event: WizardEvent): Transition {
	const { phase } = state
	if (phase.step === 'finish' && phase.status === 'done') return unchanged(state)
	// The compiler can't see that the rules of a step belong to its phase.
	const { answer, result, back } = rules[phase.step] as StepRules<Step>
	if ('run' in event) return 'run' in phase && phase.run === event.run ? result(state, event) : unchanged(state)
	if (event.type === 'cancel') return cancel(state)
	if (event.type !== 'back') return answer(state, phase, event)
	const next = back(state, phase)
	// One step back keeps every answer and cancels what is running.
	const isLeaving = 'run' in phase && next.state !== state
	return isLeaving ? { ...next, effects: [{ type: 'cancel-running' }, ...next.effects] } : next
}

/**
 * Ctrl-C. During a write, the wizard waits until its result is known (there are no partial writes); after a write,
 * quitting shows the summary.
 */
function cancel(state: WizardState): Transition {
	const { phase } = state
	if (phase.step === 'finish' && 'leaving' in phase) {
		return { state: { ...state, phase: { ...phase, leaving: true } }, effects: [{ type: 'cancel-running' }] }
	}
	if (phase.step === 'finish' && 'applyResult' in phase && phase.applyResult)
		return quit(state, makeAppliedResult(phase.applyResult))
	return quit(state, { status: 'cancelled' })
}
