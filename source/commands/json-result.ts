// What `--json` prints: always one object of one shape, described by schema/result.json. `command` says which command
// ran; `check` has more fields for each provider.

import packageJson from '../../package.json' with { type: 'json' }
import { type DescribedFinding, describeFinding } from '../findings/describe.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import type { Finding } from '../findings/finding.ts'
import { getExitCode, getFailureExitCode } from '../findings/severity.ts'
import type { TokenFacts } from '../setup/token-facts.ts'
import type { Verdict } from '../setup/verdict.ts'
import { stringifySafely } from '../terminal/sanitize.ts'
import { findNextSteps, listMissing, type NextStep, needsUser, type Remedy, structureRemedy } from './next-steps.ts'
import type { CommandName } from './options.ts'

/**
 * `applied`: the settings file was changed. `unchanged`: it already was as requested. `printed`: export lines.
 * `planned`: `--dry-run`. `removed`, `undone`, `checked`: by the commands of those names. `cancelled`: the user quit.
 * `failed`: see findings.
 */
export const resultStatuses = [
	'applied',
	'unchanged',
	'printed',
	'planned',
	'removed',
	'undone',
	'checked',
	'cancelled',
	'failed',
] as const
export type ResultStatus = (typeof resultStatuses)[number]

/** The commands that have a JSON result. */
export type ResultCommand = Exclude<CommandName, 'completion'>

export type ResultProvider = {
	readonly id: string
	/** The base URL that the plan sets; null if it removes it. */
	readonly baseUrl: string | null
	/** What Mux uses, in words, before and after. */
	readonly before: string
	readonly after: string
}

/** Where Mux sends the requests of a provider, and with which credential. */
export type CheckRequest = {
	readonly url: string
	/** Name of the header in lower case. */
	readonly credentialHeader: string | null
	/** The field or variable that the credential comes from, such as `apiKey`; null if unknown. */
	readonly credentialFrom: string | null
	/** Null if the credential isn't a Coder token. */
	readonly keyId: string | null
}

export type CheckProvider = {
	readonly id: string
	readonly configured: boolean
	/** Null if Mux sends no request. */
	readonly request: CheckRequest | null
	readonly viaBridge: boolean | null
	/** Codes of the findings that keep Mux from using the bridge. */
	readonly conflicts: readonly string[]
	/** Why Mux sends no request, as an identifier such as `api_key_not_found`; only if there is no request. */
	readonly reason?: string
	/** The first words of the answer to a test message. Only with `--send`. */
	readonly answer?: string
	/** Whether the provider answered through the bridge. Absent with `--offline`. */
	readonly answered?: boolean
	/** Number of models that the deployment lists; null if it lists none. Absent with `--offline`. */
	readonly models?: number | null
}

/** What `check` learned from the deployment. */
export type CheckLive = {
	readonly deployment: string
	readonly coderVersion: string | null
	/** Null if unknown. */
	readonly edition: 'Premium' | 'open source' | null
	readonly route: string | null
	readonly token: {
		readonly keyId: string | null
		readonly name: string | null
		readonly owner: string | null
		readonly expiresAt: string | null
	}
	/** The user's budget, in millionths of a US dollar; absent if there is none. */
	readonly budget?: { readonly limitMicros: number; readonly spentMicros: number; readonly resetsAt: string | null }
}

export type FindingResult = Omit<DescribedFinding, 'remedy'> & { readonly remedy: readonly Remedy[] }

export type TokenResult = {
	readonly keyId: string | null
	readonly name: string | null
	readonly owner: string | null
	readonly expiresAt: string | null
	/** `created` in this run, `given` by an option or variable, or `found` on this machine. */
	readonly source: TokenOrigin
}

export type TokenOrigin = 'created' | 'given' | 'found'

export type Result = {
	readonly version: 1
	readonly programVersion: string
	readonly command: ResultCommand
	readonly outcome: ResultStatus
	/** Whether the setup works; absent for `undo` and `remove`. */
	readonly verdict?: Verdict
	readonly exitCode: ExitCode
	/** Absolute path; null if it wasn't determined. */
	readonly settingsFile: string | null
	/** Absolute path of the backup; null if there is none. */
	readonly backup: string | null
	readonly providers: readonly (ResultProvider | CheckProvider)[]
	readonly findings: readonly FindingResult[]
	/** The token of the setup, if one is known. */
	readonly token?: TokenResult
	/** What to run next; never empty after a failure. */
	readonly next: readonly NextStep[]
	/** Names of the options that would provide missing input: `url`, `token`. */
	readonly missing: readonly string[]
	/** Whether a person has to act, as a sentence. */
	readonly userActionRequired: boolean | string
	/** With `--fix`: what was fixed beyond the providers, as text. */
	readonly fixed?: readonly string[]
	/** With `planned`: the change, with tokens masked. */
	readonly diff?: string
	/** With `printed`: the export lines. They contain the token unless `--no-secret` was given. */
	readonly lines?: string
	/** `check` only. */
	readonly release?: 'mux' | 'xum'
	/** `check` only. Absent with `--offline`; null if no deployment could be checked. */
	readonly live?: CheckLive | null
}

export type ResultFacts = {
	readonly verdict?: Verdict | undefined
	/** By default, that of the findings. */
	readonly exitCode?: ExitCode | undefined
	readonly settingsFile?: string | null | undefined
	readonly backup?: string | null | undefined
	readonly providers?: readonly (ResultProvider | CheckProvider)[] | undefined
	readonly findings?: readonly Finding[] | undefined
	readonly token?: (TokenFacts & { readonly source: TokenOrigin }) | null | undefined
	readonly fixed?: readonly string[] | undefined
	readonly diff?: string | undefined
	readonly lines?: string | undefined
	readonly release?: 'mux' | 'xum' | undefined
	readonly live?: CheckLive | null | undefined
}

/** Creates the result of a command. */
export function makeResult(command: ResultCommand, outcome: ResultStatus, facts: ResultFacts = {}): Result {
	const { findings = [], exitCode = getExitCode(findings), token, verdict } = facts
	const optional = {
		fixed: facts.fixed,
		diff: facts.diff,
		lines: facts.lines,
		release: facts.release,
		live: facts.live,
	}
	const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined))
	return {
		version: 1,
		programVersion: packageJson.version,
		command,
		outcome,
		...(verdict === undefined ? {} : { verdict }),
		exitCode,
		settingsFile: facts.settingsFile ?? null,
		backup: facts.backup ?? null,
		providers: (facts.providers ?? []).map(pickProviderFields),
		findings: findings.map(describeForJson),
		...(token ? { token: { ...token, expiresAt: token.expiresAt?.toISOString() ?? null } } : {}),
		next: findNextSteps({ command, outcome, verdict, exitCode, findings }),
		missing: listMissing(findings),
		userActionRequired: needsUser(findings),
		...present,
	}
}

/** The result of a run that didn't succeed: `cancelled` if the user quit, else `failed`. */
export function makeFailureResult(
	command: ResultCommand,
	findings: readonly Finding[],
	facts: Pick<ResultFacts, 'settingsFile' | 'exitCode'> = {},
): Result {
	const isCancelled = findings.some(issue => issue.code === 'cancelled')
	const verdict = command === 'configure' ? 'not-saved' : command === 'check' ? 'problems' : undefined
	const exitCode = facts.exitCode ?? getFailureExitCode(findings)
	return makeResult(command, isCancelled ? 'cancelled' : 'failed', { ...facts, exitCode, verdict, findings })
}

/** Changes made for the plan have more fields than the result shows. */
function pickProviderFields(provider: ResultProvider | CheckProvider): ResultProvider | CheckProvider {
	if ('configured' in provider) return provider
	const { id, baseUrl, before, after } = provider
	return { id, baseUrl, before, after }
}

function describeForJson(issue: Finding): FindingResult {
	const described = describeFinding(issue)
	return { ...described, remedy: structureRemedy(described.remedy) }
}

/** The result as text for stdout. */
export function stringifyResult(result: Result): string {
	// The lines of --print-env are there to be evaluated.
	return `${stringifySafely(result, ['lines'])}\n`
}
