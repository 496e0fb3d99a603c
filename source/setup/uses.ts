// What Mux uses for a provider, and what keeps it from using what the settings say.
import { bridgeOf } from '../bridge-url.ts'
import { findShadows, type Shadow } from '../mux/shadows.ts'
import type { MuxSnapshot } from '../mux/snapshot.ts'
import { describeUse, whatMuxUses } from '../mux/use.ts'
import { type BuiltInProvider, builtInProviders, type ProviderTarget } from '../provider.ts'
import { baseUrlIn } from './reading.ts'

/** What Mux uses for a provider, in the words of the screens. */
export function useInWords(snapshot: MuxSnapshot, id: string): string {
	if (isBuiltIn(id)) return describeUse(whatMuxUses(snapshot, snapshot.release, id))
	const bridge = bridgeOf(baseUrlIn(snapshot, id))
	if (bridge) return `AI Bridge at ${new URL(bridge.origin).host}`
	return snapshot.sectionIds.includes(id) ? 'set up otherwise' : 'not set up'
}

export function isBuiltIn(id: string): id is BuiltInProvider {
	return (builtInProviders as readonly string[]).includes(id)
}

/** What keeps Mux from using the settings of a provider; only the two that Mux has built in are known that well. */
export function shadowsOf(snapshot: MuxSnapshot, { id }: Pick<ProviderTarget, 'id'>): Shadow[] {
	return isBuiltIn(id) ? findShadows(snapshot, snapshot.release, id) : []
}
