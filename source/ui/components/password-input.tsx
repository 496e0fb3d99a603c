import { Box } from 'ink'
import type { TokenInspection } from '../../coder/token-format.ts'
import { countCharacters, maxLineLength } from '../../terminal/line-editor.ts'
import { Text } from '../text.tsx'
import { tones, useTerminal } from '../theme.ts'
import { useLineEditor } from '../use-line-editor.ts'
import { EditableLine } from './text-input.tsx'

export type PasswordInputProps = {
	/** Enter, with the text as it was typed or pasted. */
	readonly onSubmit: (text: string) => void
	/** A complete secret was pasted, which needs no Enter and replaces what was in the field. */
	readonly onPaste?: (text: string) => void
	readonly onChange?: (text: string) => void
	/** The text was refused: what is typed or pasted replaces it, because nobody can see what would have to be corrected. */
	readonly isRefused?: boolean
	/** Whether a text is a complete secret, and what is removed from it: said at once. */
	readonly inspect?: (text: string) => TokenInspection
	/** What cleaning removed from the text, in words: "1 line break". */
	readonly removed?: readonly string[]
}

/**
 * A hidden line of text: a symbol for each character, and their number. No part of the text is ever passed to Ink,
 * which caches every string that it measures.
 */
export function PasswordInput(props: PasswordInputProps) {
	const { onSubmit, onPaste, onChange, removed = [], isRefused = false, inspect } = props
	const { columns, symbols } = useTerminal()
	const line = useLineEditor({
		onChange(text) {
			onChange?.(text)
			return text
		},
		onSubmit,
		isActive: true,
		interceptPaste(pasted) {
			if (!inspect?.(pasted).isWhole) return null
			onPaste?.(pasted)
			return ''
		},
		replacesOnPaste: () => isRefused,
		replacesOnTyping: isRefused,
	})
	const understood = line.text === '' ? undefined : inspect?.(line.text)
	// Of a whole token, only what is used is shown.
	const count = understood?.isWhole ? understood.length : countCharacters(line.text)
	const before = Math.min(count, countCharacters(line.text.slice(0, line.cursor)))
	const length = describeLength(count)
	const room = Math.max(8, columns - 4 - length.length - 3)
	return (
		<Box flexDirection="column" paddingLeft={2}>
			<Box>
				<Box flexShrink={0}>
					<EditableLine text={symbols.mask.repeat(count)} cursor={before} width={room} />
				</Box>
				<Text wrap="truncate-end">
					{' '}
					{length}
					{understood?.isWhole ? describeRemoved(understood.removed) : ''}
				</Text>
			</Box>
			{line.cut ? (
				<Text {...tones.warning} wrap="truncate-end">
					{symbols.warning} cut at {maxLineLength.toLocaleString('en')} characters: too long for a token
				</Text>
			) : null}
			{removed.length > 0 ? (
				<Text {...tones.dim} wrap="truncate-end">
					removed: {removed.join(', ')}
				</Text>
			) : null}
		</Box>
	)
}

/** A secret that was entered, as a row that isn't edited; with a mark once it has been checked. */
export function MaskedText(props: { length: number; removed: readonly string[]; isChecked: boolean }) {
	const { symbols } = useTerminal()
	return (
		<Box paddingLeft={2}>
			<Text wrap="truncate-end">
				{symbols.mask.repeat(props.length)}
				{'  '}
				{props.isChecked ? <Text {...tones.success}>{symbols.success} </Text> : null}
				{describeLength(props.length)}
				{describeRemoved(props.removed)}
			</Text>
		</Box>
	)
}

function describeLength(count: number): string {
	return `${count.toLocaleString('en')} ${count === 1 ? 'character' : 'characters'}`
}

function describeRemoved(removed: readonly string[]): string {
	return removed.length > 0 ? ` (removed ${removed.join(', ')})` : ''
}
