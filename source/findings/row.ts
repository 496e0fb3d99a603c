// The form of a row of the table of words; apart from finding.ts, which is made from the table.
import type { ExitCode } from './exit-codes.ts'

/** `error`: it will not work. `warning`: it works, with a trap. `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info'

/** Facts that a finding's words are filled with. Never a credential; server text only after `cleanText`. */
export type Details = Readonly<Record<string, string | number | undefined>>

/** One row of the table of words. The functions get the finding's details. */
export type Words = {
	severity: Severity
	exitCode: ExitCode
	headline: (details: Details) => string
	reason: (details: Details) => string
	remedy: (details: Details) => string[]
	/** Sample details, for the documents and the tests of the words. */
	example: Details
}
