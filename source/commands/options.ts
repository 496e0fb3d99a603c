// The table of commands and options. The parser, `--help`, the completions and the tables in the README are generated
// from it.
import { parseArgs } from 'node:util'
import { type Finding, finding, UserError } from '../findings/finding.ts'
import {
	type BuiltInProvider,
	builtInProviders,
	makeBuiltInTarget,
	makeCustomTarget,
	type ProviderTarget,
} from '../providers.ts'
import { isCredentialName, looksLikeCredential, redactArgument } from '../secrets/redact.ts'
import { parseShellId, type ShellId, shellAliases, shellIds } from '../shell/languages.ts'
import { closestMatch } from './suggest.ts'

/** The commands; `configure` is the one without a name. */
export const commandNames = ['configure', 'check', 'undo', 'remove', 'completion'] as const
export type CommandName = (typeof commandNames)[number]

export type CommandRow = {
	/** What the user types after the program's name. */
	readonly usage: string
	readonly summary: string
	readonly examples: readonly { readonly line: string; readonly note: string }[]
}

export const programName = 'mux-bridge-wizard'

/** The shells with a completion script. */
export const completionShells = ['bash', 'zsh', 'fish'] as const
export type CompletionShell = (typeof completionShells)[number]

export const commands: Readonly<Record<CommandName, CommandRow>> = {
	configure: {
		usage: '[options]',
		summary: 'the wizard; with --yes, --dry-run or --print-env no questions',
		examples: [
			{ line: 'npx mux-bridge-wizard', note: 'the wizard' },
			{ line: 'npx mux-bridge-wizard --demo', note: 'try everything without a Coder deployment' },
			{
				line: 'npx mux-bridge-wizard -y -u https://coder.example.com --token-stdin < token',
				note: 'a start-up script: does nothing where all is set already',
			},
			{ line: 'eval "$(npx mux-bridge-wizard --print-env)"', note: 'this shell only' },
		],
	},
	check: {
		usage: 'check [--offline]',
		summary: 'what Mux will use now, what is in the way, and the live checks',
		examples: [
			{ line: 'npx mux-bridge-wizard check', note: 'exit code 0: Mux talks through a working bridge' },
			{ line: 'npx mux-bridge-wizard check --offline --json', note: 'what the files say, for a script' },
		],
	},
	undo: {
		usage: 'undo [--force]',
		summary: 'take the last change back',
		examples: [{ line: 'npx mux-bridge-wizard undo', note: 'the settings file as it was before' }],
	},
	remove: {
		usage: 'remove [--provider ID]',
		summary: 'take the AI Bridge settings out',
		examples: [
			{ line: 'npx mux-bridge-wizard remove --dry-run', note: 'show what would go' },
			{ line: 'npx mux-bridge-wizard remove --yes --provider openai', note: 'OpenAI only, no question' },
		],
	},
	completion: {
		usage: 'completion bash|zsh|fish',
		summary: 'completion for the shell',
		examples: [
			{ line: 'eval "$(mux-bridge-wizard completion bash)"', note: 'in ~/.bashrc' },
			{ line: 'source <(mux-bridge-wizard completion zsh)', note: 'in ~/.zshrc' },
			{ line: 'mux-bridge-wizard completion fish | source', note: 'in config.fish' },
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
		/** The possible words; for `provider`, the suggested ones. */
		readonly words?: readonly string[]
		readonly file?: true
	}
	readonly repeatable?: true
	/** The commands that accept it. */
	readonly commands: readonly CommandName[]
	readonly summary: string
}

export const routes = ['/api/v2/aibridge', '/api/v2/ai-gateway'] as const
export const releases = ['mux', 'xum'] as const

const table = [
	{
		name: 'url',
		short: 'u',
		group: 'answers',
		value: { label: 'URL' },
		commands: ['configure'],
		summary: "the Coder deployment; any page's address will do",
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
	},
	{
		name: 'token-stdin',
		group: 'answers',
		commands: ['configure'],
		summary: 'read the Coder session token from standard input',
	},
	{
		name: 'token-file',
		group: 'answers',
		value: { label: 'FILE', file: true },
		commands: ['configure'],
		summary: 'read the Coder session token from a file',
	},
	{
		name: 'create-token',
		group: 'answers',
		commands: ['configure'],
		summary: 'make a token of its own for Mux, by the session that was given or found',
	},
	{
		name: 'lifetime',
		group: 'answers',
		value: { label: 'TIME' },
		commands: ['configure'],
		summary: 'how long the new token lives: 30d, 12h or 4w',
	},
	{
		name: 'yes',
		short: 'y',
		group: 'scripts',
		commands: ['configure', 'remove'],
		summary: 'check, write, and ask nothing',
	},
	{
		name: 'dry-run',
		group: 'scripts',
		commands: ['configure', 'remove'],
		summary: 'print the diff, tokens masked; write nothing',
	},
	{
		name: 'print-env',
		group: 'scripts',
		value: { label: 'SHELL', optional: true, words: shellIds },
		commands: ['configure'],
		summary: `print lines that set the variables instead: ${shellIds.join(', ')}; by itself for the shell it runs in`,
	},
	{
		name: 'no-secret',
		group: 'scripts',
		commands: ['configure'],
		summary: 'with --print-env: lines that read the token when they are run',
	},
	{
		name: 'clear-settings',
		group: 'scripts',
		commands: ['configure'],
		summary: 'with --print-env: clear the same fields in the settings file, which would win',
	},
	{
		name: 'no-check',
		group: 'scripts',
		commands: ['configure'],
		summary: 'ask the deployment nothing before writing',
	},
	{
		name: 'json',
		group: 'scripts',
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: 'print the result as one JSON object (schema/result.json)',
	},
	{
		name: 'route',
		group: 'network',
		value: { label: 'PATH', words: routes },
		commands: ['configure'],
		summary: "the deployment's path for AI Bridge, where the wizard should not find out",
	},
	{
		name: 'ca-file',
		group: 'network',
		value: { label: 'FILE', file: true },
		commands: ['configure', 'check'],
		summary: 'more certificate authorities, in PEM form; Mux itself needs NODE_EXTRA_CA_CERTS',
	},
	{
		name: 'settings',
		group: 'mux',
		value: { label: 'FILE', file: true },
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: "Mux's settings file (providers.jsonc), where it is not in Mux's home",
	},
	{
		name: 'release',
		group: 'mux',
		value: { label: 'NAME', words: releases },
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: 'the release of Mux: mux or xum (nightly); by default the one whose home is there',
	},
	{
		name: 'offline',
		group: 'mux',
		commands: ['check'],
		summary: 'read the files only, ask no deployment',
	},
	{
		name: 'force',
		group: 'mux',
		commands: ['undo'],
		summary: 'even if the settings file has changed since',
	},
	{
		name: 'plain',
		group: 'general',
		commands: ['configure', 'check', 'undo', 'remove'],
		summary: 'line by line: no redraws, no colour; for screen readers and simple terminals',
	},
	{
		name: 'demo',
		group: 'general',
		commands: ['configure'],
		summary: 'a made-up deployment on this machine and a throw-away Mux home',
	},
	{
		name: 'help',
		short: 'h',
		group: 'general',
		commands: commandNames,
		summary: 'this text; after a command, the text for it',
	},
	{
		name: 'version',
		short: 'V',
		group: 'general',
		commands: commandNames,
		summary: 'the version',
	},
] as const satisfies readonly OptionRow[]

export type OptionName = (typeof table)[number]['name']
export const options: readonly (OptionRow & { readonly name: OptionName })[] = table

/** Environment variables that provide a value or change the program's behavior, for `--help` and the README. */
export const environmentVariables: readonly { readonly name: string; readonly summary: string }[] = [
	{ name: 'CODER_SESSION_TOKEN', summary: 'the Coder session token' },
	{ name: 'CODER_URL, CODER_AGENT_URL', summary: 'the Coder deployment' },
	{ name: 'MUX_ROOT, XUM_ROOT', summary: "Mux's home" },
	{ name: 'HTTPS_PROXY, HTTP_PROXY, NO_PROXY', summary: 'the proxy, as Mux uses it' },
	{ name: 'NODE_EXTRA_CA_CERTS', summary: 'more certificate authorities, for the wizard and Mux alike' },
	{ name: 'NO_COLOR, FORCE_COLOR', summary: 'colour off, or on' },
	{ name: 'INK_SCREEN_READER, ACCESSIBLE', summary: 'line by line, as with --plain' },
]

/** The option as the user types it: `-u, --url URL`, `--print-env [SHELL]`. */
export function optionSyntax(option: OptionRow): string {
	const value = !option.value ? '' : option.value.optional ? ` [${option.value.label}]` : ` ${option.value.label}`
	return `${option.short ? `-${option.short}, ` : ''}--${option.name}${value}`
}

/** The options that a command accepts, in the order of the table. */
export function optionsForCommand(command: CommandName): readonly (OptionRow & { readonly name: OptionName })[] {
	return options.filter(option => option.commands.includes(command))
}

/** Where to read the token from, if the arguments say so. */
export type TokenInput = { readonly kind: 'stdin' } | { readonly kind: 'file'; readonly path: string }

/** What `check`, `undo`, `remove` and `configure` have in common. Paths are as typed, not yet absolute. */
type Common = {
	readonly settings?: string
	readonly release?: (typeof releases)[number]
	readonly json: boolean
	readonly plain: boolean
}

export type ConfigureInvocation = Common & {
	readonly command: 'configure'
	readonly url?: string
	/** Empty if none was given. */
	readonly providers: readonly ProviderTarget[]
	readonly tokenFrom?: TokenInput
	readonly route?: (typeof routes)[number]
	readonly caFile?: string
	readonly yes: boolean
	readonly dryRun: boolean
	/** `shell` is absent if the lines are for the calling shell. */
	readonly printEnv?: { readonly shell?: ShellId; readonly noSecret: boolean; readonly clearSettings: boolean }
	/** False with `--no-check`. */
	readonly check: boolean
	readonly createToken: boolean
	/** In seconds. */
	readonly lifetime?: number
	readonly demo: boolean
}

export type CheckInvocation = Common & {
	readonly command: 'check'
	readonly providers: readonly ProviderTarget[]
	readonly caFile?: string
	readonly offline: boolean
}

export type UndoInvocation = Common & { readonly command: 'undo'; readonly force: boolean }

export type RemoveInvocation = Common & {
	readonly command: 'remove'
	readonly providers: readonly ProviderTarget[]
	readonly yes: boolean
	readonly dryRun: boolean
}

/** The parsed arguments. */
export type Invocation =
	| ConfigureInvocation
	| CheckInvocation
	| UndoInvocation
	| RemoveInvocation
	| { readonly command: 'completion'; readonly shell: CompletionShell }
	| { readonly command: 'help'; readonly about?: CommandName }
	| { readonly command: 'version' }

/** Whether `--json` is among the arguments: a usage error is reported as JSON too. */
export function wantsJson(args: readonly string[]): boolean {
	const end = args.indexOf('--')
	return (end < 0 ? args : args.slice(0, end)).includes('--json')
}

/**
 * Parses the arguments (without the program's own name). Throws a UserError with every issue found. A credential among
 * the arguments is then the only finding, and no finding contains its text.
 */
export function parseArguments(args: readonly string[]): Invocation {
	const { tokens } = parseArgs({
		args: [...args],
		options: Object.fromEntries(
			options.map(({ name, short, value }) => [
				name,
				// parseArgs has no optional values, so they are parsed here.
				{ type: value && !value.optional ? 'string' : 'boolean', ...(short ? { short } : {}) } as const,
			]),
		),
		strict: false,
		allowPositionals: true,
		tokens: true,
	})
	refuseCredentials(args, tokens)

	const faults: Finding[] = []
	const provided = new Map<OptionName, string[]>()
	const positionals: string[] = []
	let readUpTo = -1
	for (const [position, token] of tokens.entries()) {
		if (token.kind === 'positional' && token.index > readUpTo) positionals.push(token.value)
		if (token.kind !== 'option') continue
		const option = options.find(known => known.name === token.name)
		const next = tokens[position + 1]
		const follower =
			next?.kind === 'positional' && next.index === token.index + 1 && !isCommand(next.value) ? next : null
		if (!option) {
			faults.push(unknownOption(token.rawName))
			// The next argument was probably meant as the value: one error is enough.
			if (follower && token.value === undefined) readUpTo = follower.index
			continue
		}
		const typed = `--${option.name}`
		let value = token.value
		if (!option.value && value !== undefined) {
			faults.push(finding('unexpected-value', 'arguments', { option: typed }))
			continue
		}
		if (option.value?.optional && value === undefined && follower) {
			value = follower.value
			readUpTo = follower.index
		}
		// getopt has no `-u=URL`, but the meaning is clear.
		if (token.rawName.length === 2 && token.inlineValue && value?.startsWith('=')) value = value.slice(1)
		const swallowed = !token.inlineValue && (value?.length ?? 0) > 1 && value?.startsWith('-')
		if (option.value && !option.value.optional && (!value || swallowed)) {
			faults.push(finding('missing-value', 'arguments', { option: typed, label: option.value.label }))
			continue
		}
		provided.set(option.name, [...(provided.get(option.name) ?? []), ...(value ? [value] : [])])
	}

	const first = positionals[0]
	const command = first === undefined ? 'configure' : isCommand(first) ? first : null

	if (provided.has('help'))
		return command && command !== 'configure' ? { command: 'help', about: command } : { command: 'help' }
	if (provided.has('version')) return { command: 'version' }

	if (!command) {
		const hint = closestMatch(first!, commandNames.slice(1))
		faults.unshift(
			finding('unknown-command', 'arguments', { command: redactArgument(first!), hint: hint ?? undefined }),
		)
		throw refusal(faults)
	}
	const operands = positionals.slice(1)
	const extra = operands.slice(command === 'completion' ? 1 : 0)
	for (const text of extra) faults.push(finding('unexpected-argument', 'arguments', { argument: redactArgument(text) }))
	for (const name of provided.keys()) {
		const row = options.find(option => option.name === name)!
		if (row.commands.includes(command)) continue
		faults.push(
			finding('option-of-another-command', 'arguments', {
				option: `--${name}`,
				command: command === 'configure' ? '' : command,
				takers: row.commands.filter(taker => taker !== 'configure').join(', '),
			}),
		)
	}

	const read = reader(provided, faults)
	const common: Common = {
		...read.text('settings', 'settings'),
		...read.choice('release', 'release', releases),
		json: provided.has('json'),
		plain: provided.has('plain'),
	}
	const invocation = ((): Invocation => {
		switch (command) {
			case 'configure':
				return { command, ...common, ...readConfigure(provided, read, faults) }
			case 'check':
				return {
					command,
					...common,
					providers: read.providers(),
					...read.text('ca-file', 'caFile'),
					offline: provided.has('offline'),
				}
			case 'undo':
				return { command, ...common, force: provided.has('force') }
			case 'remove':
				return {
					command,
					...common,
					providers: read.providers(),
					yes: provided.has('yes'),
					dryRun: provided.has('dry-run'),
				}
			case 'completion':
				return { command, shell: completionShell(operands[0], faults) }
		}
	})()
	if (faults.length > 0) throw refusal(faults)
	return invocation
}

type Given = ReadonlyMap<OptionName, readonly string[]>
type Reader = ReturnType<typeof reader>

function readConfigure(
	provided: Given,
	read: Reader,
	faults: Finding[],
): Omit<ConfigureInvocation, 'command' | keyof Common> {
	const shell = provided.get('print-env')?.at(-1)
	const shellId = shell === undefined ? null : parseShellId(shell)
	if (shell !== undefined && !shellId) {
		faults.push(
			finding('unknown-shell', 'arguments', {
				shell: redactArgument(shell),
				hint: closestMatch(shell, [...shellIds, ...Object.keys(shellAliases)]) ?? undefined,
				shells: shellIds.join(', '),
			}),
		)
	}
	const lifetime = provided.get('lifetime')?.at(-1)
	const seconds = lifetime === undefined ? null : parseLifetimeSeconds(lifetime)
	if (lifetime !== undefined && seconds === null) {
		faults.push(finding('invalid-lifetime', 'arguments', { value: redactArgument(lifetime) }))
	}
	const file = provided.get('token-file')?.at(-1)
	// A single dash means stdin, as usual.
	const tokenFrom: TokenInput | null =
		provided.has('token-stdin') || file === '-'
			? { kind: 'stdin' }
			: file === undefined
				? null
				: { kind: 'file', path: file }

	for (const [one, other] of [
		['token-stdin', 'token-file'],
		['dry-run', 'print-env'],
		['demo', 'url'],
	] as const) {
		if (!provided.has(one) || !provided.has(other)) continue
		faults.push(finding('conflicting-options', 'arguments', { one: `--${one}`, other: `--${other}` }))
	}
	for (const [name, needed] of [
		['no-secret', 'print-env'],
		['clear-settings', 'print-env'],
		['lifetime', 'create-token'],
	] as const) {
		if (!provided.has(name) || provided.has(needed)) continue
		faults.push(finding('option-needs-another', 'arguments', { option: `--${name}`, needed: `--${needed}` }))
	}

	return {
		...read.text('url', 'url'),
		providers: read.providers(),
		...(tokenFrom ? { tokenFrom } : {}),
		...read.choice('route', 'route', routes),
		...read.text('ca-file', 'caFile'),
		yes: provided.has('yes'),
		dryRun: provided.has('dry-run'),
		...(provided.has('print-env')
			? {
					printEnv: {
						...(shellId ? { shell: shellId } : {}),
						noSecret: provided.has('no-secret'),
						clearSettings: provided.has('clear-settings'),
					},
				}
			: {}),
		check: !provided.has('no-check'),
		createToken: provided.has('create-token'),
		...(seconds === null ? {} : { lifetime: seconds }),
		demo: provided.has('demo'),
	}
}

/** Reads the values that several commands share; issues are added to `errors`. */
function reader(provided: Given, faults: Finding[]) {
	return {
		/** The last value given, under the invocation's name for it; an empty object if there is none. */
		text<Key extends string>(name: OptionName, key: Key): { [K in Key]?: string } {
			const value = provided.get(name)?.at(-1)
			return value === undefined ? {} : ({ [key]: value } as { [K in Key]: string })
		},
		choice<Key extends string, Choice extends string>(
			name: OptionName,
			key: Key,
			choices: readonly Choice[],
		): { [K in Key]?: Choice } {
			const value = provided.get(name)?.at(-1)
			if (value === undefined) return {}
			const requested = value.replace(/\/+$/, '').toLowerCase()
			// The last part of the path is enough: `--route ai-gateway`.
			const choice = choices.find(
				known => known === requested || known.split('/').at(-1) === requested.replace(/^\//, ''),
			)
			if (choice) return { [key]: choice } as { [K in Key]: Choice }
			const details = { option: `--${name}`, value: redactArgument(value), choices: choices.join(', ') }
			faults.push(finding('unknown-choice', 'arguments', details))
			return {}
		},
		providers(): readonly ProviderTarget[] {
			const targets = new Map<string, ProviderTarget>()
			for (const text of (provided.get('provider') ?? []).flatMap(value => value.split(','))) {
				if (text.trim() === '') continue
				const target = readProvider(text.trim().toLowerCase())
				if (target) targets.set(target.id, target)
				else {
					const name = text.trim().split('=')[0]!
					const hint = closestMatch(name, builtInProviders) ?? undefined
					faults.push(finding('unknown-provider', 'arguments', { name: redactArgument(text.trim()), hint }))
				}
			}
			return [...targets.values()]
		},
	}
}

/** The form of a provider instance's name (docs/contracts/coder.md#6-providers-and-budgets). */
const INSTANCE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/**
 * `openai`, `anthropic`: the built-in provider with the instance of the same name; `anthropic=NAME`: with another
 * instance; `NAME` or `coder-NAME`: a custom provider of Mux. Null for anything else, and for a misspelled built-in
 * name.
 */
function readProvider(text: string): ProviderTarget | null {
	const [id = '', instance, ...rest] = text.split('=')
	if (rest.length > 0 || !INSTANCE.test(id) || (instance !== undefined && !INSTANCE.test(instance))) return null
	if ((builtInProviders as readonly string[]).includes(id))
		return makeBuiltInTarget(id as BuiltInProvider, instance ?? id)
	if (instance !== undefined) return null
	if (id.startsWith('coder-')) return makeCustomTarget(id.slice('coder-'.length))
	const near = closestMatch(id, builtInProviders)
	// `openai-eu` and `openai2` are instances; `opnai` is a typo.
	return near && !id.includes(near) ? null : makeCustomTarget(id)
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, d: 86_400, w: 7 * 86_400 }

/** Seconds in `30d`, `12h` or `4w`; null for anything else, including a bare number, whose unit would be a guess. */
export function parseLifetimeSeconds(text: string): number | null {
	const parts = /^(\d{1,5}) ?([hdw])(?:ours?|ays?|eeks?)?$/.exec(text.trim().toLowerCase())
	const seconds = parts ? Number(parts[1]) * UNITS[parts[2]!]! : 0
	return seconds > 0 ? seconds : null
}

function completionShell(text: string | undefined, faults: Finding[]): CompletionShell {
	const shell = completionShells.find(known => known === text)
	if (shell) return shell
	const shells = completionShells.join(', ')
	faults.push(
		text === undefined
			? finding('missing-operand', 'arguments', { command: 'completion', choices: shells })
			: finding('unknown-shell', 'arguments', {
					shell: redactArgument(text),
					hint: closestMatch(text, completionShells) ?? undefined,
					shells,
				}),
	)
	return 'bash'
}

function isCommand(text: string): text is CommandName {
	return text !== 'configure' && (commandNames as readonly string[]).includes(text)
}

function unknownOption(rawName: string): Finding {
	const names = options.map(option => option.name)
	const name = rawName.replace(/^-+/, '')
	const near =
		rawName.length > 2
			? (closestMatch(name, names) ?? names.find(known => name.length > 2 && known.startsWith(name)))
			: null
	return finding('unknown-option', 'arguments', {
		option: redactArgument(rawName),
		hint: near ? `--${near}` : undefined,
	})
}

function refusal(faults: readonly Finding[]): UserError {
	return new UserError(faults[0]!, ...faults.slice(1))
}

type Token =
	| { kind: 'option'; name: string; rawName: string; value?: string | undefined }
	| { kind: 'positional'; value: string }
	| { kind: 'option-terminator' }

/**
 * Throws if a credential is among the arguments: `--token X`, `--api-key=X`, `OPENAI_API_KEY=X`, or a bare token. No
 * message contains its text.
 */
function refuseCredentials(args: readonly string[], tokens: readonly Token[]): void {
	const refuse = (option?: string) => {
		throw new UserError(finding('token-in-arguments', 'arguments', { option }))
	}
	const names: readonly string[] = options.map(option => option.name)
	for (const argument of args) {
		const [, dashes = '', name = '', rest = ''] = /^(-{0,2})([A-Za-z][\w-]*)(=?)/s.exec(argument) ?? []
		if (names.includes(name) || !isCredentialName(name)) continue
		// A bare word ("token") is an unexpected argument; with a value, or as an option, it is a place for a
		// credential.
		if (dashes === '' && rest === '') continue
		// A misspelled option of this program (`--token-stdn`) is reported as such, unless it has a value.
		if (rest === '' && closestMatch(name, names)) continue
		refuse(dashes === '' ? undefined : redactArgument(`${dashes}${name}`))
	}
	for (const token of tokens) {
		if (token.kind === 'option-terminator' || token.value === undefined) continue
		if (token.kind === 'option') {
			const row = options.find(option => option.name === token.name)
			if (row?.value?.file) continue
			if (row?.name.includes('token')) refuse(redactArgument(`--${row.name}`))
		}
		if (looksLikeCredential(token.value)) refuse()
	}
}
