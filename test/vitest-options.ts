// What both vitest configurations share: the reporters, and the suites that can't run on the current system.
import type { TestUserConfig } from 'vitest/config'
import SkippedTestsReporter from './skipped-tests-reporter.ts'

/**
 * Suites that need POSIX: pseudo-terminals with stty, shells, signals, FIFOs and file modes. Windows has none of these in
 * this form, so they are left out there, by name.
 */
const posixSuites = [
	'test/build/release.test.ts',
	'test/commands/**',
	'test/docs/commands.test.ts',
	'test/docs/npx.test.ts',
	'test/docs/onboarding.test.ts',
	'test/docs/what-it-writes.test.ts',
	'test/fault-injection/**',
	'test/line-mode/**',
	'test/mux/home.test.ts',
	'test/mux/context.test.ts',
	'test/mux/settings/**',
	'test/screenshots/**',
	'test/shell/**',
	'test/templates/**',
	'test/terminal/pty.test.ts',
	'test/wizard/**',
] as const

export const suitesNotForThisSystem: readonly string[] = process.platform === 'win32' ? posixSuites : []

if (suitesNotForThisSystem.length > 0)
	console.warn(`Not run on Windows, because they need POSIX: ${suitesNotForThisSystem.join(', ')}`)

/** With a file: also a report in JSON, and the number of skipped tests by reason beside it; .ci/run counts by them. */
export function reportersFor(file: string | undefined): NonNullable<TestUserConfig['reporters']> {
	if (!file) return ['default', new SkippedTestsReporter()]
	return ['default', ['json', { outputFile: file }], new SkippedTestsReporter({ file: `${file}.skipped` })]
}
