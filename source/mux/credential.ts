// A credential as it stands in Mux's files or in the environment, together with the facts about its text that decide
// what Mux does with it: so nothing else here has to look at the text.
import { Secret } from '../secrets/secret.ts'

/** What arrives at the other end: the scheme in front (`Bearer ` or nothing) and the credential itself. */
export type SendableValue = { readonly scheme: string; readonly credential: Secret }

export type Credential = {
	readonly secret: Secret
	/** Not a single character. */
	readonly empty: boolean
	/** Not blank, and no `op://` reference, which Mux no longer resolves (mux-contract, section 2). */
	readonly usable: boolean
	/** Starts with `op://`. */
	readonly reference: boolean
	/** White space around it, which Mux sends along (mux-contract, section 2: used untrimmed). */
	readonly padded: boolean
	/** Has the form of the provider's own keys (`sk-…`), so it is no Coder token. */
	readonly providerKey: boolean
	/** As sent behind `Bearer `; null where no HTTP client sends it. */
	readonly asBearer: SendableValue | null
	/** As sent as the whole value of a header; null where no HTTP client sends it. */
	readonly asHeader: SendableValue | null
}

/** Takes the text in and lets only the facts out. */
export function wrapCredential(text: string): Credential {
	const reference = text.startsWith('op://')
	const bare = text.trim()
	return {
		secret: new Secret(text),
		empty: text === '',
		usable: bare !== '' && !reference,
		reference,
		padded: bare !== text,
		providerKey: /^sk-[A-Za-z0-9_-]{8,}/.test(bare),
		asBearer: headerText(`Bearer ${text}`),
		asHeader: headerText(text),
	}
}

export function isCredential(value: unknown): value is Credential {
	return typeof value === 'object' && value !== null && (value as { secret?: unknown }).secret instanceof Secret
}

/**
 * A header's value as undici puts it on the wire: white space at both ends is cut, and only tabs, printable ASCII and
 * Latin-1 may stand in it. Null for anything else.
 */
function headerText(value: string): SendableValue | null {
	const trimmed = value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
	if (/[^\t\x20-\x7e\x80-\xff]/.test(trimmed)) return null
	const bearer = /^Bearer /i.exec(trimmed)
	const scheme = bearer ? bearer[0] : ''
	return { scheme, credential: new Secret(trimmed.slice(scheme.length)) }
}
