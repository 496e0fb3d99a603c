import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Release } from '../../source/mux/home.ts'
import { readMux } from '../../source/mux/snapshot.ts'
import { type MuxUse, whatMuxUses } from '../../source/mux/use.ts'
import { type Layout, layOut } from './lay-out.ts'

type Outcome = { url?: string; credential?: string; noRequest?: string; shownAsConfigured: boolean }
type MeasuredCase = Layout & {
	name: string
	openaiModel?: string
	outcome: Record<string, { settingsFolder: string; openai: Outcome; anthropic: Outcome }>
}

const measured = JSON.parse(readFileSync(new URL('../fixtures/mux-cases.json', import.meta.url), 'utf8')) as {
	cases: MeasuredCase[]
}

const releaseNames: Record<string, Release> = { 'mux 0.28.2': 'mux', 'xum nightly 2026-08': 'xum' }

/** A use in the form of the measured cases. */
function outcomeOf(use: MuxUse): Outcome {
	if (!use.request) return { noRequest: use.reason ?? '', shownAsConfigured: use.configured }
	const headers = use.request.headers.map(header => `${header.name}: ${header.scheme}${header.credential.reveal()}`)
	return { url: use.request.url, credential: headers.join(' | '), shownAsConfigured: use.configured }
}

test('all measured cases are there', () => {
	expect(measured.cases).toHaveLength(83)
})

for (const [measuredName, release] of Object.entries(releaseNames)) {
	describe(`measured on ${measuredName}`, () => {
		for (const one of measured.cases) {
			const expected = one.outcome[measuredName]!
			test(one.name, async () => {
				const host = layOut(one)
				const snapshot = await readMux(host)
				for (const provider of ['openai', 'anthropic'] as const) {
					const model = provider === 'openai' ? one.openaiModel : undefined
					const use = whatMuxUses(snapshot, release, provider, model)
					expect({ provider, ...outcomeOf(use) }).toEqual({ provider, ...expected[provider] })
					expect(use.settingsFolder.replace(host.homeFolder, '~')).toBe(expected.settingsFolder)
				}
			})
		}
	})
}
