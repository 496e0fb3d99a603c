import { Box } from 'ink'
import { describeFinding } from '../../findings/describe.ts'
import type { CheckRow } from '../../setup/verify.ts'
import { getChoices, getPrompt } from '../../wizard/prompts.ts'
import { CheckList } from '../components/check-list.tsx'
import { Findings, measureFinding } from '../components/finding.tsx'
import { Text } from '../text.tsx'
import { useTheme } from '../theme.ts'
import { useTerminalSize } from '../use-terminal-size.ts'
import type { ScreenProps } from './screen-props.ts'
import { SelectChoice } from './select-choice.tsx'
import { StepFrame } from './step-frame.tsx'

export function ChecksScreen({ state, send, compact }: ScreenProps) {
	const { phase } = state
	const { rows: height, columns } = useTerminalSize()
	if (phase.step !== 'checks') return null
	const done = phase.status === 'done'
	// The question, the hints and the choices need their lines; blank lines are dropped before any text.
	const room = height - 1 - 2 - getChoices(state).length
	const lines = linesOf(phase.rows, columns, false)
	const spaced = !compact && lines + 4 <= room
	const brief = lines > room
	return (
		<StepFrame question={getPrompt(state)} send={send} compact={!spaced}>
			{brief && linesOf(phase.rows, columns, true) > room ? (
				<Problems rows={phase.rows} room={room} />
			) : (
				<CheckList brief={brief} rows={phase.rows.map(listRow)} />
			)}
			{done ? (
				<Box marginTop={spaced ? 1 : 0}>
					<SelectChoice state={state} send={send} />
				</Box>
			) : null}
		</StepFrame>
	)
}

/** For low windows: the checks in one line, and below it what was found. */
function Problems({ rows, room }: { rows: readonly CheckRow[]; room: number }) {
	const { tones } = useTheme()
	const findings = rows.flatMap(row => row.findings.map(describeFinding))
	const count = (...states: CheckRow['status'][]) => rows.filter(row => states.includes(row.status)).length
	const summary = [
		[findings.length, 'found'],
		[count('passed'), 'passed'],
		[count('skipped'), 'skipped'],
		[count('running', 'pending'), 'running'],
	] as const
	return (
		<Box flexDirection="column">
			{room > 2 ? (
				<Text {...tones.dim} wrap="truncate-end">
					{'  '}
					{summary.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : [])).join(', ')}
				</Text>
			) : null}
			<Findings findings={findings} rows={Math.max(2, room > 2 ? room - 1 : room)} />
		</Box>
	)
}

function listRow(row: CheckRow) {
	return { label: row.label, status: row.status, note: row.note, findings: row.findings.map(describeFinding) }
}

/** How many lines the rows take; `brief` without the reasons of the findings. */
function linesOf(rows: readonly CheckRow[], columns: number, brief: boolean): number {
	return rows.reduce((sum, row) => {
		const findings = row.findings.map(describeFinding)
		return sum + 1 + findings.reduce((all, one) => all + measureFinding(one, columns, { indent: 4, brief }), 0)
	}, 0)
}
