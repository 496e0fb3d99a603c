// What the modes without a screen have in common: how they are stopped, and how a refusal ends them.
import type { ExitCode } from '../findings/exit-codes.ts'
import { finding, UserError } from '../findings/finding.ts'
import { findSettings, type Release } from '../mux/home.ts'
import { CancellationToken } from '../runtime/cancellation.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { reportError } from './report-error.ts'

/** `stop` ends the mode. */
export type RunCommandOptions = { readonly cancellation?: CancellationToken }

type Asked = {
	readonly json: boolean
	readonly plain: boolean
	readonly settings?: string
	readonly release?: Release
}

/** Carries a mode out and tells a UserError; a stop is one too. Anything else that is thrown is a bug, and goes on. */
export async function runCommand(
	runtime: Runtime,
	asked: Asked,
	{ cancellation = new CancellationToken() }: RunCommandOptions,
	work: (cancellation: CancellationToken) => Promise<ExitCode>,
): Promise<ExitCode> {
	try {
		return await work(cancellation)
	} catch (error) {
		const refusal =
			error instanceof UserError
				? error
				: cancellation.isCancelled
					? new UserError(finding('cancelled', 'program'))
					: null
		if (!refusal) throw error
		// Behind the ^C that the terminal has put there, and a prompt.
		if (cancellation.isCancelled && runtime.stderr.isTTY) runtime.stderr.write('\n')
		const { path } = await findSettings(runtime, asked)
		return reportError(runtime, refusal, { ...asked, settingsFile: path })
	}
}

/** Throws the UserError that says so where the user has asked to stop. */
export function throwIfCancelled(cancellation: CancellationToken): void {
	if (cancellation.isCancelled) throw new UserError(finding('cancelled', 'program'))
}
