import type { WizardEvent, WizardState } from '../../wizard/state.ts'

/** What each screen gets: the state, the way events go, and how much room there is. */
export type ScreenProps = {
	readonly state: WizardState
	readonly send: (event: WizardEvent) => void
	/** False in a low window: blank lines and the trail are left out. */
	readonly roomy: boolean
	/** Lines that the trail above takes. */
	readonly taken: number
}
