// Plays the demo as a user would, in a real terminal of 80×24, and keeps what the window showed at each step.
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { type Condition, type Session, startInTerminal } from '../../test/terminal/pty.ts'
import { type Steadying, steadyCells } from './steady.ts'
import type { Cells, Shot } from './svg.ts'

export const window = { cols: 80, rows: 24 }

/** A step worth a picture of its own. */
export type Still = { readonly name: string; readonly about: string; readonly cells: Cells }

export type Play = { readonly stills: readonly Still[]; readonly shots: readonly Shot[] }

const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/**
 * What differs between two runs of the demo: its port, its folder, the machine's name, the time. The folder's stand-in
 * is the home folder that it plays.
 */
export const demoSteadyings: readonly Steadying[] = [
	{ pattern: /\b(127\.0\.0\.1|localhost):\d{4,5}\b/g, replacement: '$1:43117' },
	{ pattern: /(\/[\w.-]+)*\/mux-bridge-wizard-demo-\w{6}/g, replacement: '~' },
	{ pattern: new RegExp(`\\bmux-${hostname().replace(/[^\w-]/g, '\\$&')}\\b`, 'g'), replacement: 'mux-laptop' },
	{ pattern: /\b20\d{6}T\d{6}Z/g, replacement: '20270115T093000Z' },
	{ pattern: /\b20\d\d-\d\d-\d\d\b/g, replacement: '2027-02-14' },
]

/** Plays the whole run against the demo deployment; `dist/cli.js` must be built. */
export async function playDemo(): Promise<Play> {
	const session = await startInTerminal({
		command: process.execPath,
		args: [program, '--demo'],
		...window,
		// One folder everywhere: lines that hold a path break at the same place.
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
	const look = () => steadyCells(session.cells(), demoSteadyings)
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

/** Presses a key, waits for what it must bring, and keeps it for the film. */
async function press(session: Session, recorder: Recorder, key: string, brings: Condition, seconds: number) {
	await session.press(key)
	await session.waitFor(brings)
	recorder.shot(seconds)
}

async function demoRun(session: Session, recorder: Recorder) {
	await session.waitFor('Which providers')
	recorder.still('providers', 'Which providers should go through AI Bridge', 2)
	await press(session, recorder, 'enter', 'Where is your Coder deployment', 0.2)
}
