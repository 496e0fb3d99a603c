// Parses a settings text to a syntax tree: properties and values by offset, as deep as the caller asks for. It keeps
// its own stack, so that neither size nor nesting is limited, and it is strict: it stops at the first syntax error.
import { Tokenizer, tokenKind } from './tokenizer.ts'

export type ValueKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

/** A value: its text is `text.slice(start, end)`. `members` only for an object that was requested. */
export type ValueNode = { readonly kind: ValueKind; start: number; end: number; members?: PropertyNode[] }

/** `"name": value` in an object, with its offsets. `comma` is the offset of the comma after it, or null. */
export type PropertyNode = {
	readonly name: string
	keyStart: number
	keyEnd: number
	colon: number
	readonly value: ValueNode
	comma: number | null
}

/** `start` is 1 after a byte order mark, else 0. `root` is null if there is only space and comments. */
export type SyntaxTree = { readonly start: number; readonly root: ValueNode | null }

/** Whether to parse the properties of the object under `name`, found at `depth` (0: the root's properties). */
export type ShouldDescend = (depth: number, name: string) => boolean

/** The first syntax error of a text: offset in UTF-16 units, and a description. */
export class JsoncSyntaxError extends Error {
	readonly offset: number
	readonly problem: string

	constructor(offset: number, problem: string) {
		super(problem)
		this.offset = offset
		this.problem = problem
	}
}

// jsonc-parser's ScanError as text.
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

type Open = { readonly value: ValueNode; member: PropertyNode | null; readonly depth: number }

/**
 * Parses a JSONC text; comments and trailing commas are allowed, as in Mux
 * (docs/contracts/mux.md#21-how-mux-reads-and-saves-it). Throws a JsoncSyntaxError at the first error.
 */
export function parseTree(text: string, follow: ShouldDescend): SyntaxTree {
	const start = text.charCodeAt(0) === 0xfeff ? 1 : 0
	const tokens = new Tokenizer(text, start)
	const stack: Open[] = []
	let root: ValueNode | null = null
	let expected: 'value' | 'value or ]' | 'name' | 'name or }' | 'separator' | 'end' = 'value'
	let name: { text: string; start: number; end: number; colon: number } | null = null

	for (;;) {
		const kind = nextToken()
		const offset = tokens.start
		const open: Open | undefined = stack[stack.length - 1]
		if (kind === tokenKind.end) {
			if (!open) return { start, root }
			if (name) throw new JsoncSyntaxError(offset, 'a value is missing')
			throw new JsoncSyntaxError(
				offset,
				open.value.kind === 'object' ? 'a closing } is missing' : 'a closing ] is missing',
			)
		}
		if (kind === tokenKind.unknown) throw new JsoncSyntaxError(offset, 'this is not valid JSON')

		if (expected === 'end') throw new JsoncSyntaxError(offset, 'something follows after the end')

		if (expected === 'separator' || expected === 'name or }' || expected === 'value or ]' || expected === 'name') {
			const inObject = open?.value.kind === 'object'
			if (kind === (inObject ? tokenKind.closeBrace : tokenKind.closeBracket)) {
				open!.value.end = tokens.end
				stack.pop()
				expected = stack.length > 0 ? 'separator' : 'end'
				continue
			}
			if (expected === 'separator') {
				if (kind !== tokenKind.comma) {
					throw new JsoncSyntaxError(
						offset,
						isCloser(kind) ? `${closerProblem(kind)}` : 'a comma is missing before this',
					)
				}
				if (open!.member) open!.member.comma = offset
				expected = inObject ? 'name' : 'value or ]'
				continue
			}
			if (inObject) {
				if (kind !== tokenKind.string) throw new JsoncSyntaxError(offset, 'a name in double quotes is expected here')
				name = { text: tokens.value(), start: offset, end: tokens.end, colon: nextColon() }
				expected = 'value'
				continue
			}
		}

		const value = valueAt(kind, offset)
		if (!value) throw new JsoncSyntaxError(offset, 'a value is expected here')
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

	function valueAt(kind: number, offset: number): ValueNode | null {
		if (kind === tokenKind.openBrace) return { kind: 'object', start: offset, end: -1 }
		if (kind === tokenKind.openBracket) return { kind: 'array', start: offset, end: -1 }
		const literal = literalKinds[kind]
		return literal ? { kind: literal, start: offset, end: tokens.end } : null
	}

	/** The next token that isn't a comment. */
	function nextToken(): number {
		for (;;) {
			const kind = tokens.next()
			if (tokens.fault !== 0)
				throw new JsoncSyntaxError(tokens.start, scanProblems[tokens.fault] ?? 'this is not valid')
			if (!tokens.isComment) return kind
		}
	}

	function nextColon(): number {
		if (nextToken() === tokenKind.colon) return tokens.start
		throw new JsoncSyntaxError(tokens.start, 'a colon is missing before this')
	}
}

/** A change of a text: `[start, end)` was replaced by `insert`. */
type Change = { readonly start: number; readonly end: number; readonly insert: string }

/**
 * The tree of a text after changes (in order, not overlapping), derived from the previous tree, which is then invalid.
 * If all changes are inside one requested object of the root, as usual, only that object is parsed again. Throws a
 * JsoncSyntaxError like `parseTree`, and if that object is no longer one by itself.
 */
export function reparseTree(
	text: string,
	before: SyntaxTree,
	changes: readonly Change[],
	follow: ShouldDescend,
): SyntaxTree {
	const { root } = before
	const { start = 0 } = changes[0] ?? {}
	const { end = 0 } = changes[changes.length - 1] ?? {}
	const members = root?.members ?? []
	const at = members.findIndex(({ value }) => value.members && value.start < start && end < value.end)
	const member = members[at]
	if (!root || !member) return parseTree(text, follow)
	const grown = changes.reduce((sum, change) => sum + change.insert.length - (change.end - change.start), 0)
	const { value } = member
	const inside = parseTree(text.slice(value.start, value.end + grown), (depth, name) => follow(depth + 1, name)).root!
	// The rest is unchanged only if the object ends where it should.
	if (value.start + inside.end !== value.end + grown) return parseTree(text, follow)
	value.end += grown
	value.members = inside.members!
	for (const inner of value.members) move(inner, value.start)
	if (member.comma !== null) member.comma += grown
	for (let next = at + 1; next < members.length; next++) move(members[next]!, grown)
	root.end += grown
	return before
}

function move(member: PropertyNode, by: number): void {
	const { value } = member
	member.keyStart += by
	member.keyEnd += by
	member.colon += by
	if (member.comma !== null) member.comma += by
	value.start += by
	value.end += by
	if (value.members) for (const inner of value.members) move(inner, by)
}

function isCloser(kind: number): boolean {
	return kind === tokenKind.closeBrace || kind === tokenKind.closeBracket
}

function closerProblem(kind: number): string {
	return kind === tokenKind.closeBrace ? 'a } where ] is expected' : 'a ] where } is expected'
}

/** A comment, by offset. */
export type Comment = { readonly start: number; readonly end: number; readonly line: boolean }

/** The comments between two offsets that contain nothing else but space and commas. */
export function findComments(text: string, from: number, to: number): Comment[] {
	const comments: Comment[] = []
	if (from >= to) return comments
	const tokens = new Tokenizer(text, from)
	for (;;) {
		const kind = tokens.next()
		if (kind === tokenKind.end || tokens.start >= to) return comments
		if (tokens.isComment) comments.push({ start: tokens.start, end: tokens.end, line: kind === tokenKind.lineComment })
	}
}

/** Whether two texts contain the same value: the same tokens, regardless of space, comments and trailing commas. */
export function sameValue(a: string, b: string): boolean {
	return a === b || sameTokens(a, b, false)
}

/**
 * Whether two texts contain the same value and the same comments at the same places, regardless of space and trailing
 * commas.
 */
export function sameContent(a: string, b: string): boolean {
	return a === b || sameTokens(a, b, true)
}

function sameTokens(a: string, b: string, withComments: boolean): boolean {
	const left = new Tokenizer(a, 0)
	const right = new Tokenizer(b, 0)
	for (;;) {
		const kind = nextTelling(left, withComments)
		if (kind !== nextTelling(right, withComments)) return false
		if (kind === tokenKind.end) return true
		const one = left.value()
		const other = right.value()
		if (kind === tokenKind.number ? Number(one) !== Number(other) : one !== other) return false
	}
}

/** The next token except commas: in a valid text the other tokens determine where they are. */
function nextTelling(tokens: Tokenizer, withComments: boolean): number {
	for (;;) {
		const kind = tokens.next()
		if (kind !== tokenKind.comma && (withComments || !tokens.isComment)) return kind
	}
}

/** The last property of that name, which is the one that Mux reads; undefined if there is none. */
export function findLastProperty(members: readonly PropertyNode[], name: string): PropertyNode | undefined {
	return members.findLast(member => member.name === name)
}

/** Line and column (both from 1, in UTF-16 units; a byte order mark doesn't count) of an offset. */
export function getPosition(text: string, offset: number): { line: number; column: number } {
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
	return { line, column: offset - lineStart + 1 }
}
