import { describe, expect, it } from 'vitest'
import { summarizeSkipped, UNKNOWN_REASON } from './skipped-tests-reporter.ts'

const summarize = (reasons: Record<string, number>, platform: NodeJS.Platform = 'linux') =>
	summarizeSkipped(new Map(Object.entries(reasons)), platform)

describe('the line about skipped tests', () => {
	it('names what is missing, how many tests need it, and the command that installs it', () => {
		expect(summarize({ zsh: 3, fish: 1 })).toBe(
			'Skipped 4 tests that need zsh (3), fish (1). To run them: sudo apt-get install zsh fish.',
		)
		expect(summarize({ zsh: 3, ps: 1 }, 'darwin')).toBe(
			'Skipped 4 tests that need zsh (3), ps (1). To run them: brew install zsh.',
		)
		expect(summarize({ nu: 1 })).toMatch(
			/^Skipped 1 test that needs nu \(1\)\. To run it: npm install --global @nushell/,
		)
	})

	it('offers no command for what no package contains', () => {
		expect(summarize({ root: 2 })).toBe('Skipped 2 tests that need root (2).')
	})

	it('is absent if nothing is missing', () => {
		expect(summarize({})).toBeNull()
		// Tests that a filter left out have no reason.
		expect(summarize({ [UNKNOWN_REASON]: 40 })).toBeNull()
	})
})
