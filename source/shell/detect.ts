import type { Env, Runtime } from '../runtime/runtime.ts'

/** The kinds of shell that can evaluate the export lines where the program runs. */
export type DetectedShell = 'sh' | 'fish' | 'powershell' | 'cmd' | 'nu'

/**
 * The shell that would evaluate the output: the one that started the program, else by the environment and the platform.
 */
export function detectShell(runtime: Pick<Runtime, 'env' | 'platform' | 'parentProcessName'>): DetectedShell {
	return getShellOfProgram(runtime.parentProcessName() ?? '') ?? shellOfEnvironment(runtime.env, runtime.platform)
}

const programs: Readonly<Record<string, DetectedShell>> = {
	sh: 'sh',
	bash: 'sh',
	zsh: 'sh',
	dash: 'sh',
	ash: 'sh',
	ksh: 'sh',
	mksh: 'sh',
	busybox: 'sh',
	fish: 'fish',
	nu: 'nu',
	pwsh: 'powershell',
	powershell: 'powershell',
	cmd: 'cmd',
}

/** Shells that no format of export lines is for. */
const unsupportedShells = /^(?:t?csh|elvish|xonsh|ion|rc)$/

function baseName(program: string): string {
	const name = program.split(/[\\/]/).at(-1) ?? ''
	return name
		.toLowerCase()
		.replace(/^-/, '')
		.replace(/\.exe$/, '')
}

/** The shell that the program was started from, or else the login shell, if no lines can be printed for it. */
export function findUnsupportedShell(runtime: Pick<Runtime, 'env' | 'parentProcessName'>): string | null {
	const name = baseName(runtime.parentProcessName() ?? runtime.env['SHELL'] ?? '')
	return unsupportedShells.test(name) ? name : null
}

/** The kind of shell that a program is, by its name or path (`-zsh` for a login shell, `pwsh.exe`), or null. */
export function getShellOfProgram(program: string): DetectedShell | null {
	const name = baseName(program).replace(/-preview$/, '')
	return Object.hasOwn(programs, name) ? (programs[name] as DetectedShell) : null
}

function shellOfEnvironment(env: Env, platform: NodeJS.Platform): DetectedShell {
	const login = getShellOfProgram(env['SHELL'] ?? '')
	// On Windows only Git Bash and similar shells set SHELL.
	if (platform !== 'win32') return login ?? 'sh'
	if (login) return login
	// PowerShell prepends the user's module directory when it starts; cmd sets PROMPT.
	const modules = env['PSModulePath'] ?? ''
	if (/\\Documents\\(?:Windows)?PowerShell\\Modules/i.test(modules)) return 'powershell'
	return env['PROMPT'] === undefined ? 'powershell' : 'cmd'
}

/** A process as the system lists it: its program's name, its arguments if known, and its parent. */
export type ProcessInfo = { readonly name: string; readonly args: string; readonly parent: number }

/** Programs that run between a shell and a Node program. */
const PASSED_OVER = /^(?:node|nodejs|npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack|tsx|MainThread)(?:[\s-]|$)/

/** A package runner, recognized by its title or by the script that Node runs for it: it starts programs by `sh -c`. */
const PACKAGE_RUNNER = /(?:^|[\s/\\])(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack)(?:[\s./\\-]|$)/

/**
 * The name of the shell that a program was started from, for `Runtime.parentProcessName`. Package runners in between
 * are skipped, with the shell that they use: under `npx` the direct parent is never the user's shell. Null if there
 * is none within ten levels.
 */
export function findCallingShell(parent: number, readProcess: (id: number) => ProcessInfo | null): string | null {
	let id = parent
	for (let step = 0; step < 10 && id > 0; step++) {
		const found = readProcess(id)
		if (!found) return null
		const isShell = getShellOfProgram(found.name) !== null || unsupportedShells.test(baseName(found.name))
		if (isShell && !isPackageRunners(found, readProcess)) return found.name
		if (!isShell && !PASSED_OVER.test(found.name)) return null
		id = found.parent
	}
	return null
}

function isPackageRunners(shell: ProcessInfo, readProcess: (id: number) => ProcessInfo | null): boolean {
	// npm's setting `script-shell` makes it another shell.
	if (!/^\S+ -c /.test(shell.args)) return false
	const above = readProcess(shell.parent)
	return above !== null && PACKAGE_RUNNER.test([above.name, ...above.args.split(' ').slice(0, 2)].join(' '))
}

/** xonsh replaces its name by its arguments, and PowerShell from a .NET tool is run by `dotnet`. */
function nameOf(name: string, args: string): string {
	if (baseName(name) === 'dotnet' && /[\\/]pwsh\.dll(?:\s|$)/.test(args)) return 'pwsh'
	return name.startsWith('xonsh ') ? 'xonsh' : name
}

/** Reads a Linux process from /proc; null if it doesn't exist or can't be read. */
export function readLinuxProcess(id: number, readText: (path: string) => string): ProcessInfo | null {
	try {
		const stat = readText(`/proc/${id}/stat`)
		// The name is in parentheses and may contain any character, including `)`.
		const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
		const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
		const args = readText(`/proc/${id}/cmdline`).replaceAll('\0', ' ').trim()
		return { name: nameOf(name, args), args, parent }
	} catch {
		return null
	}
}

/** How a process list is read: the text of a file, and the output of a command ('' if it fails). */
type ProcessReader = {
	readonly platform: NodeJS.Platform
	readText(path: string): string
	run(command: string, args: readonly string[]): string
}

/** The name of the shell that the program was started from; null on Windows and if it can't be determined. */
export function findShellAbove(parentId: number, { platform, readText, run }: ProcessReader): string | null {
	if (platform === 'win32') return null
	if (platform === 'linux') return findCallingShell(parentId, id => readLinuxProcess(id, readText))
	const ps = (format: string, id: number) => run('ps', ['-o', format, '-p', String(id)])
	return findCallingShell(parentId, id => parsePsOutput(ps('ppid=,comm=', id), ps('args=', id)))
}

/** Parses a line of `ps -o ppid=,comm= -p ID` and one of `ps -o args= -p ID`, for macOS and the BSDs. */
export function parsePsOutput(line: string, args: string): ProcessInfo | null {
	const [, parent, name] = /^\s*(\d+)\s+(.+?)\s*$/s.exec(line) ?? []
	return parent && name ? { name: nameOf(name, args), args: args.trim(), parent: Number(parent) } : null
}
