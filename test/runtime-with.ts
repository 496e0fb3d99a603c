// A Host for the tests of coder/: nothing in it but an environment and a clock.
import { homedir, tmpdir } from 'node:os'
import process from 'node:process'
import type { Env, Runtime } from '../source/runtime/runtime.ts'

/** A Host on Linux with this environment alone. */
export function hostWith(env: Env = {}, provided: Partial<Runtime> = {}): Runtime {
	return {
		env,
		platform: 'linux',
		homeDir: homedir(),
		cwd: tmpdir(),
		hostname: 'laptop',
		stdin: process.stdin,
		stdout: process.stdout,
		stderr: process.stderr,
		now: () => new Date(),
		run: async () => ({ code: null, stdout: '', stderr: '' }),
		parentProcessName: () => null,
		...provided,
	}
}
