// dist/cli.cjs: it runs what stands beside it from any folder, on any Node that can, says what is wrong on any Node that
// can't, and keeps compiled code only where nobody else could have put it.
import {
	chmodSync,
	copyFileSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { transform } from 'esbuild'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { buildInto, makeFolder, removeFolder, run } from './built.ts'

const built = makeFolder()
let program = ''
beforeAll(() => {
	program = buildInto(built, 'test/build/text-measures.tsx')
})
afterAll(() => removeFolder(built))

let home = ''
beforeEach(() => {
	home = makeFolder()
})
afterEach(() => removeFolder(home))

const input = JSON.stringify(['plain ✔', '漢字'])
const start = (env: Record<string, string> = {}) =>
	run(process.execPath, [program], { input, env: { HOME: home, ...env } })
const widths = (result: { stdout: string }) => JSON.parse(result.stdout).map(({ width }: { width: number }) => width)
const cacheFolder = () => join(home, '.cache/mux-bridge-wizard')
const cacheName = () => readdirSync(cacheFolder()).find(name => name.endsWith('-wizard')) as string
const cacheFile = () => join(cacheFolder(), cacheName())
/** Changes what is read from the file without changing its time, and tells later whether it was written anew. */
const witness = (path: string) => {
	const { ino } = statSync(path)
	return { isWrittenAnew: () => statSync(path).ino !== ino }
}

const body = () => join(built, 'program.br')

describe('two files', () => {
	/** Both in a folder of their own, the program under another name; its path. */
	const copied = (bytes: Buffer | null) => {
		const copy = mkdtempSync(join(home, 'copy-'))
		copyFileSync(program, join(copy, 'renamed.cjs'))
		if (bytes) writeFileSync(join(copy, 'program.br'), bytes)
		return join(copy, 'renamed.cjs')
	}

	test('run alone in an empty folder, whatever the name', () => {
		const result = run(process.execPath, [copied(readFileSync(body()))], { input, env: { HOME: home } })
		expect(result).toMatchObject({ code: 0, stderr: '' })
		expect(widths(result)).toEqual([7, 4])
	})

	test('share what their chunks share', () => {
		// The program itself throws where an error of one chunk is not an instance of the class in another.
		expect(start()).toMatchObject({ code: 0, stderr: '' })
	})

	test('the one that Node reads is one for parsers of 2009', async () => {
		const text = readFileSync(program, 'utf8')
		expect(/[^\0-\x7f]/.test(text)).toBe(false)
		const plain = { charset: 'ascii', minifyWhitespace: true } as const
		const asEs5 = await transform(text.replace(/^#!.*\n/, ''), { ...plain, target: 'es5' })
		const asNow = await transform(text.replace(/^#!.*\n/, ''), { ...plain, target: 'esnext' })
		expect(asEs5.code).toBe(asNow.code)
		expect(asNow.code).not.toMatch(/=>|\b(let|const|class|async)\b|`|\.\.\./)
	})

	test('an older Node gets one sentence with the cure and exit code 2', () => {
		const old = join(home, 'old.cjs')
		writeFileSync(
			old,
			`Object.defineProperty(process.versions, 'node', { value: process.argv[2] })\nprocess.argv.splice(1, 2)\nrequire(${JSON.stringify(program)})`,
		)
		for (const version of ['0.12.18', '18.20.8', '20.8.1']) {
			const result = run(process.execPath, [old, version], { env: { HOME: home } })
			expect(result.code).toBe(2)
			expect(result.stdout).toBe('')
			expect(result.stderr).toBe(
				`mux-bridge-wizard needs Node.js 20.9 or later and this is ${version}: install a newer one from https://nodejs.org and run the command again.\n`,
			)
		}
		for (const version of ['20.9.0', '22.0.0', '100.1.0']) {
			expect(run(process.execPath, [old, version], { input, env: { HOME: home } })).toMatchObject({
				code: 0,
				stderr: '',
			})
		}
	})

	test.each([
		['is missing', () => null],
		['was cut short', (bytes: Buffer) => bytes.subarray(0, -1)],
		['is of another build', (bytes: Buffer) => Buffer.concat([Buffer.from('0123456789abcdef'), bytes.subarray(16)])],
	])('a program.br that %s is told, without an excerpt of the source', (_, spoil) => {
		const result = run(process.execPath, [copied(spoil(readFileSync(body())))], { input, env: { HOME: home } })
		expect(result).toMatchObject({ code: 1, stdout: '' })
		expect(result.stderr).toContain('program.br is not the one that belongs to cli.cjs: install the package again')
		expect(Math.max(...result.stderr.split('\n').map(line => line.length))).toBeLessThan(200)
		expect(existsSync(cacheFolder())).toBe(false)
	})
})

describe('the code cache', () => {
	test('is kept in a folder of its own that others can not enter, and used', () => {
		start()
		expect(statSync(cacheFolder()).mode & 0o777).toBe(0o700)
		expect(statSync(cacheFile()).mode & 0o777).toBe(0o600)
		const kept = witness(cacheFile())
		expect(start()).toMatchObject({ code: 0, stderr: '' })
		expect(kept.isWrittenAnew()).toBe(false)
	})

	test('stands under XDG_CACHE_HOME where that is an absolute path', () => {
		const elsewhere = join(home, 'elsewhere')
		start({ XDG_CACHE_HOME: elsewhere })
		expect(existsSync(join(elsewhere, 'mux-bridge-wizard'))).toBe(true)
		expect(existsSync(cacheFolder())).toBe(false)
		expect(start({ XDG_CACHE_HOME: 'relative' })).toMatchObject({ code: 0, stderr: '' })
		expect(existsSync(cacheFolder())).toBe(false)
	})

	test.each(['MUX_BRIDGE_WIZARD_CODE_CACHE=0', 'NODE_DISABLE_COMPILE_CACHE=1'])('is left alone with %s', setting => {
		const [name = '', value = ''] = setting.split('=')
		expect(start({ [name]: value })).toMatchObject({ code: 0, stderr: '' })
		expect(existsSync(cacheFolder())).toBe(false)
	})

	test('a folder that can not be made is done without', () => {
		writeFileSync(join(home, '.cache'), 'a file')
		expect(start()).toMatchObject({ code: 0, stderr: '' })
		expect(start({ HOME: '', USERPROFILE: '' })).toMatchObject({ code: 0, stderr: '' })
		// There, Node's own way of making folders never comes back.
		expect(start({ XDG_CACHE_HOME: '/proc' })).toMatchObject({ code: 0, stderr: '' })
	})

	test.each([
		['one bit', (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(bytes.length >> 2) ^ 4, bytes.length >> 2)],
		['the second half', (bytes: Buffer) => bytes.fill(0, bytes.length / 2)],
		['everything', (bytes: Buffer) => bytes.fill(0)],
	])('damage to %s is noticed before V8 sees it, and mended', (_, damage) => {
		start()
		const good = readFileSync(cacheFile())
		const bad = Buffer.from(good)
		damage(bad)
		const written = witness(cacheFile())
		writeFileSync(cacheFile(), bad)
		const result = start()
		expect(result).toMatchObject({ code: 0, stderr: '' })
		expect(widths(result)).toEqual([7, 4])
		expect(written.isWrittenAnew()).toBe(true)
	})

	test.each([0, 1, 2, 1000])('a file of %i bytes is replaced', length => {
		start()
		const path = cacheFile()
		writeFileSync(path, readFileSync(path).subarray(0, length))
		expect(start()).toMatchObject({ code: 0, stderr: '' })
		expect(statSync(path).size).toBeGreaterThan(100_000)
	})

	// Code that another program left under this name would be run as ours.
	const elsewhere = () => {
		start()
		const path = cacheFile()
		renameSync(path, join(home, 'moved'))
		return path
	}

	test('a link in place of the file is not followed', () => {
		const path = elsewhere()
		symlinkSync(join(home, 'moved'), path)
		expect(start()).toMatchObject({ code: 0, stderr: '' })
		expect(lstatSync(path).isFile()).toBe(true)
	})

	test.each([0o020, 0o002])('a file or folder that others may write (%o) is not used', mode => {
		start()
		const path = cacheFile()
		const kept = witness(path)
		chmodSync(path, 0o600 | mode)
		expect(start()).toMatchObject({ code: 0, stderr: '' })
		expect(kept.isWrittenAnew()).toBe(true)

		const again = witness(path)
		chmodSync(cacheFolder(), 0o700 | mode)
		writeFileSync(path, 'not code')
		expect(start()).toMatchObject({ code: 0, stderr: '' })
		expect(again.isWrittenAnew()).toBe(false)
		expect(readFileSync(path, 'utf8')).toBe('not code')
	})

	test('another program, or another Node, has a file of its own', () => {
		start()
		const name = cacheName()
		const count = readdirSync(cacheFolder()).length
		expect(name).toMatch(new RegExp(`^[0-9a-f]{16}-${process.version.replaceAll('.', '\\.')}-${process.arch}-`))
		const changed = join(home, 'changed.cjs')
		const rename = (text: string) => text.replaceAll(name.slice(0, 16), '0123456789abcdef')
		// Lines of cli.cjs are short: the name may stand on two.
		writeFileSync(changed, rename(readFileSync(program, 'latin1').replaceAll('\\\n', '')), 'latin1')
		writeFileSync(join(home, 'program.br'), rename(readFileSync(body(), 'latin1')), 'latin1')
		run(process.execPath, [changed], { input, env: { HOME: home } })
		expect(readdirSync(cacheFolder())).toContain(name.replace(/^.{16}/, '0123456789abcdef'))
		expect(readdirSync(cacheFolder())).toHaveLength(2 * count)
	})

	test('files of earlier programs do not pile up', () => {
		mkdirSync(cacheFolder(), { recursive: true, mode: 0o700 })
		for (let count = 0; count < 120; count++) writeFileSync(join(cacheFolder(), `old-${count}`), '')
		start()
		expect(readdirSync(cacheFolder()).filter(name => name.startsWith('old'))).toEqual([])
		expect(existsSync(cacheFile())).toBe(true)
	})

	test('flags that change the code change nothing else', () => {
		start()
		const result = run(process.execPath, ['--no-opt', '--stack-size=900', program], { input, env: { HOME: home } })
		expect(result).toMatchObject({ code: 0, stderr: '' })
	})
})
