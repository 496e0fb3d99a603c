// The choices of the screens that have more than a few, in the order in which they help.
import { getTokenPages } from '../coder/token-pages.ts'
import { formatLifetime } from '../duration.ts'
import type { Finding } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import { getProviderTitle } from '../providers.ts'
import type { Plan } from '../setup/plan.ts'
import { describeTokenOption } from '../setup/token-facts.ts'
import { judgeSetup } from '../setup/verdict.ts'
import { isTokenRejected, type TokenOption, type WizardEvent, type WizardPhase, type WizardState } from './state.ts'

/** One choice, with the event that selecting it sends. */
export type PromptChoice = { readonly label: string; readonly note?: string; readonly event: WizardEvent }

export function startChoices({ phase, start }: WizardState): PromptChoice[] {
	if (phase.step !== 'start' || phase.status === 'looking') return []
	if (phase.status === 'confirm') {
		const { login, tokens } = phase.found
		const created = login.isLasting || !tokens.makeable ? '' : `creates ${describeNewToken(tokens.makeable.days)}`
		return [
			{ label: 'Yes, check it and show me the change', note: created, event: { type: 'accept-found' } },
			{ label: 'Go step by step', event: { type: 'open-questions' } },
		]
	}
	return [
		...(start.rotatable ? [{ label: 'Renew the token', event: { type: 'renew-token' } } as const] : []),
		{ label: 'Change providers or the Coder URL', event: { type: 'open-questions' } },
		...(phase.status === 'menu' && phase.current?.connected
			? [
					{
						label: 'Send a test message (a few tokens)',
						note: testNote,
						event: { type: 'send-messages' },
					} as const,
				]
			: []),
		{ label: 'Disconnect Mux from AI Bridge', event: { type: 'disconnect' } },
		{ label: 'Nothing, quit', event: { type: 'quit' } },
	]
}

/** In the narrowest window only labels have room, so the cost is named in them. */
const testNote = 'one short message each, logged'

/** Saving, and what can be done instead; with the output captured, export lines come first. */
export function saveChoices({ lastCheck, start }: WizardState, plan: Plan): PromptChoice[] {
	const report = lastCheck?.report ?? null
	const isConnected = judgeSetup({ plan, report, action: 'planned' }).verdict === 'connected'
	const saving: PromptChoice[] = [
		{ label: 'Save', note: 'a backup is kept', event: { type: 'apply-plan' } },
		...(isConnected
			? [
					{
						label: 'Save and test (a few tokens)',
						note: testNote,
						event: { type: 'apply-plan', sends: true },
					} as const,
				]
			: []),
	]
	const print: PromptChoice = {
		label: `Print export lines for ${start.shellName} instead`,
		note: 'shows the token in plain text',
		event: { type: 'print-exports' },
	}
	return start.isOutputCaptured ? [print, ...saving] : [...saving, print]
}

/** Another host is only selected by the user. */
export function suggestionChoices({
	deployment,
	isSameHost,
}: Extract<WizardPhase, { step: 'deployment'; status: 'suggested' }>): PromptChoice[] {
	const use: PromptChoice = { label: `Use ${deployment.origin}`, event: { type: 'accept-suggestion' } }
	const edit: PromptChoice = { label: 'Enter another URL', event: { type: 'back' } }
	return [...(isSameHost ? [use, edit] : [edit, use]), { label: 'Quit', event: { type: 'quit' } }]
}

/** "a 30-day token"; of a deployment with a short limit "a token for 30 minutes". */
function describeNewToken(days: number): string {
	return Number.isInteger(days) ? `a ${days}-day token` : `a token for ${formatLifetime(days)}`
}

export function exchangeChoices({ phase, tokens, start }: WizardState): PromptChoice[] {
	if (phase.step !== 'token' || phase.status !== 'exchange' || !tokens?.makeable) return []
	const { name, days } = tokens.makeable
	const session = tokens.options.find(option => option.isValid && option.choice.isCliSession)
	const { cliSession } = start.storageOptions
	return [
		{
			label: `Create ${describeNewToken(days)}`,
			note: `“${name}”, survives coder logout`,
			event: { type: 'create-token' },
		},
		{
			label: 'Use the pasted token',
			note: `Mux stops ${phase.expires}, or when you sign out`,
			event: { type: 'select-token', answer: phase.answer },
		},
		...(session && cliSession
			? [
					{
						label: 'Follow my Coder CLI login',
						note: 'works while you stay signed in to the CLI',
						event: {
							type: 'select-token',
							answer: session.choice,
							storage: { in: 'cli-session', path: cliSession },
						} as const,
					},
				]
			: []),
	]
}

const accountCodes: readonly string[] = ['user-suspended', 'user-dormant']

export function rejectionChoices(findings: readonly Finding[]): PromptChoice[] {
	// Of a locked account every token is rejected.
	const isAccount = findings.some(({ code }) => accountCodes.includes(code))
	const paste: PromptChoice = { label: 'Paste another token', event: { type: 'open-paste' } }
	const retry: PromptChoice = { label: 'Check again', event: { type: 'retry' } }
	const until = isAccount ? 'this is solved' : 'the token is replaced'
	return [
		...(isAccount ? [retry, paste] : [paste, retry]),
		{ label: 'Save anyway', note: `Mux won't work until ${until}`, event: { type: 'save-anyway' } },
		{ label: 'Quit', event: { type: 'quit' } },
	]
}

export function tokenChoices(state: WizardState): PromptChoice[] {
	const { answers, tokens } = state
	const kept = answers.token
	const options = (tokens?.options ?? []).filter(option => !kept?.secret.equals(option.choice.secret))
	const makeable = tokens?.makeable
	const refused = isTokenRejected(state)
	const keep: PromptChoice[] = kept
		? [
				{
					label: refused ? 'Keep this token anyway' : 'Keep this token',
					note: refused ? 'the checks failed' : kept.from,
					event: { type: 'select-token', answer: kept },
				},
			]
		: []
	const lasting = offersOf(options.filter(option => option.isLasting))
	const { strayToken } = state
	const stray: PromptChoice[] =
		strayToken?.keyId && !kept?.secret.equals(strayToken)
			? [
					{
						label: 'Use the token you entered',
						note: `${strayToken}, entered as the Coder URL`,
						event: { type: 'select-token', answer: { secret: strayToken, from: 'pasted' } },
					},
				]
			: []
	return [
		...stray,
		...(refused ? [] : keep),
		// Only somebody who renews the token wants yet another one.
		...(state.isEditing ? [] : lasting),
		...(makeable
			? [
					{
						label: 'Create a token for Mux',
						note: `“${makeable.name}”, ${formatLifetime(makeable.days)}, survives coder logout`,
						event: { type: 'create-token' as const },
					},
				]
			: []),
		...(state.isEditing ? lasting : []),
		...offersOf(options.filter(option => !option.isLasting)),
		{ label: 'Paste a token', event: { type: 'open-paste' } },
		...(refused ? keep : []),
	]
}

function offersOf(options: readonly TokenOption[]): PromptChoice[] {
	return options.map(option => ({
		label: option.label,
		note: describeTokenOption(option),
		event: { type: 'select-token', answer: option.choice },
	}))
}

/** The answer that a failed check calls into question. */
const suspects: Readonly<Record<string, 'providers' | 'deployment' | 'token'>> = {
	deployment: 'deployment',
	token: 'token',
	bridge: 'deployment',
}

const changeLabels = {
	providers: 'Change the providers',
	deployment: 'Change the Coder URL',
	token: 'Paste another token',
} as const

export function checksChoices(state: WizardState): PromptChoice[] {
	const { phase } = state
	if (phase.step !== 'checks' || phase.status !== 'done') return []
	const { fixes, findings, otherInstances: instances } = phase.report
	const errors = findings.filter(issue => severityOf(issue) === 'error')
	const doubtful = new Set(errors.map(issue => suspects[issue.subject] ?? 'providers'))
	const changes: PromptChoice[] = [...doubtful].map(step => ({
		label: changeLabels[step],
		event: step === 'token' ? { type: 'paste-another' } : { type: 'edit-answer', step },
	}))
	// What the user can do alone comes before trying again.
	const isOwnError = errors.some(issue => issue.subject === 'token' || issue.subject === 'deployment')
	const dropping = dropChoices(state, errors)
	const others: PromptChoice[] = instances.map(({ id, instance }) => ({
		label: `Use “${instance}” for ${getProviderTitle(id)}`,
		note: 'uses the same protocol',
		event: { type: 'use-instance', id, instance },
	}))
	const withFixes: PromptChoice[] =
		fixes.length > 0
			? [
					{
						label: fixes.length === 1 ? 'Fix 1 and continue' : `Fix ${fixes.length} and continue`,
						note: fixes.map(fix => fix.label).join('; '),
						event: { type: 'continue', fixes: fixes.map(fix => fix.id) },
					},
				]
			: []
	const failing = "Mux won't work until this is solved"
	const proceed: PromptChoice = {
		label: errors.length > 0 ? 'Save anyway' : fixes.length > 0 ? 'Continue without fixing' : 'Continue',
		...(errors.length > 0 ? { note: failing } : {}),
		event: { type: 'continue', fixes: [] },
	}
	const quit: PromptChoice = { label: 'Quit', event: { type: 'quit' } }
	const retry: PromptChoice = { label: 'Check again', event: { type: 'retry' } }
	return errors.length > 0
		? [...withFixes, ...others, ...dropping, ...(isOwnError ? [...changes, retry] : [retry, ...changes]), proceed, quit]
		: [...withFixes, proceed, retry, quit]
}

/** Leaves out the providers that fail, if others work. */
function dropChoices({ phase }: WizardState, errors: readonly Finding[]): PromptChoice[] {
	if (phase.step !== 'checks' || phase.status !== 'done') return []
	const { providers } = phase.report
	const ids = new Set(errors.map(issue => issue.subject))
	const working = providers.filter(({ id, proven }) => proven && !ids.has(id))
	const isElsewhere = errors.some(issue => !providers.some(({ id }) => id === issue.subject))
	if (isElsewhere || working.length === 0) return []
	const names = working.map(({ id }) => getProviderTitle(id)).join(' and ')
	return [{ label: `Continue with ${names} only`, event: { type: 'drop-providers', ids: [...ids] } }]
}

export function storageChoices(state: WizardState): PromptChoice[] {
	const { tokenFile, cliSession } = state.start.storageOptions
	const isCliSession = state.answers.token?.isCliSession === true
	return getTokenPages({ tokenFile, cliSession: isCliSession ? cliSession : null }).map(place => ({
		label: place.title,
		note: place.tradeOff,
		event: {
			type: 'select-storage',
			storage: place.path === undefined ? { in: 'settings' } : { in: place.in as 'token-file', path: place.path },
		},
	}))
}
