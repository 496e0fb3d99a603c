import chalk from 'chalk'
import { Box, Text, Transform, useStdout } from 'ink'
import { useContext } from 'react'
import { activeBindings, type Binding, helpKeys, hintKeys, isTyping, KeyboardContext } from '../bindings.ts'
import { type Marks, tones, useTerminal } from '../theme.ts'
import { padded } from './rows.tsx'

export type KeyHintsProps = {
	/** Bindings to name; all that keys reach now where not given. */
	readonly bindings?: readonly Binding[]
}

/** One quiet line with the keys of the screen, made from the bindings that the code obeys. */
export function KeyHints({ bindings }: KeyHintsProps) {
	const { columns, marks } = useTerminal()
	const keyboard = useContext(KeyboardContext)
	const { stdout } = useStdout()
	const line = () => {
		// The window may be narrower already than this component knows.
		const room = Math.min(columns, ('columns' in stdout && Number(stdout.columns)) || columns) - 2
		const named = bindings ?? (keyboard ? activeBindings(keyboard) : [])
		return hintLine(named, marks, room, bindings === undefined && keyboard !== null && !isTyping(keyboard))
	}
	// The line is made when the frame is drawn, not when this component is: by then all bindings of the new screen are
	// known, so no frame shows those of the last.
	return (
		<Box paddingLeft={2}>
			<Transform accessibilityLabel={line()} transform={() => chalk.dim(line())}>
				<Text wrap="truncate-end">{' '.repeat(Math.max(1, columns - 3))}.</Text>
			</Transform>
		</Box>
	)
}

/** The hints as text of at most `room` cells; the last ones (back, keys, leave) stay when some have to go. */
export function hintLine(bindings: readonly Binding[], marks: Marks, room: number, hasHelp: boolean): string {
	const hints = bindings
		.filter(binding => binding.hint !== false)
		.map(binding => `${hintKeys(binding, marks)} ${binding.label}`)
	if (hasHelp) hints.splice(Math.max(0, hints.length - 1), 0, '? keys')
	const between = ` ${marks.dot} `
	while (hints.length > 1 && hints.join(between).length > room) hints.splice(Math.max(0, hints.length - 4), 1)
	return hints.join(between).slice(0, room)
}

/** All keys of the screen, a line each; shown by `?`. */
export function KeyHelp() {
	const { marks, rows, columns } = useTerminal()
	const keyboard = useContext(KeyboardContext)
	const lines = (keyboard ? activeBindings(keyboard) : []).map(binding => ({
		keys: helpKeys(binding, marks),
		what: binding.help ?? binding.label,
	}))
	const width = Math.min(Math.max(0, ...lines.map(line => line.keys.length)), Math.floor(columns / 2))
	const room = Math.max(1, rows - 5)
	return (
		<Box flexDirection="column" paddingLeft={2}>
			<Text {...tones.strong}>Keys</Text>
			{lines.slice(0, room).map(line => (
				<Text key={line.keys} wrap="truncate-end">
					<Text {...tones.accent}>{padded(line.keys, width)}</Text>
					{'   '}
					{line.what}
				</Text>
			))}
			<Text> </Text>
			<Text {...tones.quiet}>any key closes</Text>
		</Box>
	)
}
