// What `--json` prints: always one object. The shapes are described by schema/result.json and schema/check.json.

import { type DescribedFinding, describeFinding } from '../findings/describe.ts'
import type { Finding } from '../findings/finding.ts'
import { stringifySafely } from '../terminal/sanitize.ts'

/**
 * `applied`: the settings file was changed. `unchanged`: it already was as requested. `printed`: export lines.
 * `planned`: `--dry-run`. `removed`, `undone`: by the commands of those names. `cancelled`: the user quit. `failed`:
 * see findings.
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
	/** The base URL that the plan sets; null if it removes it. */
	readonly baseUrl: string | null
	/** What Mux uses, in words, before and after. */
	readonly before: string
	readonly after: string
}

export type Result = {
	readonly version: 1
	readonly outcome: ResultStatus
	/** Absolute path; null if it wasn't determined. */
	readonly settingsFile: string | null
	/** Absolute path of the backup; null if there is none. */
	readonly backup: string | null
	readonly providers: readonly ResultProvider[]
	readonly findings: readonly DescribedFinding[]
	/** With `--fix`: what was fixed beyond the providers, as text. */
	readonly fixed?: readonly string[]
	/** With `planned`: the change, with tokens masked. */
	readonly diff?: string
	/** With `printed`: the export lines. They contain the token unless `--no-secret` was given. */
	readonly lines?: string
}

/** Creates the result of every command except `check`. */
export function makeResult(
	outcome: ResultStatus,
	facts: {
		readonly settingsFile?: string | null | undefined
		readonly backup?: string | null | undefined
		readonly providers?: readonly ResultProvider[] | undefined
		readonly findings?: readonly Finding[] | undefined
		readonly fixed?: readonly string[] | undefined
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
		...(facts.fixed === undefined ? {} : { fixed: facts.fixed }),
		...(facts.diff === undefined ? {} : { diff: facts.diff }),
		...(facts.lines === undefined ? {} : { lines: facts.lines }),
	}
}

/** The result of a run that didn't succeed: `cancelled` if the user quit, else `failed`. */
export function makeFailureResult(
	findings: readonly Finding[],
	facts: { readonly settingsFile?: string | null | undefined } = {},
): Result {
	const cancelled = findings.some(issue => issue.code === 'cancelled')
	return makeResult(cancelled ? 'cancelled' : 'failed', { ...facts, findings })
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
	readonly viaBridge: boolean
	/** Codes of the findings that keep Mux from using the bridge. */
	readonly conflicts: readonly string[]
	/** Why Mux sends no request, as an identifier such as `api_key_not_found`; only if there is no request. */
	readonly reason?: string
	/** Number of models that the deployment lists; null if it lists none. Absent with `--offline`. */
	readonly models?: number | null
}

/** What `check` learned from the deployment. */
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
	/** Absent with `--offline`; null if no deployment could be checked. */
	readonly live?: CheckLive | null
}

/** Creates the result of `check`. */
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

/** The result as text for stdout. */
export function stringifyResult(result: Result | CheckResult): string {
	// The lines of --print-env are there to be evaluated.
	return `${stringifySafely(result, ['lines'])}\n`
}
