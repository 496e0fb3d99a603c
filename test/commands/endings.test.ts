// How each kind of ending is told by every front end of the built program: exit code, verdict, and whether it claims
// success. A success is claimed only if the verdict is "connected".
import { expect, test } from 'vitest'
import type { FailureModeName } from '../fake-coder/fake-coder.ts'
import { makeHome, openDemo, resultOf, run } from './program.ts'

type Ending = readonly [code: number, verdict: string]

/** What `--yes` and `check` end with. */
const endings: readonly (readonly [mode: FailureModeName | null, yes: Ending, check: Ending])[] = [
	[null, [0, 'connected'], [0, 'connected']],
	['oidc-expired', [0, 'connected'], [0, 'connected']],
	['token-scoped', [0, 'connected'], [0, 'connected']],
	['budget-spent', [0, 'problems'], [0, 'problems']],
	['at-capacity', [0, 'problems'], [0, 'problems']],
	['keys-limited', [0, 'problems'], [0, 'problems']],
	['upstream-unreachable', [0, 'problems'], [0, 'problems']],
	['switched-off', [6, 'not-saved'], [6, 'problems']],
	['no-license', [6, 'not-saved'], [6, 'problems']],
	['keys-dead', [6, 'not-saved'], [6, 'problems']],
	['upstream-no-credit', [6, 'not-saved'], [6, 'problems']],
	['provider-disabled', [6, 'not-saved'], [6, 'problems']],
	['provider-unknown', [1, 'not-saved'], [1, 'problems']],
	['token-expired', [3, 'not-saved'], [3, 'problems']],
	['user-suspended', [3, 'not-saved'], [3, 'problems']],
	['down-502', [4, 'not-saved'], [4, 'problems']],
	['html-page', [4, 'not-saved'], [4, 'problems']],
]

const claimsSuccess = (text: string) =>
	/Mux is connected to Coder AI Bridge|Everything works\.|would connect Mux/.test(text)

test.each(endings)('%s', async (mode, yes, check) => {
	const demo = await openDemo(mode === null ? {} : { failures: [mode] })
	const token = demo.token.reveal()
	const settings = JSON.stringify({
		openai: { apiKey: token, baseUrl: `${demo.url}/api/v2/aibridge/openai/v1` },
		anthropic: { apiKey: token, baseUrl: `${demo.url}/api/v2/aibridge/anthropic` },
	})
	const args = ['--url', demo.url, '--token-file', 'token']
	const configure = (...more: string[]) => run([...more, ...args], { home: makeHome({ token }) })
	const checkWith = (...more: string[]) =>
		run(['check', ...more], { home: makeHome({ '.mux/providers.jsonc': settings }) })
	const [json, text, planned, checked, checkText] = await Promise.all([
		configure('--yes', '--json'),
		configure('--yes'),
		configure('--dry-run'),
		checkWith('--json'),
		checkWith(),
	])
	expect([json.code, resultOf(json).verdict, resultOf(json).exitCode]).toEqual([...yes, yes[0]])
	expect([checked.code, resultOf(checked).verdict, resultOf(checked).exitCode]).toEqual([...check, check[0]])
	expect([text.code, claimsSuccess(text.stderr + text.stdout)]).toEqual([yes[0], yes[1] === 'connected'])
	expect([planned.code, claimsSuccess(planned.stderr + planned.stdout)]).toEqual([yes[0], yes[1] === 'connected'])
	expect([checkText.code, claimsSuccess(checkText.stdout)]).toEqual([check[0], check[1] === 'connected'])
	// Line by line: what is saved is saved with the first choice; after a failed check the input ends.
	const lines = await run(['--plain', '--provider', 'openai,anthropic', '--url', demo.url], {
		home: makeHome(),
		input: `${token}\n${yes[1] === 'not-saved' ? '' : '1\n'}`,
	})
	expect(claimsSuccess(lines.stderr + lines.stdout)).toBe(yes[1] === 'connected')
	if (yes[1] !== 'not-saved') expect(lines.code).toBe(yes[0])
	else expect(lines.code).not.toBe(0)
})
