// The state of a text field: one line editor, fed by keys and pastes. Edits go to a ref and not to React's state, so
// that many keys of one chunk build on each other before React draws them.
import { useReducer, useRef } from 'react'
import type { Keystroke } from '../terminal/keystrokes.ts'
import { applyEdit, createEditorState, type EditorState, editingKeys } from '../terminal/line-editor.ts'
import { scopePriority, useBindings } from './key-bindings.ts'

export type LineEditorOptions = {
	/** A controlled value: whenever it differs from the edited text, it replaces it. */
	readonly value?: string
	/** Returns the text that stays, which may be another one: the next key can come before the next drawing. */
	readonly onChange: (text: string) => string
	readonly onSubmit: (text: string) => void
	readonly isActive: boolean
	/** Cleans a pasted text for the field: joins lines, for example. */
	readonly clean?: (pasted: string) => string
	/** Looks at a paste before it becomes part of the line; returns the text that stays if it was handled, else null. */
	readonly interceptPaste?: (pasted: string, isBurst: boolean) => string | null
	/** Whether a paste is an answer by itself, which replaces the line. */
	readonly replacesOnPaste?: (pasted: string) => boolean
	/** What is typed replaces the line too: for a hidden line that was refused, which nobody can correct. */
	readonly replacesOnTyping?: boolean
}

/** A line edited by keys and pastes while the component is mounted and active. */
export function useLineEditor({
	value,
	onChange,
	onSubmit,
	isActive,
	clean = text => text,
	interceptPaste = () => null,
	replacesOnPaste = () => false,
	replacesOnTyping = false,
}: LineEditorOptions): EditorState {
	const line = useRef<EditorState>(undefined)
	line.current ??= createEditorState(value ?? '')
	if (value !== undefined && value !== line.current.text) line.current = takeOver(line.current, value)
	const [, redraw] = useReducer((count: number) => count + 1, 0)
	// A text that comes in several chunks replaces the line once: its later chunks can come before the next drawing.
	const isDrawn = useRef(true)
	isDrawn.current = true

	const change = (next: EditorState) => {
		const kept = line.current?.text === next.text ? next.text : onChange(next.text)
		line.current = kept === next.text ? next : takeOver(next, kept)
		isDrawn.current = false
		redraw()
	}
	const field = {
		type(keystroke: Keystroke): boolean {
			const now = line.current as EditorState
			if (keystroke.text !== '') {
				const start = replacesOnTyping && isDrawn.current ? createEditorState('') : now
				change(applyEdit(start, { type: 'insert', text: clean(keystroke.text) }))
				return true
			}
			const key = editingKeys[keystroke.key]
			if (key === undefined) return false
			change(applyEdit(now, { type: key } as Parameters<typeof applyEdit>[1]))
			return true
		},
	}
	const onPaste = (text: string, isBurst: boolean) => {
		const now = line.current as EditorState
		const kept = interceptPaste(text, isBurst)
		if (kept !== null) {
			line.current = takeOver(now, kept)
			return
		}
		const start = isDrawn.current && replacesOnPaste(text) ? createEditorState('') : now
		change(applyEdit(start, { type: 'insert', text: clean(text) }))
	}
	const bindings = [
		{ keys: ['enter'], label: 'continue', action: () => onSubmit((line.current as EditorState).text) },
		// An editing key, which the field itself handles: here for the hint.
		{ keys: ['ctrl+u'], label: 'clear', help: 'clear the field', action: () => {} },
	]
	useBindings(bindings, {
		isActive,
		order: scopePriority.control,
		field,
		onPaste,
	})
	return line.current
}

/** The owner has set another text, which wins; the cursor stays as near as possible. */
function takeOver(line: EditorState, text: string): EditorState {
	const next = createEditorState(text)
	if (line.cursor >= line.text.length || line.cursor >= next.text.length) return next
	const before = { text: next.text, cursor: line.cursor, cut: next.cut }
	// Not between the halves of a character.
	return applyEdit(applyEdit(before, { type: 'right' }), { type: 'left' })
}
