// Creates the wizard for the given arguments: reads the current state, and connects the runner of its effects.

import type { ProviderTarget } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { CompanyInfo } from '../setup/config.ts'
import { loadContext } from '../setup/context.ts'
import { createEffectRunner, type EffectOptions } from './effects.ts'
import { loadInitialState } from './initial-state.ts'
import { startWizard, type Wizard } from './store.ts'

export type CreateWizardOptions = EffectOptions & {
	readonly url?: string | undefined
	readonly providers: readonly ProviderTarget[]
	readonly company?: CompanyInfo | undefined
}

/** Throws a UserError if the settings file can't be read: no questions are asked for what couldn't be written. */
export async function createWizard(runtime: Runtime, options: CreateWizardOptions): Promise<Wizard> {
	const context = await loadContext(runtime, options.where)
	const runEffect = createEffectRunner(runtime, options)
	const wizard = startWizard(await loadInitialState(runtime, context, options), (effect, send) => {
		runtime.debug?.('effect', { type: effect.type })
		return runEffect(effect, send)
	})
	if (runtime.debug) logSteps(runtime, wizard)
	return wizard
}

/** Logs each phase once, and the findings of the checks. */
function logSteps({ debug }: Runtime, wizard: Wizard): void {
	let logged = ''
	wizard.subscribe(() => {
		const { phase } = wizard.state()
		const name = 'status' in phase ? `${phase.step} ${phase.status}` : phase.step
		if (name === logged) return
		logged = name
		const findings = 'report' in phase ? phase.report.findings : 'findings' in phase ? phase.findings : []
		debug?.('step', { name, findings: findings.map(issue => issue.code).join(',') || null })
	})
}
