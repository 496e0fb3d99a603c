import { Box, Text } from 'ink'
import { layerOrder, useBindings } from '../bindings.ts'
import { tones, useTerminal } from '../theme.ts'
import { Pointer } from './choice-list.tsx'
import { firstShown, usePointer } from './list.ts'
import { type Row, RowText, rowWidths } from './rows.tsx'

export type TickItem<Value> = Row & { readonly value: Value; readonly ticked: boolean }

export type TickListProps<Value> = {
	readonly items: readonly TickItem<Value>[]
	readonly onToggle: (value: Value) => void
	readonly onToggleAll: () => void
	readonly onSubmit: () => void
	readonly isActive?: boolean
	/** Rows shown at once; longer lists scroll. */
	readonly height?: number
}

/** A list with any number of answers. */
export function TickList<Value>({
	items,
	onToggle,
	onToggleAll,
	onSubmit,
	isActive = true,
	height,
}: TickListProps<Value>) {
	const { columns, rows, marks } = useTerminal()
	const { place, bindings } = usePointer(items.length, marks)
	const toggle = () => {
		const item = items[place.current]
		if (item) onToggle(item.value)
	}
	useBindings(
		[
			{ keys: ['space'], label: 'choose', help: 'tick or untick the row', action: toggle },
			{ keys: ['a'], label: 'all', help: 'tick all, or none if all are', action: onToggleAll },
			{ keys: ['enter'], label: 'continue', action: onSubmit },
			...bindings.map(binding => ({ ...binding, hint: false })),
		],
		{ isActive, order: layerOrder.control },
	)
	const limit = Math.max(1, Math.min(height ?? rows - 4, items.length))
	const first = firstShown(place.current, items.length, limit)
	const boxWidth = marks.ticked.length + 1
	const widths = rowWidths(items, columns - 6 - boxWidth)
	return (
		<Box flexDirection="column" paddingLeft={2}>
			{items.slice(first, first + limit).map((item, row) => {
				const isHere = isActive && first + row === place.current
				return (
					<Box key={item.label} aria-role="checkbox" aria-state={{ checked: item.ticked }}>
						<Pointer isSelected={isHere} />
						<Box flexShrink={0} width={boxWidth}>
							<Text {...(item.ticked ? tones.good : {})} aria-hidden>
								{item.ticked ? marks.ticked : marks.unticked}
							</Text>
						</Box>
						<RowText row={item} widths={widths} />
					</Box>
				)
			})}
		</Box>
	)
}
