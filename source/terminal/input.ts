// Splits the terminal's input before it reaches Ink. Ink takes a whole chunk as one key, waits forever for the end of a
// paste, and passes keys that were typed ahead to a screen that is about to close. Here a chunk is split into single
// keys and whole pastes, each passed on after the screen has handled the previous one.
import { EventEmitter } from 'node:events'
import { StringDecoder } from 'node:string_decoder'
import { type InputMode, isStrayPaste } from './keystrokes.ts'

/** The part of a terminal's standard input that is used. */
export type TerminalInput = {
	readonly isTTY?: boolean
	setRawMode(on: boolean): unknown
	on(event: 'data', listener: (chunk: Buffer | string) => void): unknown
	on(event: 'end' | 'close' | 'error', listener: () => void): unknown
	off(event: 'data', listener: (chunk: Buffer | string) => void): unknown
	resume(): unknown
	pause(): unknown
	ref?(): unknown
	unref?(): unknown
}

/** A terminal's input as Ink reads it. Pass it to Ink's `render` as `stdin`. */
export type KeyInput = NodeJS.ReadStream & {
	/** Sets whether a text field is open: then a line break inside typed text is part of a paste, never Enter. */
	aimAt(target: InputMode): void
}

/** Milliseconds. */
export const isWaiting = {
	/** A paste without its end marker ends after this much silence. */
	paste: 1000,
	/**
	 * A single escape character is the Esc key after this time; a longer beginning of a sequence gets a little more.
	 */
	escape: 10,
	sequence: 25,
	/**
	 * Enter that arrives with text in one burst may be a line break of a split paste: more text would follow by then.
	 */
	burst: 40,
} as const

const pasteStart = '\u001b[200~'
const pasteEnd = '\u001b[201~'
const ctrlC = '\u0003'
/** The Esc key in the only form that Ink takes at once: after a bare escape character it waits for more. */
const escapeKey = '\u001b[27u'

/** Creates the input. `onEnd` is called once, when the terminal is gone. */
export function createKeyInput(terminal: TerminalInput, onEnd: () => void = () => {}): KeyInput {
	const input = new EventEmitter()
	const decoder = new StringDecoder('utf8')
	let pending = ''
	let target: InputMode = 'list'
	let reading = false
	// Set while the screen handles the previous key.
	let resting = false
	let timer: NodeJS.Timeout | undefined
	// What `pending` was waiting for isn't coming.
	let expired = false
	// Until when more text belongs to the same paste.
	let burstEnds = 0
	let ended = false

	function receive(chunk: Buffer | string) {
		pending += typeof chunk === 'string' ? chunk : decoder.write(chunk)
		stopWaiting()
		if (!resting) input.emit('readable')
	}

	function wait(milliseconds: number): null {
		timer ??= setTimeout(() => {
			timer = undefined
			expired = true
			input.emit('readable')
		}, milliseconds)
		return null
	}

	function stopWaiting() {
		clearTimeout(timer)
		timer = undefined
		expired = false
	}

	/** Removes `length` units; the next key waits until the screen has drawn the effect of this one. */
	function take(length: number, unit = pending.slice(0, length), rest = true): string {
		pending = pending.slice(length)
		stopWaiting()
		if (rest) {
			burstEnds = 0
			resting = true
			setImmediate(() => {
				resting = false
				if (pending !== '') input.emit('readable')
			})
		}
		return unit
	}

	function read(): string | null {
		while (pending !== '' && !resting) {
			const unit = pending.startsWith('\u001b') ? readSequence() : target === 'field' ? readField() : readList()
			if (unit !== '') return unit
		}
		return null
	}

	function readSequence(): string | null {
		if (pending.startsWith(pasteStart)) return readPaste()
		const sequence = completeSequence.exec(pending)?.[0]
		if (sequence === pasteEnd || sequence?.startsWith('\u001b]')) return take(sequence.length, '', false)
		if (sequence !== undefined) return take(sequence.length)
		if (loneEscape.test(pending)) return take(1, escapeKey)
		if (!expired) return wait(pending.length === 1 ? isWaiting.escape : isWaiting.sequence)
		if (pending.length === 1 || pending === '\u001b\u001b') return take(1, escapeKey)
		// The beginning of a sequence that was never completed: not a key.
		return take(pending.length, '', false)
	}

	function readPaste(): string | null {
		const end = pending.indexOf(pasteEnd)
		if (end >= 0) {
			return take(end + pasteEnd.length, asPaste(pending.slice(pasteStart.length, end)))
		}
		const stop = pending.indexOf(ctrlC)
		if (stop >= 0) return take(stop, '', false)
		if (!expired) return wait(isWaiting.paste)
		return take(pending.length, asPaste(pending.slice(pasteStart.length)))
	}

	/** For a text field: runs of text, line ends that are Enter, control characters. */
	function readField(): string | null {
		const text = fieldText.exec(pending)?.[0]
		if (text !== undefined) {
			if (text.length > 1) burstEnds = performance.now() + isWaiting.burst
			return take(text.length, text, false)
		}
		const ends = /^[\r\n]+/.exec(pending)?.[0]
		if (ends === undefined) return take(1)
		const inBurst = performance.now() < burstEnds
		const next = pending[ends.length]
		if (next === undefined) return inBurst && !expired ? wait(isWaiting.burst) : take(ends.length, '\r')
		if (!inBurst || isControl(next)) return take(ends.length, '\r')
		const broken = brokenText.exec(pending)?.[0] ?? ends
		burstEnds = performance.now() + isWaiting.burst
		return take(broken.length, asPaste(broken), false)
	}

	/**
	 * For a list: one character at a time; anything that must be a paste is passed on as one, without the line ends
	 * after it.
	 */
	function readList(): string | null {
		const text = fieldText.exec(pending)?.[0]
		if (text !== undefined && (isStrayPaste(text) || performance.now() < burstEnds)) {
			burstEnds = performance.now() + isWaiting.burst
			const ends = /^[\r\n]*/.exec(pending.slice(text.length))?.[0] ?? ''
			return take(text.length + ends.length, asPaste(text), false)
		}
		if (pending.startsWith('\r\n')) return take(2, '\r')
		const character = String.fromCodePoint(pending.codePointAt(0) ?? 0)
		return take(character.length, character === '\n' ? '\r' : character)
	}

	function finish() {
		if (ended) return
		ended = true
		stopWaiting()
		onEnd()
	}

	const stream = {
		isTTY: true,
		aimAt(next: InputMode) {
			target = next
		},
		setRawMode(on: boolean) {
			terminal.setRawMode(on)
			if (on && !reading) {
				terminal.on('data', receive)
				terminal.resume()
			} else if (!on && reading) {
				terminal.off('data', receive)
				terminal.pause()
				pending = ''
				stopWaiting()
			}
			reading = on
			return stream
		},
		setEncoding: () => stream,
		resume: () => stream,
		pause: () => stream,
		ref() {
			terminal.ref?.()
			return stream
		},
		unref() {
			terminal.unref?.()
			return stream
		},
		read,
	}
	for (const event of ['end', 'close', 'error'] as const) terminal.on(event, finish)
	return Object.assign(input, stream) as unknown as KeyInput
}

/** Tells the input which kind of screen is open, if the input is ours. */
export function setInputMode(stdin: object, target: InputMode): void {
	if ('aimAt' in stdin && typeof stdin.aimAt === 'function') stdin.aimAt(target)
}

function asPaste(text: string): string {
	return pasteStart + text.replaceAll(pasteStart, '') + pasteEnd
}

const isControl = (character: string) => /[\u0000-\u001f\u007f-\u009f]/.test(character)

/** Text, with line ends only if there is text on both sides. */
const fieldText = /^[^\u0000-\u001f\u007f-\u009f]+(?:[\r\n]+[^\u0000-\u001f\u007f-\u009f]+)*/
/** Text that begins with the line end at which its chunk was split. */
const brokenText = /^[\r\n]+[^\u0000-\u001f\u007f-\u009f]+(?:[\r\n]+[^\u0000-\u001f\u007f-\u009f]+)*/

/** The Esc key with another key after it in the same chunk: Esc again, or a control key. */
const loneEscape = /^\u001b(?:\u001b[^[O]|[\u0000-\u0007\n\u000b\u000c\u000e-\u001a\u001c-\u001f])/

/**
 * One complete escape sequence at the start: CSI (with the forms of the Linux console and rxvt), SS3, a terminal's
 * report (OSC), or a character with Alt.
 */
const completeSequence =
	/^\u001b(?:\u001b?\[\[?[0-?]*(?:[ -/]*[@-~]|(?<=[235678])\$)|\u001b?O[0-9;]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[^\u001b[O\]\u0000-\u001f]|[\b\r\t\u007f])/u
