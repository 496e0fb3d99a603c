// Values of the wizard for tests of its state machine: made up, but of the real shapes.

import { makeBuiltInTarget } from '../../source/providers.ts'
import { PrivateText } from '../../source/secrets/private-text.ts'
import { Secret } from '../../source/secrets/secret.ts'
import type { ApplyResult } from '../../source/setup/apply.ts'
import type { Plan } from '../../source/setup/plan.ts'
import type { CheckReport } from '../../source/setup/verify.ts'
import type { WizardStart, WizardState } from '../../source/wizard/state.ts'

export const goodToken = new Secret('abcdefghij-ABCDEFGHIJKLMNOPQRSTUV')
export const otherToken = new Secret('klmnopqrst-ABCDEFGHIJKLMNOPQRSTUV')

export const start: WizardStart = {
	startedAt: new Date('2026-11-27T00:00:00Z'),
	rows: [
		{ target: makeBuiltInTarget('openai'), now: 'not set up' },
		{ target: makeBuiltInTarget('anthropic'), now: 'not set up' },
	],
	selected: ['openai', 'anthropic'],
	prefill: { text: 'https://coder.example.com', from: 'from CODER_URL' },
	settingsLabel: '~/.mux/providers.jsonc',
	notes: [],
	storageOptions: { tokenFile: '/home/a/.mux/token', cliSession: null },
	storage: { in: 'settings' },
	shellName: 'bash',
	tokenFromArgs: null,
	rotatable: null,
	answered: { providers: false, url: false },
	opening: 'questions',
	isOutputCaptured: false,
}

export const report: CheckReport = {
	route: '/api/v2/aibridge',
	version: 'v2.31.2',
	owner: 'alice',
	keyId: 'abcdefghij',
	tokenName: 'mux-laptop',
	expiresAt: null,
	providers: [],
	proof: 'message',
	findings: [],
	liveFindings: [],
	fixes: [],
	moreProviders: [],
	otherInstances: [],
	replaced: null,
	checkedAt: new Date(0),
}

const noEffect = { findings: [], usedByMux: [] }
const emptyConfig = { targets: [] as Plan['config']['targets'] } as Plan['config']

/** A plan that remembers the answers it was made from. */
export function planOf(state: WizardState): Plan {
	const { providers, deployment: settled, token, fixes, storage } = state.answers
	return {
		text: new PrivateText(JSON.stringify([providers, settled?.deployment.origin, token?.secret.keyId, fixes, storage])),
		unchanged: false,
		changes: [],
		fixes: [],
		conflicts: [],
		findings: [],
		usedByMux: [],
		messages: {},
		diff: [],
		tokenFile: null,
		token: token?.secret ?? null,
		exports: {
			variables: [],
			origin: settled?.deployment.origin ?? '',
			clearing: null,
			left: [],
			effects: { asIs: noEffect, cleared: noEffect },
			config: emptyConfig,
		},
		context: {} as Plan['context'],
		config: emptyConfig,
	}
}

/** Checks in which every provider of `connectedPlanOf` answered. */
export const provenReport: CheckReport = {
	...report,
	providers: start.selected.map(id => ({ id, proven: true, answeredMs: 300 })),
}

/** A plan after which Mux uses AI Bridge for both providers. */
export function connectedPlanOf(state: WizardState): Plan {
	const targets = start.rows.map(row => row.target)
	return { ...planOf(state), config: { ...emptyConfig, targets }, usedByMux: start.selected }
}

export const applyResult: ApplyResult = {
	settingsFile: '/home/a/.mux/providers.jsonc',
	backup: null,
	isNamedFile: false,
	canUndo: true,
	tokenFile: null,
	changes: [],
	fixed: [],
	token: null,
	origin: 'https://coder.example.com',
	judgement: {
		verdict: 'connected',
		exitCode: 0,
		headline: 'Mux is connected to Coder AI Bridge',
		tone: 'success',
	},
	findings: [],
}
