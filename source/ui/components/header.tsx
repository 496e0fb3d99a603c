import { Box } from 'ink'
import { Text } from '../text.tsx'
import { tones, useTerminal } from '../theme.ts'

export type HeaderProps = {
	readonly title: string
	/** The steps' names, in order. */
	readonly steps?: readonly string[]
	/** Index of the open step. */
	readonly current?: number
}

/** The program's name with the progress dimmed beside it. */
export function Header({ title, steps = [], current = 0 }: HeaderProps) {
	return (
		<Box justifyContent="space-between" paddingX={2}>
			<Text {...tones.bold} wrap="truncate-end">
				{title}
			</Text>
			{steps.length > 0 ? (
				<Box flexShrink={0} marginLeft={2}>
					<StepTrail steps={steps} current={current} room={title.length + 6} />
				</Box>
			) : null}
		</Box>
	)
}

/**
 * The steps with the open one marked; in a narrow window only its number. `room`: cells that others use on the line.
 */
export function StepTrail({ steps, current, room = 0 }: { steps: readonly string[]; current: number; room?: number }) {
	const { columns, symbols } = useTerminal()
	const whole = steps.join(` ${symbols.dot} `)
	if (whole.length + room > columns) {
		const name = steps[current] ?? ''
		const count = `${current + 1}/${steps.length}`
		return <Text {...tones.dim}>{count.length + name.length + 1 + room > columns ? count : `${count} ${name}`}</Text>
	}
	return (
		<Text>
			{steps.map((step, index) => (
				<Text key={step}>
					{index > 0 ? <Text {...tones.dim}> {symbols.dot} </Text> : null}
					<Text {...(index === current ? tones.accent : tones.dim)}>{step}</Text>
				</Text>
			))}
		</Text>
	)
}
