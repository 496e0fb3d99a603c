import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sanitizeLine, sanitizeText, stringifySafely } from '../../source/terminal/sanitize.ts'

const token = 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV'
/** What a terminal acts on or hides. */
const unsafe =
	/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u

describe('text from elsewhere', () => {
	test.each([
		['\u001b]52;c;aGk=\u0007', '\\u001b]52;c;aGk=\\u0007'],
		['a\u202eb', 'a\\u202eb'],
		['a\u009b31mb', 'a\\u009b31mb'],
		['two\r\nlines', 'two\\u000d\\u000alines'],
		['zero\u200bwidth', 'zero\\u200bwidth'],
		['tag \u{e0041}', 'tag \\u{e0041}'],
		[`token ${token}`, 'token abcdefghij-••••••••••'],
	])('%j is shown as %j', (text, shown) => {
		expect(sanitizeText(text)).toBe(shown)
	})

	test.each(['Größe, 表, Привет, العربية', '👩‍💻 👍🏽 ❤️', 'a\tb', 'don’t “quote” – …'])('%s stays', text => {
		expect(sanitizeText(text)).toBe(text)
	})

	test('any text: nothing that a terminal acts on is left, in colors or without', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, hasColors) => {
				const line = sanitizeLine(`\u001b[32m✔\u001b[39m ${text}`, hasColors)
				const own = hasColors ? line.replace(/\u001b\[(?:1|2|22|3[1236]|39)m/g, '') : line
				expect(own).not.toMatch(unsafe)
			}),
		)
	})

	test.each(['\u001b[31m', '\u200b', '\u0007', '\u00ad'])(
		"a credential doesn't show because %j is in its middle",
		hidden => {
			const line = sanitizeText(`path: ${token.slice(0, 18)}${hidden}${token.slice(18)}`)
			expect(line).toBe('path: abcdefghij-••••••••••')
			expect(sanitizeText(`${hidden}a ${token}`)).toContain('a abcdefghij-••••••••••')
			expect(sanitizeText(`${hidden}a ${token}`)).toMatch(/^\\u/)
		},
	)

	test("a credential doesn't show because of a color in its middle", () => {
		const line = sanitizeLine(`${token.slice(0, 12)}\u001b[32m${token.slice(12)}\u001b[39m`, true)
		expect(line).not.toContain(token.slice(14))
	})
})

describe('JSON', () => {
	test('has the same value, and no character that a terminal acts on', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), text => {
				const json = stringifySafely({ text })
				expect(json).not.toMatch(unsafe.source === '' ? /x/ : /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\ufeff]/)
				expect(JSON.parse(json).text.normalize()).toBe(text.normalize())
			}),
		)
	})

	test('masks credentials, except in lines that are to be evaluated', () => {
		const json = stringifySafely({ path: `/x/${token}`, lines: `export A=${token}` }, ['lines'])
		expect(JSON.parse(json)).toEqual({ path: '/x/abcdefghij-••••••••••', lines: `export A=${token}` })
	})
})
