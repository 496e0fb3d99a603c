// The build changes some lines of some packages. Each change must not be seen in what the package does.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import * as real from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ansiEscapes from 'ansi-escapes'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import sequences from '../../scripts/build/escapes.ts'
import * as fileSystem from '../../scripts/build/file-system.ts'
import { isSingleWidth, segmenter } from '../../source/terminal/text-width.ts'
import { documents } from '../mux/jsonc/documents.ts'
import { seen, showing } from '../terminal/visible-text.ts'
import { buildInto, makeFolder, removeFolder, root, run } from './built.ts'
import { measureAll } from './measure-all.tsx'

const folder = makeFolder()
let measures = ''
beforeAll(() => {
	measures = buildInto(folder, 'test/build/text-measures.tsx')
})
afterAll(() => removeFolder(folder))

type Measured = ReturnType<typeof measureAll>

const everyCharacter = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code + 1)).filter(
	character => !/\p{Surrogate}/u.test(character),
)
const marks = '─│╭╮╰╯═║▏▍█░▒▓●◉◯◻☐☒✔✖✗✘❯❮▶◀↑↓←→⚠•…‘’“”–—·«»é×÷⠋⠙⠹⠸ '
const wide = [
	'漢',
	'한글',
	'👍',
	'👍🏽',
	'👨‍👩‍👧',
	'🇩🇪',
	'✔️',
	'1️⃣',
	'e\u0301',
	'ﾊﾞ',
	'\u00ad',
	'\u200b',
	'\u200d',
	'⌚',
	'⬛',
	'➕',
	'❌',
	'ก็',
]
const escapes = [
	'\u001B[31m',
	'\u001B[39m',
	'\u001B[1;4m',
	'\u001B[0m',
	'\u001B]8;;https://a.b\u0007',
	'\u001B]8;;\u0007',
	'\n',
	'\r\n',
	'\t',
]

describe('text without a segmenter', () => {
	test('every character of the plain ones is one cell wide for string-width too', () => {
		const plain = everyCharacter.filter(isSingleWidth)
		expect(plain.length).toBeGreaterThan(700)
		expect(plain).toEqual(plain.filter(character => measureAllWidths([character])[0] === 1))
	})

	test('marks on screens are plain, and what is wide or joins is not', () => {
		expect([...marks].filter(mark => !isSingleWidth(mark))).toEqual([])
		expect(wide.filter(isSingleWidth)).toEqual([])
	})

	test('graphemes of any two plain characters are these two', () => {
		const real = new Intl.Segmenter()
		const single = everyCharacter.filter(character => isSingleWidth(character) || character < ' ')
		const pair = fc.tuple(fc.constantFrom(...single), fc.constantFrom(...single)).map(both => both.join(''))
		fc.assert(
			fc.property(pair, text => {
				expect([...segmenter.segment(text)]).toEqual([...real.segment(text)])
				expect(segmenter.segment(text).containing(1)).toEqual(real.segment(text).containing(1))
			}),
			{ numRuns: 3000 },
		)
		expect([...segmenter.segment('a\r\nb')].map(({ segment }) => segment)).toEqual(['a', '\r\n', 'b'])
	})
})

describe('the bundled packages say what the packages themselves say', () => {
	test('about marks, wide text, escapes and mixtures of them, and about settings', async () => {
		const pieces = fc.oneof(
			fc.constantFrom(...marks),
			fc.constantFrom(...wide),
			fc.constantFrom(...escapes),
			fc.string({ maxLength: 12 }),
			fc.string({ unit: 'grapheme', maxLength: 6 }),
		)
		const texts = [
			...wide,
			...escapes,
			marks,
			...fc.sample(
				fc.array(pieces, { maxLength: 8 }).map(parts => parts.join('')),
				400,
			),
			...fc.sample(documents, 40).flatMap(text => [text, text.slice(0, text.length / 2), ` ${text}`]),
		]
		const bundled = run(process.execPath, [measures], { input: JSON.stringify(texts) })
		expect(bundled.stderr).toBe('')
		const found = JSON.parse(bundled.stdout) as Measured
		const requested = JSON.parse(JSON.stringify(measureAll(texts))) as Measured
		const sizes = (measured: Measured) => measured.map(({ screen: _, ...rest }) => rest)
		expect(sizes(found)).toEqual(sizes(requested))
		// Screens may be written with other codes, as long as the same is seen. Left out: links that nothing ends, and
		// joiners with nothing to join, which not even two terminals agree on.
		const drawable = requested.flatMap((one, index) =>
			/[\u00ad\u200b\u200d]|\]8;/.test(one.text) ? [] : [{ ...one, index }],
		)
		expect(drawable.length).toBeGreaterThan(150)
		for (const { index, text, screen } of drawable) {
			const [ours, theirs] = [found[index]!.screen, screen].map(drawn => showing(drawn.split('\n')))
			expect({ text, ...seen((await ours!).terminal) }).toEqual({ text, ...seen((await theirs!).terminal) })
		}
	})
})

describe('files without node:fs/promises', () => {
	test('an open file has every method that the program calls', async () => {
		const folder = makeFolder()
		const handle = (await fileSystem.open(join(folder, 'new'), 'wx+', 0o600)) as unknown as Record<string, unknown>
		await (handle['close'] as () => Promise<void>)()
		removeFolder(folder)
		const sources = readdirSync(join(root, 'source'), { recursive: true, encoding: 'utf8' }).filter(path =>
			path.endsWith('.ts'),
		)
		let found = 0
		for (const path of sources) {
			const text = readFileSync(join(root, 'source', path), 'utf8')
			if (!/import \{[^}]*\bopen\b[^}]*\} from 'node:fs\/promises'/.test(text)) continue
			for (const [, name] of text.matchAll(/(\w+) = await open\(/g)) {
				for (const [, method = ''] of text.matchAll(new RegExp(`\\b${name}\\??\\.(\\w+)\\(`, 'g'))) {
					expect(`${path}: ${method} is a ${typeof handle[method]}`).toBe(`${path}: ${method} is a function`)
					found++
				}
			}
		}
		expect(found).toBeGreaterThan(8)
	})

	test('it does what the module does, errors included', async () => {
		const folder = makeFolder()
		const path = join(folder, 'a/b')
		const both = async (use: (files: typeof real) => Promise<unknown>) => {
			const outcome = (files: typeof real) =>
				use(files).catch(({ code, syscall, message }) => ({ code, syscall, message }))
			const [ours, theirs] = [await outcome(fileSystem as unknown as typeof real), await outcome(real)]
			expect(ours).toEqual(theirs)
			return ours
		}
		await both(files => files.readFile(path, 'utf8'))
		await both(files => files.mkdir(path, { recursive: true }).then(() => true))
		await both(files => files.writeFile(join(path, 'c'), 'text', { mode: 0o600 }))
		expect(await both(files => files.readFile(join(path, 'c'), 'utf8'))).toBe('text')
		await both(files => files.readFile(join(path, 'c')))
		await both(files => files.readdir(path, { withFileTypes: true }))
		await both(files => files.realpath(join(folder, '.', 'a')))
		await both(files => files.realpath(join(folder, 'none')))
		await both(files => files.open(join(path, 'c'), 'wx', 0o600))
		await both(async files => {
			const file = await files.open(join(path, 'c'), 'r+')
			try {
				await file.writeFile('longer text')
				await file.sync()
				const { bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0)
				return [bytesRead, (await file.stat({ bigint: true })).size, (await file.stat()).isFile()]
			} finally {
				await file.close()
			}
		})
		await both(files => files.rmdir(path))
		await both(files => files.rm(folder, { recursive: true, force: true }))
		await both(files => files.access(folder))
		await both(files => files.stat(folder))
	})
})

describe('the stand-ins for small packages', () => {
	test('the sequences are those of ansi-escapes, and all that Ink uses in its way of drawing', async () => {
		const names = Object.keys(sequences) as (keyof typeof sequences)[]
		for (const name of names) {
			const [ours, theirs] = [sequences[name], ansiEscapes[name]] as unknown as [unknown, unknown]
			if (typeof ours === 'string') expect([name, ours]).toEqual([name, theirs])
			else {
				for (const values of [[0], [1], [2], [7], [3, 0], [3, 9], [-2, -1]]) {
					const call = (use: unknown) => (use as (...values: number[]) => string)(...values)
					expect([name, values, call(ours)]).toEqual([name, values, call(theirs)])
				}
			}
		}
		const folder = join(root, 'node_modules/ink/build')
		const used = new Set<string>()
		for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
			if (!path.endsWith('.js')) continue
			// Comments name what Ink does not use.
			const source = readFileSync(join(folder, path), 'utf8').replace(/^\s*\/\/.*$/gm, '')
			for (const [, name = ''] of source.matchAll(/\bansiEscapes\.(\w+)/g)) used.add(name)
		}
		expect(names).toEqual(expect.arrayContaining([...used]))
	})
})

describe('the reconciler for one host', () => {
	test('has everything that Ink calls', async () => {
		const { hostCalls } = (await import(pathToFileURL(join(root, 'scripts/build/adaptations.mjs')).href)) as {
			hostCalls: string[]
		}
		const folder = join(root, 'node_modules/ink/build')
		const called = new Set<string>()
		for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
			if (!path.endsWith('.js')) continue
			const source = readFileSync(join(folder, path), 'utf8').replace(/injectIntoDevTools/g, '')
			for (const [, name = ''] of source.matchAll(/\b(?:concurrentR|r)econciler\??\.(?!js\b)(\w+)/g)) called.add(name)
		}
		expect([...called].sort()).toEqual([...hostCalls].sort())
	})
})

describe('a change that no longer fits', () => {
	test('stops the build and names the file', () => {
		const copy = makeFolder()
		// A project that holds the build's own scripts, and one package that has moved on.
		mkdirSync(join(copy, 'node_modules/signal-exit'), { recursive: true })
		writeFileSync(join(copy, 'node_modules/signal-exit/package.json'), '{"name":"signal-exit","main":"index.js"}')
		const index = readFileSync(join(root, 'node_modules/signal-exit/index.js'), 'utf8')
		writeFileSync(
			join(copy, 'node_modules/signal-exit/index.js'),
			index.replace("require('assert')", "require('node:assert')"),
		)
		copyFileSync(join(root, 'node_modules/signal-exit/signals.js'), join(copy, 'node_modules/signal-exit/signals.js'))
		writeFileSync(join(copy, 'cli.js'), "import 'signal-exit'\n")
		const attempt = `import { bundleProgram } from ${JSON.stringify(join(root, 'scripts/build/bundle.mjs'))}
			await bundleProgram({ root: ${JSON.stringify(`${copy}/`)}, entry: 'cli.js' })`
		const { code, stderr } = run(process.execPath, ['--input-type=module', '-e', attempt])
		removeFolder(copy)
		expect(code).not.toBe(0)
		expect(stderr).toContain('signal-exit/index.js has changed')
	})
})

function measureAllWidths(texts: string[]): number[] {
	return measureAll(texts).map(({ width }) => width)
}
