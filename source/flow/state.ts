// The wizard as values: every phase of every step is a variant of one union, so that a state that makes no sense
// can't be written down. No I/O here; see reduce.ts for how one state follows another.
import type { Deployment, Route } from '../coder/deployment-url.ts'
import { type Finding, severityOf } from '../findings/finding.ts'
import type { BuiltInProvider, ProviderTarget } from '../provider.ts'
import type { Secret } from '../secret.ts'
import type { Storage } from '../setup/answers.ts'
import type { Receipt, ReceiptFacts } from '../setup/apply.ts'
import type { ExportPlan } from '../setup/export-plan.ts'
import type { MadeToken, TokenAnswer, TokenOffers } from '../setup/offer-tokens.ts'
import type { Plan } from '../setup/plan.ts'
import type { CheckReport, CheckRow } from '../setup/verify.ts'

/** The steps in the order in which they are asked. */
export const steps = ['providers', 'deployment', 'token', 'checks', 'review', 'finish'] as const
export type Step = (typeof steps)[number]

/** A provider that can be ticked, with what Mux uses for it today in a few words. */
export type ProviderRow = { readonly target: ProviderTarget; readonly now: string }

/** What is known when the wizard opens. */
export type Start = {
	readonly rows: readonly ProviderRow[]
	/** Ids ticked at the start. */
	readonly ticked: readonly string[]
	/** The deployment that was found, with where it came from ("from CODER_URL"); null where there is none. */
	readonly prefill: { readonly text: string; readonly from: string } | null
	/** The settings file for the screen: "~/.mux/providers.jsonc (3 providers, 12 comments)". */
	readonly settingsLabel: string
	/** What is worth knowing before the first question (two homes, a broken file). */
	readonly notes: readonly Finding[]
	/** Where a token can be kept outside the settings file: a file of the wizard's own, the Coder CLI's session file. */
	readonly keeping: { readonly tokenFile: string; readonly cliSession: string | null }
	/** Where the token stands now, for putting a new one in the same place. */
	readonly storage: Storage
	/** The shell that export lines would be for, in its own name ("bash"). */
	readonly shellName: string
	/** A token that came with the call (standard input, a file): it is for the first deployment that is entered. */
	readonly given: TokenAnswer | null
	/** Set where the settings already go through a bridge: a new token alone may be all that is wanted. */
	readonly renewable: { readonly origin: string; readonly ids: readonly string[] } | null
}

export type { MadeToken, TokenAnswer, TokenOffer, TokenOffers } from '../setup/offer-tokens.ts'

export type SettledDeployment = { readonly deployment: Deployment; readonly version: string }

export type Answers = {
	readonly providers: readonly string[]
	readonly deploymentText: string
	readonly settled: SettledDeployment | null
	readonly token: TokenAnswer | null
	/** Ids of the fixes that the user accepted. */
	readonly fixes: readonly string[]
	/** Where the token is to stand. */
	readonly storage: Storage
}

export type Screen =
	| { readonly step: 'providers'; readonly noneTicked: boolean }
	| { readonly step: 'deployment'; readonly is: 'asking'; readonly findings: readonly Finding[] }
	| { readonly step: 'deployment'; readonly is: 'insecure'; readonly deployment: Deployment }
	| { readonly step: 'deployment'; readonly is: 'looking'; readonly deployment: Deployment; readonly run: number }
	| { readonly step: 'token'; readonly is: 'finding'; readonly run: number }
	| { readonly step: 'token'; readonly is: 'choosing'; readonly findings: readonly Finding[] }
	| {
			readonly step: 'token'
			readonly is: 'typing'
			readonly findings: readonly Finding[]
			/** What cleaning took out of the last text ("1 line break"). */
			readonly removed: readonly string[]
	  }
	| { readonly step: 'token'; readonly is: 'making'; readonly run: number }
	| { readonly step: 'checks'; readonly is: 'running'; readonly run: number; readonly rows: readonly CheckRow[] }
	| { readonly step: 'checks'; readonly is: 'done'; readonly rows: readonly CheckRow[]; readonly report: CheckReport }
	| { readonly step: 'review'; readonly is: 'planning'; readonly run: number; readonly notice: ReviewNotice }
	| { readonly step: 'review'; readonly is: 'refused'; readonly findings: readonly Finding[] }
	| { readonly step: 'review'; readonly is: 'reviewing'; readonly plan: Plan; readonly notice: ReviewNotice }
	| { readonly step: 'review'; readonly is: 'changing'; readonly plan: Plan }
	| { readonly step: 'review'; readonly is: 'storing'; readonly plan: Plan }
	| {
			readonly step: 'finish'
			/** Writing the plan, or the export lines' clearing of the same fields. */
			readonly is: 'applying' | 'exporting'
			readonly plan: Plan
			readonly run: number
			/** Ctrl-C was pressed: leave as soon as it is known whether anything was written. */
			readonly leaving: boolean
	  }
	| { readonly step: 'finish'; readonly is: 'failed'; readonly plan: Plan; readonly findings: readonly Finding[] }
	| { readonly step: 'finish'; readonly is: 'clearing'; readonly plan: Plan; readonly exports: ExportPlan }
	| { readonly step: 'finish'; readonly is: 'replaced'; readonly receipt: Receipt; readonly old: OldToken }
	| {
			readonly step: 'finish'
			readonly is: 'deleting'
			readonly receipt: Receipt
			readonly old: OldToken
			readonly run: number
	  }
	| { readonly step: 'finish'; readonly is: 'left'; readonly outcome: Outcome }

/** Why the review is shown anew. */
export type ReviewNotice = 'none' | 'changed-meanwhile'

/** A token that the wizard made in an earlier run and that this run replaced. */
export type OldToken = { readonly keyId: string; readonly name: string }

/** How the wizard ended. Exporting and applying carry what the receipt says. */
export type Outcome =
	| {
			readonly is: 'applied'
			readonly receipt: Receipt
			readonly findings: readonly Finding[]
			/** The older token that was deleted. */
			readonly deleted: OldToken | null
	  }
	| { readonly is: 'exported'; readonly exports: ExportPlan; readonly receipt: Receipt | null }
	| { readonly is: 'unchanged'; readonly plan: Plan }
	| { readonly is: 'left' }
	| { readonly is: 'cancelled' }

export type State = {
	readonly start: Start
	/** Providers that can be ticked: the two built in, custom ones of the settings, more that the deployment names. */
	readonly rows: readonly ProviderRow[]
	readonly answers: Answers
	readonly screen: Screen
	/** Number of the last effect that was started; results of older ones are dropped. */
	readonly run: number
	readonly tokens: TokenOffers | null
	readonly made: MadeToken | null
	/** Origin of the deployment that the given token was taken for; it is for no other. */
	readonly givenTo: string | null
	/** The last finished checks, for going back to them. */
	readonly checked: { readonly rows: readonly CheckRow[]; readonly report: CheckReport } | null
	/** Set while an answer is changed from the review, or a token renewed: steps that have their answer are passed over. */
	readonly shortcut: boolean
}

/** What the runner is asked to do. `run` comes back with the result. */
export type Effect =
	| { readonly do: 'look'; readonly run: number; readonly deployment: Deployment }
	| {
			readonly do: 'find-tokens'
			readonly run: number
			readonly deployment: Deployment
			readonly given: TokenAnswer | null
	  }
	| { readonly do: 'make-token'; readonly run: number; readonly deployment: Deployment; readonly session: Secret }
	| {
			readonly do: 'check'
			readonly run: number
			readonly deployment: Deployment
			readonly token: Secret
			readonly targets: readonly ProviderTarget[]
	  }
	| {
			readonly do: 'plan'
			readonly run: number
			readonly answers: Answers
			readonly targets: readonly ProviderTarget[]
			readonly route: Route
			readonly report: CheckReport
	  }
	| { readonly do: 'apply'; readonly run: number; readonly plan: Plan; readonly facts: ReceiptFacts }
	| { readonly do: 'clear'; readonly run: number; readonly exports: ExportPlan }
	| {
			readonly do: 'delete-token'
			readonly run: number
			readonly deployment: Deployment
			readonly session: Secret
			readonly keyId: string
	  }
	/** Stops everything that is under way. */
	| { readonly do: 'stop' }
	/** Takes back a made token that nothing uses; nothing waits for it but leaving. */
	| { readonly do: 'discard-token'; readonly made: MadeToken }
	| { readonly do: 'leave'; readonly outcome: Outcome }

export type Event =
	// What the user does.
	| { readonly on: 'toggle-provider'; readonly id: string }
	| { readonly on: 'toggle-all' }
	| { readonly on: 'choose-providers' }
	| { readonly on: 'renew' }
	/** What stands in the field, as it is typed: kept on the way back. */
	| { readonly on: 'type-deployment'; readonly text: string }
	| { readonly on: 'enter-deployment'; readonly text: string }
	| { readonly on: 'accept-insecure' }
	| { readonly on: 'use-token'; readonly answer: TokenAnswer }
	| { readonly on: 'make-token' }
	| { readonly on: 'type-token' }
	| { readonly on: 'enter-token'; readonly text: Secret }
	| { readonly on: 'retry' }
	| { readonly on: 'continue'; readonly fixes: readonly string[] }
	| { readonly on: 'stand-in'; readonly id: BuiltInProvider; readonly instance: string }
	| { readonly on: 'change'; readonly step: 'providers' | 'deployment' | 'token' }
	| { readonly on: 'change-answer' }
	| { readonly on: 'choose-storage' }
	| { readonly on: 'store'; readonly storage: Storage }
	| { readonly on: 'show-checks' }
	| { readonly on: 'apply' }
	| { readonly on: 'print-exports' }
	| { readonly on: 'clear-settings'; readonly yes: boolean }
	| { readonly on: 'delete-old-token'; readonly yes: boolean }
	| { readonly on: 'leave' }
	| { readonly on: 'back' }
	| { readonly on: 'cancel' }
	// What effects report.
	| { readonly on: 'looked'; readonly run: number; readonly settled: SettledDeployment }
	| { readonly on: 'look-failed'; readonly run: number; readonly findings: readonly Finding[] }
	| { readonly on: 'tokens-found'; readonly run: number; readonly tokens: TokenOffers }
	| { readonly on: 'token-made'; readonly run: number; readonly made: MadeToken }
	| { readonly on: 'make-failed'; readonly run: number; readonly findings: readonly Finding[] }
	| { readonly on: 'check-moved'; readonly run: number; readonly rows: readonly CheckRow[] }
	| { readonly on: 'checked'; readonly run: number; readonly rows: readonly CheckRow[]; readonly report: CheckReport }
	| { readonly on: 'planned'; readonly run: number; readonly plan: Plan }
	| { readonly on: 'plan-failed'; readonly run: number; readonly findings: readonly Finding[] }
	| { readonly on: 'applied'; readonly run: number; readonly receipt: Receipt }
	| { readonly on: 'changed-meanwhile'; readonly run: number }
	| { readonly on: 'apply-failed'; readonly run: number; readonly findings: readonly Finding[] }
	| { readonly on: 'cleared'; readonly run: number; readonly exports: ExportPlan; readonly receipt: Receipt }
	| { readonly on: 'token-deleted'; readonly run: number }
	| { readonly on: 'delete-failed'; readonly run: number; readonly findings: readonly Finding[] }

/** The chosen targets, in the order in which they are listed. */
export function targetsOf(state: State): ProviderTarget[] {
	return state.rows.filter(row => state.answers.providers.includes(row.target.id)).map(row => row.target)
}

/** Whether the last checks found fault with the very token that is answered now. */
export function isTokenRefused({ checked, answers }: State): boolean {
	if (!checked || !answers.token || checked.report.keyId !== answers.token.secret.keyId) return false
	return checked.report.findings.some(found => found.subject === 'token' && severityOf(found) === 'error')
}
