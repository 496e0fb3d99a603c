import chalk from 'chalk'
import { Box, Transform, useStdout } from 'ink'
import { useContext } from 'react'
import { wrap } from '../../terminal/wrap.ts'
import {
	type Binding,
	formatHelpKeys,
	formatHintKeys,
	getActiveBindings,
	isTyping,
	type Keyboard,
	KeyboardContext,
} from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { type Symbols, tones, useTerminal } from '../theme.ts'
import { padCell } from './rows.tsx'

export type KeyHintsProps = {
	/** Bindings to show; by default all that are active now. */
	readonly bindings?: readonly Binding[]
}

/** A dim line with the keys of the screen, generated from the active bindings. */
export function KeyHints({ bindings }: KeyHintsProps) {
	const { columns, symbols } = useTerminal()
	const keyboard = useContext(KeyboardContext)
	const { stdout } = useStdout()
	const hints = () => {
		// The window may already be narrower than this component knows.
		const room = Math.min(columns, ('columns' in stdout && Number(stdout.columns)) || columns) - 2
		const named = bindings ?? (keyboard ? getActiveBindings(keyboard) : [])
		return chooseHints(named, symbols, room, bindings === undefined && keyboard !== null && !isTyping(keyboard))
	}
	// The line is made when the frame is drawn, not when this component is rendered: by then all bindings of the new
	// screen are known, so no frame shows those of the previous one.
	return (
		<Box paddingLeft={2}>
			<Transform accessibilityLabel={formatHints(hints())} transform={() => styleHints(hints())}>
				<Text wrap="truncate-end">{' '.repeat(Math.max(1, columns - 3))}.</Text>
			</Transform>
		</Box>
	)
}

/** Which hints are dropped first if the line is too short: a higher number is dropped earlier. */
const dispensable: Readonly<Record<string, number>> = {
	enter: 1,
	'?': 2,
	space: 3,
	esc: 4,
	'page-down': 4.5,
	'ctrl+c': 6,
	up: 7,
}
const others = 5

/** The hints of one line: each has its keys and what they do. */
type Hints = { readonly hints: readonly { readonly keys: string; readonly label: string }[]; readonly between: string }

const formatHints = ({ hints, between }: Hints): string =>
	hints.map(({ keys, label }) => `${keys} ${label}`.trimEnd()).join(between)

/** Keys are brighter than their words. */
const styleHints = ({ hints, between }: Hints): string =>
	hints.map(({ keys, label }) => keys + chalk.dim(` ${label}`.trimEnd())).join(chalk.dim(between))

/** The hints as text of at most `room` cells. */
export function hintLine(bindings: readonly Binding[], symbols: Symbols, room: number, hasHelp: boolean): string {
	return formatHints(chooseHints(bindings, symbols, room, hasHelp))
}

function chooseHints(bindings: readonly Binding[], symbols: Symbols, room: number, hasHelp: boolean): Hints {
	const hints = bindings
		.filter(binding => binding.hint !== false)
		.map(binding => ({
			keys: formatHintKeys(binding, symbols),
			label: binding.label,
			rank: dispensable[binding.keys[0] ?? ''] ?? others,
		}))
	if (hasHelp)
		hints.splice(Math.max(0, hints.length - 1), 0, { keys: '?', label: 'help', rank: dispensable['?'] as number })
	while (true) {
		for (const between of [` ${symbols.dot} `, '  ']) {
			if (formatHints({ hints, between }).length <= room) return { hints, between }
		}
		if (hints.length <= 1) {
			const rest = formatHints({ hints, between: '' }).slice(0, Math.max(0, room))
			return { hints: [{ keys: rest, label: '' }], between: '' }
		}
		const first = Math.max(...hints.map(hint => hint.rank))
		hints.splice(
			hints.findLastIndex(hint => hint.rank === first),
			1,
		)
	}
}

/**
 * With fewer cells than this beside the keys, their descriptions can't be read: only the first key of each is shown
 * then.
 */
const leastHelp = 30
const helpGap = 3

/** A row of the list of keys; a text that needs further rows has them below, without keys. */
type HelpRow = { readonly keys: string; readonly what: string }

/** The list of keys as pages of rows, for a window of this many rows and columns. */
export function helpPages(keyboard: Keyboard, symbols: Symbols, rows: number, columns: number): HelpRow[][] {
	const bindings = getActiveBindings(keyboard)
	const widthOf = (keys: readonly string[]) => Math.max(0, ...keys.map(text => text.length))
	const roomBeside = (keys: readonly string[]) => columns - 2 - widthOf(keys) - helpGap
	const all = bindings.map(binding => formatHelpKeys(binding, symbols))
	const keys = roomBeside(all) >= leastHelp ? all : all.map(text => text.slice(0, `${text} `.indexOf(' ')))
	const width = widthOf(keys)
	const pages: HelpRow[][] = [[]]
	const room = Math.max(1, rows - 5)
	for (const [index, binding] of bindings.entries()) {
		const lines = wrap(binding.help ?? binding.label, roomBeside(keys), { breakWords: true }).map((what, line) => ({
			keys: padCell(line === 0 ? (keys[index] ?? '') : '', width),
			what,
		}))
		const page = pages.at(-1) ?? []
		if (page.length > 0 && page.length + lines.length > room) pages.push(lines)
		else page.push(...lines)
	}
	return pages
}

/** All keys of the screen; shown by `?`. */
export function KeyHelp({ page }: { page: number }) {
	const { symbols, rows, columns } = useTerminal()
	const keyboard = useContext(KeyboardContext)
	const pages = keyboard ? helpPages(keyboard, symbols, rows, columns) : []
	return (
		<Box flexDirection="column" paddingLeft={2}>
			<Text {...tones.bold}>Keys</Text>
			{(pages[page] ?? []).map(({ keys, what }, row) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a page never changes
				<Text key={row} wrap="truncate-end">
					<Text {...tones.accent}>{keys}</Text>
					{' '.repeat(helpGap)}
					{what}
				</Text>
			))}
			<Text> </Text>
			<Text {...tones.dim}>{page + 1 < pages.length ? 'any key: more' : 'any key closes'}</Text>
		</Box>
	)
}
