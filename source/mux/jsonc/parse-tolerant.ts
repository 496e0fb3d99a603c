// Reads a settings text the way Mux reads it: whatever can be made out counts, nothing is refused (mux-contract,
// section 2). Mux calls jsonc-parser's `parse`; this is the same walk, which also notes what a user should hear about.
import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser'

/** A key that stands more than once in one object; the last one counts. Only the root and its sections are looked at. */
export type Duplicate = { readonly path: readonly string[]; readonly count: number }

export type TolerantParseResult = {
	/** What Mux gets; undefined where the text holds no value at all. */
	readonly value: unknown
	readonly duplicates: readonly Duplicate[]
	/** The first place where the text is no JSONC, lines and columns from 1. Trailing commas are fine. */
	readonly firstError: { readonly line: number; readonly column: number; readonly problem: string } | null
}

/** Same value as `parse(text)` of jsonc-parser. Linear in the text's length; never throws. */
export function parseTolerant(text: string): TolerantParseResult {
	const root: unknown[] = []
	let parent: unknown[] | Record<string, unknown> = root
	let property: string | null = null
	const parents: (unknown[] | Record<string, unknown>)[] = []
	// Names of the objects that are open, the two outermost only: the root's and those of the section that is being read.
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
		// On a broken text the walk can close more than it opened; jsonc-parser then goes on the same way.
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
				// A byte order mark is skipped like any unknown symbol, and nobody has to hear of it.
				if (offset === 0 && text.startsWith('\ufeff')) return
				firstError ??= { line: line + 1, column: character + 1, problem: printParseErrorCode(code) }
			},
		},
		{ allowTrailingComma: true },
	)
	// The walk goes down as Mux's own does: where values stand in each other too deeply it fails, and nothing is configured.
	if (isTooDeep) return { value: undefined, duplicates: [], firstError }
	return { value: root[0], duplicates: [...duplicates.values()], firstError }
}

/** False where the text's values stand in each other more deeply than the stack reaches. */
function walk(...provided: Parameters<typeof visit>): boolean {
	try {
		visit(...provided)
		return true
	} catch (error) {
		if (error instanceof RangeError) return false
		throw error
	}
}
