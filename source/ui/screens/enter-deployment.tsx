import { Box, Text } from 'ink'
import { baseUrlOf, parseDeployment } from '../../coder/deployment-url.ts'
import { describe } from '../../findings/finding.ts'
import { questionOf } from '../../flow/questions.ts'
import { targetsOf } from '../../flow/state.ts'
import { providerTitle } from '../../provider.ts'
import { Busy } from '../components/check-list.tsx'
import { FindingView } from '../components/finding-view.tsx'
import { TextField } from '../components/text-field.tsx'
import { useTheme } from '../theme.ts'
import { useWindow } from '../window.ts'
import { Choices } from './choices.tsx'
import type { ScreenProps } from './screen-props.ts'
import { StepFrame } from './step-frame.tsx'

export function EnterDeployment({ state, send, roomy }: ScreenProps) {
	const { screen, start, answers } = state
	const text = answers.deploymentText
	if (screen.step !== 'deployment') return null
	const { is } = screen
	const gap = roomy ? 1 : 0
	if (is === 'insecure') {
		return (
			<StepFrame question={questionOf(state)} send={send} roomy={roomy}>
				<Choices state={state} send={send} />
			</StepFrame>
		)
	}
	const findings = is === 'asking' ? screen.findings : []
	const untouched = text === start.prefill?.text
	return (
		<StepFrame question={questionOf(state)} send={send} roomy={roomy}>
			<TextField
				value={text}
				onChange={typed => send({ on: 'type-deployment', text: typed })}
				onSubmit={given => send({ on: 'enter-deployment', text: given })}
				placeholder="https://coder.example.com"
				isActive={is === 'asking'}
				note={untouched ? start.prefill?.from : undefined}
			/>
			<Box marginTop={gap} flexDirection="column">
				{is === 'looking' ? <Busy text={`asking ${new URL(screen.deployment.origin).host} …`} /> : null}
				{findings.map(found => (
					<FindingView key={found.code} finding={describe(found)} brief={!roomy} />
				))}
				{findings.length === 0 ? <BaseUrls state={state} text={text} /> : null}
			</Box>
		</StepFrame>
	)
}

/** The base URLs that Mux would get for what is typed, as it is typed. */
function BaseUrls({ state, text }: { state: ScreenProps['state']; text: string }) {
	const { tones } = useTheme()
	const { columns, rows: height } = useWindow()
	const parsed = parseDeployment(text)
	if (!parsed.ok) return null
	const targets = targetsOf(state)
	const most = Math.max(2, Math.floor(height / 6))
	const rows = targets.slice(0, most).map(target => ({
		label: providerTitle(target.id).padEnd(11),
		url: baseUrlOf(parsed.deployment.origin, '/api/v2/aibridge', target),
	}))
	// A URL is cut in the middle before it is wrapped: this is a preview, the review shows it whole.
	return (
		<Box flexDirection="column" width={columns}>
			{rows.map(({ label, url }) => (
				<Text key={label} wrap="truncate-middle">
					{'  '}
					<Text {...tones.quiet}>{label}</Text> {url}
				</Text>
			))}
			{targets.length > most ? (
				<Text {...tones.quiet}>
					{'  '}and {targets.length - most} more
				</Text>
			) : null}
		</Box>
	)
}
