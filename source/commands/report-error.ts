// How a UserError and a bug are told: as JSON where it was asked for, and in words on standard error.
import { cleanText } from '../findings/clean-text.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { exitCodeOf, type Finding, finding, UserError } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { maskCredential } from '../secrets/secret.ts'
import { writeResult } from '../terminal/write-result.ts'
import { getExitCode, makeFailureResult, stringifyResult } from './json-result.ts'
import { createStyler, formatFindings, print } from './print.ts'

/** How it is to be told: `--json`, `--plain`, and the settings file where it is known. */
export type ReportOptions = {
	readonly json: boolean
	readonly plain?: boolean
	readonly settingsFile?: string | null
}

/** Tells why something could not be done; gives back the exit code that says the same. */
export async function reportError(runtime: Runtime, refusal: UserError, telling: ReportOptions): Promise<ExitCode> {
	const { findings } = refusal
	await tellFindings(runtime, findings, telling)
	const first = findings[0]
	return getExitCode(findings) || (first ? exitCodeOf(first) : 0) || 1
}

/** Tells a bug: its kind and where it happened, with nothing in it that could be a credential. */
export async function reportCrash(
	runtime: Runtime,
	error: unknown,
	version: string,
	telling: ReportOptions,
): Promise<ExitCode> {
	const known = error instanceof Error ? error : new Error(typeof error)
	const message = maskTokens(cleanText(known.message, 300))
	const places = (known.stack ?? '')
		.split('\n')
		.filter(line => /^\s+at /.test(line))
		.slice(0, 6)
		.map(line => `    ${maskTokens(cleanText(line))}`)
	await tellFindings(runtime, [finding('bug', 'program', { kind: known.name, message, version })], telling)
	print(runtime, places)
	return 70
}

async function tellFindings(runtime: Runtime, findings: readonly Finding[], telling: ReportOptions): Promise<void> {
	const { json, plain = false, settingsFile } = telling
	print(runtime, formatFindings(createStyler(runtime, 'stderr', { plain }), findings))
	if (!json) return
	// What can't be told there was told on standard error.
	await writeResult(runtime, stringifyResult(makeFailureResult(findings, { settingsFile }))).catch((error: unknown) => {
		if (!(error instanceof UserError)) throw error
	})
}

function maskTokens(text: string): string {
	return text.replace(/[A-Za-z0-9]{10}-[A-Za-z0-9]{22}|sk-[\w-]{8,}/g, maskCredential)
}
