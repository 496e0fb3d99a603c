import { Box, Text, useAnimation } from 'ink'
import type { DescribedFinding } from '../../findings/finding.ts'
import { type Marks, type Tone, tones, useTerminal } from '../theme.ts'
import { FindingView } from './finding-view.tsx'
import { padded } from './rows.tsx'

export type CheckState = 'waiting' | 'asking' | 'good' | 'warning' | 'bad' | 'skipped'

export type CheckListRow = {
	readonly label: string
	readonly state: CheckState
	readonly note: string
	/** Shown under the row. */
	readonly findings?: readonly DescribedFinding[]
}

export type CheckListProps = {
	readonly rows: readonly CheckListRow[]
	/** Leaves out the findings' reasons: for low windows. */
	readonly brief?: boolean
}

/** Milliseconds a frame: calm to look at, and few bytes over a slow line. */
export const spinnerInterval = 160

const stateTones: Readonly<Record<CheckState, Tone>> = {
	waiting: 'quiet',
	asking: 'accent',
	good: 'good',
	warning: 'warning',
	bad: 'bad',
	skipped: 'quiet',
}

/** Checks under way and done. All that still ask turn with one clock. */
export function CheckList({ rows, brief = false }: CheckListProps) {
	const { marks, capabilities } = useTerminal()
	const isAsking = rows.some(row => row.state === 'asking')
	const { frame } = useAnimation({ interval: spinnerInterval, isActive: isAsking && !capabilities.screenReader })
	const width = Math.max(0, ...rows.map(row => row.label.length))
	return (
		<Box flexDirection="column">
			{rows.map(row => (
				<Box key={row.label} flexDirection="column">
					<Box paddingLeft={2}>
						<Box flexShrink={0}>
							<Text {...tones[stateTones[row.state]]} aria-label={`${row.state}:`}>
								{markOf(row.state, marks, frame)}
							</Text>
						</Box>
						<Box flexShrink={0}>
							<Text>
								{' '}
								{padded(row.label, width)}
								{'  '}
							</Text>
						</Box>
						<Text wrap="truncate-end" {...(row.state === 'waiting' || row.state === 'skipped' ? tones.quiet : {})}>
							{row.note}
						</Text>
					</Box>
					{(row.findings ?? []).map(finding => (
						<FindingView key={`${finding.code} ${finding.headline}`} finding={finding} indent={4} brief={brief} />
					))}
				</Box>
			))}
		</Box>
	)
}

/** A line that says what is being waited for. */
export function Busy({ text }: { text: string }) {
	const { marks, capabilities } = useTerminal()
	const { frame } = useAnimation({ interval: spinnerInterval, isActive: !capabilities.screenReader })
	return (
		<Box paddingLeft={2}>
			<Text wrap="truncate-end">
				<Text {...tones.accent}>{markOf('asking', marks, frame)}</Text> {text}
			</Text>
		</Box>
	)
}

function markOf(state: CheckState, marks: Marks, frame: number): string {
	return state === 'asking' ? (marks.spinner[frame % marks.spinner.length] ?? '') : marks[state]
}
