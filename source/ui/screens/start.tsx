// The first screen: what was found, to be confirmed at once, or what is set up already with a menu.
import { Box } from 'ink'
import { describeFinding } from '../../findings/describe.ts'
import { getChoices, getPrompt, getStartRows, getStartTitle, type StartRow } from '../../wizard/prompts.ts'
import { CheckList, Spinner } from '../components/check-list.tsx'
import { Header } from '../components/header.tsx'
import { Text } from '../text.tsx'
import { useTerminal, useTheme } from '../theme.ts'
import type { ScreenProps } from './screen-props.ts'
import { SelectChoice } from './select-choice.tsx'
import { StepFrame } from './step-frame.tsx'

const introduction =
	"Mux will reach OpenAI and Anthropic through your company's Coder, with your Coder login instead of API keys."

export function StartScreen({ state, send, compact }: ScreenProps) {
	const { phase } = state
	const { rows, columns } = useTerminal()
	if (phase.step !== 'start') return null
	const checks = phase.status === 'checking' ? phase.rows : phase.status === 'menu' ? (phase.current?.rows ?? []) : []
	const listed = checks.map(row => ({
		label: row.label,
		status: row.status,
		note: row.note,
		findings: row.findings.map(describeFinding),
	}))
	const facts = getStartRows(state)
	const gap = compact ? 0 : 1
	const isIntroduced = phase.status === 'confirm' && rows >= 18
	// The header, the question, the choices, the hints, and the blank lines between them.
	const room = rows - 1 - 3 - getChoices(state).length - 4 * gap
	const isBrief = listed.reduce((lines, row) => lines + 1 + 4 * row.findings.length, 0) > room
	return (
		<Box flexDirection="column">
			<Box marginTop={gap}>
				<Header title={getStartTitle(state)} />
			</Box>
			{isIntroduced ? (
				<Box marginTop={1} paddingLeft={2} width={Math.min(columns, 80)}>
					<Text dimColor>{introduction}</Text>
				</Box>
			) : null}
			<Box marginTop={gap} flexDirection="column">
				{facts.map(row => (
					<Fact key={row.label} {...row} width={Math.max(...facts.map(each => each.text.length))} />
				))}
				{phase.status === 'looking' ? <Spinner text={`asking ${new URL(phase.deployment.origin).host} …`} /> : null}
				{phase.status === 'checking' && listed.length === 0 ? <Spinner text="checking …" /> : null}
				<CheckList
					rows={isBrief ? listed.map(row => ({ ...row, findings: row.findings.slice(0, 1) })) : listed}
					brief={isBrief}
				/>
			</Box>
			<StepFrame question={getPrompt(state)} send={send} compact={compact} canGoBack={false}>
				<SelectChoice state={state} send={send} />
			</StepFrame>
		</Box>
	)
}

/** A value with where it comes from; in a narrow window the source has a line of its own. */
function Fact({ label, text, note, width }: StartRow & { width: number }) {
	const { tones } = useTheme()
	const { columns } = useTerminal()
	const fits = (cells: number) => 10 + cells + 3 + note.length <= columns
	const isWide = fits(text.length)
	return (
		<Box flexDirection="column" paddingLeft={2}>
			<Text wrap="truncate-end">
				<Text {...tones.dim}>{label.padEnd(8)}</Text>
				{fits(width) ? text.padEnd(width) : text}
				{isWide ? <Text {...tones.dim}>{`   ${note}`}</Text> : null}
			</Text>
			{isWide ? null : (
				<Text {...tones.dim} wrap="truncate-end">
					{' '.repeat(8)}
					{note}
				</Text>
			)}
		</Box>
	)
}
