// Picks the screen of the open step; above it stands one line for each finished step.
import { Box } from 'ink'
import { type JSX, useSyncExternalStore } from 'react'
import { getCompletedSteps, stepTitles } from '../wizard/prompts.ts'
import { type Step, steps } from '../wizard/state.ts'
import type { Wizard } from '../wizard/store.ts'
import { CompletedStep } from './components/completed-step.tsx'
import { Header } from './components/header.tsx'
import { ChecksScreen } from './screens/checks.tsx'
import { DeploymentScreen } from './screens/deployment.tsx'
import { FinishScreen } from './screens/finish.tsx'
import { ProvidersScreen } from './screens/providers.tsx'
import { ReviewScreen } from './screens/review.tsx'
import type { ScreenProps } from './screens/screen-props.ts'
import { TokenScreen } from './screens/token.tsx'
import { useTerminalSize } from './use-terminal-size.ts'

const screens: Readonly<Record<Step, (props: ScreenProps) => JSX.Element | null>> = {
	providers: ProvidersScreen,
	deployment: DeploymentScreen,
	token: TokenScreen,
	checks: ChecksScreen,
	review: ReviewScreen,
	finish: FinishScreen,
}

/** Below this height the trail and the blank lines make room for the open step. */
const roomyRows = 20
/** From this height on the review keeps the whole trail. */
const tallRows = 32

export function App({ wizard }: { wizard: Wizard }) {
	const state = useSyncExternalStore(wizard.subscribe, wizard.state)
	const { rows } = useTerminalSize()
	const { phase } = state
	const left = phase.step === 'finish' && phase.status === 'done'
	// What is cancelled leaves nothing behind; what was finished stays as a record, and the receipt follows it.
	if (left && (phase.result.status === 'cancelled' || phase.result.status === 'quit')) return null
	const roomy = rows >= roomyRows
	const finished = getCompletedSteps(state)
	// The review's diff needs the room of the trail, but for its last line, in windows of the usual height.
	const short = phase.step === 'review' && rows < tallRows
	const trail = left ? finished : !roomy ? [] : short ? finished.slice(-1) : finished
	const Screen = screens[phase.step]
	// Never higher than the window: where room is short the trail gives way first, from its top, and then the screen.
	return (
		<Box flexDirection="column" maxHeight={Math.max(1, rows - 1)} overflow="hidden" justifyContent="flex-end">
			<Box flexDirection="column" flexShrink={1} overflow="hidden" justifyContent="flex-end">
				{left || !roomy ? null : (
					<Box flexDirection="column" flexShrink={0}>
						<Header
							title="Mux through Coder’s AI Bridge"
							steps={steps.map(step => stepTitles[step])}
							current={steps.indexOf(phase.step)}
						/>
					</Box>
				)}
				{trail.map(step => (
					<Box key={step.label} flexDirection="column" flexShrink={0}>
						<CompletedStep {...step} />
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
