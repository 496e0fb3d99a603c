// @ts-check
// Builds dist/: the launcher, the program with its dependencies as a few readable CommonJS chunks, their licenses, and a
// bill of materials. The same input gives the same bytes.
// Usage: node scripts/build.mjs [DIRECTORY]
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { dropMissingFeatures, editDependencies, readYogaAssembly } from './build/dependency-edits.mjs'
import { billOfMaterials, findPackages, licensesOf } from './build/packages.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const entry = join(root, 'cli.tsx')
const { version, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const target = resolve(process.argv[2] ?? join(root, 'dist'))

/**
 * The chunk of a module follows from the imports, so that no rename breaks it: a dynamic import starts a chunk, named by
 * the directory or file that it points to, or the last one of this list, with everything that static imports reach from
 * there. What several of them reach goes into the first of `alone`, else into the first of `sharedChunks` that fits: one
 * that is loaded with all of them, or what the first question needs, or `configure`, or neither.
 */
const chunks = ['messages', 'terminal', 'configure', 'line-mode', 'commands', 'wizard', 'ui', 'demo', 'checks']
const alone = ['main', 'messages', 'terminal']
/** @type {[chunk: string, fits: (reached: string[]) => boolean][]} */
const sharedChunks = [
	['wizard', reached => reached.every(chunk => ['wizard', 'ui', 'line-mode'].includes(chunk))],
	['shared', reached => reached.includes('wizard') || reached.includes('ui')],
	['shared-configure', reached => reached.includes('configure')],
	['shared-later', () => true],
]
/** @type {Map<string, string>} */
const chunkOf = new Map()

/** @this {import('rolldown').ChunkingContext} */
function assignChunks() {
	const dynamic = new Set()
	const reach = (/** @type {string[]} */ starts) => {
		const seen = new Set(starts)
		for (const id of seen) {
			for (const next of this.getModuleInfo(id)?.importedIds ?? []) seen.add(next)
			for (const next of this.getModuleInfo(id)?.dynamicallyImportedIds ?? []) dynamic.add(next)
		}
		return [...seen]
	}
	const main = reach([entry])
	const modules = [...main, ...[...dynamic].flatMap(id => reach([id]))]
	const pathOf = (/** @type {string} */ id) =>
		relative(root, id)
			.replace(/\.tsx?$/, '')
			.split(sep)
	const nameOf = (/** @type {string} */ id) => chunks.find(name => pathOf(id).includes(name)) ?? 'checks'
	const startsOf = (/** @type {string} */ chunk) =>
		(chunk === 'messages' ? modules : [...dynamic]).filter(id => nameOf(id) === chunk)
	/** @type {Map<string, string[]>} */
	const reachedBy = new Map(main.map(id => [id, ['main']]))
	for (const chunk of chunks)
		for (const id of reach(startsOf(chunk))) reachedBy.set(id, [...(reachedBy.get(id) ?? []), chunk])
	for (const [id, reached] of reachedBy) {
		const shared = () => sharedChunks.find(([, fits]) => fits(reached))?.[0] ?? ''
		const own = alone.find(chunk => reached.includes(chunk)) ?? (reached.length === 1 ? reached[0] : shared())
		chunkOf.set(id, own ?? '')
	}
}

const ownFile = (/** @type {string} */ name) => join(root, 'scripts/build', name)
const bundle = await rolldown({
	input: entry,
	cwd: root,
	platform: 'node',
	// The comment that names a module's file would go with a constant that is inlined.
	optimization: { inlineConst: false },
	preserveEntrySignatures: 'allow-extension',
	// Its tables for formatting, which nothing uses, take 1 ms at each start.
	treeshake: { moduleSideEffects: [{ test: /jsonc-parser.*string-intern/, sideEffects: false }] },
	// jsonc-parser's `main` is UMD, whose `require` no bundler can follow.
	resolve: { mainFields: ['module', 'main'], alias: { 'yoga-layout': ownFile('yoga.mjs') } },
	transform: {
		target: 'node20.9',
		define: { 'process.env.NODE_ENV': '"production"' },
		inject: { 'Intl.Segmenter': [join(root, 'source/terminal/text-width.ts'), 'Segmenter'] },
	},
	plugins: [
		editDependencies(),
		dropMissingFeatures(root),
		// chalk contains a copy of this package.
		{
			name: 'one-copy',
			resolveId: id =>
				/^#ansi-styles$|vendor.ansi-styles/.test(id) ? join(root, 'node_modules/ansi-styles/index.js') : null,
		},
		{ name: 'assign-chunks', buildEnd: assignChunks },
	],
	onLog(_level, log) {
		if (log.code !== 'INEFFECTIVE_DYNAMIC_IMPORT') throw new Error(log.message)
	},
})
const { output } = await bundle.generate({
	format: 'cjs',
	minify: false,
	// V8 keeps ASCII text in half of the memory.
	charset: 'ascii',
	comments: { jsdoc: false },
	entryFileNames: 'main.cjs',
	chunkFileNames: '[name].cjs',
	// `import()` becomes `require`: Node's loader of ES modules takes 5 ms.
	dynamicImportInCjs: false,
	codeSplitting: {
		groups: [{ debugName: 'reach', name: id => chunkOf.get(id) }],
		includeDependenciesRecursively: false,
	},
})
await bundle.close()

const getter =
	/Object\.defineProperty\(exports, "(\w+)", \{\s+enumerable: true,\s+get: function \(\) \{\s+return \1;\s+\}\s+\}\);/g
/** Exports what never changes as itself, instead of by two hundred getters, and removes annotations for bundlers. */
const simplify = (/** @type {string} */ text) =>
	text.replaceAll('/* @__PURE__ */ ', '').replace(getter, (whole, name) => {
		const isConstant = new RegExp(`^(?:const|class|(?:async )?function\\*?|var (?=\\w+_exports =)) ?${name}\\b`, 'm')
		return isConstant.test(text) ? `exports.${name} = ${name};` : whole
	})
const code = output.flatMap(file => (file.type === 'chunk' ? [{ ...file, code: simplify(file.code) }] : []))
const modules = code.flatMap(file => Object.keys(file.modules).filter(id => file.modules[id]?.renderedLength))
const packages = findPackages(root, modules)
/** @type {[name: string, content: string | Buffer][]} */
const files = code.map(file => [file.fileName, file.code])
const hash = (/** @type {string} */ text) => createHash('sha256').update(text).digest('hex').slice(0, 16)
const hashes = Object.fromEntries(code.map(file => [file.fileName, hash(file.code)]))
let launcher = `#!/usr/bin/env node\n${readFileSync(join(root, 'source/launcher.cjs'), 'utf8')}`
for (const [name, value] of Object.entries({ version, oldestNode: engines.node.match(/\d+/g).map(Number), hashes })) {
	const line = new RegExp(`(?<=^\tvar ${name} = ).*$`, 'm')
	if (!line.test(launcher)) throw new Error(`launcher.cjs has no place for ${name}`)
	launcher = launcher.replace(line, JSON.stringify(value))
}
files.push(['cli.cjs', launcher], ['THIRD-PARTY-LICENSES', licensesOf(root, packages)])
files.push(
	['sbom.cdx.json', billOfMaterials(root, packages)],
	['yoga.wasm.br', brotliCompressSync(readYogaAssembly(root))],
)
mkdirSync(target, { recursive: true })
// No file of an earlier build may be published.
for (const name of readdirSync(target)) if (/\.(cjs|br|wasm)$/.test(name)) rmSync(join(target, name))
for (const [name, content] of files)
	writeFileSync(join(target, name), content, { mode: name === 'cli.cjs' ? 0o755 : 0o644 })
