import type { Env, Runtime } from '../runtime/runtime.ts'

/** A kind of shell that lines can be evaluated by where the program runs. */
export type DetectedShell = 'sh' | 'fish' | 'powershell' | 'cmd' | 'nu'

/**
 * The shell that would evaluate what is printed: the one that started the program, else by the environment and the
 * platform.
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

/** The kind of shell that a program is, by its name or path (`-zsh` for a login shell, `pwsh.exe`), or null. */
export function getShellOfProgram(program: string): DetectedShell | null {
	const name = (program.split(/[\\/]/).at(-1) ?? '')
		.toLowerCase()
		.replace(/^-/, '')
		.replace(/\.exe$/, '')
		.replace(/-preview$/, '')
	return Object.hasOwn(programs, name) ? (programs[name] as DetectedShell) : null
}

function shellOfEnvironment(env: Env, platform: NodeJS.Platform): DetectedShell {
	const login = getShellOfProgram(env['SHELL'] ?? '')
	// On Windows SHELL is set by Git Bash and its like alone.
	if (platform !== 'win32') return login ?? 'sh'
	if (login) return login
	// PowerShell puts the user's own directory of modules in front when it starts; cmd sets PROMPT.
	const modules = env['PSModulePath'] ?? ''
	if (/\\Documents\\(?:Windows)?PowerShell\\Modules/i.test(modules)) return 'powershell'
	return env['PROMPT'] === undefined ? 'powershell' : 'cmd'
}

/** A process as the system lists it: its program's name, its arguments where known, and its parent. */
export type ProcessInfo = { readonly name: string; readonly args: string; readonly parent: number }

/** The programs that stand between a shell and a Node program. */
const PASSED_OVER = /^(?:node|nodejs|npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack|tsx|MainThread)(?:[\s-]|$)/

/** A package runner, by its title or by the script that Node runs for it: it starts a program by `sh -c`. */
const PACKAGE_RUNNER = /(?:^|[\s/\\])(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack)(?:[\s./\\-]|$)/

/**
 * The name of the shell that a program was started from, for `Host.parentProcessName`. Package runners in between are
 * passed over, with the `sh -c` that they run a program by: under `npx` the direct parent is never the user's shell.
 * Null where there is none within ten steps.
 */
export function findCallingShell(parent: number, readProcess: (id: number) => ProcessInfo | null): string | null {
	let id = parent
	for (let step = 0; step < 10 && id > 0; step++) {
		const found = readProcess(id)
		if (!found) return null
		const isShell = getShellOfProgram(found.name) !== null
		if (isShell && !isPackageRunners(found, readProcess)) return found.name
		if (!isShell && !PASSED_OVER.test(found.name)) return null
		id = found.parent
	}
	return null
}

function isPackageRunners(shell: ProcessInfo, readProcess: (id: number) => ProcessInfo | null): boolean {
	if (!/^(?:\/bin\/)?sh -c /.test(shell.args)) return false
	const above = readProcess(shell.parent)
	return above !== null && PACKAGE_RUNNER.test([above.name, ...above.args.split(' ').slice(0, 2)].join(' '))
}

/** Reads a process of Linux from /proc; null where there is none or it can't be read. */
export function readLinuxProcess(id: number, readText: (path: string) => string): ProcessInfo | null {
	try {
		const stat = readText(`/proc/${id}/stat`)
		// The name stands in parentheses and may hold any character, also `)`.
		const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
		const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
		const args = readText(`/proc/${id}/cmdline`).replaceAll('\0', ' ').trim()
		return { name, args, parent }
	} catch {
		return null
	}
}

/** Reads one line of `ps -o ppid=,comm= -p ID` and one of `ps -o args= -p ID`, for macOS and the BSDs. */
export function readProcessOfPs(line: string, args: string): ProcessInfo | null {
	const [, parent, name] = /^\s*(\d+)\s+(.+?)\s*$/s.exec(line) ?? []
	return parent && name ? { name, args: args.trim(), parent: Number(parent) } : null
}
