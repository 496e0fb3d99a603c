// The table of commands and options. The parser, `--help`, the completions and the tables in the pages are generated
// from it.
import type { ProofMethod } from '../coder/check.ts'
import { releases } from '../mux/releases.ts'
import { builtInProviders } from '../providers.ts'
import { shellIds } from '../shell/languages.ts'

/** The commands; `configure` is the one without a name. */
export const commandNames = ['configure', 'check', 'undo', 'remove', 'completion'] as const
export type CommandName = (typeof commandNames)[number]

export type CommandRow = {
	/** What the user types after the program's name. */
	readonly usage: string
	readonly summary: string
	readonly examples: readonly { readonly line: string; readonly note: string }[]
}

/** The shells with a completion script. */
export const completionShells = ['bash', 'zsh', 'fish', 'powershell'] as const
export type CompletionShell = (typeof completionShells)[number]

export const commands: Readonly<Record<CommandName, CommandRow>> = {
	configure: {
		usage: '[options]',
		summary: 'connect Mux to AI Bridge; no prompts with --yes, --dry-run or --print-env',
		examples: [
			{ line: 'npx mux-bridge-wizard', note: 'the wizard' },
			{ line: 'npx mux-bridge-wizard --demo', note: 'try everything without a Coder deployment' },
			{
				line: 'npx mux-bridge-wizard -y -u https://coder.example.com --token-file token',
				note: 'for startup scripts: idempotent, no prompts',
			},
			{ line: 'eval "$(npx --yes mux-bridge-wizard --print-env)"', note: 'this shell only' },
		],
	},
	check: {
		usage: 'check [--offline]',
		summary: 'check the settings, conflicts and the connection',
		examples: [
			{ line: 'npx mux-bridge-wizard check', note: 'exit code 0: everything works' },
			{ line: 'npx --yes mux-bridge-wizard check --offline --json', note: 'the settings only, for scripts' },
		],
	},
	undo: {
		usage: 'undo [--force]',
		summary: 'undo the last change',
		examples: [{ line: 'npx mux-bridge-wizard undo', note: 'restore the settings file' }],
	},
	remove: {
		usage: 'remove [--provider ID]',
		summary: 'remove the AI Bridge settings',
		examples: [
			{ line: 'npx mux-bridge-wizard remove --dry-run', note: 'show what would be removed' },
			{ line: 'npx mux-bridge-wizard remove --yes --provider openai', note: 'OpenAI only, without confirmation' },
		],
	},
	completion: {
		usage: 'completion SHELL',
		summary: 'print a script for bash, zsh, fish or powershell',
		examples: [
			{ line: 'eval "$(mux-bridge-wizard completion bash)"', note: 'in ~/.bashrc' },
			{ line: 'source <(mux-bridge-wizard completion zsh)', note: 'in ~/.zshrc' },
			{ line: 'mux-bridge-wizard completion fish | source', note: 'in config.fish' },
			{
				line: 'mux-bridge-wizard completion powershell | Out-String | Invoke-Expression',
				note: 'in $PROFILE',
			},
		],
	},
}

/** The headings of `--help`, in order. */
export const optionGroups = {
	answers: 'Answers',
	scripts: 'For scripts',
	network: 'Deployment and network',
	mux: 'Mux',
	general: 'General',
} as const
export type OptionGroup = keyof typeof optionGroups

export type OptionRow = {
	/** Without the dashes. */
	readonly name: string
	readonly short?: string
	readonly group: OptionGroup
	/** Absent for a flag without a value. */
	readonly value?: {
		readonly label: string
		/** The value may be left out. */
		readonly optional?: true
		/** An optional value that is never the next word: `--debug=FILE`. */
		readonly inline?: true
		/** The possible words; for `provider`, the suggested ones. */
		readonly words?: readonly string[]
		readonly file?: true
	}
	readonly repeatable?: true
	/** The commands that accept it. */
	readonly commands: readonly CommandName[]
	readonly summary: string
	/** Its line in the short help, which lists only the options that have one. */
	readonly brief?: string
}

export const tokenPlaces = ['settings', 'file'] as const
export const routes = ['/api/v2/aibridge', '/api/v2/ai-gateway'] as const
export const proofMethods = ['message', 'route'] as const satisfies readonly ProofMethod[]
export { releases }

const table = [
	{
		name: 'url',
		short: 'u',
		group: 'answers',
		value: { label: 'URL' },
		commands: ['configure', 'check'],
		summary: 'your Coder URL; any page of your Coder works',
		brief: 'your Coder URL',
	},
	{
		name: 'provider',
		short: 'p',
		group: 'answers',
		value: { label: 'ID', words: builtInProviders },
		repeatable: true,
		commands: ['configure', 'check', 'remove'],
		summary:
			'openai, anthropic or another provider of the deployment (several: -p A -p B); openai=NAME for an instance',
		brief: 'openai, anthropic or another one (repeatable)',
	},
	{
		name: 'token-stdin',
		group: 'answers',
		commands: ['configure'],
		summary: 'read the Coder token from stdin',
		brief: 'read the Coder token from stdin',
	},
	{
		name: 'token-file',
		group: 'answers',
		value: { label: 'FILE', file: true },
		commands: ['configure'],
		summary: 'read the Coder token from a file',
		brief: 'read the Coder token from a file',
	},
	{
		name: 'store-token',
		group: 'answers',
		value: { label: 'PLACE', words: tokenPlaces },
		commands: ['configure'],
		summary: 'where to store the token: settings, or file for a file of its own (default: where it is now)',
	},
	{
		name: 'create-token',
		group: 'answers',
		commands: ['configure'],
		summary: 'create a dedicated token for Mux',
		brief: 'create a dedicated token for Mux',
	},
	{
		name: 'lifetime',
		group: 'answers',
		value: { label: 'TIME' },
		commands: ['configure'],
		summary: 'lifetime of the new token: 30d, 12h or 4w',
	},
	{
		name: 'yes',
		short: 'y',
		group: 'scripts',
		commands: ['configure', 'remove'],
		summary: 'run without prompts: check, then save',
		brief: 'run without prompts: check, then save',
	},
	{
		name: 'dry-run',
		group: 'scripts',
		commands: ['configure', 'remove'],
		summary: 'show the diff with masked tokens; save nothing',
		brief: 'show the change; save nothing',
	},
	{
		name: 'print-env',
		group: 'scripts',
		value: { label: 'SHELL', optional: true, words: shellIds },
		commands: ['configure'],
		summary: `print environment variables instead of saving: ${shellIds.join(', ')} (default: your shell)`,
		brief: 'print environment variables instead of saving',
	},
	{
		name: 'no-secret',
		group: 'scripts',
		commands: ['configure'],
		summary: 'with --print-env: read the token when the lines run',
	},
	{
		name: 'clear-settings',
		group: 'scripts',
		commands: ['configure'],
		summary: 'with --print-env: remove the fields from the settings file that would override them',
	},
	{
		name: 'agent',
		group: 'scripts',
		value: { label: 'NAME' },
		commands: ['configure'],
		summary: "with --print-env terraform: the template's agent (default: coder_agent.main)",
	},
	{
		name: 'fix',
		group: 'scripts',
		commands: ['configure'],
		summary: 'with --yes or --dry-run: also fix conflicts, such as a gateway that comes first',
	},
	{
		name: 'no-check',
		group: 'scripts',
		commands: ['configure'],
		summary: 'skip the live checks',
	},
	{
		name: 'json',
		group: 'scripts',
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: 'print the result as JSON (schema/result.json)',
		brief: 'print the result as JSON',
	},
	{
		name: 'no-browser',
		group: 'general',
		commands: ['configure'],
		summary: 'never open a browser',
	},
	{
		name: 'route',
		group: 'network',
		value: { label: 'PATH', words: routes },
		commands: ['configure'],
		summary: 'the path of AI Bridge (default: auto-detected)',
	},
	{
		name: 'proof',
		group: 'network',
		value: { label: 'HOW', words: proofMethods },
		commands: ['configure', 'check'],
		summary:
			'message sends an incomplete message to each provider (default); route leaves no entry in its log, and proves less',
	},
	{
		name: 'gateway',
		group: 'network',
		value: { label: 'URL' },
		commands: ['configure'],
		summary: 'a standalone AI gateway that serves the models; --url stays the address of Coder',
	},
	{
		name: 'ca-file',
		group: 'network',
		value: { label: 'FILE', file: true },
		commands: ['configure', 'check'],
		summary: 'more certificate authorities (PEM); Mux itself needs NODE_EXTRA_CA_CERTS',
	},
	{
		name: 'settings',
		group: 'mux',
		value: { label: 'FILE', file: true },
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: "Mux's settings file (default: providers.jsonc in Mux's home)",
	},
	{
		name: 'release',
		group: 'mux',
		value: { label: 'NAME', words: releases },
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: 'the release of Mux: mux or xum (nightly) (default: auto-detected)',
	},
	{
		name: 'model',
		group: 'mux',
		value: { label: 'PROVIDER:MODEL' },
		repeatable: true,
		commands: ['configure', 'check'],
		summary: "judge this model instead of Mux's default one, as in `mux run -m` (repeatable)",
	},
	{
		name: 'models',
		group: 'network',
		commands: ['check'],
		summary: 'list the models of each provider too, if the Coder release does that without harm',
	},
	{
		name: 'send',
		group: 'network',
		commands: ['check'],
		summary: 'send one short message to each provider and show the answer; costs a few tokens',
	},
	{
		name: 'offline',
		group: 'mux',
		commands: ['check'],
		summary: 'check the files only, without the network',
	},
	{
		name: 'force',
		group: 'mux',
		commands: ['undo'],
		summary: 'undo even if the settings file has changed since',
	},
	{
		name: 'plain',
		group: 'general',
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: 'line mode: no redraws or colors, for screen readers and simple terminals',
		brief: 'line mode, for screen readers',
	},
	{
		name: 'demo',
		group: 'general',
		commands: ['configure'],
		summary: 'try everything against a local demo deployment',
		brief: 'try everything against a local demo deployment',
	},
	{
		name: 'debug',
		group: 'general',
		value: { label: 'FILE', optional: true, inline: true, file: true },
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: 'log each step and request without secrets, to stderr or to FILE',
	},
	{
		name: 'anonymize',
		group: 'general',
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: 'with --debug: mask host names',
	},
	{
		name: 'help',
		short: 'h',
		group: 'general',
		commands: commandNames,
		summary: 'show help',
		brief: 'show help',
	},
	{
		name: 'version',
		short: 'v',
		group: 'general',
		commands: commandNames,
		summary: 'show version',
		brief: 'show version',
	},
] as const satisfies readonly OptionRow[]

export type OptionName = (typeof table)[number]['name']
export const options: readonly (OptionRow & { readonly name: OptionName })[] = table

/** What `help` explains besides the commands. */
export const helpTopics = {
	options: 'all options, with their defaults',
	environment: 'the variables that are read',
	'exit-codes': 'the meaning of each exit code',
} as const
export type HelpTopic = keyof typeof helpTopics | Exclude<CommandName, 'configure'>

/** Environment variables that provide a value or change the program's behavior, for the help and docs/options.md. */
export const environmentVariables: readonly { readonly name: string; readonly summary: string }[] = [
	{ name: 'CODER_SESSION_TOKEN', summary: 'the Coder token' },
	{ name: 'CODER_URL, CODER_AGENT_URL', summary: 'the Coder URL' },
	{ name: 'MUX_BRIDGE_WIZARD_CONFIG', summary: "your company's file of defaults" },
	{ name: 'MUX_ROOT, XUM_ROOT', summary: "Mux's home" },
	{ name: 'HTTPS_PROXY, HTTP_PROXY, NO_PROXY', summary: 'the proxy, as Mux uses it' },
	{ name: 'NODE_EXTRA_CA_CERTS', summary: 'more certificate authorities, for the wizard and Mux' },
	{ name: 'NO_COLOR, FORCE_COLOR', summary: 'disable or force colors' },
	{ name: 'INK_SCREEN_READER, ACCESSIBLE', summary: 'line mode, as with --plain' },
]

/** The option as the user types it: `-u, --url URL`, `--print-env [SHELL]`. */
export function optionSyntax(option: OptionRow): string {
	return `${option.short ? `-${option.short}, ` : ''}--${option.name}${valueSyntax(option)}`
}

function valueSyntax({ value }: OptionRow): string {
	if (!value) return ''
	if (value.inline) return `[=${value.label}]`
	return value.optional ? ` [${value.label}]` : ` ${value.label}`
}

/** The options that a command accepts, in the order of the table. */
export function optionsForCommand(command: CommandName): readonly (OptionRow & { readonly name: OptionName })[] {
	return options.filter(option => option.commands.includes(command))
}
