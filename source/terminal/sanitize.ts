// Text that isn't the program's own (names in the settings, paths, variables, responses) on its way to a terminal, a log
// or a file: it must not move the cursor, set the clipboard, hide or reverse anything, or show a token. This is applied
// where output leaves the program, so that no source can be forgotten.
import { maskCredentials } from '../secrets/redact.ts'

/**
 * Characters that a terminal acts on or doesn't show: C0 (but for the tab) and C1 controls, DEL, soft hyphen, fillers, zero-width and
 * bidirectional characters, line and paragraph separators, tags, variation selectors of ideographs, noncharacters.
 */
const unsafe =
	/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{e0000}-\u{e0fff}\ud800-\udfff]|[\u115f-\u1160]|[\u17b4-\u17b5]|[\u180b-\u180d\u180f]|\u034f/gu

/** A zero-width joiner between two pictographs makes one emoji of them. */
const joined = /(?<=\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?)\u200d(?=\p{Extended_Pictographic})/gu
const placeholder = '\u{f0000}'

/** Every unsafe character, replaced by its escape sequence as in JSON: `\u001b`. */
function escapeUnsafe(text: string): string {
	unsafe.lastIndex = 0
	if (!unsafe.test(text)) return text
	return text
		.replaceAll(placeholder, '\ufffd')
		.replace(joined, placeholder)
		.replace(unsafe, character => {
			const code = character.codePointAt(0)!
			return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${hex(code)}`
		})
		.replaceAll(placeholder, '\u200d')
}

/** One line of text that isn't the program's own: control and invisible characters are visible, credentials masked. */
export function sanitizeText(text: string): string {
	return escapeUnsafe(maskAll(text))
}

/** A credential must not show because something that isn't drawn is in its middle: that is removed then. */
function maskAll(text: string): string {
	const masked = maskCredentials(text)
	const bare = removeUnsafe(text)
	if (bare === text) return masked
	const bareMasked = maskCredentials(bare)
	return bareMasked === removeUnsafe(masked) ? masked : bareMasked
}

const removeUnsafe = (text: string) =>
	text.replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '').replace(unsafe, unit => (unit === '\n' ? unit : ''))

/** The colors that the program itself puts into its lines (`createStyler`). */
const ownStyle = /(\u001b\[(?:1|2|22|3[1236]|39)m)/

/** A line that the program prints, with its own colors if it uses any; everything else is sanitized. */
export function sanitizeLine(line: string, hasColors: boolean): string {
	if (!hasColors || !line.includes('\u001b')) return sanitizeText(line)
	// A credential must not show because a color begins in the middle of it.
	const bare = line.split(ownStyle).filter((_, index) => index % 2 === 0)
	if (maskCredentials(bare.join('')) !== bare.join('')) return sanitizeText(bare.join(''))
	return line
		.split(ownStyle)
		.map((part, index) => (index % 2 === 0 ? escapeUnsafe(part) : part))
		.join('')
}

/** Several lines, such as a diff; only line feeds separate them. */
export function sanitizeLines(text: string, hasColors: boolean): string {
	return text
		.split('\n')
		.map(line => sanitizeLine(line, hasColors))
		.join('\n')
}

/**
 * A value as JSON with the same characters escaped, which is the same value for whoever parses it, and with credentials
 * masked; not those in properties of the names `exact`, which are there to be used.
 */
export function stringifySafely(value: unknown, exact: readonly string[] = []): string {
	const json = JSON.stringify(
		value,
		(name, part: unknown) => (typeof part === 'string' && !exact.includes(name) ? maskAll(part) : part),
		2,
	)
	return json
		.split('\n')
		.map(line =>
			line.replace(unsafe, character =>
				Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at))}`).join(''),
			),
		)
		.join('\n')
}

function hex(code: number): string {
	return code.toString(16).padStart(4, '0')
}
