import { useState } from 'react'
import { afterEach, describe, expect, test } from 'vitest'
import { KeyHints } from '../../../source/ui/components/key-hints.tsx'
import { MultiSelect } from '../../../source/ui/components/multi-select.tsx'
import { Select } from '../../../source/ui/components/select.tsx'
import { TextInput } from '../../../source/ui/components/text-input.tsx'
import { useBindings } from '../../../source/ui/key-bindings.ts'
import { draw, undrawAll, until } from './drawn.tsx'

afterEach(undrawAll)

const tokens = [
	{ label: 'Create a token for Mux', note: '30 days, named mux-laptop; survives coder logout', value: 'make' },
	{ label: 'Use the Coder CLI’s session', note: 'Zq3h7Lk2aB-••••••••••, ends in 6 days', value: 'session' },
	{ label: 'Paste a token', value: 'paste' },
]

function drawChoices(options: Parameters<typeof draw>[1] & { height?: number; items?: typeof tokens } = {}) {
	const chosen: string[] = []
	const lit: string[] = []
	const { height, items = tokens, ...rest } = options
	const list = draw(
		<Select
			items={items}
			onChoose={value => chosen.push(value)}
			onHighlight={value => lit.push(value)}
			{...(height === undefined ? {} : { height })}
		/>,
		rest,
	)
	return { ...list, chosen, lit }
}

const pointed = (screen: string) => /❯ (\S+)/.exec(screen)?.[1]

describe('a list with one response', () => {
	test('is in columns, with the notes beside', () => {
		expect(drawChoices().screen()).toBe(
			[
				'  ❯ Create a token for Mux        30 days, named mux-laptop; survives coder log…',
				'    Use the Coder CLI’s session   Zq3h7Lk2aB-••••••••••, ends in 6 days',
				'    Paste a token',
			].join('\n'),
		)
	})

	test.each([
		['\u001b[B', 'Use'],
		['j', 'Use'],
		['\u001b[A', 'Paste'],
		['k', 'Paste'],
		['\u001b[B\u001b[B', 'Paste'],
		['\u001b[B\u001b[B\u001b[B', 'Create'],
		['\u001b[F', 'Paste'],
		['jj\u001b[H', 'Create'],
		['3', 'Paste'],
		['2', 'Use'],
		['9', 'Create'],
		['jk', 'Create'],
		['\u001bOB', 'Use'],
		['\u001b[1;5C', 'Create'],
	])('%j moves to %s and chooses nothing', async (keys, requested) => {
		const list = drawChoices()
		list.send(keys)
		await list.waitFor(screen => pointed(screen) === requested)
		expect(list.chosen).toEqual([])
	})

	test('Enter chooses what the keys before it in the same chunk moved to', async () => {
		const list = drawChoices()
		list.send('jj\r')
		await until(() => list.chosen.length > 0)
		expect([list.chosen, list.lit]).toEqual([['paste'], ['session', 'paste']])
	})

	test.each(['Zq3h7Lk2aB-abcdefghijklmnopqrstuv\r', '\u001b[200~jjj1\r\u001b[201~', 'https://coder.example.com/\r\n'])(
		'a paste that missed its field chooses nothing: %j',
		async text => {
			const list = drawChoices()
			list.send(text)
			// The next burst begins after the time in which more of the same paste could come.
			await new Promise(resolve => setTimeout(resolve, 80))
			list.send('j')
			await list.waitFor(screen => pointed(screen) === 'Use')
			expect(list.chosen).toEqual([])
		},
	)

	test("doesn't take a key that is held down for a paste", async () => {
		const list = drawChoices()
		list.send('j'.repeat(32))
		await list.waitFor(screen => pointed(screen) === 'Paste')
	})

	test('more rows than fit scroll, and the others are counted', async () => {
		const items = Array.from({ length: 30 }, (_, index) => ({ label: `row${index}`, note: '', value: `${index}` }))
		const list = drawChoices({ items, height: 5 })
		expect(list.screen().split('\n')).toHaveLength(5)
		expect(list.screen()).toMatch(/↓ 26 more$/)
		list.send('\u001b[F')
		await list.waitFor(/row26[\s\S]*❯ row29\n +↑ 26 more$/)
		list.send('k', 'k', 'k')
		await list.waitFor(/❯ row26[\s\S]*↑ 24 more · ↓ 2 more$/)
		list.send('\r')
		await until(() => list.chosen.length > 0)
		expect(list.chosen).toEqual(['26'])
	})

	test.each([40, 60, 200])('no row is wider than a window of %i columns, nor wrapped', columns => {
		const rows = drawChoices({ columns }).screen().split('\n')
		expect(rows).toHaveLength(3)
		for (const row of rows) expect(row.length).toBeLessThanOrEqual(columns)
		for (const item of tokens) expect(rows.some(row => row.includes(item.label))).toBe(true)
	})
})

function Ticks({ done }: { done: string[][] }) {
	const [selected, setSelected] = useState(['openai', 'anthropic'])
	const toggle = (id: string) => setSelected(now => (now.includes(id) ? now.filter(one => one !== id) : [...now, id]))
	return (
		<MultiSelect
			items={[
				{ label: 'OpenAI', columns: ['GPT, Codex'], note: 'now: api.openai.com, key in settings', value: 'openai' },
				{ label: 'Anthropic', columns: ['Claude'], note: 'now: not set up', value: 'anthropic' },
			].map(item => ({ ...item, selected: selected.includes(item.value) }))}
			onToggle={toggle}
			onToggleAll={() => setSelected(now => (now.length === 2 ? [] : ['openai', 'anthropic']))}
			onSubmit={() => done.push(selected)}
		/>
	)
}

describe('a list with many responses', () => {
	test('shows a box each, in columns', () => {
		expect(draw(<Ticks done={[]} />).screen()).toBe(
			[
				'  ❯ [x] OpenAI      GPT, Codex   now: api.openai.com, key in settings',
				'    [x] Anthropic   Claude       now: not set up',
			].join('\n'),
		)
	})

	test('in a narrow window the middle column goes first', () => {
		expect(draw(<Ticks done={[]} />, { columns: 40 }).screen()).toBe(
			['  ❯ [x] OpenAI      now: api.openai.com…', '    [x] Anthropic   now: not set up'].join('\n'),
		)
	})

	test('selects with space and a; digits only move', async () => {
		const done: string[][] = []
		const list = draw(<Ticks done={done} />)
		list.send('2')
		await list.waitFor('❯ [x] Anthropic')
		list.send(' ')
		await list.waitFor('❯ [ ] Anthropic')
		list.send('a')
		await list.waitFor('❯ [x] Anthropic')
		list.send('a')
		await list.waitFor(screen => !screen.includes('[x]'))
		list.send('k \r')
		await until(() => done.length > 0)
		expect(done).toEqual([['openai']])
	})
})

function WithHints({ typing }: { typing: boolean }) {
	const [text, setText] = useState('')
	const edit = (next: string) => {
		setText(next)
		return next
	}
	useBindings([
		{ keys: ['c'], label: 'copy the link', action: () => setText('copied') },
		{ keys: ['esc'], label: 'back', action: () => {} },
	])
	return (
		<>
			{typing ? (
				<TextInput value={text} onChange={edit} onSubmit={() => {}} />
			) : (
				<Select items={tokens} onChoose={() => {}} />
			)}
			<KeyHints />
		</>
	)
}

describe('hints and the list of keys', () => {
	const lastRow = (screen: string) => screen.split('\n').at(-1)

	test('are created from what the keys really do', () => {
		expect(lastRow(draw(<WithHints typing={false} />).screen())).toBe(
			'  ↑↓ move · enter select · c copy the link · esc back · ? help · ctrl-c quit',
		)
	})

	test('beside a text field no single letter is a shortcut, and none is named', async () => {
		const screen = draw(<WithHints typing={true} />)
		expect(lastRow(screen.screen())).toBe('  enter continue · ctrl-u clear · esc back · ctrl-c quit')
		screen.send('c?')
		await screen.waitFor('c?▏')
	})

	test('change in the exact frame in which the screen changes', async () => {
		const screen = draw(<WithHints typing={false} />)
		const before = screen.frames.length
		screen.rerender(<WithHints typing={true} />)
		await screen.waitFor('enter continue')
		for (const frame of screen.frames.slice(before)) {
			if (!frame.includes('Create a token')) expect(frame).not.toContain('enter select')
		}
	})

	test.each([
		[80, '↑↓ move · enter select · c copy the link · esc back · ? help · ctrl-c quit'],
		[74, '↑↓ move  enter select  c copy the link  esc back  ? help  ctrl-c quit'],
		[60, 'enter select · c copy the link · esc back · ? help'],
		[40, 'enter select · esc back · ? help'],
		[28, 'enter select · ? help'],
		[14, 'enter select'],
	])('in %i columns what matters least goes first', (columns, requested) => {
		expect(lastRow(draw(<WithHints typing={false} />, { columns }).screen())?.trim()).toBe(requested)
	})

	test('in a low window the list of keys has pages', async () => {
		const screen = draw(<WithHints typing={false} />, { rows: 10 })
		screen.send('?')
		const first = await screen.waitFor('any key: more')
		expect(first.split('\n').length).toBeLessThan(10)
		screen.send('x')
		const second = await screen.waitFor('any key closes')
		const shown = `${first}\n${second}`
		for (const words of ['wraps around', 'go to that row', 'copy the link', 'ctrl-c']) {
			expect(shown).toContain(words)
		}
		screen.send('x')
		await screen.waitFor('❯ Create')
	})

	test('in a narrow window the list of keys wraps, and no word of it is cut', async () => {
		const screen = draw(<WithHints typing={false} />, { rows: 12, columns: 40 })
		screen.send('?')
		let shown = await screen.waitFor('any key: more')
		screen.send('x')
		shown += await screen.waitFor('any key closes')
		for (const words of ['previous row', '1–9', 'quit without saving']) {
			expect(shown).toContain(words)
		}
		expect(shown).not.toContain('…')
		for (const row of shown.split('\n')) expect(row.length).toBeLessThanOrEqual(40)
	})

	test('? lists all keys, any key closes it, and the screen is as it was', async () => {
		const screen = draw(<WithHints typing={false} />)
		screen.send('j')
		await screen.waitFor('❯ Use')
		screen.send('?')
		const help = await screen.waitFor('any key closes')
		for (const words of ['wraps around', '1–9', 'go to that row', 'copy the link']) {
			expect(help).toContain(words)
		}
		expect(help).not.toContain('Create a token')
		screen.send('\r')
		await screen.waitFor('❯ Use')
	})

	test('Ctrl-C leaves from everywhere', async () => {
		let left = 0
		const screen = draw(<WithHints typing={true} />, { onQuit: () => left++ })
		screen.send('\u0003')
		await until(() => left === 1)
		screen.rerender(<WithHints typing={false} />)
		screen.send('?')
		await screen.waitFor('any key closes')
		screen.send('\u0003')
		await until(() => left === 2)
	})
})
