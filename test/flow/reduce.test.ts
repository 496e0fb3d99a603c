import { describe, expect, it } from 'vitest'
import { finding } from '../../source/findings/finding.ts'
import { choicesOf } from '../../source/flow/questions.ts'
import { reduce, startState } from '../../source/flow/reduce.ts'
import type { Effect, Event, State } from '../../source/flow/state.ts'
import { Secret } from '../../source/secret.ts'
import { goodToken, otherToken, planOf, receipt, report, start } from './wizard-values.ts'

const origin = 'https://coder.example.com'
const deployment = { origin, insecure: false }
const settled = { deployment, version: 'v2.31.2' }

/** Plays events from the start; `run` in an event stands for the run that is under way. */
function play(...events: Event[]): { state: State; effects: Effect[] } {
	return playFrom(startState(start), ...events)
}

function playFrom(first: State, ...events: Event[]): { state: State; effects: Effect[] } {
	let state = first
	let effects: Effect[] = []
	for (const event of events) {
		const next = reduce(state, 'run' in event ? { ...event, run: state.run } : event)
		state = next.state
		effects = [...next.effects]
	}
	return { state, effects }
}

const toDeployment: Event[] = [{ on: 'choose-providers' }]
const toLooking: Event[] = [...toDeployment, { on: 'enter-deployment', text: origin }]
const toToken: Event[] = [...toLooking, { on: 'looked', run: 0, settled }]
const toTyping: Event[] = [...toToken, { on: 'tokens-found', run: 0, tokens: { offers: [], makeable: null } }]
const toChecks: Event[] = [...toTyping, { on: 'enter-token', text: goodToken }]
const toPlanning: Event[] = [...toChecks, { on: 'checked', run: 0, rows: [], report }]

function toReview(): State {
	const { state } = play(...toPlanning)
	return playFrom(state, { on: 'planned', run: 0, plan: planOf(state) }).state
}

describe('the way forward', () => {
	const table: [string, Event[], Partial<State['screen']>, string[]][] = [
		['opens with the providers', [], { step: 'providers' }, []],
		['asks for the deployment', toDeployment, { step: 'deployment', is: 'asking' }, []],
		['looks at the deployment', toLooking, { step: 'deployment', is: 'looking' }, ['look']],
		['looks for tokens', toToken, { step: 'token', is: 'finding' }, ['find-tokens']],
		['asks for a token at once where none was found', toTyping, { step: 'token', is: 'typing' }, []],
		['checks', toChecks, { step: 'checks', is: 'running' }, ['check']],
		['plans when nothing is to be decided', toPlanning, { step: 'review', is: 'planning' }, ['plan']],
	]
	for (const [name, events, screen, effects] of table) {
		it(name, () => {
			const played = play(...events)
			expect(played.state.screen).toMatchObject(screen)
			expect(played.effects.map(effect => effect.do)).toEqual(effects)
		})
	}

	it('reviews, applies that very plan, and leaves with the receipt', () => {
		const reviewing = toReview()
		expect(reviewing.screen).toMatchObject({ step: 'review', is: 'reviewing' })
		const applying = playFrom(reviewing, { on: 'apply' })
		expect(applying.effects).toMatchObject([{ do: 'apply', plan: { text: planOf(reviewing).text } }])
		const left = playFrom(applying.state, { on: 'applied', run: 0, receipt })
		expect(left.effects.at(-1)).toEqual({
			do: 'leave',
			outcome: { is: 'applied', receipt, findings: [], deleted: null },
		})
	})

	it('needs at least one provider', () => {
		const { state } = play({ on: 'toggle-all' }, { on: 'choose-providers' })
		expect(state.screen).toEqual({ step: 'providers', noneTicked: true })
		expect(playFrom(state, { on: 'toggle-provider', id: 'openai' }, { on: 'choose-providers' }).state.screen.step).toBe(
			'deployment',
		)
	})

	it('stays with the deployment where its address or the look at it is refused', () => {
		const typed = play(...toDeployment, { on: 'enter-deployment', text: 'ftp://x' }).state
		expect(typed.screen).toMatchObject({ is: 'asking', findings: [{ code: 'url-scheme' }] })
		const findings = [finding('host-not-found', 'deployment', {})]
		const looked = play(...toLooking, { on: 'look-failed', run: 0, findings }).state
		expect(looked.screen).toMatchObject({ step: 'deployment', is: 'asking', findings })
		expect(looked.answers.deploymentText).toBe(origin)
	})

	it('asks before a token would travel in the clear', () => {
		const { state, effects } = play(...toDeployment, { on: 'enter-deployment', text: 'http://coder.example.com' })
		expect(state.screen).toMatchObject({ is: 'insecure' })
		expect(effects).toEqual([])
		expect(playFrom(state, { on: 'accept-insecure' }).effects).toMatchObject([{ do: 'look' }])
		expect(playFrom(state, { on: 'back' }).state.screen).toMatchObject({ step: 'deployment', is: 'asking' })
	})

	it('names a text that is no session token, and asks for nothing over the network', () => {
		for (const [text, code] of [
			['sk-proj-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'token-provider-key'],
			['0b8e5b1c-4d8b-4a9e-9a3f-1f0e7d6c5b4a', 'token-agent'],
			['', 'token-empty'],
		] as const) {
			const { state, effects } = play(...toTyping, { on: 'enter-token', text: new Secret(text) })
			expect(state.screen).toMatchObject({ step: 'token', is: 'typing', findings: [{ code }] })
			expect(effects).toEqual([])
		}
	})

	it('cleans a pasted token and says what it took out', () => {
		const broken = `export CODER_SESSION_TOKEN="${goodToken.reveal().slice(0, 20)}\n${goodToken.reveal().slice(20)}"`
		const { state } = play(...toTyping, { on: 'enter-token', text: new Secret(broken) })
		expect(state.answers.token?.secret.equals(goodToken)).toBe(true)
	})

	it('takes a token that came with the call for the first deployment and for no other', () => {
		const given = { secret: goodToken, from: 'from standard input' }
		const none: Event = { on: 'tokens-found', run: 0, tokens: { offers: [], makeable: null } }
		const first = playFrom(startState({ ...start, given }), ...toToken, none)
		expect(first.effects).toMatchObject([{ do: 'check', token: goodToken }])
		const other = playFrom(
			first.state,
			{ on: 'back' },
			none,
			{ on: 'back' },
			{ on: 'enter-deployment', text: 'https://other.example.com' },
			{
				on: 'looked',
				run: 0,
				settled: { deployment: { origin: 'https://other.example.com', insecure: false }, version: '' },
			},
			none,
		)
		expect(other.state.screen).toMatchObject({ step: 'token', is: 'typing' })
	})

	it('stops at a failed check with retry, the doubtful answer, and going on', () => {
		const failed = { ...report, findings: [finding('token-expired', 'token', {})] }
		const { state, effects } = play(...toChecks, { on: 'checked', run: 0, rows: [], report: failed })
		expect(effects).toEqual([])
		const choices = choicesOf(state)
		expect(choices.map(choice => choice.label)).toEqual(['Try again', 'Change the token', 'Continue anyway', 'Leave'])
		expect(playFrom(state, { on: 'retry' }).effects).toMatchObject([{ do: 'check' }])
		expect(playFrom(state, { on: 'continue', fixes: [] }).effects).toMatchObject([{ do: 'plan' }])
		expect(playFrom(state, { on: 'change', step: 'token' }).state.screen.step).toBe('token')
	})

	it('shows the review anew when the file changed meanwhile, and applies only the new plan', () => {
		const applying = playFrom(toReview(), { on: 'apply' })
		const again = playFrom(applying.state, { on: 'changed-meanwhile', run: 0 })
		expect(again.effects).toMatchObject([{ do: 'plan' }])
		expect(again.state.screen).toMatchObject({ step: 'review', is: 'planning', notice: 'changed-meanwhile' })
		expect(playFrom(again.state, { on: 'apply' }).effects).toEqual([])
	})

	it('asks about fields that would win over export lines', () => {
		const reviewing = toReview()
		const plan = planOf(reviewing)
		const clearing = { reading: plan.reading, fields: ['openai.apiKey'], text: '{}', diff: [] }
		const exports = { ...plan.exports, clearing }
		const state: State = {
			...reviewing,
			screen: { step: 'review', is: 'reviewing', plan: { ...plan, exports }, notice: 'none' },
		}
		const asked = playFrom(state, { on: 'print-exports' })
		expect(asked.state.screen).toMatchObject({ step: 'finish', is: 'clearing' })
		expect(playFrom(asked.state, { on: 'clear-settings', yes: true }).effects).toMatchObject([{ do: 'clear' }])
		expect(playFrom(asked.state, { on: 'clear-settings', yes: false }).effects.at(-1)).toMatchObject({
			do: 'leave',
			outcome: { is: 'exported', receipt: null },
		})
	})
})

describe('the way back', () => {
	it('goes from each step to the one before with every answer kept', () => {
		const reviewing = toReview()
		const order: string[] = []
		let state = reviewing
		for (let i = 0; i < 8 && state.screen.step !== 'providers'; i++) {
			state = playFrom(state, { on: 'back' }).state
			if (state.screen.step === 'token' && state.screen.is === 'finding') {
				state = playFrom(state, { on: 'tokens-found', run: 0, tokens: { offers: [], makeable: null } }).state
			}
			order.push(state.screen.step)
		}
		expect(order).toEqual(['checks', 'token', 'deployment', 'providers'])
		expect(state.answers).toEqual(reviewing.answers)
	})

	it('keeps asking for a provider where none is left', () => {
		const changed = playFrom(toReview(), { on: 'change', step: 'providers' }, { on: 'toggle-all' }, { on: 'back' })
		expect(changed.state.screen).toEqual({ step: 'providers', noneTicked: true })
	})

	it('stops what is under way', () => {
		expect(play(...toLooking, { on: 'back' }).effects).toEqual([{ do: 'stop' }])
		expect(play(...toChecks, { on: 'back' }).effects[0]).toEqual({ do: 'stop' })
	})

	it('drops the result of what was stopped', () => {
		const looking = play(...toLooking).state
		const back = playFrom(looking, { on: 'back' }).state
		expect(reduce(back, { on: 'looked', run: looking.run, settled }).state).toBe(back)
	})

	it('keeps the token when the same deployment is entered in other words, and drops it for another', () => {
		const reviewing = toReview()
		const changed = playFrom(reviewing, { on: 'change', step: 'deployment' }).state
		const same = playFrom(changed, { on: 'enter-deployment', text: 'coder.example.com/workspaces' }).state
		expect(same.answers.token?.secret.equals(goodToken)).toBe(true)
		expect(same.screen.step).toBe('checks')
		const other = playFrom(changed, { on: 'enter-deployment', text: 'https://other.example.com' }).state
		expect(other.answers.token).toBeNull()
		expect(other.answers.providers).toEqual(reviewing.answers.providers)
	})

	it('puts a new token where the old one stands', () => {
		const storage = { in: 'token-file', path: '/home/a/.mux/coder-session-token' } as const
		const first = startState({ ...start, storage })
		const checking = playFrom(first, ...toChecks)
		expect(checking.state.answers.storage).toEqual(storage)
		const cli: State = {
			...checking.state,
			answers: { ...checking.state.answers, storage: { in: 'cli-session', path: '/s' } },
		}
		const back = playFrom(cli, { on: 'back' }, { on: 'tokens-found', run: 0, tokens: { offers: [], makeable: null } })
		expect(playFrom(back.state, { on: 'enter-token', text: otherToken }).state.answers.storage).toEqual({
			in: 'settings',
		})
	})

	it('changes one answer from the review and passes over the others', () => {
		const changed = playFrom(toReview(), { on: 'change', step: 'providers' }, { on: 'toggle-provider', id: 'openai' })
		const on = playFrom(changed.state, { on: 'choose-providers' })
		expect(on.state.screen).toMatchObject({ step: 'checks', is: 'running' })
		expect(on.effects).toMatchObject([{ do: 'check', targets: [{ id: 'anthropic' }] }])
	})
})

describe('leaving', () => {
	it('is a cancellation from every step before something is written', () => {
		for (const events of [[], toDeployment, toLooking, toToken, toTyping, toChecks, toPlanning]) {
			const { state, effects } = play(...events, { on: 'cancel' })
			expect(effects).toEqual([{ do: 'stop' }, { do: 'leave', outcome: { is: 'cancelled' } }])
			expect(reduce(state, { on: 'apply' })).toEqual({ state, effects: [] })
		}
	})

	it('waits for what is being written, and then says what was done', () => {
		const applying = playFrom(toReview(), { on: 'apply' }, { on: 'cancel' })
		expect(applying.effects).toEqual([{ do: 'stop' }])
		const written = playFrom(applying.state, { on: 'applied', run: 0, receipt })
		expect(written.effects.at(-1)).toMatchObject({ outcome: { is: 'applied' } })
		const stopped = playFrom(applying.state, { on: 'apply-failed', run: 0, findings: [] })
		expect(stopped.effects.at(-1)).toMatchObject({ outcome: { is: 'cancelled' } })
	})

	it('takes a made token back unless it is used', () => {
		const session = { secret: otherToken, from: 'from the Coder CLI' }
		const offers = {
			offers: [{ label: 'Coder CLI', note: '', answer: session }],
			makeable: { name: 'mux-a', days: 30 },
		}
		const choosing = play(...toToken, { on: 'tokens-found', run: 0, tokens: offers }).state
		const making = playFrom(choosing, { on: 'make-token' })
		expect(making.effects).toMatchObject([{ do: 'make-token', session: otherToken }])
		const made = { deployment, secret: goodToken, name: 'mux-a' }
		const checking = playFrom(making.state, { on: 'token-made', run: 0, made }).state
		expect(checking.answers.token?.secret.equals(goodToken)).toBe(true)
		expect(playFrom(checking, { on: 'cancel' }).effects).toContainEqual({ do: 'discard-token', made })
		const planning = playFrom(checking, { on: 'checked', run: 0, rows: [], report }).state
		const reviewing = playFrom(planning, { on: 'planned', run: 0, plan: planOf(planning) }).state
		const applied = playFrom(reviewing, { on: 'apply' }, { on: 'applied', run: 0, receipt })
		expect(applied.effects.map(effect => effect.do)).toEqual(['stop', 'leave'])
	})

	it('offers to delete the older token of the wizard’s own only after the new one is written', () => {
		const old = { keyId: 'klmnopqrst', name: 'mux-laptop' }
		const planning = play(...toChecks, { on: 'checked', run: 0, rows: [], report: { ...report, replaced: old } }).state
		const reviewing = playFrom(planning, { on: 'planned', run: 0, plan: planOf(planning) }).state
		const asked = playFrom(reviewing, { on: 'apply' }, { on: 'applied', run: 0, receipt })
		expect(asked.state.screen).toMatchObject({ step: 'finish', is: 'replaced', old })
		expect(playFrom(asked.state, { on: 'delete-old-token', yes: true }).effects).toMatchObject([
			{ do: 'delete-token', keyId: old.keyId, session: goodToken },
		])
		// The file is written by then: Ctrl-C leaves with the receipt.
		expect(playFrom(asked.state, { on: 'cancel' }).effects.at(-1)).toMatchObject({ outcome: { is: 'applied' } })
	})
})
