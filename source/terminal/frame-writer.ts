// Writes Ink's frames to the terminal: only what changed. It tracks the terminal's modes, and knows how a narrower
// window has wrapped the frame. Ink must run without `incrementalRendering`: it then writes whole frames, each after
// erasing the last, from which the change is computed here.
import { toAscii } from './ascii.ts'
import { diffFrames, measureRow, truncateRow } from './frame-diff.ts'
import { createModeTracker, writeSync } from './mode-tracker.ts'

export type FrameWriter = {
	/** Pass this to Ink's `render` as `stdout`. */
	readonly stream: NodeJS.WriteStream
	/**
	 * Resets the terminal: cursor shown, bracketed paste off, and every other mode that was turned on. Synchronous, may
	 * be called any number of times; writes nothing if there is nothing to reset.
	 */
	restore(): void
	/** Writes nothing until the returned function is called: for drawing over a screen that is no longer ours. */
	mute(): () => void
}

export type FrameWriterOptions = {
	/** False for terminals that draw ASCII only. */
	readonly unicode?: boolean
}

/** A change of more bytes than this is marked as one frame, for terminals that can wait until it is complete. */
const smallChange = 512
const beginFrame = '\u001b[?2026h'
const endFrame = '\u001b[?2026l'
/** What Ink erases a frame with: each line of it, upwards. */
const erasing = /^(?:\u001b\[2K\u001b\[1A)*\u001b\[2K\u001b\[G/

/** How Ink goes back below the frame from the cursor that it shows, before it writes the next frame. */
const fromCursor = /^\u001b\[\?25l(?:\u001b\[\d+B)?\u001b\[1G/
/** How Ink leaves that cursor behind a frame: so many rows up, in that column. */
const toCursor = /(?:\u001b\[(\d+)A)?\u001b\[(\d+)G\u001b\[\?25h$/
/** How Ink erases a frame from its cursor. */
const erasingFromCursor = /^\u001b\[\?25l(?:\u001b\[\d+A)?\u001b\[1G\u001b\[J$/
/** How Ink leaves the frame at its end. */
const leavingCursor = /^(?:\u001b\[\d+B)?\u001b\[1G$/

/** Where the cursor is shown: so many rows above the line below the frame, in that column from 1. */
type ShownCursor = { readonly up: number; readonly column: number }

/** Text, line breaks, SGR sequences and OSC 8 links. */
const onlyTextAndStyles =
	/^(?:[^\u0000-\u0009\u000b-\u001f\u007f-\u009f]|\n|\u001b\[[\d;:]*m|\u001b\]8;[^\u0007\u001b]*(?:\u0007|\u001b\\))*$/

/** Creates the writer for the terminal's output. */
export function createFrameWriter(
	terminal: NodeJS.WriteStream & { fd?: number },
	options: FrameWriterOptions = {},
): FrameWriter {
	const modes = createModeTracker()
	// The rows on the screen with the cursor below them; null if unknown.
	let drawn: readonly string[] | null = []
	// Ink counts the row of an empty frame, which isn't drawn: quitting would leave a blank line.
	let notDrawn = 0
	let drawnColumns = terminal.columns
	let muted = false
	// Erases what is left of an older frame below the cursor, before the next one is written.
	let leftover = ''
	// For input methods and magnifiers, which follow the cursor; null if it is hidden below the frame.
	let cursor: ShownCursor | null = null

	function translate(text: string): string {
		// Ink marks each frame, however small.
		if (text === beginFrame || text === endFrame) return ''
		if (cursor && erasingFromCursor.test(text)) return clearFromCursor(cursor)
		if (cursor && leavingCursor.test(text)) return moveCursor(cursor, null, '')
		const [suffix, up, column] = toCursor.exec(text) ?? []
		const prefix = cursor ? (fromCursor.exec(text)?.[0] ?? '') : ''
		if (suffix === undefined && prefix === '') return translateFrame(text)
		const next = suffix === undefined ? null : { up: Number(up ?? 0), column: Number(column) }
		const frame = text.slice(prefix.length, suffix === undefined ? undefined : -suffix.length)
		return moveCursor(cursor, next, frame === '' ? '' : translateFrame(frame))
	}

	/** The bytes of a change that begins and ends below the frame, with the cursor in its place before and after. */
	function moveCursor(from: ShownCursor | null, to: ShownCursor | null, change: string): string {
		cursor = to
		const back = from ? (from.up > 0 ? `\u001b[${from.up}E` : '\r') : ''
		if (to === null) return `${back}${change}${from ? '\u001b[?25l' : ''}`
		const place = `${to.up > 0 ? `\u001b[${to.up}A` : ''}\u001b[${to.column}G`
		return `${back}${change}${place}${from ? '' : '\u001b[?25h'}`
	}

	/** Erases the frame from the cursor inside it; a narrower window has wrapped the rows above it. */
	function clearFromCursor(from: ShownCursor): string {
		const rows = drawn ?? []
		const columns = terminal.columns || Number.POSITIVE_INFINITY
		const above = rows.slice(0, Math.max(0, rows.length - from.up))
		const height =
			above.reduce((sum, row) => sum + Math.max(1, Math.ceil(measureRow(row) / columns)), 0) +
			Math.floor((from.column - 1) / columns)
		drawn = []
		notDrawn = 0
		cursor = null
		const top = height > 0 ? `\u001b[${height}F` : '\r'
		return `\u001b[?25l${top}\u001b[K\u001b[1E\u001b[J\u001b[1F`
	}

	function translateFrame(text: string): string {
		const erase = erasing.exec(text)?.[0] ?? ''
		const erased = erase === '' ? 0 : erase.split('\u001b[2K').length - 1
		const frame = text.slice(erase.length)
		if (frame === '' && erase !== '') return clear(erased, erase)
		if (erase === '' && !isFrame(frame)) {
			// Modes and the clipboard: nothing visible.
			if (
				!/^(?:\u001b(?:\[[?<>][\d;]*[a-zA-Z]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|P[^\u001b]*(?:\u001b\u001b[^\u001b]*)*\u001b\\))*$/.test(
					text,
				)
			)
				drawn = null
			return text
		}
		// Right after a resize, Ink draws once more for the old window.
		const columns = terminal.columns || Number.POSITIVE_INFINITY
		const isEmpty = erase !== '' && frame === '\n'
		const rows = isEmpty
			? []
			: isFrame(frame)
				? frame
						.slice(0, -1)
						.split('\n')
						.map(row => truncateRow(row, columns))
				: null
		const before = drawn
		const isExpected = before !== null && erased === before.length + notDrawn + 1
		drawn = rows
		notDrawn = isEmpty ? 1 : 0
		drawnColumns = terminal.columns
		if (rows === null) return whole(text)
		if (before === null || !isExpected) {
			const first = leftover
			leftover = ''
			return whole(first + erase + rows.map(row => `${row}\n`).join(''))
		}
		return whole(diffFrames(before, rows))
	}

	/** Erases the frame, including the rows into which a narrower window has wrapped it. */
	function clear(erased: number, erase: string): string {
		const rows = drawn
		const isExpected = rows !== null && erased === rows.length + notDrawn + 1
		drawn = []
		notDrawn = 0
		if (rows === null || !isExpected) return erase
		const columns = terminal.columns
		const height =
			columns < drawnColumns
				? rows.reduce((sum, row) => sum + Math.max(1, Math.ceil(measureRow(row) / columns)), 0)
				: rows.length
		// Row by row from the second on: erasing everything from the window's first cell makes tmux keep a copy in its
		// history.
		return height === 0 ? '' : `\u001b[${height}F\u001b[K\u001b[1E\u001b[J\u001b[1F`
	}

	function write(chunk: unknown, ...rest: unknown[]): boolean {
		const callback = rest.find(argument => typeof argument === 'function') as (() => void) | undefined
		if (muted) {
			callback?.()
			return true
		}
		if (typeof chunk !== 'string') return terminal.write(chunk as Uint8Array, callback)
		modes.note(chunk)
		const bytes = translate(options.unicode === false ? toAscii(chunk) : chunk)
		if (bytes === '' && !callback) return true
		return terminal.write(bytes, callback)
	}

	return {
		stream: new Proxy(terminal, {
			get(target, name) {
				if (name === 'write') return write
				const value = Reflect.get(target, name, target)
				return typeof value === 'function' ? value.bind(target) : value
			},
		}),
		restore() {
			const text = modes.undo()
			if (text !== '') writeSync(terminal.fd ?? 2, text)
		},
		mute() {
			muted = true
			return () => {
				muted = false
				drawn = null
				cursor = null
				// The shell wrote from the cursor on, perhaps in the middle of the old frame: what is left of that is below.
				leftover = '\u001b[J'
			}
		},
	}
}

/** Whether a text is a complete frame: rows that can be compared, with the cursor left on the line below. */
function isFrame(text: string): boolean {
	return text.endsWith('\n') && onlyTextAndStyles.test(text)
}

function whole(bytes: string): string {
	return bytes.length > smallChange ? beginFrame + bytes + endFrame : bytes
}
