// Compares the models named in the settings with those that the deployment offers.
import { type Finding, finding } from '../findings/finding.ts'

/**
 * A note for each provider whose settings name models that aren't in the deployment's list. Entries may be model names
 * or objects with an `id`; a provider without a list yields nothing.
 */
export function modelsNotOffered(
	provider: string,
	named: readonly (string | { readonly id?: unknown })[],
	offered: readonly string[] | null | undefined,
): Finding[] {
	if (!offered || offered.length === 0) return []
	const known = new Set(offered.map(normal))
	const missing = named
		.map(entry => (typeof entry === 'string' ? entry : typeof entry?.id === 'string' ? entry.id : ''))
		.map(name => name.trim())
		.filter(name => name !== '' && !known.has(normal(name)) && !known.has(normal(name.replace(/^[\w.-]+[:/]/, ''))))
	return missing.length === 0
		? []
		: [finding('model-not-offered', provider, { provider, models: Array.from(new Set(missing)).join(', ') })]
}

function normal(name: string): string {
	return name.trim().toLowerCase()
}
