// What Mux uses for a provider, and the conflicts that keep it from using its settings.
import { parseBridgeUrl } from '../bridge-url.ts'
import { type Conflict, findConflicts } from '../mux/conflicts.ts'
import type { MuxContext } from '../mux/context.ts'
import { describeRequest, resolveRequest } from '../mux/request/resolve.ts'
import { type BuiltInProvider, builtInProviders, type ProviderTarget } from '../providers.ts'
import { getSettingsBaseUrl } from './context.ts'

/** What Mux uses for a provider, as text for the screens. */
export function describeProvider(muxContext: MuxContext, id: string): string {
	if (isBuiltInProvider(id)) return describeRequest(resolveRequest(muxContext, muxContext.release, id))
	const bridge = parseBridgeUrl(getSettingsBaseUrl(muxContext, id))
	if (bridge) return `AI Bridge at ${new URL(bridge.origin).host}`
	return muxContext.sectionIds.includes(id) ? 'set up otherwise' : 'not set up'
}

export function isBuiltInProvider(id: string): id is BuiltInProvider {
	return (builtInProviders as readonly string[]).includes(id)
}

/** What keeps Mux from using the settings of a provider; known only for the built-in ones. */
export function getConflicts(muxContext: MuxContext, { id }: Pick<ProviderTarget, 'id'>): Conflict[] {
	return isBuiltInProvider(id) ? findConflicts(muxContext, muxContext.release, id) : []
}
