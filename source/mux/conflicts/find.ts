// Conflicts: what keeps Mux from using the base URL and the key of the settings file as intended. Each has a remedy
// and, if it is safe, the edits that fix it.
import { finding } from '../../findings/finding.ts'
import { type BuiltInProvider, getProviderTitle, isBuiltInProvider } from '../../providers.ts'
import { asSection, type MuxContext } from '../context.ts'
import { listModels } from '../models.ts'
import { type Release, releaseFacts, releases } from '../releases.ts'
import { describeRequest, isViaBridge, resolveRequest } from '../request/resolve.ts'
import { fileSearches } from './file.ts'
import { gatewayConflicts, policyConflicts } from './routing.ts'
import type { Conflict, Search } from './scene.ts'
import { switchConflicts } from './section.ts'
import { valueSearches } from './values.ts'

export type { Conflict, Fix } from './scene.ts'

const searches: readonly Search[] = [
	...fileSearches,
	policyConflicts,
	gatewayConflicts,
	switchConflicts,
	...valueSearches,
]

/** All conflicts of a provider for a release, starting with those of the whole file. */
export function findConflicts(muxContext: MuxContext, release: Release, provider: BuiltInProvider): Conflict[] {
	const scene = {
		muxContext,
		release,
		provider,
		section: asSection(muxContext.directories[release].settings.sections[provider]),
		models: listModels(muxContext, release, provider),
		resolvedRequest: resolveRequest(muxContext, release, provider),
	}
	return searches.flatMap(search => search(scene))
}

/** The conflicts of a provider for the release in use, and what the other release would do differently. */
export function getConflicts(muxContext: MuxContext, { id }: { readonly id: string }): Conflict[] {
	if (!isBuiltInProvider(id)) return []
	return [...findConflicts(muxContext, muxContext.release, id), ...findReleaseConflicts(muxContext, id)]
}

/**
 * Which release will be started isn't known if both read the same file: what holds for the other one only is a warning
 * that names it (docs/contracts/mux.md#1-homes-and-releases).
 */
function findReleaseConflicts(muxContext: MuxContext, id: BuiltInProvider): Conflict[] {
	const { directories, release, isReleaseRequested } = muxContext
	if (isReleaseRequested || !isViaBridge(resolveRequest(muxContext, release, id))) return []
	return releases
		.filter(other => other !== release && directories[other].settings === directories[release].settings)
		.map(other => resolveRequest(muxContext, other, id))
		.filter(resolved => !isViaBridge(resolved))
		.map(resolved => ({
			finding: finding('release-differs', id, {
				title: getProviderTitle(id),
				release: releaseFacts[resolved.release].title,
				place: describeRequest(resolved),
			}),
		}))
}
