// Bundles the program into chunks, one for the door and one for each dynamic import, as CommonJS: that form can be run
// from text with V8's code cache on every Node.
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'
import { adaptDependencies } from './adaptations.mjs'

const common = { platform: 'node', target: 'node20.9', charset: 'ascii', legalComments: 'none', logLevel: 'error' }

/**
 * @param {{root: string, entry: string}} program `root` is an absolute folder, `entry` a path inside it
 * @returns {Promise<{chunks: Map<string, string>, bytes: Map<string, Uint8Array>, entryName: string, metafile: import('esbuild').Metafile}>}
 *   each chunk is the text of a function expression that takes exports, require, module and bytesOf
 */
export async function bundleProgram({ root, entry }) {
	const bytes = new Map()
	const { outputFiles, metafile } = await build({
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
		define: { 'process.env.NODE_ENV': '"production"' },
		inject: [fileURLToPath(new URL('./clock.ts', import.meta.url))],
		chunkNames: '[name]-[hash]',
		plugins: [adaptDependencies(bytes)],
	})
	const nameOf = path => path.replaceAll('\\', '/').split('/').at(-1).replace(/\.js$/, '')
	const names = new Set(outputFiles.map(file => nameOf(file.path)))
	const chunks = new Map()
	await Promise.all(
		outputFiles.map(async file => {
			chunks.set(nameOf(file.path), await toCommonJs(file.text, nameOf(file.path), names))
		}),
	)
	const entryPath = Object.keys(metafile.outputs).find(path => metafile.outputs[path].entryPoint === entry)
	return { chunks, bytes, entryName: nameOf(entryPath), metafile }
}

// esbuild's view of a CommonJS module as an ES module copies every property, one getter each, at every import of it: some
// 3,000 before the first question. Inheriting from the module shows the same at once.
const copyingView = /var (__toESM\d*) = \(mod, isNodeMode, target\) => \(target = [^;]*?\n\)\);/g
const inheritingView =
	'var $1 = (mod, isNodeMode) => mod && mod.__esModule && !isNodeMode ? mod : { __proto__: mod, default: mod };'

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
	if (/var __toESM\d* = \(mod, isNodeMode, target\)/.test(body)) {
		throw new Error(`${name}: esbuild writes __toESM in a way that scripts/build/bundle.mjs does not know`)
	}
	const { code: small } = await transform(`chunk(function(exports,require,module,bytesOf){${body}\n${onFirstUse}\n})`, {
		...common,
		minify: true,
	})
	return small.trim().replace(/^chunk(\([\s\S]*\));$/, '$1')
}
