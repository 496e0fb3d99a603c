import { afterEach, expect, test } from 'vitest'
import { contrast, dark, fixedColour, light } from '../../scripts/screenshots/palette.ts'
import { drawAnimation, drawWindow } from '../../scripts/screenshots/svg.ts'
import { endSessions } from '../terminal/pty.ts'
import { sampleCells, sampleLines } from './sample.ts'

afterEach(endSessions)

const options = { title: 'npx mux-bridge-wizard <demo>', about: 'A & B', cols: 80, rows: 9 }

/** The elements of an SVG in order; throws where a tag is not closed by its own end or an `&` or `<` isn't escaped. */
function elementsOf(svg: string): { name: string; attributes: Record<string, string>; text: string }[] {
	const found: { name: string; attributes: Record<string, string>; text: string }[] = []
	const open: number[] = []
	const tag = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/g
	let end = 0
	for (const [all, closing, name, attributes, selfClosing, text] of svg.matchAll(tag)) {
		end += all.length
		if (text !== undefined) {
			if (/&(?!amp;|lt;|gt;|quot;)/.test(text)) throw new Error(`a bare & in ${text}`)
			const parent = found[open.at(-1) ?? -1]
			if (parent) parent.text += text
		} else if (closing) {
			const last = open.pop()
			if (last === undefined || found[last]?.name !== name) throw new Error(`</${name}> closes nothing`)
		} else {
			const pairs = [...(attributes ?? '').matchAll(/([\w:-]+)="([^"]*)"/g)]
			found.push({
				name: name ?? '',
				attributes: Object.fromEntries(pairs.map(([, key, value]) => [key, value])),
				text: '',
			})
			if (!selfClosing) open.push(found.length - 1)
		}
	}
	if (end !== svg.length || open.length > 0) throw new Error('not well-formed')
	return found
}

/** The visible rows of a drawn window, put together again from where its texts stand. */
function textOf(svg: string): string[] {
	const rows: string[] = []
	let row = 0
	for (const { name, attributes, text } of elementsOf(svg)) {
		if (name === 'g' && attributes['class'] === 't') row = 0
		const moved = /^translate\(0 (\d+)\)$/.exec(attributes['transform'] ?? '')
		if (moved) row = Number(moved[1]) / 19
		if (name !== 'text' || attributes['class'] === 'n') continue
		const column = Math.round(Number(attributes['x']) / 8.4)
		const plain = text
			.replaceAll('&lt;', '<')
			.replaceAll('&gt;', '>')
			.replaceAll('&quot;', '"')
			.replaceAll('&amp;', '&')
		rows[row] = (rows[row] ?? '').padEnd(column) + plain
	}
	return Array.from(rows, text => text ?? '')
}

test('text stays text, at its own column', async () => {
	const rows = textOf(drawWindow(await sampleCells(), options))
	const plain = sampleLines.map(line => line.replace(/\u001B\]8;;.*?\u001B\\|\u001B\[[\d;]*m/g, '').trimEnd())
	// A wide character takes two columns of the window and one of the text.
	expect(rows.map((row, index) => (index === 6 ? row.replace(/漢 *字 */, '漢字 ') : row))).toEqual(plain)
})

test('colors, styles, grounds and links of the cells', async () => {
	const cells = await sampleCells()
	const svg = drawWindow(cells, options)
	const texts = elementsOf(svg).filter(({ name }) => name === 'text')
	const styleOf = (text: string) => texts.find(element => element.text === text)?.attributes
	expect(styleOf('✔')).toMatchObject({ class: 'c2' })
	expect(styleOf("What's your Coder URL?")).toMatchObject({ class: 'B', textLength: '184.8' })
	expect(styleOf('from the Coder CLI')).toMatchObject({ class: 'D' })
	expect(styleOf('orange')).toMatchObject({ style: 'fill:#ff8700' })
	expect(styleOf('rgb')).toMatchObject({ style: 'fill:#010203' })
	expect(styleOf('italic')).toMatchObject({ class: 'I' })
	expect(styleOf('under')).toMatchObject({ class: 'U' })
	expect(styleOf('grey')).toMatchObject({ class: 'c8' })
	expect(svg).toContain('<rect class="c1" ')
	expect(svg).toContain('<a href="http://127.0.0.1:43127/cli-auth?a=1&amp;b=2">')
})

test('one picture for light and for dark', async () => {
	const svg = drawWindow(await sampleCells(), options)
	const [before, after] = svg.split('@media(prefers-color-scheme:dark)')
	expect(before).toContain(`.w{fill:${light.background}`)
	expect(after).toContain(`.w{fill:${dark.background}`)
})

test('each color can be read on its ground', () => {
	for (const scheme of [light, dark])
		for (const color of [scheme.text, scheme.muted, ...scheme.ansi])
			expect(contrast(color, scheme.background), `${color} on ${scheme.background}`).toBeGreaterThanOrEqual(4.5)
	expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
})

test('the 240 other colors are those of xterm', () => {
	expect([16, 21, 196, 231, 232, 255].map(fixedColour)).toEqual([
		...['#000000', '#0000ff', '#ff0000', '#ffffff', '#080808', '#eeeeee'],
	])
})

test('a film keeps equal rows once, jumps from shot to shot and rests on the last for who wants no motion', async () => {
	const cells = await sampleCells()
	const film = drawAnimation(
		[
			{ cells, seconds: 1 },
			{ cells: cells.slice(0, 3), seconds: 3 },
		],
		options,
	)
	const elements = elementsOf(film)
	expect(elements.filter(({ attributes }) => /^r\d+$/.test(attributes['id'] ?? ''))).toHaveLength(7)
	expect(elements.filter(({ name }) => name === 'use')).toHaveLength(9)
	expect(film).toContain(
		'0%{transform:translateX(0px)}25%{transform:translateX(-744px)}100%{transform:translateX(-744px)}',
	)
	expect(film).toContain('.film{animation:film 4s step-end infinite}')
	expect(film).toContain('@media(prefers-reduced-motion:reduce){.film{animation:none;transform:translateX(-744px)}}')
})

test('the same screen gives the same picture', async () => {
	expect(drawWindow(await sampleCells(), options)).toBe(drawWindow(await sampleCells(), options))
})
