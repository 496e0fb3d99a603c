// Prints one line after the run that says which tests were skipped and how to get what they need. The reason is the note
// "needs …" of a skipped test (see tools.ts), or the words "(needs …)" in its title.
import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import tools from './tools.json' with { type: 'json' }

type Sources = { readonly apt?: string; readonly brew?: string; readonly npm?: string }

const sources: Readonly<Record<string, Sources>> = tools

export default class SkippedTestsReporter implements Reporter {
	/** File for the number of skipped tests by reason, as JSON; .ci/run reads it. */
	readonly #file: string | undefined

	constructor(options: { file?: string | undefined } = {}) {
		this.#file = options.file
	}

	onTestRunEnd(modules: readonly TestModule[]): void {
		const reasons = countReasons(modules.flatMap(module => [...module.children.allTests('skipped')]))
		if (this.#file) writeFileSync(this.#file, JSON.stringify(Object.fromEntries(reasons)))
		const line = summarizeSkipped(reasons)
		if (line) process.stdout.write(`\n${line}\n`)
	}
}

export const UNKNOWN_REASON = 'no reason given'

function countReasons(skipped: readonly TestCase[]): Map<string, number> {
	const reasons = new Map<string, number>()
	for (const test of skipped) {
		const reason = findReason(test)
		reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
	}
	return reasons
}

function findReason(test: TestCase): string {
	const result = test.result()
	const note = result.state === 'skipped' ? result.note : undefined
	return /^needs (.+)$/.exec(note ?? '')?.[1] ?? /\(needs ([^)]+)\)/.exec(test.fullName)?.[1] ?? UNKNOWN_REASON
}

/** One line, or null if nothing was skipped for want of something. */
export function summarizeSkipped(reasons: ReadonlyMap<string, number>): string | null {
	const known = [...reasons].filter(([reason]) => reason !== UNKNOWN_REASON)
	if (known.length === 0) return null
	const total = known.reduce((sum, [, count]) => sum + count, 0)
	const list = known.map(([reason, count]) => `${reason} (${count})`).join(', ')
	return [
		`Skipped ${total} ${total === 1 ? 'test' : 'tests'} that need ${list}.`,
		...howToInstall(known.map(([reason]) => reason)),
	].join(' ')
}

function howToInstall(names: readonly string[]): string[] {
	const manager = process.platform === 'darwin' ? 'brew' : 'apt'
	const packages = (kind: keyof Sources) => names.flatMap(name => sources[name]?.[kind] ?? [])
	const commands = [
		...(packages(manager).length > 0
			? [`${manager === 'brew' ? 'brew install' : 'sudo apt-get install'} ${packages(manager).join(' ')}`]
			: []),
		...(packages('npm').length > 0 ? [`npm install --global ${packages('npm').join(' ')}`] : []),
	]
	return commands.length > 0 ? [`To run them: ${commands.join('; ')}.`] : []
}
