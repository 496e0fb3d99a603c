import { Box } from 'ink'
import { describeFinding, describeFindings } from '../../findings/describe.ts'
import { severityOf } from '../../findings/severity.ts'
import type { CheckReport, CheckRow } from '../../setup/verify.ts'
import { getPrompt, isBypassed } from '../../wizard/prompts.ts'
import { CheckList, measureCheckList } from '../components/check-list.tsx'
import { Findings } from '../components/finding.tsx'
import { Text } from '../text.tsx'
import { useTheme } from '../theme.ts'
import { useTerminalSize } from '../use-terminal-size.ts'
import type { ScreenProps } from './screen-props.ts'
import { measureChoices, SelectChoice } from './select-choice.tsx'
import { StepFrame, wrapQuestion } from './step-frame.tsx'

export function ChecksScreen({ state, send, compact }: ScreenProps) {
	const { phase } = state
	const { rows: height, columns } = useTerminalSize()
	if (phase.step !== 'checks') return null
	if (phase.status === 'done' && isBypassed(phase.report))
		return <Bypassed state={state} send={send} compact={compact} report={phase.report} />
	const done = phase.status === 'done'
	// The question, the hints and the choices need their lines; blank lines are dropped before any text.
	const question = getPrompt(state)
	const room = height - 1 - 1 - wrapQuestion(question, columns).length - measureChoices(state, columns, height)
	const rows = phase.rows.map(listRow)
	const whole = measureCheckList(rows, columns, { wrapsNotes: true })
	const wrapsNotes = whole <= room
	const lines = wrapsNotes ? whole : measureCheckList(rows, columns)
	const spaced = !compact && lines + 4 <= room
	const brief = lines > room
	return (
		<StepFrame question={question} send={send} compact={!spaced}>
			{brief && measureCheckList(rows, columns, { brief: true }) > room ? (
				<Problems rows={phase.rows} room={room} />
			) : (
				<CheckList brief={brief} wrapsNotes={wrapsNotes} rows={rows} />
			)}
			{done ? (
				<Box marginTop={spaced ? 1 : 0}>
					<SelectChoice state={state} send={send} />
				</Box>
			) : null}
		</StepFrame>
	)
}

/** Each conflict once, with what can be done about it. What can be fixed here needs no instructions. */
function Bypassed({ state, send, compact, report }: Omit<ScreenProps, 'taken'> & { report: CheckReport }) {
	const { rows, columns } = useTerminalSize()
	const question = getPrompt(state)
	const findings = describeFindings(report.findings.filter(issue => severityOf(issue) !== 'info')).map(described => {
		const isFixable = report.fixes.some(fix => fix.id.startsWith(`${described.code}:`))
		return isFixable
			? { ...described, headline: `${described.headline} [can be fixed here]`, reason: '', remedy: [] }
			: described
	})
	const around = 1 + 1 + wrapQuestion(question, columns).length + (compact ? 0 : 4)
	return (
		<StepFrame question={question} send={send} compact={compact}>
			<Findings findings={findings} rows={Math.max(2, rows - around - measureChoices(state, columns, rows))} />
			<Box marginTop={compact ? 0 : 1}>
				<SelectChoice state={state} send={send} />
			</Box>
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
			{room > 5 ? (
				<Text {...tones.dim} wrap="truncate-end">
					{'  '}
					{summary.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : [])).join(', ')}
				</Text>
			) : null}
			<Findings findings={findings} rows={Math.max(2, room > 5 ? room - 1 : room)} />
		</Box>
	)
}

function listRow(row: CheckRow) {
	return { label: row.label, status: row.status, note: row.note, findings: row.findings.map(describeFinding) }
}
