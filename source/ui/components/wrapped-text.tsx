// Sentences that take as many rows as they need. Ink's own wrapping leaves the space at the start of the next row.

import { wrap } from '../../terminal/wrap.ts'
import { Text } from '../text.tsx'

/** A paragraph of at most `width` cells a row. */
export function WrappedText({
	text,
	width,
	...style
}: {
	text: string
	width: number
	color?: string
	dimColor?: boolean
}) {
	return <Text {...style}>{wrap(text, width, { breakWords: true }).join('\n')}</Text>
}
