// Runs the wizard as a user would, in a real terminal of 80×24, and keeps what the window showed at each step.
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { makeDemoHome } from '../../source/demo/home.ts'
import { type Session, startInTerminal } from '../../test/terminal/pty.ts'
import { startDeployment } from './deployment.ts'
import { normalizeCells, type Replacement } from './normalize.ts'
import type { Cells, Shot } from './svg.ts'

export const window = { cols: 80, rows: 24 }

/** A step with a screenshot of its own. */
export type Still = { readonly name: string; readonly about: string; readonly cells: Cells }

export type Recording = { readonly stills: readonly Still[]; readonly shots: readonly Shot[] }

const program = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url))

/** What differs between two runs: the name of the machine, the time, and how long an answer took. */
export const demoReplacements: readonly Replacement[] = [
	{ pattern: new RegExp(`\\bmux-${hostname().replace(/[^\w-]/g, '\\$&')}\\b`, 'g'), replacement: 'mux-laptop' },
	{ pattern: /\b20\d{6}T\d{6}Z/g, replacement: '20270115T093000Z' },
	{
		pattern: /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}(?:, 20\d\d)?\b/g,
		replacement: 'Dec 27',
	},
	{ pattern: /\bin (?:29|30) days\b/g, replacement: 'in 30 days' },
	{ pattern: /\bin \d\.\d s\b/g, replacement: 'in 0.3 s' },
]

/** Runs the wizard to its end as a new user would; requires a built `dist/cli.cjs`. */
export async function recordDemo(): Promise<Recording> {
	const deployment = await startDeployment()
	const home = await makeDemoHome()
	try {
		const session = await startInTerminal({
			// Under a shell, as users start it: its name is on the screen.
			command: 'bash',
			args: ['--norc', '--noprofile', '-c', '"$0" "$1"; exit $?', process.execPath, program],
			...window,
			home: home.directory,
			env: deployment.env,
		})
		try {
			const recorder = createRecorder(session)
			await runDemo(session, recorder, deployment.token)
			return recorder.done()
		} finally {
			await session.end()
		}
	} finally {
		await deployment.close()
		await home.remove()
	}
}

type Recorder = ReturnType<typeof createRecorder>

function createRecorder(session: Session) {
	const stills: Still[] = []
	const shots: Shot[] = []
	const look = () => normalizeCells(session.cells(), demoReplacements)
	return {
		/** Adds the window to the animation for a number of seconds. */
		shot: (seconds: number) => shots.push({ cells: look(), seconds }),
		/** Keeps the window as a screenshot of its own and adds it to the animation. */
		still: (name: string, about: string, seconds: number) => {
			const cells = look()
			stills.push({ name, about, cells })
			shots.push({ cells, seconds })
		},
		done: (): Recording => ({ stills, shots }),
	}
}

/** Waits until the window shows a complete frame that matches. */
async function waitForFrame(session: Session, condition: RegExp): Promise<void> {
	const isWhole = () => session.raw.lastIndexOf('\u001B[?2026h') <= session.raw.lastIndexOf('\u001B[?2026l')
	await session.waitFor(screen => condition.test(screen) && isWhole())
}

/** The key hints at the end of a screen. */
const lists = '[\\s\\S]*enter select[^\\n]*$'
const fields = '[\\s\\S]*enter continue[^\\n]*$'

async function runDemo(session: Session, recorder: Recorder, token: string) {
	await waitForFrame(session, new RegExp(`❯ Which providers${fields}`))
	recorder.still('providers', 'Which providers should Mux use through Coder, and what Mux uses today', 2.5)

	await session.press('enter')
	await waitForFrame(session, new RegExp(`❯ What's your${fields}`))
	recorder.still('deployment', 'The Coder URL, and the base URLs that result from it', 2.5)

	await session.press('enter')
	await waitForFrame(session, new RegExp(`❯ Paste your Coder token[\\s\\S]* 0 characters${fields}`))
	recorder.shot(1.5)
	await session.paste(token)
	await waitForFrame(session, new RegExp(`✔ 33 characters${fields}`))
	recorder.still('token', 'A pasted token: checked, masked, and whose it is', 1.5)

	// Checks that pass lead to the review on their own; Esc leads back to them.
	await session.press('enter')
	await waitForFrame(session, new RegExp(`❯ Save this to${lists}`))
	await session.press('escape')
	await waitForFrame(session, new RegExp(`❯ All checks passed${lists}`))
	recorder.still('checks', 'What was checked: deployment, token, AI Bridge, and each provider', 3)

	await session.press('enter')
	await waitForFrame(session, new RegExp(`❯ Save this to${lists}`))
	recorder.still('review', 'The change to the settings file, tokens masked, before anything is written', 3)
	await session.press('page-down')
	await waitForFrame(session, new RegExp(`❯ Save this to[\\s\\S]*↑${lists}`))
	recorder.shot(2)

	await session.press('enter')
	await session.exit
	recorder.still('summary', 'What was changed, where the backup is, and how to undo it', 5)
}
