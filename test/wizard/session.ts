// The whole wizard, built and in a real terminal, against a demo deployment that this process runs: what the tests of
// this directory have in common, and the steps that most of them take.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DemoHome, makeDemoHome } from '../../source/demo/home.ts'
import { type Demo, type DemoOptions, startDemo } from '../fake-coder/fake-coder.ts'
import { endSessions, type Session, startInTerminal, type TerminalOptions } from '../terminal/pty.ts'

export const program = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url))

export type PlayOptions = Omit<TerminalOptions, 'command' | 'args' | 'home'> & {
	/** How the deployment is; a running one to play against it again. */
	demo?: DemoOptions | Demo
	/** Text of the settings file, null for none, or a home that is there already. */
	settings?: string | null | DemoHome
	/** The Coder CLI is logged in to the deployment, with the token that this returns or with the deployment's own. */
	login?: boolean | ((demo: Demo) => string)
	/** Arguments; without them the deployment's URL is in `CODER_URL`. */
	args?: (demo: Demo, home: DemoHome) => readonly string[]
	/** Added to the environment, where it depends on the deployment. */
	environment?: (demo: Demo, home: DemoHome) => Record<string, string>
	/** Started by this shell command, in which `$WIZARD` is the program with its arguments. */
	shell?: string
}

const demos: Demo[] = []
const homes: DemoHome[] = []

/** Ends what the plays of one test have left running, and removes their files: for `afterEach`. */
export async function endPlays(): Promise<void> {
	await endSessions()
	await Promise.all(demos.splice(0).map(demo => demo.close()))
	await Promise.all(homes.splice(0).map(home => home.remove()))
}

/** Starts a deployment, makes a home, and starts the wizard in a terminal. */
export async function playWizard(options: PlayOptions = {}) {
	const { demo: provided, settings, login, args, environment, shell, ...terminal } = options
	const demo = provided && 'close' in provided ? provided : await startDemo(provided)
	if (!demos.includes(demo)) demos.push(demo)
	const session = typeof login === 'function' ? login(demo) : demo.token.reveal()
	const home =
		settings && typeof settings !== 'string'
			? settings
			: await makeDemoHome({
					...(settings === undefined ? {} : { settings }),
					...(login ? { login: { url: demo.url, session } } : {}),
				})
	if (!homes.includes(home)) homes.push(home)
	const call = [program, ...(args?.(demo, home) ?? [])]
	const wizard = await startInTerminal({
		...terminal,
		...(shell === undefined
			? { command: process.execPath, args: call }
			: { command: 'bash', args: ['--norc', '-c', shell] }),
		home: home.directory,
		env: {
			// The way to the user's shell goes through this process: what it was started from must not matter.
			...(shell === undefined ? {} : { WIZARD: [process.execPath, ...call].join(' ') }),
			...(args ? {} : { CODER_URL: demo.url }),
			...environment?.(demo, home),
			...options.env,
		},
	})
	return {
		demo,
		home,
		wizard,
		/** The settings file's text now; null where there is none. */
		settings: () => readOrNull(home.settings),
		/** Everything in the settings file's directory: names, and the texts of backups. */
		beside: () => readdirSync(dirname(home.settings)).sort(),
		backups: () =>
			readdirSync(dirname(home.settings))
				.filter(name => name.endsWith('.bak'))
				.map(name => join(dirname(home.settings), name)),
	}
}

export type Play = Awaited<ReturnType<typeof playWizard>>

/** How each question begins: as much of it as fits on one line of the narrowest window. */
export const questions = {
	confirming: 'Set it up like this?',
	connected: 'Nothing, quit',
	providers: 'Which providers should Mux use',
	deployment: "What's your Coder URL?",
	pasting: 'Paste your Coder token',
	choosing: 'How should Mux sign in',
	checked: /All checks passed|checks? failed/,
	review: 'Save this to',
	changing: 'What would you like to change?',
	storing: 'Where should the token be stored?',
} as const

/** The first question, past the screen that confirms what was found. */
export async function toProviders({ wizard }: Pick<Play, 'wizard'>): Promise<void> {
	await wizard.waitFor(new RegExp(`${questions.providers}|${questions.confirming}|${questions.connected}`))
	if (wizard.screen().includes(questions.providers)) return
	await wizard.press('down')
	await wizard.press('enter')
	await wizard.waitFor(questions.providers)
}

/** Answers the first question as it is. */
export async function toDeployment(play: Pick<Play, 'wizard'>): Promise<void> {
	const { wizard } = play
	await toProviders(play)
	await wizard.press('enter')
	await wizard.waitFor(questions.deployment)
}

/** Answers the questions before the token's as they stand. */
export async function toToken(play: Pick<Play, 'wizard'>, question: string = questions.pasting): Promise<void> {
	await toDeployment(play)
	await play.wizard.press('enter')
	await play.wizard.waitFor(question)
}

/** Pastes a token into the open field, and presses Enter if that is still needed. */
export async function giveToken({ wizard }: Pick<Play, 'wizard'>, token: string): Promise<void> {
	await wizard.paste(token)
	if (!/^\w{10}-\w{22}$/.test(token)) await wizard.waitFor(`${token.length} characters`)
	else await wizard.waitFor(/Signed in as|didn’t say|Create one|rejected this token/)
	if (/Signed in as|didn’t say|characters/.test(wizard.screen())) await wizard.press('enter')
}

/** All questions up to the review, with the deployment's own token. */
export async function toReview(play: Pick<Play, 'wizard' | 'demo'>): Promise<void> {
	await toToken(play)
	await giveToken(play, play.demo.token.reveal())
	await play.wizard.waitFor(questions.review)
}

/** Moves the pointer of a list to the choice that begins with a text, and chooses it. */
export async function choose(session: Session, label: string): Promise<void> {
	await pointAt(session, label)
	await session.press('enter')
}

/** Moves the pointer of a list to the first line below it that holds a text. */
export async function pointAt(session: Session, label: string): Promise<void> {
	const pointed = (screen = session.screen()) => screen.split('\n').find(line => /^ {2}[❯>] (\[.\] )?/.test(line)) ?? ''
	await session.waitFor(screen => screen.includes(label) && pointed(screen) !== '')
	for (let moves = 0; moves < 40; moves++) {
		const before = pointed()
		if (before.includes(label)) return
		await session.press('down')
		await session.waitFor(screen => ![before, ''].includes(pointed(screen)))
	}
	throw new Error(`the pointer never came to ${label}\n${session.screen()}`)
}

/** A directory of its own for a test's files, removed with the plays. */
export function temporaryDir(): string {
	const directory = mkdtempSync(join(tmpdir(), 'wizard-files-'))
	homes.push({
		directory,
		settings: '',
		coderConfig: '',
		remove: async () => rmSync(directory, { recursive: true, force: true }),
	})
	return directory
}

/** A file's permissions, as in `0600`. */
export function modeOf(path: string): string {
	return (statSync(path).mode & 0o777).toString(8).padStart(4, '0')
}

function readOrNull(path: string): string | null {
	try {
		return readFileSync(path, 'utf8')
	} catch {
		return null
	}
}

/** Requests with a whole message, which a model answers and somebody pays for. */
export function billed({ requests }: Pick<Demo, 'requests'>): readonly string[] {
	return requests.map(({ body }) => body).filter(body => body.includes('"Hi"'))
}

/** Takes Mux's lock on the settings file as a running Mux would (docs/contracts/mux.md#5-writing-beside-a-running-mux); returns how to let it go. */
export function holdLock({ settings }: DemoHome): () => void {
	const lock = `${settings}.lock`
	mkdirSync(lock)
	writeFileSync(join(lock, `owner-${'0123456789abcdef'.repeat(2)}`), String(process.pid))
	return () => rmSync(lock, { recursive: true })
}
