// The table of modules in docs/architecture.md: what each directory is for, and what it actually imports.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { getLayer, layers } from '../layers.ts'
import { table } from './table.ts'

/** Directories that every other one may import; listing them in each row would say nothing. */
const ubiquitous: ReadonlySet<string> = new Set(['shared', 'findings', 'runtime', 'secrets'])

/** One row a directory. */
export function moduleMapTable(root: string): string {
	const imports = importsByLayer(root)
	const names = Object.keys(layers)
	for (const layer of imports.keys()) {
		if (!names.includes(layer)) throw new Error(`source/${layer} is missing in scripts/layers.ts`)
	}
	const rows = names.map(layer => {
		const targets = names.filter(other => imports.get(layer)?.has(other) && !ubiquitous.has(other))
		const path = layer === 'cli.tsx' ? layer : layer === 'shared' ? 'source/*.ts' : `source/${layer}/`
		return [`\`${path}\``, layers[layer]!.purpose, targets.map(other => `\`${other}\``).join(', ') || '–']
	})
	return table(['Path', 'What it is for', 'Imports'], rows)
}

/** The other layers that the files of each layer import, types included. */
export function importsByLayer(root: string): Map<string, Set<string>> {
	const imports = new Map<string, Set<string>>()
	for (const path of ['cli.tsx', ...listSourceFiles(root)]) {
		const from = getLayer(path)
		const targets = imports.get(from) ?? new Set()
		imports.set(from, targets)
		const text = readFileSync(join(root, path), 'utf8')
		for (const [, name] of text.matchAll(/(?:\bfrom |\bimport\(|^import )'(\.[^']+)'/gm)) {
			const target = join(dirname(path), name!)
			if (!target.startsWith('source')) continue
			const to = getLayer(target)
			if (to !== from) targets.add(to)
		}
	}
	return imports
}

function listSourceFiles(root: string): string[] {
	return readdirSync(join(root, 'source'), { recursive: true, withFileTypes: true })
		.filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
		.map(entry => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
}
