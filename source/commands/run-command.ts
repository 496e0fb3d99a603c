// What the commands without a screen have in common: how they are cancelled, and how an error ends them.
import type { ExitCode } from '../findings/exit-codes.ts'
import { finding, UserError } from '../findings/finding.ts'
import { findSettings } from '../mux/home.ts'
import type { Release } from '../mux/releases.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { CompanyInfo } from '../setup/config.ts'
import type { ResultCommand } from './json-result.ts'
import { reportError } from './report-error.ts'

/** `signal` ends the command. */
export type RunCommandOptions = { readonly signal?: AbortSignal }

type Asked = {
	readonly command: ResultCommand
	readonly json: boolean
	readonly plain: boolean
	readonly settings?: string
	readonly release?: Release
	readonly company?: CompanyInfo
}

/** Runs a command and reports a UserError; a cancellation is one too. Any other error is a bug and is rethrown. */
export async function runCommand(
	runtime: Runtime,
	asked: Asked,
	{ signal = new AbortController().signal }: RunCommandOptions,
	work: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
	try {
		return await work(signal)
	} catch (error) {
		const refusal =
			error instanceof UserError ? error : signal.aborted ? new UserError(finding('cancelled', 'program')) : null
		if (!refusal) throw error
		// Starts a new line after the ^C that the terminal has printed.
		if (signal.aborted && runtime.stderr.isTTY) runtime.stderr.write('\n')
		const { path } = await findSettings(runtime, asked)
		// Without JSON they have been printed already.
		const notes = asked.json ? (asked.company?.findings ?? []) : []
		return reportError(runtime, refusal, { ...asked, settingsFile: path, notes })
	}
}

/** Throws a UserError if the user has cancelled. */
export function throwIfCancelled(signal: AbortSignal): void {
	if (signal.aborted) throw new UserError(finding('cancelled', 'program'))
}
