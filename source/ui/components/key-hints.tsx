import chalk from 'chalk'
import { Box, Text, Transform, useStdout } from 'ink'
import { useContext } from 'react'
import {
	activeBindings,
	type Binding,
	helpKeys,
	hintKeys,
	isTyping,
	type Keyboard,
	KeyboardContext,
} from '../bindings.ts'
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

/** Which hints are given up first where the line is too short: a higher number goes earlier. */
const dispensable: Readonly<Record<string, number>> = { enter: 1, '?': 2, space: 3, esc: 4, 'ctrl+c': 6, up: 7 }
const others = 5

/** The hints as text of at most `room` cells. */
export function hintLine(bindings: readonly Binding[], marks: Marks, room: number, hasHelp: boolean): string {
	const hints = bindings
		.filter(binding => binding.hint !== false)
		.map(binding => ({
			text: `${hintKeys(binding, marks)} ${binding.label}`,
			rank: dispensable[binding.keys[0] ?? ''] ?? others,
		}))
	if (hasHelp) hints.splice(Math.max(0, hints.length - 1), 0, { text: '? keys', rank: dispensable['?'] as number })
	while (true) {
		for (const between of [` ${marks.dot} `, '  ']) {
			const line = hints.map(hint => hint.text).join(between)
			if (line.length <= room) return line
		}
		if (hints.length <= 1) return (hints[0]?.text ?? '').slice(0, Math.max(0, room))
		const first = Math.max(...hints.map(hint => hint.rank))
		hints.splice(
			hints.findLastIndex(hint => hint.rank === first),
			1,
		)
	}
}

/** The list of keys as pages that fit into a window of `rows` rows. */
export function helpPages(keyboard: Keyboard, marks: Marks, rows: number): { keys: string; what: string }[][] {
	const lines = activeBindings(keyboard).map(binding => ({
		keys: helpKeys(binding, marks),
		what: binding.help ?? binding.label,
	}))
	const room = Math.max(1, rows - 5)
	const pages = []
	for (let first = 0; first < lines.length; first += room) pages.push(lines.slice(first, first + room))
	return pages
}

/** All keys of the screen, a line each; shown by `?`. */
export function KeyHelp({ page }: { page: number }) {
	const { marks, rows, columns } = useTerminal()
	const keyboard = useContext(KeyboardContext)
	const pages = keyboard ? helpPages(keyboard, marks, rows) : []
	const widest = Math.max(0, ...pages.flat().map(line => line.keys.length))
	const width = Math.min(widest, Math.floor(columns / 2))
	return (
		<Box flexDirection="column" paddingLeft={2}>
			<Text {...tones.strong}>Keys</Text>
			{(pages[page] ?? []).map(line => (
				<Text key={line.keys} wrap="truncate-end">
					<Text {...tones.accent}>{padded(line.keys, width)}</Text>
					{'   '}
					{line.what}
				</Text>
			))}
			<Text> </Text>
			<Text {...tones.quiet}>{page + 1 < pages.length ? 'any key: more' : 'any key closes'}</Text>
		</Box>
	)
}
