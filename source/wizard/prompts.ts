// The questions and choices of each step: the screens and line mode take theirs from here, so that both ask the same
// and send the same events.

import { getTokenPages } from '../coder/token-pages.ts'
import { formatLifetime } from '../duration.ts'
import { type Finding, severityOf } from '../findings/finding.ts'
import { getProviderTitle } from '../providers.ts'
import { isTokenRejected, type Step, steps, type WizardEvent, type WizardState } from './state.ts'

/** One choice, with the event that selecting it sends. */
export type PromptChoice = { readonly label: string; readonly note?: string; readonly event: WizardEvent }

export const stepTitles: Readonly<Record<Step, string>> = {
	providers: 'Providers',
	deployment: 'Coder URL',
	token: 'Token',
	checks: 'Checks',
	review: 'Review',
	finish: 'Finish',
}

/** The question of the open step. */
export function getPrompt(state: WizardState): string {
	const { phase } = state
	switch (phase.step) {
		case 'providers':
			return 'Which providers should Mux use through Coder?'
		case 'deployment':
			if (phase.status === 'insecure') return 'http:// would send your token unencrypted. Use it anyway?'
			return "What's your Coder URL?"
		case 'token':
			if (phase.status === 'discovering') return 'Searching for tokens'
			if (phase.status === 'creating') return 'Creating a token for Mux'
			if (phase.status === 'paste') return 'Paste your Coder token'
			return 'How should Mux sign in to Coder?'
		case 'checks':
			return phase.status === 'running' ? 'Checking' : describeChecks(phase.report.findings)
		case 'review':
			if (phase.status === 'planning') return 'Preparing the change'
			if (phase.status === 'error') return "Can't change the settings file"
			if (phase.status === 'edit') return 'What would you like to change?'
			if (phase.status === 'storage') return 'Where should the token be stored?'
			return phase.plan.unchanged
				? 'Nothing to change'
				: `Save this to ${state.start.settingsLabel.replace(/ \(.*/, '')}?`
		case 'finish':
			if (phase.status === 'confirm-clear')
				return 'These settings override environment variables. Remove them from the file?'
			if (phase.status === 'confirm-revoke') return `Mux no longer uses the old token “${phase.old.name}”. Revoke it?`
			if (phase.status === 'failed') return "The change wasn't saved"
			return 'Saving'
	}
}

/** The choices in the present state; empty if the step asks for text, or for nothing. */
export function getChoices(state: WizardState): PromptChoice[] {
	const { phase, answers, start } = state
	switch (phase.step) {
		case 'providers':
			return []
		case 'deployment':
			if (phase.status !== 'insecure') return []
			return [
				{ label: 'Edit the URL', event: { type: 'back' } },
				{ label: 'Use http:// anyway', note: phase.deployment.origin, event: { type: 'accept-insecure' } },
			]
		case 'token':
			return phase.status === 'select' ? tokenChoices(state) : []
		case 'checks':
			return phase.status === 'done' ? checksChoices(state) : []
		case 'review':
			switch (phase.status) {
				case 'planning':
					return []
				case 'error':
					return [
						{ label: 'Try again', event: { type: 'retry' } },
						{ label: 'Quit', event: { type: 'quit' } },
					]
				case 'edit':
					return [
						{ label: 'Providers', note: describeProviders(state), event: { type: 'edit-answer', step: 'providers' } },
						{
							label: 'Coder URL',
							note: answers.deployment?.deployment.origin ?? '',
							event: { type: 'edit-answer', step: 'deployment' },
						},
						{
							label: 'Token',
							note: answers.token ? describeToken(state) : '',
							event: { type: 'edit-answer', step: 'token' },
						},
						{ label: 'Token storage', note: describeStorage(state), event: { type: 'open-storage' } },
						{ label: 'Show the checks', event: { type: 'show-checks' } },
					]
				case 'storage':
					return storageChoices(state)
				case 'confirm':
					if (phase.plan.unchanged) {
						return [
							{ label: 'Quit', note: 'Mux is already connected', event: { type: 'apply-plan' } },
							{ label: `Print export lines for ${start.shellName}`, event: { type: 'print-exports' } },
							{ label: 'Change an answer', note: describeMoreProviders(state), event: { type: 'open-edit-menu' } },
						]
					}
					return [
						{ label: 'Save', note: 'a backup is kept', event: { type: 'apply-plan' } },
						{
							label: `Print export lines for ${start.shellName} instead`,
							note: 'shows the token in plain text',
							event: { type: 'print-exports' },
						},
						{ label: 'Change an answer', note: describeMoreProviders(state), event: { type: 'open-edit-menu' } },
						{ label: 'Quit without saving', event: { type: 'quit' } },
					]
			}
			break
		case 'finish':
			if (phase.status === 'confirm-clear') {
				return [
					{ label: 'Remove them', note: 'a backup is kept', event: { type: 'clear-settings', yes: true } },
					{
						label: 'Keep them',
						note: "the exports won't take effect",
						event: { type: 'clear-settings', yes: false },
					},
				]
			}
			if (phase.status === 'confirm-revoke') {
				return [
					{ label: 'Keep it', event: { type: 'revoke-old-token', yes: false } },
					{ label: 'Revoke it', note: 'it stops working at once', event: { type: 'revoke-old-token', yes: true } },
				]
			}
			if (phase.status === 'failed') {
				return [
					{ label: 'Try again', event: { type: 'retry' } },
					{ label: 'Quit', event: { type: 'quit' } },
				]
			}
			return []
	}
	return []
}

function tokenChoices(state: WizardState): PromptChoice[] {
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
		...(makeable
			? [
					{
						label: 'Create a token for Mux',
						note: `“${makeable.name}”, ${formatLifetime(makeable.days)}, survives coder logout`,
						event: { type: 'create-token' as const },
					},
				]
			: []),
		...options.map(option => ({
			label: option.label,
			note: option.note,
			event: { type: 'select-token' as const, answer: option.choice },
		})),
		{ label: 'Paste a token', event: { type: 'open-paste' } },
		...(refused ? keep : []),
	]
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
	token: 'Use another token',
} as const

function checksChoices(state: WizardState): PromptChoice[] {
	const { phase } = state
	if (phase.step !== 'checks' || phase.status !== 'done') return []
	const { fixes, findings, otherInstances: instances } = phase.report
	const errors = findings.filter(issue => severityOf(issue) === 'error')
	const doubtful = new Set(errors.map(issue => suspects[issue.subject] ?? 'providers'))
	const changes: PromptChoice[] = [...doubtful].map(step => ({
		label: changeLabels[step],
		event: { type: 'edit-answer', step },
	}))
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
	const proceed: PromptChoice = {
		label: errors.length > 0 ? 'Save anyway' : fixes.length > 0 ? 'Continue without fixing' : 'Continue',
		event: { type: 'continue', fixes: [] },
	}
	const quit: PromptChoice = { label: 'Quit', event: { type: 'quit' } }
	const retry: PromptChoice = { label: 'Check again', event: { type: 'retry' } }
	return errors.length > 0
		? [...withFixes, ...others, retry, ...changes, proceed, quit]
		: [...withFixes, proceed, retry, quit]
}

function storageChoices(state: WizardState): PromptChoice[] {
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

/** A completed step in one line. `warned`: it has a problem. */
export type CompletedStepLine = { readonly label: string; readonly answer: string; readonly warned?: boolean }

/** The completed steps before the open one, one line each. */
export function getCompletedSteps(state: WizardState): CompletedStepLine[] {
	const { phase, answers, lastCheck: checked } = state
	const rank = (step: Step) => steps.indexOf(step)
	const at = rank(phase.step)
	const lines: CompletedStepLine[] = []
	if (at > rank('providers')) lines.push({ label: stepTitles.providers, answer: describeProviders(state) })
	if (at > rank('deployment') && answers.deployment) {
		const { deployment, version } = answers.deployment
		lines.push({ label: stepTitles.deployment, answer: `${deployment.origin}${version ? ` (Coder ${version})` : ''}` })
	}
	if (at > rank('token') && answers.token) lines.push({ label: stepTitles.token, answer: describeToken(state) })
	if (at > rank('checks') && checked) {
		const { findings } = checked.report
		const warned = findings.some(issue => severityOf(issue) === 'error')
		lines.push({ label: stepTitles.checks, answer: describeChecks(findings), warned })
	}
	return lines
}

function describeProviders(state: WizardState): string {
	const ids = state.rows.map(row => row.target.id).filter(id => state.answers.providers.includes(id))
	return ids.map(getProviderTitle).join(', ') || 'none'
}

function describeToken(state: WizardState): string {
	const { token } = state.answers
	return token ? `${token.secret.toString()}, ${token.from}` : ''
}

/** Further providers of this deployment that could use it too. */
function describeMoreProviders(state: WizardState): string {
	const more =
		state.lastCheck?.report.moreProviders.filter(({ target }) => !state.answers.providers.includes(target.id)) ?? []
	if (more.length > 3) return `this deployment has ${more.length} more providers`
	return more.length > 0 ? `this deployment has ${more.map(({ target }) => target.instance).join(', ')} too` : ''
}

function describeStorage(state: WizardState): string {
	const { storage } = state.answers
	return storage.in === 'settings' ? 'in the settings file' : storage.path
}

/** The headline of completed checks: "1 check failed, 2 warnings", "All checks passed". */
function describeChecks(findings: readonly Finding[]): string {
	const count = (severity: string) => findings.filter(issue => severityOf(issue) === severity).length
	const [errors, warnings] = [count('error'), count('warning')]
	const warned = warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`
	if (errors === 0) return `All checks passed${warned}`
	return `${errors} ${errors === 1 ? 'check' : 'checks'} failed${warned}`
}
