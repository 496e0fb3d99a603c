// Suspending with Ctrl-Z and resuming with `fg`. In raw mode Ctrl-Z is an ordinary key, and after a suspension the
// shell has changed the terminal's modes: they must be set again on resume.

/** The part of `process` that is used. */
export type SuspendableProcess = {
	readonly platform: NodeJS.Platform
	kill(pid: number, signal: NodeJS.Signals): unknown
	on(event: NodeJS.Signals, listener: () => void): unknown
	off(event: NodeJS.Signals, listener: () => void): unknown
}

export type JobControl = {
	/**
	 * Suspends the program and everything that runs with it (npm, a pipe), as Ctrl-Z would; resolves when it resumes.
	 * The terminal must be back in the shell's modes by then. If nobody could resume it (no shell with job control),
	 * the system doesn't suspend it, and this resolves at once.
	 */
	stop(): Promise<void>
	/**
	 * Calls the callback when somebody else asks the program to suspend (`kill -TSTP`). Returns a function that ends
	 * it.
	 */
	onStopAsked(asked: () => void): () => void
	/**
	 * Calls the callback when the program resumes after an unexpected suspension (`kill -STOP`): the terminal has the
	 * shell's modes by then. Returns a function that ends it.
	 */
	onWake(wake: () => void): () => void
}

/** Milliseconds after which a process that still runs was not suspended. */
const stopTakes = 100
/** Milliseconds within which the signal that ended a suspension may arrive late: another thread may receive it. */
const wakeTakes = 1000

/** Job control for a process; null on Windows, which has none. */
export function createJobControl(program: SuspendableProcess): JobControl | null {
	if (program.platform === 'win32') return null
	let listener: (() => void) | null = null
	let isStopping = false
	// Until when a SIGCONT belongs to a suspension that is over.
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
				// Ends the wait if the process was never suspended. The timer's clock runs on during a suspension, so
				// this one is due right after it: the signal that resumed the process must be handled first, or it
				// would count as another one.
				const onNoStop = () => {
					if (!isGoingOn) lateUntil = performance.now() + wakeTakes
					goOn()
				}
				const timer = setTimeout(() => setImmediate(onNoStop), stopTakes)
				program.on('SIGCONT', goOn)
				if (listener) program.off('SIGTSTP', listener)
				// The whole process group: a shell that waits for npm must see npm suspended too.
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
			const onContinue = () => {
				const isLate = performance.now() < lateUntil
				lateUntil = 0
				if (!isStopping && !isLate) wake()
			}
			program.on('SIGCONT', onContinue)
			return () => void program.off('SIGCONT', onContinue)
		},
	}
}
