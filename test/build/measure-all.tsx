import { tokenize } from '@alcalzone/ansi-tokenize'
import { Box, renderToString, Text } from 'ink'
import sliceAnsi from 'slice-ansi'
import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'
import { UserError } from '../../source/findings/finding.ts'
import { parseTolerant } from '../../source/mux/jsonc/parse-tolerant.ts'
import { sameContent } from '../../source/mux/jsonc/parse-tree.ts'

/** Everything that a screen is made from and a settings file read with, by the packages that the build adapts. */
export function measureAll(texts: string[]) {
	return texts.map(text => ({
		text,
		settings: parseTolerant(text),
		isSame: sameContent(text, text.slice(1)),
		width: stringWidth(text),
		tokens: tokenize(text).map(token => ({ ...token })),
		wrapped: wrapAnsi(text, 7, { hard: true, trim: false }),
		sliced: sliceAnsi(text, 2, 6),
		screen: renderToString(
			<Box borderStyle="round" width={12} flexDirection="column">
				<Text>{text}</Text>
				<Text wrap="truncate-middle">{text}</Text>
				<Box justifyContent="space-between" paddingX={1}>
					<Text>a</Text>
					<Text>{text.slice(0, 2)}</Text>
				</Box>
			</Box>,
		),
	}))
}

export function refuse(): never {
	throw Object.create(UserError.prototype)
}
