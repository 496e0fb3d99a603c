// Recognizes coding agents by the variables that they set for the commands they run: the rules of @vercel/detect-agent
// 1.2, and AGENT, which Goose and Amp set.
import { existsSync } from 'node:fs'
import type { Env, Runtime } from './runtime.ts'

type AgentRule = {
	readonly name: string
	/** Any of them is enough. */
	readonly variables: readonly string[]
	/** The value that they must have; by default any but none, 0 and false. */
	readonly value?: string
	/** The variables are also set where people type commands. */
	readonly sharedWithPeople?: true
}

const rules: readonly AgentRule[] = [
	{ name: 'claude', variables: ['CLAUDECODE', 'CLAUDE_CODE'] },
	{ name: 'cursor-cli', variables: ['CURSOR_AGENT'] },
	{ name: 'cursor-cli', variables: ['CURSOR_EXTENSION_HOST_ROLE'], value: 'agent-exec' },
	{ name: 'gemini', variables: ['GEMINI_CLI'] },
	{ name: 'codex', variables: ['CODEX_SANDBOX', 'CODEX_CI', 'CODEX_THREAD_ID'] },
	{ name: 'antigravity', variables: ['ANTIGRAVITY_AGENT'] },
	{ name: 'augment-cli', variables: ['AUGMENT_AGENT'] },
	{ name: 'opencode', variables: ['OPENCODE', 'OPENCODE_CLIENT'] },
	{ name: 'replit', variables: ['REPLIT_AGENT'] },
	{ name: 'goose', variables: ['AGENT'], value: 'goose' },
	{ name: 'amp', variables: ['AGENT'], value: 'amp' },
	{ name: 'cursor', variables: ['CURSOR_TRACE_ID'], sharedWithPeople: true },
	{ name: 'replit', variables: ['REPL_ID'], sharedWithPeople: true },
	{
		name: 'github-copilot',
		variables: ['COPILOT_MODEL', 'COPILOT_ALLOW_ALL', 'COPILOT_GITHUB_TOKEN'],
		sharedWithPeople: true,
	},
]

/** A directory that only Devin's machines have. */
const devinDirectory = '/opt/.devin'

/**
 * The agent that runs the program, by name; null for a person. `shared`: also by variables that are set where people
 * type commands.
 */
export function detectAgent(env: Env, options: { readonly shared?: boolean } = {}): string | null {
	const named = env['AI_AGENT']?.trim()
	if (named) return named
	const rule = rules.find(
		({ variables, value, sharedWithPeople }) =>
			(!sharedWithPeople || options.shared) &&
			variables.some(name => (value === undefined ? isVariableSet(env, name) : env[name] === value)),
	)
	return rule?.name ?? (options.shared && existsSync(devinDirectory) ? 'devin' : null)
}

/** The agent that reads the output: only if stdin or stdout isn't a terminal, for shared variables if neither is one. */
export function detectReadingAgent({ env, ...streams }: Pick<Runtime, 'env'> & StreamKinds): string | null {
	const agent = detectAgent(env, { shared: true })
	if (agent === null) return null
	const terminals = [streams.isStdinTerminal(), streams.isStdoutTerminal()]
	if (terminals.every(isTerminal => isTerminal)) return null
	return terminals.some(isTerminal => isTerminal) ? detectAgent(env) : agent
}

/** Functions, because creating a stream takes time that only an agent's run has to spend. */
type StreamKinds = { readonly isStdinTerminal: () => boolean; readonly isStdoutTerminal: () => boolean }

export function isVariableSet(env: Env, name: string): boolean {
	const value = env[name]
	return value !== undefined && value !== '' && value !== '0' && value !== 'false'
}
