import { Box } from 'ink'
import { describe } from '../../findings/finding.ts'
import { choicesOf, questionOf } from '../../flow/questions.ts'
import type { CheckRow } from '../../setup/verify.ts'
import { CheckList } from '../components/check-list.tsx'
import { useWindow } from '../window.ts'
import { Choices } from './choices.tsx'
import type { ScreenProps } from './screen-props.ts'
import { StepFrame } from './step-frame.tsx'

export function RunChecks({ state, send, roomy }: ScreenProps) {
	const { screen } = state
	const { rows: height, columns } = useWindow()
	if (screen.step !== 'checks') return null
	const done = screen.is === 'done'
	// The question, the hints and the choices need their lines; blank lines go before any words do.
	const room = height - 1 - 2 - choicesOf(state).length
	const airy = roomy && linesOf(screen.rows, columns, false) + 4 <= room
	const brief = linesOf(screen.rows, columns, false) > room
	return (
		<StepFrame question={questionOf(state)} send={send} roomy={airy}>
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
				<Box marginTop={airy ? 1 : 0}>
					<Choices state={state} send={send} />
				</Box>
			) : null}
		</StepFrame>
	)
}

/** How many lines the rows take; `brief` without the reasons of what was found. */
function linesOf(rows: readonly CheckRow[], columns: number, brief: boolean): number {
	const lines = (text: string, indent: number) => wrapped(text, Math.max(8, columns - indent))
	return rows.reduce((sum, row) => {
		const found = row.findings.map(describe).map(({ headline, reason, remedy }) => {
			const why = brief || reason === '' ? 0 : lines(reason, 6)
			return lines(headline, 6) + why + remedy.reduce((all, step) => all + lines(step, 8), 0)
		})
		return sum + 1 + found.reduce((all, one) => all + one, 0)
	}, 0)
}

/** How many lines a text takes, broken between words. */
function wrapped(text: string, width: number): number {
	let lines = 1
	let at = 0
	for (const word of text.split(' ')) {
		if (at > 0 && at + 1 + word.length > width) {
			lines++
			at = 0
		}
		at += (at > 0 ? 1 : 0) + word.length
		lines += Math.floor(Math.max(0, at - 1) / width)
		at = at > width ? ((at - 1) % width) + 1 : at
	}
	return lines
}
