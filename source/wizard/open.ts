// Opens a wizard for what the arguments ask for: reads what is there, and puts the runner of its effects behind it.
import type { Host } from '../host.ts'
import type { ProviderTarget } from '../provider.ts'
import { readSetup } from '../setup/reading.ts'
import { type EffectOptions, effectRunner } from './effects.ts'
import { makeStart } from './start.ts'
import { startWizard, type Wizard } from './store.ts'

export type OpenOptions = EffectOptions & {
	readonly url?: string | undefined
	readonly providers: readonly ProviderTarget[]
}

/** Throws Refusal where the settings file can't be read: nothing is asked for what could not be written. */
export async function openWizard(host: Host, options: OpenOptions): Promise<Wizard> {
	const reading = await readSetup(host, options.where)
	return startWizard(await makeStart(host, reading, options), effectRunner(host, options))
}
