// What is published, held to its limits: none of this depends on how busy the machine is.
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { publint } from 'publint'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { screens } from '../../bench/screens.mjs'
import { messageTables } from '../../source/findings/messages/index.ts'
import type { MessageTemplate } from '../../source/findings/messages/types.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { buildInto, makeDir, program, removeDir, root, run } from './built.ts'
import { bytesFor, startDemo, walkTo } from './demo-walk.ts'

const directory = makeDir()
afterAll(() => removeDir(directory))
afterEach(endSessions)

type Packed = { size: number; unpackedSize: number; shasum: string; files: { path: string; mode: number }[] }

const chunkNames = [
	'checks',
	'commands',
	'configure',
	'demo',
	'line-mode',
	'main',
	'messages',
	'shared',
	'shared-configure',
	'shared-later',
	'terminal',
	'ui',
	'wizard',
]
const chunks = new Map(chunkNames.map(name => [name, readFileSync(join(root, `dist/${name}.cjs`), 'latin1')]))

function pack(): Packed {
	const { stdout, stderr } = run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: root,
		env: { HOME: directory },
	})
	return JSON.parse(stdout || stderr)[0]
}

describe('the tarball', () => {
	let packed: Packed
	beforeAll(() => {
		packed = pack()
	})

	test('is at most 400 kB packed and 1.8 MB unpacked', () => {
		expect(packed.size).toBeLessThanOrEqual(400_000)
		expect(packed.unpackedSize).toBeLessThanOrEqual(1_800_000)
	})

	test('contains the program, licenses, bill of materials, schemas, a skill for agents, and nothing else', () => {
		const built = [
			'cli.cjs',
			'sbom.cdx.json',
			'THIRD-PARTY-LICENSES',
			'yoga.wasm.br',
			...chunkNames.map(name => `${name}.cjs`),
		]
		const schemas = readdirSync(join(root, 'schema')).map(name => `schema/${name}`)
		const others = ['LICENSE', 'README.md', 'package.json', 'skills/mux-bridge-wizard/SKILL.md']
		const expected = [...others, ...built.map(name => `dist/${name}`), ...schemas]
		expect(packed.files.map(({ path }) => path).sort()).toEqual(expected.sort())
		expect(packed.files.find(({ path }) => path === 'dist/cli.cjs')?.mode).toBe(0o755)
	})

	test('asks for nothing at run time, and for no more than Node 20.9', () => {
		const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
		for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundledDependencies'])
			expect(facts[kind]).toBeUndefined()
		for (const script of ['preinstall', 'install', 'postinstall']) expect(facts.scripts[script]).toBeUndefined()
		expect(facts.engines).toEqual({ node: '>=20.9' })
		expect(facts.publishConfig).toEqual({ access: 'public' })
	})

	test('has nothing that publint reports', async () => {
		expect((await publint({ pkgDir: root, strict: true })).messages).toEqual([])
	})

	test('is the same, byte for byte, if it is built again', () => {
		const again = join(directory, 'again')
		buildInto(again)
		const names = readdirSync(join(root, 'dist')).sort()
		expect(readdirSync(again).sort()).toEqual(names)
		for (const name of names)
			expect([name, readFileSync(join(again, name)).equals(readFileSync(join(root, 'dist', name)))]).toEqual([
				name,
				true,
			])
		utimesSync(program, 1, 1)
		expect(pack().shasum).toBe(packed.shasum)
	})
})

describe('the files in dist/', () => {
	test('have no line over 4,000 characters', () => {
		for (const [name, text] of chunks) {
			const lines = text.split('\n')
			expect([name, lines.filter(line => line.length > 4000)]).toEqual([name, []])
			expect(lines.join('').length / lines.length).toBeLessThan(120)
		}
	})

	test("include Yoga's WebAssembly, byte for byte", () => {
		const source = readFileSync(join(root, 'node_modules/yoga-layout/dist/binaries/yoga-wasm-base64-esm.js'), 'utf8')
		const [, base64 = ''] = /data:application\/octet-stream;base64,([^"]+)/.exec(source) ?? []
		expect(brotliDecompressSync(readFileSync(join(root, 'dist/yoga.wasm.br'))).toString('base64')).toBe(base64)
	})

	test("aren't minified: indented, one statement a line, and plain ASCII", () => {
		for (const [name, text] of chunks) {
			const lines = text.split('\n')
			expect([name, lines.filter(line => /^\t/.test(line)).length > lines.length / 2]).toEqual([name, true])
			expect(text).not.toMatch(/[^\0-\x7f]/)
		}
	})

	test('name the file that each part comes from', () => {
		const all = [...chunks.values()].join('\n')
		for (const path of ['cli.tsx', 'node_modules/ink/build/ink.js', 'node_modules/react/cjs/react.production.js'])
			expect(all).toContain(`\n// ${path}\n`)
		const named = new Set([...all.matchAll(/^\/\/ (source\/.*\.tsx?)$/gm)].map(([, path]) => path))
		expect(named.size).toBeGreaterThan(100)
	})

	test('contain the text of every message, and the code that sends the token', () => {
		const all = [...chunks.values()]
			.join('\n')
			.replace(/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
		const found = all.replace(/\\(['"`])/g, '$1')
		// Constants such as a menu path are put together when the program starts, so phrases are searched for.
		const phrases = messageTables
			.flatMap(table => Object.values<MessageTemplate<never>>(table()))
			.flatMap(({ headline, reason, remedy }): unknown[] => [
				headline,
				reason,
				...(Array.isArray(remedy) ? remedy : []),
			])
			.flatMap(text => (typeof text === 'string' ? (text.match(/[a-z][a-z ,']{12,}/gi) ?? []) : []))
		expect(phrases.length).toBeGreaterThan(200)
		expect(phrases.filter(phrase => !found.includes(phrase))).toEqual([])
		expect(chunks.get('checks')).toContain('"Coder-Session-Token"')
		expect(chunks.get('checks')).toMatch(/\.reveal\(\)/)
	})

	test('run no text as code, and ask for nothing but each other and Node', () => {
		const allowed = [
			...builtinModules,
			...builtinModules.map(name => `node:${name}`),
			...chunkNames.map(name => `./${name}.cjs`),
		]
		for (const text of chunks.values()) {
			expect(
				[...text.matchAll(/\brequire\("([^"]+)"\)/g)]
					.map(([, name = '']) => name)
					.filter(name => !allowed.includes(name)),
			).toEqual([])
			expect(text).not.toMatch(/\beval\(|new Function\b|\bimport\(/)
		}
	})
})

describe('the bill of materials', () => {
	const bill = JSON.parse(readFileSync(join(root, 'dist/sbom.cdx.json'), 'utf8'))
	const components = bill.components as { name: string; version: string; licenses: { license: { id: string } }[] }[]

	test('lists every package that is bundled, and no other', () => {
		const paths = [...chunks.values()].flatMap(text =>
			[...text.matchAll(/^\/\/ (node_modules\/.*)$/gm)].map(([, path = '']) => path),
		)
		const packages = paths.map(path => /^(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
		expect(new Set(components.map(({ name }) => name))).toEqual(new Set(packages))
		expect(components.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['ink', 'react', 'yoga-layout', 'jsonc-parser']),
		)
	})

	test('is CycloneDX, with versions, licenses and the checksums of package-lock.json', () => {
		const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
		const purl = `pkg:npm/mux-bridge-wizard@${version}`
		expect(bill).toMatchObject({
			bomFormat: 'CycloneDX',
			specVersion: '1.6',
			version: 1,
			metadata: { component: { purl } },
		})
		for (const component of bill.components) {
			expect(component.purl).toMatch(/^pkg:npm\/(%40[\w-]+\/)?[\w.-]+@\d+\.\d+\.\d+$/)
			expect(component.licenses[0].license.id).toMatch(/^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0)$/)
		}
	})

	test('has the license text of every component beside it', () => {
		const licenses = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES'), 'utf8')
		for (const {
			name,
			version,
			licenses: [first],
		} of components)
			expect(licenses).toContain(`\n\n${name} ${version} (${first?.license.id})\n`)
		expect(licenses).toContain('Permission is hereby granted, free of charge')
		expect(licenses).toContain('Redistribution and use in source and binary forms')
	})
})

describe('what a run loads', () => {
	const list = join(directory, 'list.json')
	const writeList = join(directory, 'write-list.cjs')
	beforeAll(() => {
		writeFileSync(
			writeList,
			`process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`,
		)
	})
	/** Modules of Node that take time to load, and belong to the network or to tests. */
	const heavy = ['assert', 'crypto', 'dns', 'http', 'https', 'perf_hooks', 'tls', 'zlib', 'internal/deps/undici/undici']
	const heavyLoaded = () =>
		(JSON.parse(readFileSync(list, 'utf8')) as string[])
			.map(entry => entry.replace(/^NativeModule /, ''))
			.filter(name => heavy.includes(name))
	/** The chunks that were run are those whose compiled code was kept. */
	const chunksIn = (home: string) =>
		readdirSync(join(home, '.cache/mux-bridge-wizard'))
			.map(name => name.replace(/\.cjs_.*$/, ''))
			.sort()
	const homeNamed = (name: string) => {
		const home = join(directory, name)
		mkdirSync(home)
		return home
	}

	test('--version: the entry point and how to write, no React', () => {
		const home = homeNamed('version')
		run(process.execPath, [program, '--version'], { env: { HOME: home, NODE_OPTIONS: `--require ${writeList}` } })
		expect(chunksIn(home)).toEqual(['main', 'terminal'])
		expect(heavyLoaded()).toEqual([])
	})

	test('--print-env without checks: no screens, no network', () => {
		const home = homeNamed('print-env')
		const env = {
			HOME: home,
			NODE_OPTIONS: `--require ${writeList}`,
			CODER_URL: 'https://coder.example.com',
			CODER_SESSION_TOKEN: 'abcdefghij-abcdefghijabcdefghijab',
		}
		expect(run(process.execPath, [program, '--print-env', 'sh', '--no-check'], { env }).code).toBe(0)
		expect(heavyLoaded()).toEqual([])
	})

	test('the first question: no network, no demo', async () => {
		const home = homeNamed('question')
		const session = await startInTerminal({ command: process.execPath, args: ['--require', writeList, program], home })
		await session.waitFor(screens.ready)
		await session.press('ctrl-c')
		expect((await session.exit).code).toBe(130)
		expect(chunksIn(home)).toEqual(['main', 'messages', 'shared', 'terminal', 'ui', 'wizard'])
		// Ink's signal-exit, React's scheduler and Yoga's WebAssembly need these three.
		expect(heavyLoaded().filter(name => !['assert', 'perf_hooks', 'zlib'].includes(name))).toEqual([])
	})
})

describe('what goes over the line', () => {
	test('a key, an arrow, a scrolled line and a 4 kB paste are each one small piece', async () => {
		const demo = await startDemo(process.execPath, program)
		const { session } = demo
		const pieces: Record<string, string> = {}
		pieces['arrow'] = await bytesFor(
			demo,
			() => session.press('down'),
			screen => /❯ \[x\] Anthropic/.test(screen),
		)
		await walkTo(demo, 'token')
		await session.press('end')
		await session.press('enter')
		await session.waitFor(screens.token)
		await session.press('a')
		await session.waitFor('1 character')
		pieces['key'] = await bytesFor(
			demo,
			() => session.press('b'),
			screen => screen.includes('2 characters'),
		)
		pieces['paste'] = await bytesFor(
			demo,
			() => session.paste('x'.repeat(4096)),
			screen => screen.includes('4,098 characters'),
		)
		await session.press('ctrl-u')
		await session.press('escape')
		await session.waitFor(screens.choices)
		await session.press('home')
		await session.press('enter')
		await session.waitFor(screens.review)
		pieces['scroll'] = await bytesFor(
			demo,
			() => session.press(']'),
			screen => /2–\d+ of/.test(screen),
		)

		const limits: Record<string, number> = { key: 90, arrow: 110, scroll: 1500, paste: 200 }
		for (const [name, bytes] of Object.entries(pieces)) {
			expect([name, bytes.length <= (limits[name] ?? 0), bytes]).toEqual([name, true, bytes])
			// Neither the screen nor the scrollback is ever cleared.
			expect(bytes).not.toMatch(/\u001b\[[23]?J/)
		}
		// One render: the count of characters is written once.
		expect(pieces['paste']?.match(/characters/g)).toHaveLength(1)
	})
})

describe('a developer’s environment', () => {
	test('DEV=true shows the same screen and no stack', async () => {
		const { session } = await startDemo(process.execPath, program, { DEV: 'true' })
		const plain = await startDemo(process.execPath, program)
		const lines = (text: string) => text.split('\n').slice(5)
		expect(lines(session.screen())).toEqual(lines(plain.session.screen()))
		expect(session.raw).not.toMatch(/devtools|at .*:\d+:\d+/i)
	})

	test('NODE_ENV=development changes nothing', async () => {
		const { session } = await startDemo(process.execPath, program, { NODE_ENV: 'development' })
		expect(session.raw).not.toMatch(/Warning/)
	})
})
