import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { normalizeText } from '../../scripts/screenshots/normalize.ts'
import { demoReplacements } from '../../scripts/screenshots/record.ts'
import { findStaleFiles, renderFiles } from '../../scripts/screenshots.ts'
import { endSessions } from '../terminal/pty.ts'
import { sampleCells } from './sample.ts'

let directory = ''
beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), 'pictures-'))
})
afterEach(async () => {
	rmSync(directory, { recursive: true })
	await endSessions()
})

describe('files of a play', () => {
	test('each step as SVG and text, and the film', async () => {
		const cells = await sampleCells()
		const files = await renderFiles({
			stills: [
				{ name: 'providers', about: 'first', cells },
				{ name: 'deployment', about: 'second', cells },
			],
			shots: [{ cells, seconds: 1 }],
		})
		expect([...files.keys()]).toEqual([
			...['01-providers.svg', '01-providers.txt', '02-deployment.svg', '02-deployment.txt', 'run.svg'],
		])
		const text = String(files.get('01-providers.txt'))
		expect(text.split('\n').slice(0, 2)).toEqual(['✔ Providers   OpenAI, Anthropic', "❯ What's your Coder URL?"])
		expect(text.endsWith('•••\n')).toBe(true)
		expect(files.get('02-deployment.svg')).toContain('<title id="about">second</title>')
	})

	test('the steps of the onboarding page, as one PNG that is the same each time', async () => {
		const cells = await sampleCells()
		const steps = ['token', 'review', 'summary'].map(name => ({ name, about: name, cells }))
		const render = async () =>
			Buffer.from((await renderFiles({ stills: steps, shots: [{ cells, seconds: 1 }] })).get('onboarding.png')!)
		const png = await render()
		expect(png.subarray(1, 4).toString()).toBe('PNG')
		// Width and height are in the header: three windows below each other.
		expect([png.readUInt32BE(16), png.readUInt32BE(20) > png.readUInt32BE(16) / 3]).toEqual([1062, true])
		expect((await render()).equals(png)).toBe(true)
	})

	test('stale are those that differ, are missing, or are too many', () => {
		writeFileSync(join(directory, 'same.svg'), 'same')
		writeFileSync(join(directory, 'differs.svg'), 'old')
		writeFileSync(join(directory, 'of-old.svg'), '')
		const files = new Map([
			['same.svg', 'same'],
			['differs.svg', 'new'],
			['missing.svg', ''],
		])
		expect(findStaleFiles(directory, files)).toEqual(['differs.svg', 'missing.svg', 'of-old.svg'])
		expect(findStaleFiles(join(directory, 'nowhere'), new Map([['a', '']]))).toEqual(['a'])
	})
})

test("the machine’s name doesn't show", () => {
	expect(normalizeText(`named mux-${hostname()};`, demoReplacements)).toBe('named mux-laptop;')
})

test('replaces what differs between two runs of the demo', () => {
	const one =
		'/tmp/mux-bridge-wizard-demo-a1B2c3/.mux/providers.jsonc.20261123T144500Z.bak http://127.0.0.1:40001 ends 2026-12-23'
	const other =
		'/var/directories/x/mux-bridge-wizard-demo-ZZZZZZ/.mux/providers.jsonc.20270101T000000Z.bak http://127.0.0.1:50002 ends 2027-01-30'
	expect(normalizeText(one, demoReplacements)).toBe(normalizeText(other, demoReplacements))
	expect(normalizeText(one, demoReplacements)).toBe(
		'~/.mux/providers.jsonc.20270115T093000Z.bak https://coder.example.com ends 2027-02-14',
	)
})
