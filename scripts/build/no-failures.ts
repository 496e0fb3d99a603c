// Stands for source/demo/failures.ts in the bundle: the deployment of `--demo` is always well, its ways to fail are for
// the tests.
import type { demoFailures as all } from '../../source/demo/failures.ts'

export const demoFailures = {} as typeof all
