// What is published, held to its limits: none of this depends on how busy the machine is.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { publint } from 'publint'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { makeFolder, program, removeFolder, root, run } from './built.ts'
import { bytesFor, startDemo, walkTo } from './demo-walk.ts'

const folder = makeFolder()
afterAll(() => removeFolder(folder))
afterEach(endSessions)

type Packed = { size: number; unpackedSize: number; files: { path: string; mode: number }[] }

describe('the tarball', () => {
	let packed: Packed
	beforeAll(() => {
		const { stdout, stderr } = run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
			cwd: root,
			env: { HOME: folder },
		})
		packed = JSON.parse(stdout || stderr)[0]
	})

	test('is small: at most 200 kB packed, 700 kB unpacked', () => {
		expect(packed.size).toBeLessThanOrEqual(200_000)
		expect(packed.unpackedSize).toBeLessThanOrEqual(700_000)
	})

	test('holds the program, its licences, the schemas and the papers, nothing else', () => {
		const schemas = readdirSync(join(root, 'schema')).map(name => `schema/${name}`)
		const papers = readdirSync(root).filter(name => /^(LICENSE|README\.md)$/.test(name))
		const expected = [
			'dist/THIRD-PARTY-LICENSES',
			'dist/cli.cjs',
			'dist/program.br',
			'package.json',
			...papers,
			...schemas,
		]
		expect(packed.files.map(({ path }) => path).sort()).toEqual(expected.sort())
		expect(packed.files.find(({ path }) => path === 'dist/cli.cjs')?.mode).toBe(0o755)
	})

	test('asks for nothing at run time, and for no more than Node 20.9', () => {
		const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
		for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies', 'bundledDependencies']) {
			expect(facts[kind]).toBeUndefined()
		}
		for (const script of ['preinstall', 'install', 'postinstall']) expect(facts.scripts[script]).toBeUndefined()
		expect(facts.engines).toEqual({ node: '>=20.9' })
		expect(facts.publishConfig).toEqual({ access: 'public', provenance: true })
	})

	test('has nothing that publint minds', async () => {
		expect((await publint({ pkgDir: root, strict: true })).messages).toEqual([])
	})

	test('names every package inside with its licence', () => {
		const licences = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES'), 'utf8')
		for (const name of ['ink', 'react', 'react-reconciler', 'yoga-layout', 'jsonc-parser', 'diff', 'scheduler']) {
			const { version, license } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
			expect(licences).toContain(`${name} ${version} (${license})`)
		}
		expect(licences).toContain('Permission is hereby granted, free of charge')
		expect(licences).toContain('Redistribution and use in source and binary forms')
		expect(licences).not.toContain('esbuild')
	})
})

describe('what a run loads', () => {
	const leavesList = join(folder, 'leaves-list.cjs')
	const list = join(folder, 'list.json')
	beforeAll(() => {
		writeFileSync(
			leavesList,
			`process.on('exit', () => require('fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`,
		)
	})
	const loaded = () =>
		(JSON.parse(readFileSync(list, 'utf8')) as string[])
			.filter(entry => entry.startsWith('NativeModule '))
			.map(entry => entry.slice('NativeModule '.length))
	/** Modules of Node that take time to load, and belong to the network, to tests or to child processes. */
	const heavy = [
		'assert',
		'child_process',
		'crypto',
		'dns',
		'http',
		'https',
		'perf_hooks',
		'tls',
		'internal/fs/promises',
	]
	/** The parts of the program that were run are those whose code was kept, whatever kind of run it was. */
	const partsIn = (home: string) =>
		readdirSync(join(home, '.cache/mux-bridge-wizard'))
			.map(name => name.split('-').at(-1))
			.sort()
	const homeNamed = (name: string) => {
		const home = join(folder, name)
		mkdirSync(home)
		return home
	}

	test('--version: next to nothing, and none of the heavy modules', () => {
		const home = homeNamed('version')
		const env = { HOME: home, NODE_OPTIONS: `--require ${leavesList}` }
		const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
		for (let time = 0; time < 2; time++) {
			expect(run(process.execPath, [program, '--version'], { env })).toMatchObject({ code: 0, stdout: `${version}\n` })
			expect(partsIn(home)).toEqual(['door'])
		}
		expect(loaded().filter(name => heavy.includes(name) || name === 'zlib')).toEqual([])
	})

	test('--help: no React, no Ink, no network', () => {
		const home = homeNamed('help')
		const env = { HOME: home, NODE_OPTIONS: `--require ${leavesList}` }
		expect(run(process.execPath, [program, '--help'], { env }).stdout).toContain('Usage')
		expect(partsIn(home)).toEqual(['door'])
		expect(loaded().filter(name => heavy.includes(name))).toEqual([])
	})

	test('--print-env without checks: no screens, no network, no words but those of usage, no events or streams', () => {
		const home = homeNamed('print-env')
		const env = {
			HOME: home,
			NODE_OPTIONS: `--require ${leavesList}`,
			CODER_URL: 'https://coder.example.com',
			CODER_SESSION_TOKEN: 'abcdefghij-abcdefghijabcdefghijab',
		}
		for (let time = 0; time < 2; time++) {
			expect(run(process.execPath, [program, '--print-env', 'sh', '--no-check'], { env }).code).toBe(0)
			expect(partsIn(home)).toEqual(['door', 'setup'])
		}
		const unwanted = [...heavy, 'zlib', 'stream', 'internal/abort_controller', 'internal/util/parse_args/parse_args']
		expect(loaded().filter(name => unwanted.includes(name))).toEqual([])
	})

	test('each kind of run keeps code of its own, and is one that there is', async () => {
		const { commandNames, options } = await import('../../source/commands/options.ts')
		const words = [
			...commandNames,
			...options.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]),
		]
		const kinds = /\[("[^\]]*"--print-env"[^\]]*)\]/.exec(readFileSync(program, 'utf8').replaceAll('\\\n', ''))?.[1]
		expect(kinds).toBeDefined()
		const named = JSON.parse(`[${kinds}]`) as string[]
		expect(named.length).toBeGreaterThan(10)
		expect(named.filter(kind => !words.includes(kind))).toEqual([])

		const home = homeNamed('kinds')
		for (const flag of ['--version', '--help']) run(process.execPath, [program, flag], { env: { HOME: home } })
		const files = readdirSync(join(home, '.cache/mux-bridge-wizard'))
		expect(files.map(name => /-(--[a-z]+)-door$/.exec(name)?.[1]).sort()).toEqual(['--help', '--version'])
	})

	test('the first question: no network, no demo, none of the heavy modules', async () => {
		const home = homeNamed('question')
		for (let time = 0; time < 2; time++) {
			const session = await startInTerminal({
				command: process.execPath,
				args: ['--require', leavesList, program],
				home,
			})
			await session.waitFor('ctrl-c leave')
			await session.press('ctrl-c')
			expect((await session.exit).code).toBe(130)
			expect(partsIn(home)).toEqual(['door', 'screens', 'setup', 'wizard'])
		}
		expect(loaded().filter(name => heavy.includes(name) || name === 'zlib')).toEqual([])
	})
})

describe('what goes over the line', () => {
	test('a key, an arrow, a scrolled line and a 4 kB paste are each one small piece', async () => {
		const demo = await startDemo(process.execPath, program)
		const { session, token } = demo
		const pieces: Record<string, string> = {}
		pieces['arrow'] = await bytesFor(
			demo,
			() => session.press('down'),
			screen => /❯ \[x\] Anthropic/.test(screen),
		)
		await walkTo(demo, 'token')
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
		await session.paste(token)
		await session.waitFor('33 characters')
		await session.press('enter')
		await session.waitFor('Apply to the settings file')
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
