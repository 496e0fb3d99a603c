// What every step has: the question on top, the keys at the bottom, Esc to go back.
import { Box } from 'ink'
import type { ReactNode } from 'react'
import { wrap } from '../../terminal/wrap.ts'
import type { WizardEvent } from '../../wizard/state.ts'
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
	return (
		<Box flexDirection="column">
			<Box marginTop={gap} marginBottom={gap}>
				<Box flexShrink={0}>
					<Text {...tones.accent}>{symbols.pointer} </Text>
				</Box>
				<Text {...tones.bold}>{wrap(question, columns - 2, { breakWords: true }).join('\n')}</Text>
			</Box>
			{children}
			<Box marginTop={gap}>
				<KeyHints />
			</Box>
		</Box>
	)
}
