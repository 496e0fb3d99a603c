import type { ProviderTarget } from '../providers.ts'
import type { SetupContext } from './context.ts'

/** Mux knows no models of a custom provider but those that its section lists: a new one lists what is offered. */
export function addCustomModels(
	target: ProviderTarget,
	context: SetupContext,
	models?: readonly string[] | null,
): ProviderTarget {
	const { custom } = target
	const isNew = custom?.models.length === 0 && !context.muxContext.sectionIds.includes(target.id)
	return isNew && models ? { ...target, custom: { ...custom, models } } : target
}
