// How the program was started: by a package manager, as a global installation, or from a checkout.
import { basename, delimiter, dirname, join, relative, sep } from 'node:path'
import { npxCommand, type ProgramCommand, programName } from '../program-command.ts'
import type { Env } from './runtime.ts'

export type ProgramStart = {
	readonly env: Env
	/** `process.argv[1]`, without its links resolved. */
	readonly script: string
	readonly cwd: string | null
	/** Set if the program runs in Deno. */
	readonly isDeno: boolean
}

const commands = {
	pnpm: same(`pnpm dlx ${programName}`),
	yarn: { plain: `yarn dlx ${programName}`, captured: `yarn dlx -q ${programName}` },
	bun: same(`bunx ${programName}`),
	deno: same(`deno run -A npm:${programName}`),
	global: same(programName),
	start: { plain: 'npm start --', captured: 'npm --silent start --' },
} satisfies Record<string, ProgramCommand>

/** The command that starts the program again in the same way. */
export function detectProgramCommand({ env, script, cwd, isDeno }: ProgramStart): ProgramCommand {
	if (isDeno) return commands.deno
	if (isGlobal(env, script)) return commands.global
	const manager = /^([a-z]+)\//.exec(env['npm_config_user_agent'] ?? '')?.[1]
	const event = env['npm_lifecycle_event']
	if (manager === 'npm' && env['npm_command'] === 'exec') return npxCommand
	if (event === 'start' && env['npm_package_name'] === programName) return commands.start
	// A script of a project has a lifecycle event; what a package manager runs by itself has none.
	if (event === undefined && (manager === 'pnpm' || manager === 'yarn' || manager === 'bun')) return commands[manager]
	if (script === '' || script.split(sep).includes('node_modules')) return npxCommand
	return same(`node ${quote(shorten(script, cwd))}`)
}

function same(command: string): ProgramCommand {
	return { plain: command, captured: command }
}

/** Whether the script is, or belongs to, an executable on the PATH. */
function isGlobal(env: Env, script: string): boolean {
	const directories = (env['PATH'] ?? env['Path'] ?? '').split(delimiter)
	const parts = script.split(sep)
	if (basename(script) === programName) return !parts.includes('node_modules') && directories.includes(dirname(script))
	// On Windows the executable is a batch file that runs the script in the node_modules beside it.
	const at = parts.indexOf('node_modules')
	return sep === '\\' && at > 0 && parts[at + 1] === programName && directories.includes(join(...parts.slice(0, at)))
}

function shorten(script: string, cwd: string | null): string {
	const fromHere = cwd === null ? script : relative(cwd, script)
	return fromHere.startsWith('..') || fromHere === '' ? script : fromHere
}

function quote(path: string): string {
	return /^[\w@%+=:,./\\-]+$/.test(path) ? path : `"${path}"`
}
