import { describe, expect, test } from 'vitest'
import { describeFinding as inWords } from '../../source/findings/describe.ts'
import { findSettings, getMuxDirectory, inspectHomes, type SettingsLocationOptions } from '../../source/mux/home.ts'
import type { Release } from '../../source/mux/releases.ts'
import { type Layout, layOut } from './settings/text-edits.ts'

type Row = Layout & {
	name: string
	ask?: SettingsLocationOptions
	path: string
	release: Release
	from?: string
	codes?: string[]
}

const mux = { '.mux/config.json': '{}' }
const xum = { '.xum/config.json': '{}' }

// The table of docs/contracts/mux.md, section 1, and the cases that it leaves open.
const rows: Row[] = [
	{ name: 'no home at all', path: '.mux/providers.jsonc', release: 'mux' },
	{ name: 'only ~/.mux', files: mux, path: '.mux/providers.jsonc', release: 'mux' },
	{
		name: 'an empty ~/.xum beside ~/.mux',
		files: mux,
		directories: ['.xum'],
		path: '.mux/providers.jsonc',
		release: 'mux',
	},
	{ name: 'an empty ~/.xum alone', directories: ['.xum'], path: '.mux/providers.jsonc', release: 'mux' },
	{ name: '~/.xum in use', files: xum, path: '.xum/providers.jsonc', release: 'xum' },
	{
		name: '~/.xum in use, ~/.mux a link to it',
		files: xum,
		links: { '.mux': '.xum' },
		path: '.xum/providers.jsonc',
		release: 'xum',
	},
	{
		name: 'two homes',
		files: { ...mux, ...xum },
		path: '.xum/providers.jsonc',
		release: 'xum',
		codes: ['two-homes'],
	},
	{
		name: 'two homes, the stable one asked for',
		files: { ...mux, ...xum },
		ask: { release: 'mux' },
		path: '.mux/providers.jsonc',
		release: 'mux',
		codes: ['two-homes'],
	},
	{
		name: 'Xum asked for where only ~/.mux is: never a new ~/.xum',
		files: mux,
		ask: { release: 'xum' },
		path: '.mux/providers.jsonc',
		release: 'xum',
	},
	{
		name: 'Xum asked for with no home',
		ask: { release: 'xum' },
		path: '.mux/providers.jsonc',
		release: 'xum',
	},
	{ name: 'only ~/.cmux', files: { '.cmux/config.json': '{}' }, path: '.cmux/providers.jsonc', release: 'mux' },
	{
		name: '~/.cmux beside ~/.mux',
		files: { '.cmux/config.json': '{}', ...mux },
		path: '.mux/providers.jsonc',
		release: 'mux',
	},
	{
		name: 'MUX_ROOT',
		environment: { MUX_ROOT: '$HOME/custom' },
		path: 'custom/providers.jsonc',
		release: 'mux',
		from: 'MUX_ROOT',
	},
	{
		name: 'XUM_ROOT goes before MUX_ROOT',
		environment: { MUX_ROOT: '$HOME/custom', XUM_ROOT: '$HOME/other' },
		path: 'other/providers.jsonc',
		release: 'xum',
		from: 'XUM_ROOT',
	},
	{
		name: 'Xum asked for with an empty home',
		directories: ['.xum'],
		ask: { release: 'xum' },
		path: '.mux/providers.jsonc',
		release: 'xum',
	},
	{
		name: 'XUM_ROOT is nothing to stable Mux',
		environment: { XUM_ROOT: '$HOME/other' },
		ask: { release: 'mux' },
		path: '.mux/providers.jsonc',
		release: 'mux',
	},
	{
		name: 'an empty XUM_ROOT',
		environment: { MUX_ROOT: '$HOME/custom', XUM_ROOT: '' },
		path: 'custom/providers.jsonc',
		release: 'mux',
		from: 'MUX_ROOT',
	},
	{
		name: 'a root with a tilde is taken as it is written',
		environment: { MUX_ROOT: '~/custom' },
		path: '~/custom/providers.jsonc',
		release: 'mux',
		from: 'MUX_ROOT',
	},
	{
		name: '--settings names any file, and it is said that Mux does not read it',
		files: mux,
		ask: { settings: 'some/where.jsonc' },
		path: 'some/where.jsonc',
		release: 'mux',
		from: '--settings',
		codes: ['settings-not-read'],
	},
	{
		name: '--settings names the file that is read anyway',
		files: { ...mux, ...xum },
		ask: { settings: '~/.mux/providers.jsonc' },
		path: '.mux/providers.jsonc',
		release: 'mux',
		from: '--settings',
	},
	{
		name: 'NODE_ENV=development does not move the wizard',
		files: mux,
		environment: { NODE_ENV: 'development' },
		path: '.mux/providers.jsonc',
		release: 'mux',
		codes: ['development-home'],
	},
]

describe('findSettings', () => {
	for (const row of rows) {
		test(row.name, async () => {
			const runtime = layOut(row)
			const location = await findSettings(runtime, row.ask)
			expect(location.path).toBe(`${runtime.homeDir}/${row.path}`)
			expect({ release: location.release, from: location.from }).toEqual({
				release: row.release,
				from: row.from ?? 'home',
			})
			expect(location.findings.map(issue => issue.code)).toEqual(row.codes ?? [])
			for (const issue of location.findings) expect(JSON.stringify(inWords(issue))).not.toContain('undefined')
		})
	}
})

type Read = Layout & { name: string; mux: [string, string]; xum: [string, string] }

const home = (name: string): [string, string] => [name, name]

// What Mux's source does with its homes; the measured cases hold the rest.
const reads: Read[] = [
	{ name: 'nothing there', mux: home('.mux'), xum: home('.xum') },
	{ name: 'only ~/.cmux: both move it', files: { '.cmux/a': '' }, mux: ['.mux', '.cmux'], xum: ['.xum', '.cmux'] },
	{
		name: 'an empty ~/.xum takes over ~/.mux',
		files: mux,
		directories: ['.xum'],
		mux: home('.mux'),
		xum: ['.xum', '.mux'],
	},
	{
		name: 'an empty ~/.xum with two older homes takes none',
		files: { ...mux, '.cmux/a': '' },
		directories: ['.xum'],
		mux: home('.mux'),
		xum: home('.xum'),
	},
	{
		name: 'an empty ~/.xum, ~/.cmux a link to ~/.mux',
		files: mux,
		directories: ['.xum'],
		links: { '.cmux': '.mux' },
		mux: home('.mux'),
		xum: ['.xum', '.mux'],
	},
	{ name: 'a file in the place of ~/.xum', files: { ...mux, '.xum': '' }, mux: home('.mux'), xum: home('.mux') },
	{ name: 'a dangling ~/.xum', files: mux, links: { '.xum': 'gone' }, mux: home('.mux'), xum: home('.mux') },
]

describe('getMuxDirectory', () => {
	for (const row of reads) {
		test(row.name, async () => {
			const runtime = layOut(row)
			const homes = await inspectHomes(runtime)
			for (const release of ['mux', 'xum'] as const) {
				const read = getMuxDirectory(release, homes, runtime)
				const [directory, readFrom] = row[release]
				expect(read).toMatchObject({
					directory: `${runtime.homeDir}/${directory}`,
					readFrom: `${runtime.homeDir}/${readFrom}`,
				})
			}
		})
	}
})
