import { Box } from 'ink'
import { scopePriority, useBindings } from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { tones, useTerminal } from '../theme.ts'
import { measureRows, type Row, RowText } from './rows.tsx'
import { Pointer } from './select.tsx'
import { formatHidden, getListWindow, useListCursor } from './use-list-cursor.ts'

export type MultiSelectItem<Value> = Row & { readonly value: Value; readonly selected: boolean }

export type MultiSelectProps<Value> = {
	readonly items: readonly MultiSelectItem<Value>[]
	readonly onToggle: (value: Value) => void
	readonly onToggleAll: () => void
	readonly onSubmit: () => void
	readonly isActive?: boolean
	/** Rows shown at once; longer lists scroll. */
	readonly height?: number
}

/** A list in which any number of items can be selected. */
export function MultiSelect<Value>({
	items,
	onToggle,
	onToggleAll,
	onSubmit,
	isActive = true,
	height,
}: MultiSelectProps<Value>) {
	const { columns, rows, symbols } = useTerminal()
	const { place, bindings } = useListCursor(items.length, symbols)
	const toggle = () => {
		const item = items[place.current]
		if (item) onToggle(item.value)
	}
	useBindings(
		[
			{ keys: ['space'], label: 'select', help: 'select or deselect the row', action: toggle },
			{ keys: ['a'], label: 'all', help: 'select all, or none if all are selected', action: onToggleAll },
			{ keys: ['enter'], label: 'continue', action: onSubmit },
			...bindings.map(binding => ({ ...binding, hint: false })),
		],
		{ isActive, order: scopePriority.control },
	)
	const { first, size, hidden } = getListWindow(place.current, items.length, height ?? rows - 4)
	const boxWidth = symbols.checked.length + 1
	const widths = measureRows(items, columns - 6 - boxWidth)
	return (
		<Box flexDirection="column" paddingLeft={2}>
			{items.slice(first, first + size).map((item, row) => {
				const isHere = isActive && first + row === place.current
				return (
					<Box key={item.label} aria-role="checkbox" aria-state={{ checked: item.selected }}>
						<Pointer isSelected={isHere} />
						<Box flexShrink={0} width={boxWidth}>
							<Text {...(item.selected ? tones.success : {})} aria-hidden>
								{item.selected ? symbols.checked : symbols.unchecked}
							</Text>
						</Box>
						<RowText row={item} widths={widths} isFocused={isHere} />
					</Box>
				)
			})}
			{hidden ? <Text {...tones.dim}>{`  ${formatHidden(hidden, symbols)}`}</Text> : null}
		</Box>
	)
}
