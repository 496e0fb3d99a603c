import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { normalizeText } from '../../scripts/screenshots/normalize.ts'
import { toGif } from '../../scripts/screenshots/png.ts'
import { demoReplacements } from '../../scripts/screenshots/record.ts'
import { drawWindow } from '../../scripts/screenshots/svg.ts'
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
			...[
				'01-providers.svg',
				'01-providers.txt',
				'02-deployment.svg',
				'02-deployment.txt',
				'run.svg',
				'run.gif.source',
			],
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

test('replaces what differs between two runs', () => {
	const one =
		'providers.jsonc.20261123T144500Z.bak, answered in 0.1 s, “demo”, expires Dec 7 (in 29 days) or Jan 2, 2027'
	const other =
		'providers.jsonc.20270101T000000Z.bak, answered in 1.2 s, “demo”, expires Jan 31 (in 30 days) or Feb 14, 2028'
	expect(normalizeText(one, demoReplacements)).toBe(normalizeText(other, demoReplacements))
	expect(normalizeText(one, demoReplacements)).toBe(
		'providers.jsonc.20270115T093000Z.bak, answered in 0.3 s, “demo”, expires Dec 27 (in 30 days) or Dec 27',
	)
})

test('the GIF has one frame for each window, and repeats', async () => {
	const cells = await sampleCells()
	const svg = drawWindow(cells, { title: 'title', about: 'about', cols: 80, rows: 5 })
	const gif = Buffer.from(
		await toGif([
			{ svg, seconds: 1 },
			{ svg, seconds: 2.5 },
		]),
	)
	expect(gif.subarray(0, 6).toString()).toBe('GIF89a')
	expect(gif.includes('NETSCAPE2.0')).toBe(true)
	// The delays, in hundredths of a second, in the two control extensions.
	const delays = [...gif.toString('latin1').matchAll(/!\xf9\x04.(..)/gs)].map(([, delay = '']) =>
		Buffer.from(delay, 'latin1').readUInt16LE(),
	)
	expect(delays).toEqual([100, 250])
})

test('a missing GIF is stale, and its source says which run it shows', () => {
	writeFileSync(join(directory, 'run.gif.source'), 'hash')
	const files = new Map([['run.gif.source', 'hash']])
	expect(findStaleFiles(directory, files)).toEqual(['run.gif'])
	writeFileSync(join(directory, 'run.gif'), '')
	expect(findStaleFiles(directory, files)).toEqual([])
})
