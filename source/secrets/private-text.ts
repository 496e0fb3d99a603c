import { inspect } from 'node:util'

/** A text that contains credentials, such as a settings file: printing, JSON and inspection don't give it. */
export class PrivateText {
	readonly #text: string

	constructor(text: string) {
		this.#text = text
	}

	/** The text itself, to be written to the file or parsed. */
	read(): string {
		return this.#text
	}

	toString(): string {
		return `[${this.#text.length} characters]`
	}

	toJSON(): string {
		return this.toString()
	}

	[inspect.custom](): string {
		return this.toString()
	}
}
