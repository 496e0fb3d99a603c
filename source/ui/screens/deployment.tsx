import { Box } from 'ink'
import { hasTokenLike, maskTyping } from '../../coder/deployment-input.ts'
import { getBaseUrl, parseDeployment } from '../../coder/deployment-url.ts'
import { describeFinding } from '../../findings/describe.ts'
import { getProviderTitle } from '../../providers.ts'
import { Secret } from '../../secrets/secret.ts'
import { getPrompt } from '../../wizard/prompts.ts'
import { getSelectedTargets } from '../../wizard/state.ts'
import { Spinner } from '../components/check-list.tsx'
import { Findings } from '../components/finding.tsx'
import { TextInput } from '../components/text-input.tsx'
import { Text } from '../text.tsx'
import { useTheme } from '../theme.ts'
import { useTerminalSize } from '../use-terminal-size.ts'
import type { ScreenProps } from './screen-props.ts'
import { measureChoices, SelectChoice } from './select-choice.tsx'
import { StepFrame } from './step-frame.tsx'

export function DeploymentScreen({ state, send, compact, taken }: ScreenProps) {
	const { rows, columns } = useTerminalSize()
	const { phase, start, answers } = state
	const text = answers.deploymentText
	if (phase.step !== 'deployment') return null
	const gap = compact ? 0 : 1
	if (phase.status === 'insecure') {
		return (
			<StepFrame question={getPrompt(state)} send={send} compact={compact}>
				<SelectChoice state={state} send={send} hasRoom />
			</StepFrame>
		)
	}
	if (phase.status === 'suggested') {
		return (
			<StepFrame question={getPrompt(state)} send={send} compact={compact}>
				<Box marginBottom={gap} flexDirection="column">
					<Findings
						findings={phase.findings.map(describeFinding)}
						rows={Math.max(2, rows - 1 - taken - 3 - measureChoices(state, columns, rows) - 4 * gap)}
					/>
				</Box>
				<SelectChoice state={state} send={send} />
			</StepFrame>
		)
	}
	const findings = phase.status === 'input' ? phase.findings : []
	// Around the findings: the question, the field, the hints, and the blank lines between them.
	const room = Math.max(2, rows - 1 - taken - 3 - 4 * gap)
	const untouched = text === start.prefill?.text
	return (
		<StepFrame question={getPrompt(state)} send={send} compact={compact}>
			<TextInput
				value={text}
				onChange={typed => send({ type: 'edit-deployment', text: typed }).answers.deploymentText}
				onSubmit={provided => send({ type: 'submit-deployment', text: provided })}
				placeholder="https://coder.example.com"
				isActive={phase.status === 'input'}
				mask={maskTyping}
				interceptPaste={(pasted, isBurst) => {
					if (!hasTokenLike(pasted, isBurst)) return null
					return send({ type: 'paste-stray-token', text: new Secret(pasted), isBurst }).answers.deploymentText
				}}
				replacesOnPaste={untouched || findings.length > 0}
				note={untouched ? start.prefill?.from : undefined}
			/>
			<Box marginTop={gap} flexDirection="column">
				{phase.status === 'probing' ? <Spinner text={`asking ${new URL(phase.deployment.origin).host} …`} /> : null}
				{findings.length > 0 ? (
					<Findings findings={findings.map(describeFinding)} rows={room} />
				) : (
					<BaseUrls state={state} text={text} />
				)}
			</Box>
		</StepFrame>
	)
}

/** The base URLs that Mux would get, updated as the URL is typed. */
function BaseUrls({ state, text }: { state: ScreenProps['state']; text: string }) {
	const { tones } = useTheme()
	const { columns, rows: height } = useTerminalSize()
	const parsed = parseDeployment(maskTyping(text))
	if (!parsed.ok) return null
	const targets = getSelectedTargets(state)
	const most = Math.max(2, Math.floor(height / 6))
	const rows = targets.slice(0, most).map(target => ({
		label: getProviderTitle(target.id).padEnd(11),
		url: getBaseUrl(parsed.deployment, '/api/v2/aibridge', target),
	}))
	// A URL is truncated in the middle rather than wrapped: this is a preview, the review shows it whole.
	return (
		<Box flexDirection="column" width={columns}>
			{rows.map(({ label, url }) => (
				<Text key={label} wrap="truncate-middle">
					{'  '}
					<Text {...tones.dim}>{label}</Text> {url}
				</Text>
			))}
			{targets.length > most ? (
				<Text {...tones.dim}>
					{'  '}and {targets.length - most} more
				</Text>
			) : null}
		</Box>
	)
}
