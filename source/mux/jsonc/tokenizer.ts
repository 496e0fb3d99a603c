// The tokens of a JSONC text, as jsonc-parser's scanner sees them. Most of a settings file is plain strings,
// punctuation, comments and space: those are skipped in one step each, the rest is left to the scanner, which reads
// character by character.
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

const punctuation: Readonly<Record<string, number>> = {
	'{': tokenKind.openBrace,
	'}': tokenKind.closeBrace,
	'[': tokenKind.openBracket,
	']': tokenKind.closeBracket,
	',': tokenKind.comma,
	':': tokenKind.colon,
}
/** A string without escapes, or a comment, matched in one step. */
const plainString = /"[^"\\\u0000-\u001f]*"/y
const comment = /\/\/[^\n\r]*|\/\*[\s\S]*?\*\//y
const commentKinds: Readonly<Record<string, number>> = { '/': tokenKind.lineComment, '*': tokenKind.blockComment }
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
	#isScanned = false

	constructor(text: string, from: number) {
		this.text = text
		this.end = from
		this.#scanner = createScanner(text, false)
	}

	/** Reads the next token and returns its kind, `end` after the last one. */
	next(): number {
		const { text } = this
		space.lastIndex = this.end
		space.test(text)
		this.start = space.lastIndex
		this.fault = 0
		this.#isScanned = false
		const character = text.charAt(this.start)
		const mark = punctuation[character]
		if (mark !== undefined) {
			this.end = this.start + 1
			this.kind = mark
			return mark
		}
		const whole = character === '"' ? plainString : character === '/' ? comment : null
		if (whole) {
			whole.lastIndex = this.start
			if (whole.test(text)) {
				this.end = whole.lastIndex
				this.kind = whole === plainString ? tokenKind.string : commentKinds[text.charAt(this.start + 1)]!
				return this.kind
			}
		}
		return this.#scan()
	}

	/** The token's value: a string's without its quotes and escapes, anything else's text. */
	value(): string {
		if (this.kind !== tokenKind.string) return this.text.slice(this.start, this.end)
		return this.#isScanned ? this.#scanner.getTokenValue() : this.text.slice(this.start + 1, this.end - 1)
	}

	get isComment(): boolean {
		return this.kind === tokenKind.lineComment || this.kind === tokenKind.blockComment
	}

	#scan(): number {
		const scanner = this.#scanner
		scanner.setPosition(this.start)
		this.#isScanned = true
		this.kind = scanner.scan() as number
		this.fault = scanner.getTokenError() as number
		this.start = scanner.getTokenOffset()
		// After an unfinished comment `/*` the scanner's position is behind the end of the text.
		this.end = Math.min(scanner.getPosition(), this.text.length)
		return this.kind
	}
}
