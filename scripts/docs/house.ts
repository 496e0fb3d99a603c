// Who imports whom, read from the imports themselves.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { table } from './markdown.ts'

/** The folders of source/ from the door downwards, each with what it is for. */
export const folders: Readonly<Record<string, string>> = {
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
		'`host.ts`, `secret.ts`, `provider.ts`, `bridge-url.ts`, `make-folder.ts`, `stop.ts`: what everybody may import',
}

/** One row a folder: what it is for, and which of the others its files import. */
export function housePlan(root: string): string {
	const imports = importsByFolder(root)
	const known = Object.keys(folders)
	for (const folder of imports.keys()) {
		if (!known.includes(folder)) throw new Error(`source/${folder} has no words in scripts/docs/house.ts`)
	}
	const rows = known.map(folder => {
		const targets = known.filter(each => imports.get(folder)?.has(each) && !['ground', 'findings'].includes(each))
		const name = folder === 'cli.tsx' ? '`cli.tsx`' : folder === 'ground' ? '`source/*.ts`' : `\`source/${folder}/\``
		return [name, folders[folder]!, targets.map(each => `\`${each}\``).join(', ') || '–']
	})
	return table(['Where', 'What it is for', 'Imports'], rows)
}

/** What the files of each folder import from other folders; types count too. */
export function importsByFolder(root: string): Map<string, Set<string>> {
	const found = new Map<string, Set<string>>()
	for (const path of ['cli.tsx', ...sourceFiles(root)]) {
		const from = folderOf(path)
		const targets = found.get(from) ?? new Set()
		found.set(from, targets)
		const text = readFileSync(join(root, path), 'utf8')
		for (const [, name] of text.matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+)'/gm)) {
			const target = join(dirname(path), name!)
			if (!target.startsWith('source')) continue
			const to = folderOf(target)
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

function folderOf(path: string): string {
	if (path === 'cli.tsx') return path
	const [, folder, ...rest] = path.replaceAll('\\', '/').split('/')
	return rest.length === 0 ? 'ground' : folder!
}
