// Where things stand in a settings file: members and values by offset, as deep as a caller asks for. It walks the tokens
// of jsonc-parser's scanner with a stack of its own, so that neither size nor depth of nesting is a limit, and it is
// strict: the first syntax error ends it.
import { createScanner, type JSONScanner } from 'jsonc-parser'

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

export type ValueKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

/** A value: its text is `text.slice(start, end)`. `members` only for an object that was asked for. */
export type Value = { readonly kind: ValueKind; readonly start: number; end: number; members?: Member[] }

/** `"name": value` in an object, with its offsets. `comma` is the offset of the comma after it, or null. */
export type Member = {
	readonly name: string
	readonly keyStart: number
	readonly keyEnd: number
	readonly colon: number
	readonly value: Value
	comma: number | null
}

/** `start` is 1 after a byte order mark, else 0. `root` is null where there is nothing but space and comments. */
export type Outline = { readonly start: number; readonly root: Value | null }

/** Whether the members of the object under `name`, found at `depth` (0: the root's members), are wanted. */
export type Follow = (depth: number, name: string) => boolean

/** The first syntax error of a text: offset in UTF-16 units, and what is wrong, in words. */
export class SyntaxFault extends Error {
	readonly offset: number
	readonly problem: string

	constructor(offset: number, problem: string) {
		super(problem)
		this.offset = offset
		this.problem = problem
	}
}

// jsonc-parser's ScanError, in words.
const scanProblems: Readonly<Record<number, string>> = {
	1: 'a comment has no end',
	2: 'a string has no closing quote',
	3: 'a number is not complete',
	4: 'a \\u escape is not valid',
	5: 'an escape in a string is not valid',
	6: 'a string holds a control character',
}

const literalKinds: Readonly<Record<number, ValueKind>> = {
	[tokenKind.null]: 'null',
	[tokenKind.true]: 'boolean',
	[tokenKind.false]: 'boolean',
	[tokenKind.string]: 'string',
	[tokenKind.number]: 'number',
}

type Open = { readonly value: Value; member: Member | null; readonly depth: number }

/**
 * Outlines a JSONC text; comments and trailing commas are fine, as they are for Mux (mux-contract, section 2).
 * Throws SyntaxFault at the first error.
 */
export function outlineOf(text: string, follow: Follow): Outline {
	const start = text.charCodeAt(0) === 0xfeff ? 1 : 0
	const scanner = createScanner(text, false)
	scanner.setPosition(start)
	const stack: Open[] = []
	let root: Value | null = null
	let expected: 'value' | 'value or ]' | 'name' | 'name or }' | 'separator' | 'end' = 'value'
	let name: { text: string; start: number; end: number; colon: number } | null = null

	for (;;) {
		skipSpace(text, scanner)
		const kind = scanner.scan() as number
		const error = scanner.getTokenError() as number
		const offset = scanner.getTokenOffset()
		if (error !== 0) throw new SyntaxFault(offset, scanProblems[error] ?? 'this is not valid')
		if (kind >= tokenKind.lineComment && kind <= tokenKind.space) continue
		const open: Open | undefined = stack[stack.length - 1]
		if (kind === tokenKind.end) {
			if (!open) return { start, root }
			if (name) throw new SyntaxFault(offset, 'a value is missing')
			throw new SyntaxFault(offset, open.value.kind === 'object' ? 'a closing } is missing' : 'a closing ] is missing')
		}
		if (kind === tokenKind.unknown) throw new SyntaxFault(offset, 'this is not valid JSON')

		if (expected === 'end') throw new SyntaxFault(offset, 'something follows after the end')

		if (expected === 'separator' || expected === 'name or }' || expected === 'value or ]' || expected === 'name') {
			const inObject = open?.value.kind === 'object'
			if (kind === (inObject ? tokenKind.closeBrace : tokenKind.closeBracket)) {
				open!.value.end = scanner.getPosition()
				stack.pop()
				expected = stack.length > 0 ? 'separator' : 'end'
				continue
			}
			if (expected === 'separator') {
				if (kind !== tokenKind.comma) {
					throw new SyntaxFault(offset, isCloser(kind) ? `${closerProblem(kind)}` : 'a comma is missing before this')
				}
				if (open!.member) open!.member.comma = offset
				expected = inObject ? 'name' : 'value or ]'
				continue
			}
			if (inObject) {
				if (kind !== tokenKind.string) throw new SyntaxFault(offset, 'a name in double quotes is expected here')
				name = { text: scanner.getTokenValue(), start: offset, end: scanner.getPosition(), colon: nextColon() }
				expected = 'value'
				continue
			}
		}

		const value = valueAt(kind, offset)
		if (!value) throw new SyntaxFault(offset, 'a value is expected here')
		const depth = open ? open.depth + 1 : -1
		const followed = !open || (name !== null && open.value.members !== undefined && follow(depth, name.text))
		if (value.kind === 'object' && followed) value.members = []
		if (!open) root = value
		else if (name) {
			if (open.value.members) {
				open.member = {
					name: name.text,
					keyStart: name.start,
					keyEnd: name.end,
					colon: name.colon,
					value,
					comma: null,
				}
				open.value.members.push(open.member)
			}
			name = null
		}
		if (value.kind === 'object' || value.kind === 'array') {
			stack.push({ value, member: null, depth })
			expected = value.kind === 'object' ? 'name or }' : 'value or ]'
		} else {
			expected = open ? 'separator' : 'end'
		}
	}

	function valueAt(kind: number, offset: number): Value | null {
		if (kind === tokenKind.openBrace) return { kind: 'object', start: offset, end: -1 }
		if (kind === tokenKind.openBracket) return { kind: 'array', start: offset, end: -1 }
		const literal = literalKinds[kind]
		return literal ? { kind: literal, start: offset, end: scanner.getPosition() } : null
	}

	function nextColon(): number {
		for (;;) {
			skipSpace(text, scanner)
			const kind = scanner.scan() as number
			const error = scanner.getTokenError() as number
			if (error !== 0) throw new SyntaxFault(scanner.getTokenOffset(), scanProblems[error] ?? 'this is not valid')
			if (kind >= tokenKind.lineComment && kind <= tokenKind.space) continue
			if (kind === tokenKind.colon) return scanner.getTokenOffset()
			throw new SyntaxFault(scanner.getTokenOffset(), 'a colon is missing before this')
		}
	}
}

/** Moves a scanner to the next token or comment: faster than having it make a token of each space. */
export function skipSpace(text: string, scanner: JSONScanner): void {
	const from = scanner.getPosition()
	let at = from
	for (let code = text.charCodeAt(at); code === 32 || code === 10 || code === 9 || code === 13; )
		code = text.charCodeAt(++at)
	if (at > from) scanner.setPosition(at)
}

function isCloser(kind: number): boolean {
	return kind === tokenKind.closeBrace || kind === tokenKind.closeBracket
}

function closerProblem(kind: number): string {
	return kind === tokenKind.closeBrace ? 'a } where ] is expected' : 'a ] where } is expected'
}

/** A comment, by offset. */
export type Comment = { readonly start: number; readonly end: number; readonly line: boolean }

/** The comments between two offsets that hold nothing else but space and commas. */
export function commentsBetween(text: string, from: number, to: number): Comment[] {
	const comments: Comment[] = []
	if (from >= to) return comments
	const scanner = createScanner(text, false)
	scanner.setPosition(from)
	for (;;) {
		const kind = scanner.scan() as number
		const start = scanner.getTokenOffset()
		if (kind === tokenKind.end || start >= to) return comments
		if (kind === tokenKind.lineComment || kind === tokenKind.blockComment) {
			comments.push({ start, end: scanner.getPosition(), line: kind === tokenKind.lineComment })
		}
	}
}

/** Whether two texts hold the same value: the same tokens, whatever space, comments and trailing commas are between. */
export function sameValue(a: string, b: string): boolean {
	return a === b || sameTokens(a, b, false)
}

/** Whether two texts hold the same value and the same comments at the same places; space and trailing commas aside. */
export function sameContent(a: string, b: string): boolean {
	return a === b || sameTokens(a, b, true)
}

function sameTokens(a: string, b: string, withComments: boolean): boolean {
	const left = tokensOf(a, withComments)
	const right = tokensOf(b, withComments)
	for (;;) {
		const one = left()
		const other = right()
		if (one.kind !== other.kind) return false
		if (one.kind === tokenKind.end) return true
		if (one.kind === tokenKind.number ? Number(one.value) !== Number(other.value) : one.value !== other.value)
			return false
	}
}

/** Reads tokens one by one. Commas are left out: in a valid text the other tokens tell where they are. */
function tokensOf(text: string, withComments: boolean): () => { kind: number; value: string } {
	const scanner = createScanner(text, false)
	return () => {
		for (;;) {
			const kind = scanner.scan() as number
			if (kind === tokenKind.comma || kind === tokenKind.space || kind === tokenKind.lineBreak) continue
			const isComment = kind === tokenKind.lineComment || kind === tokenKind.blockComment
			if (isComment && !withComments) continue
			const from = scanner.getTokenOffset()
			return { kind, value: isComment ? text.slice(from, scanner.getPosition()) : scanner.getTokenValue() }
		}
	}
}

/** The last member of that name, which is the one that Mux reads; undefined where there is none. */
export function lastNamed(members: readonly Member[], name: string): Member | undefined {
	return members.findLast(member => member.name === name)
}

/** Line and column (both from 1, in UTF-16 units; a byte order mark does not count) of an offset, and the line's text. */
export function positionOf(text: string, offset: number): { line: number; column: number; lineText: string } {
	const bom = text.charCodeAt(0) === 0xfeff ? 1 : 0
	let line = 1
	let lineStart = bom
	for (let i = bom; i < offset; i++) {
		const code = text.charCodeAt(i)
		if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) {
			line++
			lineStart = i + 1
		}
	}
	let lineEnd = lineStart
	while (lineEnd < text.length && text[lineEnd] !== '\n' && text[lineEnd] !== '\r') lineEnd++
	return { line, column: offset - lineStart + 1, lineText: text.slice(lineStart, lineEnd) }
}
