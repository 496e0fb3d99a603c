// Which models Mux offers for a provider. What Mux does depends on the model, so a provider is judged for all of them
// (docs/contracts/mux.md#25-models).
import { isBuiltInProvider } from '../providers.ts'
import { asSection, type MuxContext, type Section } from './context.ts'
import { type Release, releaseFacts } from './releases.ts'

/** The models of a provider: those of the release, those that the section lists, and the default of config.json. */
export function listModels(muxContext: MuxContext, release: Release, provider: string): readonly string[] {
	const { settings, routes } = muxContext.directories[release]
	const released = isBuiltInProvider(provider) ? (releaseFacts[release].models[provider] ?? []) : []
	const listed = listSectionModels(asSection(settings.sections[provider]))
	const named = modelOf(routes.defaultModel, provider)
	return [...new Set([...(named === null ? [] : [named]), ...released, ...listed])]
}

/** The models that a section lists, as strings or as objects with an `id`. */
export function listSectionModels(section: Section): string[] {
	const { models } = section
	if (!Array.isArray(models)) return []
	return models
		.map(entry => (typeof entry === 'string' ? entry : asSection(entry)['id']))
		.filter((id): id is string => typeof id === 'string' && id.trim() !== '')
		.map(id => id.trim())
}

/**
 * The model that a verdict about the provider is made for: the one that was requested, else Mux's default model if it
 * is of this provider, else the first one of the list.
 */
export function getJudgedModel(muxContext: MuxContext, release: Release, provider: string): string {
	const requested = muxContext.requestedModels[provider]
	if (requested !== undefined) return requested
	const { routes } = muxContext.directories[release]
	const byDefault = modelOf(routes.defaultModel ?? releaseFacts[release].defaultModel, provider)
	return byDefault ?? listModels(muxContext, release, provider)[0] ?? 'model'
}

/** The model of `provider:model`, if it is of this provider. */
function modelOf(name: string | null, provider: string): string | null {
	return name?.startsWith(`${provider}:`) && name.length > provider.length + 1 ? name.slice(provider.length + 1) : null
}
