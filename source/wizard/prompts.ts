// The questions and choices of each step: the screens and line mode take theirs from here, so that both ask the same
// and send the same events.

import { getTokenPages } from '../coder/token-pages.ts'
import { severityOf } from '../findings/finding.ts'
import { getProviderTitle } from '../providers.ts'
import { isTokenRejected, type Step, type WizardEvent, type WizardState } from './state.ts'

/** One choice, with the event that selecting it sends. */
export type PromptChoice = { readonly label: string; readonly note?: string; readonly event: WizardEvent }

export const stepTitles: Readonly<Record<Step, string>> = {
	providers: 'Providers',
	deployment: 'Deployment',
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
			return 'Which providers should go through AI Bridge?'
		case 'deployment':
			if (phase.status === 'insecure') return 'The token would travel in the clear. Use this address all the same?'
			return 'Where is your Coder deployment?'
		case 'token':
			if (phase.status === 'discovering') return 'Looking for tokens on this machine'
			if (phase.status === 'creating') return 'Making a token for Mux'
			if (phase.status === 'paste') return 'Paste a Coder session token'
			return 'Which Coder session token should Mux use?'
		case 'checks':
			return phase.status === 'running' ? 'Checking' : 'Checked'
		case 'review':
			if (phase.status === 'planning') return 'Making the plan'
			if (phase.status === 'error') return 'The settings file can’t be changed'
			if (phase.status === 'edit') return 'Which answer do you want to change?'
			if (phase.status === 'storage') return 'Where should the token stand?'
			return phase.plan.unchanged ? 'There is nothing to change' : 'Review the change'
		case 'finish':
			if (phase.status === 'confirm-clear')
				return 'The settings file has these fields too, and the file wins. Clear them there?'
			if (phase.status === 'confirm-revoke')
				return `Delete the old token ${phase.old.name}? Nothing of Mux uses it any more.`
			if (phase.status === 'failed') return 'The change was not made'
			return 'Applying'
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
				{ label: 'Change the address', event: { type: 'back' } },
				{ label: 'Use it all the same', note: phase.deployment.origin, event: { type: 'accept-insecure' } },
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
						{ label: 'Leave', event: { type: 'leave' } },
					]
				case 'edit':
					return [
						{ label: 'Providers', note: providersInWords(state), event: { type: 'change', step: 'providers' } },
						{
							label: 'Deployment',
							note: answers.deployment?.deployment.origin ?? '',
							event: { type: 'change', step: 'deployment' },
						},
						{
							label: 'Token',
							note: answers.token ? tokenInWords(state) : '',
							event: { type: 'change', step: 'token' },
						},
						{ label: 'Where the token stands', note: storageInWords(state), event: { type: 'choose-storage' } },
						{ label: 'Show the checks again', event: { type: 'show-checks' } },
					]
				case 'storage':
					return storageChoices(state)
				case 'confirm':
					if (phase.plan.unchanged) {
						return [
							{ label: 'Leave', note: 'Mux is set up already', event: { type: 'apply' } },
							{ label: `Print export lines for ${start.shellName}`, event: { type: 'print-exports' } },
							{ label: 'Change an answer', note: moreInWords(state), event: { type: 'change-answer' } },
						]
					}
					return [
						{ label: 'Apply to the settings file', event: { type: 'apply' } },
						{
							label: `Print export lines for ${start.shellName} instead`,
							note: 'the token stands in them in clear',
							event: { type: 'print-exports' },
						},
						{ label: 'Change an answer', note: moreInWords(state), event: { type: 'change-answer' } },
						{ label: 'Leave everything as it is', event: { type: 'leave' } },
					]
			}
			break
		case 'finish':
			if (phase.status === 'confirm-clear') {
				return [
					{ label: 'Clear them there', note: 'a backup is kept', event: { type: 'clear-settings', yes: true } },
					{
						label: 'Leave the file as it is',
						note: 'the lines have no effect then',
						event: { type: 'clear-settings', yes: false },
					},
				]
			}
			if (phase.status === 'confirm-revoke') {
				return [
					{ label: 'Keep it', event: { type: 'delete-old-token', yes: false } },
					{ label: 'Delete it', note: `key ${phase.old.keyId}`, event: { type: 'delete-old-token', yes: true } },
				]
			}
			if (phase.status === 'failed') {
				return [
					{ label: 'Try again', event: { type: 'retry' } },
					{ label: 'Leave', event: { type: 'leave' } },
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
					label: `Keep the token ${kept.secret.keyId ?? ''}`,
					note: refused ? 'the checks found fault with it' : kept.from,
					event: { type: 'use-token', answer: kept },
				},
			]
		: []
	return [
		...(refused ? [] : keep),
		...(makeable
			? [
					{
						label: 'Make a token for Mux',
						note: `${makeable.days} days, named ${makeable.name}, outlives logouts`,
						event: { type: 'make-token' as const },
					},
				]
			: []),
		...options.map(option => ({
			label: option.label,
			note: option.note,
			event: { type: 'use-token' as const, answer: option.choice },
		})),
		{ label: 'Paste a token', event: { type: 'type-token' } },
		...(refused ? keep : []),
	]
}

/** The answer that a failed check calls into question. */
const suspects: Readonly<Record<string, 'providers' | 'deployment' | 'token'>> = {
	deployment: 'deployment',
	token: 'token',
	bridge: 'deployment',
}

function checksChoices(state: WizardState): PromptChoice[] {
	const { phase } = state
	if (phase.step !== 'checks' || phase.status !== 'done') return []
	const { fixes, findings, standIns } = phase.report
	const errors = findings.filter(issue => severityOf(issue) === 'error')
	const doubtful = new Set(errors.map(issue => suspects[issue.subject] ?? 'providers'))
	const changes: PromptChoice[] = [...doubtful].map(step => ({
		label: `Change the ${step === 'providers' ? 'providers' : step}`,
		event: { type: 'change', step },
	}))
	const others: PromptChoice[] = standIns.map(({ id, instance }) => ({
		label: `Use “${instance}” for ${getProviderTitle(id)}`,
		note: 'speaks the same protocol',
		event: { type: 'stand-in', id, instance },
	}))
	const withFixes: PromptChoice[] =
		fixes.length > 0
			? [
					{
						label:
							fixes.length === 1
								? 'Continue, and mend this in the same change'
								: `Continue, and mend these ${fixes.length} in the same change`,
						note: fixes.map(fix => fix.label).join('; '),
						event: { type: 'continue', fixes: fixes.map(fix => fix.id) },
					},
				]
			: []
	const goOn: PromptChoice = {
		label: errors.length > 0 ? 'Continue anyway' : fixes.length > 0 ? 'Continue without mending' : 'Continue',
		event: { type: 'continue', fixes: [] },
	}
	const leave: PromptChoice = { label: 'Leave', event: { type: 'leave' } }
	const retry: PromptChoice = { label: errors.length > 0 ? 'Try again' : 'Check again', event: { type: 'retry' } }
	return errors.length > 0
		? [...others, retry, ...changes, ...withFixes, goOn, leave]
		: [...withFixes, goOn, retry, leave]
}

function storageChoices(state: WizardState): PromptChoice[] {
	const { tokenFile, cliSession } = state.start.storageOptions
	const isCliSession = state.answers.token?.isCliSession === true
	return getTokenPages({ tokenFile, cliSession: isCliSession ? cliSession : null }).map(place => ({
		label: place.title,
		note: place.tradeOff,
		event: {
			type: 'store',
			storage: place.path === undefined ? { in: 'settings' } : { in: place.in as 'token-file', path: place.path },
		},
	}))
}

/** A completed step in one line. `warned`: it has a problem. */
export type CompletedStepLine = { readonly label: string; readonly answer: string; readonly warned?: boolean }

/** The completed steps before the open one, one line each. */
export function getCompletedSteps(state: WizardState): CompletedStepLine[] {
	const { phase, answers, lastCheck: checked } = state
	const rank = (step: Step) => ['providers', 'deployment', 'token', 'checks', 'review', 'finish'].indexOf(step)
	const at = rank(phase.step)
	const lines: CompletedStepLine[] = []
	if (at > rank('providers')) lines.push({ label: stepTitles.providers, answer: providersInWords(state) })
	if (at > rank('deployment') && answers.deployment) {
		const { deployment, version } = answers.deployment
		lines.push({ label: stepTitles.deployment, answer: `${deployment.origin}${version ? ` (Coder ${version})` : ''}` })
	}
	if (at > rank('token') && answers.token) lines.push({ label: stepTitles.token, answer: tokenInWords(state) })
	if (at > rank('checks') && checked) {
		const { findings } = checked.report
		const warned = findings.some(issue => severityOf(issue) === 'error')
		lines.push({ label: stepTitles.checks, answer: checksInWords(findings), warned })
	}
	return lines
}

function providersInWords(state: WizardState): string {
	const ids = state.rows.map(row => row.target.id).filter(id => state.answers.providers.includes(id))
	return ids.map(getProviderTitle).join(', ') || 'none'
}

function tokenInWords(state: WizardState): string {
	const { token } = state.answers
	return token ? `${token.secret.toString()}, ${token.from}` : ''
}

/** Further providers of this deployment that could use it too. */
function moreInWords(state: WizardState): string {
	const more =
		state.lastCheck?.report.moreProviders.filter(({ target }) => !state.answers.providers.includes(target.id)) ?? []
	if (more.length > 3) return `this deployment has ${more.length} more providers`
	return more.length > 0 ? `this deployment has ${more.map(({ target }) => target.instance).join(', ')} too` : ''
}

function storageInWords(state: WizardState): string {
	const { storage } = state.answers
	return storage.in === 'settings' ? 'in the settings file' : storage.path
}

function checksInWords(findings: readonly Parameters<typeof severityOf>[0][]): string {
	const count = (severity: string) => findings.filter(found => severityOf(found) === severity).length
	const parts = [
		[count('error'), 'problem'],
		[count('warning') + count('info'), 'note'],
	] as const
	const said = parts.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}${n === 1 ? '' : 's'}`)
	if (count('error') > 0) return said.join(', ')
	return ['all good', ...said].join(', ')
}
