// Runs a program in a real pseudo-terminal with a terminal emulator (xterm without a screen) at its other end, so that
// tests and pictures see what a user sees. Nothing here waits for time to pass: every wait is for an event.
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type IPty, spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { modeFaults } from './mode-checks.ts'

export type TerminalOptions = {
	command: string
	args?: readonly string[]
	/** Columns of the window, 80 where not given. */
	cols?: number
	/** Rows of the window, 24 where not given. */
	rows?: number
	/** Added to the clean environment; `undefined` takes a variable out of it. */
	env?: Readonly<Record<string, string | undefined>>
	/** Where the program starts; its home directory where not given. */
	cwd?: string
	/** The program's home directory; an empty one of its own, removed at the end, where not given. */
	home?: string
	/** Where its standard output goes: the terminal (also where not given), kept for `stdout()`, or a file's end. */
	stdoutTo?: 'terminal' | 'capture' | { file: string }
	/** The same for its standard error, kept for `stderr()`. */
	stderrTo?: 'terminal' | 'capture' | { file: string }
	/** Where its standard input comes from: the keyboard (also where not given), a file, or a pipe that holds a text. */
	stdinFrom?: 'terminal' | { file: string } | { text: string }
}

/** A color as the program asked for it: its own default, one of the 256, or red, green and blue in one number. */
export type CellColour = 'default' | { palette: number } | { rgb: number }

export type Cell = {
	/** One visible character with what combines with it; a space where nothing was written. */
	char: string
	/** Columns it takes: 1 or 2. The second column of a wide character has no cell. */
	width: 1 | 2
	fg: CellColour
	bg: CellColour
	bold: boolean
	dim: boolean
	italic: boolean
	underline: boolean
	inverse: boolean
	strikethrough: boolean
	/** Address of the OSC 8 link that it is part of. */
	link: string | null
}

/** What a program left behind: its exit code, or the signal that ended it. */
export type Ended = { code: number | null; signal: NodeJS.Signals | null }

/** A terminal's line settings: `stty -g`, and the two that decide what typing looks like. */
export type LineModes = { exact: string; echo: boolean; canonical: boolean }

export type Condition = string | RegExp | ((screen: string) => boolean)

export type Session = Awaited<ReturnType<typeof startInTerminal>>

const leader = fileURLToPath(new URL('pty-leader.mjs', import.meta.url))
const largestPiece = 1024
const running = new Set<Session>()

/** Ends every program that is still running and removes their directories: for `afterEach`. */
export async function endSessions(): Promise<void> {
	await Promise.all([...running].map(session => session.end()))
}

/** Starts a program in a terminal of its own; resolves as soon as it runs, rejects where it can't be started. */
export async function startInTerminal(options: TerminalOptions) {
	const { command, args = [], cols = 80, rows = 24 } = options
	const directory = realpathSync(mkdtempSync(join(tmpdir(), 'in-terminal-')))
	const home = options.home ?? join(directory, 'home')
	mkdirSync(home, { recursive: true })

	const screenModel = new xterm.Terminal({ cols, rows, scrollback: 10_000, allowProposedApi: true, logLevel: 'off' })
	const internals = (screenModel as unknown as { _core: XtermInternals })._core
	const fileOf = (to: TerminalOptions['stdoutTo'], name: string) =>
		to === undefined || to === 'terminal' ? null : to === 'capture' ? join(directory, name) : to.file
	const { stdinFrom = 'terminal' } = options

	const news = openNews(join(directory, `${randomBytes(4).toString('hex')}.socket`))
	await news.listening
	const leaderOptions = {
		socketPath: news.path,
		command,
		args,
		stdin:
			stdinFrom === 'terminal'
				? { kind: 'terminal' }
				: 'text' in stdinFrom
					? { kind: 'text', text: stdinFrom.text }
					: { kind: 'file', file: stdinFrom.file },
		stdout: fileOf(options.stdoutTo, 'stdout'),
		stderr: fileOf(options.stderrTo, 'stderr'),
	}
	const terminal: IPty = spawn(process.execPath, [leader, JSON.stringify(leaderOptions)], {
		cols,
		rows,
		cwd: options.cwd ?? home,
		env: environmentOf(home, options.env),
	})

	let raw = ''
	let parsed = 0
	let open = true
	const watchers = new Set<() => void>()
	const look = () => {
		for (const watcher of [...watchers]) watcher()
	}
	terminal.onData(data => {
		raw += data
		screenModel.write(data, () => {
			parsed += data.length
			look()
		})
	})
	screenModel.onData(answer => {
		if (open) terminal.write(answer)
	})
	const closed = new Promise<void>(done => {
		terminal.onExit(() => {
			open = false
			screenModel.write('', () => {
				done()
				look()
			})
		})
	})

	const line = (row: number) => screenModel.buffer.active.getLine(row)?.translateToString(true) ?? ''
	const rowsFrom = (first: number, end: number) =>
		Array.from({ length: end - first }, (_, index) => line(first + index).trimEnd())
			.join('\n')
			.trimEnd()
	const screen = () => {
		const top = screenModel.buffer.active.viewportY
		return rowsFrom(top, top + screenModel.rows)
	}
	const scrollback = () => rowsFrom(0, screenModel.buffer.active.length)

	let ended: Ended | null = null
	const exit = Promise.all([news.ended, closed]).then(([end]) => {
		ended = { code: end.code, signal: end.signal }
		look()
		return ended
	})
	exit.catch(() => {})

	/**
	 * Waits until the condition holds, looking again after each piece of output that the terminal has taken in; at no frame
	 * that the program has marked and not ended yet, as little as a user does.
	 */
	function waitFor(condition: Condition, limits: { timeoutMs?: number; in?: () => string } = {}): Promise<string> {
		const text = limits.in ?? screen
		const holds = () => {
			const now = text()
			if (typeof condition === 'string') return now.includes(condition)
			return condition instanceof RegExp ? condition.test(now) : condition(now)
		}
		return new Promise((resolve, reject) => {
			const finish = (error?: Error) => {
				watchers.delete(watcher)
				clearTimeout(timer)
				error ? reject(error) : resolve(text())
			}
			const complaint = (why: string) => {
				const what = typeof condition === 'function' ? 'what was waited for' : String(condition)
				return new Error(`${why}: ${what}\n${framed(screen(), screenModel.cols)}`)
			}
			const watcher = () => {
				if (!limits.in && screenModel.modes.synchronizedOutputMode && !ended) return
				if (holds()) finish()
				else if (ended) finish(complaint(`ended (${ended.signal ?? ended.code}) before it showed`))
			}
			const timer = setTimeout(
				() => finish(complaint(`not seen within ${limits.timeoutMs ?? 15_000} ms`)),
				limits.timeoutMs ?? 15_000,
			)
			watchers.add(watcher)
			watcher()
		})
	}

	/**
	 * Types a text, in pieces of at most `piece` bytes (1 kB), with a turn for the program's output between them. A
	 * sequence stays whole, as a terminal writes it: its beginning alone would be the Esc key.
	 */
	async function send(text: string, limits: { piece?: number } = {}): Promise<void> {
		const bytes = Buffer.from(text)
		const piece = Math.min(limits.piece ?? largestPiece, largestPiece)
		for (let start = 0, end = 0; start < bytes.length && open; start = end) {
			if (start > 0) await new Promise(done => setImmediate(done))
			const [sequence = ''] = /^\u001b(?:\[[0-9;]*[~A-Za-z]?)?/.exec(bytes.toString('latin1', start, start + 16)) ?? []
			end = start + Math.max(piece, sequence.length)
			terminal.write(bytes.subarray(start, end) as unknown as string)
		}
	}

	const session = {
		/** The window's text, row by row, without blanks at the ends. */
		screen,
		/** Everything that was ever on the screen and was not erased, the window included. */
		scrollback,
		/** The window's cells, row by row, as wide as the window. */
		cells: (): Cell[][] => {
			const top = screenModel.buffer.active.viewportY
			return Array.from({ length: screenModel.rows }, (_, row) => cellsOf(screenModel, internals, top + row))
		},
		/** The cells of everything, scrollback included. */
		allCells: (): Cell[][] =>
			Array.from({ length: screenModel.buffer.active.length }, (_, row) => cellsOf(screenModel, internals, row)),
		/** The cursor's place in the window, from 0. */
		cursor: () => ({
			column: screenModel.buffer.active.cursorX,
			row: screenModel.buffer.active.cursorY,
			hidden: internals.coreService.isCursorHidden,
		}),
		waitFor,
		/** Waits until the program has line settings for which the condition holds: raw mode is on, echo is off. */
		async waitForModes(condition: (modes: LineModes) => boolean, limits: { timeoutMs?: number } = {}) {
			const end = Date.now() + (limits.timeoutMs ?? 15_000)
			while (Date.now() < end) {
				const modes = await session.modesNow()
				if (condition(modes)) return modes
			}
			throw new Error(`line settings not seen within ${limits.timeoutMs ?? 15_000} ms\n${framed(screen(), cols)}`)
		},
		send,
		press: async (...keys: string[]) => {
			for (const key of keys) await send(bytesOfKey(key, screenModel.modes.applicationCursorKeysMode))
		},
		/** Pastes as terminals do: line ends become Enter's byte, and marks stand around it where the program asked. */
		paste: (text: string, how: { bracketed?: boolean; piece?: number } = {}) => {
			const body = text.replace(/\r?\n/g, '\r')
			const bracketed = how.bracketed ?? screenModel.modes.bracketedPasteMode
			return send(bracketed ? `\u001B[200~${body}\u001B[201~` : body, how)
		},
		resize: (newCols: number, newRows: number) => {
			screenModel.resize(newCols, newRows)
			terminal.resize(newCols, newRows)
		},
		/** How the program ended, once all its output has been taken in. */
		exit,
		/** Everything that was written to the terminal, escapes included. */
		get raw() {
			return raw
		},
		/** A place in `raw` for `bytesSince`. */
		mark: () => raw.length,
		bytesSince: (mark: number) => raw.slice(mark),
		/** True where everything that was written has been taken in by the terminal. */
		settled: () => parsed === raw.length,
		/** What the program wrote to a captured standard output. */
		stdout: () => readCaptured(join(directory, 'stdout')),
		stderr: () => readCaptured(join(directory, 'stderr')),
		/** The terminal's line settings before the program started and after it ended. */
		sttyModes: async () => {
			const [{ modes: before }, { modes: after }] = await Promise.all([news.started, news.ended])
			return { before: lineModes(before), after: lineModes(after) }
		},
		/** The terminal's line settings at this moment. */
		modesNow: async () => lineModes(await news.askForModes()),
		/** What the program left switched on or off in the terminal, and screens that it cleared; empty is good. */
		modeBalance: () => modeFaults(raw),
		/** Is bracketed paste on, by the terminal's own account? */
		bracketedPaste: () => screenModel.modes.bracketedPasteMode,
		/** Sends the program itself a signal. */
		kill: async (signal: NodeJS.Signals) => {
			const { pid } = await news.started
			process.kill(pid, signal)
		},
		pid: async () => (await news.started).pid,
		/** Closes the window: the terminal goes away under the program. */
		close: () => {
			open = false
			;(terminal as unknown as { destroy(): void }).destroy()
		},
		/** Ends the program if it still runs, and removes what belongs to the session. */
		async end() {
			running.delete(session)
			if (!ended) {
				session.close()
				const start = await news.started.catch(() => null)
				const soon = () => Promise.race([exit.catch(() => {}), new Promise(done => setTimeout(done, 1000).unref())])
				// First politely, as a window that closes; then the program; then what is above it.
				await soon()
				for (const pid of [start?.pid, terminal.pid]) {
					if (ended || pid === undefined) break
					killIfThere(pid)
					await soon()
				}
			}
			news.close()
			screenModel.dispose()
			rmSync(directory, { recursive: true, force: true })
		},
		/** The program's home directory. */
		home,
		/** A directory for this session only. */
		directory,
	}
	running.add(session)
	await news.started.catch(async error => {
		await session.end()
		throw error
	})
	return session
}

/** How npx starts a program: the commands that it prints begin with `npx`. */
export const startedByNpx = { npm_command: 'exec', npm_config_user_agent: 'npm/10.8.2 node/v20.20.0 linux x64' }

/** What a program gets to see: enough to run, and nothing of this machine's own settings. */
function environmentOf(home: string, more: TerminalOptions['env'] = {}): Record<string, string> {
	const clean = {
		...startedByNpx,
		PATH: [dirname(process.execPath), process.env['PATH'] ?? '/usr/bin:/bin'].join(':'),
		HOME: home,
		TERM: 'xterm-256color',
		LANG: 'C.UTF-8',
		SHELL: '/bin/bash',
	}
	const requested = Object.entries({ ...clean, ...more }).filter(
		(entry): entry is [string, string] => entry[1] !== undefined,
	)
	return Object.fromEntries(requested)
}

const namedKeys: Readonly<Record<string, string>> = {
	enter: '\r',
	escape: '\u001B',
	tab: '\t',
	'shift-tab': '\u001B[Z',
	space: ' ',
	backspace: '\u007F',
	delete: '\u001B[3~',
	'page-up': '\u001B[5~',
	'page-down': '\u001B[6~',
	'ctrl-left': '\u001B[1;5D',
	'ctrl-right': '\u001B[1;5C',
	'ctrl-space': '\u0000',
	'ctrl-backslash': '\u001C',
}
const cursorKeys: Readonly<Record<string, string>> = { up: 'A', down: 'B', right: 'C', left: 'D', home: 'H', end: 'F' }

/** The bytes that a terminal sends for a key: "enter", "up", "ctrl-c", "alt-b", or a character itself. */
export function bytesOfKey(key: string, applicationCursorKeys = false): string {
	const cursorKey = cursorKeys[key]
	if (cursorKey !== undefined) return `\u001B${applicationCursorKeys ? 'O' : '['}${cursorKey}`
	const named = namedKeys[key]
	if (named !== undefined) return named
	const control = /^ctrl-([a-z])$/.exec(key)?.[1]
	if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) & 0x1f)
	if (/^alt-.$/u.test(key)) return `\u001B${key.slice(4)}`
	if ([...key].length === 1) return key
	throw new Error(`no such key: ${key}`)
}

function lineModes({ exact, words }: { exact: string; words: string }): LineModes {
	const on = (word: string) => new RegExp(`(?<![-\\w])${word}(?![\\w])`).test(words)
	return { exact, echo: on('echo'), canonical: on('icanon') }
}

function framed(screen: string, cols: number): string {
	const edge = '─'.repeat(cols)
	return `┌${edge}\n${screen.replace(/^/gm, '│')}\n└${edge}`
}

function readCaptured(file: string): string {
	try {
		return readFileSync(file, 'utf8')
	} catch {
		throw new Error('this output went to the terminal: start the program with stdoutTo or stderrTo "capture"')
	}
}

function killIfThere(pid: number) {
	try {
		process.kill(pid, 'SIGKILL')
	} catch {
		// It ended by itself meanwhile.
	}
}

type Modes = { exact: string; words: string }
type News =
	| { event: 'started'; pid: number; modes: Modes }
	| { event: 'failed'; reason: string }
	| ({ event: 'ended'; modes: Modes } & Ended)
	| { event: 'modes'; modes: Modes }

/** The socket over which the terminal's first process tells what happens. */
function openNews(path: string) {
	let tellStarted: (value: { pid: number; modes: Modes }) => void = () => {}
	let tellEnded: (value: Ended & { modes: Modes }) => void = () => {}
	let failStart: (error: Error) => void = () => {}
	let failEnd: (error: Error) => void = () => {}
	const asked: { resolve: (modes: Modes) => void; reject: (error: Error) => void }[] = []
	let socket: Socket | null = null
	const started = new Promise<{ pid: number; modes: Modes }>((resolve, reject) => {
		tellStarted = resolve
		failStart = reject
	})
	const ended = new Promise<Ended & { modes: Modes }>((resolve, reject) => {
		tellEnded = resolve
		failEnd = reject
	})
	const fail = (error: Error) => {
		failStart(error)
		failEnd(error)
	}
	const hear = (message: News) => {
		if (message.event === 'started') tellStarted(message)
		else if (message.event === 'failed') fail(new Error(message.reason))
		else if (message.event === 'ended') tellEnded(message)
		else asked.shift()?.resolve(message.modes)
	}
	const server: Server = createServer(connection => {
		socket = connection
		let text = ''
		connection.setEncoding('utf8')
		connection.on('error', () => {})
		connection.on('data', (data: string) => {
			text += data
			for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
				hear(JSON.parse(text.slice(0, end)))
				text = text.slice(end + 1)
			}
		})
		connection.on('close', () => {
			const gone = new Error('the terminal’s first process has ended')
			fail(gone)
			for (const { reject } of asked.splice(0)) reject(gone)
		})
	})
	for (const promise of [started, ended]) promise.catch(() => {})
	return {
		path,
		listening: new Promise<void>(done => server.listen(path, () => done())),
		started,
		ended,
		askForModes: () =>
			new Promise<Modes>((resolve, reject) => {
				if (!socket || socket.destroyed) return reject(new Error('the program has ended'))
				asked.push({ resolve, reject })
				socket.write('modes\n')
			}),
		close: () => {
			server.close()
			socket?.destroy()
		},
	}
}

/** The parts of xterm that it has no public names for: links and the hidden cursor. */
type XtermInternals = {
	coreService: { isCursorHidden: boolean }
	_oscLinkService: { getLinkData(id: number): { uri: string } | undefined }
}

function cellsOf(model: InstanceType<typeof xterm.Terminal>, internals: XtermInternals, row: number): Cell[] {
	const line = model.buffer.active.getLine(row)
	if (!line) return []
	const cells: Cell[] = []
	for (let column = 0; column < model.cols; column++) {
		const cell = line.getCell(column)
		if (!cell || cell.getWidth() === 0) continue
		const linkId = (cell as unknown as { extended: { urlId: number } }).extended.urlId
		cells.push({
			char: cell.getChars() || ' ',
			width: cell.getWidth() === 2 ? 2 : 1,
			fg: cell.isFgDefault() ? 'default' : cell.isFgRGB() ? { rgb: cell.getFgColor() } : { palette: cell.getFgColor() },
			bg: cell.isBgDefault() ? 'default' : cell.isBgRGB() ? { rgb: cell.getBgColor() } : { palette: cell.getBgColor() },
			bold: cell.isBold() !== 0,
			dim: cell.isDim() !== 0,
			italic: cell.isItalic() !== 0,
			underline: cell.isUnderline() !== 0,
			inverse: cell.isInverse() !== 0,
			strikethrough: cell.isStrikethrough() !== 0,
			link: linkId ? (internals._oscLinkService.getLinkData(linkId)?.uri ?? null) : null,
		})
	}
	return cells
}
