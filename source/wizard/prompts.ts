import { formatDate } from '../dates.ts'
import type { Finding } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import { getProviderTitle } from '../providers.ts'
import type { Plan } from '../setup/plan.ts'
import type { CheckReport } from '../setup/verify.ts'
import {
	checksChoices,
	exchangeChoices,
	type PromptChoice,
	rejectionChoices,
	saveChoices,
	startChoices,
	storageChoices,
	suggestionChoices,
	tokenChoices,
} from './choices.ts'
import { type Step, steps, type WizardState } from './state.ts'

export type { PromptChoice } from './choices.ts'

export const stepTitles: Readonly<Record<Step, string>> = {
	start: 'Start',
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
		case 'start':
			if (phase.status === 'looking') return 'Looking for your Coder login'
			return phase.status === 'confirm' ? 'Set it up like this?' : 'What would you like to do?'
		case 'providers':
			return 'Which providers should Mux use through Coder?'
		case 'deployment':
			if (phase.status === 'suggested') return 'Use this URL instead?'
			if (phase.status === 'insecure') return 'http:// would send your token unencrypted. Use it anyway?'
			return "What's your Coder URL?"
		case 'token':
			if (phase.status === 'discovering') return 'Searching for tokens'
			if (phase.status === 'creating') return 'Creating a token for Mux'
			if (['paste', 'verifying', 'verified'].includes(phase.status)) return 'Paste your Coder token'
			if (phase.status === 'rejected') return 'Coder rejected this token'
			if (phase.status === 'exchange') return `This token expires ${phase.expires}. Create one just for Mux?`
			return 'How should Mux sign in to Coder?'
		case 'checks':
			if (phase.status === 'running') return 'Checking'
			return `${isBypassed(phase.report) ? bypassed : describeChecks(phase.report)}${describeRepetition(phase.repeated)}`
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
			return phase.status === 'sending' ? 'Sending one short message to each provider' : 'Saving'
	}
}

/** The choices in the present state; empty if the step asks for text, or for nothing. */
export function getChoices(state: WizardState): PromptChoice[] {
	const { phase, answers, start } = state
	switch (phase.step) {
		case 'start':
			return startChoices(state)
		case 'providers':
			return []
		case 'deployment':
			if (phase.status === 'suggested') return suggestionChoices(phase)
			if (phase.status !== 'insecure') return []
			return [
				{ label: 'Edit the URL', event: { type: 'back' } },
				{ label: 'Use http:// anyway', note: phase.deployment.origin, event: { type: 'accept-insecure' } },
			]
		case 'token':
			if (phase.status === 'exchange') return exchangeChoices(state)
			if (phase.status === 'rejected') return rejectionChoices(phase.findings)
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
						...saveChoices(state, phase.plan),
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
				const { verdict, headline } = phase.applyResult.judgement
				return [
					{
						label: 'Keep it',
						note: verdict === 'problems' ? headline : '',
						event: { type: 'revoke-old-token', yes: false },
					},
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

/** A completed step in one line. `warned`: it has a problem. */
export type CompletedStepLine = { readonly label: string; readonly answer: string; readonly warned?: boolean }

/** The completed steps before the open one, one line each. */
export function getCompletedSteps(state: WizardState): CompletedStepLine[] {
	const { phase, answers, lastCheck: checked } = state
	const rank = (step: Step) => (steps as readonly Step[]).indexOf(step)
	const at = rank(phase.step)
	const lines: CompletedStepLine[] = []
	if (at > rank('providers')) lines.push({ label: stepTitles.providers, answer: describeProviders(state) })
	if (at > rank('deployment') && answers.deployment) {
		const { deployment, version } = answers.deployment
		lines.push({ label: stepTitles.deployment, answer: `${deployment.origin}${version ? ` (Coder ${version})` : ''}` })
	}
	if (at > rank('token') && answers.token) lines.push({ label: stepTitles.token, answer: describeToken(state) })
	if (at > rank('checks') && checked) {
		const { report } = checked
		const open = getOpenFindings(state, report)
		const fixed = answers.fixes.length > 0 ? ', conflicts fixed' : ''
		const left = { ...report, findings: open }
		lines.push({ label: stepTitles.checks, answer: describeChecks(left) + fixed, warned: !havePassed(left) })
	}
	return lines
}

/** What the change leaves: a conflict that it fixes isn't a failure any more. */
function getOpenFindings({ phase }: WizardState, report: CheckReport): readonly Finding[] {
	const known = 'result' in phase ? phase.result : phase
	if ('applyResult' in known && known.applyResult) return known.applyResult.findings
	if ('plan' in known) return [...report.liveFindings, ...known.plan.findings]
	return 'exports' in known ? known.findings : report.findings
}

function describeProviders(state: WizardState): string {
	const ids = state.rows.map(row => row.target.id).filter(id => state.answers.providers.includes(id))
	return ids.map(getProviderTitle).join(', ') || 'none'
}

/** The host of the deployment; empty if it isn't known. */
export function getHost({ answers }: WizardState): string {
	const { origin = '' } = answers.deployment?.deployment ?? {}
	return URL.canParse(origin) ? new URL(origin).host : origin
}

/** As whom Mux will sign in, and until when: "alice at coder.example.com, token until Dec 28". */
export function describeSignIn(state: WizardState): string | null {
	const { owner, expiresAt } = state.lastCheck?.report ?? {}
	const until = expiresAt ? `, token until ${formatDate(expiresAt, state.start.startedAt)}` : ''
	return owner ? `${owner} at ${getHost(state)}${until}` : null
}

/** The fixes of a change, each once. */
export function getFixLabels(plan: Plan): string[] {
	return [...new Set(plan.fixes.map(({ label }) => label))]
}

function describeToken(state: WizardState): string {
	const { token } = state.answers
	const owner = token?.owner === undefined ? '' : ` (${token.owner})`
	return token ? `${token.secret.toString()}, ${token.from}${owner}` : ''
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

const bypassed = 'AI Bridge works, but Mux would bypass it'

/** Whether everything that was asked answered well, and only conflicts on this machine are errors. */
export function isBypassed({ findings, liveFindings, providers }: CheckReport): boolean {
	const isError = (issue: Finding) => severityOf(issue) === 'error'
	const isProven = providers.length > 0 && providers.every(({ proven }) => proven)
	return isProven && findings.some(isError) && !liveFindings.some(isError)
}

/** A row of the first screen. */
export type StartRow = { readonly label: string; readonly text: string; readonly note: string }

/** What was found, to be confirmed. */
export function getStartRows({ phase, start, rows, answers }: WizardState): StartRow[] {
	if (phase.step !== 'start' || phase.status !== 'confirm') return []
	const { settled, login } = phase.found
	const chosen = rows.filter(row => answers.providers.includes(row.target.id))
	const uses = [...new Set(chosen.map(row => row.now))].map(now => {
		const titles = chosen.filter(row => row.now === now).map(row => getProviderTitle(row.target.id))
		return `${titles.join(', ')}: ${now}`
	})
	const { choice, name, state } = login
	const note = [choice.from, ...(name ? [`“${name}”`] : []), state].join(', ')
	return [
		{ label: 'Coder', text: settled.deployment.origin, note: start.prefill?.from ?? '' },
		{ label: 'Login', text: choice.owner ?? choice.secret.toString(), note },
		{ label: 'Mux', text: start.settingsLabel.replace(/ \(.*/, ''), note: uses.join('; ') },
	]
}

/** The title of the first screen. */
export function getStartTitle({ phase, start }: WizardState): string {
	if (phase.step !== 'start' || phase.status === 'looking' || phase.status === 'confirm')
		return 'Connect Mux to Coder AI Bridge'
	const known = phase.status === 'menu' ? phase.current?.headline : undefined
	return known ?? `Mux is set up for ${new URL(start.rotatable?.origin ?? '').host}`
}

function describeRepetition(repeated: { readonly at: string; readonly isSame: boolean } | undefined): string {
	return repeated ? ` (checked again at ${repeated.at}, ${repeated.isSame ? 'same result' : 'another result'})` : ''
}

/** Providers that didn't answer although a message was sent to each. */
function getSilentProviders({ providers, proof }: CheckReport): CheckReport['providers'] {
	return proof === 'message' ? providers.filter(({ proven }) => !proven) : []
}

function havePassed(report: CheckReport): boolean {
	return getSilentProviders(report).length === 0 && !report.findings.some(issue => severityOf(issue) === 'error')
}

/** The headline of completed checks: "1 check failed, 2 warnings", "All checks passed", "No answer from OpenAI". */
function describeChecks(report: CheckReport): string {
	const { findings } = report
	const count = (severity: string) => findings.filter(issue => severityOf(issue) === severity).length
	const [errors, warnings] = [count('error'), count('warning')]
	const warned = warnings === 0 ? '' : `, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`
	const silent = getSilentProviders(report)
	if (errors === 0 && silent.length > 0)
		return `No answer from ${silent.map(({ id }) => getProviderTitle(id)).join(', ')}`
	if (errors === 0) return `All checks passed${warned}`
	return `${errors} ${errors === 1 ? 'check' : 'checks'} failed${warned}`
}
