// What the modes without a screen have in common: how they are stopped, and how a refusal ends them.
import type { ExitCode } from '../findings/exit-codes.ts'
import { finding, Refusal } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { findSettings, type Release } from '../mux/home.ts'
import { tellRefusal } from './refusal.ts'

/** `signal` ends the mode in good order: nothing is left half done, and what was made for nothing is taken back. */
export type RunOptions = { readonly signal?: AbortSignal | undefined }

type Asked = {
	readonly json: boolean
	readonly plain: boolean
	readonly settings?: string
	readonly release?: Release
}

/** Carries a mode out and tells a Refusal; a stop is one too. Anything else that is thrown is a bug, and goes on. */
export async function carryOut(
	host: Host,
	asked: Asked,
	{ signal }: RunOptions,
	work: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
	try {
		return await work(signal ?? new AbortController().signal)
	} catch (error) {
		const refusal =
			error instanceof Refusal ? error : signal?.aborted ? new Refusal(finding('cancelled', 'program')) : null
		if (!refusal) throw error
		// Behind the ^C that the terminal has put there, and a prompt.
		if (signal?.aborted && host.stderr.isTTY) host.stderr.write('\n')
		const { path } = await findSettings(host, asked)
		return tellRefusal(host, refusal, { ...asked, settingsFile: path })
	}
}

/** Throws the Refusal that says so where the user has asked to stop. */
export function stopIfAsked(signal: AbortSignal): void {
	if (signal.aborted) throw new Refusal(finding('cancelled', 'program'))
}
