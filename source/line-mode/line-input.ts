// Reads lines from a terminal or a pipe. A terminal's own echo is off for the whole run: a token that is pasted too
// early, while the wizard waits, must not show. What may be seen is echoed here, and the line is edited here.
import { hasTokenLike, maskTyping } from '../coder/deployment-input.ts'
import { createKeyInput, type InputEvent, type TerminalInput } from '../terminal/input.ts'
import type { JobControl } from '../terminal/job-control.ts'
import type { InputMode } from '../terminal/keystrokes.ts'
import { applyEdit, createEditorState, editingKeys } from '../terminal/line-editor.ts'

export type LineSource = {
	readonly isTTY?: boolean
	setRawMode?(on: boolean): unknown
	on(event: 'data', listener: (chunk: Buffer | string) => void): unknown
	on(event: 'end' | 'close' | 'error', listener: () => void): unknown
	off(event: 'data', listener: (chunk: Buffer | string) => void): unknown
	setEncoding(encoding: 'utf8'): unknown
	resume(): unknown
	pause(): unknown
}

/** What a line is for. */
export type LineKind = {
	/** Nothing of it is echoed. */
	readonly isHidden: boolean
	/** `field` for text that may be pasted; on a `list`, a paste does nothing. */
	readonly mode: InputMode
}

export type LineInput = {
	/** The next line, without its end; null at the end of the input. */
	read(kind: LineKind): Promise<string | null>
	/** Gives the terminal back. */
	close(): void
}

export type LineInputOptions = {
	/** Called for Ctrl-C: the terminal doesn't turn it into a signal. */
	readonly onInterrupt: () => void
	readonly echo: (text: string) => void
	readonly jobs?: JobControl | null
}

/** A longer line is cut off: no valid input is that long. */
const maxLength = 65_536

export function createLineInput(source: LineSource, options: LineInputOptions): LineInput {
	return source.isTTY === true && source.setRawMode ? readTerminal(source, options) : readPipe(source)
}

function readPipe(source: LineSource): LineInput {
	let text = ''
	let ended = false
	let wake: () => void = () => {}
	source.setEncoding('utf8')
	source.on('data', chunk => {
		if (text.length < maxLength) text += chunk.toString()
		wake()
	})
	for (const event of ['end', 'close', 'error'] as const) {
		source.on(event, () => {
			ended = true
			wake()
		})
	}

	/** Takes the first complete line, else null. */
	function take(): string | null {
		const end = /\r\n|\n|\r/.exec(text)
		if (!end) return null
		const line = text.slice(0, end.index)
		text = text.slice(end.index + end[0].length)
		return line
	}

	return {
		async read() {
			source.resume()
			try {
				for (;;) {
					const line = take()
					if (line !== null) return line
					if (ended) {
						const rest = text
						text = ''
						return rest === '' ? null : rest
					}
					await new Promise<void>(resolve => {
						wake = resolve
					})
				}
			} finally {
				source.pause()
			}
		},
		close: () => void source.pause(),
	}
}

function readTerminal(source: LineSource, { onInterrupt, echo, jobs }: LineInputOptions): LineInput {
	const input = createKeyInput(source as TerminalInput, () => finish(null))
	let reading: { readonly kind: LineKind; readonly resolve: (line: string | null) => void } | null = null
	let line = createEditorState('')
	/** What is echoed of the line. */
	let echoed = ''
	let isEnded = false
	/** Lets the parser continue; kept after a line's end until the next line is asked for. */
	let proceed: () => void = () => {}
	let isSubscribed = false

	// Also while nothing is read: the keys before it are still waiting then.
	const watchInterrupt = (chunk: Buffer | string) => {
		if (chunk.includes('\u0003')) onInterrupt()
	}
	input.setRawMode(true)
	source.on('data', watchInterrupt)

	function finish(text: string | null) {
		if (text === null) isEnded = true
		const { resolve } = reading ?? {}
		reading = null
		resolve?.(text)
	}

	/** Shows the line as it is now: what was added at its end is written, what is gone is erased. */
	function showLine({ isHidden, mode }: LineKind) {
		// A list is answered by numbers and short words: anything longer may be a part of a token.
		const isUnexpected = mode === 'list' && /[^\d\s,]{5}/.test(line.text)
		const shown = isHidden || isUnexpected || hasTokenLike(line.text, true) ? '' : maskTyping(line.text)
		let same = 0
		while (same < shown.length && shown[same] === echoed[same]) same++
		echo('\b \b'.repeat(Array.from(echoed.slice(same)).length) + shown.slice(same))
		echoed = shown
	}

	function edit(event: InputEvent, kind: LineKind) {
		if (event.type === 'paste') {
			if (kind.mode === 'list' && !kind.isHidden) return
			line = applyEdit(line, { type: 'insert', text: event.text })
		} else if (event.keystroke.text !== '') {
			line = applyEdit(line, { type: 'insert', text: event.keystroke.text })
		} else {
			const type = editingKeys[event.keystroke.key]
			// The cursor stays at the end of the line: it is never drawn again.
			if (type?.startsWith('delete')) line = applyEdit(line, { type } as Parameters<typeof applyEdit>[1])
		}
		showLine(kind)
	}

	function handle(event: InputEvent, done: () => void) {
		if (!reading) {
			proceed = () => handle(event, done)
			return
		}
		const key = event.type === 'key' ? event.keystroke.key : ''
		if (key === 'ctrl+c') onInterrupt()
		else if (key === 'ctrl+z') void suspend()
		else if (key === 'enter') {
			proceed = done
			return finish(line.text)
		} else if (key === 'ctrl+d' && line.text === '') return finish(null)
		else edit(event, reading.kind)
		done()
	}

	/** Ctrl-Z is a key in raw mode. */
	async function suspend() {
		if (!jobs) return
		input.setRawMode(false)
		await jobs.stop()
		input.setRawMode(true)
	}

	return {
		read(kind) {
			if (isEnded) return Promise.resolve(null)
			line = createEditorState('')
			echoed = ''
			input.setMode(kind.mode)
			return new Promise(resolve => {
				reading = { kind, resolve }
				const next = proceed
				proceed = () => {}
				next()
				// Keys that are pressed before the first question wait until its kind is known.
				if (!isSubscribed) input.subscribe(handle)
				isSubscribed = true
			})
		},
		close() {
			source.off('data', watchInterrupt)
			input.setRawMode(false)
		},
	}
}
