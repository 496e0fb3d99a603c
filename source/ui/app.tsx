// Shows the screen of the open step, with one line above it for each completed step.
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

/** Below this height the completed steps and the blank lines make room for the open step. */
const compactBelow = 20
/** From this height on the review shows all completed steps. */
const tallRows = 32

export function App({ wizard }: { wizard: Wizard }) {
	const state = useSyncExternalStore(wizard.subscribe, wizard.state)
	const { rows } = useTerminalSize()
	const { phase } = state
	const left = phase.step === 'finish' && phase.status === 'done'
	// A cancelled run leaves nothing on the screen; completed steps stay as a record, followed by the summary.
	if (left && (phase.result.status === 'cancelled' || phase.result.status === 'quit')) return null
	const compact = rows < compactBelow
	const finished = getCompletedSteps(state)
	// In windows of the usual height the diff of the review needs the room of the completed steps, except the last one.
	const short = phase.step === 'review' && rows < tallRows
	const trail = left ? finished : compact ? [] : short ? finished.slice(-1) : finished
	const Screen = screens[phase.step]
	// Never higher than the window: the completed steps are cut first, from the top, and then the screen.
	return (
		<Box flexDirection="column" maxHeight={Math.max(1, rows - 1)} overflow="hidden" justifyContent="flex-end">
			<Box flexDirection="column" flexShrink={1} overflow="hidden" justifyContent="flex-end">
				{left || compact ? null : (
					<Box flexDirection="column" flexShrink={0}>
						<Header
							title="Connect Mux to Coder AI Bridge"
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
					<Screen state={state} send={wizard.send} compact={compact} taken={trail.length + (compact ? 0 : 1)} />
				</Box>
			)}
		</Box>
	)
}
