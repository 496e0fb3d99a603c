import { Box } from 'ink'
import { useMemo, useReducer, useRef } from 'react'
import { scopePriority, useBindings } from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { type Tone, tones, useTerminal } from '../theme.ts'

export type DiffLineProps = {
	/** A `note` is a line about the diff, not of it. */
	readonly kind: 'same' | 'add' | 'remove' | 'gap' | 'note'
	readonly text: string
	/** The tone of a note. */
	readonly tone?: Tone
	/** Number of the line in the file. */
	readonly number?: number
}

export type DiffProps = {
	readonly lines: readonly DiffLineProps[]
	/** Rows to use, including the line with the position. */
	readonly height: number
	readonly isActive?: boolean
	/** The arrow keys scroll too: the diff is alone on the screen. */
	readonly isAlone?: boolean
}

/** Columns that a long line scrolls at a time. */
const sideStep = 16

const signs = { same: ' ', add: '+', remove: '-', gap: ' ', note: '' } as const
/** What a screen reader says instead of the sign. */
const spoken = { same: '', add: 'added: ', remove: 'removed: ', gap: 'left out: ', note: '' } as const
const lineTones = { same: {}, add: tones.success, remove: tones.error, gap: tones.dim, note: {} } as const

/**
 * A diff in a window of `height` rows. The arrows belong to the list below it, so it scrolls with PgUp and PgDn, and by
 * a line with `[` and `]` or Shift and the arrows. Lines that are wider than the window scroll sideways with ← and →.
 */
export function Diff({ lines, height, isActive = true, isAlone = false }: DiffProps) {
	const { symbols, columns } = useTerminal()
	const top = useRef(0)
	const left = useRef(0)
	const [, redraw] = useReducer((moves: number) => moves + 1, 0)
	const scrolls = lines.length > height
	const shown = scrolls ? Math.max(1, height - 1) : lines.length
	const last = lines.length - shown
	top.current = Math.max(0, Math.min(top.current, last))
	const move = (to: number) => {
		const next = Math.max(0, Math.min(to, last))
		if (next === top.current) return
		top.current = next
		redraw()
	}
	const numbered = columns >= 60 && lines.some(line => line.number !== undefined)
	const numberWidth = numbered ? String(Math.max(...lines.map(line => line.number ?? 0))).length + 1 : 0
	const room = Math.max(10, columns - 4 - numberWidth)
	const widest = useMemo(
		() =>
			lines.reduce(
				(most, line) => (line.kind === 'note' ? most : Math.max(most, Array.from(plainLine(line.text)).length)),
				0,
			),
		[lines],
	)
	const rightmost = Math.max(0, widest - room)
	left.current = Math.min(left.current, rightmost)
	const shift = (by: number) => {
		const next = Math.max(0, Math.min(left.current + by, rightmost))
		if (next === left.current) return
		left.current = next
		redraw()
	}
	useBindings(
		[
			{
				keys: ['right'],
				label: 'long lines',
				hint: `${symbols.left}${symbols.right}`,
				help: 'scroll the diff to the right',
				action: () => shift(sideStep),
			},
			{
				keys: ['left'],
				label: 'long lines',
				hint: false,
				help: 'scroll the diff to the left',
				action: () => shift(-sideStep),
			},
		],
		{ isActive: isActive && rightmost > 0, order: scopePriority.control },
	)
	useBindings(
		[
			{
				keys: ['page-down', 'ctrl+d', 'ctrl+f'],
				label: 'scroll',
				hint: 'pgup/pgdn',
				help: 'scroll the diff down a page',
				action: () => move(top.current + shown),
			},
			{
				keys: ['page-up', 'ctrl+u', 'ctrl+b'],
				label: 'scroll',
				hint: false,
				help: 'scroll the diff up a page',
				action: () => move(top.current - shown),
			},
			{
				keys: isAlone ? [']', 'shift+down', 'down'] : [']', 'shift+down'],
				label: 'scroll',
				hint: false,
				help: 'scroll the diff down a line',
				action: () => move(top.current + 1),
			},
			{
				keys: isAlone ? ['[', 'shift+up', 'up'] : ['[', 'shift+up'],
				label: 'scroll',
				hint: false,
				help: 'scroll the diff up a line',
				action: () => move(top.current - 1),
			},
		],
		{ isActive: isActive && scrolls, order: scopePriority.control },
	)
	const more = `${top.current > 0 ? symbols.up : ''}${top.current < last ? symbols.down : ''}`
	const counter = `lines ${top.current + 1}${symbols.dash}${top.current + shown} of ${lines.length} ${more}`
	// Padded, so that it doesn't move while the diff scrolls.
	const counterWidth = `lines ${last + 1}-${lines.length} of ${lines.length} ${symbols.up}${symbols.down}`.length
	return (
		<Box flexDirection="column">
			{lines.slice(top.current, top.current + shown).map((line, row) => (
				<Text
					// biome-ignore lint/suspicious/noArrayIndexKey: a row of the window stays the same row while the text moves through it
					key={row}
					{...(line.tone ? tones[line.tone] : lineTones[line.kind])}
					wrap="truncate-end"
					aria-label={spoken[line.kind] + plainLine(line.text)}
				>
					{'  '}
					{line.kind === 'note'
						? line.text
						: `${numbered ? `${(line.number ?? '').toString().padStart(numberWidth - 1)} ` : ''}${signs[line.kind]} ${
								line.kind === 'gap' ? symbols.ellipsis + line.text : fromColumn(plainLine(line.text), left.current)
							}`}
				</Text>
			))}
			{scrolls ? (
				<Box justifyContent="flex-end">
					<Text {...tones.dim} wrap="truncate-end">
						{counter.padEnd(counterWidth)}
					</Text>
				</Box>
			) : null}
		</Box>
	)
}

function fromColumn(text: string, column: number): string {
	return column === 0 ? text : Array.from(text).slice(column).join('')
}

/** A line of a file made safe for the screen: tabs as two spaces, other control characters as a dot. */
function plainLine(text: string): string {
	return text.replaceAll('\t', '  ').replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '.')
}
