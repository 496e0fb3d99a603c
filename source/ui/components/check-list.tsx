import { Box, useAnimation } from 'ink'
import type { DescribedFinding } from '../../findings/describe.ts'
import { Text } from '../text.tsx'
import { type Symbols, type Tone, tones, useTerminal } from '../theme.ts'
import { FindingDetails } from './finding.tsx'
import { padCell } from './rows.tsx'

export type CheckListStatus = 'pending' | 'running' | 'passed' | 'warning' | 'failed' | 'skipped'

export type CheckListRow = {
	readonly label: string
	readonly status: CheckListStatus
	readonly note: string
	/** Shown under the row. */
	readonly findings?: readonly DescribedFinding[]
}

export type CheckListProps = {
	readonly rows: readonly CheckListRow[]
	/** Omits the findings' reasons: for low windows. */
	readonly brief?: boolean
}

/** Milliseconds a frame: calm to look at, and few bytes over a slow line. */
export const spinnerInterval = 160

const statusTones: Readonly<Record<CheckListStatus, Tone>> = {
	pending: 'dim',
	running: 'accent',
	passed: 'success',
	warning: 'warning',
	failed: 'error',
	skipped: 'dim',
}

/** Running and completed checks. All spinners share one clock. */
export function CheckList({ rows, brief = false }: CheckListProps) {
	const { symbols, capabilities } = useTerminal()
	const isAsking = rows.some(row => row.status === 'running')
	const { frame } = useAnimation({ interval: spinnerInterval, isActive: isAsking && !capabilities.screenReader })
	const width = Math.max(0, ...rows.map(row => row.label.length))
	return (
		<Box flexDirection="column">
			{rows.map(row => (
				<Box key={row.label} flexDirection="column">
					<Box paddingLeft={2}>
						<Box flexShrink={0}>
							<Text {...tones[statusTones[row.status]]} aria-label={`${row.status}:`}>
								{getStatusSymbol(row.status, symbols, frame)}
							</Text>
						</Box>
						<Box flexShrink={0}>
							<Text>
								{' '}
								{padCell(row.label, width)}
								{'  '}
							</Text>
						</Box>
						<Text wrap="truncate-end" {...(row.status === 'pending' || row.status === 'skipped' ? tones.dim : {})}>
							{row.note}
						</Text>
					</Box>
					{(row.findings ?? []).map(finding => (
						<FindingDetails key={`${finding.code} ${finding.headline}`} finding={finding} indent={4} brief={brief} />
					))}
				</Box>
			))}
		</Box>
	)
}

/** A line that says what the wizard is waiting for. */
export function Spinner({ text }: { text: string }) {
	const { symbols, capabilities } = useTerminal()
	const { frame } = useAnimation({ interval: spinnerInterval, isActive: !capabilities.screenReader })
	return (
		<Box paddingLeft={2}>
			<Text wrap="truncate-end">
				<Text {...tones.accent}>{getStatusSymbol('running', symbols, frame)}</Text> {text}
			</Text>
		</Box>
	)
}

function getStatusSymbol(state: CheckListStatus, symbols: Symbols, frame: number): string {
	if (state === 'running') return symbols.spinner[frame % symbols.spinner.length] ?? ''
	if (state === 'passed') return symbols.success
	return state === 'failed' ? symbols.error : symbols[state]
}
