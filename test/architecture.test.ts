// Module layering rules and other rules about the source that a linter can't express.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { getLayer, layers } from '../scripts/layers.ts'
import { listCodes } from '../source/findings/codes.ts'

type Import = { readonly path: string; readonly kind: 'value' | 'type' | 'dynamic' }
type File = { readonly path: string; readonly code: string; readonly imports: readonly Import[] }

const files: readonly File[] = ['cli.tsx', ...listFiles('source')].sort().map(path => {
	const text = readFileSync(path, 'utf8')
	return { path, code: removeComments(text), imports: parseImports(path, text) }
})

function listFiles(directory: string): string[] {
	return readdirSync(directory, { withFileTypes: true, recursive: true })
		.filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
		.map(entry => join(entry.parentPath, entry.name))
}

function removeComments(text: string): string {
	return text.replace(/\/\*.*?\*\//gs, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** The imports of a file: paths from the project's root for its own files, names for packages. */
function parseImports(path: string, text: string): Import[] {
	const code = removeComments(text)
	const resolve = (name: string) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name)
	const statements = [...code.matchAll(/^(?:import|export)\s+((?:type\s+)?[^'"();]*?)\s*from\s*'([^']+)'/gm)]
	const bare = [...code.matchAll(/^import\s*'([^']+)'/gm)]
	const dynamic = [...code.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)]
	return [
		...statements.map(([, names = '', name = '']) => ({
			path: resolve(name),
			kind: isTypeOnly(names) ? ('type' as const) : ('value' as const),
		})),
		...bare.map(([, name = '']) => ({ path: resolve(name), kind: 'value' as const })),
		...dynamic.map(([, name = '']) => ({ path: resolve(name), kind: 'dynamic' as const })),
	]
}

function isTypeOnly(names: string): boolean {
	if (/^type\b/.test(names)) return true
	const listed = /^\{(.*)\}$/s.exec(names.trim())?.[1]
	return listed?.split(',').every(name => name.trim() === '' || name.trim().startsWith('type ')) ?? false
}

function violations(rule: (file: File) => readonly string[]): string[] {
	return files.flatMap(file => rule(file).map(violation => `${file.path}: ${violation}`))
}

/** Files whose code matches, except the allowed ones. */
function filesMatching(pattern: RegExp, ...allowed: string[]): string[] {
	return files.filter(file => pattern.test(file.code) && !allowed.includes(file.path)).map(file => file.path)
}

describe('module layering rules', () => {
	it('allow imports of lower layers only', () => {
		expect(
			violations(({ path, imports }) => {
				const layer = getLayer(path)
				const allowed = layers[layer]?.mayImport ?? []
				return imports
					.filter(({ path: target }) => target.startsWith('source/') || target === 'cli.tsx')
					.filter(({ path: target }) => getLayer(target) !== layer && !allowed.includes(getLayer(target)))
					.map(({ path: target }) => target)
			}),
		).toEqual([])
	})

	it('cover every directory', () => {
		expect(files.map(file => getLayer(file.path)).filter(layer => !(layer in layers))).toEqual([])
	})

	it('allow React and Ink in ui only', () => {
		expect(
			violations(({ path, imports }) =>
				getLayer(path) === 'ui'
					? []
					: imports.map(({ path: name }) => name).filter(name => /^(?:react|ink)(?:$|[-/])/.test(name)),
			),
		).toEqual([])
	})

	it('require file extensions in imports', () => {
		expect(
			violations(({ imports }) =>
				imports.map(({ path }) => path).filter(path => path.startsWith('source/') && !/\.(?:tsx?|json)$/.test(path)),
			),
		).toEqual([])
	})

	it('forbid import cycles, type imports and dynamic imports included', () => {
		const next = new Map(files.map(({ path, imports }) => [path, imports.map(({ path: target }) => target)]))
		const visited = new Set<string>()
		const cycles: string[] = []
		const visit = (path: string, trail: readonly string[]): void => {
			if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
			if (trail.includes(path) || visited.has(path)) return
			for (const target of next.get(path) ?? []) visit(target, [...trail, path])
			visited.add(path)
		}
		for (const path of next.keys()) visit(path, [])
		expect(cycles).toEqual([])
	})

	it('keep the reducer pure: nothing that it loads reaches the system', () => {
		const byPath = new Map(files.map(file => [file.path, file]))
		const reached = new Set<string>()
		const visit = (path: string): void => {
			if (reached.has(path)) return
			reached.add(path)
			for (const { path: target, kind } of byPath.get(path)?.imports ?? []) if (kind !== 'type') visit(target)
		}
		for (const { path } of files) if (path.startsWith('source/wizard/reducer/')) visit(path)
		expect(reached.size).toBeGreaterThan(3)
		expect([...reached].filter(path => path.startsWith('node:') && path !== 'node:util')).toEqual([])
	})
})

describe('exported types', () => {
	it('have unique names', () => {
		const names = files.flatMap(({ code }) =>
			[...code.matchAll(/^export (?:type|interface|class) (\w+)/gm)].map(([, name]) => name!),
		)
		expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
	})
})

describe('only one file', () => {
	it('ends the process', () => {
		expect(filesMatching(/\bprocess\s*\.\s*(?:exit|abort|reallyExit)\b/, 'source/runtime/signals.ts')).toEqual([])
	})

	it('reads the environment, the arguments, the streams and the clock', () => {
		const runtime = 'source/runtime/node-runtime.ts'
		expect(filesMatching(/\bprocess\s*\.\s*(?:env|argv|cwd|stdin|stdout|stderr)\b/, runtime)).toEqual([])
		expect(filesMatching(/\b(?:homedir|hostname|userInfo)\(\)/, runtime)).toEqual([])
		// The demo deployment is a server with a clock of its own.
		expect(filesMatching(/\bDate\.now\(|\bnew Date\(\)/, runtime, 'source/demo/deployment.ts')).toEqual([])
	})
})

it('reveals a secret only in the request, the files, the export lines, and the demo', () => {
	expect(files.filter(file => /\.reveal\(\)/.test(file.code)).map(file => file.path)).toEqual([
		'source/coder/http/client.ts',
		'source/demo/start.ts',
		'source/mux/jsonc/text-edits.ts',
		'source/mux/settings/token-files.ts',
		'source/shell/export-lines.ts',
	])
})

it('never disables TLS verification', () => {
	expect(filesMatching(/rejectUnauthorized:\s*false|NODE_TLS_REJECT_UNAUTHORIZED\s*[=:]|checkServerIdentity/)).toEqual(
		[],
	)
})

it('uses every message code', () => {
	const users = files.filter(file => !file.path.startsWith('source/findings/'))
	const runtime = files.filter(file => file.path.startsWith('source/runtime/'))
	const unused = listCodes().filter(code => ![...users, ...runtime].some(file => file.code.includes(`'${code}'`)))
	expect(unused).toEqual([])
})

it('gives files descriptive names in kebab case', () => {
	const vague = /(?:^|-)(?:utils?|helpers?|managers?|services?|common|misc)(?:-|\.|$)/
	const names = [...files.map(file => file.path), ...listFiles('test')].flatMap(path => path.split('/'))
	expect(names.filter(name => vague.test(name))).toEqual([])
	expect(names.filter(name => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name))).toEqual([])
})

it('mentions no directory outside the project', () => {
	const tracked = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0').filter(Boolean)
	const text = tracked.filter(
		path =>
			existsSync(path) &&
			/\.(?:tsx?|m?js|json|md|ya?ml|sh)$|^\.ci\//.test(path) &&
			path !== 'test/architecture.test.ts',
	)
	expect(text.filter(path => /\.\.\/shared\/|(?<![\w.])\/work\//.test(readFileSync(path, 'utf8')))).toEqual([])
})
