import { Box, Text } from 'ink'
import type { FinishedLine } from '../../flow/questions.ts'
import { tones, useTerminal } from '../theme.ts'
import { padded } from './rows.tsx'

export type FinishedStepProps = FinishedLine

/** Cells for the label, so that the answers of all steps stand under each other. */
const labelWidth = 11

/** A step that has its answer, in one line. */
export function FinishedStep({ label, answer, warned = false }: FinishedStepProps) {
	const { marks } = useTerminal()
	return (
		<Box>
			<Box flexShrink={0}>
				<Text {...(warned ? tones.warning : tones.good)} aria-label={warned ? 'done, with a problem:' : 'done:'}>
					{warned ? marks.warning : marks.good}{' '}
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
