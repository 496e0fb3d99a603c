// The layout in the bundle against the one that it stands for, on trees of everything that Ink asks of a layout and this
// program's screens use.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import Yoga from 'yoga-layout'
import layout from '../../scripts/build/layout.ts'
import { root } from './built.ts'

type Tree = { set: [string, ...number[]][]; text?: string; children: Tree[] }

const edge = fc.integer({ min: 0, max: 8 })
const little = fc.integer({ min: 0, max: 3 })
const length = fc.integer({ min: 0, max: 30 })
const setting = fc.oneof(
	fc.tuple(fc.constant('setFlexDirection'), fc.integer({ min: 0, max: 3 })),
	fc.tuple(fc.constant('setFlexDirection'), fc.constantFrom(0, 2)),
	fc.tuple(fc.constant('setFlexGrow'), fc.constantFrom(0, 1, 1, 2, 0.5)),
	fc.tuple(fc.constant('setFlexShrink'), fc.constantFrom(0, 1, 1, 2, 0.5)),
	fc.tuple(fc.constant('setFlexBasis'), length),
	fc.tuple(fc.constant('setJustifyContent'), fc.integer({ min: 0, max: 5 })),
	fc.tuple(fc.constant('setAlignItems'), fc.integer({ min: 1, max: 4 })),
	fc.tuple(fc.constant('setAlignSelf'), fc.integer({ min: 0, max: 4 })),
	fc.tuple(fc.constant('setMargin'), edge, little),
	fc.tuple(fc.constant('setPadding'), edge, little),
	fc.tuple(fc.constant('setBorder'), fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1)),
	fc.tuple(fc.constant('setGap'), fc.integer({ min: 0, max: 2 }), little),
	fc.tuple(fc.constant('setWidth'), length),
	fc.tuple(fc.constant('setHeight'), length),
	// A least size above the largest one is no use to anybody.
	fc.tuple(fc.constantFrom('setMinWidth', 'setMinHeight'), fc.integer({ min: 0, max: 10 })),
	fc.tuple(fc.constantFrom('setMaxWidth', 'setMaxHeight'), fc.integer({ min: 10, max: 30 })),
	fc.tuple(fc.constant('setDisplay'), fc.constantFrom(0, 0, 0, 1)),
) as fc.Arbitrary<[string, ...number[]]>

// As Ink makes them: boxes and texts are rows that may shrink.
const inkDefaults: [string, ...number[]][] = [
	['setFlexGrow', 0],
	['setFlexShrink', 1],
	['setFlexDirection', 2],
]
const settings = fc.array(setting, { maxLength: 5 }).map(more => [...inkDefaults, ...more])
const text: fc.Arbitrary<Tree> = fc.record({
	set: fc.array(setting, { maxLength: 1 }).map(more => [...inkDefaults, ...more]),
	text: fc
		.array(fc.string({ minLength: 1, maxLength: 9, unit: fc.constantFrom('a', 'b') }), { maxLength: 8 })
		.map(words => words.join(' ')),
	children: fc.constant([]),
})
const { tree } = fc.letrec<{ tree: Tree; box: Tree }>(tie => ({
	tree: fc.oneof({ depthSize: 'small', maxDepth: 5, withCrossShrink: true }, text, tie('box')),
	box: fc.record({ set: settings, children: fc.array(tie('tree'), { maxLength: 4 }) }),
}))
const screen = fc.record({
	columns: fc.integer({ min: 1, max: 90 }),
	box: fc.record({ set: settings, children: fc.array(tree, { maxLength: 5 }) }),
})

/** Text as Ink measures it: in one line where that fits, else broken at blanks. */
function measureText(value: string, width: number, widthMode: number) {
	const whole = { width: value.length, height: value === '' ? 0 : 1 }
	if (widthMode === 0 || whole.width <= width) return whole
	if (width >= 0 && width < 1) return whole
	const rows = [0]
	for (const word of value.split(' ')) {
		let rest = word.length
		const last = rows.length - 1
		if ((rows[last] ?? 0) > 0 && (rows[last] ?? 0) + 1 + rest <= width) rows[last] = (rows[last] ?? 0) + 1 + rest
		else {
			for (; rest > 0; rest -= Math.floor(width)) rows.push(Math.min(rest, Math.floor(width)))
		}
	}
	return { width: Math.max(...rows), height: rows.length - 1 || 1 }
}

type AnyNode = {
	insertChild(child: AnyNode, index: number): void
	setMeasureFunc(measure: (width: number, widthMode: number) => { width: number; height: number }): void
	getComputedLeft(): number
	getComputedTop(): number
	getComputedWidth(): number
	getComputedHeight(): number
	getComputedPadding(edge: number): number
	getComputedBorder(edge: number): number
	getComputedMargin(edge: number): number
	getChildCount(): number
	getDisplay(): number
	getChild(index: number): AnyNode
	setWidth(width: number): void
	calculateLayout(width: undefined, height: undefined, direction: number): void
	freeRecursive(): void
	[setter: string]: unknown
}
type Engine = { Node: { create(): unknown } }

function make(engine: Engine, description: Tree): AnyNode {
	const node = engine.Node.create() as AnyNode
	for (const [name, ...values] of description.set) (node[name] as (...values: number[]) => void)(...values)
	const { text } = description
	if (text !== undefined) node.setMeasureFunc((width, mode) => measureText(text, width, mode))
	for (const [index, child] of description.children.entries()) node.insertChild(make(engine, child), index)
	return node
}

function read(node: AnyNode): unknown {
	if (node.getDisplay() === 1) return 'hidden'
	return {
		at: [node.getComputedLeft(), node.getComputedTop(), node.getComputedWidth(), node.getComputedHeight()].map(
			value => value + 0,
		),
		insets: [0, 1, 2, 3].map(edge => [node.getComputedPadding(edge), node.getComputedBorder(edge)]),
		children: Array.from({ length: node.getChildCount() }, (_, index) => read(node.getChild(index))),
	}
}

function layOut(engine: Engine, { columns, box }: { columns: number; box: Tree }, more: number[] = []): unknown[] {
	const top = make(engine, { set: [], children: [box] })
	const results = [columns, ...more].map(width => {
		top.setWidth(width)
		top.calculateLayout(undefined, undefined, 1)
		return read(top)
	})
	top.freeRecursive()
	return results
}

describe('the layout in the bundle', () => {
	// One seed, so that a run says the same each time; LAYOUT_RUNS and LAYOUT_SEED look further.
	const seed = Number(process.env['LAYOUT_SEED'] ?? 20261123)
	const numRuns = Number(process.env['LAYOUT_RUNS'] ?? 3000)
	const expectSame = (description: { columns: number; box: Tree }, more: number[] = []) => {
		const expected = layOut(Yoga as unknown as Engine, description, more)
		// Where next to nothing is divided by next to nothing, Yoga places things millions of cells away.
		if (/\d{5}/.test(JSON.stringify(expected))) return
		expect(layOut(layout, description, more)).toEqual(expected)
	}

	test('is Yoga’s, for any tree', () => {
		fc.assert(
			fc.property(screen, description => expectSame(description)),
			{ numRuns, seed },
		)
	})

	test('and again after the window changed', () => {
		fc.assert(fc.property(screen, fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 3 }), expectSame), {
			numRuns: numRuns / 4,
			seed,
		})
	})

	test('has every constant and method that Ink uses', () => {
		const folder = join(root, 'node_modules/ink/build')
		const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path => path.endsWith('.js'))
		const node = layout.Node.create() as unknown as Record<string, unknown>
		const names = new Set<string>()
		for (const path of sources) {
			const source = readFileSync(join(folder, path), 'utf8')
			for (const [, name = ''] of source.matchAll(/\bYoga\.([A-Z_]+)\b/g)) {
				names.add(name)
				expect([name, (layout as Record<string, unknown>)[name]]).toEqual([
					name,
					(Yoga as unknown as Record<string, unknown>)[name],
				])
			}
			const isStyles = path === 'styles.js'
			for (const [, method = ''] of source.matchAll(isStyles ? /\bnode\.(set\w+)\(/g : /\byogaNode\??\.(\w+)\(/g)) {
				names.add(method)
				expect([path, method, typeof node[method]]).toEqual([path, method, 'function'])
			}
		}
		expect(names.size).toBeGreaterThan(60)
	})

	test.each([
		['setFlexWrap', 1],
		['setWidthPercent', 50],
		['setPositionType', 2],
		['setPosition', 0, 1],
		['setAspectRatio', 2],
		['setAlignItems', 5],
	])('%s is refused in words', (method, ...values) => {
		const node = layout.Node.create() as unknown as Record<string, (...values: unknown[]) => void>
		expect(() => node[method]?.(...values)).toThrow('scripts/build/layout.ts')
	})

	test('the screens ask for nothing that it lacks', () => {
		const folder = join(root, 'source/ui')
		for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path =>
			path.endsWith('.tsx'),
		)) {
			const source = readFileSync(join(folder, path), 'utf8')
			expect([path, source.match(/\b(flexWrap|aspectRatio|position|alignContent)=|="[\d.]+%"|baseline/g)]).toEqual([
				path,
				null,
			])
		}
	})
})
