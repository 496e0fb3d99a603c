/** The two providers that Mux has built in and AI Bridge serves, as Mux names them. */
export const builtInProviders = ['openai', 'anthropic'] as const
export type BuiltInProvider = (typeof builtInProviders)[number]

/** The protocol that a provider instance speaks: OpenAI's or Anthropic's. */
export type Protocol = 'openai' | 'anthropic'

/**
 * One provider that should go through AI Bridge: a section of Mux's settings file and the provider instance of the
 * deployment that serves it.
 */
export type ProviderTarget = {
	/** Key of the section in the settings file: `openai`, `anthropic`, or `coder-<instance>` for a custom provider. */
	readonly id: string
	/** Name of the instance in the deployment's URL (coder-contract, section 5); the built-in ones are named like their type. */
	readonly instance: string
	readonly wire: Protocol
	/** Set for a custom OpenAI-compatible provider of Mux; absent for the two that Mux has built in. */
	readonly custom?: { readonly displayName: string; readonly models: readonly string[] }
}

/** How a provider is called on screens. */
export function getProviderTitle(id: string): string {
	return id === 'openai' ? 'OpenAI' : id === 'anthropic' ? 'Anthropic' : id
}

/** The target for a built-in provider served by the instance of the same name. */
export function makeBuiltInTarget(id: BuiltInProvider, instance: string = id): ProviderTarget {
	return { id, instance, wire: id }
}

/** The target for a provider that Mux has not built in: an OpenAI-compatible section of its own, `coder-<instance>`. */
export function makeCustomTarget(
	instance: string,
	displayName = `${instance} (AI Bridge)`,
	models: readonly string[] = [],
): ProviderTarget {
	return { id: `coder-${instance}`, instance, wire: 'openai', custom: { displayName, models } }
}
