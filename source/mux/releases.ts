// Everything the program knows about the releases of Mux, in one table (docs/contracts/mux.md#1-homes-and-releases,
// docs/contracts/mux.md#25-models).
import type { BuiltInProvider } from '../providers.ts'

type ReleaseFacts = {
	/** The name on screens. */
	readonly title: string
	/** The name at the start of a sentence that must not be mistaken for the other release. */
	readonly longTitle: string
	/** The newest measured version; a policy's `minimum_client_version` is compared with it. */
	readonly version: string
	/** Where the models are listed, and when they were read there. */
	readonly modelSource: string
	readonly modelDate: string
	/** The models that the release offers without any setting. */
	readonly models: Readonly<Partial<Record<BuiltInProvider, readonly string[]>>>
	/** The model of a new chat if config.json has no `defaultModel`. */
	readonly defaultModel: `${BuiltInProvider}:${string}`
}

/** Both measured releases list the same models. */
const models: ReleaseFacts['models'] = {
	openai: [
		'gpt-5.6-sol',
		'gpt-5.6-terra',
		'gpt-5.6-luna',
		'gpt-5.5-pro',
		'gpt-5.4-mini',
		'gpt-5.4-nano',
		'gpt-5.3-codex',
		'gpt-5.3-codex-spark',
		'gpt-5.1-codex-mini',
		'gpt-5.1-codex-max',
	],
	anthropic: ['claude-opus-5', 'claude-sonnet-5', 'claude-haiku-4-5', 'claude-fable-5', 'claude-mythos-5'],
}

export const releaseFacts = {
	/** The stable releases. */
	mux: {
		title: 'Mux',
		longTitle: 'Stable Mux',
		version: '0.28.2',
		modelSource: 'https://github.com/coder/mux/blob/v0.28.2/src/common/constants/knownModels.ts',
		modelDate: '2026-08-22',
		models,
		defaultModel: 'anthropic:claude-opus-5',
	},
	/** The nightly after them. */
	xum: {
		title: 'Xum',
		longTitle: 'The nightly, Xum,',
		version: '0.28.3',
		modelSource: 'https://github.com/coder/xum/blob/main/src/common/constants/knownModels.ts',
		modelDate: '2026-08-22',
		models,
		defaultModel: 'anthropic:claude-opus-5',
	},
} as const satisfies Record<string, ReleaseFacts>

/** A release of Mux: `mux`, or `xum` for the nightly. */
export type Release = keyof typeof releaseFacts

export const releases = Object.keys(releaseFacts) as readonly Release[]
