// The few edits that the build makes in dependencies, and what replaces them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import {
	dependencyEdits,
	dropMissingFeatures,
	editDependencies,
	missingFeatures,
	reactReconciler,
} from '../../scripts/build/dependency-edits.mjs'
import { isSingleWidth, rgiEmoji, Segmenter } from '../../source/terminal/text-width.ts'
import { root } from './built.ts'

const everyUnit = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
const everyCharacter = everyUnit.filter(unit => !/\p{Surrogate}/u.test(unit))
const symbols = '─│╭╮╰╯═║▏▍█░▒▓●◉◯◻☐☒✔✖✗✘❯❮▶◀↑↓←→⚠•…‘’“”–—·«»é×÷⠋⠙⠹⠸ '
const clusters = [
	'漢',
	'한글',
	'👍',
	'👍🏽',
	'👨‍👩‍👧',
	'🇩🇪',
	'🇩',
	'✔️',
	'1️⃣',
	'1⃣',
	'e\u0301',
	'ﾊﾞ',
	'\u200d',
	'⌚',
	'❌',
	'ก็',
	'🏴󠁧󠁢󠁥󠁮󠁧󠁿',
]
const texts = fc
	.array(
		fc.oneof(fc.constantFrom(...symbols), fc.constantFrom(...clusters), fc.string({ unit: 'grapheme', maxLength: 6 })),
		{
			maxLength: 8,
		},
	)
	.map(parts => parts.join(''))

describe('text-width.ts', () => {
	test('a character that counts as one cell is one cell for string-width', () => {
		const single = everyCharacter.filter(isSingleWidth)
		expect(single.length).toBeGreaterThan(700)
		expect(single.filter(character => stringWidth(character) !== 1)).toEqual([])
		expect([...symbols].filter(symbol => !isSingleWidth(symbol))).toEqual([])
		expect(clusters.filter(isSingleWidth)).toEqual([])
	})

	test('Segmenter splits every text as Intl.Segmenter does', () => {
		const [ours, real] = [new Segmenter(), new Intl.Segmenter()]
		const single = everyCharacter.filter(character => isSingleWidth(character) || character < ' ')
		const pairs = fc.tuple(fc.constantFrom(...single), fc.constantFrom(...single)).map(pair => pair.join(''))
		const property = fc.property(fc.oneof(pairs, texts), text => {
			expect([...ours.segment(text)]).toEqual([...real.segment(text)])
			for (const index of [0, 1, text.length])
				expect(ours.segment(text).containing(index)).toEqual(real.segment(text).containing(index))
		})
		fc.assert(property, { numRuns: 3000 })
		expect([...ours.segment('a\r\nb')].map(({ segment }) => segment)).toEqual(['a', '\r\n', 'b'])
	})

	test('rgiEmoji matches what the expression of string-width matches', () => {
		const real = new RegExp('^\\p{RGI_Emoji}$', 'v' as string)
		expect(everyUnit.filter(unit => rgiEmoji.test(unit) !== real.test(unit))).toEqual([])
		expect(everyUnit.filter(unit => rgiEmoji.test(unit)).length).toBeGreaterThan(50)
		for (const cluster of clusters) expect([cluster, rgiEmoji.test(cluster)]).toEqual([cluster, real.test(cluster)])
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme', maxLength: 3 }), text => rgiEmoji.test(text) === real.test(text)),
		)
	})
})

describe('the edits of dependencies', () => {
	const sources = [...new Set(dependencyEdits.map(([file]) => file))].map(file => {
		const id = join(root, 'node_modules', file)
		return { file, id, code: readFileSync(id, 'utf8') }
	})
	type Hook = (this: unknown, ...args: unknown[]) => unknown
	const { transform, buildEnd } = editDependencies() as unknown as { transform: Hook; buildEnd: Hook }
	const edit = (code: string, id: string) => transform.call(null, code, id)

	test("stop the build if one of the files isn't bundled any more", () => {
		const { transform, buildEnd } = editDependencies() as unknown as { transform: Hook; buildEnd: Hook }
		expect(() => buildEnd.call(null)).toThrow("it isn't bundled any more")
		for (const { code, id } of sources) transform.call(null, code, id)
		expect(() => buildEnd.call(null)).not.toThrow()
	})

	test.each(sources)(
		'change $file once, and stop the build if a piece is gone or occurs twice',
		({ code, id, file }) => {
			expect(edit(code, id)).not.toBe(code)
			expect(() => edit(edit(code, id) as string, id)).toThrow(`${file}: `)
			expect(() => edit(code + code, id)).toThrow('occurs 2 times instead of once')
		},
	)

	test('leave every other file as it is', () => {
		expect(edit('text', join(root, 'cli.tsx'))).toBe('text')
		expect(buildEnd).toBeDefined()
	})

	test('each have a draft for the project that they change', () => {
		const page = readFileSync(join(root, 'docs/upstream.md'), 'utf8')
		for (const { file } of sources) expect(page).toContain(`\`${file}\``)
	})
})

describe("the features of React that Ink doesn't have", () => {
	const id = join(root, 'node_modules', reactReconciler)
	const code = readFileSync(id, 'utf8')
	const { transform } = dropMissingFeatures(root) as unknown as {
		transform: (code: string, id: string) => string | null
	}

	test('become constants, and nothing else changes', () => {
		const text = transform(code, id)!
		for (const feature of missingFeatures) {
			expect(text).not.toContain(`$$$config.supports${feature}`)
			expect(text.split(`supports${feature}`)).toHaveLength(2)
		}
		const names = missingFeatures.map(feature => `supports${feature}`).join('|')
		const bare = (source: string) =>
			source.replace(new RegExp(`\\$\\$\\$config\\.(?:${names})|\\b(?:${names})\\b`, 'g'), 'false')
		expect(bare(text)).toBe(bare(code))
	})

	test('stop the build if React reads them in another way', () => {
		expect(() => transform(code.replace('$$$config.supportsHydration', 'other'), id)).toThrow('read in another way')
		expect(transform(code, join(root, 'cli.tsx'))).toBeNull()
	})

	test('are those that Ink says it does not support', () => {
		const ink = readFileSync(join(root, 'node_modules/ink/build/reconciler.js'), 'utf8')
		for (const feature of missingFeatures) expect(ink).not.toMatch(new RegExp(`supports${feature}: true`))
		expect(readFileSync(join(root, 'docs/upstream.md'), 'utf8')).toContain(`\`${reactReconciler}\``)
	})
})
