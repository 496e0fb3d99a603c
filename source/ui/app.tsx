// Picks the screen of the open step; above it stands one line for each finished step.
import { Box } from 'ink'
import { type JSX, useSyncExternalStore } from 'react'
import { finishedSteps, stepTitles } from '../flow/questions.ts'
import { type Step, steps } from '../flow/state.ts'
import type { Wizard } from '../wizard/store.ts'
import { FinishedStep } from './components/finished-step.tsx'
import { Header } from './components/header.tsx'
import { ChooseProviders } from './screens/choose-providers.tsx'
import { EnterDeployment } from './screens/enter-deployment.tsx'
import { EnterToken } from './screens/enter-token.tsx'
import { Finish } from './screens/finish.tsx'
import { ReviewPlan } from './screens/review-plan.tsx'
import { RunChecks } from './screens/run-checks.tsx'
import type { ScreenProps } from './screens/screen-props.ts'
import { useWindow } from './window.ts'

const screens: Readonly<Record<Step, (props: ScreenProps) => JSX.Element | null>> = {
	providers: ChooseProviders,
	deployment: EnterDeployment,
	token: EnterToken,
	checks: RunChecks,
	review: ReviewPlan,
	finish: Finish,
}

/** Below this height the trail and the blank lines make room for the open step. */
const roomyRows = 20
/** From this height on the review keeps the whole trail. */
const tallRows = 32

export function App({ wizard }: { wizard: Wizard }) {
	const state = useSyncExternalStore(wizard.subscribe, wizard.state)
	const { rows } = useWindow()
	const { screen } = state
	const left = screen.step === 'finish' && screen.is === 'left'
	// What is cancelled leaves nothing behind; what was finished stays as a record, and the receipt follows it.
	if (left && (screen.outcome.is === 'cancelled' || screen.outcome.is === 'left')) return null
	const roomy = rows >= roomyRows
	const finished = finishedSteps(state)
	// The review's diff needs the room of the trail, but for its last line, in windows of the usual height.
	const short = screen.step === 'review' && rows < tallRows
	const trail = left ? finished : !roomy ? [] : short ? finished.slice(-1) : finished
	const Screen = screens[screen.step]
	// Never higher than the window: where room is short the trail gives way first, from its top, and then the screen.
	return (
		<Box flexDirection="column" maxHeight={Math.max(1, rows - 1)} overflow="hidden" justifyContent="flex-end">
			<Box flexDirection="column" flexShrink={1} overflow="hidden" justifyContent="flex-end">
				{left || !roomy ? null : (
					<Box flexDirection="column" flexShrink={0}>
						<Header
							title="Mux through Coder’s AI Bridge"
							steps={steps.map(step => stepTitles[step])}
							current={steps.indexOf(screen.step)}
						/>
					</Box>
				)}
				{trail.map(step => (
					<Box key={step.label} flexDirection="column" flexShrink={0}>
						<FinishedStep {...step} />
					</Box>
				))}
			</Box>
			{left ? null : (
				<Box flexDirection="column" flexShrink={0}>
					<Screen state={state} send={wizard.send} roomy={roomy} taken={trail.length + (roomy ? 1 : 0)} />
				</Box>
			)}
		</Box>
	)
}
