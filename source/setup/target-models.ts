import type { ProviderTarget } from '../providers.ts'
import type { SetupContext } from './context.ts'

/**
 * Mux knows only the models of a custom provider that its section lists, so a new section lists what the deployment
 * offers.
 */
export function addCustomModels(
	target: ProviderTarget,
	context: SetupContext,
	models?: readonly string[] | null,
): ProviderTarget {
	const { custom } = target
	const isNew = custom?.models.length === 0 && !context.muxContext.sectionIds.includes(target.id)
	return isNew && models ? { ...target, custom: { ...custom, models } } : target
}
