import { Box, Text } from 'ink'
import type { DescribedFinding } from '../../findings/finding.ts'
import { severityTones, type Tone, tones, useTerminal } from '../theme.ts'
import { Link } from './link.tsx'

export type FindingViewProps = {
	readonly finding: DescribedFinding
	/** Cells to the left of it. */
	readonly indent?: number
	/** Leaves out the reason: for low windows. */
	readonly brief?: boolean
}

/** One finding: what is wrong, why, and what to do. */
export function FindingView({ finding, indent = 2, brief = false }: FindingViewProps) {
	const { marks } = useTerminal()
	const severity = severityTones[finding.severity]
	const tone: Tone = severity === 'info' ? 'quiet' : severity
	return (
		<Box flexDirection="column">
			<Box paddingLeft={indent}>
				<Box flexShrink={0}>
					<Text {...tones[tone]}>{marks[severity]} </Text>
				</Box>
				<Text {...(severity === 'info' ? {} : tones[tone])}>{finding.headline}</Text>
			</Box>
			{brief || finding.reason === '' ? null : (
				<Box paddingLeft={indent + 2}>
					<Text>{finding.reason}</Text>
				</Box>
			)}
			<Remedy steps={finding.remedy} indent={indent + 2} />
		</Box>
	)
}

/** What to do, a step a line. What is to be copied stands alone on its line, as far left as it must to be in one piece. */
export function Remedy({ steps, indent }: { steps: readonly string[]; indent: number }) {
	const { marks } = useTerminal()
	return (
		<Box flexDirection="column">
			{steps.map(step =>
				isUrl(step) ? (
					<Link key={step} url={step} indent={indent + 2} />
				) : isCommand(step) ? (
					<Copyable key={step} text={step} indent={indent + 2} />
				) : (
					<Box key={step} paddingLeft={indent}>
						<Box flexShrink={0}>
							<Text {...tones.accent}>{marks.arrow} </Text>
						</Box>
						<Text>{step}</Text>
					</Box>
				),
			)}
		</Box>
	)
}

/** Text that people copy: indented where it fits so, flush left where it does not. */
export function Copyable({ text, indent }: { text: string; indent: number }) {
	const { columns } = useTerminal()
	return (
		<Box paddingLeft={text.length + indent <= columns ? indent : 0}>
			<Text {...tones.strong} wrap="hard">
				{text}
			</Text>
		</Box>
	)
}

const isUrl = (step: string) => /^https?:\/\/\S+$/.test(step)
const isCommand = (step: string) =>
	/^(?:npx|npm|node|coder|mux|export|unset|set|setx|chmod|mv|cp|rm|ln|ssh|curl|source|eval|sudo|\$env:|Remove-Item)\s?\S*(?:\s|$)/.test(
		step,
	) && !/[.,;:]$|: /.test(step)
