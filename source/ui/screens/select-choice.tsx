import { Box } from 'ink'
import { useState } from 'react'
import stringWidth from 'string-width'
import { wrap } from '../../terminal/wrap.ts'
import { getChoices, getPrompt } from '../../wizard/prompts.ts'
import type { WizardEvent, WizardState } from '../../wizard/state.ts'
import { measureRows } from '../components/rows.tsx'
import { Select } from '../components/select.tsx'
import { Text } from '../text.tsx'
import { compactBelow, useTerminal, useTheme } from '../theme.ts'

export type SelectChoiceProps = {
	readonly state: WizardState
	readonly send: (event: WizardEvent) => void
	readonly height?: number
	/** Shows the focused choice's note in full below the list, if notes are sentences. */
	readonly notesBelow?: boolean
	/** The choices are alone on the screen, so that a long note has room in a low window too. */
	readonly hasRoom?: boolean
}

/** Cells to the left of a choice's label, and of the note below it. */
const choiceIndent = 6

/** Longer lists need the line of the note themselves in a low window; the review's diff can do with a line less. */
const mostWithNote = ({ phase }: WizardState) => (phase.step === 'review' ? 5 : 4)

/** Lines below the choices for the note of the focused one, if any note is too long for its row. */
function measureNote(state: WizardState, columns: number, hasRoom: boolean): number {
	const choices = getChoices(state)
	const { note: room } = measureRows(choices, columns - choiceIndent)
	const long = choices.flatMap(({ note = '' }) => (stringWidth(note) > room ? [wrapNote(note, columns)] : []))
	const lines = Math.max(0, ...long.map(lines => lines.length))
	// In a low window the beginning of the note, if the list leaves a line for it.
	return hasRoom ? lines : choices.length <= mostWithNote(state) ? Math.min(1, lines) : 0
}

function wrapNote(note: string, columns: number): string[] {
	return wrap(note, columns - choiceIndent - 2)
}

/** Lines that the choices take, with the note below them. */
export function measureChoices(state: WizardState, columns: number, rows: number): number {
	return getChoices(state).length + measureNote(state, columns, rows >= compactBelow)
}

/**
 * The choices of this state as a list; selecting one sends its event. The focused choice's note is shown below them if it
 * is too long for its row.
 */
export function SelectChoice({ state, send, height, notesBelow = false, hasRoom = false }: SelectChoiceProps) {
	const choices = getChoices(state)
	// Another question starts at its first choice; one that gets more choices stays where it is.
	const question = getPrompt(state)
	const [focused, setFocused] = useState({ question, label: '' })
	const labels = choices.map(({ label }) => label)
	const highlighted = Math.max(0, focused.question === question ? labels.indexOf(focused.label) : 0)
	const { tones } = useTheme()
	const { columns, rows } = useTerminal()
	const noteRows = notesBelow ? 0 : measureNote(state, columns, hasRoom || rows >= compactBelow)
	const focusedNote = choices[highlighted]?.note ?? ''
	const isCut = stringWidth(focusedNote) > measureRows(choices, columns - choiceIndent).note
	const choose = (index: number) => {
		const choice = choices[index]
		if (choice) send(choice.event)
	}
	return (
		<Box flexDirection="column">
			<Select
				key={labels.join('|')}
				index={highlighted}
				items={choices.map(({ label, note }, index) => ({ label, note: notesBelow ? undefined : note, value: index }))}
				onChoose={choose}
				onHighlight={index => setFocused({ question, label: labels[index] ?? '' })}
				{...(height === undefined ? {} : { height })}
			/>
			{noteRows > 0 ? (
				<Box height={noteRows} paddingLeft={choiceIndent}>
					<Text {...tones.dim} wrap="truncate-end">
						{isCut ? (noteRows === 1 ? focusedNote : wrapNote(focusedNote, columns).join('\n')) : ''}
					</Text>
				</Box>
			) : null}
			{notesBelow ? (
				<Box marginTop={1} paddingLeft={2} paddingRight={2}>
					<Text {...tones.dim}>{choices[highlighted]?.note ?? ''}</Text>
				</Box>
			) : null}
		</Box>
	)
}
