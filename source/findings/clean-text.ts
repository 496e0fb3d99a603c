import { maskCredentials } from '../secrets/redact.ts'

/** Characters that have no width or change the direction: removed, so that they can't hide anything. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u202a-\u202e\ufff0-\ufffb]/gu

/**
 * Makes text from a server safe for a terminal: removes control characters (C0, C1, DEL), escape sequences, invisible
 * and bidirectional characters and line breaks, collapses white space and runs of combining marks, masks credentials,
 * and cuts the rest to `limit` characters.
 */
export function cleanText(text: string, limit = 200): string {
	const plain = text
		// Complete escape sequences first, so that their letters don't remain: CSI, OSC and similar, then two-byte
		// ones.
		.replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u009b[0-?]*[ -/]*[@-~]/g, ' ')
		.replace(
			/(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?/g,
			' ',
		)
		.replace(/\u001b./g, ' ')
		.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
		.replace(invisible, '')
		.replace(/(\p{M}{2})\p{M}+/gu, '$1')
		.replace(/\s+/g, ' ')
		.trim()
	const characters = Array.from(maskCredentials(plain))
	return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : characters.join('')
}
