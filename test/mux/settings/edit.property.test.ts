import fc from 'fast-check'
import { type Node, parse } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { JsoncSyntaxError, parseTree, reparseTree, type ShouldDescend } from '../../../source/mux/jsonc/parse-tree.ts'
import { applyTextEdits } from '../../../source/mux/jsonc/text-edits.ts'
import { diffSettings } from '../../../source/mux/settings/diff.ts'
import {
	applyEditsToValue,
	editSettings,
	findDifferenceFromPlan,
	type JsonValue,
	parseForEdits,
	type SettingsEdit,
} from '../../../source/mux/settings/edit.ts'
import { removeBridge } from '../../../source/mux/settings/remove-bridge.ts'
import { documents, type Entries, entriesOf, neighboursOf, treeOf } from '../jsonc/documents.ts'

const token = 'abcdefghij-ABCDEFGHIJKLMNOPQRSTUV'
const set = (path: string[], value: JsonValue): SettingsEdit => ({ path, value })
const remove = (...path: string[]): SettingsEdit => ({ path, remove: true })
const key = set(['openai', 'apiKey'], token)
const url = set(['openai', 'baseUrl'], 'https://coder.example.com/api/v2/aibridge/openai/v1')

const edits: fc.Arbitrary<SettingsEdit[]> = fc.oneof(
	fc.constant<SettingsEdit[]>([key, url]),
	fc.array(
		fc.constantFrom(
			key,
			url,
			set(['anthropic', 'apiKey'], token),
			set(['__proto__', 'x'], 1),
			set(['x'], { providerType: 'openai-compatible', models: ['a', 'b'], headers: {}, __proto__: null }),
			set(['openai', 'headers', 'deep', 'er'], [1, { a: null }]),
			remove('openai', 'apiKey'),
			remove('openai', 'baseUrl'),
			remove('openai', 'models'),
			remove('openai'),
			remove('openai', 'headers', 'apiKey'),
			remove('x'),
			remove('__proto__'),
		),
		{ minLength: 1, maxLength: 5 },
	),
)

/** The plan, carried out on the parsed value by other means than the text's. */
function planned(before: Entries | null, plan: readonly SettingsEdit[]): Entries | null {
	let entries = before
	for (const edit of plan) {
		if (!entries && 'remove' in edit) continue
		entries = at(entries ?? { object: [] }, edit.path, edit)
	}
	return entries
}

function at(entries: Entries | undefined, [name, ...rest]: readonly string[], edit: SettingsEdit): Entries {
	if (name === undefined) return entriesOf(JSON.stringify((edit as { value: unknown }).value))!
	if (entries === undefined || !('object' in entries)) {
		if ('remove' in edit) return entries!
		return { object: [[name, at(undefined, rest, edit)]] }
	}
	const list = [...entries.object]
	const index = list.map(([own]) => own).lastIndexOf(name)
	if ('remove' in edit && (index < 0 || rest.length === 0)) return { object: list.filter(([own]) => own !== name) }
	const holds = at(list[index]?.[1], rest, edit)
	if (index < 0) list.push([name, holds])
	else list[index] = [name, holds]
	return { object: list }
}

const runs = { numRuns: 3000 }

describe('any document, any edits', () => {
	test('the parsed result is as planned, and the same edits again change nothing', () => {
		fc.assert(
			fc.property(documents, edits, (text, plan) => {
				const after = editSettings(text, plan)
				expect(entriesOf(after)).toEqual(planned(entriesOf(text), plan))
				// Removing what a later edit puts back doesn't last; all other plans do.
				const again = editSettings(after, plan)
				if (!plan.some(edit => 'remove' in edit)) expect(again).toBe(after)
				expect(entriesOf(again)).toEqual(planned(entriesOf(after), plan))
			}),
			runs,
		)
	})

	test("a result that isn't as planned is noticed, whatever went wrong", () => {
		const slips = fc.tuple(
			fc.nat(),
			fc.nat(8),
			fc.constantFrom('', ',"x":1', ' ', '1', '"', '// c', '"openai":{},', '}'),
		)
		fc.assert(
			fc.property(documents, edits, slips, (text, plan, [place, cut, insert]) => {
				const right = editSettings(text, plan)
				fc.pre(right !== '' && right !== text)
				const at = place % right.length
				const wrong = right.slice(0, at) + insert + right.slice(at + cut)
				let entries: Entries | null
				try {
					entries = entriesOf(wrong)
				} catch {
					return
				}
				fc.pre(entries === null || 'object' in entries)
				const outlined = (of: string) => ({ text: of, outline: parseForEdits(of, plan) })
				const difference = findDifferenceFromPlan(applyEditsToValue(outlined(text), plan), outlined(wrong))
				const isPlanned = JSON.stringify(entries) === JSON.stringify(planned(entriesOf(text), plan))
				// Untouched values are compared by their very text, so that even a space more in them is noticed.
				if (!isPlanned) expect(difference).not.toBeNull()
				if (wrong === right) expect(difference).toBeNull()
			}),
			runs,
		)
	})

	test('the outline after a change is that of the text read again', () => {
		const follow: ShouldDescend = (depth, name) => depth === 0 && name !== 'anthropic'
		const change = fc.tuple(fc.nat(), fc.nat(4), fc.constantFrom('', ' ', '"a": 1,', ',', '// c\n', '{}'))
		let compared = 0
		fc.assert(
			fc.property(documents, fc.array(change, { minLength: 1, maxLength: 2 }), (text, requested) => {
				const before = parseTree(text, follow)
				const splices = requested
					.map(([place, length, insert]) => {
						const start = text.length === 0 ? 0 : place % text.length
						return { start, end: Math.min(text.length, start + length), insert }
					})
					.sort((one, other) => one.start - other.start)
				fc.pre(splices.every(({ end }, index) => end <= (splices[index + 1]?.start ?? end)))
				const after = applyTextEdits(text, splices)
				let anew: unknown
				try {
					anew = parseTree(after, follow)
				} catch (error) {
					if (!(error instanceof JsoncSyntaxError)) throw error
					return
				}
				// Where a comment opens inside one object and ends in another, the whole is no longer a change inside one.
				let found: unknown
				try {
					found = reparseTree(after, before, splices, follow)
				} catch (error) {
					if (!(error instanceof JsoncSyntaxError)) throw error
					return
				}
				expect(found).toEqual(anew)
				compared++
			}),
			runs,
		)
		expect(compared).toBeGreaterThan(runs.numRuns / 4)
	})

	test('every comment is still there, beside the same neighbor', () => {
		fc.assert(
			fc.property(documents, edits, (text, plan) => {
				const before = neighboursOf(text)
				const after = neighboursOf(editSettings(text, plan))
				const goes = whatGoes(text, plan)
				for (const [number, was] of before) {
					const is = after.get(number)
					if (!is && was.within.some(goes)) continue
					expect(is, `comment ${number} is lost`).toBeDefined()
					const touched = (role: string) => goes(role.replace(/ \w+$/, ''))
					if (was.sameLine !== null) {
						if (!touched(was.sameLine)) expect(is!.sameLine, `comment ${number}`).toBe(was.sameLine)
					} else if (!touched(was.next) && !touched(was.previous)) {
						const atTheEnd = / closes$/.test(was.next) || was.next === 'end'
						const stays = is!.next === was.next || (atTheEnd && is!.previous === was.previous)
						expect(stays, `comment ${number}: ${JSON.stringify([was, is])}`).toBe(true)
					}
				}
			}),
			runs,
		)
	})

	test('nothing but the planned bytes changes: a replaced value', () => {
		fc.assert(
			fc.property(documents, text => {
				const members = treeOf(text)?.children?.filter(child => child.children![0]!.value === 'openai')
				const section = members?.at(-1)?.children?.[1]
				const found =
					section?.type === 'object' && section.children!.findLast(child => child.children![0]!.value === 'apiKey')
				fc.pre(Boolean(found))
				const { offset, length } = (found as Node).children![1]!
				expect(editSettings(text, [key])).toBe(
					text.slice(0, offset) + JSON.stringify(token) + text.slice(offset + length),
				)
			}),
			{ numRuns: 500 },
		)
	})

	test('restores the same bytes when a bridge is added and removed', () => {
		fc.assert(
			fc.property(documents, text => {
				const entries = entriesOf(text)
				const sections = entries && 'object' in entries ? entries.object.filter(([name]) => name === 'openai') : []
				const section = sections.at(-1)?.[1]
				fc.pre(section === undefined || 'object' in section)
				const names = section && 'object' in section ? section.object.map(([name]) => name) : []
				fc.pre(!names.includes('apiKey') && !names.includes('baseUrl') && !names.includes('headers'))
				const configured = editSettings(text, [key, url])
				expect(removeBridge(configured, { providers: ['openai'], former: [text] }).text).toBe(text)
				// Where something stood before the new text, the wizard needs not even know what was there before.
				const roomy = section ? names.length > 0 : entries && 'object' in entries && entries.object.length > 0
				if (roomy) expect(removeBridge(configured, { providers: ['openai'] }).text).toBe(text)
			}),
			runs,
		)
	})

	test('the difference reports both texts apart and together', () => {
		fc.assert(
			fc.property(documents, edits, (text, plan) => {
				const after = editSettings(text, plan)
				const rows = diffSettings(text, after)
				expect(rows.length === 0).toBe(text === after)
				expect(rows.map(row => row.text).join('\n')).not.toContain(token.slice(11))
				const olds = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
				const news = after.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)
				let [old, fresh] = [0, 0]
				for (const row of rows) {
					if (row.kind === 'skipped') continue
					if (row.oldLine !== null) expect(row.oldLine).toBeGreaterThan(old)
					if (row.newLine !== null) expect(row.newLine).toBeGreaterThan(fresh)
					old = row.oldLine ?? old
					fresh = row.newLine ?? fresh
					if (row.kind === 'same') expect(olds[old - 1]).toBe(news[fresh - 1])
				}
				const unchangedOld = olds.filter((_, at) => !rows.some(row => row.kind === 'removed' && row.oldLine === at + 1))
				const unchangedNew = news.filter((_, at) => !rows.some(row => row.kind === 'added' && row.newLine === at + 1))
				expect(unchangedOld.join('\n').trimEnd()).toBe(unchangedNew.join('\n').trimEnd())
			}),
			{ numRuns: 500 },
		)
	})
})

/** Which paths an edit takes away or replaces: those at its end and below, and what isn't an object on its way. */
function whatGoes(text: string, plan: readonly SettingsEdit[]): (path: string) => boolean {
	const entries = entriesOf(text)
	return path => {
		const parts = path.split('/').slice(1)
		return plan.some(edit =>
			edit.path.some((_, depth) => {
				const names = edit.path.slice(0, depth + 1)
				if (!names.every((name, index) => parts[index]?.replace(/#\d+(?:\[\d+\])*$/, '') === name)) return false
				return depth === edit.path.length - 1 || !isObjectAt(entries, parts.slice(0, depth + 1))
			}),
		)
	}
}

function isObjectAt(entries: Entries | null, parts: readonly string[]): boolean {
	let value: Entries | null | undefined = entries
	for (const part of parts) {
		const [, name, count] = /^(.*)#(\d+)(?:\[\d+\])*$/s.exec(part)!
		if (!value || !('object' in value)) return false
		value = value.object.filter(([own]) => own === name)[Number(count)]?.[1]
	}
	return value !== null && value !== undefined && 'object' in value
}

describe('what is rejected is what Mux would stumble over', () => {
	test('the first syntax error is at the place where jsonc-parser sees one', () => {
		const broken = fc
			.tuple(
				documents,
				fc.nat(),
				fc.nat(3),
				fc.constantFrom('"', ',', ':', '{', '}', '[', ']', 'x', '/', '\\', '1', '\u0001'),
			)
			.map(([text, place, cut, insert]) => {
				const at = text.length === 0 ? 0 : place % text.length
				return (text.slice(0, at) + insert + text.slice(at + cut)).replace(/^\ufeff/, '')
			})
		fc.assert(
			fc.property(broken, text => {
				const errors: { offset: number }[] = []
				parse(text, errors as never, { allowTrailingComma: true, allowEmptyContent: true })
				let fault: number | null = null
				try {
					parseTree(text, () => true)
				} catch (error) {
					if (!(error instanceof JsoncSyntaxError)) throw error
					fault = error.offset
				}
				expect(fault === null).toBe(errors.length === 0)
				if (fault !== null) expect(fault).toBe(Math.min(...errors.map(error => error.offset)))
			}),
			runs,
		)
	})
})
