import { Box } from 'ink'
import type { CompletedStepLine } from '../../wizard/prompts.ts'
import { Text } from '../text.tsx'
import { tones, useTerminal } from '../theme.ts'
import { padCell } from './rows.tsx'

export type CompletedStepProps = CompletedStepLine

/** Cells for the label, so that the answers of all steps are aligned. */
const labelWidth = 11

/** A completed step, in one line. */
export function CompletedStep({ label, answer, warned = false }: CompletedStepProps) {
	const { symbols } = useTerminal()
	return (
		<Box>
			<Box flexShrink={0}>
				<Text {...(warned ? tones.warning : tones.success)} aria-label={warned ? 'done, with a problem:' : 'done:'}>
					{warned ? symbols.warning : symbols.success}{' '}
				</Text>
			</Box>
			<Box flexShrink={0}>
				<Text>{padCell(label, labelWidth)} </Text>
			</Box>
			<Text {...tones.dim} wrap="truncate-end">
				{answer}
			</Text>
		</Box>
	)
}
