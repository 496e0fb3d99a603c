import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Finding, finding } from '../../source/findings/finding.ts'
import { getExitCode } from '../../source/findings/severity.ts'
import { decideVerdict, type JudgedAction, type VerdictInput } from '../../source/setup/verdict.ts'

const expired = finding('token-expired', 'token', { origin: 'https://coder.example.com' })
const soon = finding('token-expires-soon', 'token', { origin: 'https://coder.example.com' })
const down = finding('upstream-down', 'anthropic', { provider: 'anthropic' })
const off = finding('bridge-off', 'bridge')
const unusable = finding('base-url-invalid', 'openai', {
	title: 'OpenAI',
	section: 'openai',
	problem: 'empty',
	url: 'x',
})
const override = finding('settings-override-variables', 'settings', { fields: 'openai.apiKey', path: 'x' })
const cancelled = finding('cancelled', 'program')

const provider = (id: string, proven = true, usedByMux = true) => ({ id, proven, usedByMux })
const both = [provider('openai'), provider('anthropic')]
const none = [provider('openai', false), provider('anthropic', false)]
const base: VerdictInput = { findings: [], checked: true, written: true, providers: both }

describe('decideVerdict', () => {
	const cases: [title: string, input: Partial<VerdictInput>, verdict: string, exitCode: number, headline: string][] = [
		['all providers answered', {}, 'connected', 0, 'Mux is connected to Coder AI Bridge'],
		['the token expires soon', { findings: [soon] }, 'connected', 0, 'Mux is connected to Coder AI Bridge'],
		[
			'the token has expired',
			{ findings: [expired], providers: none },
			'problems',
			3,
			"Saved, but Mux can't use AI Bridge yet",
		],
		[
			'the bridge is off',
			{ findings: [off], providers: none },
			'problems',
			6,
			"Saved, but Mux can't use AI Bridge yet",
		],
		[
			'one upstream is down',
			{ findings: [down], providers: [provider('openai'), provider('anthropic', false)] },
			'problems',
			0,
			"Saved, but Anthropic can't use AI Bridge yet",
		],
		[
			'the base URL is invalid',
			{ findings: [unusable], providers: [provider('openai', true, false)] },
			'problems',
			1,
			"Saved, but Mux can't use AI Bridge yet",
		],
		[
			'a provider failed without a finding',
			{ providers: [provider('openai', false)] },
			'problems',
			1,
			"Saved, but Mux can't use AI Bridge yet",
		],
		['nothing was selected', { providers: [] }, 'problems', 1, "Saved, but Mux can't use AI Bridge yet"],
		['the checks were skipped', { checked: false, providers: none }, 'unchecked', 0, 'Saved, not checked'],
		[
			'the checks were skipped and the base URL is invalid',
			{ checked: false, findings: [unusable], providers: [provider('openai', false, false)] },
			'problems',
			1,
			"Saved, but Mux can't use AI Bridge yet",
		],
		['nothing was saved', { written: false }, 'not-saved', 0, 'Nothing was changed.'],
		[
			'nothing was saved because of an error',
			{ written: false, findings: [soon, off, expired] },
			'not-saved',
			6,
			'Nothing was changed.',
		],
		['the user cancelled', { findings: [off, cancelled] }, 'not-saved', 130, 'Nothing was changed.'],
		['a plan works', { action: 'planned' }, 'connected', 0, 'This change would connect Mux to Coder AI Bridge'],
		[
			'the settings file overrides printed variables',
			{ action: 'printed', findings: [override], providers: [provider('openai', true, false)] },
			'problems',
			0,
			"With these variables, Mux still can't use AI Bridge",
		],
		['check finds everything in order', { action: 'found' }, 'connected', 0, 'Everything works.'],
		[
			'check finds two errors',
			{ action: 'found', findings: [expired, off, soon], providers: none },
			'problems',
			3,
			'2 problems found.',
		],
		[
			'check finds warnings only',
			{ action: 'found', findings: [down], providers: [provider('anthropic', false)] },
			'problems',
			0,
			'1 problem found.',
		],
		[
			'check asks nobody',
			{ action: 'found', checked: false },
			'unchecked',
			0,
			'Configured for AI Bridge (offline, not verified).',
		],
	]
	it.each(cases)('decides when %s', (_, input, verdict, exitCode, headline) => {
		expect(decideVerdict({ ...base, ...input })).toMatchObject({ verdict, exitCode, headline })
	})

	it('claims success only if each provider answered and is used, and no finding is an error', () => {
		const findings: fc.Arbitrary<Finding[]> = fc.subarray([expired, soon, down, off, unusable, override, cancelled])
		const input = fc.record({
			findings,
			checked: fc.boolean(),
			written: fc.boolean(),
			providers: fc.array(
				fc.record({
					id: fc.constantFrom('openai', 'anthropic', 'groq'),
					proven: fc.boolean(),
					usedByMux: fc.boolean(),
				}),
				{ maxLength: 3 },
			),
			action: fc.constantFrom<JudgedAction>('saved', 'unchanged', 'planned', 'printed', 'found'),
		})
		fc.assert(
			fc.property(input, given => {
				const judged = decideVerdict(given)
				const works = given.checked && given.written && given.providers.every(each => each.proven && each.usedByMux)
				const isConnected = works && given.providers.length > 0 && getExitCode(given.findings) === 0
				expect(judged.verdict === 'connected').toBe(isConnected)
				expect(judged.tone === 'success').toBe(isConnected)
				expect(/is connected|works\.|connect Mux/.test(judged.headline)).toBe(isConnected)
				if (isConnected) expect(judged.exitCode).toBe(0)
				else if (getExitCode(given.findings) !== 0) expect(judged.exitCode).toBe(getExitCode(given.findings))
			}),
		)
	})
})
