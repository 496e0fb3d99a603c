// The tokens of a JSONC text, as jsonc-parser's scanner sees them, without space and line breaks.
import { createScanner } from 'jsonc-parser'

/** Kinds of tokens, as jsonc-parser's scanner numbers them (its own enum can't be imported by an isolated module). */
export const tokenKind = {
	openBrace: 1,
	closeBrace: 2,
	openBracket: 3,
	closeBracket: 4,
	comma: 5,
	colon: 6,
	null: 7,
	true: 8,
	false: 9,
	string: 10,
	number: 11,
	lineComment: 12,
	blockComment: 13,
	lineBreak: 14,
	space: 15,
	unknown: 16,
	end: 17,
} as const

const space = /[ \t\n\r]*/y

/** Iterates over the tokens of a text, without space and line breaks. */
export class Tokenizer {
	readonly text: string
	/** Of the current token: its kind, `[start, end)`, and the scanner's error number, or 0. */
	kind: number = tokenKind.unknown
	start = 0
	end: number
	fault = 0
	readonly #scanner

	constructor(text: string, from: number) {
		this.text = text
		this.end = from
		this.#scanner = createScanner(text, false)
	}

	/** Reads the next token and returns its kind, `end` after the last one. */
	next(): number {
		space.lastIndex = this.end
		space.test(this.text)
		const scanner = this.#scanner
		scanner.setPosition(space.lastIndex)
		this.kind = scanner.scan() as number
		this.fault = scanner.getTokenError() as number
		this.start = scanner.getTokenOffset()
		// After an unfinished comment `/*` the scanner's position is behind the end of the text.
		this.end = Math.min(scanner.getPosition(), this.text.length)
		return this.kind
	}

	/** The token's value: a string's without its quotes and escapes, anything else's text. */
	value(): string {
		return this.kind === tokenKind.string ? this.#scanner.getTokenValue() : this.text.slice(this.start, this.end)
	}

	get isComment(): boolean {
		return this.kind === tokenKind.lineComment || this.kind === tokenKind.blockComment
	}
}
