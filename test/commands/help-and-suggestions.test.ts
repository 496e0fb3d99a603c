// Help and suggestions on the built program.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeHome, root, run } from './program.ts'

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

describe('help and version', () => {
	it.each([[['help']], [['--help']], [['-h']]])('%j fits one page of 40 lines and 80 columns', async args => {
		const { code, stdout, stderr } = await run(args, { home: makeHome() })
		expect([code, stderr]).toEqual([0, ''])
		const lines = stdout.trimEnd().split('\n')
		expect(lines.length).toBeLessThanOrEqual(40)
		for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80)
		expect(stdout).toMatch(/help environment[\s\S]*help exit-codes/)
	})

	it.each([
		['environment', 'CODER_SESSION_TOKEN'],
		['exit-codes', '130   cancelled'],
		['options', '--no-browser'],
		['check', 'Usage: mux-bridge-wizard check'],
	])('help %s has what the page leaves out', async (topic, words) => {
		const { code, stdout } = await run(['help', topic], { home: makeHome() })
		expect(code).toBe(0)
		expect(stdout).toContain(words)
	})

	it.each([['-v'], ['-V'], ['--version'], ['version']])('%s prints the version', async argument => {
		const ran = await run([argument], { home: makeHome() })
		expect(ran).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' })
	})
})

describe('unknown commands', () => {
	it.each([
		['status', 'check'],
		['doctor', 'check'],
		['chekc', 'check'],
		['uninstall', 'remove'],
		['setup', 'npx mux-bridge-wizard, without a command'],
	])('suggests for %s: %s', async (word, suggestion) => {
		const { code, stdout, stderr } = await run([word], { home: makeHome() })
		expect([code, stdout]).toEqual([2, ''])
		expect(stderr).toContain(`Did you mean ${suggestion}?`)
	})
})
