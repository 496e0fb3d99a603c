import { Box } from 'ink'
import { describeFinding } from '../../findings/describe.ts'
import { getPrompt } from '../../wizard/prompts.ts'
import { Spinner } from '../components/check-list.tsx'
import { FindingDetails } from '../components/finding.tsx'
import { Text } from '../text.tsx'
import { useTheme } from '../theme.ts'
import type { ScreenProps } from './screen-props.ts'
import { SelectChoice } from './select-choice.tsx'
import { StepFrame } from './step-frame.tsx'

export function FinishScreen({ state, send, compact }: ScreenProps) {
	const { phase } = state
	const { tones } = useTheme()
	if (phase.step !== 'finish' || phase.status === 'done') return null
	const gap = compact ? 0 : 1
	switch (phase.status) {
		case 'applying':
		case 'exporting':
		case 'revoking':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact} canGoBack={false}>
					<Spinner text={phase.status === 'revoking' ? 'revoking the old token …' : 'writing the settings file …'} />
				</StepFrame>
			)
		case 'failed':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact}>
					{phase.findings.map(issue => (
						<FindingDetails key={issue.code} finding={describeFinding(issue)} />
					))}
					<Box marginTop={gap}>
						<SelectChoice state={state} send={send} />
					</Box>
				</StepFrame>
			)
		case 'confirm-clear':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact}>
					{(phase.exports.clearing?.fields ?? []).map(field => (
						<Text key={field} {...tones.dim}>
							{'    '}
							{field}
						</Text>
					))}
					<Box marginTop={gap}>
						<SelectChoice state={state} send={send} />
					</Box>
				</StepFrame>
			)
		case 'confirm-revoke':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact} canGoBack={false}>
					<SelectChoice state={state} send={send} />
				</StepFrame>
			)
	}
}
