// The wizard's state machine as a diagram: visits every reachable state, sends each kind of event to it, and records the
// transitions. The rules themselves are only in source/wizard/reducer/.
import { finding } from '../../source/findings/finding.ts'
import { PrivateText } from '../../source/secrets/private-text.ts'
import { Secret } from '../../source/secrets/secret.ts'
import type { Plan } from '../../source/setup/plan.ts'
import { getChoices } from '../../source/wizard/prompts.ts'
import { makeInitialState, openWizard, reduce } from '../../source/wizard/reducer/reducer.ts'
import {
	type Step,
	steps,
	type WizardEffect,
	type WizardEvent,
	type WizardPhase,
	type WizardStart,
	type WizardState,
} from '../../source/wizard/state.ts'
import {
	applyResult,
	connectedPlanOf,
	goodToken,
	otherToken,
	planOf,
	provenReport,
	report,
	start,
} from '../../test/wizard/sample-values.ts'
import { table } from './table.ts'

type PhaseNameOf<S extends WizardPhase> = S extends { step: infer T extends Step; status: infer I extends string }
	? `${T}.${I}`
	: S['step']
/** A step's phase: `token.paste`; `providers` has only one. */
export type PhaseName = PhaseNameOf<WizardPhase>

/** What the user sees then, or what is under way. */
export const phaseLabels: Readonly<Record<PhaseName, string>> = {
	'start.looking': 'looking for a login',
	'start.confirm': 'confirming what was found',
	'start.checking': 'checking the present setup',
	'start.menu': 'showing the present setup',
	providers: 'selecting providers',
	'deployment.input': 'entering the Coder URL',
	'deployment.insecure': 'confirming plain HTTP',
	'deployment.suggested': 'confirming another URL',
	'deployment.probing': 'contacting the deployment',
	'token.discovering': 'searching for tokens',
	'token.select': 'selecting a token',
	'token.paste': 'pasting a token',
	'token.creating': 'creating a token',
	'token.verifying': 'checking the token',
	'token.verified': 'confirming the pasted token',
	'token.exchange': 'replacing a short-lived token',
	'token.rejected': 'token rejected',
	'checks.running': 'running the checks',
	'checks.done': 'showing the result',
	'review.planning': 'preparing the change',
	'review.error': 'change not possible',
	'review.confirm': 'showing the change',
	'review.edit': 'selecting an answer to change',
	'review.storage': 'selecting where to store the token',
	'finish.applying': 'saving',
	'finish.exporting': 'removing fields',
	'finish.failed': 'not saved',
	'finish.sending': 'sending a test message',
	'finish.confirm-clear': 'confirming the removal of fields',
	'finish.confirm-revoke': 'confirming the revocation',
	'finish.revoking': 'revoking the old token',
	'finish.done': 'summary and exit code',
}

/** What happens, in the words of the picture. */
const eventLabels: Readonly<Record<WizardEvent['type'], string>> = {
	'toggle-provider': 'toggle',
	'toggle-all': 'toggle all',
	'submit-providers': 'Enter',
	'renew-token': 'renew the token',
	'accept-found': 'yes',
	'open-questions': 'step by step',
	disconnect: 'disconnect',
	'edit-deployment': 'paste',
	'submit-deployment': 'URL',
	'paste-stray-token': 'pastes a token in place of the URL',
	'accept-insecure': 'yes',
	'accept-suggestion': 'yes',
	'save-anyway': 'save anyway',
	'drop-providers': 'without a provider',
	'paste-another': 'paste another one',
	'select-token': 'selected',
	'create-token': 'create one',
	'open-paste': 'paste one',
	'submit-token': 'pasted',
	retry: 'try again',
	continue: 'continue',
	'use-instance': 'another instance',
	'edit-answer': 'change an answer',
	'open-edit-menu': 'change an answer',
	'open-storage': 'change the storage',
	'select-storage': 'selected',
	'show-checks': 'show the checks',
	'apply-plan': 'apply',
	'send-messages': 'send a test message',
	'print-exports': 'print export lines',
	'clear-settings': 'answered',
	'revoke-old-token': 'answered',
	quit: 'quit',
	back: 'Esc',
	cancel: 'Ctrl-C',
	'looked-around': 'done',
	'current-progressed': 'progress',
	'current-checked': 'completed',
	'token-verified': 'accepted',
	'token-refused': 'rejected',
	'deployment-probed': 'it is Coder',
	'probe-failed': 'it is something else',
	'tokens-found': 'found',
	'token-created': 'done',
	'create-failed': 'rejected',
	'check-progressed': 'progress',
	'checks-done': 'completed',
	'plan-made': 'done',
	'plan-failed': 'rejected',
	'plan-applied': 'saved',
	'messages-sent': 'answered',
	'settings-changed': 'file changed',
	'apply-failed': 'failed',
	'settings-cleared': 'removed',
	'token-revoked': 'revoked',
	'revoke-failed': 'not revoked',
}

/** One kind of event that leads from one kind of screen to another, with the effects that it asks for. */
export type Transition = {
	readonly from: PhaseName
	readonly event: WizardEvent['type']
	readonly to: PhaseName
	readonly effects: readonly string[]
	/** Met only if later answers are known already, so that steps are passed over. */
	readonly isShortcut: boolean
}

export function getPhaseName(phase: WizardPhase): PhaseName {
	return ('status' in phase ? `${phase.step}.${phase.status}` : phase.step) as PhaseName
}

const findings = [finding('token-expired', 'token', {})]
const fix = { id: 'provider-turned-off:openai.enabled', label: 'remove "enabled": false', edits: [] }
const makeable = { name: 'mux-laptop', days: 30 }
const offers = [
	{
		label: 'Coder CLI',
		name: '',
		state: '',
		choice: { secret: otherToken, from: 'from the Coder CLI' },
		isValid: true,
		isLasting: false,
	},
]
const connected = { plan: connectedPlanOf(makeInitialState(start)), report: provenReport }
const clearing = { fields: [], text: '', reading: {} as Plan['context'] }

/** What the user can do: whatever is offered as a choice, what the fields of a step send, Esc and Ctrl-C. */
function userEvents(state: WizardState): WizardEvent[] {
	const { phase } = state
	const typed: WizardEvent[] = (() => {
		switch (phase.step) {
			case 'providers':
				return [
					{ type: 'toggle-provider', id: 'openai' },
					{ type: 'toggle-all' },
					{ type: 'submit-providers' },
					...(state.start.rotatable ? [{ type: 'renew-token' } as const] : []),
				]
			case 'deployment': {
				const urls = ['https://coder.example.com', 'https://other.example.com', 'http://clear.example.com', '']
				if (phase.status !== 'input') return []
				return [
					{ type: 'edit-deployment', text: 'c' },
					{ type: 'paste-stray-token', text: otherToken },
					...urls.map((text): WizardEvent => ({ type: 'submit-deployment', text })),
				]
			}
			case 'token': {
				const texts = [goodToken, otherToken, new Secret('')]
				const takesText = ['paste', 'select', 'verified'].includes(phase.status)
				const paste: WizardEvent = { type: 'submit-token', text: goodToken, isPaste: true }
				const clear: WizardEvent[] = phase.status === 'verified' ? [{ type: 'open-paste' }] : []
				const entered = texts.map((text): WizardEvent => ({ type: 'submit-token', text }))
				return takesText ? [...entered, paste, ...clear] : []
			}
			default:
				return []
		}
	})()
	return [...typed, ...getChoices(state).map(choice => choice.event), { type: 'back' }, { type: 'cancel' }]
}

/** What can come of each effect. */
const results: {
	readonly [Do in WizardEffect['type']]: (
		effect: Extract<WizardEffect, { type: Do }>,
		state: WizardState,
	) => readonly WizardEvent[]
} = {
	'look-around': ({ run, deployment }) => [
		{ type: 'looked-around', run, found: null },
		...[null, makeable].map((made): WizardEvent => {
			const tokens = { options: offers, makeable: made }
			const found = { settled: { deployment, version: 'v2.36.0' }, tokens, login: offers[0]! }
			return { type: 'looked-around', run, found }
		}),
	],
	'check-current': ({ run }) => [
		{ type: 'current-progressed', run, rows: [] },
		{ type: 'current-checked', run, current: null },
		{ type: 'current-checked', run, current: { rows: [], headline: '', tone: 'success', connected } },
	],
	'verify-token': ({ run }) => [
		{ type: 'token-verified', run, owner: 'alice', expires: null, makeable: null },
		{ type: 'token-verified', run, owner: 'alice', expires: 'in 7 days', makeable },
		{ type: 'token-refused', run, findings },
	],
	'probe-deployment': ({ run, deployment }) => [
		{ type: 'deployment-probed', run, settled: { deployment, version: 'v2.36.0' } },
		{ type: 'probe-failed', run, findings },
		...['https://other.example.com'].map(
			(url): WizardEvent => ({
				type: 'probe-failed',
				run,
				findings: [finding('redirect-to-deployment', 'deployment', { host: 'x', origin: 'x', target: url, url })],
			}),
		),
	],
	'find-tokens': ({ run }) => [
		{ type: 'tokens-found', run, tokens: { options: [], makeable: null } },
		{ type: 'tokens-found', run, tokens: { options: offers, makeable: { name: 'mux-laptop', days: 30 } } },
	],
	'create-token': ({ run, deployment }) => [
		{ type: 'token-created', run, newToken: { deployment, secret: goodToken, name: 'mux-laptop' } },
		{ type: 'create-failed', run, findings },
	],
	'run-checks': ({ run }) => [
		{ type: 'check-progressed', run, rows: [] },
		...[
			{},
			{ providers: provenReport.providers },
			{
				findings: [
					...findings,
					finding('not-coder', 'deployment', { host: 'coder.example.com', path: '/' }),
					finding('provider-unknown', 'openai', { provider: 'openai' }),
				],
				otherInstances: [{ id: 'openai' as const, instance: 'openai-eu' }],
			},
			{ fixes: [fix] },
			{
				findings: [finding('provider-unknown', 'openai', { provider: 'openai' })],
				providers: [
					{ id: 'openai', proven: false, answeredMs: null },
					{ id: 'anthropic', proven: true, answeredMs: 300 },
				],
			},
			{ providers: provenReport.providers, replaced: { keyId: 'abcdefghij', name: 'mux-laptop' } },
		].map((facts): WizardEvent => ({ type: 'checks-done', run, rows: [], report: { ...report, ...facts } })),
		{ type: 'plan-failed', run, findings },
	],
	'make-plan': ({ run }, state) => [
		...[{}, connectedPlanOf(state), { unchanged: true }, { exports: { ...planOf(state).exports, clearing } }].map(
			(facts): WizardEvent => ({
				type: 'plan-made',
				run,
				plan: { ...planOf(state), ...facts, text: new PrivateText('') } as Plan,
			}),
		),
		{ type: 'plan-failed', run, findings },
	],
	'apply-plan': ({ run }) => [
		{ type: 'plan-applied', run, applyResult },
		{ type: 'settings-changed', run },
		{ type: 'apply-failed', run, findings },
	],
	'send-messages': ({ run }) => [{ type: 'messages-sent', run, ...connected.report, answers: [] }],
	'clear-settings': ({ run, exports }) => [
		{ type: 'settings-cleared', run, exports, cleared: applyResult },
		{ type: 'settings-changed', run },
		{ type: 'apply-failed', run, findings },
	],
	'revoke-token': ({ run }) => [
		{ type: 'token-revoked', run },
		{ type: 'revoke-failed', run, findings },
	],
	'cancel-running': () => [],
	'revoke-unused-token': () => [],
	quit: () => [],
}

type Node = { readonly state: WizardState; readonly running: WizardEffect | null }

/**
 * Every transition that the rules have, found by visiting the states breadth first, from both openings: with nothing set
 * up, and with a bridge in the settings already. Throws where a kind of screen or of event is never met.
 */
export function walkStates(): Transition[] {
	const found = new Map<string, Transition>()
	const visited = new Set<string>()
	const rotatable = { origin: 'https://coder.example.com', ids: ['openai'] }
	const openings: WizardStart[] = [
		start,
		{ ...start, rotatable },
		{ ...start, opening: 'confirm' },
		{ ...start, rotatable, opening: 'menu' },
	]
	const queue: Node[] = openings.map(opening => {
		const { state, effects } = openWizard(opening)
		return { state, running: effects[0] ?? null }
	})
	for (const { state, running } of queue) {
		const answers = running ? results[running.type](running as never, state) : []
		for (const event of [...userEvents(state), ...answers]) {
			const { state: after, effects } = reduce(state, event)
			if (after === state) continue
			const [from, to] = [getPhaseName(state.phase), getPhaseName(after.phase)]
			const key = `${from} ${event.type} ${to}`
			const known = found.get(key)
			const names = new Set([...(known?.effects ?? []), ...effects.map(effect => effect.type)])
			const isShortcut = (known?.isShortcut ?? true) && skipsSteps(state)
			found.set(key, { from, event: event.type, to, effects: [...names].sort(), isShortcut })
			const identity = getIdentity(after)
			if (visited.has(identity)) continue
			visited.add(identity)
			queue.push({
				state: after,
				running: effects.find(effect => 'run' in effect) ?? (isSameRun(after, state) ? running : null),
			})
		}
	}
	const met = new Set([...found.values()].flatMap(({ from, to, event }) => [from, to, event]))
	const missing = [...Object.keys(phaseLabels), ...Object.keys(eventLabels)].filter(name => !met.has(name as PhaseName))
	if (missing.length > 0) throw new Error(`the walk through the wizard's states never met ${missing.join(', ')}`)
	const [screens, names] = [Object.keys(phaseLabels), Object.keys(eventLabels)]
	const places = ({ from, event, to }: Transition) => [screens.indexOf(from), names.indexOf(event), screens.indexOf(to)]
	return [...found.values()].sort((one, other) => {
		const [a, b] = [places(one), places(other)]
		return a.map((place, index) => place - (b[index] ?? 0)).find(difference => difference !== 0) ?? 0
	})
}

/** Whether answers that the usual way has still before it are known: one is changed, or the user has come back. */
function skipsSteps({ isEditing: shortcut, answers, phase }: WizardState): boolean {
	return shortcut || (answers.deployment !== null && (phase.step === 'providers' || phase.step === 'deployment'))
}

/** Whether the screen still waits for the result that the one before waited for. */
function isSameRun(after: WizardState, before: WizardState): boolean {
	return 'run' in after.phase && 'run' in before.phase && after.phase.run === before.phase.run
}

/** What makes no difference to which screen follows. */
const ignoredKeys = new Set([
	'start',
	'run',
	'rows',
	'deploymentText',
	'storage',
	'fixes',
	'notice',
	'removed',
	'label',
	'opened',
	'beforeRetry',
	'repeated',
	'owner',
	'from',
	'answer',
	'found',
])

/** States with the same identity are taken for the same. */
function getIdentity(state: WizardState): string {
	const facts = JSON.stringify(state, (name, value) => {
		if (ignoredKeys.has(name)) return undefined
		return name === 'providers' ? value.length > 0 : value
	})
	const isFirst = state.phase.step === 'start' || state.phase.step === 'providers'
	const opening = isFirst ? `${state.start.opening} ${state.opened?.status}` : ''
	return `${opening} ${state.start.rotatable !== null} ${facts}`
}

/** What the picture leaves to sentences: the ways back and out, and from where one answer is changed. */
const describedInText: readonly WizardEvent['type'][] = ['back', 'cancel', 'quit', 'edit-answer']

/** The picture, as Mermaid draws it. */
export function makeStateDiagram(transitions: readonly Transition[]): string {
	const name = (kind: PhaseName) => kind.replace('.', '_')
	const kinds = Object.keys(phaseLabels) as PhaseName[]
	const groups = ['start', ...steps].map(step => {
		const own = kinds.filter(kind => kind.split('.')[0] === step)
		const title = `${step.charAt(0).toUpperCase()}${step.slice(1)}`
		return [
			`  state "${title}" as step_${step} {`,
			...own.map(kind => `    state "${phaseLabels[kind]}" as ${name(kind)}`),
			'  }',
		]
	})
	const arrows = new Map<string, string[]>()
	for (const { from, to, event, isShortcut } of transitions) {
		if (from === to || isShortcut || describedInText.includes(event)) continue
		const key = `${name(from)} --> ${name(to)}`
		const labels = arrows.get(key) ?? []
		if (!labels.includes(eventLabels[event])) arrows.set(key, [...labels, eventLabels[event]])
	}
	return [
		'stateDiagram-v2',
		'  accTitle: The wizard from its first question to its end',
		'  accDescr: The same as in the table of transitions below, but for the ways back and out',
		'  direction TB',
		...groups.flat(),
		'  [*] --> start_looking: a URL was found',
		'  [*] --> start_checking: connected already',
		'  [*] --> providers',
		...[...arrows].map(([arrow, labels]) => `  ${arrow}: ${labels.join(', ')}`),
		'  finish_done --> [*]',
		'',
	].join('\n')
}

/** The same as a table, for those who do not see pictures, with the effects that each transition asks for. */
export function makeTransitionsTable(transitions: readonly Transition[]): string {
	const rows = transitions
		.filter(({ from, to, event }) => from !== to && !describedInText.includes(event))
		.map(({ from, event, to, effects, isShortcut }) => {
			const events = isShortcut ? `${code(event)}, if later answers are known` : code(event)
			return [code(from), events, code(to), effects.map(code).join(', ')]
		})
	return table(['On', 'the event', 'leads to', 'and asks for'], rows)
}

/** Where Esc leads, and what the walk found of changing an answer, leaving and Ctrl-C. */
export function describeWaysBack(transitions: readonly Transition[]): string {
	const kinds = Object.keys(phaseLabels) as PhaseName[]
	const from = (kind: PhaseName, event: WizardEvent['type']) =>
		transitions.filter(one => one.from === kind && one.event === event).map(one => one.to)
	const offering = (event: WizardEvent['type']) => joinWithAnd(kinds.filter(kind => from(kind, event).length > 0))
	const esc = kinds.flatMap(kind => {
		const targets = from(kind, 'back')
		return targets.length > 0 ? [[code(kind), targets.map(code).join(' or ')]] : []
	})
	const answers = joinWithAnd([...new Set(kinds.flatMap(kind => from(kind, 'edit-answer')))])
	const waiting = kinds.filter(kind => kind !== 'finish.done' && !from(kind, 'cancel').includes('finish.done'))
	return [
		table(['Esc on', 'leads to'], esc),
		`An answer can be changed from ${offering('edit-answer')}; that leads to ${answers}, and from there past every step that`,
		'has its answer. Leaving is offered on ' +
			`${offering('quit')}. Ctrl-C leads to ${code('finish.done')} from everywhere but`,
		`${joinWithAnd(waiting)}: there it is first known whether something was written.`,
		'',
	].join('\n')
}

function joinWithAnd(kinds: readonly PhaseName[]): string {
	const words = kinds.map(code)
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

function code(text: string): string {
	return `\`${text}\``
}
