import { Box } from 'ink'
import { useMemo } from 'react'
import { describeFinding } from '../../findings/describe.ts'
import { getProviderTitle } from '../../providers.ts'
import type { Plan } from '../../setup/plan.ts'
import { getChoices, getPrompt } from '../../wizard/prompts.ts'
import { Spinner } from '../components/check-list.tsx'
import { Diff, type DiffLineProps } from '../components/diff.tsx'
import { FindingDetails } from '../components/finding.tsx'
import { Text } from '../text.tsx'
import { useTheme } from '../theme.ts'
import { useTerminalSize } from '../use-terminal-size.ts'
import type { ScreenProps } from './screen-props.ts'
import { SelectChoice } from './select-choice.tsx'
import { StepFrame } from './step-frame.tsx'

export function ReviewScreen(props: ScreenProps) {
	const { state, send, compact } = props
	const { phase } = state
	if (phase.step !== 'review') return null
	switch (phase.status) {
		case 'planning':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact}>
					<Spinner text="reading the settings file …" />
				</StepFrame>
			)
		case 'error':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact}>
					{phase.findings.map(issue => (
						<FindingDetails key={issue.code} finding={describeFinding(issue)} />
					))}
					<Box marginTop={compact ? 0 : 1}>
						<SelectChoice state={state} send={send} />
					</Box>
				</StepFrame>
			)
		case 'edit':
		case 'storage':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact}>
					<SelectChoice state={state} send={send} notesBelow={phase.status === 'storage'} />
				</StepFrame>
			)
		case 'confirm':
			return <Reviewing {...props} plan={phase.plan} changedMeanwhile={phase.notice === 'changed-meanwhile'} />
	}
}

const diffKinds = { same: 'same', added: 'add', removed: 'remove', skipped: 'gap' } as const

/** The fixed lines around the diff: question, hints, and blank lines if there is room. */
const fixedLines = { spaced: 8, compact: 3 }

/** With fewer rows than this a diff is hard to follow: blank lines are dropped first. */
const readableDiff = 6

/** Cells for the present value of a provider, however narrow the window. */
const leastBefore = 8

function Reviewing(props: ScreenProps & { plan: Plan; changedMeanwhile: boolean }) {
	const { state, send, compact, taken, plan, changedMeanwhile } = props
	const { symbols, tones } = useTheme()
	const { rows, columns } = useTerminalSize()
	const notes = notesOf(state, plan)
	const shownNotes = notes.slice(0, compact ? 1 : 3)
	const lines = useMemo(() => diffLines(plan), [plan])
	const choices = getChoices(state).length
	// The diff needs its room: of many providers the first few are shown above it, with the number of the others.
	const most = Math.max(2, Math.floor(rows / 6))
	const shownChanges = compact ? [] : plan.changes.length > most ? plan.changes.slice(0, most - 1) : plan.changes
	const moreChanges = compact ? 0 : plan.changes.length - shownChanges.length
	const around =
		taken + shownChanges.length + (moreChanges > 0 ? 1 : 0) + shownNotes.length + choices + (changedMeanwhile ? 1 : 0)
	const roomIn = (fixed: number) => Math.max(2, rows - 1 - around - fixed)
	const spaced = !compact && roomIn(fixedLines.spaced) >= Math.min(readableDiff, lines.length)
	// A blank line separates the diff from the text above it.
	const apart = spaced || shownChanges.length > 0
	const height = roomIn(spaced ? fixedLines.spaced : fixedLines.compact + (apart ? 1 : 0))
	const widest = (texts: readonly string[], least = 0) => Math.max(...texts.map(text => text.length), least)
	const nameWidth = widest(
		shownChanges.map(change => getProviderTitle(change.id)),
		11,
	)
	// In a narrow window the present value gives way to the new one: it was on the first screen.
	const beforeRoom = Math.max(leastBefore, columns - nameWidth - 6 - widest(shownChanges.map(change => change.after)))
	const beforeWidth = Math.min(beforeRoom, widest(shownChanges.map(change => change.before)))
	return (
		<StepFrame question={getPrompt(state)} send={send} compact={!spaced}>
			{changedMeanwhile ? (
				<Text {...tones.warning} wrap="truncate-end">
					{'  '}
					{symbols.warning} The file has changed, so nothing was written. Review the change again.
				</Text>
			) : null}
			{shownChanges.map(change => (
				<Text key={change.id} wrap="truncate-end">
					{'  '}
					{getProviderTitle(change.id).padEnd(nameWidth)}{' '}
					{change.before === change.after ? (
						<>
							<Text {...tones.dim}>stays</Text> {change.after}
						</>
					) : (
						<>
							<Text {...tones.dim}>{cut(change.before, beforeRoom, symbols.ellipsis).padEnd(beforeWidth)}</Text>{' '}
							{symbols.arrow} {change.after}
						</>
					)}
				</Text>
			))}
			{moreChanges > 0 ? (
				<Text {...tones.dim}>
					{'  '}and {moreChanges} more
				</Text>
			) : null}
			{shownNotes.map(note => (
				<Text key={`${note.code} ${note.subject}`} wrap="truncate-end">
					{'  '}
					<Text {...(note.severity === 'info' ? tones.dim : tones.warning)}>
						{note.severity === 'info' ? symbols.info : symbols.warning} {note.headline}
					</Text>
				</Text>
			))}
			{plan.unchanged ? null : (
				<Box marginTop={apart ? 1 : 0}>
					<Diff lines={lines} height={height} />
				</Box>
			)}
			<Box marginTop={spaced ? 1 : 0}>
				<SelectChoice state={state} send={send} />
			</Box>
		</StepFrame>
	)
}

function cut(text: string, room: number, ellipsis: string): string {
	return text.length <= room ? text : text.slice(0, room - 1) + ellipsis
}

/** The diff for the screen: skipped lines are marked between two parts, not before the first. */
function diffLines(plan: Plan): DiffLineProps[] {
	return plan.diff.flatMap((line, index): DiffLineProps[] => {
		if (line.kind === 'skipped') return index === 0 ? [] : [{ kind: 'gap', text: '' }]
		const number = line.newLine ?? line.oldLine
		return [{ kind: diffKinds[line.kind], text: line.text, ...(number === null ? {} : { number }) }]
	})
}

/** The remaining conflicts and the findings of the checks, each once. */
function notesOf(state: ScreenProps['state'], plan: Plan) {
	const visited = new Set<string>()
	return [...plan.findings, ...(state.lastCheck?.report.findings ?? [])].map(describeFinding).filter(note => {
		const key = `${note.code} ${note.subject}`
		const fresh = !visited.has(key)
		visited.add(key)
		return fresh
	})
}
