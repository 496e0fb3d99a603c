// Some tests need a program besides Node, npm, git and the base system. If it isn't installed, they are skipped with the
// note "needs <program>". The reporter in skipped-tests-reporter.ts lists these notes after the run; .ci/run installs
// every program of tools.json and fails if a test was skipped that could have run.
import { execFileSync } from 'node:child_process'
import { beforeEach, type TestContext } from 'vitest'

/** The path of a program, or null if it isn't installed. */
export function findProgram(name: string): string | null {
	try {
		return execFileSync('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', name], { encoding: 'utf8' }).trim() || null
	} catch {
		return null
	}
}

/** Skips the running test unless the program is installed; returns its path. */
export function requireProgram(context: Pick<TestContext, 'skip'>, name: string): string {
	return findProgram(name) ?? context.skip(`needs ${name}`)
}

/** Skips every test of the current suite unless the program is installed. */
export function skipSuiteWithout(name: string): void {
	const isInstalled = findProgram(name) !== null
	beforeEach(context => {
		context.skip(!isInstalled, `needs ${name}`)
	})
}
