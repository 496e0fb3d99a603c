import { Box } from 'ink'
import { useState } from 'react'
import { getChoices } from '../../wizard/prompts.ts'
import type { WizardEvent, WizardState } from '../../wizard/state.ts'
import { Select } from '../components/select.tsx'
import { Text } from '../text.tsx'
import { useTheme } from '../theme.ts'

export type SelectChoiceProps = {
	readonly state: WizardState
	readonly send: (event: WizardEvent) => void
	readonly height?: number
	/** Shows the focused choice's note in full below the list, if notes are sentences. */
	readonly notesBelow?: boolean
}

/** The choices of this state as a list; selecting one sends its event. */
export function SelectChoice({ state, send, height, notesBelow = false }: SelectChoiceProps) {
	const choices = getChoices(state)
	const [highlighted, setHighlighted] = useState(0)
	const { tones } = useTheme()
	const choose = (index: number) => {
		const choice = choices[index]
		if (choice) send(choice.event)
	}
	return (
		<Box flexDirection="column">
			<Select
				// Another question starts at its first choice.
				key={choices.map(choice => choice.label).join('|')}
				items={choices.map(({ label, note }, index) => ({ label, note: notesBelow ? undefined : note, value: index }))}
				onChoose={choose}
				{...(notesBelow ? { onHighlight: setHighlighted } : {})}
				{...(height === undefined ? {} : { height })}
			/>
			{notesBelow ? (
				<Box marginTop={1} paddingLeft={2} paddingRight={2}>
					<Text {...tones.dim}>{choices[highlighted]?.note ?? ''}</Text>
				</Box>
			) : null}
		</Box>
	)
}
