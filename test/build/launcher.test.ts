// dist/cli.cjs: it runs the chunks beside it from any directory, tells an old Node what to do, and takes compiled code only
// from a cache that nobody else can write to. The text that runs always comes from the package.
import { execFile, execFileSync } from 'node:child_process'
import {
	chmodSync,
	chownSync,
	cpSync,
	existsSync,
	lstatSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Script } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeDir, program, removeDir, root, run } from './built.ts'

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const isRoot = process.getuid?.() === 0

let home = ''
beforeEach(() => {
	home = makeDir()
})
afterEach(() => removeDir(home))

const start = (env: Record<string, string> = {}, args: readonly string[] = []) =>
	run(process.execPath, [...args, program, '--version'], { env: { HOME: home, ...env } })
const isGood = { code: 0, stdout: `${version}\n`, stderr: '' }
const cacheDir = () => join(home, '.cache/mux-bridge-wizard')
const entryOf = (chunk: string) =>
	join(cacheDir(), readdirSync(cacheDir()).find(name => name.startsWith(`${chunk}.cjs_`)) as string)
/** Tells one content of a path from the next; inodes are used again. */
const writtenAt = (path: string) => lstatSync(path, { bigint: true }).mtimeNs
const twice = (bytes: Uint8Array) => Buffer.concat([bytes, bytes])

describe('the file that Node reads first', () => {
	test('runs from any directory and under any name', () => {
		const copy = join(home, 'a copy')
		cpSync(dirname(program), copy, { recursive: true })
		renameSync(join(copy, 'cli.cjs'), join(copy, 'renamed.cjs'))
		symlinkSync(join(copy, 'renamed.cjs'), join(home, 'link'))
		for (const path of [join(copy, 'renamed.cjs'), join(home, 'link')])
			expect(run(process.execPath, [path, '--version'], { env: { HOME: home } })).toMatchObject(isGood)
	})

	test('is ES5 and ASCII', () => {
		const text = readFileSync(program, 'utf8')
		expect(text).not.toMatch(/[^\0-\x7f]/)
		const code = text.replace(/^#!.*/, '').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
		expect(code).not.toMatch(/=>|\b(let|const|class|async|await|of)\b|`|\.\.\.|\?\.|\?\?|\*\*|catch \{|,\s*\)/)
	})

	test.each(['0.12.18', '14.21.3', '18.20.8', '20.8.1'])('reports Node %s what to do, with exit code 2', old => {
		const pretend = join(home, 'old.cjs')
		writeFileSync(
			pretend,
			`Object.defineProperty(process.versions, 'node', { value: '${old}' })\nrequire(${JSON.stringify(program)})`,
		)
		expect(run(process.execPath, [pretend], { env: { HOME: home } })).toEqual({
			code: 2,
			stdout: '',
			stderr: `mux-bridge-wizard needs Node.js 20.9 or later and this is ${old}: install a newer one from https://nodejs.org and run the command again.\n`,
		})
		expect(existsSync(cacheDir())).toBe(false)
	})

	test('names the chunk that is missing', () => {
		cpSync(dirname(program), join(home, 'copy'), { recursive: true })
		rmSync(join(home, 'copy/main.cjs'))
		const { code, stderr } = run(process.execPath, [join(home, 'copy/cli.cjs')], { env: { HOME: home } })
		expect(code).toBe(1)
		expect(stderr).toContain(join(home, 'copy/main.cjs'))
	})

	test('names the chunk in stack traces', () => {
		cpSync(dirname(program), join(home, 'copy'), { recursive: true })
		writeFileSync(join(home, 'copy/main.cjs'), 'function broken() {\n\tthrow new Error("broken")\n}\nbroken()\n')
		const { stderr } = run(process.execPath, [join(home, 'copy/cli.cjs')], { env: { HOME: home } })
		expect(stderr).toContain(`at broken (${join(home, 'copy/main.cjs')}:2:8)`)
	})
})

describe('the text that runs', () => {
	/** Compiled code as an entry of the cache would hold it. */
	const compile = (text: string) => new Script(text).createCachedData()
	const crafted = 'process.stdout.write("not the program\\n")'

	test.each<[string, (good: Buffer) => Buffer]>([
		['other text', () => twice(Buffer.from(crafted))],
		['code compiled from a text of another length', () => twice(compile(crafted))],
		[
			'code of another version of V8',
			good => {
				const half = Buffer.from(good.subarray(0, good.length / 2))
				half.writeUInt32LE((half.readUInt32LE(4) ^ 1) >>> 0, 4)
				return twice(half)
			},
		],
		[
			'damaged code',
			good => {
				const bytes = Buffer.from(good)
				bytes.writeUInt8(bytes.readUInt8(bytes.length >> 2) ^ 4, bytes.length >> 2)
				return bytes
			},
		],
	])('comes from the package if an entry of the cache is replaced by %s', (_, replace) => {
		expect(start()).toMatchObject(isGood)
		const entry = entryOf('main')
		const good = readFileSync(entry)
		writeFileSync(entry, replace(good))
		expect(start()).toMatchObject(isGood)
		// A usable entry was written in its place.
		expect(statSync(entry).size).toBeGreaterThan(20_000)
		expect(start()).toMatchObject(isGood)
	})

	test('comes from the package if the package is another one', () => {
		start()
		const copy = join(home, 'copy')
		cpSync(dirname(program), copy, { recursive: true })
		const launcher = readFileSync(join(copy, 'cli.cjs'), 'utf8')
		const { hash = '' } = /"main\.cjs":\s*"(?<hash>\w+)"/.exec(launcher)?.groups ?? {}
		writeFileSync(join(copy, 'cli.cjs'), launcher.replace(hash, '0123456789abcdef'))
		// The same length, as V8 compares only that.
		const main = readFileSync(join(copy, 'main.cjs'), 'latin1')
		writeFileSync(join(copy, 'main.cjs'), crafted.padEnd(main.length), 'latin1')
		const other = run(process.execPath, [join(copy, 'cli.cjs'), '--version'], { env: { HOME: home } })
		expect(other.stdout).toBe('not the program\n')
		expect(start()).toMatchObject(isGood)
	})
})

describe('the cache', () => {
	test('belongs to its user alone, and is used', () => {
		start()
		expect(statSync(cacheDir()).mode & 0o777).toBe(0o700)
		expect(statSync(entryOf('main')).mode & 0o777).toBe(0o600)
		const before = writtenAt(entryOf('main'))
		expect(start()).toMatchObject(isGood)
		expect(writtenAt(entryOf('main'))).toBe(before)
	})

	test('holds compiled code twice, for this version, text, Node and architecture', () => {
		start()
		const { length } = readFileSync(join(root, 'dist/main.cjs'))
		const name = `main\\.cjs_${version}_[0-9a-f]{16}_${length}_${process.version}_${process.arch}_--version$`
		expect(entryOf('main')).toMatch(new RegExp(name))
		const bytes = readFileSync(entryOf('main'))
		expect(bytes.subarray(0, bytes.length / 2).equals(bytes.subarray(bytes.length / 2))).toBe(true)
	})

	test('is under XDG_CACHE_HOME if that is an absolute path', () => {
		const elsewhere = join(home, 'elsewhere')
		expect(start({ XDG_CACHE_HOME: elsewhere })).toMatchObject(isGood)
		expect(existsSync(join(elsewhere, 'mux-bridge-wizard'))).toBe(true)
		expect(start({ XDG_CACHE_HOME: 'relative' })).toMatchObject(isGood)
		expect(existsSync(cacheDir())).toBe(false)
	})

	test('is switched off by NODE_DISABLE_COMPILE_CACHE', () => {
		expect(start({ NODE_DISABLE_COMPILE_CACHE: '1' })).toMatchObject(isGood)
		expect(existsSync(join(home, '.cache'))).toBe(false)
	})

	test("is never needed: a path that can't be created, no home, a read-only home", () => {
		writeFileSync(join(home, '.cache'), 'a file')
		expect(start()).toMatchObject(isGood)
		expect(start({ HOME: '', USERPROFILE: '' })).toMatchObject(isGood)
		expect(start({ HOME: join(home, 'missing') })).toMatchObject(isGood)
		// There, Node's own way to create directories never returns.
		expect(start({ XDG_CACHE_HOME: '/proc' })).toMatchObject(isGood)
		rmSync(join(home, '.cache'))
		chmodSync(home, 0o500)
		expect(start()).toMatchObject(isGood)
		chmodSync(home, 0o700)
	})

	test("of a run that dies while it uses an entry isn't used again", () => {
		start()
		const before = writtenAt(entryOf('main'))
		const dies = join(home, 'dies.cjs')
		writeFileSync(
			dies,
			`const vm = require('vm')
			vm.Script = class extends vm.Script {
				constructor(text, options) {
					super(text, options)
					if (options.cachedData) process.kill(process.pid, 'SIGKILL')
				}
			}`,
		)
		expect(start({}, ['--require', dies]).code).toBe(null)
		expect(start()).toMatchObject(isGood)
		expect(writtenAt(entryOf('main'))).not.toBe(before)
	})

	test('takes twenty starts at once', async () => {
		const startOne = () =>
			promisify(execFile)(process.execPath, [program, '--version'], { env: { HOME: home, PATH: process.env['PATH'] } })
		const results = await Promise.all(Array.from({ length: 20 }, startOne))
		for (const { stdout, stderr } of results) expect({ stdout, stderr }).toEqual({ stdout: isGood.stdout, stderr: '' })
		const names = readdirSync(cacheDir())
		expect(names.filter(name => !name.endsWith('_--version'))).toEqual([])
		expect(new Set(names.map(name => name.split('_')[0]))).toEqual(new Set(['main.cjs', 'terminal.cjs']))
	})

	test('drops old entries', () => {
		mkdirSync(cacheDir(), { recursive: true, mode: 0o700 })
		for (let count = 0; count < 240; count++) writeFileSync(join(cacheDir(), `old-${count}`), '')
		start()
		expect(readdirSync(cacheDir()).length).toBeLessThan(130)
		expect(existsSync(entryOf('main'))).toBe(true)
	})

	test('has no effect with flags that change the code', () => {
		start()
		expect(start({}, ['--no-opt', '--stack-size=900'])).toMatchObject(isGood)
	})

	test('leaves nothing behind if the disk is full', () => {
		// A limit of the file size makes writing fail in the same way, after a part was written.
		const command = 'trap "" XFSZ; ulimit -f 8; exec "$0" "$@"'
		const result = run('/bin/bash', ['-c', command, process.execPath, program, '--version'], { env: { HOME: home } })
		expect(result).toMatchObject(isGood)
		for (const name of readdirSync(cacheDir())) expect(statSync(join(cacheDir(), name)).size).toBeLessThan(8192)
		expect(readdirSync(cacheDir()).filter(name => name.startsWith('main'))).toEqual([])
		expect(start()).toMatchObject(isGood)
	})
})

describe("an entry that isn't ours or not whole is replaced", () => {
	test.each([0, 1, 2, 1000])('%i bytes', length => {
		start()
		const path = entryOf('main')
		writeFileSync(path, readFileSync(path).subarray(0, length))
		expect(start()).toMatchObject(isGood)
		expect(statSync(path).size).toBeGreaterThan(20_000)
	})

	test.each<[string, (bytes: Buffer) => unknown]>([
		['the second half zeros', bytes => bytes.fill(0, bytes.length / 2)],
		['all zeros', bytes => bytes.fill(0)],
		['the last byte another one', bytes => bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 255, bytes.length - 1)],
	])('%s', (_, damage) => {
		start()
		const path = entryOf('main')
		const bytes = readFileSync(path)
		damage(bytes)
		writeFileSync(path, bytes)
		const before = writtenAt(path)
		expect(start()).toMatchObject(isGood)
		expect(writtenAt(path)).not.toBe(before)
	})

	test("a symbolic link, which isn't followed", () => {
		start()
		const path = entryOf('main')
		renameSync(path, join(home, 'moved'))
		symlinkSync(join(home, 'moved'), path)
		expect(start()).toMatchObject(isGood)
		expect(lstatSync(path).isFile()).toBe(true)
	})

	test('a FIFO, which nobody writes to', () => {
		start()
		const path = entryOf('main')
		rmSync(path)
		execFileSync('mkfifo', ['-m', '600', path])
		expect(start()).toMatchObject(isGood)
		expect(lstatSync(path).isFile()).toBe(true)
	})

	test.each([0o020, 0o002])('a file that others can write to (%o)', mode => {
		start()
		const path = entryOf('main')
		chmodSync(path, 0o600 | mode)
		const before = writtenAt(path)
		expect(start()).toMatchObject(isGood)
		expect(writtenAt(path)).not.toBe(before)
		expect(statSync(path).mode & 0o777).toBe(0o600)
	})

	test('a file of another user', context => {
		context.skip(!isRoot, 'needs root, to give a file to another user')
		start()
		const path = entryOf('main')
		chownSync(path, 65_534, 65_534)
		expect(start()).toMatchObject(isGood)
		expect(statSync(path).uid).toBe(0)
	})
})

describe("a directory that isn't ours alone isn't used", () => {
	const expectUntouched = (spoil: () => void) => {
		start()
		const path = entryOf('main')
		writeFileSync(path, 'not code')
		spoil()
		expect(start()).toMatchObject(isGood)
		expect(readFileSync(path, 'utf8')).toBe('not code')
	}

	test.each([0o020, 0o002])('others can write to the cache directory (%o)', mode => {
		expectUntouched(() => chmodSync(cacheDir(), 0o700 | mode))
	})

	test('others can write to the home directory', () => {
		expectUntouched(() => chmodSync(home, 0o777))
	})

	test('the cache directory belongs to another user', context => {
		context.skip(!isRoot, 'needs root, to give a directory to another user')
		expectUntouched(() => chownSync(cacheDir(), 65_534, 65_534))
	})

	test('the home directory belongs to another user, as with sudo', context => {
		context.skip(!isRoot, 'needs root, to give a directory to another user')
		chownSync(home, 65_534, 65_534)
		expect(start()).toMatchObject(isGood)
		expect(existsSync(join(home, '.cache'))).toBe(false)
	})

	test('the cache directory is a symbolic link', () => {
		expectUntouched(() => {
			renameSync(cacheDir(), join(home, 'moved'))
			symlinkSync(join(home, 'moved'), cacheDir())
		})
	})
})
