// What the arguments ask for, as values: one type for each command, and what is decided by them alone.
import type { ProofMethod } from '../coder/check.ts'
import type { Release } from '../mux/releases.ts'
import type { ProviderTarget } from '../providers.ts'
import type { CompanyInfo } from '../setup/config.ts'
import type { ShellId } from '../shell/languages.ts'
import type { ResultCommand } from './json-result.ts'
import type { CompletionShell, HelpTopic, routes, tokenPlaces } from './options.ts'

/** Where to read the token from, if the arguments say so. */
export type TokenInput = { readonly kind: 'stdin' } | { readonly kind: 'file'; readonly path: string }

/** What `check`, `undo`, `remove` and `configure` have in common. Paths are as typed, not yet absolute. */
export type CommonInvocation = {
	readonly settings?: string
	readonly release?: Release
	readonly json: boolean
	readonly plain: boolean
	readonly debug?: DebugInvocation
	/** From the company's file of defaults. */
	readonly company?: CompanyInfo
}

/** `--debug`; `file` is absent for stderr. */
export type DebugInvocation = { readonly file?: string; readonly anonymize: boolean }

export type ConfigureInvocation = CommonInvocation & {
	readonly command: 'configure'
	readonly url?: string
	/** A standalone gateway, as typed. */
	readonly gateway?: string
	/** Empty if none was given. */
	readonly providers: readonly ProviderTarget[]
	readonly tokenFrom?: TokenInput
	readonly route?: (typeof routes)[number]
	readonly proof?: ProofMethod
	readonly storeToken?: (typeof tokenPlaces)[number]
	readonly caFile?: string
	readonly yes: boolean
	readonly dryRun: boolean
	/** `shell` is absent if the lines are for the calling shell. */
	readonly printEnv?: {
		readonly shell?: ShellId
		readonly noSecret: boolean
		readonly clearSettings: boolean
		/** For a template: the expression for its agent's id. */
		readonly agentId?: string
	}
	/** False with `--no-check`. */
	readonly check: boolean
	/** Fix the conflicts that can be fixed in the settings file. */
	readonly fix: boolean
	/** Models to judge providers for, by the provider's id. */
	readonly models: Readonly<Record<string, string>>
	readonly createToken: boolean
	/** False with `--no-browser`. */
	readonly browser: boolean
	/** In seconds. */
	readonly lifetime?: number
	readonly demo: boolean
}

export type CheckInvocation = CommonInvocation & {
	readonly command: 'check'
	readonly providers: readonly ProviderTarget[]
	readonly models: Readonly<Record<string, string>>
	readonly caFile?: string
	readonly proof?: ProofMethod
	/** The deployment behind a standalone gateway, whose token is checked there too. */
	readonly url?: string
	/** Lists the models of each provider too. */
	readonly listsModels: boolean
	/** Sends a real message to each provider. */
	readonly sends: boolean
	readonly offline: boolean
}

export type UndoInvocation = CommonInvocation & { readonly command: 'undo'; readonly force: boolean }

export type RemoveInvocation = CommonInvocation & {
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
	| { readonly command: 'help'; readonly about?: HelpTopic }
	| { readonly command: 'version' }

/** Whether the wizard runs without questions. */
export function isNonInteractive({ yes, dryRun, printEnv }: ConfigureInvocation): boolean {
	return yes || dryRun || printEnv !== undefined
}

const resultCommands: readonly ResultCommand[] = ['check', 'undo', 'remove']

/** The command that the result of a failure names, whether or not the other arguments can be parsed. */
export function findResultCommand(args: readonly string[]): ResultCommand {
	return resultCommands.find(name => args.includes(name)) ?? 'configure'
}

/** Whether `--json` is among the arguments: a usage error is reported as JSON too. */
export function wantsJson(args: readonly string[]): boolean {
	const end = args.indexOf('--')
	return (end < 0 ? args : args.slice(0, end)).includes('--json')
}

/** Whether an agent gets JSON by these arguments: not in place of lines to be evaluated, nor with `--plain`. */
export function isResultForAgent(args: readonly string[]): boolean {
	return !args.some(argument => argument === '--plain' || /^--print-env(?:=|$)/.test(argument))
}

/** What an agent gets: JSON, and no questions. Without `--yes`, nothing is changed. */
export function adaptToAgent(invocation: Invocation): Invocation {
	switch (invocation.command) {
		case 'configure':
		case 'remove':
			return { ...invocation, json: true, dryRun: invocation.dryRun || !invocation.yes }
		case 'check':
		case 'undo':
			return { ...invocation, json: true }
		default:
			return invocation
	}
}
