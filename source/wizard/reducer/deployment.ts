// The step "Deployment": the Coder URL and what runs there.
import { type SeparatedInput, separateToken } from '../../coder/deployment-input.ts'
import { type Deployment, parseDeployment } from '../../coder/deployment-url.ts'
import { tokenLength } from '../../coder/token-format.ts'
import { type Finding, type FindingCode, finding } from '../../findings/finding.ts'
import { Secret } from '../../secrets/secret.ts'
import type { ConfirmedDeployment, WizardAnswers, WizardEffect, WizardPhase, WizardState } from '../state.ts'
import {
	type AnswerEvent,
	advance,
	chain,
	probe,
	quit,
	type ResultEvent,
	type Transition,
	unchanged,
	withAnswers,
} from './transitions.ts'

export function reduceDeployment(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'deployment' }>,
	event: AnswerEvent,
): Transition {
	if (event.type === 'edit-deployment' && phase.status === 'input') return editDeployment(state, phase, event.text)
	if (event.type === 'paste-stray-token' && phase.status === 'input') {
		const { text, isBurst } = event
		const pasted = text.inspect(whole => separateToken(whole, isBurst))
		if (!pasted) return unchanged(state)
		// A slow terminal delivers the first characters of a paste as if they had been typed.
		const joined = text.inspect(rest => separateToken(state.answers.deploymentText + rest))
		if (pasted.token.keyId === null && joined?.token.keyId) return keepTypedToken(state, joined)
		// The last characters of a paste without marks come as if they had been typed, too.
		return keepStrayToken(state, pasted, state.answers.deploymentText, isBurst === true)
	}
	if (event.type === 'submit-deployment' && phase.status === 'input') return submitDeployment(state, event.text)
	if (event.type === 'accept-insecure' && phase.status === 'insecure') return probe(state, phase.deployment)
	if (event.type === 'accept-suggestion' && phase.status === 'suggested') {
		const { deployment } = phase
		const moved = forgetDeployment(withAnswers(state, { deploymentText: deployment.origin }))
		return chain(moved, next => probe(next, deployment))
	}
	if (event.type === 'quit') return quit(state, { status: 'quit' })
	return unchanged(state)
}

function editDeployment(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'deployment'; status: 'input' }>,
	text: string,
): Transition {
	const { strayToken } = state
	const before = state.answers.deploymentText
	const typed = text.startsWith(before) ? text.slice(before.length) : ''
	if (phase.isTypingToken && strayToken && strayToken.length < tokenLength && /^[A-Za-z0-9]+$/.test(typed)) {
		return keepTypedToken(state, { text: before, token: strayToken.inspect(known => new Secret(known + typed)) })
	}
	const separated = separateToken(text, true)
	if (separated) return keepTypedToken(state, separated)
	// Findings about the previous text don't apply to this one.
	return unchanged({
		...withAnswers(state, { deploymentText: text }),
		phase: { step: 'deployment', status: 'input', findings: [] },
	})
}

/** Takes a token out of the field, where it would be readable. A URL beside it stays, or else `before`. */
function keepStrayToken(
	state: WizardState,
	{ text, token }: SeparatedInput,
	before: string,
	isTypingToken: boolean,
): Transition {
	return unchanged({
		...withAnswers(state, { deploymentText: text === '' ? before : text }),
		strayToken: token,
		phase: {
			step: 'deployment',
			status: 'input',
			findings: [finding('url-is-token', 'deployment', { kept: token.keyId !== null })],
			isTypingToken,
		},
	})
}

/** The same for a token whose first characters are in the field already. */
function keepTypedToken(state: WizardState, separated: SeparatedInput): Transition {
	return keepStrayToken(state, separated, state.start.prefill?.text ?? '', true)
}

export function submitDeployment(state: WizardState, text: string): Transition {
	const separated = separateToken(text)
	const parsed = parseDeployment(text)
	if (separated && !parsed.ok) return keepTypedToken(state, separated)
	const answered = withAnswers(state, { deploymentText: separated ? separated.text : text })
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
	return chain(cleared, next => probe(next, deployment))
}

/** Another deployment: what is known about the previous one, above all its token, must not reach it. */
function forgetDeployment(state: WizardState): Transition {
	const answers: WizardAnswers = { ...state.answers, deployment: null, token: null, storage: state.start.storage }
	const effects: WizardEffect[] = state.newToken ? [{ type: 'revoke-unused-token', newToken: state.newToken }] : []
	return { state: { ...state, answers, tokens: null, newToken: null, lastCheck: null }, effects }
}

/** The result of an effect of this step. */
export function reduceDeploymentResult(state: WizardState, event: ResultEvent): Transition {
	const { phase } = state
	switch (event.type) {
		case 'deployment-probed':
			if (phase.step !== 'deployment') return unchanged(state)
			return advance(withAnswers(state, { deployment: withGateway(state, event.settled) }), 'deployment')
		case 'probe-failed':
			if (phase.step !== 'deployment') return unchanged(state)
			if (event.findings[0]?.code === 'standalone-gateway') return keepGateway(state, event.findings[0])
			return unchanged({ ...state, phase: suggest(state, event.findings) })
		default:
			return unchanged(state)
	}
}

/** A gateway isn't the deployment, but serves its providers: the deployment is asked for next. */
function keepGateway(state: WizardState, issue: Finding<'standalone-gateway'>): Transition {
	const parsed = parseDeployment(state.answers.deploymentText)
	const isUsable = parsed.ok && !parsed.deployment.insecure
	const kept: Finding = isUsable ? { ...issue, details: { ...issue.details, kept: 'yes' } } : issue
	return unchanged({
		...state,
		gateway: isUsable ? parsed.deployment.origin : state.gateway,
		phase: { step: 'deployment', status: 'input', findings: [kept] },
	})
}

function withGateway({ gateway }: WizardState, settled: ConfirmedDeployment): ConfirmedDeployment {
	if (gateway === null || settled.deployment.gateway !== undefined) return settled
	return { ...settled, deployment: { ...settled.deployment, gateway } }
}

/** Findings whose `url` is another address of the deployment. */
const leadingCodes: ReadonlySet<FindingCode> = new Set([
	'redirect-to-deployment',
	'redirect-same-host',
	'http-to-tls-port',
	'workspace-proxy',
])

/** The address that a finding leads to is offered in full; never http in place of https. */
function suggest(state: WizardState, findings: readonly Finding[]): WizardPhase {
	const input = { step: 'deployment', status: 'input', findings } as const
	const leading = findings.find(issue => leadingCodes.has(issue.code))
	const url = leading?.details['url']
	const parsed = typeof url === 'string' ? parseDeployment(url) : null
	const here = parseDeployment(state.answers.deploymentText)
	if (!parsed?.ok || parsed.deployment.insecure || !here.ok || here.deployment.origin === parsed.deployment.origin)
		return input
	const hostOf = ({ origin }: Deployment) => new URL(origin).hostname
	const isSameHost = hostOf(parsed.deployment) === hostOf(here.deployment)
	return { ...input, status: 'suggested', deployment: parsed.deployment, isSameHost }
}

export function goBackFromDeployment(
	state: WizardState,
	phase: Extract<WizardPhase, { step: 'deployment' }>,
): Transition {
	if (phase.status === 'input') return unchanged({ ...state, phase: { step: 'providers', noneSelected: false } })
	return unchanged({ ...state, phase: { step: 'deployment', status: 'input', findings: [] } })
}
