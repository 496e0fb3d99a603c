// What every step has: the question on top, the keys at the bottom, Esc to go back.
import { Box } from 'ink'
import { type ReactNode, useContext } from 'react'
import { wrap } from '../../terminal/wrap.ts'
import type { WizardEvent } from '../../wizard/state.ts'
import { StepCounterContext } from '../components/header.tsx'
import { KeyHints } from '../components/key-hints.tsx'
import { type Binding, useBindings } from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { useTerminal, useTheme } from '../theme.ts'

export type StepFrameProps = {
	readonly question: string
	readonly send: (event: WizardEvent) => void
	readonly compact: boolean
	/** False if there is nothing to go back to. */
	readonly canGoBack?: boolean
	/** Bindings of the screen itself; lists and fields bring their own. */
	readonly bindings?: readonly Binding[]
	readonly children: ReactNode
}

/** The lines of a question. Beside one that fills its line, the step counter is left out. */
export function wrapQuestion(question: string, columns: number): string[] {
	return wrap(question, columns - 2, { breakWords: true })
}

const noBindings: readonly Binding[] = []

export function StepFrame(props: StepFrameProps) {
	const { question, send, compact, canGoBack = true, bindings = noBindings, children } = props
	const { symbols, tones } = useTheme()
	const { columns } = useTerminal()
	const back: Binding = {
		keys: ['esc', 'shift+tab'],
		label: 'back',
		help: 'go back one step; your answers are kept',
		action: () => send({ type: 'back' }),
	}
	useBindings(canGoBack ? [...bindings, back] : bindings)
	const gap = compact ? 0 : 1
	const counter = useContext(StepCounterContext)
	const margin = columns < 60 ? 0 : 2
	const hasCounter = counter !== '' && 2 + question.length + 3 + counter.length + margin <= columns
	return (
		<Box flexDirection="column" width={columns}>
			<Box marginTop={gap} marginBottom={gap} justifyContent="space-between">
				<Box>
					<Box flexShrink={0}>
						<Text {...tones.accent}>{symbols.pointer} </Text>
					</Box>
					<Text {...tones.bold}>{wrapQuestion(question, columns).join('\n')}</Text>
				</Box>
				{hasCounter ? (
					<Box flexShrink={0} marginRight={margin}>
						<Text {...tones.dim}>{counter}</Text>
					</Box>
				) : null}
			</Box>
			{children}
			<Box marginTop={gap}>
				<KeyHints />
			</Box>
		</Box>
	)
}
