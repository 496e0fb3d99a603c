// Stands for source/demo/failure-modes.ts in the bundle: the deployment of `--demo` is always well, its ways to fail are for
// the tests.
import type { failureModes as all } from '../../source/demo/failure-modes.ts'

export const demoFailures = {} as typeof all
