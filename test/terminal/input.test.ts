// The parser of the terminal's input, with the chunks in which terminals send it.
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createKeyInput, type TerminalInput } from '../../source/terminal/input.ts'
import type { InputMode } from '../../source/terminal/keystrokes.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] }))
afterEach(() => void vi.useRealTimers())

/** The events of some chunks, in words: the key, the text in quotes, or the paste in brackets. */
function parse(mode: InputMode, ...chunks: (string | Buffer)[]): string[] {
	const terminal = Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} })
	const input = createKeyInput(terminal as unknown as TerminalInput)
	const events: string[] = []
	input.setMode(mode)
	input.setRawMode(true)
	input.subscribe((event, done) => {
		done()
		if (event.type === 'paste') events.push(`[${event.text}]`)
		else events.push(event.keystroke.key === 'text' ? `"${event.keystroke.text}"` : event.keystroke.key)
	})
	for (const chunk of chunks) terminal.emit('data', Buffer.from(chunk as string))
	vi.advanceTimersByTime(5000)
	return events
}

test('a key waits until the screen has changed for the one before it', () => {
	const terminal = Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} })
	const input = createKeyInput(terminal as unknown as TerminalInput)
	input.setRawMode(true)
	const keys: string[] = []
	const changes: (() => void)[] = []
	input.subscribe((event, done) => {
		if (event.type === 'key') keys.push(event.keystroke.text || event.keystroke.key)
		changes.push(done)
	})
	terminal.emit('data', Buffer.from('\rabc'))
	vi.advanceTimersByTime(1000)
	expect(keys).toEqual(['enter'])
	input.setMode('field')
	changes[0]?.()
	vi.advanceTimersByTime(1000)
	expect(keys).toEqual(['enter', 'abc'])
})

describe('typed text', () => {
	test.each([
		['abc', ['"abc"'], ['a', 'b', 'c']],
		['token\r', ['"token"', 'enter'], ['t', 'o', 'k', 'e', 'n', 'enter']],
		['token\r\n', ['"token"', 'enter'], ['t', 'o', 'k', 'e', 'n', 'enter']],
		['to\r\nken\r', ['"to\r\nken"', 'enter'], ['t', 'o', 'enter', 'k', 'e', 'n', 'enter']],
		['\r', ['enter'], ['enter']],
		['\n', ['enter'], ['enter']],
		['a\u0001b\u0005', ['"a"', 'ctrl+a', '"b"', 'ctrl+e'], ['a', 'ctrl+a', 'b', 'ctrl+e']],
		['a\u007f\u007f', ['"a"', 'backspace', 'backspace'], ['a', 'backspace', 'backspace']],
		['ab\u001b[Dc', ['"ab"', 'left', '"c"'], ['a', 'b', 'left', 'c']],
		[' ', ['" "'], ['space']],
		['\t', ['tab'], ['tab']],
		['漢👩', ['"漢👩"'], ['漢', '👩']],
		['\u0000\u001c\u0080', [], []],
	])('becomes keystrokes in the order in which it was typed: %j', (chunk, inField, inList) => {
		expect(parse('field', chunk)).toEqual(inField)
		expect(parse('list', chunk)).toEqual(inList)
	})

	test('waits for a listener', () => {
		const terminal = Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} })
		const input = createKeyInput(terminal as unknown as TerminalInput)
		input.setRawMode(true)
		terminal.emit('data', Buffer.from('\r'))
		const keys: string[] = []
		input.subscribe(event => event.type === 'key' && keys.push(event.keystroke.key))
		vi.advanceTimersByTime(100)
		expect(keys).toEqual(['enter'])
	})
})

test.each([
	['\u001b', ['esc']],
	['\u001b\u001b', ['esc', 'esc']],
	['\u001b\r', ['enter']],
	['\u001bP', ['alt+p']],
	['\u001b]', ['alt+]']],
	['\u001b_', ['alt+_']],
])('takes %j as a key when nothing follows', (bytes, keys) => {
	expect(parse('field', bytes)).toEqual(keys)
})

describe('pastes', () => {
	test.each([
		['in one piece', ['\u001b[200~a\rb\u001b[201~']],
		['byte by byte', Array.from('\u001b[200~a\rb\u001b[201~')],
		['inside an older paste', ['\u001b[200~\u001b[200~a\rb\u001b[201~']],
		['without an end', ['\u001b[200~a\rb']],
	])('is one event %s', (_, chunks) => {
		for (const mode of ['field', 'list'] as const) expect(parse(mode, ...chunks)).toEqual(['[a\rb]'])
	})

	test('ends at Ctrl-C', () => {
		expect(parse('field', '\u001b[200~half', '\u0003')).toEqual(['ctrl+c'])
	})

	test('is recognized on a list without its markers', () => {
		expect(parse('list', 'coder.example.com\r')).toEqual(['[coder.example.com]'])
	})
})

describe('replies of the terminal', () => {
	test.each([
		['XTGETTCAP', '\u001bP1+r544e=787465726d\u001b\\'],
		['a failed XTGETTCAP', '\u001bP0+r544e\u001b\\'],
		['DECRQSS', '\u001bP1$r0m\u001b\\'],
		['XTVERSION', '\u001bP>|XTerm(388)\u001b\\'],
		['tertiary device attributes', '\u001bP!|7E565445\u001b\\'],
		['a color, with BEL', '\u001b]11;rgb:1e1e/1e1e/1e1e\u0007'],
		['a color, with ST', '\u001b]11;rgb:1e1e/1e1e/1e1e\u001b\\'],
		["kitty's graphics", '\u001b_Gi=31;OK\u001b\\'],
		['a privacy message', '\u001b^message\u001b\\'],
		['a mouse report in its oldest form', '\u001b[M !!'],
		['a mouse report in SGR form', '\u001b[<35;10;5M'],
		['the cursor position', '\u001b[12;40R'],
		['device attributes', '\u001b[?64;1;2c'],
		['focus', '\u001b[I'],
	])('are not typed: %s', (_, reply) => {
		for (const mode of ['field', 'list'] as const) {
			expect(parse(mode, `${reply}x`)).toEqual(mode === 'field' ? ['"x"'] : ['x'])
			expect(parse(mode, ...Array.from(reply), 'x')).toEqual(mode === 'field' ? ['"x"'] : ['x'])
			expect(parse(mode, reply.slice(0, -1))).toEqual([])
		}
	})

	test('are not typed with bytes that are not UTF-8', () => {
		expect(parse('field', Buffer.from([0x1b, 0x5b, 0x4d, 0x20, 0xe5, 0xa1]), 'x')).not.toContain('"M')
	})

	test('leave Ctrl-C working when they are cut off', () => {
		expect(parse('field', '\u001bP1+r544e', '\u0003')).toEqual(['ctrl+c'])
	})
})
