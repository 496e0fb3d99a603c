import { Box } from 'ink'
import { describe } from '../../findings/finding.ts'
import { questionOf } from '../../flow/questions.ts'
import type { CheckRow } from '../../setup/verify.ts'
import { CheckList } from '../components/check-list.tsx'
import { useWindow } from '../window.ts'
import { Choices } from './choices.tsx'
import type { ScreenProps } from './screen-props.ts'
import { StepFrame } from './step-frame.tsx'

export function RunChecks({ state, send, roomy }: ScreenProps) {
	const { screen } = state
	const { rows: height } = useWindow()
	if (screen.step !== 'checks') return null
	const done = screen.is === 'done'
	const brief = !roomy || linesOf(screen.rows) > height - 12
	return (
		<StepFrame question={questionOf(state)} send={send} roomy={roomy}>
			<CheckList
				brief={brief}
				rows={screen.rows.map(row => ({
					label: row.label,
					state: row.state,
					note: row.note,
					findings: row.findings.map(describe),
				}))}
			/>
			{done ? (
				<Box marginTop={roomy ? 1 : 0}>
					<Choices state={state} send={send} />
				</Box>
			) : null}
		</StepFrame>
	)
}

/** About how many lines the rows take with all their words. */
function linesOf(rows: readonly CheckRow[]): number {
	return rows.reduce(
		(sum, row) => sum + 1 + row.findings.reduce((lines, found) => lines + 2 + describe(found).remedy.length, 0),
		0,
	)
}
