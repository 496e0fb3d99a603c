import { defineConfig } from 'vitest/config'

// A report in JSON besides, where a file is named for it: .ci/run counts by it.
const report = process.env['MUX_BRIDGE_WIZARD_TEST_REPORT']

// The long fault tests on a real file system: SIGKILL at random moments, a full disk, many writers at once.
export default defineConfig({
	test: {
		include: ['test/faults/**/*.test.ts'],
		globalSetup: ['test/build-once.ts'],
		reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
		testTimeout: 180_000,
		hookTimeout: 60_000,
		pool: 'forks',
		maxWorkers: 2,
	},
})
