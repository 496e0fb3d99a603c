import { Box, Text } from 'ink'
import { describe } from '../../findings/finding.ts'
import { questionOf } from '../../flow/questions.ts'
import { providerTitle } from '../../provider.ts'
import type { Binding } from '../bindings.ts'
import { FindingView } from '../components/finding-view.tsx'
import { TickList } from '../components/tick-list.tsx'
import { useTheme } from '../theme.ts'
import { useWindow } from '../window.ts'
import type { ScreenProps } from './screen-props.ts'
import { StepFrame } from './step-frame.tsx'

const families: Readonly<Record<string, string>> = { openai: 'GPT, Codex', anthropic: 'Claude' }

export function ChooseProviders({ state, send, roomy, taken }: ScreenProps) {
	const { start, rows, answers, screen, shortcut, checked } = state
	const { renewable } = start
	const { marks, tones } = useTheme()
	const renew: Binding = {
		keys: ['r'],
		label: 'only put in a new token',
		action: () => send({ on: 'renew' }),
	}
	const noneTicked = screen.step === 'providers' && screen.noneTicked
	const window = useWindow()
	// What stands around the list: the question, the hints, the settings file, and blank lines if there is room.
	const noted = start.notes.map(describe).reduce((lines, { remedy }) => lines + (roomy ? 2 : 1) + remedy.length, 0)
	const around = taken + (roomy ? 7 : 3) + (noneTicked ? 1 : 0) + (renewable ? 1 : 0) + noted
	return (
		<StepFrame
			question={questionOf(state)}
			send={send}
			roomy={roomy}
			canGoBack={shortcut && checked !== null}
			bindings={renewable ? [renew] : []}
		>
			<TickList
				items={rows.map(({ target, now }) => ({
					label: providerTitle(target.id),
					columns: [families[target.id] ?? target.custom?.displayName ?? ''],
					note: `now: ${now}`,
					value: target.id,
					ticked: answers.providers.includes(target.id),
				}))}
				onToggle={id => send({ on: 'toggle-provider', id })}
				onToggleAll={() => send({ on: 'toggle-all' })}
				onSubmit={() => send({ on: 'choose-providers' })}
				height={Math.max(3, window.rows - 1 - around)}
			/>
			<Box marginTop={roomy ? 1 : 0} flexDirection="column">
				{noneTicked ? (
					<Text {...tones.warning}>
						{'  '}
						{marks.warning} Tick at least one provider: space ticks the highlighted one.
					</Text>
				) : null}
				<Text wrap="truncate-end">
					{'  '}
					<Text {...tones.quiet}>Settings file</Text> {start.settingsLabel}
				</Text>
				{renewable ? (
					<Text wrap="truncate-end">
						{'  '}
						<Text {...tones.quiet}>Already through AI Bridge at</Text> {renewable.origin}
					</Text>
				) : null}
				{start.notes.map(note => (
					<FindingView key={`${note.code} ${note.subject}`} finding={describe(note)} brief={!roomy} />
				))}
			</Box>
		</StepFrame>
	)
}
