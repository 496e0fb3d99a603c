// Time and resource limits that hold: large and deep settings, FIFOs and devices, few file descriptors, a `coder` that
// ignores signals, file systems that refuse chmod.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codesOf, makeHome, openDemo, program, resultOf, run, settingsText } from './program.ts'

const token = 'Zq3h7Lk2aB-8sQ9xYtR5mNp4vWc6dEf1g'
const bridge = (instance: string) => `https://coder.example.com/api/v2/aibridge/${instance}/v1`
const args = ['-y', '--no-check', '-u', 'https://coder.example.com', '--token-file', 'token']

describe('settings', () => {
	const sections = (more: object) =>
		Object.fromEntries(
			Array.from({ length: 3000 }, (_, at) => [`p${at}`, { apiKey: token, baseUrl: bridge(`p${at}`), ...more }]),
		)

	it.each([
		['emptied', {}],
		['kept', { models: ['a'] }],
	])('with thousands of sections are removed in seconds: sections that are %s', async (_, more) => {
		const home = makeHome({ '.mux/providers.jsonc': JSON.stringify({ ...sections(more), mine: { a: 1 } }, null, 2) })
		const started = performance.now()
		expect((await run(['remove', '--yes'], { home })).code).toBe(0)
		expect(performance.now() - started).toBeLessThan(20_000)
		expect(settingsText(home)).not.toContain(token)
		expect(JSON.parse(settingsText(home) ?? '').mine).toEqual({ a: 1 })
		expect((await run(['check', '--offline'], { home })).code).not.toBe(70)
	})

	it('may be nested 3,000 deep', async () => {
		const deep = `{"a":${'['.repeat(3000)}${']'.repeat(3000)},"b":${'{"c":'.repeat(3000)}1${'}'.repeat(3000)}}`
		const home = makeHome({ token, '.mux/providers.jsonc': deep })
		expect((await run(args, { home })).code).toBe(0)
		expect((await run(['check', '--offline'], { home })).code).not.toBe(70)
		expect((await run(['remove', '--yes'], { home })).code).toBe(0)
	})
})

it('may contain a string of 30 MB', async () => {
	const home = makeHome({ token, '.mux/providers.jsonc': `{"a":"${'x'.repeat(30_000_000)}"}` })
	for (const command of [args, ['check', '--offline'], ['remove', '--yes'], ['undo'], ['undo']])
		expect([command, (await run(command, { home })).code]).toEqual([command, 0])
	expect(settingsText(home)?.length).toBe(30_000_008)
})

describe('a FIFO or a device', () => {
	const fifo = (path: string) => execFileSync('mkfifo', [path])

	it('as --ca-file, as the Coder CLI’s url file and as a key file holds nothing up', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal(), '.mux/providers.jsonc': '{"openai":{"apiKeyFile":"~/keys"}}' })
		mkdirSync(join(home, '.config/coderv2'), { recursive: true })
		for (const name of ['ca.pem', 'keys', '.config/coderv2/url', '.config/coderv2/session']) fifo(join(home, name))
		for (const caFile of ['ca.pem', '/dev/zero', '/dev/tty']) {
			const result = resultOf(
				await run(['-y', '-u', demo.url, '--token-file', 'token', '--ca-file', caFile, '--json'], { home }),
			)
			expect([caFile, codesOf(result)[0]]).toEqual([caFile, 'ca-file-unreadable'])
		}
		expect((await run(['check', '--offline'], { home })).code).toBe(1)
		expect((await run(['-y', '--no-check', '--token-file', 'token'], { home })).code).toBe(2)
	})
})

it('works with 20 file descriptors', async () => {
	const home = makeHome({ token })
	const line = `ulimit -n 20; exec "${process.execPath}" "${program}" ${args.join(' ')}`
	const ran = await run(['-c', line], { home, command: '/bin/bash' })
	expect(ran.stderr).toContain('Saved, not checked')
	expect(ran.code).toBe(0)
	expect(settingsText(home)).toContain(token)
})

it('gives up a `coder` that ignores SIGTERM', async () => {
	const home = makeHome({ 'bin/coder': '#!/bin/sh\ntrap "" TERM INT HUP\nwhile :; do sleep 1; done\n' })
	chmodSync(join(home, 'bin/coder'), 0o755)
	const started = performance.now()
	const ran = await run(['-y', '--no-check', '-u', 'https://coder.example.com'], {
		home,
		env: { PATH: `${join(home, 'bin')}:${process.env['PATH']}` },
	})
	expect(ran.code).toBe(2)
	expect(performance.now() - started).toBeLessThan(15_000)
})

it('writes where the file system refuses chmod, and warns if others can read it', async () => {
	const home = makeHome({ token })
	// As a CIFS or FUSE mount does: chmod fails, and the mode is what the mount says.
	const preload = join(home, 'no-chmod.cjs')
	writeFileSync(
		preload,
		`const fs = require('node:fs'); const { open } = fs.promises
		fs.promises.open = async function (path, flags, mode) {
			const handle = await open.call(this, path, flags, flags === 'wx' ? 0o644 : mode)
			handle.chmod = async () => { throw Object.assign(new Error('EPERM'), { code: 'EPERM' }) }
			return handle
		}`,
	)
	const ran = await run(['--require', preload, program, ...args, '--json'], { home, command: process.execPath })
	expect(ran.code).toBe(0)
	expect(readFileSync(join(home, '.mux/providers.jsonc'), 'utf8')).toContain(token)
	expect(codesOf(resultOf(ran))).toContain('file-readable-by-others')
})

it.each(['~/token', '~/./token'])('expands --token-file=%s as --settings does', async file => {
	const home = makeHome({ token })
	const more = [`--token-file=${file}`, '--settings=~/mine.jsonc']
	expect((await run(['-y', '--no-check', '-u', 'https://coder.example.com', ...more], { home, cwd: '/' })).code).toBe(0)
	expect(readFileSync(join(home, 'mine.jsonc'), 'utf8')).toContain(token)
})
