import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createFrameWriter } from '../../source/terminal/frame-writer.ts'

/** What Ink erases a frame with (ansi-escapes). */
const eraseLines = (count: number) => `${'\u001b[2K\u001b[1A'.repeat(count - 1)}\u001b[2K\u001b[G`

function openOn(columns = 80) {
	const written: string[] = []
	const terminal = Object.assign(new EventEmitter(), {
		isTTY: true,
		columns,
		rows: 24,
		write(text: string, callback?: () => void) {
			written.push(text)
			callback?.()
			return true
		},
	})
	const screen = createFrameWriter(terminal as unknown as NodeJS.WriteStream)
	return { terminal, screen, stream: screen.stream, written, last: () => written.at(-1) }
}

describe('frames', () => {
	test('the first is written as it is, the next only if it differs', () => {
		const { stream, written } = openOn()
		stream.write('one\ntwo\n')
		stream.write(`${eraseLines(3)}one\ntwa\n`)
		expect(written).toEqual(['one\ntwo\n', '\u001b[1F\u001b[3G\u001b[Ka\u001b[1E'])
	})

	test('small ones need no marks, large ones are marked as one', () => {
		const { stream, written } = openOn()
		stream.write('\u001b[?2026h')
		stream.write('one\n')
		stream.write('\u001b[?2026l')
		expect(written).toEqual(['one\n'])
		const large = Array.from({ length: 20 }, () => `${'x'.repeat(60)}\n`).join('')
		stream.write(eraseLines(2) + large)
		expect(written.at(-1)).toMatch(/^\u001b\[\?2026h[^\u001b]*\u001b\[1F[\s\S]*\u001b\[\?2026l$/)
	})

	test('an empty one leaves no blank line, and the one after it erases nothing of what stood before', () => {
		const { stream, last } = openOn()
		stream.write('one\ntwo\n')
		stream.write(`${eraseLines(3)}\n`)
		expect(last()).toBe('\u001b[2F\u001b[J')
		stream.write(`${eraseLines(2)}three\n`)
		expect(last()).toBe('three\n')
	})

	test("what isn't understood is written as it is, and the next frame too", () => {
		const { stream, last } = openOn()
		stream.write('one\n')
		stream.write('something else\u0007')
		expect(last()).toBe('something else\u0007')
		stream.write(`${eraseLines(2)}two\n`)
		expect(last()).toBe(`${eraseLines(2)}two\n`)
		stream.write(`${eraseLines(2)}twa\n`)
		expect(last()).toBe('\u001b[1F\u001b[3G\u001b[Ka\u001b[1E')
	})

	test("sequences that show nothing don't disturb", () => {
		const { stream, last } = openOn()
		stream.write('one\n')
		for (const text of [
			'\u001b[?25l',
			'\u001b[?2004h',
			'\u001b]52;c;aGk=\u0007',
			'\u001bPtmux;\u001b\u001b]52;c;aGk=\u0007\u001b\\',
		]) {
			stream.write(text)
			expect(last()).toBe(text)
		}
		stream.write(`${eraseLines(2)}onx\n`)
		expect(last()).toBe('\u001b[1F\u001b[3G\u001b[Kx\u001b[1E')
	})

	test('in a window that became narrower, the rows that the terminal wrapped are erased as well', () => {
		const { terminal, stream, last } = openOn(40)
		stream.write(`${'x'.repeat(40)}\nshort\n${'y'.repeat(25)}\n`)
		terminal.columns = 20
		stream.write(eraseLines(4))
		expect(last()).toBe('\u001b[5F\u001b[K\u001b[1E\u001b[J\u001b[1F')
		stream.write('new\n')
		expect(last()).toBe('new\n')
	})

	test('no row is ever wider than the window', () => {
		const { stream, last } = openOn(10)
		stream.write('0123456789abc\n')
		expect(last()).toBe('0123456789\n')
	})

	test('callbacks are called, also if nothing had to be written', async () => {
		const { stream } = openOn()
		stream.write('one\n')
		await new Promise<void>(done => stream.write(`${eraseLines(2)}one\n`, () => done()))
		await new Promise<void>(done => stream.write('', () => done()))
	})

	test("muted, nothing is written, and what is on the screen then isn't known", () => {
		const { screen, stream, written, last } = openOn()
		stream.write('one\n')
		const unmute = screen.mute()
		stream.write(eraseLines(2))
		unmute()
		expect(written).toEqual(['one\n'])
		stream.write('one\n')
		expect(last()).toBe('\u001b[Jone\n')
	})
})

test('the stream is the terminal in everything else', () => {
	const { terminal, stream } = openOn()
	let resized = 0
	const listener = () => resized++
	stream.on('resize', listener)
	terminal.emit('resize')
	stream.off('resize', listener)
	terminal.emit('resize')
	expect([stream.isTTY, stream.columns, stream.rows, resized]).toEqual([true, 80, 24, 1])
})
