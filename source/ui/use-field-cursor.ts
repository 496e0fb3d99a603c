// Shows the terminal's own cursor in a text field: input methods open their window there, and magnifiers follow it.
import { type DOMElement, useCursor } from 'ink'
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** Shows the cursor `column` cells from the left edge of the box with the returned ref. */
export function useFieldCursor(column: number): RefObject<DOMElement | null> {
	const box = useRef<DOMElement>(null)
	const { setCursorPosition } = useCursor()
	const [origin, setOrigin] = useState<{ x: number; y: number } | null>(null)
	// The layout is known after the first drawing only; later it rarely changes.
	useLayoutEffect(() => {
		const now = measureOrigin(box.current)
		if (now?.x !== origin?.x || now?.y !== origin?.y) setOrigin(now)
	})
	setCursorPosition(origin ? { x: origin.x + column, y: origin.y } : undefined)
	return box
}

/** The element's place in the frame; null if it isn't visible. Ink measures elements relative to their parents only. */
function measureOrigin(element: DOMElement | null): { x: number; y: number } | null {
	let [x, y] = [0, 0]
	for (let node: DOMElement | undefined = element ?? undefined; node; node = node.parentNode) {
		x += node.yogaNode?.getComputedLeft() ?? 0
		y += node.yogaNode?.getComputedTop() ?? 0
	}
	return element && y >= 0 ? { x, y } : null
}
