/**
 * Text from a server, made fit for a terminal: control characters (C0, C1, DEL), escape sequences, bidirectional
 * overrides and line breaks are taken out, white space is folded, and the rest is cut to `limit` characters.
 */
export function cleanText(text: string, limit = 200): string {
	const plain = text
		// Whole escape sequences first, so that their letters do not stay behind: CSI, OSC and friends, then two-byte ones.
		.replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]/g, ' ')
		.replace(
			/(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?/g,
			' ',
		)
		.replace(/\u001b./g, ' ')
		.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ')
		.replace(/\s+/g, ' ')
		.trim()
	const characters = Array.from(plain)
	return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : plain
}
