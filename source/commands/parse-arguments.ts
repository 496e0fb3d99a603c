// Parses the arguments by the table of options.

import { parseArgs } from 'node:util'
import { type Finding, finding, UserError } from '../findings/finding.ts'
import {
	type BuiltInProvider,
	builtInProviders,
	isInstanceName,
	makeBuiltInTarget,
	makeCustomTarget,
	type ProviderTarget,
} from '../providers.ts'
import { redactArgument } from '../secrets/redact.ts'
import { parseShellId, shellAliases, shellIds } from '../shell/languages.ts'
import { parseAgentId } from '../shell/template-agent.ts'
import type { CommonInvocation, ConfigureInvocation, Invocation, TokenInput } from './invocation.ts'
import {
	type CommandName,
	type CompletionShell,
	commandNames,
	completionShells,
	type HelpTopic,
	helpTopics,
	type OptionName,
	options,
	proofMethods,
	releases,
	routes,
	tokenPlaces,
} from './options.ts'
import { parseLifetimeSeconds } from './parse-lifetime.ts'
import { refuseCredentials } from './refuse-credentials.ts'
import { closestMatch, suggestCommand, suggestOption } from './suggest.ts'

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
		const option = findOption(token.name)
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
		if (option.value?.optional && !option.value.inline && value === undefined && follower) {
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
	const isUrl = first !== undefined && isUrlOperand(first)
	const command = first === undefined || isUrl ? 'configure' : isCommand(first) ? first : null
	if (isUrl && provided.has('url'))
		faults.push(finding('conflicting-options', 'arguments', { one: '--url', other: 'the URL without an option' }))
	if (isUrl) provided.set('url', [first])

	if (provided.has('help'))
		return command && command !== 'configure' ? { command: 'help', about: command } : { command: 'help' }
	if (provided.has('version')) return { command: 'version' }

	if (first === 'version') return { command: 'version' }
	if (first === 'help') return readHelp(positionals[1], faults)

	if (!command) {
		const hint = suggestCommand(first!, ['help', 'version', ...commandNames.slice(1)])
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
	if (provided.has('anonymize')) requireOption(provided, 'anonymize', 'debug', faults)
	const common: CommonInvocation = {
		...read.text('settings', 'settings'),
		...read.choice('release', 'release', releases),
		json: provided.has('json'),
		plain: provided.has('plain'),
		...(provided.has('debug')
			? { debug: { ...read.text('debug', 'file'), anonymize: provided.has('anonymize') } }
			: {}),
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
					models: read.models(),
					...read.text('url', 'url'),
					...read.text('ca-file', 'caFile'),
					...read.choice('proof', 'proof', proofMethods),
					listsModels: provided.has('models'),
					sends: provided.has('send'),
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
): Omit<ConfigureInvocation, 'command' | keyof CommonInvocation> {
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
	const agent = provided.get('agent')?.at(-1)
	const agentId = agent === undefined ? null : parseAgentId(agent)
	if (agent !== undefined && shellId !== 'terraform') {
		const details = { option: '--agent', needed: '--print-env terraform' }
		faults.push(finding('option-needs-another', 'arguments', details))
	} else if (agent !== undefined && agentId === null) {
		faults.push(finding('invalid-agent', 'arguments', { value: redactArgument(agent) }))
	}
	// Resources for a template hold no token, and concern no settings file.
	for (const one of shellId === 'terraform' ? (['create-token', 'clear-settings'] as const) : []) {
		if (!provided.has(one)) continue
		faults.push(finding('conflicting-options', 'arguments', { one: `--${one}`, other: '--print-env terraform' }))
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
		if (provided.has(name)) requireOption(provided, name, needed, faults)
	}

	return {
		...read.text('url', 'url'),
		...read.text('gateway', 'gateway'),
		providers: read.providers(),
		...(tokenFrom ? { tokenFrom } : {}),
		...read.choice('route', 'route', routes),
		...read.choice('proof', 'proof', proofMethods),
		...read.choice('store-token', 'storeToken', tokenPlaces),
		...read.text('ca-file', 'caFile'),
		yes: provided.has('yes'),
		dryRun: provided.has('dry-run'),
		...(provided.has('print-env')
			? {
					printEnv: {
						...(shellId ? { shell: shellId } : {}),
						noSecret: provided.has('no-secret'),
						clearSettings: provided.has('clear-settings'),
						...(agentId === null ? {} : { agentId }),
					},
				}
			: {}),
		check: !provided.has('no-check'),
		fix: provided.has('fix'),
		models: read.models(),
		createToken: provided.has('create-token'),
		browser: !provided.has('no-browser'),
		...(seconds === null ? {} : { lifetime: seconds }),
		demo: provided.has('demo'),
	}
}

function requireOption(provided: Given, name: OptionName, needed: OptionName, faults: Finding[]): void {
	if (provided.has(needed)) return
	faults.push(finding('option-needs-another', 'arguments', { option: `--${name}`, needed: `--${needed}` }))
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
		/** `openai:gpt-5`, by provider. */
		models(): Readonly<Record<string, string>> {
			const models: Record<string, string> = {}
			for (const text of (provided.get('model') ?? []).map(value => value.trim())) {
				const [, provider, model] = /^([a-z0-9_-]+):(\S+)$/i.exec(text) ?? []
				if (provider !== undefined && model !== undefined) models[provider.toLowerCase()] = model
				else faults.push(finding('invalid-model', 'arguments', { value: redactArgument(text) }))
			}
			return models
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

/**
 * `openai`, `anthropic`: the built-in provider with the instance of the same name; `anthropic=NAME`: with another
 * instance; `NAME` or `coder-NAME`: a custom provider of Mux. Null for anything else, and for a misspelled built-in
 * name.
 */
export function readProvider(text: string): ProviderTarget | null {
	const [id = '', instance, ...rest] = text.split('=')
	if (rest.length > 0 || !isInstanceName(id) || (instance !== undefined && !isInstanceName(instance))) return null
	if ((builtInProviders as readonly string[]).includes(id))
		return makeBuiltInTarget(id as BuiltInProvider, instance ?? id)
	if (instance !== undefined) return null
	if (id.startsWith('coder-')) return makeCustomTarget(id.slice('coder-'.length))
	const near = closestMatch(id, builtInProviders)
	// `openai-eu` and `openai2` are instances; `opnai` is a typo.
	return near && !id.includes(near) ? null : makeCustomTarget(id)
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

/** `help`, `help check`, `help environment`. */
function readHelp(topic: string | undefined, faults: readonly Finding[]): Invocation {
	if (topic === undefined) return { command: 'help' }
	const topics = [...Object.keys(helpTopics), ...commandNames.slice(1)] as HelpTopic[]
	const about = topics.find(known => known === topic)
	if (about) return { command: 'help', about }
	const hint = suggestCommand(topic, topics)
	throw refusal([
		finding('unknown-command', 'arguments', {
			command: redactArgument(topic),
			hint: hint ? `help ${hint}` : undefined,
		}),
		...faults,
	])
}

/** The option of this name; `-V` is an older form of `-v`. */
function findOption(name: string) {
	return options.find(known => known.name === (name === 'V' ? 'version' : name))
}

/** `https://coder.example.com`, `coder.example.com` or `localhost:3000`: any other word is meant as a command. */
function isUrlOperand(text: string): boolean {
	return !isCommand(text) && /:\/\/|\.|:\d/.test(text)
}

function isCommand(text: string): text is CommandName {
	return text !== 'configure' && (commandNames as readonly string[]).includes(text)
}

function unknownOption(rawName: string): Finding {
	const names = options.map(option => option.name)
	const name = rawName.replace(/^-+/, '')
	const near = rawName.length > 2 ? suggestOption(name, names) : null
	return finding('unknown-option', 'arguments', {
		option: redactArgument(rawName),
		hint: near ? `--${near}` : undefined,
	})
}

function refusal(faults: readonly Finding[]): UserError {
	return new UserError(faults[0]!, ...faults.slice(1))
}
