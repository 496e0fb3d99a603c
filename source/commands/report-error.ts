// Reports a UserError or a bug: as JSON if requested, and in words on stderr.
import { cleanText } from '../findings/clean-text.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, finding, UserError } from '../findings/finding.ts'
import { getFailureExitCode, severityOf } from '../findings/severity.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { maskCredentials } from '../secrets/redact.ts'
import { createStyler, formatFindings, print } from '../terminal/print.ts'
import { writeResult } from '../terminal/write-result.ts'
import { makeFailureResult, type ResultCommand, stringifyResult } from './json-result.ts'

/** How to report: `--json`, `--plain`, and the settings file if it is known. */
export type ReportOptions = {
	readonly json: boolean
	readonly plain?: boolean
	readonly settingsFile?: string | null
	/** Reported behind the errors. */
	readonly notes?: readonly Finding[]
	/** The command that failed; `configure` if none was recognized. */
	readonly command?: ResultCommand
}

/** Reports why something couldn't be done; returns the matching exit code. */
export async function reportError(runtime: Runtime, refusal: UserError, telling: ReportOptions): Promise<ExitCode> {
	const { findings } = refusal
	await tellFindings(runtime, [...findings, ...(telling.notes ?? [])], telling)
	return getFailureExitCode(findings)
}

/** Reports a bug: its kind and where it happened, without anything that could be a credential. */
export async function reportCrash(
	runtime: Runtime,
	error: unknown,
	version: string,
	telling: ReportOptions,
): Promise<ExitCode> {
	const known = error instanceof Error ? error : new Error(typeof error)
	const message = maskCredentials(cleanText(known.message, 300))
	const places = (known.stack ?? '')
		.split('\n')
		.filter(line => /^\s+at /.test(line))
		.slice(0, 6)
		.map(line => `    ${maskCredentials(cleanText(line))}`)
	await tellFindings(runtime, [finding('bug', 'program', { kind: known.name, message, version })], telling)
	print(runtime, places)
	return 70
}

/** Logs the codes of findings for `--debug`. */
export function logFindings({ debug }: Runtime, findings: readonly Finding[]): void {
	for (const issue of findings)
		debug?.('finding', { code: issue.code, severity: severityOf(issue), about: issue.subject })
}

async function tellFindings(runtime: Runtime, findings: readonly Finding[], telling: ReportOptions): Promise<void> {
	const { json, plain = false, settingsFile, command = 'configure' } = telling
	logFindings(runtime, findings)
	const tell = () => print(runtime, formatFindings(createStyler(runtime, 'stderr', { plain }), findings))
	if (!json) return tell()
	// A failure is reported once: on stderr only if stdout can't take it.
	const isWritten = await writeResult(
		runtime,
		stringifyResult(makeFailureResult(command, findings, { settingsFile })),
	).catch((error: unknown) => {
		if (!(error instanceof UserError)) throw error
		return false
	})
	if (!isWritten) tell()
}
