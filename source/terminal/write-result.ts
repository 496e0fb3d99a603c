// Writes results completely to stdout and reports what can't be written: a full disk is a failure, a reader that
// stopped reading (`| head -1`) isn't.
import { finding, UserError } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Error codes of a reader that is gone: a closed pipe, a closed terminal, a stream that ended for either. */
const goneCodes: ReadonlySet<string> = new Set(['EPIPE', 'EIO', 'ENXIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

const causes: Readonly<Record<string, string>> = {
	ENOSPC: 'No space left on the device',
	EDQUOT: 'The disk quota is used up',
	EFBIG: 'The file size limit is reached',
	EBADF: 'stdout is closed',
}

/**
 * Writes a result to stdout and waits until it is flushed. False if nobody reads any more. Throws a UserError
 * `output-not-written` if it can't be written.
 */
export async function writeResult(runtime: Runtime, text: string): Promise<boolean> {
	const error = await new Promise<NodeJS.ErrnoException | null>(resolve => {
		const { stdout } = runtime
		// A failed write is reported twice: to the callback and as an event, which would end the process.
		const onError = (problem: Error) => resolve(problem)
		stdout.once('error', onError)
		try {
			stdout.write(text, problem => {
				// The event follows the callback.
				if (!problem) stdout.off('error', onError)
				resolve(problem ?? null)
			})
		} catch (problem) {
			resolve(problem as NodeJS.ErrnoException)
		}
	})
	if (!error) return true
	const code = error.code ?? 'unknown'
	if (goneCodes.has(code)) return false
	throw new UserError(
		finding('output-not-written', 'output', { cause: causes[code] ?? `The system rejected it (${code})` }),
	)
}
