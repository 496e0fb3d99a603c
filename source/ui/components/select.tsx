import { Box } from 'ink'
import SelectInput from 'ink-select-input'
import { scopePriority, useBindings } from '../key-bindings.ts'
import { Text } from '../text.tsx'
import { tones, useTerminal } from '../theme.ts'
import { measureRows, type Row, RowText, type RowWidths } from './rows.tsx'
import { formatHidden, getListWindow, useListCursor } from './use-list-cursor.ts'

export type SelectItem<Value> = Row & { readonly value: Value }

export type SelectProps<Value> = {
	readonly items: readonly SelectItem<Value>[]
	/** The row that is focused at first. */
	readonly index?: number
	readonly onChoose: (value: Value) => void
	readonly onHighlight?: (value: Value) => void
	readonly isActive?: boolean
	/** Rows shown at once; longer lists scroll. */
	readonly height?: number
}

/** A list with one answer: Enter selects the focused row. */
export function Select<Value>(props: SelectProps<Value>) {
	const { items, index = 0, onChoose, onHighlight, isActive = true } = props
	const { columns, rows, symbols } = useTerminal()
	const moved = (to: number) => {
		const item = items[to]
		if (item) onHighlight?.(item.value)
	}
	const { place, bindings } = useListCursor(items.length, symbols, index, moved)
	const choose = () => {
		const item = items[place.current]
		if (item) onChoose(item.value)
	}
	useBindings([...bindings, { keys: ['enter'], label: 'select', action: choose }], {
		isActive,
		order: scopePriority.control,
	})

	const { first, size, hidden } = getListWindow(place.current, items.length, props.height ?? rows - 4)
	const shown = items.slice(first, first + size)
	const widths = measureRows(items, columns - 6)
	// ink-select-input only draws: its digits select at once, and it knows neither Home nor End. It keeps its own
	// position after its first render, so each move creates a new one.
	return (
		<Box paddingLeft={2} flexDirection="column" aria-role="radiogroup">
			<SelectInput
				key={`${place.current}/${first}/${items.length}`}
				items={shown.map((item, row) => ({ label: item.label, value: first + row, row: item, widths }))}
				initialIndex={place.current - first}
				isFocused={false}
				indicatorComponent={isActive ? Pointer : NoPointer}
				itemComponent={ChoiceRow as never}
			/>
			{hidden ? <Text {...tones.dim}>{`  ${formatHidden(hidden, symbols)}`}</Text> : null}
		</Box>
	)
}

export function Pointer({ isSelected = false }: { isSelected?: boolean }) {
	const { symbols } = useTerminal()
	return (
		<Box flexShrink={0} marginRight={1}>
			<Text {...(isSelected ? tones.accent : {})} aria-label={isSelected ? 'here:' : '-'}>
				{isSelected ? symbols.pointer : ' '}
			</Text>
		</Box>
	)
}

function NoPointer() {
	return <Pointer />
}

function ChoiceRow({ row, widths, isSelected }: { row: Row; widths: RowWidths; isSelected: boolean }) {
	return <RowText row={row} widths={widths} isFocused={isSelected} />
}
