// The wizard's state machine as a picture: every state that the rules can reach is visited, each kind of event is sent
// to it, and what follows is written down. Nothing here knows the rules; they are those of source/flow/reduce.ts.
import { finding } from '../../source/findings/finding.ts'
import { reduce, startState } from '../../source/flow/reduce.ts'
import type { Event, Screen, State, Step } from '../../source/flow/state.ts'
import { steps } from '../../source/flow/state.ts'
import type { Plan } from '../../source/setup/plan.ts'
import { goodToken, otherToken, planOf, receipt, report, start } from '../../test/flow/wizard-values.ts'
import { table } from './markdown.ts'

type KindOf<S extends Screen> = S extends { step: infer T extends Step; is: infer I extends string }
	? `${T}.${I}`
	: S['step']
/** A step's phase: `token.typing`; `providers` has only one. */
export type ScreenKind = KindOf<Screen>

/** What the user sees then, or what is under way. */
export const screenKinds: Readonly<Record<ScreenKind, string>> = {
	providers: 'ticking providers',
	'deployment.asking': 'asking for the URL',
	'deployment.insecure': 'plain HTTP: sure?',
	'deployment.looking': 'looking at it',
	'token.finding': 'looking for tokens',
	'token.choosing': 'choosing a token',
	'token.typing': 'pasting a token',
	'token.making': 'making a token',
	'checks.running': 'checking',
	'checks.done': 'checked',
	'review.planning': 'making the plan',
	'review.refused': 'no plan possible',
	'review.reviewing': 'showing the plan',
	'review.changing': 'which answer to change',
	'review.storing': 'where the token stands',
	'finish.applying': 'writing',
	'finish.exporting': 'clearing the fields',
	'finish.failed': 'not written',
	'finish.clearing': 'the file wins: clear it?',
	'finish.replaced': 'delete the old token?',
	'finish.deleting': 'deleting it',
	'finish.left': 'receipt and exit code',
}

/** What happens, in the words of the picture. */
const eventWords: Readonly<Record<Event['on'], string>> = {
	'toggle-provider': 'tick',
	'toggle-all': 'tick all',
	'choose-providers': 'Enter',
	renew: 'only a new token',
	'enter-deployment': 'URL',
	'accept-insecure': 'yes',
	'use-token': 'chosen',
	'make-token': 'make one',
	'type-token': 'paste one',
	'enter-token': 'pasted',
	retry: 'try again',
	continue: 'continue',
	'stand-in': 'another instance',
	change: 'change an answer',
	'change-answer': 'change an answer',
	'choose-storage': 'where it stands',
	store: 'chosen',
	'show-checks': 'show the checks',
	apply: 'apply',
	'print-exports': 'print export lines',
	'clear-settings': 'answered',
	'delete-old-token': 'answered',
	leave: 'leave',
	back: 'Esc',
	cancel: 'Ctrl-C',
	looked: 'it is Coder',
	'look-failed': 'it is not',
	'tokens-found': 'found',
	'token-made': 'made',
	'make-failed': 'refused',
	'check-moved': 'one more answered',
	checked: 'all answered',
	planned: 'made',
	'plan-failed': 'refused',
	applied: 'written',
	'changed-meanwhile': 'the file has changed',
	'apply-failed': 'failed',
	cleared: 'cleared',
	'token-deleted': 'deleted',
	'delete-failed': 'not deleted',
}

/** One kind of event that leads from one kind of screen to another, with the effects that it asks for. */
export type Transition = {
	readonly from: ScreenKind
	readonly event: Event['on']
	readonly to: ScreenKind
	readonly effects: readonly string[]
}

export function kindOf(screen: Screen): ScreenKind {
	return ('is' in screen ? `${screen.step}.${screen.is}` : screen.step) as ScreenKind
}

const findings = [finding('token-expired', 'token', {})]
const other = 'https://other.example.com'
const offers = [{ label: 'Coder CLI', note: '', answer: { secret: otherToken, from: 'from the Coder CLI' } }]
const clearing = { fields: [], text: '', reading: {} as Plan['reading'] }

/** Events of each kind, with values that a rule might tell apart. `run` is the one that the screen waits for. */
const events: { readonly [On in Event['on']]: (state: State, run: number) => readonly Extract<Event, { on: On }>[] } = {
	'toggle-provider': () => [{ on: 'toggle-provider', id: 'openai' }],
	'toggle-all': () => [{ on: 'toggle-all' }],
	'choose-providers': () => [{ on: 'choose-providers' }],
	renew: () => [{ on: 'renew' }],
	'enter-deployment': () =>
		['https://coder.example.com', other, 'http://clear.example.com', ''].map(text => ({
			on: 'enter-deployment',
			text,
		})),
	'accept-insecure': () => [{ on: 'accept-insecure' }],
	'use-token': () => [{ on: 'use-token', answer: { secret: otherToken, from: 'from the Coder CLI' } }],
	'make-token': () => [{ on: 'make-token' }],
	'type-token': () => [{ on: 'type-token' }],
	'enter-token': () => [
		{ on: 'enter-token', text: goodToken },
		{ on: 'enter-token', text: otherToken },
	],
	retry: () => [{ on: 'retry' }],
	continue: () => [{ on: 'continue', fixes: [] }],
	'stand-in': () => [{ on: 'stand-in', id: 'openai', instance: 'openai-eu' }],
	change: () => (['providers', 'deployment', 'token'] as const).map(step => ({ on: 'change', step })),
	'change-answer': () => [{ on: 'change-answer' }],
	'choose-storage': () => [{ on: 'choose-storage' }],
	store: () => [{ on: 'store', storage: { in: 'settings' } }],
	'show-checks': () => [{ on: 'show-checks' }],
	apply: () => [{ on: 'apply' }],
	'print-exports': () => [{ on: 'print-exports' }],
	'clear-settings': () => [true, false].map(yes => ({ on: 'clear-settings', yes })),
	'delete-old-token': () => [true, false].map(yes => ({ on: 'delete-old-token', yes })),
	leave: () => [{ on: 'leave' }],
	back: () => [{ on: 'back' }],
	cancel: () => [{ on: 'cancel' }],
	looked: ({ screen }, run) =>
		'deployment' in screen
			? [{ on: 'looked', run, settled: { deployment: screen.deployment, version: 'v2.36.0' } }]
			: [],
	'look-failed': (_, run) => [{ on: 'look-failed', run, findings }],
	'tokens-found': (_, run) => [
		{ on: 'tokens-found', run, tokens: { offers: [], makeable: null } },
		{ on: 'tokens-found', run, tokens: { offers, makeable: { name: 'mux-laptop', days: 30 } } },
	],
	'token-made': ({ answers }, run) =>
		answers.settled
			? [
					{
						on: 'token-made',
						run,
						made: { deployment: answers.settled.deployment, secret: goodToken, name: 'mux-laptop' },
					},
				]
			: [],
	'make-failed': (_, run) => [{ on: 'make-failed', run, findings }],
	'check-moved': (_, run) => [{ on: 'check-moved', run, rows: [] }],
	checked: (_, run) => [
		{ on: 'checked', run, rows: [], report },
		{ on: 'checked', run, rows: [], report: { ...report, findings } },
		{ on: 'checked', run, rows: [], report: { ...report, replaced: { keyId: 'abcdefghij', name: 'mux-laptop' } } },
	],
	planned: (state, run) =>
		[{}, { unchanged: true }, { exports: { ...planOf(state).exports, clearing } }].map(facts => ({
			on: 'planned',
			run,
			plan: { ...planOf(state), text: '', ...facts },
		})),
	'plan-failed': (_, run) => [{ on: 'plan-failed', run, findings }],
	applied: (_, run) => [{ on: 'applied', run, receipt }],
	'changed-meanwhile': (_, run) => [{ on: 'changed-meanwhile', run }],
	'apply-failed': (_, run) => [{ on: 'apply-failed', run, findings }],
	cleared: ({ screen }, run) =>
		'plan' in screen ? [{ on: 'cleared', run, exports: screen.plan.exports, receipt }] : [],
	'token-deleted': (_, run) => [{ on: 'token-deleted', run }],
	'delete-failed': (_, run) => [{ on: 'delete-failed', run, findings }],
}

/** The names of results, which count only where the screen waits for them. */
const isResult = (event: Event) => 'run' in event

/**
 * Every transition that the rules have, found by visiting each state that differs in more than its run number, breadth
 * first. Throws where a kind of screen is never reached, or a kind of event never does anything.
 */
export function walkStates(): Transition[] {
	const found = new Map<string, Transition>()
	const seen = new Set<string>()
	const used = new Set<Event['on']>()
	const starts = [start, { ...start, renewable: { origin: 'https://coder.example.com', ids: ['openai'] } }]
	let level: State[] = starts.map(startState)
	while (level.length > 0) {
		const next: State[] = []
		for (const state of level) {
			const { screen } = state
			const run = 'run' in screen ? screen.run : -1
			for (const make of Object.values(events)) {
				for (const event of make(state, run) as readonly Event[]) {
					if (isResult(event) && run < 0) continue
					const { state: after, effects } = reduce(state, event)
					if (after === state) continue
					used.add(event.on)
					const [from, to] = [kindOf(screen), kindOf(after.screen)]
					const names = effects.map(effect => effect.do)
					const key = `${from} ${event.on} ${to}`
					const known = found.get(key)
					found.set(key, { from, event: event.on, to, effects: [...new Set([...(known?.effects ?? []), ...names])] })
					const identity = identityOf(after)
					if (seen.has(identity)) continue
					seen.add(identity)
					next.push(after)
				}
			}
		}
		level = next
	}
	const kinds = Object.keys(screenKinds) as ScreenKind[]
	const reached = new Set([...found.values()].flatMap(({ from, to }) => [from, to]))
	const missing = [
		...kinds.filter(kind => !reached.has(kind)),
		...(Object.keys(events) as Event['on'][]).filter(on => !used.has(on)),
	]
	if (missing.length > 0) throw new Error(`the walk through the wizard's states never met ${missing.join(', ')}`)
	const rank = (kind: ScreenKind) => kinds.indexOf(kind)
	const names = Object.keys(eventWords)
	return [...found.values()].sort(
		(a, b) => rank(a.from) - rank(b.from) || names.indexOf(a.event) - names.indexOf(b.event) || rank(a.to) - rank(b.to),
	)
}

/** What tells states apart: everything but the number of the run. */
function identityOf(state: State): string {
	return (
		JSON.stringify(state, (name, value) => (name === 'run' || name === 'start' ? undefined : value)) +
		(state.start.renewable === null)
	)
}

/** Transitions that the picture draws: those to another screen, but for the ways back and out, which have sentences. */
function drawn(transitions: readonly Transition[]): Transition[] {
	return transitions.filter(({ from, to, event }) => from !== to && !['back', 'cancel', 'leave'].includes(event))
}

/** The picture, as Mermaid draws it. */
export function stateDiagram(transitions: readonly Transition[]): string {
	const name = (kind: ScreenKind) => kind.replace('.', '_')
	const kinds = Object.keys(screenKinds) as ScreenKind[]
	const groups = steps.map(step => {
		const own = kinds.filter(kind => kind.split('.')[0] === step)
		const title = `${step.charAt(0).toUpperCase()}${step.slice(1)}`
		return [
			`  state "${title}" as step_${step} {`,
			...own.map(kind => `    state "${screenKinds[kind]}" as ${name(kind)}`),
			'  }',
		]
	})
	const arrows = new Map<string, string[]>()
	for (const { from, to, event } of drawn(transitions)) {
		const key = `${name(from)} --> ${name(to)}`
		const labels = arrows.get(key) ?? []
		if (!labels.includes(eventWords[event])) arrows.set(key, [...labels, eventWords[event]])
	}
	return [
		'stateDiagram-v2',
		'  direction LR',
		...groups.flat(),
		'  [*] --> providers',
		...[...arrows].map(([arrow, labels]) => `  ${arrow}: ${labels.join(', ')}`),
		'  finish_left --> [*]',
		'',
	].join('\n')
}

/** The same as a table, for those who do not see pictures, with the effects that each transition asks for. */
export function transitionsTable(transitions: readonly Transition[]): string {
	const rows = transitions
		.filter(({ event }) => !['back', 'cancel', 'leave'].includes(event))
		.filter(({ from, to, effects }) => from !== to || effects.length > 0)
		.map(({ from, event, to, effects }) => [code(from), code(event), code(to), effects.map(code).join(', ')])
	return table(['On', 'event', 'leads to', 'and starts'], rows)
}

/** Where Esc leads from each screen; Ctrl-C and leaving, in a sentence, as the walk found them. */
export function waysBack(transitions: readonly Transition[]): string {
	const kinds = Object.keys(screenKinds) as ScreenKind[]
	const to = (from: ScreenKind, event: Event['on']) =>
		transitions.filter(one => one.from === from && one.event === event)
	const rows = kinds.flatMap(kind => {
		const targets = to(kind, 'back').map(one => code(one.to))
		return targets.length > 0 ? [[code(kind), targets.join(' or ')]] : []
	})
	const staying = kinds.filter(
		kind => kind !== 'finish.left' && to(kind, 'cancel').every(one => one.to !== 'finish.left'),
	)
	const cancel = `Ctrl-C leads to ${code('finish.left')} from every screen but ${staying.map(code).join(' and ')}, where it is first known whether something was written.`
	const leaving = kinds.filter(kind => to(kind, 'leave').some(one => one.to === 'finish.left'))
	return `${table(['Esc on', 'leads to'], rows)}\n${cancel} Leaving is offered on ${leaving.map(code).join(', ')}.\n`
}

function code(text: string): string {
	return `\`${text}\``
}
