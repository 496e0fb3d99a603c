// Entry point: parses the arguments, loads the mode that they select and nothing else, and ends with its exit code.
import packageJson from './package.json' with { type: 'json' }
import {
	adaptToAgent,
	type ConfigureInvocation,
	type DebugInvocation,
	findResultCommand,
	type Invocation,
	isNonInteractive,
	isResultForAgent,
	wantsJson,
} from './source/commands/invocation.ts'
import { parseArguments } from './source/commands/parse-arguments.ts'
import type { ExitCode } from './source/findings/exit-codes.ts'
import { finding, UserError } from './source/findings/finding.ts'
import { setProgramCommand } from './source/program-command.ts'
import { detectReadingAgent } from './source/runtime/agents.ts'
import { findCompanyFile } from './source/runtime/company-file.ts'
import type { DebugLog } from './source/runtime/debug-log.ts'
import { createNodeRuntime, openTerminal } from './source/runtime/node-runtime.ts'
import { type Runtime, resolvePath } from './source/runtime/runtime.ts'
import { type Lifecycle, runToExit } from './source/runtime/signals.ts'
import { findShellAbove } from './source/shell/detect.ts'

const processRuntime = createNodeRuntime(findShellAbove)
const { args, program } = processRuntime
setProgramCommand(processRuntime.programCommand)
const agent = detectReadingAgent({
	env: processRuntime.env,
	isStdinTerminal: () => processRuntime.stdin.isTTY === true,
	isStdoutTerminal: () => processRuntime.stdout.isTTY === true,
})
let debugLog: DebugLog | undefined
const json = wantsJson(args) || (agent !== null && isResultForAgent(args))

runToExit(
	{
		stdout: () => processRuntime.stdout,
		stderr: () => processRuntime.stderr,
		isTerminalGone: processRuntime.isTerminalGone,
		releaseTerminal: processRuntime.releaseTerminal,
	},
	async lifecycle => {
		const code = await runCommand(processRuntime, lifecycle).catch(async error => {
			if (!(error instanceof UserError)) throw error
			const { reportError } = await import('./source/commands/report-error.ts')
			return reportError(processRuntime, error, { json, command: findResultCommand(args) })
		})
		endDebugging(code)
		return code
	},
	async error => {
		endDebugging(70)
		const { reportCrash } = await import('./source/commands/report-error.ts')
		return reportCrash(processRuntime, error, packageJson.version, { json, command: findResultCommand(args) })
	},
)

async function runCommand(runtime: Runtime, lifecycle: Lifecycle): Promise<ExitCode> {
	const addDefaults = await loadDefaults(runtime)
	const parsed = parseArguments(args)
	const invocation = addDefaults(agent !== null && isResultForAgent(args) ? adaptToAgent(parsed) : parsed)
	const isWizard = invocation.command === 'configure' && !isNonInteractive(invocation)
	if ('debug' in invocation && invocation.debug) await startDebugging(runtime, invocation.debug, isWizard)
	switch (invocation.command) {
		case 'version':
			return printText(runtime, `${packageJson.version}\n`)
		case 'help': {
			const { helpText } = await import('./source/commands/help.ts')
			const { createStyler } = await import('./source/terminal/styler.ts')
			const { style, width } = createStyler(runtime, 'stdout')
			return printText(
				runtime,
				helpText(invocation.about, width, heading => style('bold', heading)),
			)
		}
		case 'completion': {
			const { completionScript } = await import('./source/commands/completion.ts')
			return printText(runtime, completionScript(invocation.shell))
		}
	}
	lifecycle.watchSignals()
	const { signal } = lifecycle
	switch (invocation.command) {
		case 'check':
			return (await import('./source/commands/check.ts')).runCheck(runtime, invocation, { signal })
		case 'undo':
			return (await import('./source/commands/undo.ts')).runUndo(runtime, invocation, { signal })
		case 'remove':
			return (await import('./source/commands/remove.ts')).runRemove(runtime, invocation, { signal })
		case 'configure':
			return invocation.demo ? runDemo(runtime, invocation, lifecycle) : configure(runtime, invocation, lifecycle)
	}
}

/** Reads the company's file of defaults, if there is one; returns what adds them to the arguments. */
async function loadDefaults(runtime: Runtime): Promise<(invocation: Invocation) => Invocation> {
	const file = findCompanyFile(runtime)
	if (!file) return invocation => invocation
	return (await import('./source/commands/company-defaults.ts')).installCompanyDefaults(runtime, file)
}

/** Logs from here on: what the program does, the requests, and the programs that it starts. */
async function startDebugging(runtime: Runtime, { file, anonymize }: DebugInvocation, isWizard: boolean) {
	const { startDebugLog } = await import('./source/runtime/debug-log.ts')
	const path = file && resolvePath(runtime, file)
	const log = startDebugLog(runtime, { version: packageJson.version, file: path, anonymize, held: isWizard })
	debugLog = log
	log.write('arguments', {
		options: args.flatMap(text => /^(?:--[a-z-]+|-[a-z])/.exec(text)?.[0] ?? []).join(' '),
		agent,
	})
	const { run } = runtime
	Object.assign(runtime, {
		debug: log.write,
		run: async (...call: Parameters<Runtime['run']>) => {
			const result = await run(...call)
			log.write('run', { command: call[0], code: result.code })
			return result
		},
	} satisfies Partial<Runtime>)
}

function endDebugging(code: number): void {
	debugLog?.write('end', { code })
	debugLog?.flush()
}

async function printText(runtime: Runtime, text: string): Promise<ExitCode> {
	await (await import('./source/terminal/write-result.ts')).writeResult(runtime, text)
	return 0
}

async function configure(runtime: Runtime, invocation: ConfigureInvocation, lifecycle: Lifecycle): Promise<ExitCode> {
	if (!isNonInteractive(invocation)) return runWizard(runtime, invocation, lifecycle)
	const { runConfigure } = await import('./source/commands/configure.ts')
	return runConfigure(runtime, invocation, { signal: lifecycle.signal })
}

/** Runs the same program against a local demo deployment with a temporary Mux home. */
async function runDemo(runtime: Runtime, invocation: ConfigureInvocation, lifecycle: Lifecycle): Promise<ExitCode> {
	const { startDemoSession } = await import('./source/demo/start.ts')
	const demo = await startDemoSession(runtime, { loggedIn: isNonInteractive(invocation) })
	// For a process that ends before it comes to the end of this function.
	program.once('exit', demo.removeHome)
	try {
		if (lifecycle.signal.aborted) return 130
		return await configure(demo.runtime, invocation, lifecycle)
	} finally {
		await demo.close()
	}
}

async function runWizard(runtime: Runtime, invocation: ConfigureInvocation, lifecycle: Lifecycle): Promise<ExitCode> {
	const { isPlain } = await import('./source/terminal/capabilities.ts')
	const lineMode = invocation.plain || isPlain(runtime.env)
	const tokenPiped = invocation.tokenFrom?.kind === 'stdin'
	if (!lineMode) {
		const stream = !runtime.stderr.isTTY ? 'stderr' : !runtime.stdin.isTTY && !tokenPiped ? 'stdin' : null
		if (stream) throw new UserError(finding('no-terminal', 'arguments', { stream }))
	}
	const { createWizard } = await import('./source/wizard/create-wizard.ts')
	const creating = createWizard(runtime, await wizardOptions(runtime, invocation))
	// The screens load while the settings are being read.
	const loading = lineMode ? null : import('./source/ui/render.tsx')
	const wizard = await creating
	const cancel = () => wizard.send({ type: 'cancel' })
	if (lifecycle.signal.aborted) cancel()
	lifecycle.signal.addEventListener('abort', cancel)
	const keys = tokenPiped ? await openTerminal() : runtime.stdin
	const onDisconnect = async () => {
		const { runRemove } = await import('./source/commands/remove.ts')
		const { settings, release, plain } = invocation
		const where = { ...(settings === undefined ? {} : { settings }), ...(release === undefined ? {} : { release }) }
		const removal = { ...where, plain, json: false, providers: [], yes: false, dryRun: false }
		return runRemove(runtime, { command: 'remove', ...removal }, { signal: lifecycle.signal })
	}
	if (!loading) {
		debugLog?.flush()
		const { runLineMode } = await import('./source/line-mode/line-mode.ts')
		return runLineMode(runtime, wizard, { keys, program, onDisconnect })
	}
	// Node's warnings would appear in the middle of a frame.
	program.removeAllListeners('warning')
	const { renderWizard } = await loading
	const openUrl = async (url: string) => {
		const { openBrowser } = await import('./source/runtime/open-browser.ts')
		return openBrowser(url, runtime)
	}
	return renderWizard(runtime, wizard, {
		keys,
		onTerminal: lifecycle.onEnd,
		program,
		openUrl: invocation.browser ? openUrl : null,
		onDisconnect,
	})
}

async function wizardOptions(runtime: Runtime, invocation: ConfigureInvocation) {
	const { tokenFrom, settings, lifetime, release, route, proof, providers, url, gateway, models, storeToken, company } =
		invocation
	const caFile = invocation.caFile && resolvePath(runtime, invocation.caFile)
	return {
		where: { settings: settings && resolvePath(runtime, settings), release, models, caFile },
		caFile,
		provided: tokenFrom && (await (await import('./source/commands/read-token.ts')).readToken(runtime, tokenFrom)),
		lifetimeDays: lifetime && lifetime / 86_400,
		route,
		proof,
		providers,
		url,
		gateway: gateway === undefined ? undefined : await readGateway(gateway),
		storeToken,
		company,
	}
}

async function readGateway(text: string): Promise<string> {
	return (await import('./source/coder/deployment-url.ts')).parseGateway(text)
}
