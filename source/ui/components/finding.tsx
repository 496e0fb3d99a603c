import { Box } from 'ink'
import { useState } from 'react'
import { isCopyable, isUrl } from '../../findings/copyable.ts'
import type { DescribedFinding } from '../../findings/describe.ts'
import { wrap } from '../../terminal/wrap.ts'
import { useBindings } from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { severityTones, type Tone, tones, useTerminal } from '../theme.ts'
import { Link, LinkText } from './link.tsx'
import { WrappedText } from './wrapped-text.tsx'

export type FindingDetailsProps = {
	readonly finding: DescribedFinding
	/** Cells to its left. */
	readonly indent?: number
	/** Omits the reason: for low windows. */
	readonly brief?: boolean
}

/** One finding: what happened, why, and what to do. */
export function FindingDetails({ finding, indent = 2, brief = false }: FindingDetailsProps) {
	const { symbols, columns } = useTerminal()
	const severity = severityTones[finding.severity]
	const tone: Tone = severity === 'info' ? 'dim' : severity
	const width = columns - indent - 2
	return (
		<Box flexDirection="column">
			<Box paddingLeft={indent}>
				<Text {...tones[tone]} aria-label={`${finding.severity}:`}>
					{symbols[severity]}{' '}
				</Text>
				<WrappedText text={finding.headline} width={width} {...(severity === 'info' ? {} : tones[tone])} />
			</Box>
			<FindingBody finding={finding} indent={indent + 2} brief={brief} />
		</Box>
	)
}

/** What is below the headline of a finding: why, and what to do. */
export function FindingBody({ finding, indent = 4, brief = false }: FindingDetailsProps) {
	const { columns } = useTerminal()
	return (
		<>
			{brief || finding.reason === '' ? null : (
				<Box paddingLeft={indent}>
					<WrappedText text={finding.reason} width={columns - indent} />
				</Box>
			)}
			<Remedy steps={finding.remedy} indent={indent} />
		</>
	)
}

export type FindingsProps = {
	readonly findings: readonly DescribedFinding[]
	/** Rows that they may take. */
	readonly rows: number
}

/**
 * Findings in a limited number of rows. First the reasons are left out; if that isn't enough, the rest is reached by
 * scrolling, and its size is shown.
 */
export function Findings({ findings, rows }: FindingsProps) {
	const { symbols, columns } = useTerminal()
	const [top, setTop] = useState(0)
	const measure = (brief: boolean) =>
		findings.reduce((sum, finding) => sum + measureFinding(finding, columns, { brief }), 0)
	const brief = measure(false) > rows
	const height = measure(brief)
	const shown = Math.max(1, rows - 1)
	const last = Math.max(0, height - shown)
	const first = Math.min(top, last)
	const isScrollable = height > rows
	const page = Math.max(1, shown - 1)
	useBindings(
		[
			{
				keys: ['page-down'],
				label: 'more',
				hint: 'pgdn',
				help: 'more of the message',
				action: () => setTop(Math.min(first + page, last)),
			},
			{
				keys: ['page-up'],
				label: 'back up',
				hint: false,
				help: 'back up in the message',
				action: () => setTop(Math.max(first - page, 0)),
			},
		],
		{ isActive: isScrollable },
	)
	const list = findings.map(finding => (
		<FindingDetails key={`${finding.code} ${finding.subject}`} finding={finding} brief={brief} />
	))
	if (!isScrollable) return <Box flexDirection="column">{list}</Box>
	const below = last - first
	return (
		<Box flexDirection="column">
			<Box height={shown} overflowY="hidden" flexDirection="column">
				<Box marginTop={-first} flexDirection="column" flexShrink={0}>
					{list}
				</Box>
			</Box>
			<Text {...tones.dim} wrap="truncate-end">
				{'  '}
				{below > 0
					? `${symbols.down} ${below} more ${below === 1 ? 'line' : 'lines'} (pgdn)`
					: `${symbols.up} ${first} more ${first === 1 ? 'line' : 'lines'} (pgup)`}
			</Text>
		</Box>
	)
}

/** Rows that `FindingDetails` takes in a window of `columns` columns. */
export function measureFinding(finding: DescribedFinding, columns: number, { indent = 2, brief = false } = {}): number {
	const wrapped = (text: string, left: number) => wrap(text, columns - left, { breakWords: true }).length
	const copied = (text: string) => (text.length + indent + 4 <= columns ? 1 : Math.ceil(text.length / columns))
	const remedy = joinUrls(finding.remedy, columns - indent - 4).map(({ text, url }) =>
		url !== undefined ? 1 : isCopyable(text) || isUrl(text) ? copied(text) : wrapped(text, indent + 4),
	)
	return (
		wrapped(finding.headline, indent + 2) +
		(brief || finding.reason === '' ? 0 : wrapped(finding.reason, indent + 2)) +
		remedy.reduce((sum, rows) => sum + rows, 0)
	)
}

type RemedyLine = { readonly text: string; readonly url?: string }

/** The steps of a remedy; a URL follows its sentence ("Get a new one:") on the same line if both fit. */
function joinUrls(steps: readonly string[], room: number): RemedyLine[] {
	const lines: RemedyLine[] = []
	for (const step of steps) {
		const last = lines.at(-1)
		const joins = last?.url === undefined && last?.text.endsWith(':') && isUrl(step)
		if (last && joins && last.text.length + 1 + step.length <= room)
			lines[lines.length - 1] = { text: last.text, url: step }
		else lines.push({ text: step })
	}
	return lines
}

/**
 * What to do, one step a line. Anything to be copied is on a line of its own, outdented as far as needed to stay
 * unbroken.
 */
export function Remedy({ steps, indent }: { steps: readonly string[]; indent: number }) {
	const { symbols, columns } = useTerminal()
	return (
		<Box flexDirection="column">
			{joinUrls(steps, columns - indent - 2).map(({ text, url }) =>
				isUrl(text) ? (
					<Link key={text} url={text} indent={indent + 2} />
				) : isCopyable(text) ? (
					<Copyable key={text} text={text} indent={indent + 2} />
				) : (
					<Box key={text} paddingLeft={indent}>
						<Text {...tones.accent} aria-label="to do:">
							{symbols.arrow}{' '}
						</Text>
						{url === undefined ? (
							<WrappedText text={text} width={columns - indent - 2} />
						) : (
							<>
								<Text>{text} </Text>
								<LinkText url={url} />
							</>
						)}
					</Box>
				),
			)}
		</Box>
	)
}

/** Text that people copy: indented if it fits, else flush left. */
export function Copyable({ text, indent }: { text: string; indent: number }) {
	const { columns, windowColumns } = useTerminal()
	const width = text.length + indent > columns ? { width: windowColumns } : {}
	return (
		<Box flexShrink={0} paddingLeft={text.length + indent <= windowColumns ? indent : 0} {...width}>
			<Text {...tones.bold} wrap="hard">
				{text}
			</Text>
		</Box>
	)
}
