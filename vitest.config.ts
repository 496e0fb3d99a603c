import { defineConfig } from 'vitest/config'
import { reportersFor, suitesNotForThisSystem } from './test/vitest-options.ts'

// The suite that `npm test` runs. Tests of the built program find it in dist/: the global setup builds it once.
export default defineConfig({
	test: {
		include: ['test/**/*.test.{ts,tsx}'],
		exclude: ['test/fault-injection/**', 'test/windows/**', ...suitesNotForThisSystem],
		globalSetup: ['test/build-once.ts'],
		reporters: reportersFor(process.env['MUX_BRIDGE_WIZARD_TEST_REPORT']),
		testTimeout: 60_000,
		hookTimeout: 60_000,
		pool: 'forks',
		maxWorkers: 2,
		env: { NODE_EXTRA_CA_CERTS: '' },
	},
})
