// A missing or misspelled detail doesn't compile: `npm run check` fails if one of these errors isn't raised any more.
import { expect, it } from 'vitest'
import { finding } from '../../source/findings/finding.ts'

declare const either: 'settings-syntax' | 'settings-changed'

it('rejects missing, misspelled and unknown details when compiling', () => {
	const calls = [
		// @ts-expect-error: the details are missing.
		() => finding('settings-locked', 'settings'),
		// @ts-expect-error: `seconds` is missing.
		() => finding('settings-locked', 'settings', { path: 'a', lock: 'a' }),
		// @ts-expect-error: `second` is misspelled.
		() => finding('settings-locked', 'settings', { path: 'a', lock: 'a', seconds: 5, second: 5 }),
		// @ts-expect-error: `seconds` is a number.
		() => finding('settings-locked', 'settings', { path: 'a', lock: 'a', seconds: '5' }),
		// @ts-expect-error: this code has no details.
		() => finding('url-empty', 'deployment', { url: 'a' }),
		// @ts-expect-error: there is no such code.
		() => finding('no-such-code', 'deployment'),
		// @ts-expect-error: the first code of the union needs more.
		() => finding(either, 'settings', { path: 'a' }),
		() => finding('settings-locked', 'settings', { path: 'a', lock: 'a', seconds: 5 }),
		() => finding('settings-locked', 'settings', { path: 'a', lock: 'a', seconds: 5, pid: undefined }),
		() => finding('url-empty', 'deployment'),
		() => finding('no-license', 'bridge'),
		() => finding('no-license', 'bridge', { status: 403 }),
	]
	expect(calls).toHaveLength(12)
})
