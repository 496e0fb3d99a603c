// Stopping with Ctrl-Z and going on with `fg`. In raw mode Ctrl-Z is a key like any other, and after a stop the shell has
// set the terminal its own way: whoever goes on must set it anew.

/** The part of `process` that is used. */
export type SuspendableProcess = {
	readonly platform: NodeJS.Platform
	kill(pid: number, signal: NodeJS.Signals): unknown
	on(event: NodeJS.Signals, listener: () => void): unknown
	off(event: NodeJS.Signals, listener: () => void): unknown
}

export type JobControl = {
	/**
	 * Stops the program and all that runs with it (npm, a pipe), as Ctrl-Z would; settles when it goes on. The terminal
	 * must be as the shell had it by then. Where nobody could wake it again (no shell with jobs above it) the system does
	 * not stop it, and this settles at once.
	 */
	stop(): Promise<void>
	/** Calls `asked` where somebody else asks the program to stop (`kill -TSTP`). Gives back how to end it. */
	onStopAsked(asked: () => void): () => void
	/**
	 * Calls `wake` when the program goes on after a stop that it did not see coming (`kill -STOP`): the terminal is the
	 * shell's by then. Gives back how to end it.
	 */
	onWake(wake: () => void): () => void
}

/** Milliseconds after which a process that is still running was not stopped at all. */
const stopTakes = 100
/** Milliseconds in which the signal that ended a stop may come late: another thread may be the one that gets it. */
const wakeTakes = 1000

/** Job control for a process; null on Windows, which has none. */
export function createJobControl(program: SuspendableProcess): JobControl | null {
	if (program.platform === 'win32') return null
	let listener: (() => void) | null = null
	let isStopping = false
	// Until when a signal to go on belongs to a stop that is over.
	let lateUntil = 0
	return {
		stop: () =>
			new Promise<void>(resolve => {
				isStopping = true
				let isGoingOn = false
				const goOn = () => {
					if (isGoingOn) return
					isGoingOn = true
					clearTimeout(timer)
					program.off('SIGCONT', goOn)
					if (listener) program.on('SIGTSTP', listener)
					isStopping = false
					resolve()
				}
				// Ends the waiting where the process was never stopped. The clock of timers runs on during a stop, so this one is
				// due at once after it: the signal that woke the process must be heard first, or it would count as one of its own.
				const unheard = () => {
					if (!isGoingOn) lateUntil = performance.now() + wakeTakes
					goOn()
				}
				const timer = setTimeout(() => setImmediate(unheard), stopTakes)
				program.on('SIGCONT', goOn)
				if (listener) program.off('SIGTSTP', listener)
				// To the whole group: a shell that waits for npm must see npm stopped too.
				program.kill(0, 'SIGTSTP')
			}),
		onStopAsked(asked) {
			listener = asked
			program.on('SIGTSTP', asked)
			return () => {
				program.off('SIGTSTP', asked)
				listener = null
			}
		},
		onWake(wake) {
			const heard = () => {
				const isLate = performance.now() < lateUntil
				lateUntil = 0
				if (!isStopping && !isLate) wake()
			}
			program.on('SIGCONT', heard)
			return () => void program.off('SIGCONT', heard)
		},
	}
}

/** Signals that end the program; the exit code of each is 128 + its number. */
export const endingSignals = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const

/** Calls `end` with the exit code at the first signal that asks the program to end. Gives back how to stop listening. */
export function onEndingSignals(
	program: SuspendableProcess,
	end: (exitCode: number, signal: NodeJS.Signals) => void,
): () => void {
	const listeners = Object.entries(endingSignals).map(([signal, code]) => {
		const listener = () => end(code, signal as NodeJS.Signals)
		program.on(signal as NodeJS.Signals, listener)
		return { signal: signal as NodeJS.Signals, listener }
	})
	return () => {
		for (const { signal, listener } of listeners) program.off(signal, listener)
	}
}
