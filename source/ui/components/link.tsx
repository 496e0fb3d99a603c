import { Box, Transform } from 'ink'
import { formatHyperlink } from '../../terminal/hyperlinks.ts'
import { Text } from '../text.tsx'
import { tones, useTerminal } from '../theme.ts'

export type LinkProps = { readonly url: string; readonly indent?: number }

/**
 * A URL on a line of its own, unbroken as long as the window is wide enough, clickable if the terminal supports it.
 * Indented only if that doesn't break it.
 */
export function Link({ url, indent = 2 }: LinkProps) {
	const { columns, windowColumns } = useTerminal()
	// A long URL uses the whole window, rather than being broken at the width of the content.
	const width = url.length + indent > columns ? { width: windowColumns } : {}
	return (
		<Box flexShrink={0} paddingLeft={url.length + indent <= windowColumns ? indent : 0} {...width}>
			<LinkText url={url} />
		</Box>
	)
}

/** The URL itself, for a line that it shares. */
export function LinkText({ url }: { url: string }) {
	const { capabilities } = useTerminal()
	const text = (
		<Text {...tones.accent} underline={capabilities.colorLevel > 0} wrap="hard">
			{url}
		</Text>
	)
	return capabilities.hyperlinks ? <Transform transform={line => formatHyperlink(url, line)}>{text}</Transform> : text
}
