import type { WizardEvent, WizardState } from '../../wizard/state.ts'

/** The props of each screen: the state, the function that sends events, and the available room. */
export type ScreenProps = {
	readonly state: WizardState
	/** Returns the state after the event. */
	readonly send: (event: WizardEvent) => WizardState
	/** True in a low window: blank lines and completed steps are left out. */
	readonly compact: boolean
	/** Lines that the completed steps above take. */
	readonly taken: number
}
