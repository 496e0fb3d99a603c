import fc from 'fast-check'
import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { wrapWords } from '../../../source/ui/components/wrapped-text.tsx'

test.each([
	['one two three', 7, ['one two', 'three']],
	['one two three', 3, ['one', 'two', 'thr', 'ee']],
	['', 5, ['']],
	['漢字漢字', 5, ['漢字', '漢字']],
	['exactly so', 10, ['exactly so']],
])('%j in %i cells', (text, width, rows) => {
	expect(wrapWords(text, width)).toEqual(rows)
})

test('no word is lost, and no row is too wide', () => {
	const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '漢', '-'), minLength: 1, maxLength: 12 })
	fc.assert(
		fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 2, max: 30 }), (words, width) => {
			const rows = wrapWords(words.join(' '), width)
			expect(rows.join('').replaceAll(' ', '')).toBe(words.join(''))
			for (const row of rows) expect(stringWidth(row)).toBeLessThanOrEqual(width)
		}),
	)
})
