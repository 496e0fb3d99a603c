// What each step asks and offers, in words: the screens and the line-by-line wizard take theirs from here, so that both
// ask the same and obey the same events.

import { tokenPlaces } from '../coder/token-places.ts'
import { severityOf } from '../findings/finding.ts'
import { providerTitle } from '../provider.ts'
import { type Event, isTokenRefused, type State, type Step } from './state.ts'

/** One thing that can be chosen, with the event that choosing it sends. */
export type Choice = { readonly label: string; readonly note?: string; readonly event: Event }

export const stepTitles: Readonly<Record<Step, string>> = {
	providers: 'Providers',
	deployment: 'Deployment',
	token: 'Token',
	checks: 'Checks',
	review: 'Review',
	finish: 'Finish',
}

/** The question of the open step. */
export function questionOf(state: State): string {
	const { screen } = state
	switch (screen.step) {
		case 'providers':
			return 'Which providers should go through AI Bridge?'
		case 'deployment':
			if (screen.is === 'insecure') return 'The token would travel in the clear. Use this address all the same?'
			return 'Where is your Coder deployment?'
		case 'token':
			if (screen.is === 'finding') return 'Looking for tokens on this machine'
			if (screen.is === 'making') return 'Making a token for Mux'
			if (screen.is === 'typing') return 'Paste a Coder session token'
			return 'Which Coder session token should Mux use?'
		case 'checks':
			return screen.is === 'running' ? 'Checking' : 'Checked'
		case 'review':
			if (screen.is === 'planning') return 'Making the plan'
			if (screen.is === 'refused') return 'The settings file can’t be changed'
			if (screen.is === 'changing') return 'Which answer do you want to change?'
			if (screen.is === 'storing') return 'Where should the token stand?'
			return screen.plan.unchanged ? 'There is nothing to change' : 'Review the change'
		case 'finish':
			if (screen.is === 'clearing')
				return 'The settings file has these fields too, and the file wins. Clear them there?'
			if (screen.is === 'replaced') return `Delete the old token ${screen.old.name}? Nothing of Mux uses it any more.`
			if (screen.is === 'failed') return 'The change was not made'
			return 'Applying'
	}
}

/** What can be chosen in the present state; empty where the step asks for a text, or nothing. */
export function choicesOf(state: State): Choice[] {
	const { screen, answers, start } = state
	switch (screen.step) {
		case 'providers':
			return []
		case 'deployment':
			if (screen.is !== 'insecure') return []
			return [
				{ label: 'Change the address', event: { on: 'back' } },
				{ label: 'Use it all the same', note: screen.deployment.origin, event: { on: 'accept-insecure' } },
			]
		case 'token':
			return screen.is === 'choosing' ? tokenChoices(state) : []
		case 'checks':
			return screen.is === 'done' ? checksChoices(state) : []
		case 'review':
			switch (screen.is) {
				case 'planning':
					return []
				case 'refused':
					return [
						{ label: 'Try again', event: { on: 'retry' } },
						{ label: 'Leave', event: { on: 'leave' } },
					]
				case 'changing':
					return [
						{ label: 'Providers', note: providersInWords(state), event: { on: 'change', step: 'providers' } },
						{
							label: 'Deployment',
							note: answers.settled?.deployment.origin ?? '',
							event: { on: 'change', step: 'deployment' },
						},
						{ label: 'Token', note: answers.token ? tokenInWords(state) : '', event: { on: 'change', step: 'token' } },
						{ label: 'Where the token stands', note: storageInWords(state), event: { on: 'choose-storage' } },
						{ label: 'Show the checks again', event: { on: 'show-checks' } },
					]
				case 'storing':
					return storageChoices(state)
				case 'reviewing':
					if (screen.plan.unchanged) {
						return [
							{ label: 'Leave', note: 'Mux is set up already', event: { on: 'apply' } },
							{ label: `Print export lines for ${start.shellName}`, event: { on: 'print-exports' } },
							{ label: 'Change an answer', note: moreInWords(state), event: { on: 'change-answer' } },
						]
					}
					return [
						{ label: 'Apply to the settings file', event: { on: 'apply' } },
						{
							label: `Print export lines for ${start.shellName} instead`,
							note: 'the token stands in them in clear',
							event: { on: 'print-exports' },
						},
						{ label: 'Change an answer', note: moreInWords(state), event: { on: 'change-answer' } },
						{ label: 'Leave everything as it is', event: { on: 'leave' } },
					]
			}
			break
		case 'finish':
			if (screen.is === 'clearing') {
				return [
					{ label: 'Clear them there', note: 'a backup is kept', event: { on: 'clear-settings', yes: true } },
					{
						label: 'Leave the file as it is',
						note: 'the lines have no effect then',
						event: { on: 'clear-settings', yes: false },
					},
				]
			}
			if (screen.is === 'replaced') {
				return [
					{ label: 'Keep it', event: { on: 'delete-old-token', yes: false } },
					{ label: 'Delete it', note: `key ${screen.old.keyId}`, event: { on: 'delete-old-token', yes: true } },
				]
			}
			if (screen.is === 'failed') {
				return [
					{ label: 'Try again', event: { on: 'retry' } },
					{ label: 'Leave', event: { on: 'leave' } },
				]
			}
			return []
	}
	return []
}

function tokenChoices(state: State): Choice[] {
	const { answers, tokens } = state
	const kept = answers.token
	const offers = (tokens?.offers ?? []).filter(offer => !kept?.secret.equals(offer.answer.secret))
	const makeable = tokens?.makeable
	const refused = isTokenRefused(state)
	const keep: Choice[] = kept
		? [
				{
					label: `Keep the token ${kept.secret.keyId ?? ''}`,
					note: refused ? 'the checks found fault with it' : kept.from,
					event: { on: 'use-token', answer: kept },
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
						event: { on: 'make-token' as const },
					},
				]
			: []),
		...offers.map(offer => ({
			label: offer.label,
			note: offer.note,
			event: { on: 'use-token' as const, answer: offer.answer },
		})),
		{ label: 'Paste a token', event: { on: 'type-token' } },
		...(refused ? keep : []),
	]
}

/** The answer that a failed check casts doubt on. */
const suspects: Readonly<Record<string, 'providers' | 'deployment' | 'token'>> = {
	deployment: 'deployment',
	token: 'token',
	bridge: 'deployment',
}

function checksChoices(state: State): Choice[] {
	const { screen } = state
	if (screen.step !== 'checks' || screen.is !== 'done') return []
	const { fixes, findings, standIns } = screen.report
	const errors = findings.filter(found => severityOf(found) === 'error')
	const doubtful = new Set(errors.map(found => suspects[found.subject] ?? 'providers'))
	const changes: Choice[] = [...doubtful].map(step => ({
		label: `Change the ${step === 'providers' ? 'providers' : step}`,
		event: { on: 'change', step },
	}))
	const others: Choice[] = standIns.map(({ id, instance }) => ({
		label: `Use “${instance}” for ${providerTitle(id)}`,
		note: 'speaks the same protocol',
		event: { on: 'stand-in', id, instance },
	}))
	const withFixes: Choice[] =
		fixes.length > 0
			? [
					{
						label:
							fixes.length === 1
								? 'Continue, and mend this in the same change'
								: `Continue, and mend these ${fixes.length} in the same change`,
						note: fixes.map(fix => fix.label).join('; '),
						event: { on: 'continue', fixes: fixes.map(fix => fix.id) },
					},
				]
			: []
	const goOn: Choice = {
		label: errors.length > 0 ? 'Continue anyway' : fixes.length > 0 ? 'Continue without mending' : 'Continue',
		event: { on: 'continue', fixes: [] },
	}
	const leave: Choice = { label: 'Leave', event: { on: 'leave' } }
	const retry: Choice = { label: errors.length > 0 ? 'Try again' : 'Check again', event: { on: 'retry' } }
	return errors.length > 0
		? [...others, retry, ...changes, ...withFixes, goOn, leave]
		: [...withFixes, goOn, retry, leave]
}

function storageChoices(state: State): Choice[] {
	const { tokenFile, cliSession } = state.start.keeping
	const isCliSession = state.answers.token?.isCliSession === true
	return tokenPlaces({ tokenFile, cliSession: isCliSession ? cliSession : null }).map(place => ({
		label: place.title,
		note: place.tradeOff,
		event: {
			on: 'store',
			storage: place.path === undefined ? { in: 'settings' } : { in: place.in as 'token-file', path: place.path },
		},
	}))
}

/** A finished step in one line. `warned`: it was left with a problem. */
export type FinishedLine = { readonly label: string; readonly answer: string; readonly warned?: boolean }

/** The finished steps before the open one, one line each. */
export function finishedSteps(state: State): FinishedLine[] {
	const { screen, answers, checked } = state
	const rank = (step: Step) => ['providers', 'deployment', 'token', 'checks', 'review', 'finish'].indexOf(step)
	const at = rank(screen.step)
	const lines: FinishedLine[] = []
	if (at > rank('providers')) lines.push({ label: stepTitles.providers, answer: providersInWords(state) })
	if (at > rank('deployment') && answers.settled) {
		const { deployment, version } = answers.settled
		lines.push({ label: stepTitles.deployment, answer: `${deployment.origin}${version ? ` (Coder ${version})` : ''}` })
	}
	if (at > rank('token') && answers.token) lines.push({ label: stepTitles.token, answer: tokenInWords(state) })
	if (at > rank('checks') && checked) {
		const { findings } = checked.report
		const warned = findings.some(found => severityOf(found) === 'error')
		lines.push({ label: stepTitles.checks, answer: checksInWords(findings), warned })
	}
	return lines
}

function providersInWords(state: State): string {
	const ids = state.rows.map(row => row.target.id).filter(id => state.answers.providers.includes(id))
	return ids.map(providerTitle).join(', ') || 'none'
}

function tokenInWords(state: State): string {
	const { token } = state.answers
	return token ? `${token.secret.toString()}, ${token.from}` : ''
}

/** Providers of this deployment that could go through it too. */
function moreInWords(state: State): string {
	const more =
		state.checked?.report.moreProviders.filter(({ target }) => !state.answers.providers.includes(target.id)) ?? []
	if (more.length > 3) return `this deployment has ${more.length} more providers`
	return more.length > 0 ? `this deployment has ${more.map(({ target }) => target.instance).join(', ')} too` : ''
}

function storageInWords(state: State): string {
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
