// Who imports whom, read from the imports themselves.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { table } from './markdown.ts'

/** The directories of source/ from the door downwards, each with what it is for. */
export const directories: Readonly<Record<string, string>> = {
	'cli.tsx':
		'the door: arguments, streams and environment decide which mode is loaded; the one place that ends the process',
	commands: 'the modes without a screen, and the one table of commands and options',
	ui: 'Ink: a screen a step, and the components that they are made of',
	plain: 'the wizard line by line, for screen readers, simple terminals and pipes',
	wizard: 'what both front ends share: the store, and the runner that carries effects out',
	flow: 'the wizard as a pure state machine, and what each step asks and offers',
	setup: 'a plan, its checks, its application and its receipt',
	coder: 'the deployment: URL, HTTP client, checks, tokens, logins of the Coder CLI',
	mux: 'Mux: its home, its settings file, what it will use, and what is in the way',
	shell: 'export lines and their quoting',
	terminal: 'keys, capabilities, clipboard, frames, restoring',
	demo: 'a small deployment on loopback, for `--demo` and the tests',
	findings: 'what can be said: codes, words, exit codes',
	ground:
		'`host.ts`, `secret.ts`, `provider.ts`, `bridge-url.ts`, `make-directory.ts`, `stop.ts`: what everybody may import',
}

/** One row a directory: what it is for, and which of the others its files import. */
export function moduleMapTable(root: string): string {
	const imports = importsByDir(root)
	const known = Object.keys(directories)
	for (const directory of imports.keys()) {
		if (!known.includes(directory)) throw new Error(`source/${directory} has no words in scripts/docs/module-map.ts`)
	}
	const rows = known.map(directory => {
		const targets = known.filter(each => imports.get(directory)?.has(each) && !['ground', 'findings'].includes(each))
		const name =
			directory === 'cli.tsx' ? '`cli.tsx`' : directory === 'ground' ? '`source/*.ts`' : `\`source/${directory}/\``
		return [name, directories[directory]!, targets.map(each => `\`${each}\``).join(', ') || '–']
	})
	return table(['Where', 'What it is for', 'Imports'], rows)
}

/** What the files of each directory import from other directories; types count too. */
export function importsByDir(root: string): Map<string, Set<string>> {
	const found = new Map<string, Set<string>>()
	for (const path of ['cli.tsx', ...sourceFiles(root)]) {
		const from = getModule(path)
		const targets = found.get(from) ?? new Set()
		found.set(from, targets)
		const text = readFileSync(join(root, path), 'utf8')
		for (const [, name] of text.matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+)'/gm)) {
			const target = join(dirname(path), name!)
			if (!target.startsWith('source')) continue
			const to = getModule(target)
			if (to !== from) targets.add(to)
		}
	}
	return found
}

function sourceFiles(root: string): string[] {
	return readdirSync(join(root, 'source'), { recursive: true, withFileTypes: true })
		.filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
		.map(entry => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
}

function getModule(path: string): string {
	if (path === 'cli.tsx') return path
	const [, directory, ...rest] = path.replaceAll('\\', '/').split('/')
	return rest.length === 0 ? 'ground' : directory!
}
