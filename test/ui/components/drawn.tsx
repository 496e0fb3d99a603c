// Draws components on a terminal of any size: Ink with a stream that keeps its frames, and keys that come in as chunks
// of bytes, as from a real one.
import { EventEmitter } from 'node:events'
import { stripVTControlCharacters as stripAnsi } from 'node:util'
import { render } from 'ink'
import type { ReactNode } from 'react'
import { type Capabilities, detectCapabilities } from '../../../source/terminal/capabilities.ts'
import { createKeyInput, type TerminalInput } from '../../../source/terminal/input.ts'
import { Terminal } from '../../../source/ui/terminal.tsx'
import { setColorLevel } from '../../../source/ui/theme.ts'

export const plainTerminal: Capabilities = {
	...detectCapabilities({ TERM: 'xterm', LANG: 'C.UTF-8' }, 'linux', { isTTY: true, colorDepth: 1 }),
}

const open = new Set<{ unmount(): void }>()

/** Takes down everything that was drawn: for `afterEach`. */
export function undrawAll(): void {
	for (const app of open) app.unmount()
	open.clear()
}

export type DrawOptions = {
	columns?: number
	rows?: number
	capabilities?: Partial<Capabilities>
	onQuit?: () => void
}

/** Draws a tree inside `Terminal`. */
export function draw(tree: ReactNode, options: DrawOptions = {}) {
	const { columns = 80, rows = 24, onQuit = () => {} } = options
	const capabilities = { ...plainTerminal, ...options.capabilities }
	setColorLevel(capabilities.colorLevel)
	const frames: string[] = []
	const watchers = new Set<() => void>()
	const stdout = Object.assign(new EventEmitter(), {
		isTTY: true,
		columns,
		rows,
		write(text: string) {
			// In debug mode Ink writes whole frames; modes are switched with texts of their own.
			if (!/^(?:\u001b\[\?[\d;]+[hl])*$/.test(text)) frames.push(text)
			for (const watcher of watchers) watcher()
			return true
		},
	})
	const keyboard = Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} })
	const wrapped = (node: ReactNode) => (
		<Terminal capabilities={capabilities} onQuit={onQuit}>
			{node}
		</Terminal>
	)
	const app = render(wrapped(tree), {
		stdin: createKeyInput(keyboard as unknown as TerminalInput),
		stdout: stdout as unknown as NodeJS.WriteStream,
		debug: true,
		isScreenReaderEnabled: capabilities.screenReader,
		exitOnCtrlC: false,
		patchConsole: false,
	})
	open.add(app)
	const screen = () => stripAnsi(frames.at(-1) ?? '')
	return {
		frames,
		/** The last frame without styles. */
		screen,
		/** The last frame as it was written. */
		styled: () => frames.at(-1) ?? '',
		/** Sends chunks as a terminal would; they arrive one after the other, not in one. */
		send(...chunks: (string | Buffer)[]) {
			for (const chunk of chunks) keyboard.emit('data', Buffer.from(chunk as string))
		},
		rerender: (node: ReactNode) => app.rerender(wrapped(node)),
		resize(to: { columns: number; rows: number }) {
			Object.assign(stdout, to)
			stdout.emit('resize')
		},
		/** Waits until the screen holds a text, looking at each frame. */
		waitFor(requested: string | RegExp | ((screen: string) => boolean)): Promise<string> {
			const holds = () => {
				const now = screen()
				if (typeof requested === 'function') return requested(now)
				return typeof requested === 'string' ? now.includes(requested) : requested.test(now)
			}
			return waitUntil(holds, watchers, () => `not seen: ${requested}\n${screen()}`).then(screen)
		},
	}
}

/** Waits for something that a key brings about and no frame shows. */
export function until(holds: () => boolean): Promise<void> {
	const watchers = new Set<() => void>()
	const turn = setInterval(() => {
		for (const watcher of watchers) watcher()
	}, 2)
	return waitUntil(holds, watchers, () => `never came: ${holds}`).finally(() => clearInterval(turn))
}

function waitUntil(holds: () => boolean, watchers: Set<() => void>, complaint: () => string): Promise<void> {
	return new Promise((resolve, reject) => {
		const finish = (error?: Error) => {
			watchers.delete(look)
			clearTimeout(timer)
			error ? reject(error) : resolve()
		}
		const look = () => {
			if (holds()) finish()
		}
		const timer = setTimeout(() => finish(new Error(complaint())), 10_000)
		watchers.add(look)
		look()
	})
}
