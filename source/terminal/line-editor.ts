// The line editor of every text field: a pure function from a line and an edit to the next line. The keys are those of
// readline.

/** A line of text and where the next character is inserted. */
export type EditorState = {
	readonly text: string
	/** UTF-16 offset into `text`; always between two graphemes (user-perceived characters). */
	readonly cursor: number
	/** True after an insertion that didn't fit: the text was cut at the limit. */
	readonly cut: boolean
}

export type EditAction =
	| { readonly type: 'insert'; readonly text: string }
	| {
			readonly type:
				| 'left'
				| 'right'
				| 'word-left'
				| 'word-right'
				| 'start'
				| 'end'
				| 'delete-left'
				| 'delete-right'
				| 'delete-word-left'
				| 'delete-word-right'
				| 'delete-blank-word-left'
				| 'delete-to-start'
				| 'delete-to-end'
	  }

/** The maximum number of UTF-16 units in a field: far above any URL or token, far below what slows a terminal down. */
export const maxLineLength = 65_536

/** The edit of each editing key. Keys are named as in keystrokes.ts. */
export const editingKeys: Readonly<Record<string, EditAction['type']>> = {
	left: 'left',
	right: 'right',
	home: 'start',
	end: 'end',
	backspace: 'delete-left',
	delete: 'delete-right',
	'ctrl+a': 'start',
	'ctrl+b': 'left',
	'ctrl+d': 'delete-right',
	'ctrl+e': 'end',
	'ctrl+f': 'right',
	'ctrl+h': 'delete-left',
	'ctrl+k': 'delete-to-end',
	'ctrl+u': 'delete-to-start',
	'ctrl+w': 'delete-blank-word-left',
	'alt+b': 'word-left',
	'alt+d': 'delete-word-right',
	'alt+f': 'word-right',
	'alt+backspace': 'delete-word-left',
	'alt+left': 'word-left',
	'alt+right': 'word-right',
	'ctrl+left': 'word-left',
	'ctrl+right': 'word-right',
}

/** A line with the cursor at its end. */
export function createEditorState(text: string): EditorState {
	const kept = cutTo(text, maxLineLength)
	return { text: kept, cursor: kept.length, cut: kept.length < text.length }
}

/** The line after an edit. Never throws; an edit without effect returns the same text and cursor. */
export function applyEdit(line: EditorState, change: EditAction): EditorState {
	const { text, cursor } = line
	switch (change.type) {
		case 'insert':
			return insert(line, change.text)
		case 'left':
			return at(line, getTextBeforeCursor(text, cursor))
		case 'right':
			return at(line, getTextAfterCursor(text, cursor))
		case 'word-left':
			return at(line, wordLeft(text, cursor, isWordPart))
		case 'word-right':
			return at(line, wordRight(text, cursor))
		case 'start':
			return at(line, 0)
		case 'end':
			return at(line, text.length)
		case 'delete-left':
			return without(line, getTextBeforeCursor(text, cursor), cursor)
		case 'delete-right':
			return without(line, cursor, getTextAfterCursor(text, cursor))
		case 'delete-word-left':
			return without(line, wordLeft(text, cursor, isWordPart), cursor)
		case 'delete-blank-word-left':
			return without(line, wordLeft(text, cursor, isNotBlank), cursor)
		case 'delete-word-right':
			return without(line, cursor, wordRight(text, cursor))
		case 'delete-to-start':
			return without(line, 0, cursor)
		case 'delete-to-end':
			return without(line, cursor, text.length)
	}
}

/**
 * Text as a field accepts it: line ends as `\n`, tabs as spaces, and no other control characters (C0, DEL, C1), lone
 * surrogates or remnants of paste markers.
 */
export function toPlainText(text: string): string {
	return text
		.replace(/\u001b?\[20[01]~/g, '')
		.replace(/\r\n?/g, '\n')
		.replace(/\t/g, ' ')
		.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, '')
		.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
}

/** The number of user-perceived characters. */
export function countCharacters(text: string): number {
	if (isPlain(text)) return text.length
	let count = 0
	for (const _ of segmenter().segment(text)) count++
	return count
}

/** The offset of the grapheme before `offset`, or 0. */
export function getTextBeforeCursor(text: string, offset: number): number {
	if (offset <= 1) return 0
	if (isPlain(around(text, offset))) return offset - 1
	return (
		segmenter()
			.segment(text)
			.containing(offset - 1)?.index ?? 0
	)
}

/** The offset after the grapheme at `offset`, or the text's length. */
export function getTextAfterCursor(text: string, offset: number): number {
	if (offset >= text.length) return text.length
	if (isPlain(around(text, offset + 1))) return offset + 1
	const found = segmenter().segment(text).containing(offset)
	return found ? found.index + found.segment.length : text.length
}

function insert(line: EditorState, added: string): EditorState {
	const plain = toPlainText(added)
	const kept = cutTo(plain, maxLineLength - line.text.length)
	const text = line.text.slice(0, line.cursor) + kept + line.text.slice(line.cursor)
	return { text, cursor: snapped(text, line.cursor + kept.length), cut: kept.length < plain.length }
}

function at(line: EditorState, cursor: number): EditorState {
	return { text: line.text, cursor, cut: false }
}

function without(line: EditorState, from: number, to: number): EditorState {
	const text = line.text.slice(0, from) + line.text.slice(to)
	return { text, cursor: snapped(text, from), cut: false }
}

/** The first `units` of the text, never half a grapheme. */
function cutTo(text: string, units: number): string {
	if (text.length <= units) return text
	if (units <= 0) return ''
	return text.slice(0, segmenter().segment(text).containing(units)?.index ?? units)
}

/** Two graphemes can become one when their neighbors are removed: the cursor then goes behind it. */
function snapped(text: string, offset: number): number {
	if (offset <= 0 || offset >= text.length || isPlain(around(text, offset))) return offset
	const found = segmenter().segment(text).containing(offset)
	return !found || found.index === offset ? offset : found.index + found.segment.length
}

function wordLeft(text: string, cursor: number, isPart: (character: string) => boolean): number {
	let offset = cursor
	let inWord = false
	while (offset > 0) {
		const next = getTextBeforeCursor(text, offset)
		const part = isPart(text.slice(next, offset))
		if (inWord && !part) break
		inWord ||= part
		offset = next
	}
	return offset
}

function wordRight(text: string, cursor: number): number {
	let offset = cursor
	let inWord = false
	while (offset < text.length) {
		const next = getTextAfterCursor(text, offset)
		const part = isWordPart(text.slice(offset, next))
		if (inWord && !part) break
		inWord ||= part
		offset = next
	}
	return offset
}

const isWordPart = (character: string) => /[\p{L}\p{N}\p{M}]/u.test(character)
const isNotBlank = (character: string) => /\S/.test(character)

/** Whether each UTF-16 unit is a grapheme of its own: printable ASCII and line feeds. */
const isPlain = (text: string) => /^[\n -~]*$/.test(text)
const around = (text: string, offset: number) => text.slice(Math.max(0, offset - 2), offset + 2)

// Created on first use: most lines are ASCII, and creating one takes longer than drawing a screen.
let builtSegmenter: Intl.Segmenter | undefined
const segmenter = () => (builtSegmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' }))
