// Tracks the terminal modes that were turned on, to turn them off again however the program ends.
import { writeSync as writeFd } from 'node:fs'

/** The sequence that resets each mode. */
const back: Readonly<Record<string, string>> = {
	'?25l': '\u001b[?25h',
	'?2004h': '\u001b[?2004l',
	'?2026h': '\u001b[?2026l',
	'?1049h': '\u001b[?1049l',
	'?1000h': '\u001b[?1000l',
	'?1002h': '\u001b[?1002l',
	'?1003h': '\u001b[?1003l',
	'?1004h': '\u001b[?1004l',
	'?1006h': '\u001b[?1006l',
}

export type ModeTracker = {
	/** Observes what is written to the terminal. */
	note(text: string): void
	/** The sequences that reset all modes; empty if there are none. Clears the tracker. */
	undo(): string
}

export function createModeTracker(): ModeTracker {
	const switched = new Set<string>()
	let keyboardLevels = 0
	return {
		note(text) {
			if (!text.includes('\u001b[')) return
			for (const [, prefix = '', number = '', letter = ''] of text.matchAll(/\u001b\[([?<>])(\d*)([hlu])/g)) {
				if (letter === 'u') keyboardLevels += prefix === '>' ? 1 : prefix === '<' ? -1 : 0
				else if (`?${number}${letter}` in back) switched.add(`?${number}${letter}`)
				else switched.delete(`?${number}${letter === 'h' ? 'l' : 'h'}`)
			}
		},
		undo() {
			const keyboard = '\u001b[<u'.repeat(Math.max(0, keyboardLevels))
			const text = keyboard + Array.from(switched, mode => back[mode]).join('')
			switched.clear()
			keyboardLevels = 0
			return text
		},
	}
}

/** Writes to the terminal synchronously: for the last moments of a process. Never throws. */
export function writeSync(descriptor: number, text: string): void {
	let rest = Buffer.from(text)
	// A terminal that is read slowly returns EAGAIN for a while; one that is gone returns EIO or EBADF.
	for (let tries = 0; rest.length > 0 && tries < 1000; tries++) {
		try {
			rest = rest.subarray(writeFd(descriptor, rest))
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
		}
	}
}
