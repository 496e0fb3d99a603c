import { Box } from 'ink'
import { useState } from 'react'
import { isCopyable, isUrl } from '../../findings/copyable.ts'
import type { DescribedFinding } from '../../findings/describe.ts'
import { wrap } from '../../terminal/wrap.ts'
import { useBindings } from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { severityTones, type Tone, tones, useTerminal } from '../theme.ts'
import { Link } from './link.tsx'
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
			{brief || finding.reason === '' ? null : (
				<Box paddingLeft={indent + 2}>
					<WrappedText text={finding.reason} width={width} />
				</Box>
			)}
			<Remedy steps={finding.remedy} indent={indent + 2} />
		</Box>
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
			<Box height={shown} overflow="hidden" flexDirection="column">
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
	const remedy = finding.remedy.map(step =>
		isCopyable(step) || isUrl(step) ? copied(step) : wrapped(step, indent + 4),
	)
	return (
		wrapped(finding.headline, indent + 2) +
		(brief || finding.reason === '' ? 0 : wrapped(finding.reason, indent + 2)) +
		remedy.reduce((sum, rows) => sum + rows, 0)
	)
}

/**
 * What to do, one step a line. Anything to be copied is on a line of its own, outdented as far as needed to stay
 * unbroken.
 */
export function Remedy({ steps, indent }: { steps: readonly string[]; indent: number }) {
	const { symbols, columns } = useTerminal()
	return (
		<Box flexDirection="column">
			{steps.map(step =>
				isUrl(step) ? (
					<Link key={step} url={step} indent={indent + 2} />
				) : isCopyable(step) ? (
					<Copyable key={step} text={step} indent={indent + 2} />
				) : (
					<Box key={step} paddingLeft={indent}>
						<Text {...tones.accent} aria-label="to do:">
							{symbols.arrow}{' '}
						</Text>
						<WrappedText text={step} width={columns - indent - 2} />
					</Box>
				),
			)}
		</Box>
	)
}

/** Text that people copy: indented if it fits, else flush left. */
export function Copyable({ text, indent }: { text: string; indent: number }) {
	const { columns } = useTerminal()
	return (
		<Box paddingLeft={text.length + indent <= columns ? indent : 0}>
			<Text {...tones.bold} wrap="hard">
				{text}
			</Text>
		</Box>
	)
}
