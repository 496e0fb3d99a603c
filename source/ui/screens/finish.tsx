import { Box, Text } from 'ink'
import { describe } from '../../findings/finding.ts'
import { questionOf } from '../../flow/questions.ts'
import { Busy } from '../components/check-list.tsx'
import { FindingView } from '../components/finding-view.tsx'
import { useTheme } from '../theme.ts'
import { Choices } from './choices.tsx'
import type { ScreenProps } from './screen-props.ts'
import { StepFrame } from './step-frame.tsx'

export function Finish({ state, send, roomy }: ScreenProps) {
	const { screen } = state
	const { tones } = useTheme()
	if (screen.step !== 'finish' || screen.is === 'left') return null
	const gap = roomy ? 1 : 0
	switch (screen.is) {
		case 'applying':
		case 'exporting':
		case 'deleting':
			return (
				<StepFrame question={questionOf(state)} send={send} roomy={roomy} canGoBack={false}>
					<Busy text={screen.is === 'deleting' ? 'deleting the old token …' : 'writing the settings file …'} />
				</StepFrame>
			)
		case 'failed':
			return (
				<StepFrame question={questionOf(state)} send={send} roomy={roomy}>
					{screen.findings.map(found => (
						<FindingView key={found.code} finding={describe(found)} />
					))}
					<Box marginTop={gap}>
						<Choices state={state} send={send} />
					</Box>
				</StepFrame>
			)
		case 'clearing':
			return (
				<StepFrame question={questionOf(state)} send={send} roomy={roomy}>
					{(screen.exports.clearing?.fields ?? []).map(field => (
						<Text key={field} {...tones.quiet}>
							{'    '}
							{field}
						</Text>
					))}
					<Box marginTop={gap}>
						<Choices state={state} send={send} />
					</Box>
				</StepFrame>
			)
		case 'replaced':
			return (
				<StepFrame question={questionOf(state)} send={send} roomy={roomy} canGoBack={false}>
					<Choices state={state} send={send} />
				</StepFrame>
			)
	}
}
