// The terminal's clipboard by OSC 52: the only way that works over SSH. Whether the terminal accepts it can't be known,
// so the message says that it was sent via the terminal, and the text is always on the screen too. Never used for a
// token.
import type { Capabilities } from './capabilities.ts'

/** The maximum that GNU screen accepts in one piece of a wrapped sequence. */
const screenPiece = 768

/** The sequence that puts `text` on the clipboard, wrapped for the programs in between. */
export function makeClipboardSequence(text: string, through: Capabilities['through']): string {
	const sequence = `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`
	// tmux with `set-clipboard on` takes the plain form, with `allow-passthrough on` the wrapped one: send both.
	if (through === 'tmux') return `${sequence}\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`
	if (through === 'screen') {
		const pieces = sequence.match(new RegExp(`[^]{1,${screenPiece}}`, 'g')) ?? []
		return pieces.map(piece => `\u001bP${piece}\u001b\\`).join('')
	}
	return sequence
}
