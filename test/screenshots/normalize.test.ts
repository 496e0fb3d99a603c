import { describe, expect, test } from 'vitest'
import { normalizeCells, normalizeText, type Replacement } from '../../scripts/screenshots/normalize.ts'
import type { Cell } from '../terminal/pty.ts'

const plain: Cell = {
	char: ' ',
	width: 1,
	fg: 'default',
	bg: 'default',
	bold: false,
	dim: false,
	italic: false,
	underline: false,
	inverse: false,
	strikethrough: false,
	link: null,
}
const wide = /[\u3400-\u9fff]/

/** A row of cells as wide as the window; characters within `*…*` are bold. */
function row(text: string, cols: number): Cell[] {
	const cells: Cell[] = []
	let bold = false
	for (const char of text) {
		if (char === '*') bold = !bold
		else cells.push({ ...plain, char, bold, width: wide.test(char) ? 2 : 1 })
	}
	while (cells.reduce((sum, cell) => sum + cell.width, 0) < cols) cells.push(plain)
	return cells
}
const shown = (cells: readonly Cell[] | undefined) =>
	(cells ?? [])
		.map(({ char, bold }) => (bold ? `*${char}*` : char))
		.join('')
		.replaceAll('**', '')
		.trimEnd()

const port: Replacement = { pattern: /(127\.0\.0\.1|localhost):\d+/g, replacement: '$1:4310' }
const home: Replacement = { pattern: /\/tmp\/demo-\w{6}/g, replacement: '~' }
const stamp: Replacement = { pattern: /\d{8}T\d{6}Z/g, replacement: match => '20260102T030405Z'.slice(0, match.length) }

describe('steady cells', () => {
	test.each([
		['a port', 'at http://127.0.0.1:43127/x, *done*', 'at http://127.0.0.1:4310/x, *done*'],
		['two in a row', 'localhost:1 and localhost:22222.', 'localhost:4310 and localhost:4310.'],
		['a directory', '*/tmp/demo-aB3xYz/.mux* here', '*~/.mux* here'],
		['a time', 'file.20991231T235959Z.bak', 'file.20260102T030405Z.bak'],
		['wide characters before and after', '漢/tmp/demo-aB3xYz漢字', '漢~漢字'],
		['the style of what was there', 'x *127.0.0.1*:50000', 'x *127.0.0.1:4310*'],
		['nothing to replace', 'as it was', 'as it was'],
	])('%s', (_name, before, after) => {
		const [cells] = normalizeCells([row(before, 40)], [port, home, stamp])
		expect(shown(cells)).toBe(after)
		expect(cells?.reduce((sum, cell) => sum + cell.width, 0)).toBe(40)
	})

	test('links are steady too', () => {
		const [cells] = normalizeCells([[{ ...plain, char: 'x', link: 'http://127.0.0.1:43127/cli-auth' }]], [port])
		expect(cells?.[0]?.link).toBe('http://127.0.0.1:4310/cli-auth')
	})

	test("a text that doesn't fit its row is an error", () => {
		expect(() => normalizeCells([row('ab', 2)], [{ pattern: /a/g, replacement: 'aaa' }])).toThrow('wider than its row')
	})
})

test('steady text', () => {
	expect(normalizeText('/tmp/demo-aB3xYz at localhost:1', [port, home])).toBe('~ at localhost:4310')
})
