// Removes what is copied along with a value from a terminal, a shell profile or a document; shared by the URL and the
// token.

const QUOTES = `"'\`“”„‟‘’‚‛«»`
const NAME = '[A-Za-z_][A-Za-z0-9_.-]*'

/** Invisible characters: C0 and C1 controls except tab and line breaks, and everything that has no width. */
export const invisibleCharacters =
	/[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\ufffc\ufffd]|\p{Default_Ignorable_Code_Point}/gu

/** Longer texts are neither a URL nor a token with something around it, and are left as they are. */
export const maxPasteLength = 4096

export type Unwrapped = { text: string; quotes: boolean; name: boolean }

/**
 * Removes what surrounds a value: white space, quotes, `export X=`, `set X=`, `set -gx X `, `$env:X =`, `X: `, `"X": `,
 * a final comma or semicolon. The value itself isn't changed.
 */
export function unwrapPaste(provided: string): Unwrapped {
	const assigned = new RegExp(
		`^(?:(?:export|setx?|set-variable|declare|local|let|env)\\s+)?(?:-[A-Za-z]+\\s+)*(?:\\$env:|\\$)?[${QUOTES}]?${NAME}[${QUOTES}]?\\s*(?::=|=)\\s*`,
		'i',
	)
	// fish: set -gx X value; csh: setenv X value; Windows: setx X value
	const spaced = new RegExp(`^(?:set\\s+(?:-[A-Za-z]+\\s+)+|setenv\\s+|setx\\s+)${NAME}\\s+`, 'i')
	const property = new RegExp(`^[${QUOTES}]${NAME}[${QUOTES}]\\s*:\\s*`)
	const quoted = new RegExp(`^[${QUOTES}<(]+|[${QUOTES}>)]+$`, 'g')
	let text = provided
	let quotes = false
	let name = false
	for (;;) {
		const before = text
		text = text.trim().replace(/[,;]+$/, '')
		const value = text.replace(spaced, '').replace(assigned, '').replace(property, '')
		if (value !== text) {
			name = true
			text = value
			continue
		}
		const bare = text.replace(quoted, '')
		if (bare !== text) {
			quotes = true
			text = bare
		}
		if (text === before) return { text, quotes, name }
	}
}
