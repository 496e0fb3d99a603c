// The state of a text field: one line editor, fed by keys and pastes. Edits go to a ref and not to React's state, so
// that many keys of one chunk build on each other before React draws them.
import { useReducer, useRef } from 'react'
import type { Keystroke } from '../terminal/keystrokes.ts'
import { applyEdit, createEditorState, type EditorState, editingKeys } from '../terminal/line-editor.ts'
import { scopePriority, useBindings } from './key-bindings.ts'

export type LineEditorOptions = {
	/** A controlled value: whenever it differs from the edited text, it replaces it. */
	readonly value: string | undefined
	readonly onChange: ((text: string) => void) | undefined
	readonly onSubmit: (text: string) => void
	readonly isActive: boolean
	/** Cleans a pasted text for the field: joins lines, for example. */
	readonly clean?: (pasted: string) => string
	/** Looks at a paste before it becomes part of the line; true if it was handled and the line stays as it is. */
	readonly interceptPaste?: (pasted: string) => boolean
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
	interceptPaste = () => false,
	replacesOnPaste = () => false,
	replacesOnTyping = false,
}: LineEditorOptions): EditorState {
	const line = useRef<EditorState>(undefined)
	line.current ??= createEditorState(value ?? '')
	if (value !== undefined && value !== line.current.text) line.current = takeOver(line.current, value)
	const [, redraw] = useReducer((count: number) => count + 1, 0)

	const change = (next: EditorState) => {
		const before = line.current
		line.current = next
		if (before?.text !== next.text) onChange?.(next.text)
		redraw()
	}
	const field = {
		type(keystroke: Keystroke): boolean {
			const now = line.current as EditorState
			if (keystroke.text !== '') {
				const start = replacesOnTyping ? createEditorState('') : now
				change(applyEdit(start, { type: 'insert', text: clean(keystroke.text) }))
				return true
			}
			const key = editingKeys[keystroke.key]
			if (key === undefined) return false
			change(applyEdit(now, { type: key } as Parameters<typeof applyEdit>[1]))
			return true
		},
	}
	const onPaste = (text: string) => {
		if (interceptPaste(text)) return
		const now = line.current as EditorState
		const start = replacesOnPaste(text) ? createEditorState('') : now
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
