import { Box } from 'ink'
import InkTextInput from 'ink-text-input'
import stringWidth from 'string-width'
import { maxLineLength } from '../../terminal/line-editor.ts'
import { makeLineView } from '../../terminal/line-view.ts'
import { sanitizeText } from '../../terminal/sanitize.ts'
import { Text } from '../text.tsx'
import { tones, useTerminal } from '../theme.ts'
import { useFieldCursor } from '../use-field-cursor.ts'
import { useLineEditor } from '../use-line-editor.ts'

export type TextInputProps = {
	readonly value: string
	/** Returns the text that stays. */
	readonly onChange: (value: string) => string
	/** Enter, with the present text. */
	readonly onSubmit: (value: string) => void
	/** Shown while the field is empty. */
	readonly placeholder?: string
	readonly isActive?: boolean
	/** Shown beside the text if there is room: where a prefilled value comes from. */
	readonly note?: string | undefined
	/** Looks at a paste before it becomes part of the text; returns the text that stays if it was handled, else null. */
	readonly interceptPaste?: (pasted: string, isBurst: boolean) => string | null
	/** The text as it may be drawn, of the same length. */
	readonly mask?: (text: string) => string
	/** The text was prefilled or refused: a paste replaces it. */
	readonly replacesOnPaste?: boolean
	/** Cells that the field may use; by default the window without its margins. */
	readonly width?: number
}

/** An editable line of text. Longer text scrolls sideways; pasted lines are joined. */
export function TextInput({
	value,
	onChange,
	onSubmit,
	placeholder = '',
	isActive = true,
	note,
	interceptPaste,
	replacesOnPaste = false,
	mask = text => text,
	width,
}: TextInputProps) {
	const { columns, symbols } = useTerminal()
	const line = useLineEditor({
		value,
		onChange,
		onSubmit,
		isActive,
		clean: joinLines,
		// A whole URL is never meant to be joined to another text.
		replacesOnPaste: pasted => replacesOnPaste || /^\s*https?:\/\//i.test(pasted),
		...(interceptPaste ? { interceptPaste } : {}),
	})
	const room = Math.max(8, (width ?? columns) - 4)
	return (
		<Box flexDirection="column" paddingLeft={2}>
			<Box>
				<Box flexShrink={0}>
					{isActive ? (
						<EditableLine text={mask(line.text)} cursor={line.cursor} width={room} placeholder={placeholder} />
					) : (
						// ink-text-input only draws the unfocused field; use-line-editor.ts says why it doesn't edit.
						<Text wrap="truncate-end">
							<InkTextInput
								value={sanitizeText(value)}
								placeholder={placeholder}
								focus={false}
								showCursor={false}
								onChange={nothing}
							/>
						</Text>
					)}
				</Box>
				{note === undefined || columns < 60 ? null : (
					<Box marginLeft={3} flexShrink={1}>
						<Text {...tones.dim} wrap="truncate-end">
							{note}
						</Text>
					</Box>
				)}
			</Box>
			{line.cut ? (
				<Text {...tones.warning} wrap="truncate-end">
					{symbols.warning} cut at {maxLineLength.toLocaleString('en')} characters: more does not fit
				</Text>
			) : null}
		</Box>
	)
}

/** The line with the terminal's cursor in it, and a symbol for it if there are no colors. */
export function EditableLine(props: { text: string; cursor: number; width: number; placeholder?: string }) {
	const { capabilities, symbols } = useTerminal()
	const painted = capabilities.colorLevel > 0
	const placeholder = props.text === '' ? (props.placeholder ?? '') : ''
	const shownText = props.text || placeholder
	const atEnd = props.cursor >= shownText.length
	const view = makeLineView(shownText, props.cursor, props.width - (painted ? 0 : 1))
	const box = useFieldCursor(stringWidth(shown(view.before)) + (view.cutLeft ? 1 : 0))
	return (
		<Box ref={box}>
			<Text wrap="truncate-end">
				{view.cutLeft ? <Text {...tones.dim}>{symbols.ellipsis}</Text> : null}
				{shown(view.before)}
				{painted ? '' : symbols.cursor}
				<Text dimColor={placeholder !== ''}>
					{painted || !atEnd ? shown(view.under) : ''}
					{shown(view.after)}
				</Text>
				{view.cutRight ? <Text {...tones.dim}>{symbols.ellipsis}</Text> : null}
			</Text>
		</Box>
	)
}

/** Joins a URL that was wrapped by a mail program or a terminal, and removes what the wrapping put around the break. */
function joinLines(pasted: string): string {
	return pasted.replace(/[ \t]*[\r\n]+[ \t]*/g, '')
}

const shown = (text: string) => text.replaceAll('\n', ' ')
const nothing = () => {}
