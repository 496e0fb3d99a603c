// How the process ends: by itself, by a signal, or by a bug. The only module that calls `process.exit`.
import { issueTrackerUrl } from '../findings/addresses.ts'

/** Signals that end the program; the exit code of each is 128 + its number. */
export const endingSignals = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const

/** For a crash that couldn't be reported: where it happened, without its message, which may contain a credential. */
function describeUnreportedCrash(error: unknown): string {
	const stack = error instanceof Error ? (error.stack ?? '') : ''
	const places = stack.split('\n').filter(line => /^\s+at /.test(line))
	const name = error instanceof Error ? error.name : typeof error
	return [`Internal error (${name}). Please report it: ${issueTrackerUrl}`, ...places.slice(0, 6)].join('\n')
}

/** How long a command may take to stop after a signal. */
const stopTimeoutMs = 5000

/** The part of `process` that listens to signals. */
export type SignalSource = {
	on(signal: NodeJS.Signals, listener: () => void): unknown
	off(signal: NodeJS.Signals, listener: () => void): unknown
}

/** What a running program can ask of its process. */
export type Lifecycle = {
	/** Aborted by the first signal that asks the program to end. */
	readonly signal: AbortSignal
	/** From here on, a signal stops the command in good order before it ends the process. */
	watchSignals(): void
	/** Sets what resets the terminal; called before the process ends, however it ends. */
	onEnd(restoreTerminal: () => void): void
}

/**
 * Runs the program and ends the process with the exit code of `main`. A rejection or an uncaught exception is a bug:
 * the terminal is reset and `reportCrash` returns the exit code.
 */
export function runToExit(
	{
		stdout,
		stderr,
		isTerminalGone,
		releaseTerminal,
	}: {
		readonly stdout: () => NodeJS.WriteStream
		readonly stderr: () => NodeJS.WriteStream
		readonly isTerminalGone: () => Promise<boolean>
		readonly releaseTerminal: () => void
	},
	main: (lifecycle: Lifecycle) => Promise<number>,
	reportCrash: (error: unknown) => Promise<number>,
): void {
	let restoreTerminal = () => {}
	// Created on first use: `--version` and help need none.
	let controller: AbortController | undefined
	const getController = () => {
		controller ??= new AbortController()
		return controller
	}
	// Everything written to stdout is flushed by then.
	const exit = (code: number) =>
		void stdout().write('', async () => {
			// The end of the input may be noticed before the signal. Node aborts in a normal exit then, which may leave a
			// core dump with the token in it.
			if (process.platform !== 'win32' && (await isTerminalGone())) endByHangup(code)
			else process.exit(code)
		})
	const endByHangup = (code: number) => {
		restoreTerminal()
		process.removeAllListeners('SIGHUP')
		setTimeout(() => process.exit(code), stopTimeoutMs)
		process.kill(process.pid, 'SIGHUP')
	}
	const crash = (error: unknown) => {
		restoreTerminal()
		reportCrash(error).then(exit, () => {
			stderr().write(`${describeUnreportedCrash(error)}\n`)
			exit(70)
		})
	}
	const lifecycle: Lifecycle = {
		get signal() {
			return getController().signal
		},
		onEnd: restore => {
			restoreTerminal = restore
		},
		watchSignals: () => {
			const stopWatching = onEndingSignals(process, (exitCode, signal) => {
				restoreTerminal()
				getController().abort()
				const late = new Promise<number>(resolve => setTimeout(() => resolve(70), stopTimeoutMs).unref())
				void Promise.race([done.catch(() => 70), late]).then(code => {
					// After the terminal was closed, a normal exit makes Node abort, so the signal ends the process.
					if (signal !== 'SIGHUP') return exit(code === 0 ? 0 : exitCode)
					stopWatching()
					// Another thread of the process may receive the signal first; this one must not finish in the meantime.
					setTimeout(() => process.exit(exitCode), stopTimeoutMs)
					process.kill(process.pid, signal)
				})
			})
		},
	}
	process.on('uncaughtException', crash)
	process.on('exit', () => {
		restoreTerminal()
		releaseTerminal()
	})
	const done = main(lifecycle)
	done.then(code => controller?.signal.aborted || exit(code), crash)
}

/**
 * Calls the callback with the exit code at the first signal that asks the program to end. Returns a function that stops
 * listening.
 */
export function onEndingSignals(
	program: SignalSource,
	end: (exitCode: number, signal: NodeJS.Signals) => void,
): () => void {
	const listeners = Object.entries(endingSignals).map(([signal, code]) => {
		const listener = () => end(code, signal as NodeJS.Signals)
		program.on(signal as NodeJS.Signals, listener)
		return () => void program.off(signal as NodeJS.Signals, listener)
	})
	return () => {
		for (const stopListening of listeners) stopListening()
	}
}
