// Shows the screen of the open step, with one line above it for each completed step.
import { Box } from 'ink'
import { type JSX, useSyncExternalStore } from 'react'
import { getCompletedSteps } from '../wizard/prompts.ts'
import { type Step, steps } from '../wizard/state.ts'
import type { Wizard } from '../wizard/store.ts'
import { CompletedStep } from './components/completed-step.tsx'
import { Header, StepCounterContext } from './components/header.tsx'
import { ChecksScreen } from './screens/checks.tsx'
import { DeploymentScreen } from './screens/deployment.tsx'
import { FinishScreen } from './screens/finish.tsx'
import { ProvidersScreen } from './screens/providers.tsx'
import { ReviewScreen } from './screens/review.tsx'
import type { ScreenProps } from './screens/screen-props.ts'
import { StartScreen } from './screens/start.tsx'
import { TokenScreen } from './screens/token.tsx'
import { Text } from './text.tsx'
import { compactBelow } from './theme.ts'
import { useTerminalSize } from './use-terminal-size.ts'

const screens: Readonly<Record<Step, (props: ScreenProps) => JSX.Element | null>> = {
	start: StartScreen,
	providers: ProvidersScreen,
	deployment: DeploymentScreen,
	token: TokenScreen,
	checks: ChecksScreen,
	review: ReviewScreen,
	finish: FinishScreen,
}

/** How the wizard ends without a record of its steps. */
const emptyEndings: ReadonlySet<string> = new Set(['cancelled', 'quit', 'disconnect'])

/** From this height on the review shows the title and the completed steps. */
const tallRows = 32

export function App({ wizard }: { wizard: Wizard }) {
	const state = useSyncExternalStore(wizard.subscribe, wizard.state)
	const { rows, columns } = useTerminalSize()
	const { phase } = state
	const left = phase.step === 'finish' && phase.status === 'done'
	// A cancelled run leaves nothing on the screen; completed steps stay as a record, followed by the summary.
	if (left && emptyEndings.has(phase.result.status)) return null
	const compact = rows < compactBelow
	const finished = getCompletedSteps(state)
	// In windows of the usual height the diff of the review needs the room of the title and the completed steps.
	const isBare = compact || (phase.step === 'review' && rows < tallRows)
	const trail = isBare && !left ? [] : finished
	const taken = isBare ? 0 : 2 + (trail.length > 0 ? trail.length + 1 : 0)
	const Screen = screens[phase.step]
	const number = (steps as readonly Step[]).indexOf(phase.step) + 1
	// Never higher than the window: the completed steps are cut first, from the top, and then the screen.
	return (
		<Box flexDirection="column" maxHeight={Math.max(1, rows - 1)} overflow="hidden" justifyContent="flex-end">
			<Box flexDirection="column" flexShrink={1} overflow="hidden" justifyContent="flex-end" width={columns}>
				{left || isBare || phase.step === 'start' ? null : (
					<Box flexDirection="column" flexShrink={0} marginBottom={trail.length > 0 ? 1 : 0}>
						<Header title="Connect Mux to Coder AI Bridge" />
					</Box>
				)}
				{trail.map(step => (
					<Box key={step.label} flexDirection="column" flexShrink={0}>
						<CompletedStep {...step} />
					</Box>
				))}
			</Box>
			{left ? (
				// The summary follows.
				<Text> </Text>
			) : (
				<Box flexDirection="column" flexShrink={0} width={columns}>
					<StepCounterContext value={number > 0 ? `${number}/${steps.length}` : ''}>
						<Screen state={state} send={wizard.send} compact={compact} taken={taken} />
					</StepCounterContext>
				</Box>
			)}
		</Box>
	)
}
