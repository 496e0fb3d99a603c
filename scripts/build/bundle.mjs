// Bundles the program into a few chunks of CommonJS: the door's, and one for each group of modules that are imported
// dynamically. CommonJS can be run from text with V8's code cache on every Node; few chunks, because names inside one get
// short and every chunk costs some time and text of its own.
import { readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { build, transform } from 'esbuild'
import { adaptDependencies, askedForByAdapted, hostFlags } from './adaptations.mjs'

const common = { platform: 'node', target: 'node20.9', charset: 'ascii', legalComments: 'none', logLevel: 'error' }

/**
 * @param {object} program
 * @param {string} program.root absolute folder
 * @param {string} program.entry path inside it
 * @param {(path: string) => string} program.groupOf which group a dynamically imported module belongs to
 * @param {boolean} [program.whole] it is the program itself, not a piece of it for a test
 * @returns {Promise<{chunks: Map<string, {text: string, groups: string[]}>, entryName: string, metafile: import('esbuild').Metafile}>}
 *   each chunk is the text of a function expression that takes require, module and performance and asks for others as
 *   "./name.js", with the groups that need it; a chunk of the door's has none
 */
export async function bundleProgram({ root, entry, groupOf, whole = false }) {
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
		plugins: [adaptDependencies({ whole }), importGroups(root, groups), onlyVersion(root)],
	})

	const nameOf = path => path.replaceAll('\\', '/').split('/').at(-1).replace(/\.js$/, '')
	const paths = Object.keys(metafile.outputs)
	const users = usersOfChunks(metafile.outputs)
	const texts = new Map(outputFiles.map(file => [nameOf(file.path), file.text]))
	const exportsOf = new Map([...texts].map(([name, text]) => [name, exportedNames(text)]))
	const chunks = new Map()
	await Promise.all(
		[...texts].map(async ([name, text]) => {
			const path = paths.find(output => nameOf(output) === name)
			const isGroup = Boolean(metafile.outputs[path].entryPoint)
			chunks.set(name, { text: await toFunction(name, text, exportsOf, isGroup), groups: users.get(path) })
		}),
	)
	const entryPath = paths.find(path => metafile.outputs[path].entryPoint === entry)
	return { chunks, entryName: nameOf(entryPath), metafile }
}

/** Group name → paths of its modules, and importing file → its dynamic imports as they stand in the text. */
function groupImports(metafile, groupOf) {
	const members = new Map(Object.entries(askedForByAdapted).map(([group, path]) => [group, [path]]))
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

/** Of its own package.json the program needs the version: the rest would be made into an object at each start. */
function onlyVersion(root) {
	const own = join(root, 'package.json')
	return {
		name: 'only-version',
		setup({ onLoad }) {
			onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
				if (path !== own) return
				const { version } = JSON.parse(await readFile(path, 'utf8'))
				return { contents: JSON.stringify({ version }), loader: 'json' }
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

/** A chunk as the text of a function that takes require, module and performance; door.js calls it. */
async function toFunction(name, text, exportsOf, isGroup) {
	const { code } = await transform(linkByValue(name, text, exportsOf, isGroup), {
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
	if (/__toESM\d* = \(mod, isNodeMode, target\)/.test(body)) {
		throw new Error(`${name}: esbuild writes __toESM in a way that scripts/build/bundle.mjs does not know`)
	}
	const { code: small } = await transform(`chunk(function(require,module,performance){${body}\n${onFirstUse}\n})`, {
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

const importOfChunk = /^import \{([^}]*)\} from "\.\/([^"]+)\.js";$/gm
const exportOfChunk = /^export \{([^}]*)\};\n*$/m
const viewOfModule = /^__export\((\w+), \{\n([\s\S]*?)\n\}\);$/gm

/** `a as b, c` → [['a', 'b'], ['c', 'c']] */
const namesIn = list =>
	list
		.split(',')
		.filter(each => each.trim() !== '')
		.map(each => each.trim().split(' as '))
		.map(([name, other = name]) => [name, other])

/** What a chunk exports: [name inside, name outside]. */
const exportedNames = text => namesIn(exportOfChunk.exec(text)?.[1] ?? '')

/**
 * Hands values from chunk to chunk, as a list, in place of the getters by which esbuild keeps bindings live (three
 * closures and two definitions a name): chunks need each other in one direction only, and what they export never changes.
 * A group's chunk is asked for by name.
 */
function linkByValue(name, text, exportsOf, isGroup) {
	const views = []
	const linked = text
		.replace(importOfChunk, (_, list, chunk) => {
			const values = `values_of_${chunk.replace(/\W/g, '_')}`
			const places = new Map((exportsOf.get(chunk) ?? []).map(([, outside], place) => [outside, place]))
			const takes = namesIn(list).map(([outside, inside]) => {
				if (!places.has(outside)) throw new Error(`${name} asks for ${outside}, which ${chunk} does not export`)
				return `${inside} = ${values}[${places.get(outside)}]`
			})
			return `var ${[`${values} = require("./${chunk}.js")`, ...takes].join(', ')};`
		})
		.replace(/\b__now\(import\(("\.\/[^"]+")\)\)/g, 'require($1)')
		.replace(viewOfModule, (_, view, getters) => {
			views.push(`${view} = {${getters.replace(/: \(\) => /g, ': ')}};`)
			return ''
		})
		.replace(exportOfChunk, '')
	if (/\b__esm\d*\(/.test(linked))
		throw new Error(`${name} holds a module that is initialised late: what it exports changes`)
	const exported = exportsOf.get(name)
	const result = isGroup
		? `{${exported.map(([inside, outside]) => `${outside}: ${inside}`).join(', ')}}`
		: `[${exported.map(([inside]) => inside).join(', ')}]`
	return `${linked}\n${views.join('\n')}\nmodule.exports = ${result};\n`
}
