import { expect, it } from 'vitest'
import { modelsNotOffered } from '../../source/coder/models.ts'
import { describeFinding } from '../../source/findings/describe.ts'

it.each<[string, Parameters<typeof modelsNotOffered>[1], readonly string[] | null, string | null]>([
	['all offered', ['gpt-5.2'], ['gpt-5.2', 'gpt-5-mini'], null],
	['one missing', ['gpt-5.2', 'gpt-99'], ['gpt-5.2'], 'gpt-99'],
	['two missing, one twice', ['a', 'b', 'a'], ['c'], 'a, b'],
	['objects', [{ id: 'gpt-99' }, { id: 'gpt-5.2' }, { id: 7 }, {}], ['gpt-5.2'], 'gpt-99'],
	['other case and white space', [' GPT-5.2 '], ['gpt-5.2'], null],
	['with the provider in front', ['openai:gpt-5.2', 'openai/gpt-5.2'], ['gpt-5.2'], null],
	['no list', ['gpt-99'], null, null],
	['an empty list', ['gpt-99'], [], null],
])('%s', (_, named, offered, missing) => {
	const findings = modelsNotOffered('openai', named, offered)
	expect(findings.map(issue => issue.details['models'] ?? null)).toEqual(missing === null ? [] : [missing])
	for (const issue of findings) expect(describeFinding(issue)).toMatchObject({ severity: 'info', subject: 'openai' })
})
