// @ts-check
// What the build changes in dependencies: only what CommonJS, a quick start or a small package is impossible without. Each piece has to
// occur exactly once, or the build stops. docs/upstream.md has a draft of each change for its project.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const textWidth = fileURLToPath(new URL('../../source/terminal/text-width.ts', import.meta.url))

const yogaLoader = 'yoga-layout/dist/binaries/yoga-wasm-base64-esm.js'
const yogaBytes = /H="data:application\/octet-stream;base64,[^"]+";/g

/** Yoga's WebAssembly, as its package has it. @param {string} root */
export function readYogaAssembly(root) {
	const [piece = ''] = readFileSync(join(root, 'node_modules', yogaLoader), 'utf8').match(yogaBytes) ?? []
	return Buffer.from(piece.slice(piece.indexOf(',') + 1, -2), 'base64')
}

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
	// Its default indicator, which the program replaces, loads all of figures.
	['ink-select-input/build/SelectInput.js', "import Indicator from './Indicator.js';", 'const Indicator = () => null;'],
	// The WebAssembly is a file of its own, yoga.wasm.br: two thirds of its base64.
	[yogaLoader, yogaBytes, 'H="";'],
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

export const reactReconciler = 'react-reconciler/cjs/react-reconciler.production.js'

/** What React's reconciler supports and Ink's renderer doesn't have. */
export const missingFeatures = ['Hydration', 'Persistence', 'Resources', 'Singletons', 'TestSelectors']

/**
 * The plugin that makes the reconciler's variables for these features constants, so that the bundler leaves their code
 * out. @param {string} root @returns {import('rolldown').Plugin}
 */
export function dropMissingFeatures(root) {
	const ink = readFileSync(join(root, 'node_modules/ink/build/reconciler.js'), 'utf8')
	return {
		name: 'drop-missing-features',
		transform(code, id) {
			if (!id.replaceAll('\\', '/').endsWith(`/${reactReconciler}`)) return null
			return missingFeatures.reduce((text, feature) => {
				const name = `supports${feature}`
				if (new RegExp(`${name}: (?!false)`).test(ink)) throw new Error(`Ink ${name} now`)
				const pieces = text.split(`${name} = $$$config.${name}`)
				if (pieces.length !== 2) throw new Error(`${reactReconciler}: ${name} is read in another way`)
				return pieces
					.map(piece => piece.replaceAll(new RegExp(`(?<![.\\w])${name}\\b`, 'g'), 'false'))
					.join(`${name} = false`)
			}, code)
		},
	}
}
