import { Box, useAnimation } from 'ink'
import type { DescribedFinding } from '../../findings/describe.ts'
import { wrap } from '../../terminal/wrap.ts'
import { Text } from '../text.tsx'
import { type Symbols, type Tone, tones, useTerminal } from '../theme.ts'
import { FindingBody, FindingDetails, measureFinding } from './finding.tsx'
import { padCell } from './rows.tsx'
import { WrappedText } from './wrapped-text.tsx'

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
	/** Wraps notes that are longer than their line. */
	readonly wrapsNotes?: boolean
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

/**
 * Running and completed checks. All spinners share one clock. The first finding of a failed check is its note, and
 * checks that were skipped share a row.
 */
export function CheckList({ rows, brief = false, wrapsNotes = false }: CheckListProps) {
	const { symbols, capabilities, columns } = useTerminal()
	const isAsking = rows.some(row => row.status === 'running')
	const { frame } = useAnimation({ interval: spinnerInterval, isActive: isAsking && !capabilities.screenReader })
	const lines = layOutRows(rows, columns)
	const width = measureLabels(rows)
	const indent = getDetailIndent(width, columns)
	return (
		<Box flexDirection="column">
			{lines.map(({ label, status, note, lead, findings }) => (
				<Box key={label} flexDirection="column">
					<Box paddingLeft={2}>
						<Box flexShrink={0}>
							<Text {...tones[statusTones[status]]} aria-label={`${status}:`}>
								{getStatusSymbol(status, symbols, frame)}
							</Text>
						</Box>
						<Box flexShrink={0}>
							<Text>
								{' '}
								{padCell(label, width)}
								{'  '}
							</Text>
						</Box>
						{lead ? (
							<WrappedText text={lead.headline} width={columns - width - 6} {...tones[statusTones[status]]} />
						) : (
							<Text
								wrap={wrapsNotes ? 'wrap' : 'truncate-end'}
								{...(status === 'pending' || status === 'skipped' ? tones.dim : {})}
							>
								{wrapsNotes ? wrapNote(note, width, columns).join('\n') : note}
							</Text>
						)}
					</Box>
					{lead ? <FindingBody finding={lead} indent={indent} brief={brief} /> : null}
					{findings.map(finding => (
						<FindingDetails
							key={`${finding.code} ${finding.headline}`}
							finding={finding}
							indent={lead ? indent : 4}
							brief={brief}
						/>
					))}
				</Box>
			))}
		</Box>
	)
}

/** Rows that the list takes in a window of `columns` columns. */
export function measureCheckList(
	rows: readonly CheckListRow[],
	columns: number,
	{ brief = false, wrapsNotes = false }: Omit<CheckListProps, 'rows'> = {},
): number {
	const width = measureLabels(rows)
	const indent = getDetailIndent(width, columns)
	return layOutRows(rows, columns).reduce((sum, { note, lead, findings }) => {
		const body = lead ? measureFinding({ ...lead, headline: '' }, columns, { indent: indent - 2, brief }) - 1 : 0
		const text = lead?.headline ?? (wrapsNotes ? note : '')
		const head = wrapNote(text, width, columns).length
		return findings.reduce(
			(all, one) => all + measureFinding(one, columns, { indent: lead ? indent : 4, brief }),
			sum + head + body,
		)
	}, 0)
}

function wrapNote(note: string, labelWidth: number, columns: number): string[] {
	return wrap(note, columns - labelWidth - 6, { breakWords: true })
}

type LaidOutRow = Omit<CheckListRow, 'findings'> & {
	/** The finding whose headline is the note. */
	readonly lead: DescribedFinding | null
	readonly findings: readonly DescribedFinding[]
}

function layOutRows(rows: readonly CheckListRow[], columns: number): LaidOutRow[] {
	const lines: LaidOutRow[] = []
	for (const { label, status, note, findings = [] } of rows) {
		const last = lines.at(-1)
		const isSkipped = status === 'skipped' && findings.length === 0
		const text = isSkipped ? note || notChecked : note
		const shared = `${last?.label}, ${label}`
		const isLike = isSkipped && last?.status === 'skipped' && last.findings.length === 0 && last.note === text
		if (last && isLike && shared.length + text.length + 6 <= columns) {
			lines[lines.length - 1] = { ...last, label: shared }
			continue
		}
		const lead = note === '' && status === 'failed' ? (findings[0] ?? null) : null
		lines.push({
			label,
			status,
			note: text,
			lead,
			findings: lead ? findings.slice(1) : findings,
		})
	}
	return lines
}

const notChecked = 'not checked'

/** Cells for the labels; a row that several skipped checks share may be longer. */
function measureLabels(rows: readonly CheckListRow[]): number {
	return Math.max(0, ...rows.map(row => row.label.length))
}

/** Details are below the note, or nearer to the edge in a narrow window. */
function getDetailIndent(labelWidth: number, columns: number): number {
	return columns < 60 ? 4 : labelWidth + 6
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
