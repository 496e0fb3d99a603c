// The one parser of the terminal's input: from bytes to keystrokes and pastes. Ink's own parser sees nothing of it: it
// takes a whole chunk as one key, waits forever for the end of a paste, and passes keys that were typed ahead to a
// screen that is about to close. Here each keystroke is passed on after the screen has handled the previous one.
import { EventEmitter } from 'node:events'
import { StringDecoder } from 'node:string_decoder'
import {
	type InputMode,
	isControl,
	isUnmarkedPaste,
	type Keystroke,
	makeTextKeystroke,
	parseControl,
	parseSequence,
} from './keystrokes.ts'

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

/** What the terminal's input consists of. */
export type InputEvent =
	| { readonly type: 'key'; readonly keystroke: Keystroke }
	/** `isBurst`: the terminal didn't mark it, so the next characters can belong to it. */
	| { readonly type: 'paste'; readonly text: string; readonly isBurst?: boolean }

/** A terminal's input. Pass it to Ink's `render` as `stdin`: Ink turns raw mode on and off, and reads nothing. */
export type KeyInput = NodeJS.ReadStream & {
	/** Sets whether a text field is open: then a line break inside typed text is part of a paste, never Enter. */
	setMode(mode: InputMode): void
	/** Sets who receives the events; what arrived before is kept for the listener. Returns a function that ends it. */
	subscribe(listener: InputListener): () => void
}

/** Calls `done` when the screen has changed as the event requires: the next key may be for another screen. */
export type InputListener = (event: InputEvent, done: () => void) => void

/** Milliseconds. */
const timeouts = {
	/** A paste without its end marker ends after this much silence. */
	paste: 1000,
	/**
	 * A single escape character is the Esc key after this time; a longer beginning of a sequence gets a little more.
	 */
	escape: 10,
	sequence: 25,
	/** A terminal's reply that was cut off: the rest of it would be typed. */
	reply: 250,
	/**
	 * Enter that arrives with text in one burst may be a line break of a split paste: more text would follow by then.
	 */
	burst: 40,
} as const

const pasteStart = '\u001b[200~'
const pasteEnd = '\u001b[201~'
const ctrlC = '\u0003'

/** Creates the input. `onEnd` is called once, when the terminal is gone. */
export function createKeyInput(terminal: TerminalInput, onEnd: () => void = () => {}): KeyInput {
	const decoder = new StringDecoder('utf8')
	let pending = ''
	let mode: InputMode = 'list'
	let listener: InputListener | null = null
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
		parse()
	}

	function parse() {
		while (listener && pending !== '' && !resting && !timer) {
			if (pending.startsWith('\u001b')) parseEscape()
			else if (mode === 'field') parseField()
			else parseList()
		}
	}

	function wait(milliseconds: number) {
		timer ??= setTimeout(() => {
			timer = undefined
			expired = true
			parse()
		}, milliseconds)
	}

	function stopWaiting() {
		clearTimeout(timer)
		timer = undefined
		expired = false
	}

	function skip(length: number) {
		pending = pending.slice(length)
		stopWaiting()
	}

	/** Removes `length` units and passes on what they mean. */
	function emit(length: number, event: InputEvent | null, isBurst = false) {
		skip(length)
		if (!isBurst) burstEnds = 0
		if (event === null) return
		resting = !isBurst
		let isDone = isBurst
		listener?.(event, () => {
			if (isDone) return
			isDone = true
			setImmediate(() => {
				resting = false
				parse()
			})
		})
	}

	const emitKey = (length: number, keystroke: Keystroke | null) => emit(length, keystroke && { type: 'key', keystroke })

	function parseEscape() {
		if (pending.startsWith(pasteStart)) return parsePaste()
		const reply = completeReply.exec(pending)?.[0]
		if (reply !== undefined) return skip(reply.length)
		if (startOfReply.test(pending)) return parseCutReply()
		if (altOrReply.test(pending) && !expired) return wait(timeouts.sequence)
		const sequence = completeSequence.exec(pending)?.[0]
		if (sequence === pasteEnd) return skip(sequence.length)
		if (sequence !== undefined) return emitKey(sequence.length, parseSequence(sequence, mode))
		if (loneEscape.test(pending)) return emitKey(1, parseControl('\u001b'))
		if (!expired) return wait(pending.length === 1 ? timeouts.escape : timeouts.sequence)
		if (pending.length === 1 || pending === '\u001b\u001b') return emitKey(1, parseControl('\u001b'))
		// The beginning of a sequence that was never completed: not a key.
		skip(pending.length)
	}

	function parsePaste() {
		const end = pending.indexOf(pasteEnd)
		if (end >= 0) return emitPaste(end + pasteEnd.length, pending.slice(pasteStart.length, end))
		const stop = pending.indexOf(ctrlC)
		if (stop >= 0) return skip(stop)
		if (!expired) return wait(timeouts.paste)
		emitPaste(pending.length, pending.slice(pasteStart.length))
	}

	/** A reply without its end: dropped up to Ctrl-C, or when nothing follows. */
	function parseCutReply() {
		const stop = pending.indexOf(ctrlC)
		if (stop >= 0) return skip(stop)
		if (!expired) return wait(timeouts.reply)
		skip(pending.length)
	}

	const emitPaste = (length: number, text: string, isBurst = false) =>
		emit(length, { type: 'paste', text: text.replaceAll(pasteStart, ''), ...(isBurst ? { isBurst } : {}) }, isBurst)

	/** For a text field: runs of text, line ends that are Enter, control characters. */
	function parseField() {
		const text = fieldText.exec(pending)?.[0]
		if (text !== undefined) {
			const isBurst = Array.from(text).length > 1
			if (isBurst) burstEnds = performance.now() + timeouts.burst
			if (isUnmarkedPaste(text)) return emitPaste(text.length, text, true)
			return emit(text.length, { type: 'key', keystroke: makeTextKeystroke(text, 'field') }, true)
		}
		const ends = /^[\r\n]+/.exec(pending)?.[0]
		if (ends === undefined) return emitKey(1, parseControl(pending[0] ?? ''))
		const enter = () => emitKey(ends.length, parseControl('\r'))
		const inBurst = performance.now() < burstEnds
		const next = pending[ends.length]
		if (next === undefined) return inBurst && !expired ? wait(timeouts.burst) : enter()
		if (!inBurst || isControl(next)) return enter()
		const broken = brokenText.exec(pending)?.[0] ?? ends
		burstEnds = performance.now() + timeouts.burst
		emitPaste(broken.length, broken, true)
	}

	/**
	 * For a list: one character at a time; anything that must be a paste is passed on as one, without the line ends
	 * after it.
	 */
	function parseList() {
		const text = fieldText.exec(pending)?.[0]
		if (text !== undefined && (isUnmarkedPaste(text) || performance.now() < burstEnds)) {
			burstEnds = performance.now() + timeouts.burst
			const ends = /^[\r\n]*/.exec(pending.slice(text.length))?.[0] ?? ''
			return emitPaste(text.length + ends.length, text, true)
		}
		if (pending.startsWith('\r\n')) return emitKey(2, parseControl('\r'))
		const character = String.fromCodePoint(pending.codePointAt(0) ?? 0)
		const keystroke = isControl(character) ? parseControl(character) : makeTextKeystroke(character, 'list')
		emitKey(character.length, keystroke)
	}

	function finish() {
		if (ended) return
		ended = true
		stopWaiting()
		onEnd()
	}

	const stream = {
		isTTY: true,
		setMode(next: InputMode) {
			mode = next
		},
		subscribe(next: InputListener) {
			listener = next
			resting = false
			parse()
			return () => {
				if (listener === next) listener = null
			}
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
		read: () => null,
	}
	for (const event of ['end', 'close', 'error'] as const) terminal.on(event, finish)
	return Object.assign(new EventEmitter(), stream) as unknown as KeyInput
}

/** Text, with line ends only if there is text on both sides. */
const fieldText = /^[^\u0000-\u001f\u007f-\u009f]+(?:[\r\n]+[^\u0000-\u001f\u007f-\u009f]+)*/
/** Text that begins with the line end at which its chunk was split. */
const brokenText = /^[\r\n]+[^\u0000-\u001f\u007f-\u009f]+(?:[\r\n]+[^\u0000-\u001f\u007f-\u009f]+)*/

/** The Esc key with another key after it in the same chunk: Esc again, or a control key. */
const loneEscape = /^\u001b(?:\u001b[^[O]|[\u0000-\u0007\n\u000b\u000c\u000e-\u001a\u001c-\u001f])/

/**
 * A reply of the terminal, which isn't a key: a string (OSC, DCS, SOS, PM, APC) with its end, or a mouse report in its
 * oldest form, three characters after `ESC [ M`.
 */
const completeReply =
	/^\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\|\u009c)|[PX^_][^\u001b\u009c]+(?:\u001b\\|\u009c)|\[M[^\u0003]{3})/u
/** Alt with one of these, or a reply of which the next bytes are on their way. */
const altOrReply = /^\u001b[\]PX^_]$/
/** The beginning of a reply. Alt with a letter has nothing after it, or what no terminal's reply begins with. */
const startOfReply = /^\u001b(?:\][^\u0007]|P[\d+!$>|=?;]|[X^_][ -~]|\[M)/

/**
 * One complete escape sequence at the start: CSI (with the forms of the Linux console and rxvt), SS3, or a character
 * with Alt.
 */
const completeSequence =
	/^\u001b(?:\u001b?\[\[?[0-?]*(?:[ -/]*[@-~]|(?<=[235678])\$)|\u001b?O[0-9;]*[@-~]|[^\u001b[O\u0000-\u001f]|[\b\r\t\u007f])/u
