// A credential from Mux's files or the environment, together with the facts about its text that decide what Mux does
// with it, so that no other code has to look at the text.
import { Secret } from '../secrets/secret.ts'

/** What is received at the other end: the scheme (`Bearer ` or nothing) and the credential itself. */
export type SendableValue = { readonly scheme: string; readonly credential: Secret }

export type Credential = {
	readonly secret: Secret
	/** The empty string. */
	readonly empty: boolean
	/**
	 * Not blank, and not an `op://` reference, which Mux no longer resolves
	 * (docs/contracts/mux.md#22-fields-of-openai-and-anthropic).
	 */
	readonly usable: boolean
	/** Starts with `op://`. */
	readonly reference: boolean
	/**
	 * Surrounded by white space, which Mux sends along (docs/contracts/mux.md#22-fields-of-openai-and-anthropic: used
	 * untrimmed).
	 */
	readonly padded: boolean
	/** Has the form of the provider's own keys (`sk-…`), so it isn't a Coder token. */
	readonly providerKey: boolean
	/** As sent after `Bearer `; null if no HTTP client sends it. */
	readonly asBearer: SendableValue | null
	/** As sent as the whole value of a header; null if no HTTP client sends it. */
	readonly asHeader: SendableValue | null
}

/** Wraps a text so that only the facts are accessible. */
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
 * A header's value as undici sends it: white space at both ends is trimmed, and only tabs, printable ASCII and Latin-1
 * are allowed. Null for anything else.
 */
function headerText(value: string): SendableValue | null {
	const trimmed = value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
	if (/[^\t\x20-\x7e\x80-\xff]/.test(trimmed)) return null
	const bearer = /^Bearer /i.exec(trimmed)
	const scheme = bearer ? bearer[0] : ''
	return { scheme, credential: new Secret(trimmed.slice(scheme.length)) }
}
