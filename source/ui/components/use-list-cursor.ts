// Moving in a list: the same keys for select and multi-select.
import { useReducer, useRef } from 'react'
import type { Binding } from '../key-bindings.ts'
import type { Symbols } from '../theme.ts'

/**
 * The position in a list of `count` rows and the keys that move it. Digits only move: a token pasted on the wrong
 * screen must select nothing.
 */
export function useListCursor(
	count: number,
	symbols: Symbols,
	start = 0,
	onMove?: (index: number) => void,
): ListCursor {
	const place = useRef(start)
	const [, redraw] = useReducer((moves: number) => moves + 1, 0)
	place.current = Math.max(0, Math.min(place.current, count - 1))
	const move = (index: number) => {
		if (count === 0 || index === place.current) return
		place.current = index
		onMove?.(index)
		redraw()
	}
	const step = (by: number) => move((place.current + by + count) % count)
	return {
		place,
		bindings: [
			{
				keys: ['up', 'k'],
				label: 'move',
				hint: `${symbols.up}${symbols.down}`,
				help: 'previous row (wraps around)',
				action: () => step(-1),
			},
			{
				keys: ['down', 'j'],
				label: 'move',
				hint: false,
				help: 'next row (wraps around)',
				action: () => step(1),
			},
			{ keys: ['home'], label: 'first', hint: false, help: 'first row', action: () => move(0) },
			{ keys: ['end'], label: 'last', hint: false, help: 'last row', action: () => move(count - 1) },
			{
				keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
				label: 'go to row',
				hint: false,
				help: 'go to that row',
				action: keystroke => Number(keystroke.key) <= count && move(Number(keystroke.key) - 1),
			},
		],
	}
}

export type ListCursor = { readonly place: { readonly current: number }; readonly bindings: readonly Binding[] }

/** The part of a list that is visible in `height` rows, the last of which counts what isn't, if there is room for that. */
export type ListWindow = {
	readonly first: number
	readonly size: number
	/** Rows above and below; null if all are visible. */
	readonly hidden: { readonly above: number; readonly below: number } | null
}

/** The window of a list of `count` rows around the focused one. */
export function getListWindow(index: number, count: number, height: number): ListWindow {
	const limit = Math.max(1, height)
	if (count <= limit) return { first: 0, size: count, hidden: null }
	const size = limit > 3 ? limit - 1 : limit
	const first = Math.max(0, Math.min(index - Math.floor(size / 2), count - size))
	return { first, size, hidden: size < limit ? { above: first, below: count - size - first } : null }
}

/** "↑ 2 more · ↓ 12 more". */
export function formatHidden({ above, below }: NonNullable<ListWindow['hidden']>, symbols: Symbols): string {
	const parts = [above > 0 ? `${symbols.up} ${above} more` : '', below > 0 ? `${symbols.down} ${below} more` : '']
	return parts.filter(part => part !== '').join(` ${symbols.dot} `)
}
