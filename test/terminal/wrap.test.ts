import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { wrap, wrapIndented } from '../../source/terminal/wrap.ts'

describe('wrap with breakWords', () => {
	test.each([
		['one two three', 7, ['one two', 'three']],
		['one two three', 3, ['one', 'two', 'thr', 'ee']],
		['', 5, ['']],
		['漢字漢字', 5, ['漢字', '漢字']],
		['exactly so', 10, ['exactly so']],
	])('wraps %j in %i cells', (text, width, rows) => {
		expect(wrap(text, width, { breakWords: true })).toEqual(rows)
	})

	test('loses no word and makes no row too wide', () => {
		const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '漢', '-'), minLength: 1, maxLength: 12 })
		fc.assert(
			fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 2, max: 30 }), (words, width) => {
				const rows = wrap(words.join(' '), width, { breakWords: true })
				expect(rows.join('').replaceAll(' ', '')).toBe(words.join(''))
				for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(width)
			}),
		)
	})
})

test('wrap keeps a long word in one piece', () => {
	expect(wrap('see https://coder.example.com now', 10)).toEqual(['see', 'https://coder.example.com', 'now'])
})

test('wrap returns the whole text if the width is unknown', () => {
	expect(wrap('one  two', Number.POSITIVE_INFINITY)).toEqual(['one  two'])
})

test('wrapIndented keeps the indentation of each row', () => {
	expect(wrapIndented('  one two three', 9)).toEqual(['  one two', '  three'])
	expect(wrapIndented('  one   two', 40)).toEqual(['  one   two'])
})
