import { type Choice, choicesOf } from '../../flow/questions.ts'
import type { Event, State } from '../../flow/state.ts'
import { ChoiceList } from '../components/choice-list.tsx'

/** What can be chosen in this state, as a list; choosing sends the choice's event. */
export function Choices({ state, send, height }: { state: State; send: (event: Event) => void; height?: number }) {
	const choices = choicesOf(state)
	return (
		<ChoiceList
			// Another question starts at its first choice.
			key={choices.map(choice => choice.label).join('|')}
			items={choices.map((choice: Choice) => ({ label: choice.label, note: choice.note, value: choice.event }))}
			onChoose={event => send(event)}
			{...(height === undefined ? {} : { height })}
		/>
	)
}
