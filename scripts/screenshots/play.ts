// Plays the demo as a user would, in a real terminal of 80×24, and keeps what the window showed at each step.
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Session, startInTerminal } from '../../test/terminal/pty.ts'
import { type Steadying, steadyCells } from './normalize.ts'
import type { Cells, Shot } from './svg.ts'

export const window = { cols: 80, rows: 24 }

/** A step worth a picture of its own. */
export type Still = { readonly name: string; readonly about: string; readonly cells: Cells }

export type Play = { readonly stills: readonly Still[]; readonly shots: readonly Shot[] }

const program = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url))

/**
 * What differs between two runs of the demo: its port, its directory, the machine's name, the time. The directory's stand-in
 * is the home directory that it plays.
 */
export const demoSteadyings: readonly Steadying[] = [
	{ pattern: /\b(127\.0\.0\.1|localhost):\d{4,5}\b/g, replacement: '$1:43117' },
	{ pattern: /(\/[\w.-]+)*\/mux-bridge-wizard-demo-\w{6}/g, replacement: '~' },
	{ pattern: new RegExp(`\\bmux-${hostname().replace(/[^\w-]/g, '\\$&')}\\b`, 'g'), replacement: 'mux-laptop' },
	{ pattern: /\b20\d{6}T\d{6}Z/g, replacement: '20270115T093000Z' },
	{ pattern: /\b20\d\d-\d\d-\d\d\b/g, replacement: '2027-02-14' },
	{ pattern: /\bin (?:29|30) days\b/g, replacement: 'in 30 days' },
]

/** Plays the whole run against the demo deployment; `dist/cli.cjs` must be built. */
export async function playDemo(): Promise<Play> {
	const session = await startInTerminal({
		// Under a shell, as users start it: which one it is stands on the screen.
		command: 'bash',
		args: ['--norc', '--noprofile', '-c', '"$0" "$1" --demo; exit $?', process.execPath, program],
		...window,
		// One directory everywhere: lines that hold a path break at the same place.
		env: { TMPDIR: '/tmp' },
	})
	try {
		const recorder = openRecorder(session)
		await demoRun(session, recorder)
		return recorder.done()
	} finally {
		await session.end()
	}
}

type Recorder = ReturnType<typeof openRecorder>

function openRecorder(session: Session) {
	const stills: Still[] = []
	const shots: Shot[] = []
	const look = () => fromWizard(steadyCells(session.cells(), demoSteadyings))
	return {
		/** Keeps the window for the film, for so many seconds. */
		shot: (seconds: number) => shots.push({ cells: look(), seconds }),
		/** Keeps the window as a picture of its own, and for the film. */
		still: (name: string, about: string, seconds: number) => {
			const cells = look()
			stills.push({ name, about, cells })
			shots.push({ cells, seconds })
		},
		done: (): Play => ({ stills, shots }),
	}
}

/** The window without what the demo says of itself: above the wizard which token to paste, below it where its files are. */
function fromWizard(cells: Cells): Cells {
	const texts = cells.map(row => row.map(cell => cell.char).join(''))
	const start = texts.findIndex(text => /^ {2}Mux through|^[✔❯] /.test(text))
	const end = texts.findIndex((text, row) => row > start && text.startsWith('Demo: '))
	return cells.slice(Math.max(0, start), end < 0 ? undefined : end)
}

/** Waits until the window shows something, as a whole frame. */
async function shows(session: Session, condition: RegExp): Promise<void> {
	const isWhole = () => session.raw.lastIndexOf('\u001B[?2026h') <= session.raw.lastIndexOf('\u001B[?2026l')
	await session.waitFor(screen => condition.test(screen) && isWhole())
}

/** How the last line of a screen ends: its keys. */
const lists = '[\\s\\S]*enter choose[^\\n]*$'
const fields = '[\\s\\S]*enter continue[^\\n]*$'

async function demoRun(session: Session, recorder: Recorder) {
	await shows(session, new RegExp(`❯ Which providers${fields}`))
	const [, token = ''] = /Token +(\S+)/.exec(session.scrollback()) ?? []
	recorder.still('providers', 'Which providers should go through AI Bridge, and what Mux uses today', 2.5)

	await session.press('enter')
	await shows(session, new RegExp(`❯ Where is${fields}`))
	recorder.still('deployment', 'The address of the deployment, and the base URLs that follow from it', 2.5)

	await session.press('enter')
	await shows(session, new RegExp(`❯ Paste a Coder session token[\\s\\S]* 0 characters${fields}`))
	recorder.shot(1.5)
	await session.paste(token)
	await shows(session, new RegExp(`33 characters${fields}`))
	recorder.still('token', 'A pasted token: masked, its length, and where to get one', 1.5)

	// The checks go on to the review by themselves where all is well; Esc leads back to them.
	await session.press('enter')
	await shows(session, new RegExp(`❯ Review the change${lists}`))
	await session.press('escape')
	await shows(session, new RegExp(`❯ Checked${lists}`))
	recorder.still('checks', 'What was checked: deployment, token, AI Bridge, and each provider', 3)

	await session.press('enter')
	await shows(session, new RegExp(`❯ Review the change${lists}`))
	recorder.still('review', 'The change to the settings file, tokens masked, before anything is written', 3)
	await session.press('page-down')
	await shows(session, new RegExp(`❯ Review the change[\\s\\S]*↑${lists}`))
	recorder.shot(2)

	await session.press('enter')
	await session.exit
	recorder.still('receipt', 'What was changed, where the backup is, and how to undo it', 5)
}
