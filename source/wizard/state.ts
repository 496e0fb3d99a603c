// The wizard as values: every phase of every step is a variant of one union, so that an impossible state can't be
// expressed. No I/O here; see reducer/reducer.ts for the transitions.
import type { Deployment, Route } from '../coder/deployment-url.ts'
import type { Finding } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import type { BuiltInProvider, ProviderTarget } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'
import type { ApplyFacts, ApplyResult, SavedFile } from '../setup/apply.ts'
import type { TokenStorage } from '../setup/config.ts'
import type { ExportPlan } from '../setup/export-plan.ts'
import type { ConnectedSetup, CurrentSetup, FoundSetup } from '../setup/find-setup.ts'
import type { Plan } from '../setup/plan.ts'
import type { NewToken, TokenChoice, TokenOptions } from '../setup/token-options.ts'
import type { Judgement } from '../setup/verdict.ts'
import type { CheckReport, CheckRow } from '../setup/verify.ts'

/** The numbered steps in the order in which they are shown. */
export const steps = ['providers', 'deployment', 'token', 'checks', 'review', 'finish'] as const
/** `start` comes before them: what was found, to be confirmed at once, or what is connected already. */
export type Step = 'start' | (typeof steps)[number]

/** A provider that can be selected, with what Mux uses for it today in a few words. */
export type ProviderRow = { readonly target: ProviderTarget; readonly now: string }

/** What is known when the wizard starts. */
export type WizardStart = {
	/** When the wizard started, for dates without a year. */
	readonly startedAt: Date
	readonly rows: readonly ProviderRow[]
	/** Ids selected at the start. */
	readonly selected: readonly string[]
	/** The deployment that was found and where it came from ("from CODER_URL"); null if there is none. */
	readonly prefill: { readonly text: string; readonly from: string } | null
	/** The settings file for the screen: "~/.mux/providers.jsonc (3 providers, 12 comments)". */
	readonly settingsLabel: string
	/** Findings to show before the first question (two homes, a broken file). */
	readonly notes: readonly Finding[]
	/**
	 * Where a token can be stored outside the settings file: a file of the wizard's own, the Coder CLI's session file.
	 */
	readonly storageOptions: { readonly tokenFile: string; readonly cliSession: string | null }
	/** Where the token is stored now, so that a new one is stored in the same place. */
	readonly storage: TokenStorage
	/** The shell that export lines would be for, by its own name ("bash"). */
	readonly shellName: string
	/** A token from stdin or a file: it is for the first deployment that is entered. */
	readonly tokenFromArgs: TokenChoice | null
	/** Set if the settings already use a bridge: perhaps only the token needs to be renewed. */
	readonly rotatable: { readonly origin: string; readonly ids: readonly string[] } | null
	/** What flags have answered: not asked again, but Esc leads to it. */
	readonly answered: { readonly providers: boolean; readonly url: boolean }
	/** `menu`: the settings use AI Bridge already. `confirm`: a URL was found, and perhaps a login. */
	readonly opening: 'questions' | 'confirm' | 'menu'
	/** Standard output goes to a program, as in `eval "$(…)"`: export lines are probably wanted. */
	readonly isOutputCaptured: boolean
}

export type { CurrentSetup, FoundSetup } from '../setup/find-setup.ts'
export type { NewToken, TokenChoice, TokenOption, TokenOptions } from '../setup/token-options.ts'

export type ConfirmedDeployment = { readonly deployment: Deployment; readonly version: string }

export type WizardAnswers = {
	readonly providers: readonly string[]
	readonly deploymentText: string
	readonly deployment: ConfirmedDeployment | null
	readonly token: TokenChoice | null
	/** Ids of the fixes that the user accepted. */
	readonly fixes: readonly string[]
	/** Where the token will be stored. */
	readonly storage: TokenStorage
}

export type WizardPhase =
	| {
			readonly step: 'start'
			readonly status: 'looking'
			readonly run: number
			readonly deployment: Deployment
	  }
	| { readonly step: 'start'; readonly status: 'confirm'; readonly found: FoundSetup }
	/** The menu is open while the deployment is asked. */
	| { readonly step: 'start'; readonly status: 'checking'; readonly run: number; readonly rows: readonly CheckRow[] }
	| { readonly step: 'start'; readonly status: 'menu'; readonly current: CurrentSetup | null }
	| { readonly step: 'providers'; readonly noneSelected: boolean }
	| {
			readonly step: 'deployment'
			readonly status: 'input'
			readonly findings: readonly Finding[]
			/** Set right after a token was recognized in typed text: what is typed next is its rest. */
			readonly isTypingToken?: boolean
	  }
	| { readonly step: 'deployment'; readonly status: 'insecure'; readonly deployment: Deployment }
	/** The address leads to another one, which is offered. */
	| {
			readonly step: 'deployment'
			readonly status: 'suggested'
			readonly findings: readonly Finding[]
			readonly deployment: Deployment
			readonly isSameHost: boolean
	  }
	| { readonly step: 'deployment'; readonly status: 'probing'; readonly deployment: Deployment; readonly run: number }
	| { readonly step: 'token'; readonly status: 'discovering'; readonly run: number }
	| { readonly step: 'token'; readonly status: 'select'; readonly findings: readonly Finding[] }
	| {
			readonly step: 'token'
			readonly status: 'paste'
			readonly findings: readonly Finding[]
			/** What was removed from the last text ("1 line break"). */
			readonly removed: readonly string[]
	  }
	| { readonly step: 'token'; readonly status: 'creating'; readonly run: number }
	/** `enter`: the token was pasted and is checked without Enter, which is `due` at the end or was `pressed` meanwhile. */
	| {
			readonly step: 'token'
			readonly status: 'verifying'
			readonly run: number
			readonly answer: TokenChoice
			/** What was removed from the text. */
			readonly removed: readonly string[]
			readonly enter?: 'due' | 'pressed'
	  }
	/** The pasted token is good, and nobody has pressed Enter yet: one that comes late must not answer a later question. */
	| {
			readonly step: 'token'
			readonly status: 'verified'
			readonly answer: TokenChoice
			readonly removed: readonly string[]
	  }
	/** The pasted token is short-lived: a longer-lived one is offered. */
	| { readonly step: 'token'; readonly status: 'exchange'; readonly answer: TokenChoice; readonly expires: string }
	| {
			readonly step: 'token'
			readonly status: 'rejected'
			readonly answer: TokenChoice
			readonly findings: readonly Finding[]
	  }
	| { readonly step: 'checks'; readonly status: 'running'; readonly run: number; readonly rows: readonly CheckRow[] }
	| {
			readonly step: 'checks'
			readonly status: 'done'
			readonly rows: readonly CheckRow[]
			readonly report: CheckReport
			/** After "Check again": the local time, and whether anything has changed. */
			readonly repeated?: { readonly at: string; readonly isSame: boolean } | undefined
	  }
	| { readonly step: 'review'; readonly status: 'planning'; readonly run: number; readonly notice: ReviewNotice }
	| { readonly step: 'review'; readonly status: 'error'; readonly findings: readonly Finding[] }
	| { readonly step: 'review'; readonly status: 'confirm'; readonly plan: Plan; readonly notice: ReviewNotice }
	| { readonly step: 'review'; readonly status: 'edit'; readonly plan: Plan }
	| { readonly step: 'review'; readonly status: 'storage'; readonly plan: Plan }
	| {
			readonly step: 'finish'
			/** Writing the plan, or removing the fields that override export lines. */
			readonly status: 'applying' | 'exporting'
			readonly plan: Plan
			readonly run: number
			/** Ctrl-C was pressed: quit as soon as it is known whether anything was written. */
			readonly leaving: boolean
			/** A test message follows. */
			readonly sends?: boolean | undefined
	  }
	| (ConnectedSetup & {
			readonly step: 'finish'
			readonly status: 'sending'
			/** What was saved before; null if the settings were like this already. */
			readonly applyResult: ApplyResult | null
			readonly run: number
	  })
	| { readonly step: 'finish'; readonly status: 'failed'; readonly plan: Plan; readonly findings: readonly Finding[] }
	| { readonly step: 'finish'; readonly status: 'confirm-clear'; readonly plan: Plan; readonly exports: ExportPlan }
	| {
			readonly step: 'finish'
			readonly status: 'confirm-revoke'
			readonly applyResult: ApplyResult
			readonly old: OldToken
	  }
	| {
			readonly step: 'finish'
			readonly status: 'revoking'
			readonly applyResult: ApplyResult
			readonly old: OldToken
			readonly run: number
	  }
	| { readonly step: 'finish'; readonly status: 'done'; readonly result: WizardResult }

/** Why the review is shown again. */
export type ReviewNotice = 'none' | 'changed-meanwhile'

/** A token that the wizard created in an earlier run and that this run replaced. */
export type OldToken = { readonly keyId: string; readonly name: string }

/** How the wizard ended. Exporting and applying carry the data of the summary. */
export type WizardResult =
	| {
			readonly status: 'applied'
			readonly applyResult: ApplyResult
			readonly findings: readonly Finding[]
			/** The older token that was deleted. */
			readonly deleted: OldToken | null
	  }
	| {
			readonly status: 'exported'
			readonly exports: ExportPlan
			/** The settings file, if fields were removed that would override the variables. */
			readonly cleared: SavedFile | null
			readonly judgement: Judgement
			readonly findings: readonly Finding[]
	  }
	| {
			readonly status: 'unchanged'
			readonly judgement: Judgement
			readonly findings: readonly Finding[]
			/** What the providers answered to a test message, if one was sent. */
			readonly answers?: readonly string[]
	  }
	/** `findings`: what was found until then, which must not be lost. */
	| { readonly status: 'quit' | 'cancelled'; readonly findings?: readonly Finding[] }
	/** `remove` is to be run. */
	| { readonly status: 'disconnect' }

export type WizardState = {
	readonly start: WizardStart
	/** Providers that can be selected: the built-in ones, custom ones of the settings, more that the deployment has. */
	readonly rows: readonly ProviderRow[]
	readonly answers: WizardAnswers
	readonly phase: WizardPhase
	/** Number of the last effect that was started; results of older ones are ignored. */
	readonly run: number
	readonly tokens: TokenOptions | null
	readonly newToken: NewToken | null
	/** A token that was entered in place of the Coder URL: it is offered in the token step. */
	readonly strayToken: Secret | null
	/** Origin of a standalone gateway that was entered in place of the Coder URL: it serves the providers then. */
	readonly gateway: string | null
	/** Origin of the deployment that the given token was used for; it is for no other. */
	readonly givenTokenOrigin: string | null
	/** The last finished checks, for going back to them. */
	readonly lastCheck: { readonly rows: readonly CheckRow[]; readonly report: CheckReport } | null
	/** The screen that Esc leads to from the first question. */
	readonly opened: Extract<WizardPhase, { step: 'start' }> | null
	/** What the checks found before "Check again". */
	readonly beforeRetry: readonly Finding[] | null
	/** The user wants to save with a token that was rejected: the checks don't ask again. */
	readonly savesAnyway: boolean
	/** Set while an answer is changed from the review, or a token renewed: steps that have their answer are skipped. */
	readonly isEditing: boolean
}

/** What the effect runner is asked to do. `run` is returned with the result. */
export type WizardEffect =
	/** Looks for a valid login for a deployment that was found. */
	| { readonly type: 'look-around'; readonly run: number; readonly deployment: Deployment }
	/** Checks what the settings use now. */
	| { readonly type: 'check-current'; readonly run: number; readonly origin: string; readonly ids: readonly string[] }
	| { readonly type: 'probe-deployment'; readonly run: number; readonly deployment: Deployment }
	| {
			readonly type: 'find-tokens'
			readonly run: number
			readonly deployment: Deployment
			readonly provided: TokenChoice | null
	  }
	| { readonly type: 'create-token'; readonly run: number; readonly deployment: Deployment; readonly session: Secret }
	| { readonly type: 'verify-token'; readonly run: number; readonly deployment: Deployment; readonly token: Secret }
	| {
			readonly type: 'run-checks'
			readonly run: number
			readonly deployment: Deployment
			readonly token: Secret
			readonly targets: readonly ProviderTarget[]
	  }
	| {
			readonly type: 'make-plan'
			readonly run: number
			readonly answers: WizardAnswers
			readonly targets: readonly ProviderTarget[]
			readonly route: Route
			readonly report: CheckReport
	  }
	| { readonly type: 'apply-plan'; readonly run: number; readonly plan: Plan; readonly facts: ApplyFacts }
	| { readonly type: 'clear-settings'; readonly run: number; readonly exports: ExportPlan }
	/** Sends one short message, which costs a few tokens, to each provider of the plan. */
	| { readonly type: 'send-messages'; readonly run: number; readonly plan: Plan }
	| {
			readonly type: 'revoke-token'
			readonly run: number
			readonly deployment: Deployment
			readonly session: Secret
			readonly keyId: string
	  }
	/** Cancels all running effects. */
	| { readonly type: 'cancel-running' }
	/** Revokes an unused token; only quitting waits for it. */
	| { readonly type: 'revoke-unused-token'; readonly newToken: NewToken }
	| { readonly type: 'quit'; readonly result: WizardResult }

export type WizardEvent =
	// What the user does.
	| { readonly type: 'toggle-provider'; readonly id: string }
	| { readonly type: 'toggle-all' }
	| { readonly type: 'submit-providers' }
	| { readonly type: 'renew-token' }
	| { readonly type: 'accept-found' }
	| { readonly type: 'open-questions' }
	| { readonly type: 'disconnect' }
	/** The text in the field as it is typed: kept when going back. */
	| { readonly type: 'edit-deployment'; readonly text: string }
	| { readonly type: 'submit-deployment'; readonly text: string }
	/** Text with a token in it was pasted in place of the Coder URL. */
	| { readonly type: 'paste-stray-token'; readonly text: Secret; readonly isBurst?: boolean }
	| { readonly type: 'accept-insecure' }
	| { readonly type: 'accept-suggestion' }
	| { readonly type: 'select-token'; readonly answer: TokenChoice; readonly storage?: TokenStorage }
	| { readonly type: 'save-anyway' }
	| { readonly type: 'create-token' }
	| { readonly type: 'open-paste' }
	| { readonly type: 'submit-token'; readonly text: Secret; readonly isPaste?: true }
	| { readonly type: 'retry' }
	| { readonly type: 'continue'; readonly fixes: readonly string[] }
	| { readonly type: 'drop-providers'; readonly ids: readonly string[] }
	| { readonly type: 'paste-another' }
	| { readonly type: 'use-instance'; readonly id: BuiltInProvider; readonly instance: string }
	| { readonly type: 'edit-answer'; readonly step: 'providers' | 'deployment' | 'token' }
	| { readonly type: 'open-edit-menu' }
	| { readonly type: 'open-storage' }
	| { readonly type: 'select-storage'; readonly storage: TokenStorage }
	| { readonly type: 'show-checks' }
	| { readonly type: 'apply-plan'; readonly sends?: true }
	| { readonly type: 'send-messages' }
	| { readonly type: 'print-exports' }
	| { readonly type: 'clear-settings'; readonly yes: boolean }
	| { readonly type: 'revoke-old-token'; readonly yes: boolean }
	| { readonly type: 'quit' }
	| { readonly type: 'back' }
	| { readonly type: 'cancel' }
	// What effects report.
	| { readonly type: 'looked-around'; readonly run: number; readonly found: FoundSetup | null }
	| { readonly type: 'current-progressed'; readonly run: number; readonly rows: readonly CheckRow[] }
	| { readonly type: 'current-checked'; readonly run: number; readonly current: CurrentSetup | null }
	/** `owner`: null if the deployment didn't say. `expires`: "in 7 days" of a short-lived session, else null. */
	| {
			readonly type: 'token-verified'
			readonly run: number
			readonly owner: string | null
			readonly expires: string | null
			readonly makeable: TokenOptions['makeable']
	  }
	| { readonly type: 'token-refused'; readonly run: number; readonly findings: readonly Finding[] }
	| { readonly type: 'deployment-probed'; readonly run: number; readonly settled: ConfirmedDeployment }
	| { readonly type: 'probe-failed'; readonly run: number; readonly findings: readonly Finding[] }
	| { readonly type: 'tokens-found'; readonly run: number; readonly tokens: TokenOptions }
	| { readonly type: 'token-created'; readonly run: number; readonly newToken: NewToken }
	| { readonly type: 'create-failed'; readonly run: number; readonly findings: readonly Finding[] }
	| { readonly type: 'check-progressed'; readonly run: number; readonly rows: readonly CheckRow[] }
	| {
			readonly type: 'checks-done'
			readonly run: number
			readonly rows: readonly CheckRow[]
			readonly report: CheckReport
	  }
	| { readonly type: 'plan-made'; readonly run: number; readonly plan: Plan }
	| { readonly type: 'plan-failed'; readonly run: number; readonly findings: readonly Finding[] }
	| { readonly type: 'plan-applied'; readonly run: number; readonly applyResult: ApplyResult }
	| {
			readonly type: 'messages-sent'
			readonly run: number
			readonly providers: CheckReport['providers']
			/** For the summary. */
			readonly answers: readonly string[]
			readonly findings: readonly Finding[]
	  }
	| { readonly type: 'settings-changed'; readonly run: number }
	| { readonly type: 'apply-failed'; readonly run: number; readonly findings: readonly Finding[] }
	| {
			readonly type: 'settings-cleared'
			readonly run: number
			readonly exports: ExportPlan
			readonly cleared: SavedFile
	  }
	| { readonly type: 'token-revoked'; readonly run: number }
	| { readonly type: 'revoke-failed'; readonly run: number; readonly findings: readonly Finding[] }

/** The selected targets, in the order of the list. */
export function getSelectedTargets(state: WizardState): ProviderTarget[] {
	return state.rows.filter(row => state.answers.providers.includes(row.target.id)).map(row => row.target)
}

/** Whether the last checks rejected the current token. */
export function isTokenRejected({ lastCheck: checked, answers }: WizardState): boolean {
	if (!checked || !answers.token || checked.report.keyId !== answers.token.secret.keyId) return false
	return checked.report.findings.some(issue => issue.subject === 'token' && severityOf(issue) === 'error')
}
