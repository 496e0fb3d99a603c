import { Box } from 'ink'
import { useMemo, useState } from 'react'
import { describeFinding, describeFindings } from '../../findings/describe.ts'
import { condenseDiff } from '../../mux/settings/condense-diff.ts'
import { getProviderTitle } from '../../providers.ts'
import type { Plan } from '../../setup/plan.ts'
import { wrap } from '../../terminal/wrap.ts'
import { describeSignIn, getFixLabels, getHost, getPrompt } from '../../wizard/prompts.ts'
import { Spinner } from '../components/check-list.tsx'
import { Diff, type DiffLineProps } from '../components/diff.tsx'
import { Findings } from '../components/finding.tsx'
import { useBindings } from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { type Symbols, severityTones, useTheme } from '../theme.ts'
import { useTerminalSize } from '../use-terminal-size.ts'
import type { ScreenProps } from './screen-props.ts'
import { measureChoices, SelectChoice } from './select-choice.tsx'
import { StepFrame, wrapQuestion } from './step-frame.tsx'

export function ReviewScreen(props: ScreenProps) {
	const { state, send, compact } = props
	const { phase } = state
	const { rows } = useTerminalSize()
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
					<Findings findings={phase.findings.map(describeFinding)} rows={Math.max(2, rows - 5 - (compact ? 0 : 4))} />
					<Box marginTop={compact ? 0 : 1}>
						<SelectChoice state={state} send={send} />
					</Box>
				</StepFrame>
			)
		case 'edit':
		case 'storage':
			return (
				<StepFrame question={getPrompt(state)} send={send} compact={compact}>
					<SelectChoice state={state} send={send} notesBelow={phase.status === 'storage'} hasRoom />
				</StepFrame>
			)
		case 'confirm':
			return <Reviewing {...props} plan={phase.plan} changedMeanwhile={phase.notice === 'changed-meanwhile'} />
	}
}

const diffKinds = { same: 'same', added: 'add', removed: 'remove', skipped: 'gap' } as const

/** With fewer rows than this a diff is hard to follow: blank lines are dropped first. */
const readableDiff = 6

/** Cells for the present value of a provider, however narrow the window. */
const leastBefore = 8

/** Notes that need more lines than this scroll with the diff. */
const mostNotes = 3

function Reviewing(props: ScreenProps & { plan: Plan; changedMeanwhile: boolean }) {
	const { state, send, compact, taken, plan, changedMeanwhile } = props
	const { symbols, tones } = useTheme()
	const { rows, columns } = useTerminalSize()
	const [isWhole, setWhole] = useState(false)
	const question = getPrompt(state)
	const diff = useMemo(() => diffLines(isWhole ? plan.diff : condenseDiff(plan.diff)), [plan, isWhole])
	const { header, lines } = arrange(
		diff,
		factsOf(state, plan, columns, symbols),
		notesOf(state, plan, columns, symbols),
		compact ? 0 : Math.max(3, Math.floor(rows / 5)),
	)
	const above = header.length + (changedMeanwhile ? 1 : 0)
	// The question, the text above the diff, the choices and the hints; then the blank lines between them.
	const around = taken + wrapQuestion(question, columns).length + above + measureChoices(state, columns, rows) + 1
	const blanks = above > 0 ? 5 : 4
	const roomIn = (fixed: number) => Math.max(2, rows - 1 - around - fixed)
	const spaced = !compact && roomIn(blanks) >= Math.min(readableDiff, lines.length)
	const apart = !compact && above > 0
	const toggle = { keys: ['d'], label: isWhole ? 'short diff' : 'whole diff', action: () => setWhole(!isWhole) }
	const back = { keys: ['esc'], label: 'back', help: 'back to the choices', action: () => setWhole(false) }
	useBindings([toggle], { isActive: !plan.unchanged })
	useBindings([back], { isActive: isWhole })
	if (isWhole) {
		return (
			<StepFrame question={question} send={send} compact={compact} canGoBack={false}>
				<Diff lines={diff} height={Math.max(2, rows - 1 - (compact ? 2 : 5))} isAlone />
			</StepFrame>
		)
	}
	return (
		<StepFrame question={question} send={send} compact={!spaced}>
			{changedMeanwhile ? (
				<Text {...tones.warning} wrap="truncate-end">
					{'  '}
					{symbols.warning} The file has changed, so nothing was written. Review the change again.
				</Text>
			) : null}
			{header.map(({ text, tone }) => (
				<Text key={text} wrap="truncate-end" {...(tone ? tones[tone] : {})}>
					{'  '}
					{text}
				</Text>
			))}
			{lines.length === 0 ? null : (
				<Box marginTop={apart ? 1 : 0} flexDirection="column">
					<Diff lines={lines} height={roomIn(spaced ? blanks : apart ? 1 : 0)} />
				</Box>
			)}
			<Box marginTop={spaced ? 1 : 0}>
				<SelectChoice state={state} send={send} />
			</Box>
		</StepFrame>
	)
}

/**
 * Shares the text between the rows above the diff, at most `most` of them about providers, and the lines that scroll:
 * notes before the diff, because they matter more, and the other providers after it.
 */
function arrange(diff: readonly DiffLineProps[], facts: Facts, notes: readonly DiffLineProps[], most: number) {
	const { changes, owner } = facts
	if (most === 0) return { header: [], lines: [...apart(notes), ...diff, ...apart([...changes, ...owner], 'before')] }
	const shown = changes.length <= most ? changes : changes.slice(0, most - 2)
	const others = changes.slice(shown.length)
	const more: DiffLineProps = { kind: 'note', tone: 'dim', text: `and ${others.length} more, below the diff` }
	const isShort = notes.length <= mostNotes
	return {
		header: [...shown, ...(others.length > 0 ? [more] : []), ...owner, ...(isShort ? notes : [])],
		lines: [...(isShort ? [] : apart(notes)), ...diff, ...apart(others, 'before')],
	}
}

/** Lines with a blank line between them and the diff. */
function apart(lines: readonly DiffLineProps[], blank: 'before' | 'after' = 'after'): readonly DiffLineProps[] {
	const empty: DiffLineProps = { kind: 'note', text: '' }
	if (lines.length === 0) return lines
	return blank === 'before' ? [empty, ...lines] : [...lines, empty]
}

type Facts = { readonly changes: readonly DiffLineProps[]; readonly owner: readonly DiffLineProps[] }

/** What changes for each provider, and as whom Mux will sign in. */
function factsOf(state: ScreenProps['state'], plan: Plan, columns: number, symbols: Symbols): Facts {
	const host = getHost(state)
	const isSame = (text: string) => text === `AI Bridge at ${host}`
	const changes = plan.changes.map(({ id, before, after }) => ({
		title: getProviderTitle(id),
		before,
		after: isSame(after) ? 'AI Bridge' : after,
		isKept: before === after,
	}))
	const widest = (texts: readonly string[], least = 0) => Math.max(...texts.map(text => text.length), least)
	const nameWidth = widest(
		changes.map(change => change.title),
		9,
	)
	// In a narrow window the present value gives way to the new one: it was on the first screen.
	const beforeRoom = Math.max(leastBefore, columns - nameWidth - 12 - widest(changes.map(change => change.after)))
	const moved = changes.filter(change => !change.isKept)
	const beforeWidth = Math.min(beforeRoom, widest(moved.map(change => change.before)))
	const rows = changes.map(({ title, before, after, isKept }) => {
		const name = `${title.padEnd(nameWidth)}   `
		if (isKept) return `${name}stays ${after}`
		return `${name}${cut(before, beforeRoom, symbols.ellipsis).padEnd(beforeWidth)}  ${symbols.arrow}  ${after}`
	})
	const account = describeSignIn(state)
	const owner = account ? [`${'Signed in'.padEnd(nameWidth)}   ${account}`] : []
	const asNotes = (texts: readonly string[]) => texts.map((text): DiffLineProps => ({ kind: 'note', text }))
	const fixed = getFixLabels(plan).map((label, row) => `${(row === 0 ? 'Fixed' : '').padEnd(nameWidth)}   ${label}`)
	return { changes: asNotes(rows), owner: asNotes([...owner, ...fixed]) }
}

function cut(text: string, room: number, ellipsis: string): string {
	return text.length <= room ? text : text.slice(0, room - 1) + ellipsis
}

/** The diff for the screen: skipped lines are marked between two parts, not before the first. */
function diffLines(diff: Plan['diff']): DiffLineProps[] {
	return diff.flatMap((line, index): DiffLineProps[] => {
		if (line.kind === 'skipped') return index === 0 ? [] : [{ kind: 'gap', text: '' }]
		const number = line.newLine ?? line.oldLine
		return [{ kind: diffKinds[line.kind], text: line.text, ...(number === null ? {} : { number }) }]
	})
}

/**
 * The conflicts that remain and what the deployment's answers showed, each once, in as many lines as they need. What
 * the change fixes isn't among them.
 */
function notesOf(state: ScreenProps['state'], plan: Plan, columns: number, symbols: Symbols): DiffLineProps[] {
	const findings = [...plan.findings, ...(state.lastCheck?.report.liveFindings ?? [])]
	return describeFindings(findings).flatMap(note => {
		const name = severityTones[note.severity]
		const tone = name === 'info' ? 'dim' : name
		return wrap(note.headline, columns - 4, { breakWords: true }).map(
			(text, line): DiffLineProps => ({ kind: 'note', tone, text: `${line === 0 ? symbols[name] : ' '} ${text}` }),
		)
	})
}
