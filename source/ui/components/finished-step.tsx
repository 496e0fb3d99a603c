import { Box, Text } from 'ink'
import { tones, useTerminal } from '../theme.ts'
import { padded } from './rows.tsx'

export type FinishedStepProps = { readonly label: string; readonly answer: string }

/** Cells for the label, so that the answers of all steps stand under each other. */
const labelWidth = 11

/** A step that has its answer, in one line. */
export function FinishedStep({ label, answer }: FinishedStepProps) {
	const { marks } = useTerminal()
	return (
		<Box>
			<Box flexShrink={0}>
				<Text {...tones.good} aria-label="done:">
					{marks.good}{' '}
				</Text>
			</Box>
			<Box flexShrink={0}>
				<Text>{padded(label, labelWidth)} </Text>
			</Box>
			<Text {...tones.quiet} wrap="truncate-end">
				{answer}
			</Text>
		</Box>
	)
}
