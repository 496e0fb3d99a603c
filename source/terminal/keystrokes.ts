// The names of keys, and the table from a terminal's escape sequences to them.

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

/** More characters than this at once are a paste from a terminal that doesn't mark it. */
const longestBurst = 8

/** Whether a chunk is so long that nobody can have typed it. A key that is held down repeats itself. */
export function isUnmarkedPaste(chunk: string): boolean {
	return chunk.length > longestBurst && /[^\s\u0000-\u001f]{3}/.test(chunk) && new Set(chunk).size > 3
}

export const isControl = (character: string): boolean => /^[\u0000-\u001f\u007f-\u009f]$/.test(character)

/** The keystroke of typed text: all of it in a text field, one character of it on a list. */
export function makeTextKeystroke(text: string, mode: InputMode): Keystroke {
	if (mode === 'field') return { key: 'text', text }
	return { key: text === ' ' ? 'space' : text, text }
}

/** The keystroke of a control character, or null if it has none. */
export function parseControl(character: string): Keystroke | null {
	const key = controlKeys[character]
	return key === undefined ? null : { key, text: '' }
}

/**
 * The keystroke of a complete escape sequence, or null if it isn't a key: a mouse report, the reply to a question that
 * another program asked, the release of a key.
 */
export function parseSequence(sequence: string, mode: InputMode): Keystroke | null {
	// Two escape characters: the key with Alt, as rxvt and PuTTY send it.
	const isAlt = /^\u001b\u001b[[O]/.test(sequence)
	const body = sequence.slice(isAlt ? 2 : 1)
	const reported = reportedKey.exec(body)
	if (reported) {
		const [, code, shifted, modifiers, event, otherModifiers, otherCode] = reported
		if (event === '3') return null
		const point = Number(otherCode ?? code)
		return makeReportedKeystroke(point, Number(shifted || point), Number(modifiers || otherModifiers || 1), mode)
	}
	const named = namedKey.exec(body)
	if (named) {
		const [, number, modifiers, event, final] = named
		if (event === '3') return null
		const key = (final === '~' ? numberedKeys[number ?? ''] : letterKeys[final ?? '']) ?? shiftedKeys[body]
		return key === undefined ? null : nameKey(key, Number(modifiers || 1), isAlt)
	}
	const [, modifiers, letter = ''] = applicationKey.exec(body) ?? []
	const key = letterKeys[letter]
	if (key !== undefined) return nameKey(key, key === 'enter' ? 1 : Number(modifiers || 1), isAlt)
	const variant = rxvtKeys[body]
	if (variant !== undefined) return nameKey(variant[0], variant[1], isAlt)
	return body.startsWith('[') || body.startsWith('O') ? null : parseAltKey(body)
}

/** A character or a control character after Esc: that key with Alt. */
function parseAltKey(character: string): Keystroke | null {
	if (!isControl(character)) return { key: `alt+${character.toLowerCase()}`, text: '' }
	const plain = parseControl(character)
	if (plain?.key === 'enter' || plain === null) return plain
	return { key: `alt+${plain.key}`, text: '' }
}

/** A key that the terminal reports by its character code (kitty's protocol, xterm's modifyOtherKeys). */
function makeReportedKeystroke(
	code: number,
	shiftedCode: number,
	modifiers: number,
	mode: InputMode,
): Keystroke | null {
	const named = reportedNames[code]
	if (named !== undefined) return nameKey(named, named === 'enter' || named === 'esc' ? 1 : modifiers, false)
	// Kitty's private codes are keys without a character.
	if (code < 32 || (code >= 57_344 && code <= 63_743) || code > 0x10_ff_ff) return null
	const bits = modifiers - 1
	const character = String.fromCodePoint(code)
	const [isShift, isAlt, isCtrl, isOther] = [bits & 1, bits & 2, bits & 4, bits & 0b11_1000]
	if (isOther) return null
	if (isCtrl) return { key: `ctrl+${character === ' ' ? 'space' : character.toLowerCase()}`, text: '' }
	if (isAlt) return { key: `alt+${character === ' ' ? 'space' : character.toLowerCase()}`, text: '' }
	const isShifted = isShift && shiftedCode === code
	return makeTextKeystroke(isShifted ? character.toUpperCase() : String.fromCodePoint(shiftedCode), mode)
}

/** `modifiers` is 1 and the sum of 1 for Shift, 2 for Alt, 4 for Ctrl, as terminals report them. */
function nameKey(key: string, modifiers: number, isAlt: boolean): Keystroke {
	const bits = (modifiers - 1) | (isAlt ? 2 : 0)
	const prefix = `${bits & 4 ? 'ctrl+' : ''}${bits & 2 ? 'alt+' : ''}${bits & 1 ? 'shift+' : ''}`
	return { key: prefix + key, text: '' }
}

/** `ESC [ code : shifted code ; modifiers : event u` or `ESC [ 27 ; modifiers ; code ~`. */
const reportedKey = /^\[(?:(\d+)(?::(\d*)(?::\d+)?)?(?:;(\d*)(?::(\d+))?(?:;[\d:]*)?)?u|27;(\d+);(\d+)~)$/
/** `ESC [ number ; modifiers : event` and a final letter or tilde; `ESC O modifiers` and a letter. */
const namedKey = /^\[(\d*)(?:;(\d*)(?::(\d+))?)?([A-HZ~])$/
const applicationKey = /^O(?:1;)?(\d*)([A-HM])$/

const letterKeys: Readonly<Record<string, string>> = {
	A: 'up',
	B: 'down',
	C: 'right',
	D: 'left',
	F: 'end',
	H: 'home',
	M: 'enter',
}

const numberedKeys: Readonly<Record<string, string>> = {
	1: 'home',
	3: 'delete',
	4: 'end',
	5: 'page-up',
	6: 'page-down',
	7: 'home',
	8: 'end',
}

const shiftedKeys: Readonly<Record<string, string>> = { '[Z': 'shift+tab' }

const reportedNames: Readonly<Record<number, string>> = {
	8: 'backspace',
	9: 'tab',
	13: 'enter',
	27: 'esc',
	127: 'backspace',
	57414: 'enter',
}

/** rxvt's own sequences for keys with Shift (2) and Ctrl (5). */
const rxvtKeys: Readonly<Record<string, readonly [key: string, modifiers: number]>> = Object.fromEntries([
	...['up', 'down', 'right', 'left'].flatMap((key, index) => {
		const letter = 'abcd'[index] as string
		return [
			[`[${letter}`, [key, 2]],
			[`O${letter}`, [key, 5]],
		]
	}),
	...Object.entries(numberedKeys).flatMap(([number, key]) => [
		[`[${number}$`, [key, 2]],
		[`[${number}^`, [key, 5]],
	]),
])

const controlKeys: Readonly<Record<string, string>> = {
	'\t': 'tab',
	'\b': 'backspace',
	'\n': 'enter',
	'\r': 'enter',
	'\u007f': 'backspace',
	'\u001b': 'esc',
	...Object.fromEntries(
		Array.from('abcdefgklnopqrstuvwxyz', letter => [String.fromCharCode(letter.charCodeAt(0) - 96), `ctrl+${letter}`]),
	),
}
