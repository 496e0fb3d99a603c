import { readFileSync } from 'node:fs'
import Ajv2020 from 'ajv/dist/2020.js'
import { expect, describe as group, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { findingSamples } from '../../scripts/docs/finding-samples.ts'
import { sampleFinding } from '../../scripts/docs/troubleshooting.ts'
import {
	type CheckProvider,
	makeFailureResult,
	makeResult,
	type ResultFacts,
	resultStatuses,
	stringifyResult,
} from '../../source/commands/json-result.ts'
import { type Finding, type FindingCode, finding } from '../../source/findings/finding.ts'
import { getExitCode } from '../../source/findings/severity.ts'

const schema = JSON.parse(readFileSync('schema/result.json', 'utf8'))
const ajv = new Ajv2020.default({
	strict: true,
	// Fields that depend on the command are required where the schema says so, and described once.
	strictRequired: false,
	allErrors: true,
	allowUnionTypes: true,
})
const isResult = ajv.compile(schema)

const every: Finding[] = (Object.keys(findingSamples) as FindingCode[]).map(sampleFinding)
const provider = {
	id: 'openai',
	baseUrl: 'https://coder.example.com/api/v2/aibridge/openai/v1',
	before: 'not set up',
	after: 'AI Bridge at coder.example.com',
}
const lines = makeResult('configure', 'printed', { verdict: 'unchecked' })
const settingsFile = '/home/alice/.mux/providers.jsonc'

/** The object as a script gets it. */
function printed(result: Parameters<typeof stringifyResult>[0]): unknown {
	const text = stringifyResult(result)
	expect(text.endsWith('}\n')).toBe(true)
	return JSON.parse(text)
}

group('the JSON result', () => {
	it.each(resultStatuses.filter(outcome => outcome !== 'checked'))(
		'of the outcome "%s" is as the schema says',
		outcome => {
			const result = makeResult('configure', outcome, {
				verdict: 'problems',
				settingsFile,
				backup: `${settingsFile}.20261123T144500Z.bak`,
				providers: [provider, { ...provider, id: 'anthropic', baseUrl: null }],
				findings: every,
				diff: '-a\n+b\n',
				lines: 'export A=1\n',
			})
			isResult(printed(result))
			expect(isResult.errors).toBeNull()
		},
	)

	it('has the same outcomes in the schema', () => {
		expect(schema.properties.outcome.enum).toEqual([...resultStatuses])
	})

	it('has exactly the promised fields if there is nothing to report', () => {
		expect(printed(makeResult('configure', 'printed', { verdict: 'unchecked' }))).toEqual({
			version: 1,
			programVersion: packageJson.version,
			command: 'configure',
			outcome: 'printed',
			verdict: 'unchecked',
			exitCode: 0,
			settingsFile: null,
			backup: null,
			providers: [],
			findings: [],
			next: [],
			missing: [],
			userActionRequired: false,
		})
	})

	it.each(every.map(issue => [issue.code, issue] as const))('reports %s in words', (_, issue) => {
		isResult(printed(makeFailureResult('configure', [issue])))
		expect(isResult.errors).toBeNull()
	})

	it('is "cancelled" if the user left, else "failed"', () => {
		expect(
			makeFailureResult('configure', [
				finding('invalid-lifetime', 'arguments', { value: '"30"' }),
				finding('cancelled', 'arguments'),
			]).outcome,
		).toBe('cancelled')
		expect(makeFailureResult('configure', [finding('invalid-lifetime', 'arguments', { value: '"30"' })]).outcome).toBe(
			'failed',
		)
	})

	it.each([
		['an unknown outcome', { ...lines, outcome: 'done' }],
		['another version', { ...lines, version: 2 }],
		['a missing field', { ...lines, backup: undefined }],
		['a verdict that is missing', makeResult('configure', 'printed')],
		['a token instead of facts about it', { ...lines, token: 'x' }],
		['a failure without a reason', { ...lines, outcome: 'failed' }],
		['a change of no file', { ...lines, outcome: 'applied' }],
		['a finding without words', { ...lines, findings: [{ code: 'x', severity: 'error', subject: 'y' }] }],
	])('the schema rejects %s', (_, value) => {
		expect(isResult(JSON.parse(JSON.stringify(value)))).toBe(false)
	})
})

group('the JSON of check', () => {
	const facts: ResultFacts & { providers: CheckProvider[] } = {
		verdict: 'problems',
		release: 'mux',
		settingsFile,
		providers: [
			{
				id: 'openai',
				configured: true,
				request: {
					url: `${provider.baseUrl}/responses`,
					credentialHeader: 'authorization',
					credentialFrom: 'apiKey',
					keyId: 'Zq3h7Lk2aB',
				},
				viaBridge: true,
				conflicts: [],
			},
			{
				id: 'anthropic',
				configured: false,
				request: null,
				viaBridge: false,
				conflicts: ['no-credential'],
				models: null,
			},
		],
		findings: every,
	}

	it.each([
		['offline', facts],
		['that could ask nobody', { ...facts, live: null }],
		[
			'that asked the deployment',
			{
				...facts,
				live: {
					deployment: 'https://coder.example.com',
					coderVersion: 'v2.31.2',
					edition: 'Premium' as const,
					route: '/api/v2/aibridge',
					token: { keyId: 'Zq3h7Lk2aB', name: null, owner: 'alice', expiresAt: '2026-12-23T00:00:00.000Z' },
				},
			},
		],
	])('%s is as the schema says', (_, provided) => {
		isResult(printed(makeResult('check', 'checked', provided)))
		expect(isResult.errors).toBeNull()
	})

	it('has no place for a credential', () => {
		const token = 'Zq3h7Lk2aB-Vm8Xw2pQr5Ts9Yd4Nf6Gc1'
		const [first] = facts.providers
		const leaking = { ...facts, providers: [{ ...first!, request: { ...first!.request!, keyId: token } }] }
		expect(isResult(JSON.parse(JSON.stringify(makeResult('check', 'checked', leaking))))).toBe(false)
	})
})

group('the exit code of findings', () => {
	const warning = finding('voice-input-leaks', 'environment')

	it.each([
		[[], 0],
		[[warning], 0],
		[[finding('invalid-lifetime', 'arguments', { value: '"30"' })], 2],
		[
			[
				warning,
				finding('output-not-written', 'arguments', { cause: 'Closed' }),
				finding('invalid-lifetime', 'arguments', { value: '"30"' }),
			],
			1,
		],
		[[finding('invalid-lifetime', 'arguments', { value: '"30"' }), finding('cancelled', 'arguments')], 130],
		[[finding('bug', 'arguments')], 70],
		[[finding('invalid-lifetime', 'arguments', { value: '"30"' }, 'warning')], 0],
	] as const)('%j: %i', (findings, code) => {
		expect(getExitCode(findings)).toBe(code)
	})
})
