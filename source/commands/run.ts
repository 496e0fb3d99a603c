// What the modes without a screen have in common: how they are stopped, and how a refusal ends them.
import type { ExitCode } from '../findings/exit-codes.ts'
import { finding, Refusal } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { findSettings, type Release } from '../mux/home.ts'
import { Stop } from '../stop.ts'
import { tellRefusal } from './refusal.ts'

/** `stop` ends the mode. */
export type RunOptions = { readonly stop?: Stop }

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
	{ stop = new Stop() }: RunOptions,
	work: (stop: Stop) => Promise<ExitCode>,
): Promise<ExitCode> {
	try {
		return await work(stop)
	} catch (error) {
		const refusal =
			error instanceof Refusal ? error : stop.isAsked ? new Refusal(finding('cancelled', 'program')) : null
		if (!refusal) throw error
		// Behind the ^C that the terminal has put there, and a prompt.
		if (stop.isAsked && host.stderr.isTTY) host.stderr.write('\n')
		const { path } = await findSettings(host, asked)
		return tellRefusal(host, refusal, { ...asked, settingsFile: path })
	}
}

/** Throws the Refusal that says so where the user has asked to stop. */
export function stopIfAsked(stop: Stop): void {
	if (stop.isAsked) throw new Refusal(finding('cancelled', 'program'))
}
