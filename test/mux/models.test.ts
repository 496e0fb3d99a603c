import { describe, expect, it } from 'vitest'
import { describeFinding } from '../../source/findings/describe.ts'
import { getConflicts } from '../../source/mux/conflicts/find.ts'
import { loadMuxContext } from '../../source/mux/context.ts'
import { findSettings } from '../../source/mux/home.ts'
import { getJudgedModel, listModels } from '../../source/mux/models.ts'
import { releaseFacts, releases } from '../../source/mux/releases.ts'
import { resolveRequest } from '../../source/mux/request/resolve.ts'
import { builtInProviders } from '../../source/providers.ts'
import { type Layout, layOut } from './settings/text-edits.ts'

const bridge = 'https://coder.example.com/api/v2/aibridge'
const openai = { apiKey: 'tok', baseUrl: `${bridge}/openai/v1` }
const chatGpt = { type: 'oauth', access: 'a', refresh: 'r', expires: 4_102_444_800_000 }

function makeLayout(sections: object, config?: object, environment: Record<string, string> = {}): Layout {
	const files = { '.mux/providers.jsonc': JSON.stringify(sections) }
	return { files: config ? { ...files, '.mux/config.json': JSON.stringify(config) } : files, environment }
}

async function load(layout: Layout, models: Record<string, string> = {}, release?: 'mux' | 'xum') {
	const runtime = layOut(layout)
	return loadMuxContext(runtime, await findSettings(runtime, { release }), models)
}

/** Headlines and severities of the conflicts of OpenAI. */
function describeConflicts(muxContext: Awaited<ReturnType<typeof load>>): string[] {
	return getConflicts(muxContext, { id: 'openai' })
		.map(conflict => describeFinding(conflict.finding))
		.map(({ severity, headline }) => `${severity}: ${headline}`)
}

describe('the models of a release', () => {
	it('have a source and a date, and the default model is one of them', () => {
		for (const release of releases) {
			const { models, defaultModel, modelSource, modelDate } = releaseFacts[release]
			expect(builtInProviders.flatMap(id => (models[id] ?? []).map(model => `${id}:${model}`))).toContain(defaultModel)
			expect(new URL(modelSource).hostname).toBe('github.com')
			expect(modelDate).toMatch(/^\d{4}-\d\d-\d\d$/)
		}
	})

	it('are listed together with those of the section and the default of config.json', async () => {
		const models = ['my-model', { id: 'other-model' }, { id: '' }, 5]
		const muxContext = await load(makeLayout({ openai: { ...openai, models } }, { defaultModel: 'openai:gpt-4.1' }))
		const listed = listModels(muxContext, 'mux', 'openai')
		expect(listed).toEqual(['gpt-4.1', ...(releaseFacts.mux.models.openai ?? []), 'my-model', 'other-model'])
	})

	it('are judged by the requested one, else by the default, else by the first', async () => {
		const plain = await load(makeLayout({ openai }))
		expect(getJudgedModel(plain, 'mux', 'openai')).toBe('gpt-5.6-sol')
		expect(getJudgedModel(plain, 'mux', 'anthropic')).toBe('claude-opus-5')
		const configured = await load(makeLayout({ openai }, { defaultModel: 'openai:gpt-5.4-nano' }))
		expect(getJudgedModel(configured, 'mux', 'openai')).toBe('gpt-5.4-nano')
		const requested = await load(makeLayout({ openai }, { defaultModel: 'openai:gpt-5.4-nano' }), { openai: 'gpt-5' })
		expect(getJudgedModel(requested, 'mux', 'openai')).toBe('gpt-5')
		expect(resolveRequest(requested, 'mux', 'openai').model).toBe('gpt-5')
	})
})

describe('conflicts of some models', () => {
	it('counts the models that go to ChatGPT, an error only if the judged one does', async () => {
		const layout = makeLayout({ openai: { ...openai, codexOauth: chatGpt } })
		expect(describeConflicts(await load(layout))).toEqual(['error: Mux sends 8 of 10 models of OpenAI to ChatGPT'])
		const other = await load(layout, { openai: 'gpt-5.5-pro' })
		expect(describeConflicts(other)).toEqual(['warning: Mux sends 8 of 10 models of OpenAI to ChatGPT'])
	})

	it('counts the models that a GitHub Copilot login lists', async () => {
		const copilot = { apiKey: 'ghu', models: ['gpt-5.4-mini', 'gpt-5.3-codex'] }
		const layout = makeLayout({ openai, 'github-copilot': copilot })
		expect(describeConflicts(await load(layout))).toEqual([
			'warning: Mux sends 2 of 10 models of OpenAI to GitHub Copilot',
		])
		expect(describeConflicts(await load(layout, { openai: 'gpt-5.3-codex' }))).toEqual([
			'error: Mux sends 2 of 10 models of OpenAI to GitHub Copilot',
		])
	})

	it('names every gateway that would take the models after the one before it is off', async () => {
		const layout = makeLayout(
			{ openai, openrouter: { apiKey: 'or' }, 'mux-gateway': { couponCode: 'c' } },
			{ routePriority: ['openrouter', 'mux-gateway', 'direct'] },
		)
		const conflicts = getConflicts(await load(layout), { id: 'openai' })
		expect(conflicts.map(conflict => conflict.fix?.id)).toEqual([
			'gateway-first:openrouter.enabled',
			'gateway-first:mux-gateway.enabled',
		])
	})

	it('counts the models that a policy blocks', async () => {
		const policy = {
			policy_format_version: '0.1',
			provider_access: [{ id: 'openai', model_access: ['gpt-5.6-sol', 'gpt-5.6-luna'] }],
		}
		const layout = makeLayout({ openai }, undefined, { MUX_POLICY_FILE: '$HOME/policy.json' })
		const withPolicy = { ...layout, files: { ...layout.files, 'policy.json': JSON.stringify(policy) } }
		expect(describeConflicts(await load(withPolicy))).toEqual(['warning: A policy blocks 8 of 10 models of OpenAI'])
		expect(describeConflicts(await load(withPolicy, { openai: 'gpt-5.5-pro' }))).toEqual([
			'error: A policy blocks gpt-5.5-pro',
		])
	})
})

describe('both releases', () => {
	const layout = makeLayout({ openai }, undefined, { OPENAI_BASE_URL: '' })

	it('are judged where either could start: what holds for one only is a warning that names it', async () => {
		expect(describeConflicts(await load(layout))).toEqual(["warning: Xum wouldn't use AI Bridge for OpenAI"])
	})

	it('are not judged both if one was requested', async () => {
		expect(describeConflicts(await load(layout, {}, 'mux'))).toEqual([])
		expect(describeConflicts(await load(layout, {}, 'xum'))).toEqual(['error: OPENAI_BASE_URL is set but empty'])
	})
})
