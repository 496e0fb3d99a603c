// Prints one line after the run that says which tests were skipped and how to get what they need. The reason is the note
// "needs …" of a skipped test (see tools.ts), or the words "(needs …)" in its title.
import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import tools from './tools.json' with { type: 'json' }

type Sources = { readonly apt?: string; readonly brew?: string; readonly npm?: string; readonly dotnet?: string }

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
	// A test's own title is more exact than that of its suite.
	const titles = [test.name, test.fullName].map(title => /\(needs ([^)]+)\)/.exec(title)?.[1])
	return [/^needs (.+)$/.exec(note ?? '')?.[1], ...titles].find(reason => reason !== undefined) ?? UNKNOWN_REASON
}

/** One line, or null if no test was skipped because something is missing. */
export function summarizeSkipped(
	reasons: ReadonlyMap<string, number>,
	platform: NodeJS.Platform = process.platform,
): string | null {
	const missing = [...reasons].filter(([reason]) => reason !== UNKNOWN_REASON)
	if (missing.length === 0) return null
	const total = missing.reduce((sum, [, count]) => sum + count, 0)
	const list = missing.map(([reason, count]) => `${reason} (${count})`).join(', ')
	const [tests, them] = total === 1 ? ['test that needs', 'it'] : ['tests that need', 'them']
	const commands = installCommands(
		missing.map(([reason]) => reason),
		platform,
	)
	const hint = commands.length > 0 ? ` To run ${them}: ${commands.join('; ')}.` : ''
	return `Skipped ${total} ${tests} ${list}.${hint}`
}

function installCommands(names: readonly string[], platform: NodeJS.Platform): string[] {
	const [manager, install] =
		platform === 'darwin' ? (['brew', 'brew install'] as const) : (['apt', 'sudo apt-get install'] as const)
	const managed = names.filter(name => sources[name]?.[manager])
	const fromNpm = names.filter(name => sources[name]?.npm && !managed.includes(name))
	const packages = managed.map(name => sources[name]![manager])
	const npmPackages = fromNpm.map(name => sources[name]!.npm)
	const fromDotnet = names.flatMap(name => (managed.includes(name) ? [] : (sources[name]?.dotnet?.split('@')[0] ?? [])))
	return [
		...(packages.length > 0 ? [`${install} ${packages.join(' ')}`] : []),
		...fromDotnet.map(name => `dotnet tool install --global ${name}`),
		...(npmPackages.length > 0 ? [`npm install --global ${npmPackages.join(' ')}`] : []),
	]
}
