import fc from 'fast-check'
import { parse } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { parseTolerant } from '../../../source/mux/jsonc/parse-tolerant.ts'

describe('reads like the parser that Mux calls', () => {
	const pieces = [
		...[
			'{',
			'}',
			'[',
			']',
			',',
			':',
			'"',
			'\\',
			'/',
			'*',
			'\n',
			'\r\n',
			' ',
			'\ufeff',
			"'",
			'-',
			'.',
			'e',
			'1',
			'\u0000',
		],
		...[
			'"openai"',
			'"apiKey"',
			'"__proto__"',
			'"a\\u0041"',
			'// c',
			'/* c */',
			'true',
			'null',
			'undefined',
			'1e5',
			':{',
			'},',
		],
	]

	test('reads any pieces in any order', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), parts => {
				const text = parts.join('')
				// What the walk does on a closing bracket too many depends on the parser: ours must do the same.
				let expected: unknown
				let thrown = false
				try {
					expected = parse(text)
				} catch {
					thrown = true
				}
				if (thrown) expect(() => parseTolerant(text)).not.toThrow()
				else expect(parseTolerant(text).value).toEqual(expected)
			}),
			{ numRuns: 4000 },
		)
	})

	test('reads a whole document with a part cut out', () => {
		fc.assert(
			fc.property(fc.object({ maxDepth: 3 }), fc.nat(), fc.nat(20), (value, from, length) => {
				const text = JSON.stringify(value, null, 2)
				const start = from % (text.length + 1)
				const cut = text.slice(0, start) + text.slice(start + length)
				expect(parseTolerant(cut).value).toEqual(parse(cut))
			}),
			{ numRuns: 2000 },
		)
	})
})

describe('parseTolerant', () => {
	test('reports sections and keys that appear more than once', () => {
		const text = `{"openai":{"apiKey":1,"apiKey":2,"headers":{"a":1,"a":2}},"x":[{"a":1,"a":2}],"openai":{"b":1},"openai":{}}`
		expect(parseTolerant(text).duplicates).toEqual([
			{ path: ['openai', 'apiKey'], count: 2 },
			{ path: ['openai'], count: 3 },
		])
	})

	test('reports the first error by line and column, which comments and trailing commas are not', () => {
		expect(parseTolerant('\ufeff// c\r\n{"a": 1, /* d */\r\n "b": [2,],}\n').firstError).toBeNull()
		expect(parseTolerant('{\n  "a": 1\n  "b": 2\n}').firstError).toMatchObject({ line: 3, column: 3 })
	})

	test('returns nothing for an empty text', () => {
		expect(parseTolerant('').value).toBeUndefined()
		expect(parseTolerant('// only a comment\n').value).toBeUndefined()
	})

	test('reads nothing from values that are nested too deeply, like Mux', () => {
		const deep = `{"openai": {"apiKey": "x"}, "a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`
		expect(() => parse(deep)).toThrow(RangeError)
		expect(parseTolerant(deep)).toEqual({ value: undefined, duplicates: [], firstError: null })
	})
})
