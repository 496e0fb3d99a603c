import { Box, Text } from 'ink'
import { useState } from 'react'
import { describeFinding } from '../../findings/describe.ts'
import type { CheckRow } from '../../setup/verify.ts'
import { getChoices, getPrompt } from '../../wizard/prompts.ts'
import { CheckList } from '../components/check-list.tsx'
import { measureFinding } from '../components/finding.tsx'
import { useBindings } from '../key-bindings.ts'
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

/** For low windows: passed checks in one line, and below it the others, one finding at a time. */
function Problems({ rows, room }: { rows: readonly CheckRow[]; room: number }) {
	const { tones } = useTheme()
	const { columns } = useTerminalSize()
	const [place, setPlace] = useState(0)
	const problems = rows.flatMap(row => row.findings.map(issue => ({ ...row, findings: [issue] })))
	const at = Math.max(0, Math.min(place, problems.length - 1))
	// As many as there is room for, and at least one.
	let end = Math.min(at + 1, problems.length)
	while (end < problems.length && linesOf(problems.slice(at, end + 1), columns, true) + 1 <= room) end++
	const count = (...states: CheckRow['status'][]) => rows.filter(row => states.includes(row.status)).length
	const [good, skipped, asking] = [count('passed'), count('skipped'), count('running', 'pending')]
	const which = end - at < problems.length ? `${end - at > 1 ? `${at + 1} to ${end}` : end} of ` : ''
	const summary = [
		`${which}${problems.length} found`,
		`${good} passed`,
		...(skipped ? [`${skipped} skipped`] : []),
		...(asking ? [`${asking} running`] : []),
	]
	const move = (to: number) => setPlace(Math.max(0, Math.min(to, problems.length - 1)))
	useBindings(
		which === ''
			? []
			: [
					{
						keys: ['page-down'],
						label: 'more',
						hint: 'pgup/pgdn',
						help: 'show more findings',
						action: () => move(end < problems.length ? end : at),
					},
					{
						keys: ['page-up'],
						label: 'more',
						hint: false,
						help: 'show the previous findings',
						action: () => move(at - 1),
					},
				],
	)
	return (
		<Box flexDirection="column">
			{linesOf(problems.slice(at, end), columns, true) < room ? (
				<Text {...tones.dim} wrap="truncate-end">
					{'  '}
					{summary.join(', ')}
				</Text>
			) : null}
			<CheckList brief rows={joined(problems.slice(at, end)).map(listRow)} />
		</Box>
	)
}

/** Findings of the same row are grouped again. */
function joined(problems: readonly CheckRow[]): CheckRow[] {
	const labels = new Set(problems.map(({ label }) => label))
	return [...labels].flatMap(label => {
		const same = problems.filter(problem => problem.label === label)
		return same[0] ? [{ ...same[0], findings: same.flatMap(({ findings }) => findings) }] : []
	})
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
