// The way through the wizard against its demo, as a user goes it.
import { screens } from '../../bench/screens.mjs'
import { type Session, startInTerminal } from '../terminal/pty.ts'

export type Demo = { session: Session }

/** Starts the demo with a Node and a program; resolves at the first question. */
export async function startDemo(node: string, program: string, env: Record<string, string> = {}): Promise<Demo> {
	const session = await startInTerminal({ command: node, args: [program, '--demo'], env })
	await session.waitFor(screens.confirming)
	await session.press('down', 'enter')
	await session.waitFor(screens.providers)
	await session.waitFor(screens.ready)
	return { session }
}

/** Answers until the question of the step is open. */
export async function walkTo({ session }: Demo, step: 'deployment' | 'token' | 'review' | 'summary') {
	await session.press('enter')
	await session.waitFor(screens.deployment)
	if (step === 'deployment') return
	await session.press('enter')
	await session.waitFor(screens.choosing)
	await session.waitFor(screens.choices)
	if (step === 'token') return
	await session.press('enter')
	await session.waitFor(screens.review, { timeoutMs: 30_000 })
	if (step === 'review') return
	await session.press('enter')
	await session.waitFor(screens.summary, { in: session.scrollback })
}

/** What a key or a paste made the program write, once the screen shows what it should. */
export async function bytesFor({ session }: Demo, act: () => Promise<void>, shows: (screen: string) => boolean) {
	const mark = session.mark()
	await act()
	await session.waitFor(screen => session.settled() && session.bytesSince(mark) !== '' && shows(screen))
	return session.bytesSince(mark)
}
