import { Box, Text } from 'ink'
import { isCopyable, isUrl } from '../../findings/copyable.ts'
import type { DescribedFinding } from '../../findings/describe.ts'
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
