// How serious findings are, and the exit code that follows. Apart from finding.ts: `--version` needs no table of codes.
import { getCode, type Severity } from './codes.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Finding } from './finding.ts'

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
