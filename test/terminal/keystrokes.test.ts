import { expect, test } from 'vitest'
import { isUnmarkedPaste, parseSequence } from '../../source/terminal/keystrokes.ts'

test.each([
	['[A', 'up'],
	['OA', 'up'],
	['[1;2A', 'shift+up'],
	['[a', 'shift+up'],
	['[1;5D', 'ctrl+left'],
	['O5D', 'ctrl+left'],
	['Od', 'ctrl+left'],
	['[1;3D', 'alt+left'],
	['\u001b[D', 'alt+left'],
	['[Z', 'shift+tab'],
	['[6~', 'page-down'],
	['[5;5~', 'ctrl+page-up'],
	['[6$', 'shift+page-down'],
	['[H', 'home'],
	['[1~', 'home'],
	['[7~', 'home'],
	['OF', 'end'],
	['[3~', 'delete'],
	['OM', 'enter'],
	['b', 'alt+b'],
	['B', 'alt+b'],
	['\u007f', 'alt+backspace'],
	['\r', 'enter'],
])('names the key of ESC %j %j', (sequence, key) => {
	expect(parseSequence(`\u001b${sequence}`, 'list')).toEqual({ key, text: '' })
})

test.each([
	['[99;5u', 'ctrl+c', ''],
	['[27;5;99~', 'ctrl+c', ''],
	['[27;6;67~', 'ctrl+c', ''],
	['[99;5:1u', 'ctrl+c', ''],
	['[27u', 'esc', ''],
	['[13u', 'enter', ''],
	['[13;2u', 'enter', ''],
	['[9;2u', 'shift+tab', ''],
	['[127u', 'backspace', ''],
	['[97u', 'a', 'a'],
	['[97;2u', 'A', 'A'],
	['[97:65;2u', 'A', 'A'],
	['[49:33;2u', '!', '!'],
	['[27;2;33~', '!', '!'],
	['[32u', 'space', ' '],
	['[98;3u', 'alt+b', ''],
])('understands a key that is reported by its code: ESC %j', (sequence, key, text) => {
	expect(parseSequence(`\u001b${sequence}`, 'list')).toEqual({ key, text })
	if (text !== '') expect(parseSequence(`\u001b${sequence}`, 'field')).toEqual({ key: 'text', text })
})

test.each([
	['the release of a key', '[97;1:3u'],
	['the release of an arrow', '[1;1:3A'],
	['a function key', 'OP'],
	['a function key of the Linux console', '[[A'],
	['a key without a character', '[57441u'],
	['a key with Super', '[97;9u'],
	['focus gained', '[I'],
	['a cursor position', '[12;40R'],
	['device attributes', '[?64;1;2c'],
	['a mode report', '[?2026;2$y'],
	['a mouse report', '[<0;12;5M'],
	['a mouse report of rxvt', '[32;12;5M'],
])('ignores %s', (_, sequence) => {
	expect(parseSequence(`\u001b${sequence}`, 'field')).toBeNull()
})

test.each([
	['jjjjjjjjjjjjjjjj', false],
	['jkjkjkjkjkjkjk', false],
	['j', false],
	['          ', false],
	['Zq3h7Lk2aB-abcdefghijklmnopqrstuv', true],
	['coder.example.com', true],
])('decides whether %j is a paste that missed its field: %j', (chunk, isPaste) => {
	expect(isUnmarkedPaste(chunk)).toBe(isPaste)
})
