// Generated settings files: every form that people write JSONC in, with a comment in every place that takes one. Each
// comment has a number of its own, so that a test can follow it through an edit.
import fc from 'fast-check'
import { createScanner, type Node, parseTree } from 'jsonc-parser'

type Model =
	| { kind: 'scalar'; text: string }
	| { kind: 'array'; items: string[]; slots: number[] }
	| {
			kind: 'object'
			members: MemberModel[]
			many: boolean
			trailing: boolean
			slots: number[]
			gap: string
			pad: string
	  }
type MemberModel = { name: string; value: Model; slots: number[]; shares: boolean }

const slots = (length: number) => fc.array(fc.nat(11), { minLength: length, maxLength: length })
const sectionName = fc.constantFrom('openai', 'openai', 'openai', 'anthropic', 'coder', 'x', '__proto__', 'é ü', '')
const fieldName = fc.constantFrom(
	'apiKey',
	'baseUrl',
	'baseURL',
	'models',
	'enabled',
	'headers',
	'__proto__',
	'a\\"b',
	'openai',
)
const scalar = fc.constantFrom(
	'1',
	'-0.5e3',
	'true',
	'null',
	'"text"',
	'"// none"',
	'"/* none */"',
	'"\\u0061 \\"}{"',
	'""',
	'"é😀"',
)

const anyValue: fc.Arbitrary<Model> = fc.letrec<{ value: Model; object: Model }>(tie => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		scalar.map((text): Model => ({ kind: 'scalar', text })),
		fc.record({ kind: fc.constant('array' as const), items: fc.array(scalar, { maxLength: 3 }), slots: slots(3) }),
		tie('object'),
	),
	object: objectOf(fieldName, tie('value'), 3),
})).value

function objectOf(names: fc.Arbitrary<string>, value: fc.Arbitrary<Model>, maxLength: number): fc.Arbitrary<Model> {
	return fc.record({
		kind: fc.constant('object' as const),
		members: fc.array(fc.record({ name: names, value, slots: slots(5), shares: fc.boolean() }), { maxLength }),
		many: fc.boolean(),
		trailing: fc.boolean(),
		slots: slots(2),
		gap: fc.constantFrom(' ', ' ', '', '  '),
		pad: fc.constantFrom(' ', ''),
	})
}

const section = fc.oneof({ weight: 4, arbitrary: objectOf(fieldName, anyValue, 4) }, { weight: 1, arbitrary: anyValue })

/** A whole file: byte order mark, line ends, indentation, comments before and after, with or without a root. */
export const documents: fc.Arbitrary<string> = fc
	.record({
		root: fc.option(objectOf(sectionName, section, 4), { freq: 12 }),
		bom: fc.boolean(),
		eol: fc.constantFrom('\n', '\r\n', '\n', '\r'),
		unit: fc.constantFrom('  ', '\t', '    ', ' '),
		before: slots(2),
		after: slots(2),
		finalLineEnd: fc.boolean(),
	})
	.map(({ root, bom, eol, unit, before, after, finalLineEnd }) => {
		const pen = new Pen(eol, unit)
		for (const slot of before) pen.ownLine(slot)
		if (root) pen.value(root, '')
		for (const slot of after) pen.sameLine(slot)
		if (finalLineEnd) pen.write(eol)
		return (bom ? '\ufeff' : '') + pen.text
	})

class Pen {
	text = ''
	#comments = 0
	readonly #eol: string
	readonly #unit: string

	constructor(eol: string, unit: string) {
		this.#eol = eol
		this.#unit = unit
	}

	write(text: string): void {
		// Nothing but a line end may follow a line comment.
		if (!/^[\r\n]/.test(text) && /\/\/[^\r\n]*$/.test(this.text) && this.#endsInLineComment) this.text += this.#eol
		this.text += text
		this.#endsInLineComment = false
	}

	#endsInLineComment = false

	#block(): string {
		const id = this.#comments++
		return id % 7 === 3 ? `/* c${id}.${this.#eol} * more */` : `/* c${id}. */`
	}

	ownLine(slot: number, indent = ''): void {
		if (slot > 3) return
		this.write(slot === 0 ? this.#block() : `// c${this.#comments++}. "x": {`)
		this.#endsInLineComment = slot !== 0
		this.write(this.#eol + (slot === 3 ? this.#eol : '') + indent)
	}

	sameLine(slot: number): void {
		if (slot > 3) return
		this.write(slot > 1 ? ' ' : '')
		this.write(slot > 0 ? this.#block() : `// c${this.#comments++}. , }`)
		this.#endsInLineComment = slot === 0
	}

	value(model: Model, indent: string): void {
		if (model.kind === 'scalar') {
			this.write(model.text)
			return
		}
		if (model.kind === 'array') {
			this.write('[')
			for (const [index, item] of model.items.entries()) {
				if (index > 0) this.write(', ')
				this.write(item)
				this.sameLine(model.slots[index] ?? 9)
			}
			this.write(']')
			return
		}
		const { members, many, trailing, gap, pad } = model
		const inner = indent + this.#unit
		this.write('{')
		this.sameLine(model.slots[0]!)
		if (!many) this.write(pad)
		for (const [index, member] of members.entries()) {
			const fresh = many && !(member.shares && index > 0)
			if (fresh) this.write(this.#eol + inner)
			else if (index > 0) this.write(gap)
			this.ownLine(member.slots[0]!, inner)
			this.write(`"${member.name}"`)
			if (member.slots[1]! < 2) this.write(this.#block())
			this.write(`:${gap}`)
			if (member.slots[2]! < 2) this.write(this.#block())
			this.value(member.value, inner)
			if (member.slots[3]! < 2) this.write(this.#block())
			if (index < members.length - 1 || trailing) this.write(',')
			this.sameLine(member.slots[4]!)
		}
		if (many) this.write(this.#eol)
		if (model.slots[1]! < 3) {
			this.write(inner)
			this.ownLine(model.slots[1]!)
		}
		this.write(many ? indent : pad)
		this.write('}')
	}
}

/** A parsed value with its order and its duplicates: objects are lists of names and values. */
export type Entries = { object: [string, Entries][] } | { list: Entries[] } | { value: unknown }

/** The text as jsonc-parser's tree sees it; throws where it sees an error. Null where there is no value. */
export function entriesOf(text: string): Entries | null {
	const root = treeOf(text)
	return root ? entriesOfNode(root) : null
}

export function treeOf(text: string): Node | undefined {
	const errors: { offset: number }[] = []
	// A byte order mark is an error to jsonc-parser; a space in its place keeps the offsets.
	const tree = parseTree(text.replace(/^\ufeff/, ' '), errors as never, {
		allowTrailingComma: true,
		allowEmptyContent: true,
	})
	if (errors.length > 0) throw new Error(`not JSONC at ${errors[0]!.offset}: ${JSON.stringify(text)}`)
	return tree
}

function entriesOfNode(node: Node): Entries {
	if (node.type === 'object') {
		return { object: node.children!.map(({ children }) => [children![0]!.value, entriesOfNode(children![1]!)]) }
	}
	return node.type === 'array' ? { list: node.children!.map(entriesOfNode) } : { value: node.value }
}

/**
 * What is beside a comment, as a path and a role: before it on its line, before it, after it; and the objects and
 * lists that it is in.
 */
export type Neighbours = { sameLine: string | null; previous: string; next: string; within: string[] }

/** For every numbered comment of a text, its neighbours. Commas are nobody's neighbour. */
export function neighboursOf(text: string): Map<number, Neighbours> {
	const plain = text.replace(/^\ufeff/, ' ')
	const roles = new Map<number, { before: string; after: string }>()
	const tree = treeOf(text)
	const visit = (node: Node, path: string) => {
		const end = node.offset + node.length
		if (node.type !== 'object' && node.type !== 'array') {
			roles.set(node.offset, { before: `${path} starts`, after: `${path} ends` })
			return
		}
		roles.set(node.offset, { before: `${path} starts`, after: `${path} opens` })
		roles.set(end - 1, { before: `${path} closes`, after: `${path} ends` })
		const visited = new Map<string, number>()
		for (const [index, child] of (node.children ?? []).entries()) {
			if (node.type === 'array') visit(child, `${path}[${index}]`)
			else {
				const [key, value] = child.children!
				const count = visited.get(key!.value) ?? 0
				visited.set(key!.value, count + 1)
				const own = `${path}/${key!.value}#${count}`
				roles.set(key!.offset, { before: `${own} name`, after: `${own} name` })
				if (child.colonOffset !== undefined)
					roles.set(child.colonOffset, { before: `${own} colon`, after: `${own} colon` })
				visit(value!, own)
			}
		}
	}
	if (tree) visit(tree, '')
	const scanner = createScanner(plain, false)
	const found = new Map<number, Neighbours>()
	let previous = 'start'
	let onLine: string | null = null
	let waiting: Neighbours[] = []
	const open: string[] = []
	for (let kind = scanner.scan() as number; kind !== 17; kind = scanner.scan() as number) {
		const token = plain.slice(scanner.getTokenOffset(), scanner.getPosition())
		if (kind === 14) onLine = null
		else if (kind === 12 || kind === 13) {
			const number = Number(/c(\d+)\./.exec(token)![1])
			const neighbours = { sameLine: onLine, previous, next: '', within: [...open] }
			found.set(number, neighbours)
			waiting.push(neighbours)
			if (/[\r\n]/.test(token)) onLine = null
		} else if (kind < 12 && kind !== 5) {
			const role = roles.get(scanner.getTokenOffset())!
			for (const neighbours of waiting) neighbours.next = role.before
			waiting = []
			if (role.before.endsWith(' closes')) open.pop()
			if (role.after.endsWith(' opens')) open.push(role.after.slice(0, -' opens'.length))
			previous = role.after
			onLine = role.after
		}
	}
	for (const neighbours of waiting) neighbours.next = 'end'
	return found
}
