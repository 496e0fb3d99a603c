import { Box } from 'ink'
import { describeFinding } from '../../findings/describe.ts'
import { getProvider, getProviderTitle } from '../../providers.ts'
import { getPrompt } from '../../wizard/prompts.ts'
import { Findings, measureFinding } from '../components/finding.tsx'
import { MultiSelect } from '../components/multi-select.tsx'
import type { Binding } from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { useTheme } from '../theme.ts'
import { useTerminalSize } from '../use-terminal-size.ts'
import type { ScreenProps } from './screen-props.ts'
import { StepFrame, wrapQuestion } from './step-frame.tsx'

export function ProvidersScreen({ state, send, compact, taken }: ScreenProps) {
	const { start, rows, answers, phase, isEditing: shortcut, lastCheck: checked } = state
	const { rotatable: renewable } = start
	const { symbols, tones } = useTheme()
	const renew: Binding = {
		keys: ['r'],
		label: 'renew the token',
		action: () => send({ type: 'renew-token' }),
	}
	const noneSelected = phase.step === 'providers' && phase.noneSelected
	const window = useTerminalSize()
	// The lines around the list: the question, the hints, the settings file, and blank lines if there is room.
	const notes = start.notes.map(describeFinding)
	const question = getPrompt(state)
	const questionRows = wrapQuestion(question, window.columns).length
	const fixed = taken + questionRows + (compact ? 2 : 6) + (noneSelected ? 1 : 0) + (renewable ? 1 : 0)
	const noted = notes.reduce((lines, note) => lines + measureFinding(note, window.columns), 0)
	// The notes scroll if the list would have less than three rows.
	const noteRows = Math.min(noted, Math.max(2, window.rows - 1 - fixed - Math.min(3, rows.length)))
	const around = fixed + noteRows
	return (
		<StepFrame
			question={question}
			send={send}
			compact={compact}
			canGoBack={(shortcut && checked !== null) || state.opened !== null}
			bindings={renewable ? [renew] : []}
		>
			<MultiSelect
				items={rows.map(({ target, now }) => ({
					label: getProviderTitle(target.id),
					columns: [getProvider(target.id)?.models ?? target.custom?.displayName ?? ''],
					note: `now: ${now}`,
					value: target.id,
					selected: answers.providers.includes(target.id),
				}))}
				onToggle={id => send({ type: 'toggle-provider', id })}
				onToggleAll={() => send({ type: 'toggle-all' })}
				onSubmit={() => send({ type: 'submit-providers' })}
				height={Math.max(3, window.rows - 1 - around)}
			/>
			<Box marginTop={compact ? 0 : 1} flexDirection="column">
				{noneSelected ? (
					<Text {...tones.warning}>
						{'  '}
						{symbols.warning} Select at least one provider (press space).
					</Text>
				) : null}
				<Text wrap="truncate-end">
					{'  '}
					<Text {...tones.dim}>Settings file</Text> {start.settingsLabel}
				</Text>
				{renewable ? (
					<Text wrap="truncate-end">
						{'  '}
						<Text {...tones.dim}>Already connected to</Text> {renewable.origin}
					</Text>
				) : null}
				{notes.length > 0 ? <Findings findings={notes} rows={noteRows} /> : null}
			</Box>
		</StepFrame>
	)
}
