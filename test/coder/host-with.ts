// A Host for the tests of coder/: nothing in it but an environment and a clock.
import { homedir, tmpdir } from 'node:os'
import process from 'node:process'
import type { Environment, Host } from '../../source/host.ts'

/** A Host on Linux with this environment alone. */
export function hostWith(environment: Environment = {}, given: Partial<Host> = {}): Host {
	return {
		environment,
		platform: 'linux',
		homeFolder: homedir(),
		workingFolder: tmpdir(),
		hostname: 'laptop',
		stdin: process.stdin,
		stdout: process.stdout,
		stderr: process.stderr,
		now: () => new Date(),
		run: async () => ({ code: null, stdout: '', stderr: '' }),
		parentProcessName: () => null,
		...given,
	}
}
