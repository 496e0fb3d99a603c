// The frame in the bundle against Ink's own: whatever is written where, cut by whatever, the same is seen.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Chalk } from 'chalk'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import ownChalk, { foregroundColorNames } from '../../scripts/build/chalk.ts'
import OwnOutput from '../../scripts/build/output.ts'
import { seen, showing } from '../terminal/visible-text.ts'
import { root } from './built.ts'

let InkOutput: typeof OwnOutput
beforeAll(async () => {
	InkOutput = (await import(pathToFileURL(join(root, 'node_modules/ink/build/output.js')).href)).default
})

const chalk = new Chalk({ level: 3 })
const styles: Record<string, (text: string, index: number) => string> = {
	plain: (text: string) => text,
	red: (text: string) => chalk.red(text),
	'dim on blue': (text: string) => chalk.dim(chalk.bgBlue(text)),
	inverse: (text: string) => chalk.inverse(text),
	underline: (text: string) => chalk.underline.bold(text),
	link: (text: string) => `\u001b]8;;https://a.b\u001b\\${text}\u001b]8;;\u001b\\`,
	numbered: (text: string, index: number) => `${index}${text}`,
}

const pieces = [
	'a',
	'abc',
	'two words',
	' ',
	'   ',
	'•',
	'❯ one',
	'漢',
	'漢字漢字',
	'é',
	'e\u0301',
	'👍',
	'\u200b',
	'\u00ad',
	'\n',
]
const style = fc.constantFrom(...Object.keys(styles))
const text = fc
	.array(fc.tuple(style, fc.constantFrom(...pieces)), { minLength: 1, maxLength: 5 })
	.map(parts => parts.map(([name, piece]) => (name === 'numbered' ? piece : styles[name]!(piece, 0))).join(''))
const edge = fc.option(fc.integer({ min: -2, max: 20 }), { nil: undefined })
const step = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constant('write' as const),
			x: fc.integer({ min: -3, max: 20 }),
			y: fc.integer({ min: -2, max: 7 }),
			text,
			// Links do not stand in each other.
			styles: fc.array(
				style.filter(name => name !== 'link'),
				{ maxLength: 2 },
			),
		}),
	},
	fc.record({ do: fc.constant('clip' as const), x1: edge, x2: edge, y1: edge, y2: edge }),
	fc.record({ do: fc.constant('unclip' as const) }),
)
const drawing = fc.record({
	width: fc.integer({ min: 1, max: 20 }),
	height: fc.integer({ min: 0, max: 6 }),
	steps: fc.array(step, { maxLength: 10 }),
})

type Drawing = typeof drawing extends fc.Arbitrary<infer One> ? One : never

function draw(Output: typeof OwnOutput, { width, height, steps }: Drawing) {
	const output = new Output({ width, height })
	for (const step of steps) {
		if (step.do === 'unclip') output.unclip()
		else if (step.do === 'clip') output.clip({ x1: step.x1, x2: step.x2, y1: step.y1, y2: step.y2 })
		else output.write(step.x, step.y, step.text, { transformers: step.styles.map(name => styles[name]!) })
	}
	return output.get()
}

describe('a frame', () => {
	test('shows what Ink’s shows', async () => {
		await fc.assert(
			fc.asyncProperty(drawing, async description => {
				const [ours, theirs] = [draw(OwnOutput, description), draw(InkOutput, description)]
				expect(ours.height).toBe(theirs.height)
				const [ownScreen, inkScreen] = await Promise.all(
					[ours, theirs].map(({ output }) => showing(output.split('\n'))),
				)
				expect(seen(ownScreen!.terminal)).toEqual(seen(inkScreen!.terminal))
			}),
			{ numRuns: 1500 },
		)
	})

	test('ends each row with what is seen last', () => {
		const output = new OwnOutput({ width: 10, height: 2 })
		output.write(2, 0, 'ab  ', { transformers: [] })
		output.write(0, 1, '  ', { transformers: [styles['inverse']!] })
		expect(output.get().output).toBe('  ab\n\u001b[7m  \u001b[m')
	})
})

describe('colours', () => {
	const names = Object.keys(ownChalk).filter(name => name !== 'level')
	const nested = fc
		.array(fc.tuple(fc.constantFrom(...names, 'none'), fc.constantFrom('a', 'b c', '\n', '\r\n', '')), { maxLength: 5 })
		.map(parts => parts.map(([name, piece]) => paint(chalk, name, piece)).join(''))
	const paint = (one: unknown, name: string, piece: string): string =>
		name === 'none' ? piece : (one as Record<string, (text: string) => string>)[name]!(piece)

	test('are chalk’s, one inside the other and across lines', () => {
		expect(names).toHaveLength(42)
		ownChalk.level = 1
		fc.assert(
			fc.property(fc.constantFrom(...names), nested, (name, piece) => {
				expect(paint(ownChalk, name, piece)).toBe(paint(chalk, name, piece))
			}),
		)
	})

	test('are all that Ink knows by name', async () => {
		const { foregroundColorNames: known } = await import('chalk')
		expect([...foregroundColorNames].sort()).toEqual([...known].sort())
	})

	test('are left out at level 0', () => {
		ownChalk.level = 0
		for (const name of names) expect(paint(ownChalk, name, 'text')).toBe('text')
	})
})
