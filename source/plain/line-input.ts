// Lines from a terminal or a pipe. A secret line is read without echo: the terminal is in raw mode for as long as it
// takes, so the line's editing keys are obeyed here.

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
	/** The next line, without its end; null at the end of the input, `interrupted` for Ctrl-C in a secret line. */
	read(options?: { secret?: boolean }): Promise<string | null | typeof interrupted>
	close(): void
}

export const interrupted = Symbol('interrupted')

/** A line that is longer is cut: no answer is. */
const longest = 65_536

export function openLines(source: LineSource): LineInput {
	let text = ''
	let ended = false
	let wake: () => void = () => {}
	source.setEncoding('utf8')
	source.on('data', chunk => {
		if (text.length < longest) text += chunk.toString()
		wake()
	})
	for (const event of ['end', 'close', 'error'] as const) {
		source.on(event, () => {
			ended = true
			wake()
		})
	}

	/** Takes the first line that is complete, else null. */
	function take(secret: boolean): string | typeof interrupted | null {
		if (secret && text.includes('\u0003')) return interrupted
		const end = /\r\n|\n|\r/.exec(text)
		if (!end) return null
		const line = text.slice(0, end.index)
		text = text.slice(end.index + end[0].length)
		return secret ? edited(line) : line
	}

	return {
		async read({ secret = false } = {}) {
			const raw = secret && source.isTTY === true
			if (raw) source.setRawMode?.(true)
			source.resume()
			try {
				for (;;) {
					const line = take(raw)
					if (line !== null) return line
					if (raw && text.endsWith('\u0004')) ended = true
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
				if (raw) source.setRawMode?.(false)
				source.pause()
			}
		},
		close() {
			source.pause()
		},
	}
}

/** What the terminal would have made of the editing keys, and without the marks of a bracketed paste. */
function edited(line: string): string {
	let text = ''
	for (const character of line.replace(/\u001b\[20[01]~/g, '')) {
		if (character === '\u007f' || character === '\b') text = text.slice(0, -1)
		else if (character === '\u0015') text = ''
		else text += character
	}
	return text
}
