// Entry point: arguments, streams and environment select the mode, and only that mode is loaded. The only file that
// ends the process.
import { existsSync, openSync, readFileSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { resolve } from 'node:path'
import { ReadStream } from 'node:tty'
import packageFacts from './package.json' with { type: 'json' }
import { type ConfigureInvocation, parseArguments, wantsJson } from './source/commands/options.ts'
import type { ExitCode } from './source/findings/exit-codes.ts'
import { finding, UserError } from './source/findings/finding.ts'
import { CancellationToken } from './source/runtime/cancellation.ts'
import type { CommandResult, Runtime } from './source/runtime/runtime.ts'
import { findCallingShell, readLinuxProcess } from './source/shell/detect.ts'
import { onEndingSignals } from './source/terminal/job-control.ts'
import { createSyncWriteStream } from './source/terminal/sync-write-stream.ts'

/** Resets the terminal; called before the process ends, however it ends. */
let restoreTerminal = () => {}
/** Asks the running mode to stop. */
const cancellation = new CancellationToken()
/** How long a mode may take to stop. */
const stoppingTakesMs = 5000

let standardOutput: NodeJS.WriteStream | undefined
let standardError: NodeJS.WriteStream | undefined

const processHost: Runtime = {
	env: process.env,
	platform: process.platform,
	homeDir: process.env['HOME'] || homedir(),
	get cwd() {
		return workingDir()
	},
	get hostname() {
		return hostname()
	},
	// Created on first use: the modules behind a terminal stream take some milliseconds to load.
	get stdin() {
		return process.stdin
	},
	get stdout() {
		standardOutput ??= watched(createSyncWriteStream(1, process.platform, () => process.stdout))
		return standardOutput
	},
	get stderr() {
		standardError ??= watched(createSyncWriteStream(2, process.platform, () => process.stderr))
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
	code => cancellation.isCancelled || endProcess(code),
	error => crash(error),
)

/** Ignores write errors on a closed stream; whoever writes results handles its own errors. */
function watched(stream: NodeJS.WriteStream): NodeJS.WriteStream {
	return stream.on('error', () => {})
}

async function main(args: readonly string[], runtime: Runtime): Promise<ExitCode> {
	try {
		return await runMode(args, runtime)
	} catch (error) {
		if (!(error instanceof UserError)) throw error
		const { reportError } = await import('./source/commands/report-error.ts')
		return reportError(runtime, error, { json: wantsJson(args) })
	}
}

async function runMode(args: readonly string[], runtime: Runtime): Promise<ExitCode> {
	const invocation = parseArguments(args)
	switch (invocation.command) {
		case 'version':
			return print(runtime, `${packageFacts.version}\n`)
		case 'help': {
			const { helpText } = await import('./source/commands/help.ts')
			const columns = 'columns' in runtime.stdout ? runtime.stdout.columns : undefined
			return print(runtime, helpText(invocation.about, columns ?? 80))
		}
		case 'completion': {
			const { completionScript } = await import('./source/commands/completion.ts')
			return print(runtime, completionScript(invocation.shell))
		}
		case 'check':
			watchSignals()
			return (await import('./source/commands/check.ts')).runCheck(runtime, invocation, { cancellation })
		case 'undo':
			watchSignals()
			return (await import('./source/commands/undo.ts')).runUndo(runtime, invocation, { cancellation })
		case 'remove':
			watchSignals()
			return (await import('./source/commands/remove.ts')).runRemove(runtime, invocation, { cancellation })
		case 'configure':
			watchSignals()
			return invocation.demo ? runDemo(runtime, invocation) : runConfigure(runtime, invocation)
	}
}

/** Writes requested text to stdout; a write error is reported. */
async function print(runtime: Runtime, text: string): Promise<ExitCode> {
	await (await import('./source/terminal/write-result.ts')).writeResult(runtime, text)
	return 0
}

function asksNothing({ yes, dryRun, printEnv }: ConfigureInvocation): boolean {
	return yes || dryRun || printEnv !== undefined
}

async function runConfigure(runtime: Runtime, invocation: ConfigureInvocation): Promise<ExitCode> {
	if (asksNothing(invocation)) {
		return (await import('./source/commands/configure.ts')).runConfigure(runtime, invocation, { cancellation })
	}
	return runWizard(runtime, invocation)
}

/** Runs the same program against a local demo deployment with a temporary Mux home. */
async function runDemo(runtime: Runtime, invocation: ConfigureInvocation): Promise<ExitCode> {
	const { startDemoSession } = await import('./source/demo/start.ts')
	const demo = await startDemoSession(runtime, { loggedIn: asksNothing(invocation) })
	try {
		return await runConfigure(demo.runtime, invocation)
	} finally {
		await demo.close()
	}
}

async function runWizard(runtime: Runtime, invocation: ConfigureInvocation): Promise<ExitCode> {
	const { isPlain } = await import('./source/terminal/capabilities.ts')
	const plain = invocation.plain || isPlain(runtime.env)
	const tokenPiped = invocation.tokenFrom?.kind === 'stdin'
	if (!plain && !runtime.stderr.isTTY) throw new UserError(finding('no-terminal', 'arguments', { stream: 'stderr' }))
	if (!plain && !runtime.stdin.isTTY && !tokenPiped) {
		throw new UserError(finding('no-terminal', 'arguments', { stream: 'stdin' }))
	}
	const { createWizard } = await import('./source/wizard/create-wizard.ts')
	const opening = createWizard(runtime, await wizardOptions(runtime, invocation))
	// The screens load while the settings are being read.
	const loading = plain ? null : import('./source/ui/render.tsx')
	const wizard = await opening
	cancellation.signal.addEventListener('abort', () => wizard.send({ type: 'cancel' }))
	if (!loading) {
		const { runLineMode } = await import('./source/line-mode/line-mode.ts')
		return runLineMode(runtime, wizard, { keys: tokenPiped ? openTerminal() : runtime.stdin })
	}
	// Node's warnings would appear in the middle of a frame.
	process.removeAllListeners('warning')
	const { renderWizard } = await loading
	return renderWizard(runtime, wizard, {
		keys: tokenPiped ? openTerminal() : runtime.stdin,
		onTerminal: restore => {
			restoreTerminal = restore
		},
		program: process,
	})
}

async function wizardOptions(runtime: Runtime, invocation: ConfigureInvocation) {
	const { tokenFrom, settings, caFile, lifetime, release, route, providers, url } = invocation
	const absolute = (path: string | undefined) => path && resolve(runtime.cwd, path)
	const { readToken } = await import('./source/commands/read-token.ts')
	return {
		where: { settings: absolute(settings), release },
		caFile: absolute(caFile),
		given: tokenFrom && (await readToken(runtime, tokenFrom)),
		lifetimeDays: lifetime && lifetime / 86_400,
		route,
		providers,
		url,
	}
}

/** Opens the terminal itself when stdin is something else. */
function openTerminal(): ReadStream {
	try {
		return new ReadStream(openSync('/dev/tty', 'r+'))
	} catch {
		throw new UserError(finding('no-terminal', 'arguments', { stream: 'stdin' }))
	}
}

/** From here on, a signal stops the mode in good order before it ends the process. */
function watchSignals(): void {
	const stopWatching = onEndingSignals(process, (exitCode, signal) => {
		restoreTerminal()
		cancellation.cancel()
		const late = new Promise(resolve => setTimeout(resolve, stoppingTakesMs).unref())
		void Promise.race([done.catch(() => 70), late]).then(code => {
			// After the terminal was closed, a normal exit makes Node abort, so the signal ends the process.
			if (signal !== 'SIGHUP') return endProcess(code === 0 ? 0 : exitCode)
			stopWatching()
			// Another thread of the process may receive the signal first; this one must not finish in the meantime.
			setTimeout(() => process.exit(exitCode), stoppingTakesMs)
			process.kill(process.pid, signal)
		})
	})
}

/** The only place that ends the process. Everything written to stdout is flushed by then. */
function endProcess(code: number): void {
	processHost.stdout.write('', () => process.exit(code))
}

/** Handles a bug: resets the terminal and reports what can be reported, without anything that could be a secret. */
function crash(error: unknown): void {
	restoreTerminal()
	import('./source/commands/report-error.ts')
		.then(({ reportCrash }) => reportCrash(processHost, error, packageFacts.version, { json: wantsJson(args) }))
		.then(endProcess, () => endProcess(70))
}

/** If the shell's working directory was deleted, no relative path is valid. */
function workingDir(): string {
	try {
		return process.cwd()
	} catch {
		return homedir()
	}
}

function isOnPath(command: string): boolean {
	const directories = command.includes('/') ? [''] : (process.env['PATH'] ?? '/usr/bin:/bin').split(':')
	return directories.some(directory => existsSync(resolve(directory, command)))
}

async function runCommand(
	command: string,
	args: readonly string[],
	limits: { timeoutMs: number; signal?: AbortSignal },
): Promise<CommandResult> {
	// Looking up the file is cheap; starting a process that doesn't exist isn't.
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
	return findCallingShell(process.ppid, id => readLinuxProcess(id, path => readFileSync(path, 'utf8')))
}
