// Names for keys. Ink reports a chunk of typed text as one event, whatever it contains; here it becomes single
// keystrokes, in order, so that nothing typed quickly or ahead is lost.

/** A key event of Ink's `useInput`, as far as it is used here. */
export type KeyEvent = {
	upArrow?: boolean
	downArrow?: boolean
	leftArrow?: boolean
	rightArrow?: boolean
	pageUp?: boolean
	pageDown?: boolean
	home?: boolean
	end?: boolean
	return?: boolean
	escape?: boolean
	ctrl?: boolean
	shift?: boolean
	tab?: boolean
	backspace?: boolean
	delete?: boolean
	meta?: boolean
	eventType?: string | undefined
}

/**
 * One keystroke. `key` is its name: `enter`, `esc`, `up`, `page-down`, `ctrl+a`, `alt+b`, `shift+tab`, `space`, or the
 * character itself. In a text field, typed text is one keystroke with the key `text`.
 */
export type Keystroke = { readonly key: string; readonly text: string }

/**
 * Where keys go: to a text field, where a line break with text on both sides can only be part of a paste; or to a list,
 * where each character is a key.
 */
export type InputMode = 'field' | 'list'

/** More characters than this at once on a list are a paste meant for a field, not keys. */
const longestBurst = 8

const named = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'page-up'],
	['pageDown', 'page-down'],
	['home', 'home'],
	['end', 'end'],
	['tab', 'tab'],
	['backspace', 'backspace'],
	['delete', 'delete'],
] as const

/** The keystrokes of one event of Ink's `useInput`. */
export function parseKeystrokes(input: string, key: KeyEvent, target: InputMode): Keystroke[] {
	if (key.eventType === 'release') return []
	if (key.return) return [stroke('enter')]
	if (key.escape) return [stroke('esc')]
	for (const [flag, name] of named) {
		if (key[flag])
			return [stroke(`${key.ctrl ? 'ctrl+' : ''}${key.meta ? 'alt+' : ''}${key.shift ? 'shift+' : ''}${name}`)]
	}
	if (key.ctrl) return input === '' ? [] : [stroke(`ctrl+${input === ' ' ? 'space' : input.toLowerCase()}`)]
	if (key.meta) return input === '' ? [] : [stroke(`alt+${input.toLowerCase()}`)]
	return splitTypedText(input, target)
}

/** The keystrokes of a chunk of typed text without escape sequences: printable text, line ends, control characters. */
export function splitTypedText(chunk: string, target: InputMode): Keystroke[] {
	const strokes: Keystroke[] = []
	for (const run of chunk.match(typedRun) ?? []) {
		if (target === 'field') {
			const key = controlKeys[run]
			if (key !== undefined) strokes.push(stroke(key))
			else if (/^[\r\n]+$/.test(run)) strokes.push(stroke('enter'))
			else if (!isControl(run)) strokes.push({ key: 'text', text: run })
		} else {
			for (const line of run.split(/(\r\n|[\r\n])/)) {
				if (/^[\r\n]/.test(line)) strokes.push(stroke('enter'))
				else if (isControl(line)) strokes.push(...strokeOfControl(line))
				else for (const character of Array.from(line)) strokes.push(strokeOfCharacter(character))
			}
		}
	}
	return strokes
}

/** Whether a chunk on a list is so long that it must be a paste meant for a field. */
export function isStrayPaste(chunk: string): boolean {
	return chunk.length > longestBurst && /[^\s\u0000-\u001f]{3}/.test(chunk) && new Set(chunk).size > 3
}

/** The name of a control character's key, or undefined if it has none. */
function strokeOfControl(character: string): Keystroke[] {
	const key = controlKeys[character]
	return key === undefined ? [] : [stroke(key)]
}

function strokeOfCharacter(character: string): Keystroke {
	return { key: character === ' ' ? 'space' : character, text: character }
}

function stroke(key: string): Keystroke {
	return { key, text: '' }
}

const isControl = (text: string) => /^[\u0000-\u001f\u007f-\u009f]$/.test(text)

// Text with the line ends inside it; line ends before or after it; single control characters.
const typedRun =
	/[^\u0000-\u001f\u007f-\u009f]+(?:[\r\n]+[^\u0000-\u001f\u007f-\u009f]+)*|[\r\n]+|[\u0000-\u001f\u007f-\u009f]/g

const controlKeys: Readonly<Record<string, string>> = {
	'\t': 'tab',
	'\b': 'backspace',
	'\u007f': 'backspace',
	'\u001b': 'esc',
	...Object.fromEntries(
		Array.from('abcdefgklnopqrstuvwxyz', letter => [String.fromCharCode(letter.charCodeAt(0) - 96), `ctrl+${letter}`]),
	),
}
