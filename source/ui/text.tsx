import { Text as InkText, type TextProps } from 'ink'
import { Children, type ReactNode } from 'react'
import { sanitizeText } from '../terminal/sanitize.ts'

/** Ink's Text, sanitized: every text of the screens goes through it, whether or not it is the program's own. */
export function Text({ children, ...style }: TextProps) {
	return <InkText {...style}>{sanitizeChildren(children)}</InkText>
}

function sanitizeChildren(children: ReactNode): ReactNode {
	if (typeof children === 'string') return sanitizeRows(children)
	if (!Array.isArray(children)) return children
	// Neighbors are joined first: a token must not show because it is in two of them.
	const joined: ReactNode[] = []
	for (const child of Children.toArray(children)) {
		const isText = typeof child === 'string' || typeof child === 'number'
		if (isText && typeof joined.at(-1) === 'string') joined.push(`${joined.pop()}${child}`)
		else joined.push(isText ? String(child) : child)
	}
	return joined.map(child => (typeof child === 'string' ? sanitizeRows(child) : child))
}

/** Line feeds between the rows of wrapped text are the program's own. */
function sanitizeRows(text: string): string {
	return text.includes('\n') ? text.split('\n').map(sanitizeText).join('\n') : sanitizeText(text)
}
