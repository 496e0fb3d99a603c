import { defineConfig } from 'vitest/config'
import { reportersFor, suitesNotForThisSystem } from './test/vitest-options.ts'

// The long fault-injection tests on a real file system: SIGKILL at random moments, a full disk, many writers at once.
export default defineConfig({
	test: {
		include: ['test/fault-injection/**/*.test.ts'],
		exclude: [...suitesNotForThisSystem],
		globalSetup: ['test/build-once.ts'],
		reporters: reportersFor(process.env['MUX_BRIDGE_WIZARD_TEST_REPORT']),
		passWithNoTests: suitesNotForThisSystem.length > 0,
		testTimeout: 180_000,
		hookTimeout: 60_000,
		pool: 'forks',
		maxWorkers: 2,
	},
})
