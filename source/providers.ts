/** The two providers that are built into Mux and served by AI Bridge, as Mux names them. */
export const builtInProviders = ['openai', 'anthropic'] as const
export type BuiltInProvider = (typeof builtInProviders)[number]

/** The protocol that a provider instance speaks: OpenAI's or Anthropic's. */
export type Protocol = 'openai' | 'anthropic'

/**
 * A provider to be connected through AI Bridge: a section of Mux's settings file and the provider instance of the
 * deployment that serves it.
 */
export type ProviderTarget = {
	/** Key of the section in the settings file: `openai`, `anthropic`, or `coder-<instance>` for a custom provider. */
	readonly id: string
	/**
	 * Name of the instance in the deployment's URL (docs/contracts/coder.md#6-providers-and-budgets); built-in
	 * providers have the name of their type.
	 */
	readonly instance: string
	readonly wire: Protocol
	/** Set for a custom OpenAI-compatible provider of Mux; absent for the built-in ones. */
	readonly custom?: { readonly displayName: string; readonly models: readonly string[] }
}

/** The provider's name on screens. */
export function getProviderTitle(id: string): string {
	return id === 'openai' ? 'OpenAI' : id === 'anthropic' ? 'Anthropic' : id
}

/** The target for a built-in provider served by the instance of the same name. */
export function makeBuiltInTarget(id: BuiltInProvider, instance: string = id): ProviderTarget {
	return { id, instance, wire: id }
}

/** The target for a provider that isn't built into Mux: an OpenAI-compatible section of its own, `coder-<instance>`. */
export function makeCustomTarget(
	instance: string,
	displayName = `${instance} (AI Bridge)`,
	models: readonly string[] = [],
): ProviderTarget {
	return { id: `coder-${instance}`, instance, wire: 'openai', custom: { displayName, models } }
}
