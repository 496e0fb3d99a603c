import { readFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { runCheck } from '../../source/commands/check.ts'
import { parseArguments } from '../../source/commands/parse-arguments.ts'
import { type Layout, layOut } from '../mux/settings/text-edits.ts'

type MeasuredCase = Layout & {
	name: string
	outcome: Record<string, Record<'openai' | 'anthropic', { noRequest?: string; bridgeServesIt?: boolean }>>
}

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/mux-cases-2.json', import.meta.url), 'utf8')) as {
	cases: MeasuredCase[]
}
const measuredNames: Record<string, string> = { mux: 'mux 0.28.2', xum: 'xum nightly 2026-08' }

/** Runs `check --offline --json` for one provider, judged for the model that was measured. */
async function check(one: MeasuredCase, release: string, provider: string) {
	const args = ['check', '--offline', '--json', '--release', release, '-p', provider]
	const models = ['--model', 'openai:gpt-5', '--model', 'anthropic:claude-sonnet-4-5']
	const invocation = parseArguments([...args, ...models])
	if (invocation.command !== 'check') throw new Error('not a check')
	const stdout = new PassThrough()
	const stderr = new PassThrough()
	const runtime = { ...layOut(one), stdout, stderr } as unknown as Parameters<typeof runCheck>[0]
	const code = await runCheck(runtime, invocation)
	return { code, result: JSON.parse(String(stdout.read())) as { providers: { viaBridge: boolean }[] } }
}

describe('check is green only if AI Bridge serves the request that was measured', () => {
	for (const release of ['mux', 'xum']) {
		it.each(cases)(`$name (${release})`, async one => {
			for (const provider of ['openai', 'anthropic'] as const) {
				const { bridgeServesIt } = one.outcome[measuredNames[release]!]![provider]
				const { code, result } = await check(one, release, provider)
				expect(result.providers).toHaveLength(1)
				if (code === 0) expect({ provider, bridgeServesIt }).toEqual({ provider, bridgeServesIt: true })
				if (bridgeServesIt !== true) expect(result.providers[0]?.viaBridge).toBe(false)
			}
		})
	}
})
