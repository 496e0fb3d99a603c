import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { getBaseUrl } from '../../source/coder/deployment-url.ts'
import { UserError } from '../../source/findings/finding.ts'
import { severityOf } from '../../source/findings/severity.ts'
import { findSettings } from '../../source/mux/home.ts'
import type { Release } from '../../source/mux/releases.ts'
import { builtInProviders, makeBuiltInTarget } from '../../source/providers.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { loadContext } from '../../source/setup/context.ts'
import { makePlan } from '../../source/setup/plan.ts'
import { type Layout, layOut } from '../mux/settings/text-edits.ts'

type MeasuredCase = Layout & {
	name: string
	/** Whether the requests of the real Mux reached the bridge with the token that was written. */
	afterSetup: Record<Release, Record<(typeof builtInProviders)[number], boolean> & { error?: string }>
}

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/mux-cases-2.json', import.meta.url), 'utf8')) as {
	cases: MeasuredCase[]
}

const deployment = { origin: 'https://coder.example.com', insecure: false }
const token = new Secret('abcdefghij-ABCDEFGHIJKLMNOPQRSTUV')
const targets = builtInProviders.map(id => makeBuiltInTarget(id))
const models = { openai: 'gpt-5', anthropic: 'claude-sonnet-4-5' }
const route = '/api/v2/aibridge'

/** The plan for a release, in the state of a measured case. */
async function planFor(one: MeasuredCase, release?: Release) {
	const runtime = layOut(one)
	const context = await loadContext(runtime, { release, models })
	const config = { targets, deployment, route, token, fixes: [], storage: { in: 'settings' } } as const
	return { ...makePlan(context, config), runtime }
}

describe('with the plan applied, as measured on the real Mux', () => {
	for (const release of [undefined, 'mux', 'xum'] as const) {
		it.each(cases)(`$name (${release ?? 'the release that was found'})`, async one => {
			const plan = await planFor(one, release).catch((error: unknown) => {
				// A file that can't be edited safely is refused: nothing is written, and nothing is claimed.
				if (error instanceof UserError && refusals.has(error.findings[0]?.code ?? '')) return null
				throw error
			})
			if (!plan) return
			const judged = plan.context.muxContext.release
			// Measured with the file that is written if no release is requested.
			const { path } = await findSettings(plan.runtime)
			if (path !== plan.context.location.path || one.afterSetup[judged].error) return
			for (const id of builtInProviders) {
				const isReached = one.afterSetup[judged][id]
				const errors = plan.findings.filter(issue => severityOf(issue) === 'error' && issue.subject !== other(id))
				expect({ id, isUsed: plan.usedByMux.includes(id) }).toEqual({ id, isUsed: isReached })
				expect({ id, isFree: errors.length === 0 }).toEqual({ id, isFree: isReached })
			}
		})
	}

	it('plans the base URLs that were measured', () => {
		expect(targets.map(target => getBaseUrl(deployment, route, target))).toEqual([
			'https://coder.example.com/api/v2/aibridge/openai/v1',
			'https://coder.example.com/api/v2/aibridge/anthropic',
		])
	})
})

const refusals = new Set(['settings-syntax', 'settings-encoding', 'settings-dangling-link', 'settings-unreadable'])

function other(id: string): string {
	return id === 'openai' ? 'anthropic' : 'openai'
}
