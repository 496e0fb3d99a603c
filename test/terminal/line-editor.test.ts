import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
	applyEdit,
	countCharacters,
	createEditorState,
	type EditAction,
	type EditorState,
	editingKeys,
	maxLineLength,
	toPlainText,
} from '../../source/terminal/line-editor.ts'

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const graphemes = (text: string) => Array.from(segmenter.segment(text), part => part.segment)

/** The line after some edits, with `|` where the cursor is. */
function edited(start: string, ...edits: (EditAction | EditAction['type'])[]): string {
	const bar = start.indexOf('|')
	const from: EditorState =
		bar < 0 ? createEditorState(start) : { text: start.replace('|', ''), cursor: bar, cut: false }
	const line = edits.reduce(
		(now, change) => applyEdit(now, typeof change === 'string' ? ({ type: change } as EditAction) : change),
		from,
	)
	return `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`
}

describe('editing', () => {
	test.each<[string, EditAction['type'], string]>([
		['abc', 'left', 'ab|c'],
		['ab|c', 'right', 'abc|'],
		['|abc', 'left', '|abc'],
		['abc', 'start', '|abc'],
		['|abc', 'end', 'abc|'],
		['ab|c', 'delete-left', 'a|c'],
		['ab|c', 'delete-right', 'ab|'],
		['|abc', 'delete-left', '|abc'],
		['abc', 'delete-right', 'abc|'],
		['ab|cd', 'delete-to-start', '|cd'],
		['ab|cd', 'delete-to-end', 'ab|'],
		['https://coder.example.com', 'word-left', 'https://coder.example.|com'],
		['one  two', 'word-left', 'one  |two'],
		['one| two three', 'word-right', 'one two| three'],
		['one two', 'delete-word-left', 'one |'],
		['https://a.b c', 'delete-blank-word-left', 'https://a.b |'],
		['https://a.b', 'delete-blank-word-left', '|'],
		['a| two b', 'delete-word-right', 'a| b'],
		// Characters that take more than one unit, or two cells, are one step.
		['a漢字', 'left', 'a漢|字'],
		['a👩‍👩‍👧‍👦', 'left', 'a|👩‍👩‍👧‍👦'],
		['a👩‍👩‍👧‍👦', 'delete-left', 'a|'],
		['|🇩🇪x', 'right', '🇩🇪|x'],
		['e\u0301|x', 'delete-left', '|x'],
		['|e\u0301x', 'delete-right', '|x'],
	])('%s %s → %s', (start, change, requested) => {
		expect(edited(start, change)).toBe(requested)
	})

	test('inserts before the cursor', () => {
		expect(edited('a|c', { type: 'insert', text: 'b' })).toBe('ab|c')
	})

	test('a combining mark joins the character before it, and the cursor goes behind both', () => {
		expect(edited('e|x', { type: 'insert', text: '\u0301' })).toBe('e\u0301|x')
		expect(edited('|\u0301x', { type: 'insert', text: 'e' })).toBe('e\u0301|x')
	})

	test('control characters, halves of characters and remains of paste marks are no text', () => {
		expect(toPlainText('a\u0000b\u001bc\u007fd\u009be')).toBe('abcde')
		expect(toPlainText('\u001b[200~token\u001b[201~')).toBe('token')
		expect(toPlainText('[200~token[201~')).toBe('token')
		expect(toPlainText('a\r\nb\rc\nd')).toBe('a\nb\nc\nd')
		expect(toPlainText('a\tb')).toBe('a b')
		expect(toPlainText('a\ud83db\udc69c👩')).toBe('abc👩')
	})

	test('a line takes 50 kB whole, and says when it was cut', () => {
		const long = 'x'.repeat(50_000)
		const line = applyEdit(createEditorState(''), { type: 'insert', text: long })
		expect([line.text.length, line.cut]).toEqual([50_000, false])
		const full = applyEdit(line, { type: 'insert', text: long })
		expect([full.text.length, full.cut]).toEqual([maxLineLength, true])
		expect(applyEdit(full, { type: 'delete-left' }).cut).toBe(false)
	})

	test('at the cap no character is cut in two', () => {
		const line = createEditorState(`${'x'.repeat(maxLineLength - 1)}👩`)
		expect(line.text).toBe('x'.repeat(maxLineLength - 1))
	})
})

/** The same line as a list of characters, edited in the plainest way. */
class Model {
	before: string[] = []
	after: string[] = []
	run(change: EditAction) {
		const { before, after } = this
		if (change.type === 'insert') before.push(...graphemes(change.text))
		else if (change.type === 'left') after.unshift(...before.splice(-1))
		else if (change.type === 'right') before.push(...after.splice(0, 1))
		else if (change.type === 'start') after.unshift(...before.splice(0))
		else if (change.type === 'end') before.push(...after.splice(0))
		else if (change.type === 'delete-left') before.pop()
		else if (change.type === 'delete-right') after.shift()
		else if (change.type === 'delete-to-start') before.splice(0)
		else if (change.type === 'delete-to-end') after.splice(0)
		else if (change.type === 'word-left') after.unshift(...before.splice(this.#wordStart(/[\p{L}\p{N}\p{M}]/u)))
		else if (change.type === 'word-right') before.push(...after.splice(0, this.#wordEnd()))
		else if (change.type === 'delete-word-left') before.splice(this.#wordStart(/[\p{L}\p{N}\p{M}]/u))
		else if (change.type === 'delete-word-right') after.splice(0, this.#wordEnd())
		else before.splice(this.#wordStart(/\S/))
	}
	#wordStart(part: RegExp): number {
		let index = this.before.length
		while (index > 0 && !part.test(this.before[index - 1]!)) index--
		while (index > 0 && part.test(this.before[index - 1]!)) index--
		return index
	}
	#wordEnd(): number {
		const part = /[\p{L}\p{N}\p{M}]/u
		let index = 0
		while (index < this.after.length && !part.test(this.after[index]!)) index++
		while (index < this.after.length && part.test(this.after[index]!)) index++
		return index
	}
}

// Characters that never join their neighbours, so that the model can count them one by one.
const character = fc.constantFrom('a', 'Z', '7', ' ', '.', '-', '/', 'ä', 'ß', '漢', '👩', '👩‍👩‍👧‍👦', 'e\u0301', '…')
const change: fc.Arbitrary<EditAction> = fc.oneof(
	fc.array(character, { maxLength: 6 }).map(parts => ({ type: 'insert', text: parts.join('') }) as const),
	fc.constantFrom(...new Set(Object.values(editingKeys))).map(name => ({ type: name }) as EditAction),
)

test('any edits give what the plainest model gives', () => {
	fc.assert(
		fc.property(fc.array(change, { maxLength: 40 }), changes => {
			const model = new Model()
			let line = createEditorState('')
			for (const one of changes) {
				model.run(one)
				line = applyEdit(line, one)
				expect([line.text.slice(0, line.cursor), line.text.slice(line.cursor)]).toEqual([
					model.before.join(''),
					model.after.join(''),
				])
				expect(countCharacters(line.text)).toBe(model.before.length + model.after.length)
			}
		}),
		{ numRuns: 300 },
	)
})

test('keeps the cursor between two characters and control characters out, whatever is inserted', () => {
	const anything = fc.oneof(
		fc.string({ unit: 'binary' }),
		fc.string({ unit: 'grapheme' }),
		fc.string({ unit: 'binary-ascii' }),
	)
	const step: fc.Arbitrary<EditAction> = fc.oneof(
		change,
		anything.map(text => ({ type: 'insert', text }) as const),
	)
	fc.assert(
		fc.property(fc.array(step, { maxLength: 20 }), steps => {
			const line = steps.reduce(applyEdit, createEditorState(''))
			expect(line.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
			const borders = new Set([0, line.text.length])
			for (const part of segmenter.segment(line.text)) borders.add(part.index)
			expect(borders).toContain(line.cursor)
		}),
		{ numRuns: 300 },
	)
})
