import type { ProviderTarget } from '../provider.ts'
import type { Reading } from './reading.ts'

/** Mux knows no models of a custom provider but those that its section lists: a new one lists what is offered. */
export function withModels(
	target: ProviderTarget,
	reading: Reading,
	models?: readonly string[] | null,
): ProviderTarget {
	const { custom } = target
	const isNew = custom?.models.length === 0 && !reading.snapshot.sectionIds.includes(target.id)
	return isNew && models ? { ...target, custom: { ...custom, models } } : target
}
