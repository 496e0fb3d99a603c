import { Box } from 'ink'
import { createContext } from 'react'
import { Text } from '../text.tsx'

/** The place of the open step among all, such as "3/6"; shown beside its question. */
export const StepCounterContext = createContext('')

/** The program's title, with a blank line above it. Plain: the question below it is what is to be read. */
export function Header({ title }: { readonly title: string }) {
	return (
		<Box marginTop={1} paddingX={2}>
			<Text wrap="truncate-end">{title}</Text>
		</Box>
	)
}
