import { finding, UserError } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Asks on the terminal. Throws a UserError, `cancelled`, for anything but yes. */
export async function requireConsent({ stdin, stderr }: Runtime, question: string, signal: AbortSignal): Promise<void> {
	const { createInterface } = await import('node:readline')
	// The screens may have run before, and left it so that it doesn't keep the process alive.
	if ('ref' in stdin) (stdin as NodeJS.ReadStream).ref()
	// Not in raw mode: the system's line editing is enough, and Ctrl-C remains a signal.
	const lines = createInterface({ input: stdin, terminal: false })
	stderr.write(`${question} [y/N] `)
	const answer = await new Promise<string | null>(resolve => {
		lines.once('line', resolve)
		lines.once('close', () => resolve(null))
		signal.addEventListener('abort', () => lines.close(), { once: true })
	})
	lines.close()
	stdin.pause()
	// Ctrl-D leaves the cursor after the question.
	if (answer === null && !signal.aborted) stderr.write('\n')
	if (!/^\s*y(?:es)?\s*$/i.test(answer ?? '')) throw new UserError(finding('cancelled', 'program'))
}
