// Standard output and error that aren't terminals: a file, a pipe or /dev/null is written synchronously. Node's own
// streams first load its net and stream modules, which takes as long as everything else that `--version` or
// `--print-env` does.
import { EventEmitter } from 'node:events'
import { fstatSync, statSync, writeSync } from 'node:fs'

/** The output of a file descriptor; `stream` returns Node's own, for terminals and everything unknown. */
export function createSyncWriteStream(
	fd: number,
	platform: NodeJS.Platform,
	stream: () => NodeJS.WriteStream,
): NodeJS.WriteStream {
	return platform !== 'win32' && isFileOrPipe(fd) ? directOutput(fd, stream) : stream()
}

function isFileOrPipe(fd: number): boolean {
	try {
		const state = fstatSync(fd)
		const isNull = state.isCharacterDevice() && state.rdev === statSync('/dev/null').rdev
		return state.isFile() || state.isFIFO() || state.isSocket() || isNull
	} catch {
		return false
	}
}

/** Setting up `process.nextTick` takes half a millisecond. */
const soon = Promise.resolve()

type Written = (error?: Error | null) => void

function directOutput(fd: number, stream: () => NodeJS.WriteStream): NodeJS.WriteStream {
	const output = new EventEmitter()
	let whole: NodeJS.WriteStream | null = null

	function write(chunk: string | Uint8Array, ...rest: unknown[]): boolean {
		const written = rest.find(argument => typeof argument === 'function') as Written | undefined
		let bytes: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
		while (!whole && bytes.length > 0) {
			try {
				bytes = bytes.subarray(writeSync(fd, bytes))
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
					// A non-blocking pipe that is full: Node's stream waits for it.
					whole = stream()
					whole.on('error', problem => tell(problem))
				} else {
					soon.then(() => {
						written?.(error as Error)
						tell(error as Error)
					})
					return false
				}
			}
		}
		if (whole) return whole.write(bytes, written)
		if (written) soon.then(() => written())
		return true
	}

	function tell(error: Error) {
		if (output.listenerCount('error') > 0) output.emit('error', error)
	}

	return Object.assign(output, { fd, write }) as unknown as NodeJS.WriteStream
}
