// The door: arguments, streams and environment decide which mode runs, and only that mode is loaded. The one place that
// ends the process.
import { existsSync, openSync, readFileSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { resolve } from 'node:path'
import { ReadStream } from 'node:tty'
import packageFacts from './package.json' with { type: 'json' }
import { type ConfigureInvocation, parseArguments, wantsJson } from './source/commands/options.ts'
import type { ExitCode } from './source/findings/exit-codes.ts'
import { finding, Refusal } from './source/findings/finding.ts'
import type { CommandResult, Host } from './source/host.ts'
import { callingShell, readProcessOfLinux } from './source/shell/detect.ts'
import { Stop } from './source/stop.ts'
import { openOutput } from './source/terminal/direct-output.ts'
import { onEndingSignals } from './source/terminal/suspend.ts'

/** What puts the terminal back as it was; run before the process ends, however it does. */
let restoreTerminal = () => {}
/** Asks the running mode to end. */
const stop = new Stop()
/** How long a mode may take for that. */
const stoppingTakesMs = 5000

let standardOutput: NodeJS.WriteStream | undefined
let standardError: NodeJS.WriteStream | undefined

const processHost: Host = {
	environment: process.env,
	platform: process.platform,
	homeFolder: process.env['HOME'] || homedir(),
	get workingFolder() {
		return workingFolder()
	},
	get hostname() {
		return hostname()
	},
	// Made when something of them is used: what stands behind a terminal takes some milliseconds to load.
	get stdin() {
		return process.stdin
	},
	get stdout() {
		standardOutput ??= watched(openOutput(1, process.platform, () => process.stdout))
		return standardOutput
	},
	get stderr() {
		standardError ??= watched(openOutput(2, process.platform, () => process.stderr))
		return standardError
	},
	now: () => new Date(),
	run: runCommand,
	parentProcessName: () => nameOfShell(),
}

const args = process.argv.slice(2)
process.on('uncaughtException', crash)
process.on('exit', () => restoreTerminal())
const done = main(args, processHost)
done.then(
	code => stop.isAsked || endProcess(code),
	error => crash(error),
)

/** What can't be shown any more is no reason to end; results are watched by whoever writes them. */
function watched(stream: NodeJS.WriteStream): NodeJS.WriteStream {
	return stream.on('error', () => {})
}

async function main(args: readonly string[], host: Host): Promise<ExitCode> {
	try {
		return await runMode(args, host)
	} catch (error) {
		if (!(error instanceof Refusal)) throw error
		const { tellRefusal } = await import('./source/commands/refusal.ts')
		return tellRefusal(host, error, { json: wantsJson(args) })
	}
}

async function runMode(args: readonly string[], host: Host): Promise<ExitCode> {
	const invocation = parseArguments(args)
	switch (invocation.command) {
		case 'version':
			return print(host, `${packageFacts.version}\n`)
		case 'help': {
			const { helpText } = await import('./source/commands/help.ts')
			const columns = 'columns' in host.stdout ? host.stdout.columns : undefined
			return print(host, helpText(invocation.about, columns ?? 80))
		}
		case 'completion': {
			const { completionScript } = await import('./source/commands/completion.ts')
			return print(host, completionScript(invocation.shell))
		}
		case 'check':
			watchSignals()
			return (await import('./source/commands/check.ts')).runCheck(host, invocation, { stop })
		case 'undo':
			watchSignals()
			return (await import('./source/commands/undo.ts')).runUndo(host, invocation, { stop })
		case 'remove':
			watchSignals()
			return (await import('./source/commands/remove.ts')).runRemove(host, invocation, { stop })
		case 'configure':
			watchSignals()
			return invocation.demo ? runDemo(host, invocation) : runConfigure(host, invocation)
	}
}

/** A text that was asked for; what can't be written is told. */
async function print(host: Host, text: string): Promise<ExitCode> {
	await (await import('./source/terminal/write-result.ts')).writeResult(host, text)
	return 0
}

function asksNothing({ yes, dryRun, printEnv }: ConfigureInvocation): boolean {
	return yes || dryRun || printEnv !== undefined
}

async function runConfigure(host: Host, invocation: ConfigureInvocation): Promise<ExitCode> {
	if (asksNothing(invocation)) {
		return (await import('./source/commands/configure.ts')).runConfigure(host, invocation, { stop })
	}
	return runWizard(host, invocation)
}

/** The same program against a small deployment of its own, with a Mux home that is thrown away. */
async function runDemo(host: Host, invocation: ConfigureInvocation): Promise<ExitCode> {
	const { openDemo } = await import('./source/demo/open.ts')
	const demo = await openDemo(host, { loggedIn: asksNothing(invocation) })
	try {
		return await runConfigure(demo.host, invocation)
	} finally {
		await demo.close()
	}
}

async function runWizard(host: Host, invocation: ConfigureInvocation): Promise<ExitCode> {
	const { isPlain } = await import('./source/terminal/capabilities.ts')
	const plain = invocation.plain || isPlain(host.environment)
	const tokenPiped = invocation.tokenFrom?.kind === 'stdin'
	if (!plain && !host.stderr.isTTY) throw new Refusal(finding('no-terminal', 'arguments', { stream: 'Standard error' }))
	if (!plain && !host.stdin.isTTY && !tokenPiped) {
		throw new Refusal(finding('no-terminal', 'arguments', { stream: 'Standard input' }))
	}
	const { openWizard } = await import('./source/wizard/open.ts')
	const opening = openWizard(host, await wizardOptions(host, invocation))
	// The screens are loaded while the settings are read.
	const loading = plain ? null : import('./source/ui/run.tsx')
	const wizard = await opening
	stop.signal.addEventListener('abort', () => wizard.send({ on: 'cancel' }))
	if (!loading) {
		const { runPlain } = await import('./source/plain/run.ts')
		return runPlain(host, wizard, { keys: tokenPiped ? openTerminal() : host.stdin })
	}
	// What Node has to warn its developers of would stand in the middle of a frame.
	process.removeAllListeners('warning')
	const { runScreens } = await loading
	return runScreens(host, wizard, {
		keys: tokenPiped ? openTerminal() : host.stdin,
		onTerminal: restore => {
			restoreTerminal = restore
		},
		program: process,
	})
}

async function wizardOptions(host: Host, invocation: ConfigureInvocation) {
	const { tokenFrom, settings, caFile, lifetime, release, route, providers, url } = invocation
	const absolute = (path: string | undefined) => path && resolve(host.workingFolder, path)
	const { readToken } = await import('./source/commands/read-token.ts')
	return {
		where: { settings: absolute(settings), release },
		caFile: absolute(caFile),
		given: tokenFrom && (await readToken(host, tokenFrom)),
		lifetimeDays: lifetime && lifetime / 86_400,
		route,
		providers,
		url,
	}
}

/** The terminal itself, where standard input is something else. */
function openTerminal(): ReadStream {
	try {
		return new ReadStream(openSync('/dev/tty', 'r+'))
	} catch {
		throw new Refusal(finding('no-terminal', 'arguments', { stream: 'Standard input' }))
	}
}

/** From here on a signal ends the mode in good order before it ends the process. */
function watchSignals(): void {
	const stopWatching = onEndingSignals(process, (exitCode, signal) => {
		restoreTerminal()
		stop.ask()
		const late = new Promise(resolve => setTimeout(resolve, stoppingTakesMs).unref())
		void Promise.race([done.catch(() => 70), late]).then(code => {
			// After the terminal was closed, ending in the usual way makes Node abort: the signal ends it instead.
			if (signal !== 'SIGHUP') return endProcess(code === 0 ? 0 : exitCode)
			stopWatching()
			// The signal may reach another of the process's threads first: this one must not come to its end meanwhile.
			setTimeout(() => process.exit(exitCode), stoppingTakesMs)
			process.kill(process.pid, signal)
		})
	})
}

/** The one place that ends the process: what was written to standard output is out by then. */
function endProcess(code: number): void {
	processHost.stdout.write('', () => process.exit(code))
}

/** A bug: the terminal is put back, and what can be reported is told, with nothing in it that could be a secret. */
function crash(error: unknown): void {
	restoreTerminal()
	import('./source/commands/refusal.ts')
		.then(({ tellBug }) => tellBug(processHost, error, packageFacts.version, { json: wantsJson(args) }))
		.then(endProcess, () => endProcess(70))
}

/** Somebody may have deleted the folder that the shell is in: then nothing relative can be meant. */
function workingFolder(): string {
	try {
		return process.cwd()
	} catch {
		return homedir()
	}
}

function isOnPath(command: string): boolean {
	const folders = command.includes('/') ? [''] : (process.env['PATH'] ?? '/usr/bin:/bin').split(':')
	return folders.some(folder => existsSync(resolve(folder, command)))
}

async function runCommand(
	command: string,
	args: readonly string[],
	limits: { timeoutMs: number; signal?: AbortSignal },
): Promise<CommandResult> {
	// Looking is cheap; what starts a process is not, where there is none to start.
	if (process.platform !== 'win32' && !isOnPath(command)) return { code: null, stdout: '', stderr: '' }
	const { execFile } = await import('node:child_process')
	return new Promise(resolve => {
		const child = execFile(
			command,
			[...args],
			{
				timeout: limits.timeoutMs,
				...(limits.signal ? { signal: limits.signal } : {}),
				windowsHide: true,
				maxBuffer: 1 << 20,
			},
			(error, stdout, stderr) => {
				const code = error ? (typeof error.code === 'number' ? error.code : null) : 0
				resolve({ code, stdout, stderr })
			},
		)
		child.stdin?.end()
	})
}

function nameOfShell(): string | null {
	if (process.platform !== 'linux') return null
	return callingShell(process.ppid, id => readProcessOfLinux(id, path => readFileSync(path, 'utf8')))
}
