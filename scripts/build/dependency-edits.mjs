// @ts-check
// What the build changes in dependencies: only what CommonJS or a quick start is impossible without. Each piece has to
// occur exactly once, or the build stops. docs/upstream.md has a draft of each change for its project.
import { fileURLToPath } from 'node:url'

const textWidth = fileURLToPath(new URL('../../source/terminal/text-width.ts', import.meta.url))

/** @type {[file: string, piece: string | RegExp, replacement: string][]} */
export const dependencyEdits = [
	// With DEV=true Ink looks for its devtools and reads its package.json: top-level awaits, which CommonJS doesn't have.
	['ink/build/reconciler.js', /if \(process\.env\['DEV'\] === 'true'\) \{\n {4}\/\/ Intentionally[\s\S]*?\n\}\n/g, ''],
	['ink/build/reconciler.js', /if \(process\.env\['DEV'\] === 'true'\) \{\n {4}try \{[\s\S]*?\n\}\n/g, ''],
	// ErrorOverview prints an excerpt of the source and fails in a deleted directory; the program reports crashes itself.
	[
		'ink/build/components/ErrorBoundary.js',
		"import ErrorOverview from './ErrorOverview.js';",
		'const ErrorOverview = () => null;',
	],
	// yoga.mjs needs the bytes of the WebAssembly, which are a local variable.
	['yoga-layout/dist/binaries/yoga-wasm-base64-esm.js', 'var H;H="data:', 'var H;H=h.wasmDataUrl="data:'],
	// Compiling this expression takes 20 ms at each start.
	[
		'string-width/index.js',
		'const rgiEmojiRegex = /^\\p{RGI_Emoji}$/v;',
		`import { rgiEmoji as rgiEmojiRegex } from ${JSON.stringify(textWidth)};`,
	],
]

/** The plugin that makes these edits. @returns {import('rolldown').Plugin} */
export function editDependencies() {
	const pending = new Set(dependencyEdits)
	return {
		name: 'edit-dependencies',
		transform(code, id) {
			const path = id.replaceAll('\\', '/')
			for (const edit of dependencyEdits.filter(([file]) => path.endsWith(`/node_modules/${file}`))) {
				const [file, piece, replacement] = edit
				const count = code.split(piece).length - 1
				if (count !== 1) throw new Error(`${file}: ${piece} occurs ${count} times instead of once`)
				code = code.replace(piece, () => replacement)
				pending.delete(edit)
			}
			return code
		},
		buildEnd(error) {
			for (const [file] of pending) if (!error) throw new Error(`${file} is edited, but it isn't bundled any more`)
		},
	}
}
