// Parses a settings text the way Mux does: everything that can be parsed counts, nothing is rejected
// (docs/contracts/mux.md#21-how-mux-reads-and-saves-it). Mux calls jsonc-parser's `parse`; this is the same visitor,
// and it also records what the user should know.
import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser'

/** A key that appears more than once in one object; the last one counts. Only the root and its sections are checked. */
export type Duplicate = { readonly path: readonly string[]; readonly count: number }

export type TolerantParseResult = {
	/** What Mux gets; undefined if the text contains no value. */
	readonly value: unknown
	readonly duplicates: readonly Duplicate[]
	/** The first syntax error, lines and columns from 1. Trailing commas are allowed. */
	readonly firstError: { readonly line: number; readonly column: number; readonly problem: string } | null
}

/** The same value as `parse(text)` of jsonc-parser. Linear in the text's length; never throws. */
export function parseTolerant(text: string): TolerantParseResult {
	const root: unknown[] = []
	let parent: unknown[] | Record<string, unknown> = root
	let property: string | null = null
	const parents: (unknown[] | Record<string, unknown>)[] = []
	// Names in the open objects, the two outermost only: the root's and those of the current section.
	const names: Map<string, number>[] = []
	let section = ''
	const duplicates = new Map<string, Duplicate>()
	let firstError: TolerantParseResult['firstError'] = null

	const add = (value: unknown) => {
		if (Array.isArray(parent)) parent.push(value)
		else if (property !== null) parent[property] = value
	}
	const open = (value: unknown[] | Record<string, unknown>) => {
		add(value)
		parents.push(parent)
		parent = value
		property = null
	}
	const close = () => {
		// In a broken text the visitor can close more than it opened; jsonc-parser then continues in the same way.
		parent = parents.pop() as typeof parent
	}
	const isTooDeep = !walk(
		text,
		{
			onObjectBegin: () => {
				open({})
				if (parents.length <= 2) names[parents.length - 1] = new Map()
			},
			onObjectProperty: name => {
				property = name
				const depth = parents.length
				const visited = depth <= 2 ? names[depth - 1] : undefined
				if (!visited) return
				if (depth === 1) section = name
				const count = (visited.get(name) ?? 0) + 1
				visited.set(name, count)
				if (count === 1) return
				const path = depth === 1 ? [name] : [section, name]
				duplicates.set(JSON.stringify(path), { path, count })
			},
			onObjectEnd: close,
			onArrayBegin: () => open([]),
			onArrayEnd: close,
			onLiteralValue: add,
			onError: (code: ParseErrorCode, offset, _length, line, character) => {
				// A byte order mark is skipped like any unknown symbol and isn't worth reporting.
				if (offset === 0 && text.startsWith('\ufeff')) return
				firstError ??= { line: line + 1, column: character + 1, problem: printParseErrorCode(code) }
			},
		},
		{ allowTrailingComma: true },
	)
	// The visitor recurses like Mux's own: if values are nested too deeply it fails, and nothing is configured.
	if (isTooDeep) return { value: undefined, duplicates: [], firstError }
	return { value: root[0], duplicates: [...duplicates.values()], firstError }
}

/** False if values are nested more deeply than the stack allows. */
function walk(...provided: Parameters<typeof visit>): boolean {
	try {
		visit(...provided)
		return true
	} catch (error) {
		if (error instanceof RangeError) return false
		throw error
	}
}
