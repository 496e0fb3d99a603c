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
	const { capabilities, columns } = useTerminal()
	const text = (
		<Text {...tones.accent} underline={capabilities.colorLevel > 0} wrap="hard">
			{url}
		</Text>
	)
	return (
		<Box paddingLeft={url.length + indent <= columns ? indent : 0}>
			{capabilities.hyperlinks ? <Transform transform={line => formatHyperlink(url, line)}>{text}</Transform> : text}
		</Box>
	)
}
