import { defineConfig } from 'vitest/config'

// The long fault tests on a real file system: SIGKILL at random moments, a full disk, many writers at once.
export default defineConfig({
	test: {
		include: ['test/faults/**/*.test.ts'],
		globalSetup: ['test/build-once.ts'],
		testTimeout: 180_000,
		hookTimeout: 60_000,
		pool: 'forks',
		maxWorkers: 2,
	},
})
