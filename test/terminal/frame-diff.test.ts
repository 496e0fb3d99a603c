import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffFrames, truncateRow } from '../../source/terminal/frame-diff.ts'
import { seen, showing } from './visible-text.ts'

const styles = [
	['', ''],
	['\u001b[31m', '\u001b[39m'],
	['\u001b[2m', '\u001b[22m'],
	['\u001b[1m\u001b[36m', '\u001b[39m\u001b[22m'],
	['\u001b[7m', '\u001b[27m'],
	['\u001b[38;5;200m', '\u001b[39m'],
	['\u001b[4m\u001b[48;2;1;2;3m', '\u001b[49m\u001b[24m'],
] as const
const piece = fc
	.tuple(fc.constantFrom(...styles), fc.constantFrom('a', 'abc', '•', ' ', '   ', '❯ one', '漢', 'é', 'two  ', '→'))
	.map(([[on, off], text]) => on + text + off)
const row = fc.array(piece, { maxLength: 5 }).map(pieces => pieces.join(''))
const frame = fc.array(row, { maxLength: 8 })

test('what is seen is the new frame, whatever was there before', async () => {
	await fc.assert(
		fc.asyncProperty(
			frame,
			fc.array(fc.tuple(fc.nat(7), row), { maxLength: 3 }),
			fc.option(frame),
			async (before, edits, other) => {
				// Mostly a frame that differs in some rows, as frames do.
				const after = [...(other ?? before)]
				for (const [index, text] of edits) if (index < after.length) after[index] = text
				const changed = await showing(before)
				await changed.write(diffFrames(before, after))
				const fresh = await showing(after)
				expect(seen(changed.terminal)).toEqual(seen(fresh.terminal))
			},
		),
		{ numRuns: 300 },
	)
})

test('at the bottom of the window a frame that grows scrolls', async () => {
	const before = Array.from({ length: 20 }, (_, index) => `row ${index}`)
	const after = [...before, 'one more', 'and one']
	const changed = await showing(before)
	await changed.write(diffFrames(before, after))
	expect(seen(changed.terminal)).toEqual(seen((await showing(after)).terminal))
})

describe('the bytes', () => {
	test.each<[string, string[], string[], string]>([
		['nothing if nothing changed', ['a', 'b'], ['a', 'b'], ''],
		[
			'a change in the middle of a row',
			['a', 'one x two', 'b'],
			['a', 'one y two', 'b'],
			'\u001b[2F\u001b[5Gy\u001b[2E',
		],
		['a row that changed in the first column', ['a', 'b'], ['c', 'b'], '\u001b[2F\u001b[Kc\u001b[2E'],
		['a shorter row', ['abc'], ['a'], '\u001b[1F\u001b[2G\u001b[K\u001b[1E'],
		['one more row', ['a'], ['a', 'b'], 'b\n'],
		['one row less', ['a', 'b'], ['a'], '\u001b[1F\u001b[J'],
		[
			'a styled row whole',
			['\u001b[31mab\u001b[39m'],
			['\u001b[31mac\u001b[39m'],
			'\u001b[1F\u001b[K\u001b[31mac\u001b[39m\u001b[1E',
		],
	])('write %s', (_, before, after, bytes) => {
		expect(diffFrames(before, after)).toBe(bytes)
	})
})

test.each([
	['short', 10, 'short'],
	['exactly ten', 11, 'exactly ten'],
	['too long', 3, 'too'],
	['\u001b[31mred\u001b[39m', 3, '\u001b[31mred\u001b[39m'],
	['a\u001b[31mred\u001b[39m', 3, 'a\u001b[31mre\u001b[39m'],
	['漢字漢', 5, '漢字'],
])('truncates %j to %i columns', (row, columns, expected) => {
	expect(truncateRow(row, columns)).toBe(expected)
})
