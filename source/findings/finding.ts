import {
	type CodeWithoutDetails,
	type Details,
	type DetailsByCode,
	type DetailsOf,
	type FindingCode,
	getCode,
	type Severity,
} from './codes.ts'
import type { ExitCode } from './exit-codes.ts'

export type { CodeFor, Details, DetailsOf, FindingCode, Severity } from './codes.ts'

/**
 * One result of a check: a value, created where the fact is known. Its texts come from messages/.
 *
 * `subject` names what it is about: `deployment`, `token`, `bridge`, a provider's name, `settings`, `mux`,
 * `environment`, `arguments`.
 */
export type Finding<C extends FindingCode = FindingCode> = C extends FindingCode
	? {
			readonly code: C
			readonly subject: string
			readonly details: DetailsByCode[C] & Details
			/** Only if it differs from the table's. */
			readonly severity?: Severity
			/** Only if it differs from the table's. */
			readonly exitCode?: ExitCode
		}
	: never

/** Creates a finding. A missing or misspelled detail doesn't compile. */
export function finding<C extends CodeWithoutDetails>(code: C, subject: string): Finding<C>
export function finding<C extends FindingCode>(
	code: C,
	subject: string,
	details: DetailsOf<C>,
	severity?: Severity,
): Finding<C>
export function finding(code: FindingCode, subject: string, details = {}, severity?: Severity): Finding {
	return (severity ? { code, subject, details, severity } : { code, subject, details }) as Finding
}

export function severityOf(finding: Finding): Severity {
	return finding.severity ?? getCode(finding.code).severity
}

export function exitCodeOf(finding: Finding): ExitCode {
	return finding.exitCode ?? getCode(finding.code).exitCode
}

/**
 * The exit code for a list of findings: that of `cancelled` if present, else of the first error; 0 if there is no
 * error.
 */
export function getExitCode(findings: readonly Finding[]): ExitCode {
	const isError = (issue: Finding) => severityOf(issue) === 'error'
	const decisive = findings.find(issue => issue.code === 'cancelled') ?? findings.find(isError)
	return decisive ? exitCodeOf(decisive) : 0
}

/** The exit code of something that failed: never 0, even if only warnings say why. */
export function getFailureExitCode(findings: readonly Finding[]): ExitCode {
	const [first] = findings
	return getExitCode(findings) || (first ? exitCodeOf(first) : 0) || 1
}

/** Removes duplicates: an issue of the whole file is found once for each provider. */
export function uniqueFindings(findings: readonly Finding[]): Finding[] {
	const visited = new Map(findings.map(issue => [JSON.stringify([issue.code, issue.subject, issue.details]), issue]))
	return [...visited.values()]
}

/** Something that couldn't be done, with the findings that say why. The only kind of error thrown on purpose. */
export class UserError extends Error {
	readonly findings: readonly Finding[]

	constructor(...findings: [Finding, ...Finding[]]) {
		super(findings.map(({ code }) => code).join(', '))
		this.name = 'UserError'
		this.findings = findings
	}
}
