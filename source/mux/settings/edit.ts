// Edits of the settings file's text that leave every other byte unchanged.

import { finding, UserError } from '../../findings/finding.ts'
import { Secret } from '../../secrets/secret.ts'
import {
	findLastProperty,
	getPosition,
	JsoncSyntaxError,
	parseTree,
	reparseTree,
	type ShouldDescend,
	type SyntaxTree,
	sameValue,
	type ValueKind,
	type ValueNode,
} from '../jsonc/parse-tree.ts'
import {
	applyTextEdits,
	insertProperty,
	isFirstOnLine,
	type JsonValue,
	removeProperty,
	renderValue,
	replaceDocument,
	replaceValue,
	type TextEdit,
} from '../jsonc/text-edits.ts'
import { maskLineAt } from './mask.ts'

export type { JsonValue } from '../jsonc/text-edits.ts'

/**
 * One edit: a value at a path of names (missing parents are created, parents that aren't objects are replaced), or the
 * removal of that path. If a name appears more than once, the last one is edited, as Mux reads it; a removal removes
 * all of them, since an earlier one would take effect.
 */
export type SettingsEdit =
	| { readonly path: readonly string[]; readonly value: JsonValue }
	| { readonly path: readonly string[]; readonly remove: true }

/**
 * The text with the edits applied in order. Everything else is unchanged byte for byte: comments on their key, order,
 * indentation, line ends, byte order mark, trailing commas, a missing final newline. Applying the same edits again
 * changes nothing. An object that a removal empties stays as `{}`.
 *
 * `path` is only for messages. Throws a UserError: `settings-syntax`, `settings-not-an-object`,
 * `settings-coder-section` (that section is Mux's own), `settings-edit-abandoned` (the result, parsed again, differs
 * from the plan elsewhere).
 */
export function editSettings(text: string, edits: readonly SettingsEdit[], path?: string): string {
	for (const edit of edits) {
		if (edit.path.length === 0) throw new Error('an edit needs a path')
		if (edit.path[0] === 'coder') {
			throw new UserError(finding('settings-coder-section', 'settings', { at: edit.path.join('.') }))
		}
	}
	let edited = text
	let outline = parseForEdits(text, edits, path)
	const planned = applyEditsToValue({ text, outline }, edits)
	const follow = wantedBy(edits)
	const many = findTrailingSectionRemovals(edits)
	for (const edit of edits.slice(0, edits.length - many.length)) {
		// A removal is repeated until nothing is left to remove.
		for (let splices = splicesFor(edited, outline, edit); splices.length > 0; ) {
			const next = applyTextEdits(edited, splices)
			outline = orAbandon(() => reparseTree(next, outline, splices, follow))
			edited = next
			splices = 'remove' in edit ? splicesFor(edited, outline, edit) : []
		}
	}
	if (many.length > 0) edited = removeSections(edited, outline, new Set(many.map(edit => edit.path[0]!)), follow)
	if (edited === text) return text
	const after = orAbandon(() => parseTree(edited, follow))
	const difference = findDifferenceFromPlan(planned, { text: edited, outline: after })
	if (difference) throw new UserError(finding('settings-edit-abandoned', 'settings', { at: difference }))
	return edited
}

/** Fewer are removed one by one, each after parsing the text again. */
const manySections = 32

/** The removals of whole sections at the end of the edits if there are many. */
function findTrailingSectionRemovals(edits: readonly SettingsEdit[]): readonly SettingsEdit[] {
	const isRemoval = (edit: SettingsEdit) => 'remove' in edit && edit.path.length === 1
	const count = edits.length - 1 - edits.findLastIndex(edit => !isRemoval(edit))
	return count > manySections ? edits.slice(-count) : []
}

/** Removes sections in passes, of neighbors one at a time, so that a few passes do for thousands of them. */
function removeSections(text: string, tree: SyntaxTree, names: ReadonlySet<string>, follow: ShouldDescend): string {
	let edited = text
	for (let outline = tree; ; ) {
		const splices: TextEdit[] = []
		const { root } = outline
		const members = root?.members ?? []
		for (let index = 0; index < members.length; index++) {
			const member = members[index]!
			if (!root || !names.has(member.name)) continue
			const removal = removeProperty(edited, root, member)
			if ((removal[0]?.start ?? 0) < (splices.at(-1)?.end ?? 0)) continue
			splices.push(...removal)
			index++
		}
		if (splices.length === 0) return edited
		edited = applyTextEdits(edited, splices)
		const current = edited
		outline = orAbandon(() => parseTree(current, follow))
	}
}

/** Throws a UserError (`settings-syntax`, `settings-not-an-object`) if a text can't be edited; cheap otherwise. */
export function checkSettings(text: string, path?: string): void {
	parseForEdits(text, [], path)
}

/** Parses a text as deep as the edits go. Throws a UserError like `editSettings`. */
export function parseForEdits(text: string, edits: readonly SettingsEdit[], path?: string): SyntaxTree {
	try {
		const outline = parseTree(text, wantedBy(edits))
		if (!outline.root || outline.root.kind === 'object') return outline
		throw new UserError(finding('settings-not-an-object', 'settings', { path, kind: kindInWords[outline.root.kind] }))
	} catch (error) {
		if (!(error instanceof JsoncSyntaxError)) throw error
		const { problem, offset } = error
		const { line, column } = getPosition(text, offset)
		throw new UserError(
			finding('settings-syntax', 'settings', { path, line, column, problem, text: maskLineAt(text, offset) }),
		)
	}
}

/** The objects on the paths of the edits. */
function wantedBy(edits: readonly SettingsEdit[]): ShouldDescend {
	const names: Set<string>[] = []
	for (const { path } of edits) {
		for (const [depth, name] of path.slice(0, -1).entries()) {
			names[depth] ??= new Set()
			names[depth].add(name)
		}
	}
	return (depth, name) => names[depth]?.has(name) === true
}

/** Parses a text that the edits have produced: a syntax error in it is a bug of the edits. */
function orAbandon(outline: () => SyntaxTree): SyntaxTree {
	try {
		return outline()
	} catch (error) {
		if (!(error instanceof JsoncSyntaxError)) throw error
		throw new UserError(finding('settings-edit-abandoned', 'settings', { at: `offset ${error.offset}` }))
	}
}

const kindInWords: Readonly<Record<ValueKind, string>> = {
	object: 'an object',
	array: 'an array',
	string: 'a string',
	number: 'a number',
	boolean: 'true or false',
	null: 'null',
}

/**
 * The text edits for one edit; none if the text already is as requested. A removal takes the last property of a name.
 */
function splicesFor(text: string, outline: SyntaxTree, edit: SettingsEdit): TextEdit[] {
	const { path } = edit
	if (!outline.root) return 'remove' in edit ? [] : replaceDocument(text, outline, nested(path, edit.value))
	let object = outline.root
	let inline = false
	for (const [depth, name] of path.entries()) {
		const member = findLastProperty(object.members!, name)
		const rest = path.slice(depth + 1)
		if (!member) {
			if ('remove' in edit) return []
			return insertProperty(text, outline, object, name, nested(rest, edit.value), inline)
		}
		if (rest.length > 0 && member.value.kind === 'object') {
			inline = !isFirstOnLine(text, object, object.members!.indexOf(member))
			object = member.value
			continue
		}
		if ('remove' in edit) return rest.length > 0 ? [] : removeProperty(text, object, member)
		const value = nested(rest, edit.value)
		if (sameValue(text.slice(member.value.start, member.value.end), renderValue(value))) return []
		return replaceValue(text, outline, object, member, value)
	}
	return []
}

/** `['a', 'b'], 1` → `{a: {b: 1}}`; `__proto__` is an ordinary name. */
function nested(path: readonly string[], value: JsonValue): JsonValue {
	return path.reduceRight<JsonValue>((inner, name) => {
		const object = Object.create(null) as Record<string, JsonValue>
		object[name] = inner
		return object
	}, value)
}

/**
 * What a text should contain, apart from its formatting: untouched values by their exact text, objects on the path of
 * an edit by their properties.
 */
type Expected =
	| { readonly text: string }
	| { readonly value: JsonValue }
	| { readonly members: { readonly name: string; readonly holds: Expected }[] }

/**
 * Where the text after the edits differs from the plan, as a path; null if it doesn't. Independent of the code that
 * made the edits: the plan is derived from the text before, and the text after is parsed anew.
 */
export function findDifferenceFromPlan(planned: Expected, { text, outline }: ParsedSettings): string | null {
	return outline.root ? differenceFrom(planned, text, outline.root, []) : 'its root'
}

/** What a text should contain after the edits. */
export function applyEditsToValue({ text, outline }: ParsedSettings, edits: readonly SettingsEdit[]): Expected {
	let expected: Expected = outline.root ? expectedOf(text, outline.root) : { members: [] }
	for (const edit of edits) expected = expectEdit(expected, edit.path, edit)
	return expected
}

/** A text with its tree, parsed by `parseForEdits` with the same edits. */
export type ParsedSettings = { readonly text: string; readonly outline: SyntaxTree }

function expectedOf(text: string, value: ValueNode): Expected {
	if (!value.members) return { text: text.slice(value.start, value.end) }
	return { members: value.members.map(member => ({ name: member.name, holds: expectedOf(text, member.value) })) }
}

function expectEdit(before: Expected | undefined, path: readonly string[], edit: SettingsEdit): Expected {
	const [name, ...rest] = path
	if (name === undefined) return { value: (edit as { value: JsonValue }).value }
	const current = before && 'value' in before ? openValue(before.value) : before
	const isObject = current !== undefined && 'members' in current
	if (!isObject && 'remove' in edit) return current ?? { members: [] }
	const members = isObject ? [...current.members] : []
	const index = members.findLastIndex(member => member.name === name)
	if ('remove' in edit) {
		if (index < 0) return { members }
		if (rest.length === 0) return { members: members.filter(member => member.name !== name) }
	}
	const holds = expectEdit(members[index]?.holds, rest, edit)
	if (index < 0) members.push({ name, holds })
	else members[index] = { name, holds }
	return { members }
}

/** A value that an earlier edit inserted, opened for a later edit inside it. */
function openValue(value: JsonValue): Expected {
	if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof Secret) return { value }
	return { members: Object.entries(value).map(([name, holds]) => ({ name, holds: { value: holds as JsonValue } })) }
}

/** Where a value differs from the expected one, as a path; null if it doesn't. */
function differenceFrom(expected: Expected, text: string, value: ValueNode, path: readonly string[]): string | null {
	const here = path.join('.') || 'its root'
	const own = () => text.slice(value.start, value.end)
	if ('text' in expected) return own() === expected.text ? null : here
	if ('value' in expected) return sameValue(own(), renderValue(expected.value)) ? null : here
	if (!value.members || value.members.length !== expected.members.length) return here
	for (const [index, { name, holds }] of expected.members.entries()) {
		const member = value.members[index]!
		if (member.name !== name) return here
		const difference = differenceFrom(holds, text, member.value, [...path, name])
		if (difference) return difference
	}
	return null
}
