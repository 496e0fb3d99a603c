// Bundles the program into a few chunks of CommonJS: the door's, and one for each group of modules that are imported
// dynamically. CommonJS can be run from text with V8's code cache on every Node; few chunks, because names inside one get
// short and every chunk costs some time and text of its own.
import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { adaptDependencies, hostFlags } from './adaptations.mjs'

const common = { platform: 'node', target: 'node20.9', charset: 'ascii', legalComments: 'none', logLevel: 'error' }

/**
 * @param {object} program
 * @param {string} program.root absolute folder
 * @param {string} program.entry path inside it
 * @param {(path: string) => string} program.groupOf which group a dynamically imported module belongs to
 * @returns {Promise<{chunks: Map<string, {text: string, groups: string[]}>, entryName: string, metafile: import('esbuild').Metafile}>}
 *   each chunk is the text of a function expression that takes exports, require and module, with the groups that
 *   need it; a chunk of the door's has none
 */
export async function bundleProgram({ root, entry, groupOf }) {
	const options = {
		...common,
		absWorkingDir: root,
		entryPoints: [entry],
		outdir: 'dist',
		write: false,
		metafile: true,
		bundle: true,
		splitting: true,
		format: 'esm',
		// jsonc-parser's UMD form, its `main`, does not survive bundling.
		mainFields: ['module', 'main'],
		jsx: 'automatic',
		minifySyntax: true,
		define: {
			'process.env.NODE_ENV': '"production"',
			...Object.fromEntries(Object.entries(hostFlags).map(([flag, value]) => [flag, String(value ?? false)])),
		},
		chunkNames: '[name]-[hash]',
	}
	const groups = groupImports((await build({ ...options, packages: 'external' })).metafile, groupOf)
	const { outputFiles, metafile } = await build({
		...options,
		inject: [fileURLToPath(new URL('./clock.ts', import.meta.url))],
		plugins: [adaptDependencies(), importGroups(root, groups)],
	})

	const nameOf = path => path.replaceAll('\\', '/').split('/').at(-1).replace(/\.js$/, '')
	const names = new Set(outputFiles.map(file => nameOf(file.path)))
	const users = usersOfChunks(metafile.outputs)
	const chunks = new Map()
	await Promise.all(
		outputFiles.map(async file => {
			const name = nameOf(file.path)
			const path = Object.keys(metafile.outputs).find(output => nameOf(output) === name)
			chunks.set(name, { text: await toCommonJs(file.text, name, names), groups: users.get(path) })
		}),
	)
	const entryPath = Object.keys(metafile.outputs).find(path => metafile.outputs[path].entryPoint === entry)
	return { chunks, entryName: nameOf(entryPath), metafile }
}

/** Group name → paths of its modules, and importing file → its dynamic imports as they stand in the text. */
function groupImports(metafile, groupOf) {
	const members = new Map()
	const importers = new Map()
	for (const [path, { imports }] of Object.entries(metafile.inputs)) {
		for (const found of imports.filter(({ kind, external }) => kind === 'dynamic-import' && !external)) {
			const group = groupOf(found.path)
			members.set(group, [...new Set([...(members.get(group) ?? []), found.path])])
			importers.set(path, [...(importers.get(path) ?? []), { ...found, group }])
		}
	}
	return { members, importers }
}

const exportName = path => path.replace(/\W/g, '_')

/** Makes `import('./x.ts')` ask for the group that x.ts belongs to, so that a group is one chunk. */
function importGroups(root, { members, importers }) {
	return {
		name: 'import-groups',
		setup({ onLoad, onResolve }) {
			onResolve({ filter: /^group:/ }, ({ path }) => ({ path: path.slice('group:'.length), namespace: 'group' }))
			onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
				contents: members
					.get(path)
					.map(member => `export * as ${exportName(member)} from ${JSON.stringify(`./${member}`)}\n`)
					.join(''),
				resolveDir: root,
			}))
			onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
				const imports = importers.get(relative(root, path).replaceAll('\\', '/'))
				if (!imports) return
				let contents = await readFile(path, 'utf8')
				for (const { original, group, path: target } of imports) {
					contents = contents.replaceAll(
						// Not where it is a type.
						new RegExp(`(?<!typeof )import\\((['"])${original.replace(/[.\\/]/g, '\\$&')}\\1\\)(?!\\.[A-Z])`, 'g'),
						`import('group:${group}').then(group => group.${exportName(target)})`,
					)
				}
				return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts', resolveDir: dirname(join(path)) }
			})
		},
	}
}

/** Output path → names of the groups that need it when they are loaded; none where the door does. */
function usersOfChunks(outputs) {
	const users = new Map(Object.keys(outputs).map(path => [path, []]))
	for (const [start, { entryPoint }] of Object.entries(outputs)) {
		if (!entryPoint) continue
		if (
			!entryPoint.startsWith('group:') &&
			start !== Object.keys(outputs).find(path => outputs[path].entryPoint === entryPoint)
		)
			continue
		const group = entryPoint.startsWith('group:') ? entryPoint.slice('group:'.length) : null
		const seen = new Set([start])
		for (const path of seen) {
			users.get(path).push(group)
			for (const { kind, path: next } of outputs[path].imports)
				if (kind === 'import-statement' && outputs[next]) seen.add(next)
		}
	}
	for (const [path, groups] of users) if (groups.includes(null)) users.set(path, [])
	return users
}

// esbuild's view of a CommonJS module as an ES module copies every property, one getter each, at every import of it: some
// 3,000 before the first question. Inheriting from the module shows the same at once.
const copyingView = /\b(__toESM\d*) = \(mod, isNodeMode, target\) => \(target = [^;]*?\n\)\)/g
const inheritingView =
	'$1 = (mod, isNodeMode) => mod && mod.__esModule && !isNodeMode ? mod : { __proto__: mod, default: mod }'

// Node itself has loaded these by the time a script starts; every other built-in module is loaded when something of it
// is used, wherever its import stands.
const alreadyLoaded = new Set(['buffer', 'events', 'fs', 'path', 'process', 'timers', 'url', 'util'])
const builtInImport =
	/^var (import_\w+) = (?:__toESM\d*\()?require\("(?:node:)?([a-z_]+(?:\/[a-z_]+)*)"\)(?:, 1\))?\)?;$/gm
const onFirstUse = `function __onFirstUse(name) {
	return new Proxy({}, { get: (_, key) => (key === 'default' ? require(name) : require(name)[key]) })
}`

async function toCommonJs(text, name, names) {
	const { code } = await transform(text.replace(copyingView, inheritingView), {
		...common,
		format: 'cjs',
		// `import()` in a script run from text would need Node's own loader of modules: 5 ms, and not there on 20.9.
		supported: { 'dynamic-import': false },
	})
	const body = code
		.replace(copyingView, inheritingView)
		.replace(builtInImport, (line, variable, module) =>
			alreadyLoaded.has(module) ? line : `var ${variable} = __onFirstUse("node:${module}");`,
		)
		.replace(/require\("\.\/([^"/]+)\.js"\)/g, (_, chunk) => {
			if (!names.has(chunk)) throw new Error(`${name} asks for ${chunk}, which is no chunk`)
			return `require("${chunk}")`
		})
	if (/__toESM\d* = \(mod, isNodeMode, target\)/.test(body)) {
		throw new Error(`${name}: esbuild writes __toESM in a way that scripts/build/bundle.mjs does not know`)
	}
	const { code: small } = await transform(`chunk(function(exports,require,module){${body}\n${onFirstUse}\n})`, {
		...common,
		minify: true,
	})
	return (
		small
			.trim()
			.replace(/^chunk\(([\s\S]*)\);$/, '$1')
			// esbuild leaves regular expressions as they are.
			.replace(/[^\0-\x7f]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
	)
}
