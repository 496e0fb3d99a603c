// How an edit is formatted in the user's text: where a new property goes, its indentation, and what is removed along
// with a property. All other bytes stay unchanged.
import { Secret } from '../../secrets/secret.ts'
import { type Comment, findComments, type PropertyNode, type SyntaxTree, type ValueNode } from './parse-tree.ts'

/** What an edit can put into the file. A `Secret` becomes its text here. */
export type JsonValue =
	| string
	| number
	| boolean
	| null
	| Secret
	| readonly JsonValue[]
	| { readonly [key: string]: JsonValue }

/** One text edit: `[start, end)` becomes `insert`. */
export type TextEdit = { readonly start: number; readonly end: number; readonly insert: string }

/** Applies text edits that are in order and don't overlap. */
export function applyTextEdits(text: string, splices: readonly TextEdit[]): string {
	const parts: string[] = []
	let at = 0
	for (const { start, end, insert } of splices) {
		parts.push(text.slice(at, start), insert)
		at = end
	}
	parts.push(text.slice(at))
	return parts.join('')
}

/** How a value is formatted: on one line, or on several lines with that indentation. */
type Layout =
	| { readonly lines: 'one'; readonly pad: string; readonly gap: string }
	| { readonly lines: 'many'; readonly indent: string; readonly unit: string; readonly eol: string }

/** A value as JSON. */
export function renderValue(value: JsonValue, layout: Layout = { lines: 'one', pad: ' ', gap: ' ' }): string {
	if (value instanceof Secret) return JSON.stringify(value.reveal())
	if (value === null || typeof value !== 'object') return JSON.stringify(value)
	const inner: Layout = layout.lines === 'many' ? { ...layout, indent: layout.indent + layout.unit } : layout
	const gap = layout.lines === 'many' ? ' ' : layout.gap
	const isList = Array.isArray(value)
	const items = isList
		? value.map(item => renderValue(item, inner))
		: Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${gap}${renderValue(item, inner)}`)
	const [open, close] = isList ? '[]' : '{}'
	if (items.length === 0) return `${open}${close}`
	if (layout.lines === 'one') {
		const pad = isList ? '' : layout.pad
		return `${open}${pad}${items.join(`,${layout.gap}`)}${pad}${close}`
	}
	const start = `${layout.eol}${layout.indent}${layout.unit}`
	return `${open}${start}${items.join(`,${start}`)}${layout.eol}${layout.indent}${close}`
}

/** The first object of a file that has none: after the byte order mark and the comments. */
export function replaceDocument(text: string, outline: SyntaxTree, value: JsonValue): TextEdit[] {
	const eol = lineBreakNear(text, text.length)
	const rendered = renderValue(value, { lines: 'many', indent: '', unit: '  ', eol })
	const comment = findComments(text, outline.start, text.length).at(-1)
	if (!comment) {
		const rest = text.slice(outline.start)
		return [{ start: outline.start, end: outline.start, insert: hasLineBreak(rest) ? rendered : rendered + eol }]
	}
	const rest = text.slice(comment.end)
	if (hasLineBreak(rest)) return [{ start: text.length, end: text.length, insert: rendered + eol }]
	return [{ start: text.length, end: text.length, insert: eol + rendered }]
}

/** Replaces the value of a property: nothing but the value's text changes. */
export function replaceValue(
	text: string,
	outline: SyntaxTree,
	object: ValueNode,
	member: PropertyNode,
	value: JsonValue,
): TextEdit[] {
	const index = object.members!.indexOf(member)
	const layout: Layout = isFirstOnLine(text, object, index)
		? {
				lines: 'many',
				indent: lineIndent(text, member.keyStart),
				unit: indentUnit(text, outline),
				eol: lineBreakNear(text, member.keyStart),
			}
		: oneLine(text, outline, object)
	return [{ start: member.value.start, end: member.value.end, insert: renderValue(value, layout) }]
}

/** Inserts a property at the end of an object. `inline`: the object's own property shares its line with others. */
export function insertProperty(
	text: string,
	outline: SyntaxTree,
	object: ValueNode,
	name: string,
	value: JsonValue,
	inline: boolean,
): TextEdit[] {
	return object.members!.length > 0
		? insertAfterLast(text, outline, object, name, value)
		: insertIntoEmpty(text, outline, object, name, value, inline)
}

function insertAfterLast(
	text: string,
	outline: SyntaxTree,
	object: ValueNode,
	name: string,
	value: JsonValue,
): TextEdit[] {
	const members = object.members!
	const last = members.at(-1)!
	const hasComma = last.comma !== null
	// A comment on the line of the last property stays there: the new property comes after it.
	let anchor = hasComma ? last.comma! + 1 : last.value.end
	let lineEnds = false
	for (const comment of findComments(text, anchor, object.end - 1)) {
		if (hasLineBreak(text.slice(anchor, comment.start))) break
		anchor = comment.end
		lineEnds = comment.line
	}
	const ownLine = isFirstOnLine(text, object, members.length - 1)
	if (!ownLine && !lineEnds) {
		const layout = oneLine(text, outline, object)
		const rendered = `${JSON.stringify(name)}:${layout.gap}${renderValue(value, layout)}`
		const gap = memberGap(text, object, layout.gap)
		return [{ start: anchor, end: anchor, insert: hasComma ? `${gap}${rendered},` : `,${gap}${rendered}` }]
	}
	const eol = lineBreakNear(text, last.keyStart)
	const unit = indentUnit(text, outline)
	const indent = ownLine ? lineIndent(text, last.keyStart) : lineIndent(text, object.start) + unit
	const rendered = `${JSON.stringify(name)}: ${renderValue(value, { lines: 'many', indent, unit, eol })}`
	const insertion = `${eol}${indent}${rendered}${hasComma ? ',' : ''}`
	const comma = last.value.end
	return hasComma
		? [{ start: anchor, end: anchor, insert: insertion }]
		: [
				{ start: comma, end: comma, insert: ',' },
				{ start: anchor, end: anchor, insert: insertion },
			]
}

function insertIntoEmpty(
	text: string,
	outline: SyntaxTree,
	object: ValueNode,
	name: string,
	value: JsonValue,
	inline: boolean,
): TextEdit[] {
	const inside = object.start + 1
	const close = object.end - 1
	const comments = findComments(text, inside, close)
	const anchor = comments.at(-1)?.end ?? inside
	const rest = text.slice(anchor, close)
	if (inline && !hasLineBreak(text.slice(inside, close))) {
		const layout = oneLine(text, outline, object)
		const rendered = `${JSON.stringify(name)}:${layout.gap}${renderValue(value, layout)}`
		if (comments.length > 0) return [{ start: anchor, end: anchor, insert: ` ${rendered}` }]
		const pad = rest === '' ? layout.pad : rest
		return [{ start: inside, end: close, insert: `${pad}${rendered}${pad}` }]
	}
	const eol = lineBreakNear(text, object.start)
	const unit = indentUnit(text, outline)
	const base = lineIndent(text, object.start)
	const ownLineComment = comments.findLast(comment =>
		hasLineBreak(text.slice(endBefore(comments, comment, inside), comment.start)),
	)
	const indent = ownLineComment ? lineIndent(text, ownLineComment.start) : base + unit
	const rendered = `${JSON.stringify(name)}: ${renderValue(value, { lines: 'many', indent, unit, eol })}`
	return hasLineBreak(rest)
		? [{ start: anchor, end: anchor, insert: `${eol}${indent}${rendered}` }]
		: [{ start: anchor, end: close, insert: `${eol}${indent}${rendered}${eol}${base}` }]
}

function endBefore(comments: readonly Comment[], comment: Comment, start: number): number {
	return comments[comments.indexOf(comment) - 1]?.end ?? start
}

/** A token or comment around a removed property. `line`: a comment that ends with its line. */
type Piece = { readonly start: number; readonly end: number; readonly goes: boolean; readonly line?: boolean }

/**
 * Removes a property: its name, its value and one comma. Every comment outside the value stays; lines that contained
 * nothing else are removed.
 */
export function removeProperty(text: string, object: ValueNode, member: PropertyNode): TextEdit[] {
	const members = object.members!
	const index = members.indexOf(member)
	const previous = members[index - 1]
	const from = previous ? previous.value.end : object.start + 1
	const to = members[index + 1]?.keyStart ?? object.end - 1
	const kept = (start: number, end: number): Piece[] =>
		findComments(text, start, end).map(comment => ({ ...comment, goes: false }))
	const commaPiece = (offset: number | null | undefined, goes: boolean): Piece[] =>
		typeof offset === 'number' ? [{ start: offset, end: offset + 1, goes }] : []

	// A last property without a comma takes the comma before it along: the file's style of trailing commas is kept.
	const pieces: Piece[] = [
		...kept(from, member.keyStart),
		...commaPiece(previous?.comma, member.comma === null),
		{ start: member.keyStart, end: member.keyEnd, goes: true },
		...kept(member.keyEnd, member.colon),
		{ start: member.colon, end: member.colon + 1, goes: true },
		...kept(member.colon + 1, member.value.start),
		{ start: member.value.start, end: member.value.end, goes: true },
		...kept(member.value.end, to),
		...commaPiece(member.comma, true),
	].sort((a, b) => a.start - b.start)

	if (members.length === 1 && pieces.every(piece => piece.goes)) return [{ start: from, end: to, insert: '' }]

	const splices: TextEdit[] = []
	for (let i = 0; i < pieces.length; i++) {
		if (!pieces[i]!.goes) continue
		const first = i
		while (pieces[i + 1]?.goes) i++
		const gapStart = pieces[first - 1]?.end ?? from
		const gapEnd = pieces[i + 1]?.start ?? to
		const before = text.slice(gapStart, pieces[first]!.start)
		const after = text.slice(pieces[i]!.end, gapEnd)
		const brace =
			gapEnd === object.end - 1 && !pieces[first - 1]?.line ? '}' : gapStart === object.start + 1 ? '{' : null
		splices.push({ start: gapStart, end: gapEnd, insert: joinSpace(before, after, brace) })
	}
	return splices
}

/** The space that remains between `before` and `after`, next to a brace of its object or not. */
function joinSpace(before: string, after: string, brace: '{' | '}' | null): string {
	if (hasLineBreak(before) && hasLineBreak(after)) return before.slice(0, lastLineBreak(before)) + after
	if (hasLineBreak(after) || brace === '}') return after
	if (hasLineBreak(before) || brace === '{') return before
	return after.length > before.length ? after : before
}

/** Whether the property is the first of its line. */
export function isFirstOnLine(text: string, object: ValueNode, index: number): boolean {
	const previous = object.members![index - 1]
	const from = previous ? (previous.comma ?? previous.value.end) : object.start
	return hasLineBreak(text.slice(from, object.members![index]!.keyStart))
}

/** The one-line style of the file around an object: space inside braces and after colons. */
function oneLine(text: string, outline: SyntaxTree, object: ValueNode): Layout & { lines: 'one' } {
	const sample = object.members?.at(-1) ?? outline.root?.members?.at(-1)
	const between = sample ? text.slice(sample.colon + 1, sample.value.start) : ' '
	const gap = /^[ \t]*$/.test(between) ? between : ' '
	const brace = object.members!.length > 0 ? object.start : (outline.root?.start ?? object.start)
	const pad = /^[{][ \t]/.test(text.slice(brace, brace + 2)) ? ' ' : ''
	return { lines: 'one', pad, gap }
}

/** The text between a comma and the next property on one line. */
function memberGap(text: string, object: ValueNode, otherwise: string): string {
	const members = object.members!
	const comma = members.at(-2)?.comma
	if (typeof comma !== 'number') return otherwise
	const between = text.slice(comma + 1, members.at(-1)!.keyStart)
	return /^[ \t]*$/.test(between) ? between : otherwise
}

/** One level of indentation: that of the root's properties, or of the first indented name, or two spaces. */
function indentUnit(text: string, outline: SyntaxTree): string {
	const root = outline.root
	const index = root?.members?.findIndex((_, at) => isFirstOnLine(text, root, at)) ?? -1
	if (root && index >= 0) {
		const outer = lineIndent(text, root.start)
		const inner = lineIndent(text, root.members![index]!.keyStart)
		if (inner.length > outer.length && inner.startsWith(outer)) return inner.slice(outer.length)
	}
	return /(?:^|[\n\r])([ \t]+)"/.exec(text)?.[1] ?? '  '
}

/** The indentation of the line of an offset. */
function lineIndent(text: string, offset: number): string {
	let lineStart = offset
	while (lineStart > 0 && text[lineStart - 1] !== '\n' && text[lineStart - 1] !== '\r') lineStart--
	if (lineStart === 0 && text.charCodeAt(0) === 0xfeff) lineStart = 1
	let end = lineStart
	while (end < offset && (text[end] === ' ' || text[end] === '\t')) end++
	return text.slice(lineStart, end)
}

/** The line break in use around an offset: the one before it, else the one after it, else a line feed. */
function lineBreakNear(text: string, offset: number): string {
	let at = offset - 1
	while (at >= 0 && text[at] !== '\n' && text[at] !== '\r') at--
	if (at < 0) {
		at = offset
		while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
		if (at === text.length) return '\n'
		return text[at] === '\n' ? '\n' : text[at + 1] === '\n' ? '\r\n' : '\r'
	}
	if (text[at] === '\r') return '\r'
	return text[at - 1] === '\r' ? '\r\n' : '\n'
}

function hasLineBreak(text: string): boolean {
	return text.includes('\n') || text.includes('\r')
}

/** Offset of the last line break in a text that has one; of its CR where it is CR LF. */
function lastLineBreak(text: string): number {
	const at = Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r'))
	return text[at] === '\n' && text[at - 1] === '\r' ? at - 1 : at
}
