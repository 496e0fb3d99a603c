import { inspect } from 'node:util'

const CODER_TOKEN = /^([A-Za-z0-9]{10})-[A-Za-z0-9]{22}$/
const DOTS = '••••••••••'

/**
 * What may be shown of a credential: a Coder session token's key id (its first 10 characters, no secret:
 * coder-contract, section 4), the first four characters of another long one, nothing of a short one. The number of
 * dots says nothing about the length.
 */
export function maskCredential(text: string): string {
	const keyId = coderKeyId(text)
	if (keyId) return `${keyId}-${DOTS}`
	return text.length >= 20 ? `${text.slice(0, 4)}${DOTS}` : DOTS
}

/** The key id of a Coder session token (10 characters), or null where the text has not that form. */
export function coderKeyId(text: string): string | null {
	return CODER_TOKEN.exec(text)?.[1] ?? null
}

/**
 * A credential that can't show by accident: printing, JSON and inspection give the masked form.
 *
 * `reveal()` is called in exactly three places: the request header, the settings file, the export line.
 */
export class Secret {
	readonly #text: string

	constructor(text: string) {
		this.#text = text
	}

	/** The credential itself. */
	reveal(): string {
		return this.#text
	}

	/** Number of characters. */
	get length(): number {
		return this.#text.length
	}

	/** The key id of a Coder session token, or null for anything else. */
	get keyId(): string | null {
		return coderKeyId(this.#text)
	}

	/** Whether both hold the same text. */
	equals(other: Secret): boolean {
		return this.#text === other.#text
	}

	toString(): string {
		return maskCredential(this.#text)
	}

	toJSON(): string {
		return maskCredential(this.#text)
	}

	[inspect.custom](): string {
		return `Secret(${maskCredential(this.#text)})`
	}
}
