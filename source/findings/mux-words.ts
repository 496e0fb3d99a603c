// What Mux shows for the causes that are behind AI Bridge: its last line has only HTTP's words
// (docs/contracts/mux.md#8-errors-that-mux-shows).
import type { FindingCode } from './codes.ts'

type MuxWords = {
	/** Mux's last line. */
	readonly shown: string
	/** When it shows it. */
	readonly when: string
	readonly codes: readonly FindingCode[]
}

export const muxWords: readonly MuxWords[] = [
	{
		shown: 'Error: Forbidden',
		when: 'at once',
		codes: [
			'token-expired',
			'token-unknown',
			'token-wrong-secret',
			'user-suspended',
			'user-dormant',
			'token-not-for-bridge',
			'no-license',
			'bridge-off',
			'budget-spent',
		],
	},
	{
		shown: 'Error: Not Found',
		when: 'at once',
		codes: ['provider-unknown', 'provider-not-serving', 'base-url-wrong', 'bridge-not-running', 'route-unknown'],
	},
	{ shown: 'Service Unavailable', when: 'after 3 attempts, 8 seconds', codes: ['provider-disabled', 'at-capacity'] },
	{
		shown: 'all configured keys failed authentication',
		when: 'after 8 seconds',
		codes: ['upstream-key-bad'],
	},
	{
		shown: 'all configured keys are rate-limited',
		when: 'after 16 to 64 seconds',
		codes: ['upstream-rate-limited'],
	},
	{ shown: 'Error: Your credit balance is too low', when: 'at once', codes: ['upstream-no-credit'] },
	{ shown: 'connect ECONNREFUSED', when: 'after some attempts', codes: ['connection-refused'] },
	{ shown: 'Error: No provider credentials found.', when: 'at once', codes: ['provider-not-set-up'] },
]

/** What Mux shows for a finding; undefined if that isn't known. */
export function getMuxWords(code: FindingCode): string | undefined {
	return muxWords.find(({ codes }) => codes.includes(code))?.shown
}
