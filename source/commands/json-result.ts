// What `--json` prints: one object, whatever happened. The shapes are those of schema/result.json and schema/check.json.

import { type DescribedFinding, describeFinding } from '../findings/describe.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { exitCodeOf, type Finding, severityOf } from '../findings/finding.ts'

/**
 * `applied`: the settings file was changed. `unchanged`: it is as wanted already. `printed`: export lines. `planned`:
 * `--dry-run`. `removed`, `undone`: by the commands of those names. `cancelled`: the user left. `failed`: see findings.
 */
export const resultStatuses = [
	'applied',
	'unchanged',
	'printed',
	'planned',
	'removed',
	'undone',
	'cancelled',
	'failed',
] as const
export type ResultStatus = (typeof resultStatuses)[number]

export type ResultProvider = {
	readonly id: string
	/** What the plan gives it; null where it takes it away. */
	readonly baseUrl: string | null
	/** What Mux uses, in words, before and after. */
	readonly before: string
	readonly after: string
}

export type Result = {
	readonly version: 1
	readonly outcome: ResultStatus
	/** Absolute path; null where it was not looked for. */
	readonly settingsFile: string | null
	/** Absolute path of the old file's copy; null where none was made. */
	readonly backup: string | null
	readonly providers: readonly ResultProvider[]
	readonly findings: readonly DescribedFinding[]
	/** The change, tokens masked: with `planned`. */
	readonly diff?: string
	/** The export lines, which hold the token unless `--no-secret` was given: with `printed`. */
	readonly lines?: string
}

/** Makes the result of everything but `check`. */
export function makeResult(
	outcome: ResultStatus,
	facts: {
		readonly settingsFile?: string | null | undefined
		readonly backup?: string | null | undefined
		readonly providers?: readonly ResultProvider[] | undefined
		readonly findings?: readonly Finding[] | undefined
		readonly diff?: string | undefined
		readonly lines?: string | undefined
	} = {},
): Result {
	return {
		version: 1,
		outcome,
		settingsFile: facts.settingsFile ?? null,
		backup: facts.backup ?? null,
		providers: (facts.providers ?? []).map(({ id, baseUrl, before, after }) => ({ id, baseUrl, before, after })),
		findings: (facts.findings ?? []).map(describeFinding),
		...(facts.diff === undefined ? {} : { diff: facts.diff }),
		...(facts.lines === undefined ? {} : { lines: facts.lines }),
	}
}

/** The result of something that could not be done: `cancelled` where the user left, else `failed`. */
export function makeFailureResult(
	findings: readonly Finding[],
	facts: { readonly settingsFile?: string | null | undefined } = {},
): Result {
	const cancelled = findings.some(issue => issue.code === 'cancelled')
	return makeResult(cancelled ? 'cancelled' : 'failed', { ...facts, findings })
}

/** Where Mux's request for a provider goes, and what it carries. */
export type CheckRequest = {
	readonly url: string
	/** Name of the header, in small letters. */
	readonly credentialHeader: string | null
	/** The field or the variable that the credential comes from, such as `apiKey`; null where it is unknown. */
	readonly credentialFrom: string | null
	/** Null where the credential is no Coder token. */
	readonly keyId: string | null
}

export type CheckProvider = {
	readonly id: string
	readonly configured: boolean
	/** Null where Mux makes none. */
	readonly request: CheckRequest | null
	readonly viaBridge: boolean
	/** Codes of the findings that stand in the way of the bridge. */
	readonly conflicts: readonly string[]
	/** Why Mux makes no request, in a word of Mux's own such as `api_key_not_found`: only where there is none. */
	readonly reason?: string
	/** How many models the deployment lists: without `--offline`, null where it lists none. */
	readonly models?: number | null
}

/** What `check` found out by asking the deployment. */
export type CheckLive = {
	readonly deployment: string
	readonly coderVersion: string | null
	readonly route: string | null
	readonly token: { readonly keyId: string | null; readonly owner: string | null; readonly expiresAt: string | null }
}

export type CheckResult = {
	readonly version: 1
	readonly release: 'mux' | 'xum'
	readonly settingsFile: string
	readonly providers: readonly CheckProvider[]
	readonly findings: readonly DescribedFinding[]
	/** Absent with `--offline`, null where no deployment could be asked. */
	readonly live?: CheckLive | null
}

/** Makes the result of `check`. */
export function makeCheckResult(
	facts: Omit<CheckResult, 'version' | 'findings'> & { readonly findings: readonly Finding[] },
): CheckResult {
	const { release, settingsFile, providers, findings, live } = facts
	return {
		version: 1,
		release,
		settingsFile,
		providers,
		findings: findings.map(describeFinding),
		...(live === undefined ? {} : { live }),
	}
}

/** The text of a result for standard output. */
export function stringifyResult(result: Result | CheckResult): string {
	return `${JSON.stringify(result, null, 2)}\n`
}

/** The exit code for findings: that of the first error (of `cancelled` before all), 0 where there is none. */
export function getExitCode(findings: readonly Finding[]): ExitCode {
	const decisive = findings.find(issue => issue.code === 'cancelled') ?? findings.find(isError)
	return decisive ? exitCodeOf(decisive) : 0
}

function isError(issue: Finding): boolean {
	return severityOf(issue) === 'error'
}
