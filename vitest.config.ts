import { defineConfig } from 'vitest/config'

// A report in JSON besides, where a file is named for it: .ci/run counts by it.
const report = process.env['MUX_BRIDGE_WIZARD_TEST_REPORT']

// The suite that `npm test` runs. Tests of the built program find it in dist/: the global set-up builds it once.
export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		exclude: ['test/faults/**'],
		globalSetup: ['test/build-once.ts'],
		reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
		testTimeout: 60_000,
		hookTimeout: 60_000,
		pool: 'forks',
		maxWorkers: 2,
		env: { NODE_EXTRA_CA_CERTS: '' },
	},
})
