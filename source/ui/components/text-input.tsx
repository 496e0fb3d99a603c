import { Box, Text } from 'ink'
import InkTextInput from 'ink-text-input'
import { maxLineLength } from '../../terminal/line-editor.ts'
import { makeLineView } from '../../terminal/line-view.ts'
import { tones, useTerminal } from '../theme.ts'
import { useLineEditor } from '../use-line-editor.ts'

export type TextInputProps = {
	readonly value: string
	readonly onChange: (value: string) => void
	/** Enter, with the text as it is. */
	readonly onSubmit: (value: string) => void
	/** Shown while the field is empty. */
	readonly placeholder?: string
	readonly isActive?: boolean
	/** Beside the text, where there is room: where a prefilled value comes from. */
	readonly note?: string | undefined
	/** Cells that the field may take; the window less its margins where not given. */
	readonly width?: number
}

/** A line of text to edit. Longer text scrolls sideways; pasted lines are joined. */
export function TextInput({
	value,
	onChange,
	onSubmit,
	placeholder = '',
	isActive = true,
	note,
	width,
}: TextInputProps) {
	const { columns, symbols } = useTerminal()
	const line = useLineEditor({ value, onChange, onSubmit, isActive, clean: joinLines })
	const room = Math.max(8, (width ?? columns) - 4)
	return (
		<Box flexDirection="column" paddingLeft={2}>
			<Box>
				<Box flexShrink={0}>
					{isActive ? (
						<EditableLine text={line.text} cursor={line.cursor} width={room} placeholder={placeholder} />
					) : (
						// Its look is what ink-text-input does well; its editing is not ours (line.ts says why).
						<Text wrap="truncate-end">
							<InkTextInput
								value={value}
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

/** The line with its cursor: inverse video, or a mark where there is no colour to tell it. */
export function EditableLine(props: {
	text: string
	cursor: number
	width: number
	placeholder?: string
	mask?: string
}) {
	const { capabilities, symbols } = useTerminal()
	const painted = capabilities.colorLevel > 0
	const placeholder = props.text === '' ? (props.placeholder ?? '') : ''
	const shownText = props.text || placeholder
	const atEnd = props.cursor >= shownText.length
	const view = makeLineView(shownText, props.cursor, props.width - (painted ? 0 : 1))
	return (
		<Text wrap="truncate-end">
			{view.cutLeft ? <Text {...tones.dim}>{symbols.ellipsis}</Text> : null}
			{shown(view.before)}
			{painted ? <Text inverse>{shown(view.under)}</Text> : symbols.cursor}
			<Text dimColor={placeholder !== ''}>
				{painted || atEnd ? '' : shown(view.under)}
				{shown(view.after)}
			</Text>
			{view.cutRight ? <Text {...tones.dim}>{symbols.ellipsis}</Text> : null}
		</Text>
	)
}

/** A URL that was wrapped in a mail or a terminal is one line again; what the wrapping put around the break goes. */
function joinLines(pasted: string): string {
	return pasted.replace(/[ \t]*[\r\n]+[ \t]*/g, '')
}

const shown = (text: string) => text.replaceAll('\n', ' ')
const nothing = () => {}
