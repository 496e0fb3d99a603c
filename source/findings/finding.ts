import type { CodeWithoutDetails, Details, DetailsByCode, DetailsOf, FindingCode, Severity } from './codes.ts'
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
