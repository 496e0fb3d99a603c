import { useState } from 'react'
import { afterEach, describe, expect, test } from 'vitest'
import { inspectToken } from '../../../source/coder/token-format.ts'
import { PasswordInput } from '../../../source/ui/components/password-input.tsx'
import { TextInput } from '../../../source/ui/components/text-input.tsx'
import { draw, undrawAll, until } from './drawn.tsx'

afterEach(undrawAll)

/** A field whose owner keeps the text, as screens do. */
function Owner(props: { submitted: string[]; start?: string; note?: string; cleaned?: (text: string) => string }) {
	const [value, setValue] = useState(props.start ?? '')
	return (
		<TextInput
			value={value}
			onChange={text => {
				const kept = props.cleaned ? props.cleaned(text) : text
				setValue(kept)
				return kept
			}}
			onSubmit={text => props.submitted.push(text)}
			placeholder="https://coder.example.com"
			{...(props.note === undefined ? {} : { note: props.note })}
		/>
	)
}

function drawField(options: Parameters<typeof draw>[1] & { start?: string; cleaned?: (text: string) => string } = {}) {
	const submitted: string[] = []
	const { start, cleaned, ...rest } = options
	const field = draw(
		<Owner submitted={submitted} {...(start === undefined ? {} : { start })} {...(cleaned ? { cleaned } : {})} />,
		rest,
	)
	return {
		...field,
		submitted,
		enter: async () => {
			field.send('\r')
			await until(() => submitted.length > 0)
			return submitted[0]
		},
	}
}

describe('what is typed', () => {
	test('keys that arrive in one chunk all count, in their order', async () => {
		const field = drawField()
		field.send('ab\u001b[Dc\u007f\u007fx')
		await field.waitFor('x▏b')
		expect(await field.enter()).toBe('xb')
	})

	test('a text that ends in Enter in the same chunk is the text and then Enter', async () => {
		const field = drawField()
		field.send('https://coder.example.com\r')
		await until(() => field.submitted.length > 0)
		expect(field.submitted).toEqual(['https://coder.example.com'])
	})

	test.each([
		'\u0001',
		'\u0005',
		'\u0015',
		'\u000b',
		'\u0017',
		'\u0002',
		'\u0006',
		'\u0004',
		'\u0008',
		'\u0007',
		'\u000c',
		'\u000e',
		'\u0010',
		'\u0012',
		'\u0014',
		'\u0016',
		'\u0018',
		'\u0019',
		'\u0000',
		'\u001c',
		'\u001d',
		'\u001e',
		'\u001f',
		'\t',
		'\u001b',
		'\u001b[Z',
		'\u001bx',
		'\u001bOP',
		'\u001b[15~',
		'\u001b[2~',
		'\u001b[1;5A',
		'\u001b[I',
		'\u001b[O',
		'\u001b[',
		'\u001bO',
		'\u001b[1;',
		'\u001b]11;rgb:0/0/0\u0007',
		'\u001b[?1;2c',
		'\u001b[24;80R',
		'\u001b[97;5u',
	])('control key %j types nothing', async key => {
		const field = drawField()
		field.send(key)
		// What comes after it tells that it was dealt with. Apart, because both in one chunk are another key.
		await new Promise(resolve => setTimeout(resolve, 60))
		field.send('z')
		await field.waitFor(/z/)
		expect(await field.enter()).toBe('z')
	})

	test('the editing keys edit', async () => {
		const field = drawField({ start: 'one two' })
		field.send(
			'\u0001',
			'A',
			'\u001bf',
			'B',
			'\u0005',
			'C',
			'\u001b[D',
			'\u001b[3~',
			'\u001b[H',
			'\u000b',
			'漢字',
			'\u001b[D',
			'\u007f',
			'!',
			'\u001b[F',
			'?',
		)
		await field.waitFor('!字?')
		expect(await field.enter()).toBe('!字?')
	})

	test('the owner of the text may change it, and the field shows what the owner has', async () => {
		const field = drawField({ cleaned: text => text.replace(/\s/g, '') })
		field.send('a b', ' ', 'c')
		await field.waitFor('abc')
		field.send('\u007f')
		await field.waitFor('ab▏')
		expect(await field.enter()).toBe('ab')
	})

	test('bytes of one character that come apart are one character', async () => {
		const field = drawField()
		const bytes = Buffer.from('漢')
		field.send(bytes.subarray(0, 1), bytes.subarray(1))
		await field.waitFor('漢')
		expect(await field.enter()).toBe('漢')
	})
})

describe('what is pasted', () => {
	test('a line break inside a bracketed paste is never Enter; lines are joined', async () => {
		const field = drawField()
		field.send('\u001b[200~https://coder.exam\r\n  ple.com\r\u001b[201~')
		await field.waitFor('https://coder.example.com')
		expect(field.submitted).toEqual([])
		expect(await field.enter()).toBe('https://coder.example.com')
	})

	test('nor is one inside a paste without brackets', async () => {
		const field = drawField()
		field.send('https://coder.exam\r\nple.com')
		await field.waitFor('https://coder.example.com')
		expect(field.submitted).toEqual([])
	})

	test('nor is one at which such a paste was cut into pieces', async () => {
		const field = drawField()
		field.send('https://coder.exam\r', 'ple.', 'com\r')
		await until(() => field.submitted.length > 0)
		expect(field.submitted).toEqual(['https://coder.example.com'])
	})

	test('brackets may come in pieces of any size', async () => {
		const field = drawField()
		field.send(...'\u001b[200~https://coder.example.com\u001b[201~')
		await field.waitFor('https://coder.example.com')
		expect(await field.enter()).toBe('https://coder.example.com')
	})

	test.each([1, 7, 1024, 4095])('50 kB without brackets in pieces of %i', async piece => {
		const field = drawField()
		const text = Array.from({ length: 50_000 / 10 }, (_, index) => `a${index}`.padEnd(10, '.')).join('')
		for (let start = 0; start < text.length; start += piece) field.send(text.slice(start, start + piece))
		await field.waitFor(/4999/)
		expect(await field.enter()).toBe(text)
	})

	test('a paste that never ends is taken as ended after a while, and the keyboard is free again', async () => {
		const field = drawField()
		field.send('\u001b[200~https://a.b')
		await field.waitFor('https://a.b')
		field.send('c', '\r')
		await until(() => field.submitted.length > 0)
		expect(field.submitted).toEqual(['https://a.bc'])
	})

	test('an owner that keeps another text has the last word between keys that come before the next drawing', async () => {
		const field = drawField({ cleaned: text => text.replace(/-/g, '') })
		field.send(...'a-b--c-d')
		await field.waitFor('abcd')
		expect(await field.enter()).toBe('abcd')
	})

	test('Ctrl-C works inside a paste that never ends', async () => {
		let left = 0
		const field = drawField({ onQuit: () => left++ })
		field.send('\u001b[200~https://a.b', '\u0003')
		await until(() => left === 1)
	})

	test('a paste of 4 kB is drawn once', async () => {
		const field = drawField()
		await field.waitFor('https')
		const before = field.frames.length
		field.send(`\u001b[200~${'y'.repeat(4096)}\u001b[201~`)
		await field.waitFor('yyy')
		expect(field.frames.length - before).toBe(1)
	})
})

describe('how it looks', () => {
	test('shows a placeholder and a note while it is empty', async () => {
		const field = draw(<Owner submitted={[]} note="from the Coder CLI" />)
		expect(field.screen()).toBe('  ▏https://coder.example.com   from the Coder CLI')
	})

	test('in color no symbol is drawn for the cursor: it is shown itself', () => {
		const field = drawField({ start: 'ab', capabilities: { colorLevel: 1 } })
		expect(field.styled()).toMatch(/^ {2}ab ?$/)
	})

	test('a long text scrolls so that the cursor is visible, and never takes a second row', async () => {
		const url = `https://${'coder.'.repeat(20)}example.com`
		const field = drawField({ start: url, columns: 40 })
		expect(field.screen()).toMatch(/^ {2}….*example\.com▏$/)
		field.send('\u0001')
		await field.waitFor(/^ {2}▏https:\/\/coder.*…$/)
		for (let step = 0; step < 40; step++) field.send('\u001b[C')
		await field.waitFor(/^ {2}….*▏.*…$/)
		for (const frame of field.frames) expect(frame).not.toContain('\n')
	})

	test("while it isn't active it only shows its text", async () => {
		const field = draw(<TextInput value="https://a.b" onChange={text => text} onSubmit={() => {}} isActive={false} />)
		expect(field.screen()).toBe('  https://a.b')
	})

	test.each([true, false])('shows control and invisible characters as escapes (active: %s)', async isActive => {
		const text = 'a\u202eb\u200bc\u009bd'
		const field = draw(<TextInput value={text} onChange={kept => kept} onSubmit={() => {}} isActive={isActive} />)
		await field.waitFor('a\\u202eb')
		for (const frame of field.frames) expect(frame).not.toMatch(/[\u202e\u200b\u009b]/)
	})

	test('a text over the cap says so', async () => {
		const field = drawField()
		field.send(`\u001b[200~${'y'.repeat(70_000)}\u001b[201~`)
		await field.waitFor('cut at 65,536 characters')
	})
})

describe('a secret', () => {
	const token = 'Zq3h7Lk2aB-abcdefghijklmnopqrstuv'

	test('shows marks and how many characters there are, never one of them', async () => {
		const submitted: string[] = []
		const field = draw(<PasswordInput onSubmit={text => submitted.push(text)} removed={['1 line break', 'quotes']} />)
		expect(field.screen()).toContain('0 characters')
		field.send('Z')
		await field.waitFor('1 character\n')
		field.send(`\u001b[200~${token.slice(1)}\u001b[201~`)
		await field.waitFor('33 characters')
		expect(field.screen()).toBe(`  ${'•'.repeat(33)}▏ 33 characters\n  removed: 1 line break, quotes`)
		field.send('\u001b[D\u001b[D')
		await field.waitFor('••▏••')
		field.send('\r')
		await until(() => submitted.length > 0)
		expect(submitted).toEqual([token])
		for (const frame of field.frames) for (const part of ['Zq3', 'abc', 'tuv', 'Z']) expect(frame).not.toContain(part)
	})

	test('of a whole token, counts what is used and says what was removed', async () => {
		const submitted: string[] = []
		const field = draw(<PasswordInput onSubmit={text => submitted.push(text)} inspect={inspectToken} />)
		field.send('Bearer ', token.slice(0, 20), token.slice(20))
		await field.waitFor('33 characters')
		expect(field.screen()).toBe(`  ${'•'.repeat(33)}▏ 33 characters (removed “Bearer”)`)
		field.send('\r')
		await until(() => submitted.length > 0)
		expect(submitted).toEqual([`Bearer ${token}`])
	})

	test('hands over a whole token that is pasted, whatever was in the field', async () => {
		const pasted: string[] = []
		const field = draw(<PasswordInput onSubmit={() => {}} onPaste={text => pasted.push(text)} inspect={inspectToken} />)
		field.send('oops')
		await field.waitFor('4 characters')
		field.send(`\u001b[200~${token.slice(0, -1)}\u001b[201~`)
		await field.waitFor('36 characters')
		expect(pasted).toEqual([])
		field.send(`\u001b[200~Bearer ${token}\u001b[201~`)
		await until(() => pasted.length > 0)
		expect(pasted).toEqual([`Bearer ${token}`])
	})

	test('a text that comes in several chunks replaces a refused one once', async () => {
		const submitted: string[] = []
		const field = draw(<PasswordInput isRefused onSubmit={text => submitted.push(text)} />)
		field.send(token.slice(0, 7), token.slice(7, 14), token.slice(14), '\r')
		await until(() => submitted.length > 0)
		expect(submitted).toEqual([token])
	})

	test('keeps the line breaks of a paste for its owner to remove', async () => {
		const submitted: string[] = []
		const field = draw(<PasswordInput onSubmit={text => submitted.push(text)} />)
		field.send(`\u001b[200~${token.slice(0, 20)}\r\n${token.slice(20)}\u001b[201~`, '\r')
		await until(() => submitted.length > 0)
		expect(submitted).toEqual([`${token.slice(0, 20)}\n${token.slice(20)}`])
	})

	test('its marks are cut to the window', async () => {
		const field = draw(<PasswordInput onSubmit={() => {}} />, { columns: 40 })
		field.send(`\u001b[200~${'x'.repeat(50_000)}\u001b[201~`)
		await field.waitFor('50,000 characters')
		expect(field.screen()).toMatch(/^ {2}…•+▏ 50,000 characters$/)
		expect(field.screen().length).toBeLessThanOrEqual(40)
	})

	test('an ASCII terminal gets ASCII marks', async () => {
		const field = draw(<PasswordInput onSubmit={() => {}} />, { capabilities: { unicode: false } })
		field.send('ab')
		await field.waitFor('**| 2 characters')
	})
})
