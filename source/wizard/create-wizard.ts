// Opens a wizard for what the arguments ask for: reads what is there, and puts the runner of its effects behind it.

import type { ProviderTarget } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { loadContext } from '../setup/context.ts'
import { createEffectRunner, type EffectOptions } from './effects.ts'
import { loadInitialState } from './initial-state.ts'
import { startWizard, type Wizard } from './store.ts'

export type CreateWizardOptions = EffectOptions & {
	readonly url?: string | undefined
	readonly providers: readonly ProviderTarget[]
}

/** Throws UserError where the settings file can't be read: nothing is asked for what could not be written. */
export async function createWizard(runtime: Runtime, options: CreateWizardOptions): Promise<Wizard> {
	const context = await loadContext(runtime, options.where)
	return startWizard(await loadInitialState(runtime, context, options), createEffectRunner(runtime, options))
}
