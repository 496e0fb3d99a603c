import { describe, expect, test } from 'vitest'
import { isStrayPaste, parseKeystrokes, splitTypedText } from '../../source/terminal/keystrokes.ts'

const names = (strokes: readonly { key: string; text: string }[]) =>
	strokes.map(({ key, text }) => (key === 'text' ? `"${text}"` : key))

describe('a chunk of typed text', () => {
	test.each([
		['abc', ['"abc"'], ['a', 'b', 'c']],
		['token\r', ['"token"', 'enter'], ['t', 'o', 'k', 'e', 'n', 'enter']],
		['token\r\n', ['"token"', 'enter'], ['t', 'o', 'k', 'e', 'n', 'enter']],
		['to\r\nken\r', ['"to\r\nken"', 'enter'], ['t', 'o', 'enter', 'k', 'e', 'n', 'enter']],
		['\r', ['enter'], ['enter']],
		['\n', ['enter'], ['enter']],
		['\r\r', ['enter'], ['enter', 'enter']],
		['a\u0001b\u0005', ['"a"', 'ctrl+a', '"b"', 'ctrl+e'], ['a', 'ctrl+a', 'b', 'ctrl+e']],
		['a\u007f\u007f', ['"a"', 'backspace', 'backspace'], ['a', 'backspace', 'backspace']],
		[' ', ['" "'], ['space']],
		['\t', ['tab'], ['tab']],
		['漢👩', ['"漢👩"'], ['漢', '👩']],
		['\u0000\u001c\u0080', [], []],
	])('%j', (chunk, inField, inList) => {
		expect(names(splitTypedText(chunk, 'field'))).toEqual(inField)
		expect(names(splitTypedText(chunk, 'list'))).toEqual(inList)
	})
})

test.each([
	['', { upArrow: true }, ['up']],
	['', { upArrow: true, shift: true }, ['shift+up']],
	['', { leftArrow: true, ctrl: true }, ['ctrl+left']],
	['', { tab: true, shift: true }, ['shift+tab']],
	['', { pageDown: true }, ['page-down']],
	['', { backspace: true, meta: true }, ['alt+backspace']],
	['\r', { return: true }, ['enter']],
	['', { escape: true }, ['esc']],
	['c', { ctrl: true }, ['ctrl+c']],
	['b', { meta: true }, ['alt+b']],
	['', { ctrl: true }, []],
	['', {}, []],
	['a', { eventType: 'release' }, []],
])('%j with %j', (input, key, requested) => {
	expect(names(parseKeystrokes(input, key, 'field'))).toEqual(requested)
})

test.each([
	['jjjjjjjjjjjjjjjj', false],
	['jkjkjkjkjkjkjk', false],
	['j', false],
	['          ', false],
	['Zq3h7Lk2aB-abcdefghijklmnopqrstuv', true],
	['coder.example.com', true],
])('%j is a paste that missed its field: %j', (chunk, requested) => {
	expect(isStrayPaste(chunk)).toBe(requested)
})
