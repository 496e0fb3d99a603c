import { inspect } from 'node:util'

const CODER_TOKEN = /^([A-Za-z0-9]{10})-[A-Za-z0-9]{22}$/
const DOTS = '••••••••••'

/**
 * What may be shown of a credential: the key id of a Coder session token (its first 10 characters, not secret:
 * docs/contracts/coder.md#33-kinds-and-lifetimes), the first four characters of another long one, nothing of a short one.
 * The number of dots doesn't reveal the length.
 */
export function maskCredential(text: string): string {
	const keyId = getCoderKeyId(text)
	if (keyId) return maskKeyId(keyId)
	return text.length >= 20 ? `${text.slice(0, 4)}${DOTS}` : DOTS
}

/** A Coder session token of which only the key id is known. */
export function maskKeyId(keyId: string): string {
	return `${keyId}-${DOTS}`
}

/** The key id of a Coder session token (10 characters), or null if the text doesn't have that form. */
export function getCoderKeyId(text: string): string | null {
	return CODER_TOKEN.exec(text)?.[1] ?? null
}

/**
 * A credential that can't be shown by accident: printing, JSON and inspection give the masked form.
 *
 * `reveal()` is called only where the credential has to go: the request header, the settings file (or a key file that
 * it names), the export line. test/architecture.test.ts lists the callers.
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
		return getCoderKeyId(this.#text)
	}

	/** Derives something from the text by a pure function: facts, a finding, another Secret; never the text itself. */
	inspect<Fact>(look: (text: string) => Fact): Fact {
		return look(this.#text)
	}

	/**
	 * A text with this credential masked wherever it appears, and eight consecutive characters of it (of the secret half of
	 * a Coder token), in upper or lower case, also with other characters between them.
	 */
	maskIn(text: string): string {
		if (this.#text.length < 16) return text
		const letters = Array.from(this.#text).slice(this.keyId === null ? 0 : 11)
		const pieces = letters.slice(7).map((_, at) => letters.slice(at, at + 8))
		const plain = squeeze(text)
		// The expression takes longer to compile than most responses to read.
		if (!pieces.some(piece => plain.includes(squeeze(piece.join(''))))) return text
		const patterns = pieces.map(piece => piece.map(letter => letter.replace(/\W/, '\\$&')).join('[^a-z\\d]{0,3}'))
		return text.replaceAll(this.#text, this.toString()).replace(new RegExp(patterns.join('|'), 'gi'), DOTS)
	}

	/** Whether both contain the same text. */
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

const squeeze = (text: string) => text.toLowerCase().replace(/[^a-z\d]+/g, '')
