// Each exit code that scripts rely on is reached, with --json and without, and the JSON of every outcome is valid.
import { describe, expect, it } from 'vitest'
import { type ResultStatus, resultStatuses } from '../../source/commands/json-result.ts'
import { reportCrash } from '../../source/commands/report-error.ts'
import { type ExitCode, exitCodes } from '../../source/findings/exit-codes.ts'
import type { Runtime } from '../../source/runtime/runtime.ts'
import type { FailureRule } from '../fake-coder/fake-coder.ts'
import { makeHome, openDemo, type Ran, resultOf, run, start, until } from './program.ts'

type Case = {
	code: ExitCode
	outcome: ResultStatus
	/** `URL` is replaced by the demo deployment's. */
	args: readonly string[]
	failure?: FailureRule
	files?: Readonly<Record<string, string>>
	/** Run before, and expected to succeed. */
	before?: readonly (readonly string[])[]
}

const provided = ['-u', 'URL', '--token-file', 'token']
const apply = ['-y', ...provided]

const cases: readonly [string, Case][] = [
	['applied', { code: 0, outcome: 'applied', args: apply }],
	['applied already', { code: 0, outcome: 'unchanged', args: apply, before: [apply] }],
	['planned', { code: 0, outcome: 'planned', args: ['--dry-run', ...provided] }],
	['printed', { code: 0, outcome: 'printed', args: ['--print-env', 'sh', ...provided] }],
	['checked', { code: 0, outcome: 'checked', args: ['check'], before: [apply] }],
	['checked with nothing set up', { code: 1, outcome: 'checked', args: ['check'] }],
	['undone', { code: 0, outcome: 'undone', args: ['undo'], before: [apply] }],
	['nothing to undo', { code: 0, outcome: 'unchanged', args: ['undo'] }],
	['removed', { code: 0, outcome: 'removed', args: ['remove', '--yes'], before: [apply] }],
	['a removal that is planned', { code: 0, outcome: 'planned', args: ['remove', '--dry-run'], before: [apply] }],
	[
		'something in the way',
		{ code: 1, outcome: 'failed', args: apply, files: { '.mux/providers.jsonc': '{"openai":{"enabled":false}}' } },
	],
	['a provider that is unknown', { code: 1, outcome: 'failed', args: [...apply, '-p', 'google'] }],
	['an unknown option', { code: 2, outcome: 'failed', args: ['--frobnicate'] }],
	['a missing answer', { code: 2, outcome: 'failed', args: ['--yes'] }],
	[
		'a token among the arguments',
		{ code: 2, outcome: 'failed', args: ['--yes', '--token', 'abcdefghij-abcdefghijabcdefghijab'] },
	],
	['a removal without consent', { code: 2, outcome: 'failed', args: ['remove'], before: [apply] }],
	['a refused token', { code: 3, outcome: 'failed', args: apply, failure: 'token-unknown' }],
	['an expired token', { code: 3, outcome: 'failed', args: apply, failure: 'token-expired' }],
	[
		'a host that is not there',
		{ code: 4, outcome: 'failed', args: ['-y', '-u', 'http://coder.invalid', '--token-file', 'token'] },
	],
	['a connection that breaks', { code: 4, outcome: 'failed', args: apply, failure: 'reset' }],
	['a syntax error', { code: 5, outcome: 'failed', args: apply, files: { '.mux/providers.jsonc': '{"openai": }' } }],
	[
		'a file in the place of the lock',
		{ code: 5, outcome: 'failed', args: apply, files: { '.mux/providers.jsonc.lock': '' } },
	],
	[
		'a directory in the place of the settings',
		{ code: 5, outcome: 'failed', args: apply, files: { '.mux/providers.jsonc/x': '' } },
	],
	['a bridge without a licence', { code: 6, outcome: 'failed', args: apply, failure: 'no-license' }],
	['a bridge that is off', { code: 6, outcome: 'failed', args: apply, failure: 'daemon-off' }],
]

const reached = new Map<ExitCode, ResultStatus[]>()

async function playCase({ args, failure, files = {}, before = [] }: Case, more: readonly string[] = []): Promise<Ran> {
	const demo = await openDemo()
	const home = makeHome({ token: demo.token.reveal(), ...files })
	const fill = (line: readonly string[]) => line.map(word => (word === 'URL' ? demo.url : word))
	for (const line of before) expect((await run(fill(line), { home })).code).toBe(0)
	if (failure) demo.setFailure(failure)
	const ran = await run([...fill(args), ...more], { home })
	// Export lines are where the token belongs.
	if (!args.includes('--print-env')) expect(ran.stdout).not.toContain(demo.token.reveal())
	expect(ran.stderr).not.toContain(demo.token.reveal())
	expect(ran.stderr).not.toMatch(/^\s+at .*:\d+:\d+/m)
	return ran
}

describe('exit codes', () => {
	it.each(cases)('%s', async (_, one) => {
		const json = await playCase(one, ['--json'])
		const result = resultOf(json)
		expect([json.code, result.outcome]).toEqual([one.code, one.outcome])
		reached.set(one.code, [...(reached.get(one.code) ?? []), one.outcome])

		const plain = await playCase(one)
		expect(plain.code).toBe(one.code)
		if (!['planned', 'printed', 'checked'].includes(one.outcome)) expect(plain.stdout).toBe('')
		if (one.outcome === 'failed') {
			const bare = (text: string) => text.replace(/127\.0\.0\.1:\d+/g, 'HOST')
			for (const { headline } of result.findings) expect(bare(plain.stderr)).toContain(bare(headline))
			expect(result.findings.length).toBeGreaterThan(0)
		}
	})

	it('130 for a run that is cancelled', async () => {
		const demo = await openDemo({ delayMs: 60_000 })
		const home = makeHome({ token: demo.token.reveal() })
		const { child, ended } = start(['-y', '--json', '-u', demo.url, '--token-file', 'token'], { home })
		await until(() => demo.requests.length > 0)
		child.kill('SIGINT')
		const ran = await ended
		expect([ran.code, resultOf(ran).outcome]).toEqual([130, 'cancelled'])
		reached.set(130, ['cancelled'])
	})

	it('70 for a bug, reported with nothing in it that could be a token', async () => {
		const token = 'abcdefghij-abcdefghijabcdefghijab'
		const said = { stdout: '', stderr: '' }
		const stream = (name: keyof typeof said) => ({
			write(text: string, done?: () => void) {
				said[name] += text
				done?.()
				return true
			},
			once() {},
			off() {},
		})
		const host = { env: {}, platform: 'linux', stdout: stream('stdout'), stderr: stream('stderr') }
		const code = await reportCrash(host as unknown as Runtime, new TypeError(`no ${token} here`), '1.2.3', {
			json: true,
		})
		const result = resultOf({ code, signal: null, ...said })
		expect([code, result.outcome, result.findings[0].code]).toEqual([70, 'failed', 'bug'])
		expect(result.findings[0].headline).toContain('Internal error')
		expect(said.stdout + said.stderr).not.toContain(token)
		reached.set(70, ['failed'])
	})

	it('are all reached, and so are all outcomes', () => {
		expect([...reached.keys()].sort((a, b) => a - b)).toEqual(Object.keys(exitCodes).map(Number))
		expect([...new Set([...reached.values()].flat())].sort()).toEqual([...resultStatuses].sort())
	})
})
