import { Box } from 'ink'
import { describeFinding } from '../../findings/describe.ts'
import { getPrompt } from '../../wizard/prompts.ts'
import { Spinner } from '../components/check-list.tsx'
import { Findings } from '../components/finding.tsx'
import { Text } from '../text.tsx'
import { useTheme } from '../theme.ts'
import { useTerminalSize } from '../use-terminal-size.ts'
import type { ScreenProps } from './screen-props.ts'
import { measureChoices, SelectChoice } from './select-choice.tsx'
import { StepFrame, wrapQuestion } from './step-frame.tsx'

/** What is said while something is done. */
const progressTexts = {
	applying: 'writing the settings file …',
	exporting: 'writing the settings file …',
	sending: 'waiting for the answers …',
	revoking: 'revoking the old token …',
} as const

export function FinishScreen({ state, send, compact }: ScreenProps) {
	const { phase } = state
	const { tones } = useTheme()
	const { rows, columns } = useTerminalSize()
	if (phase.step !== 'finish' || phase.status === 'done') return null
	const gap = compact ? 0 : 1
	// Around the middle of the screen: the question, the choices, the hints, and the blank lines between them.
	const lines = wrapQuestion(getPrompt(state), columns).length + measureChoices(state, columns, rows) + 1 + 4 * gap
	const room = rows - 1 - lines
	switch (phase.status) {
		case 'applying':
		case 'exporting':
		case 'sending':
		case 'revoking':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact} canGoBack={false}>
					<Spinner text={progressTexts[phase.status]} />
				</StepFrame>
			)
		case 'failed':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact}>
					<Findings findings={phase.findings.map(describeFinding)} rows={Math.max(2, room)} />
					<Box marginTop={gap}>
						<SelectChoice state={state} send={send} />
					</Box>
				</StepFrame>
			)
		case 'confirm-clear': {
			const { fields = [] } = phase.exports.clearing ?? {}
			const shownFields = fields.length <= room ? fields : fields.slice(0, Math.max(1, room - 1))
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact}>
					{shownFields.map(field => (
						<Text key={field} {...tones.dim} wrap="truncate-end">
							{'    '}
							{field}
						</Text>
					))}
					{fields.length > shownFields.length ? (
						<Text {...tones.dim}>
							{'    '}and {fields.length - shownFields.length} more
						</Text>
					) : null}
					<Box marginTop={gap}>
						<SelectChoice state={state} send={send} />
					</Box>
				</StepFrame>
			)
		}
		case 'confirm-revoke':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact} canGoBack={false}>
					<SelectChoice state={state} send={send} hasRoom />
				</StepFrame>
			)
	}
}
