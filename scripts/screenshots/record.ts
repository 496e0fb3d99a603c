// Runs the demo as a user would, in a real terminal of 80×24, and keeps what the window showed at each step.
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Session, startInTerminal } from '../../test/terminal/pty.ts'
import { normalizeCells, type Replacement } from './normalize.ts'
import type { Cells, Shot } from './svg.ts'

export const window = { cols: 80, rows: 24 }

/** A step with a screenshot of its own. */
export type Still = { readonly name: string; readonly about: string; readonly cells: Cells }

export type Recording = { readonly stills: readonly Still[]; readonly shots: readonly Shot[] }

const program = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url))

/**
 * What differs between two runs of the demo: its port, its directory, the name of the machine, the time. The directory is
 * shown as the home directory that it represents, and the demo's address as that of a company.
 */
export const demoReplacements: readonly Replacement[] = [
	{ pattern: /\bhttp:\/\/(?:127\.0\.0\.1|localhost):\d{4,5}\b/g, replacement: 'https://coder.example.com' },
	{ pattern: /\b(?:127\.0\.0\.1|localhost):\d{4,5}\b/g, replacement: 'coder.example.com' },
	{ pattern: /(\/[\w.-]+)*\/mux-bridge-wizard-demo-\w{6}/g, replacement: '~' },
	{ pattern: new RegExp(`\\bmux-${hostname().replace(/[^\w-]/g, '\\$&')}\\b`, 'g'), replacement: 'mux-laptop' },
	{ pattern: /\b20\d{6}T\d{6}Z/g, replacement: '20270115T093000Z' },
	{ pattern: /\b20\d\d-\d\d-\d\d\b/g, replacement: '2027-02-14' },
	{ pattern: /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{1,2}\b/g, replacement: 'Feb 14' },
	{ pattern: /\banswered in \d+\.\d s/g, replacement: 'answered in 0.4 s' },
	{ pattern: /\bin (?:29|30) days\b/g, replacement: 'in 30 days' },
]

/** Runs the wizard to its end against the demo deployment; requires a built `dist/cli.cjs`. */
export async function recordDemo(): Promise<Recording> {
	const session = await startInTerminal({
		// Under a shell, as users start it: its name is on the screen.
		command: 'bash',
		args: ['--norc', '--noprofile', '-c', '"$0" "$1" --demo; exit $?', process.execPath, program],
		...window,
		// One directory on all machines, so that lines with a path wrap at the same place.
		env: { TMPDIR: '/tmp' },
	})
	try {
		const recorder = createRecorder(session)
		await runDemo(session, recorder)
		return recorder.done()
	} finally {
		await session.end()
	}
}

type Recorder = ReturnType<typeof createRecorder>

function createRecorder(session: Session) {
	const stills: Still[] = []
	const shots: Shot[] = []
	const look = () => cropToWizard(normalizeCells(session.cells(), demoReplacements))
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

/** The window without the lines of the demo itself: the token to paste above the wizard, the paths of its files below. */
function cropToWizard(cells: Cells): Cells {
	const texts = cells.map(row => row.map(cell => cell.char).join(''))
	const start = texts.findIndex(text => /^ {2}Connect Mux|^[✔❯] /.test(text))
	const end = texts.findIndex((text, row) => row > start && text.startsWith('Demo: '))
	return cells.slice(Math.max(0, start), end < 0 ? undefined : end)
}

/** Waits until the window shows a complete frame that matches. */
async function waitForFrame(session: Session, condition: RegExp): Promise<void> {
	const isWhole = () => session.raw.lastIndexOf('\u001B[?2026h') <= session.raw.lastIndexOf('\u001B[?2026l')
	await session.waitFor(screen => condition.test(screen) && isWhole())
}

/** The key hints at the end of a screen. */
const lists = '[\\s\\S]*enter select[^\\n]*$'
const fields = '[\\s\\S]*enter continue[^\\n]*$'

async function runDemo(session: Session, recorder: Recorder) {
	await waitForFrame(session, new RegExp(`❯ Which providers${fields}`))
	const [, token = ''] = /Token +(\S+)/.exec(session.scrollback()) ?? []
	recorder.still('providers', 'Which providers should Mux use through Coder, and what Mux uses today', 2.5)

	await session.press('enter')
	await waitForFrame(session, new RegExp(`❯ What's your${fields}`))
	recorder.still('deployment', 'The Coder URL, and the base URLs that result from it', 2.5)

	await session.press('enter')
	await waitForFrame(session, new RegExp(`❯ Paste your Coder token[\\s\\S]* 0 characters${fields}`))
	recorder.shot(1.5)
	await session.paste(token)
	await waitForFrame(session, new RegExp(`33 characters${fields}`))
	recorder.still('token', 'A pasted token: masked, its length, and where to get one', 1.5)

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
