// Everything the program knows about providers and the protocols that they speak. Adding a provider is an entry here;
// the compiler then asks for its sender in mux/request/direct.ts and for its conflicts in mux/conflicts/find.ts.

type ProtocolFacts = {
	/** What Mux expects at the end of a base URL (docs/contracts/mux.md#4-base-urls). */
	readonly baseUrlSuffix: '' | '/v1'
	/** Paths of its requests for a chat, after `/v1`. */
	readonly endpoints: readonly string[]
	/** A small model of Mux's own list, for a test message. */
	readonly smallModel: string
	/** The header in which Mux sends the key (docs/contracts/mux.md#4-base-urls). */
	readonly tokenHeader: 'Authorization' | 'X-Api-Key'
	/** Headers that every request needs. */
	readonly headers: Readonly<Record<string, string>>
	/** Types of AI Bridge providers that speak it (docs/contracts/coder.md#6-providers-and-budgets). */
	readonly instanceTypes: readonly string[]
	/** The instance name to suggest. */
	readonly defaultInstance: string
}

export const protocols = {
	openai: {
		baseUrlSuffix: '/v1',
		endpoints: ['/responses', '/chat/completions'],
		smallModel: 'gpt-5.4-mini',
		tokenHeader: 'Authorization',
		headers: {},
		instanceTypes: ['openai', 'azure', 'copilot', 'google', 'openai-compat', 'openrouter', 'vercel'],
		defaultInstance: 'openai',
	},
	anthropic: {
		baseUrlSuffix: '',
		endpoints: ['/messages'],
		smallModel: 'claude-haiku-4-5',
		tokenHeader: 'X-Api-Key',
		headers: { 'anthropic-version': '2023-06-01' },
		instanceTypes: ['anthropic', 'bedrock'],
		defaultInstance: 'anthropic',
	},
} as const satisfies Record<string, ProtocolFacts>

/** The protocol that a provider instance speaks. */
export type Protocol = keyof typeof protocols

type ProviderFacts = {
	/** The name on screens. */
	readonly title: string
	/** Well-known models, for the list of providers. */
	readonly models: string
	readonly protocol: Protocol
	/** Variables with the key; the first non-blank one wins, and the first is the one to export. */
	readonly keyVariables: readonly string[]
	/** Variables with the base URL, in the same way. */
	readonly urlVariables: readonly string[]
	/** The provider's own API, which Mux uses without a base URL. */
	readonly publicUrl: string
	/** What people call the section by mistake, without case and separators. */
	readonly aliases: readonly string[]
	/** Gateways of Mux that can't serve it (docs/contracts/mux.md#23-gateways-take-precedence). */
	readonly unsupportedGateways: readonly string[]
}

/** The providers that are built into Mux and served by AI Bridge, by the key of their section. */
export const providers = {
	openai: {
		title: 'OpenAI',
		models: 'GPT, Codex',
		protocol: 'openai',
		keyVariables: ['OPENAI_API_KEY'],
		urlVariables: ['OPENAI_BASE_URL', 'OPENAI_API_BASE'],
		publicUrl: 'https://api.openai.com/v1',
		aliases: ['openai', 'gpt', 'chatgpt', 'openaiapi', 'codex'],
		unsupportedGateways: ['bedrock'],
	},
	anthropic: {
		title: 'Anthropic',
		models: 'Claude',
		protocol: 'anthropic',
		keyVariables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN'],
		urlVariables: ['ANTHROPIC_BASE_URL'],
		publicUrl: 'https://api.anthropic.com/v1',
		aliases: ['anthropic', 'claude', 'anthropicai', 'claudecode', 'antropic', 'anthropics'],
		unsupportedGateways: [],
	},
} as const satisfies Record<string, ProviderFacts>

export type BuiltInProvider = keyof typeof providers

export const builtInProviders = Object.keys(providers) as readonly BuiltInProvider[]

/** Whether the provider is built into Mux with a base URL that the user can set. */
export function isBuiltInProvider(id: string): id is BuiltInProvider {
	return Object.hasOwn(providers, id)
}

/** The facts about a built-in provider; undefined for any other id. */
export function getProvider(id: string): ProviderFacts | undefined {
	return isBuiltInProvider(id) ? providers[id] : undefined
}

/** The protocol of a section of Mux's settings: a provider that isn't built in is OpenAI-compatible. */
export function getProviderProtocol(id: string): Protocol {
	return getProvider(id)?.protocol ?? 'openai'
}

/** The protocol of a type of AI Bridge provider, or of an instance that is named like one; undefined if unknown. */
export function getInstanceProtocol(type: string): Protocol | undefined {
	return (Object.keys(protocols) as Protocol[]).find(name =>
		(protocols[name].instanceTypes as readonly string[]).includes(type),
	)
}

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
	readonly protocol: Protocol
	/** Set for a custom OpenAI-compatible provider of Mux; absent for the built-in ones. */
	readonly custom?: { readonly displayName: string; readonly models: readonly string[] }
}

/** The provider's name on screens. */
export function getProviderTitle(id: string): string {
	return getProvider(id)?.title ?? id
}

/** Whether a text is the name of a provider instance (docs/contracts/coder.md#6-providers-and-budgets). */
export function isInstanceName(text: string): boolean {
	return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text)
}

/** The target for a built-in provider; served by the instance of the same name unless a valid one is given. */
export function makeBuiltInTarget(id: BuiltInProvider, wanted: string = id): ProviderTarget {
	const instance = isInstanceName(wanted) ? wanted : id
	return { id, instance, protocol: providers[id].protocol }
}

/** The target for a provider that isn't built into Mux: an OpenAI-compatible section of its own, `coder-<instance>`. */
export function makeCustomTarget(
	instance: string,
	displayName = `${instance} (AI Bridge)`,
	models: readonly string[] = [],
): ProviderTarget {
	return { id: `coder-${instance}`, instance, protocol: 'openai', custom: { displayName, models } }
}
