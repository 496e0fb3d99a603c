import { Box } from 'ink'
import { createContext } from 'react'
import { Text } from '../text.tsx'
import { tones } from '../theme.ts'

/** The place of the open step among all, such as "3/6"; shown beside its question. */
export const StepCounterContext = createContext('')

/** The program's title, with a blank line above it. */
export function Header({ title }: { readonly title: string }) {
	return (
		<Box marginTop={1} paddingX={2}>
			<Text {...tones.bold} wrap="truncate-end">
				{title}
			</Text>
		</Box>
	)
}
