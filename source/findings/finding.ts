import type { ExitCode } from './exit-codes.ts'
import type { Details, Severity, Words } from './row.ts'
import { words } from './words.ts'

export type { Details, Severity, Words } from './row.ts'

/** Each thing that a check can say; the closed union comes from the one table of words. */
export type FindingCode = keyof typeof words

/**
 * One result of a check: a value, made where the fact is known; its words come from the table.
 *
 * `subject` names what it is about: `deployment`, `token`, `bridge`, a provider's name, `settings`, `mux`,
 * `environment`, `arguments`.
 */
export type Finding = {
	readonly code: FindingCode
	readonly subject: string
	readonly details: Details
	/** Only where it differs from the table's. */
	readonly severity?: Severity
}

/** A finding with its words, as the JSON result shows it and as every front end prints it. */
export type DescribedFinding = {
	code: FindingCode
	severity: Severity
	subject: string
	headline: string
	reason: string
	/** What to do, one step an entry; a step that is a command or a URL stands alone in its entry. */
	remedy: string[]
}

/** Makes a finding. */
export function finding(code: FindingCode, subject: string, details: Details = {}, severity?: Severity): Finding {
	return severity ? { code, subject, details, severity } : { code, subject, details }
}

export function severityOf(found: Finding): Severity {
	return found.severity ?? words[found.code].severity
}

export function exitCodeOf(found: Finding): ExitCode {
	return words[found.code].exitCode
}

/** Puts a finding into words. */
export function describe(found: Finding): DescribedFinding {
	const row: Words = words[found.code]
	return {
		code: found.code,
		severity: severityOf(found),
		subject: found.subject,
		headline: row.headline(found.details),
		reason: row.reason(found.details),
		remedy: row.remedy(found.details),
	}
}

/** Something that could not be done, with the findings that say why. The only kind of error thrown on purpose. */
export class Refusal extends Error {
	readonly findings: readonly Finding[]

	constructor(...findings: [Finding, ...Finding[]]) {
		super(findings.map(found => describe(found).headline).join('; '))
		this.name = 'Refusal'
		this.findings = findings
	}
}
