// Reads lines from a terminal or a pipe. Hidden input isn't echoed: the terminal is then in raw mode, so the editing
// keys of the line are handled here.

export type LineSource = {
	readonly isTTY?: boolean
	setRawMode?(on: boolean): unknown
	on(event: 'data', listener: (chunk: Buffer | string) => void): unknown
	on(event: 'end' | 'close' | 'error', listener: () => void): unknown
	setEncoding(encoding: 'utf8'): unknown
	resume(): unknown
	pause(): unknown
}

export type LineInput = {
	/** The next line, without its end; null at the end of the input. */
	read(): Promise<string | null>
	/** Turns echo off or on from this moment: also for text that is typed before a line is read. */
	hide(on: boolean): void
	close(): void
}

/** A longer line is cut off: no valid input is that long. */
const longest = 65_536

/**
 * Creates the input. `onInterrupt` is called for Ctrl-C while input is hidden; otherwise the terminal sends a signal.
 */
export function createLineInput(source: LineSource, onInterrupt: () => void): LineInput {
	let text = ''
	let ended = false
	let hidden = false
	let wake: () => void = () => {}
	source.setEncoding('utf8')
	source.on('data', chunk => {
		if (text.length < longest) text += chunk.toString()
		if (hidden && chunk.includes('\u0003')) onInterrupt()
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
		return hidden ? edited(line) : line
	}

	return {
		async read() {
			source.resume()
			try {
				for (;;) {
					const line = take()
					if (line !== null) return line
					if (hidden && text.endsWith('\u0004')) ended = true
					if (ended) {
						const rest = text
						text = ''
						return rest === '' || rest === '\u0004' ? null : rest
					}
					await new Promise<void>(resolve => {
						wake = resolve
					})
				}
			} finally {
				// Ctrl-C must work although the terminal doesn't turn it into a signal.
				if (!hidden) source.pause()
			}
		},
		hide(on) {
			if (source.isTTY !== true || on === hidden) return
			hidden = on
			source.setRawMode?.(on)
			if (on) source.resume()
		},
		close() {
			this.hide(false)
			source.pause()
		},
	}
}

/** Applies the editing keys as the terminal would, and removes the markers of a bracketed paste. */
function edited(line: string): string {
	let text = ''
	for (const character of line.replace(/\u001b\[20[01]~/g, '')) {
		if (character === '\u007f' || character === '\b') text = text.slice(0, -1)
		else if (character === '\u0015') text = ''
		else text += character
	}
	return text
}
