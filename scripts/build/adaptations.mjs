// What is changed in dependencies on their way into the bundle, so that the first question comes quickly. Each change is
// an exact piece of source and its replacement; the build stops where a piece is gone. `saves` is the share of all that
// the processor does from Enter to the first question, Node's own start included, measured with that change alone left
// out: instructions on Node 20 with a warm code cache, as `valgrind --tool=callgrind` counts them.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const fromPlainText = names =>
	`import { ${names} } from ${JSON.stringify(fileURLToPath(new URL('../../source/terminal/text-width.ts', import.meta.url)))};`

/** How TypeScript writes an enumeration: `var Name;` and a function that fills it. */
const enumeration = declared =>
	new RegExp(`^${declared};\\n\\(function \\((\\w+)\\) \\{[^}]*\\}\\)\\(\\1 \\|\\| \\(\\1 = \\{\\}\\)\\);\\n`, 'm')

/** What Ink calls of its reconciler, and what it says of itself as a host: checked against Ink's source. */
export const hostCalls = [
	'createContainer',
	'discreteUpdates',
	'flushPassiveEffects',
	'flushSyncWork',
	'updateContainer',
	'updateContainerSync',
]
export const hostFlags = {
	supportsMutation: true,
	supportsPersistence: false,
	supportsHydration: false,
	supportsTestSelectors: null,
	supportsResources: null,
	supportsSingletons: null,
	supportsMicrotasks: true,
	isPrimaryRenderer: true,
}

export const adaptations = [
	{
		file: 'ink/build/reconciler.js',
		why: 'with DEV=true in the environment Ink looks for its devtools and prints a stack trace; its top-level await keeps the bundle from being CommonJS',
		saves: 'nothing by itself: without it there is no CommonJS and no code cache',
		edits: [
			[/if \(process\.env\['DEV'\] === 'true'\) \{\n {4}\/\/ Intentionally no warning[\s\S]*?\n\}\n/, ''],
			[/async function loadPackageJson\(\) \{[\s\S]*?\n\}\n/, ''],
			[
				/if \(process\.env\['DEV'\] === 'true'\) \{\n {4}try \{\n {8}const loaded = await loadPackageJson[\s\S]*?\n\}\n/,
				'',
			],
			["import createReconciler from 'react-reconciler';\n", ''],
			['export default createReconciler(hostConfig);', 'export default hostConfig;'],
			...Object.entries(hostFlags).map(([flag, value]) =>
				value === null
					? [new RegExp(`^(?![\\s\\S]*${flag})`), '']
					: [`    ${flag}: ${value},\n`, `    ${flag}: ${value},\n`],
			),
		],
	},
	{
		file: 'react-reconciler/cjs/react-reconciler.production.js',
		why: 'made for any host: as a module for one host, with what Ink says of it written in, what Ink has no use for falls away',
		saves: '15 kB of code, 4 kB of the package',
		edits: [
			[
				'"use strict";\nmodule.exports = function ($$$config) {\n',
				"import $$$config from 'ink-host-config';\nimport React from 'react';\nimport Scheduler from 'scheduler';\n",
			],
			['  var React = require("react"),\n    Scheduler = require("scheduler"),\n    assign =', '  var assign ='],
			[/ {2}return exports;\n\};\nmodule\.exports\.default = module\.exports;\nObject\.defineProperty[^\n]*\n$/, ''],
			// Only what Ink calls is kept of what a host can call.
			[
				/^ {2}exports\.attemptContinuousHydration = [\s\S]*/m,
				all => {
					const methods = all.split(/^(?= {2}exports\.\w+ = )/m).map(text => [/exports\.(\w+) = /.exec(text)[1], text])
					const kept = methods.filter(([name]) => hostCalls.includes(name))
					if (kept.length !== hostCalls.length) throw new Error(`react-reconciler lacks some of ${hostCalls}`)
					return `${kept.map(([, text]) => text).join('')}export default exports;\n`
				},
			],
			// A name that nothing declares is one that `define` in bundle.mjs gives its value.
			...Object.keys(hostFlags).map(flag => [`${flag} = $$$config.${flag}`, `unused_${flag} = 0`]),
		],
	},
	{
		file: 'ink/build/ink.js',
		why: 'the same for DEV=true at render time',
		saves: 'nothing: it is about the stack trace',
		edits: [[/ {8}if \(process\.env\['DEV'\] === 'true'\) \{\n {12}reconciler\.injectIntoDevTools\(\);\n {8}\}\n/, '']],
	},
	{
		file: 'string-width/index.js',
		why: 'no segmenter and no emoji expressions before text needs them',
		saves: '60 %, together with the segmenter below',
		edits: [
			['const segmenter = new Intl.Segmenter();', `${fromPlainText('isOneCellEach, segmenter')}\n`],
			['/^[\\u0020-\\u007E]*$/.test(string)', 'isOneCellEach(string)'],
			...['visibleCharacterRegex', 'spacingMarkRegex', 'rgiEmojiRegex'].map(name => [
				new RegExp(`const ${name} = /(.*)/v;\\n`),
				(_, source) =>
					`let ${name}_; const ${name} = { get it() { return ${name}_ ??= new RegExp(${JSON.stringify(source)}, 'v'); } };\n`,
			]),
			['segment.search(visibleCharacterRegex)', 'segment.search(visibleCharacterRegex.it)'],
			['!visibleCharacterRegex.test(', '!visibleCharacterRegex.it.test('],
			['spacingMarkRegex.test(', 'spacingMarkRegex.it.test('],
			['rgiEmojiRegex.test(', 'rgiEmojiRegex.it.test('],
		],
	},
	{
		file: 'signal-exit/index.js',
		why: 'one type check needs no node:assert',
		saves: '1 %: left out, it would be the one thing that loads node:assert',
		edits: [
			["var assert = require('assert')\n", ''],
			["assert.equal(typeof cb, 'function', 'a callback must be provided for exit handler')", ''],
		],
	},
	{
		file: 'jsonc-parser/lib/esm/impl/string-intern.js',
		why: '1,220 strings for a formatter that the program has no use for: marked as what may be left out',
		saves: '2 % of --print-env, where there is little else to do',
		edits: [
			[
				/^export const cachedSpaces = new Array\(20\)[\s\S]*$/,
				tables => tables.replaceAll('new Array(', '/* @__PURE__ */ new Array('),
			],
		],
	},
	{
		file: 'jsonc-parser/lib/esm/impl/scanner.js',
		why: 'names of characters, both ways; the code has their numbers',
		saves: 'with the next one 1 % of --print-env',
		edits: [[enumeration('var CharacterCodes'), '']],
	},
	{
		file: 'jsonc-parser/lib/esm/main.js',
		why: 'enumerations for its callers, both ways; source/mux/jsonc/tokenizer.ts has those that are needed',
		saves: 'with the one before 1 % of --print-env, and 2 kB of the package',
		edits: ['ScanError', 'SyntaxKind', 'ParseErrorCode'].map(name => [enumeration(`export var ${name}`), '']),
	},
	{
		file: 'ink/build/components/ErrorBoundary.js',
		why: 'after a bug in a screen Ink draws a stack trace with an excerpt of the source, a line of 300 kB; the program tells of bugs itself',
		saves: '1 %, and 2 kB of the package',
		edits: [
			["import ErrorOverview from './ErrorOverview.js';\n", ''],
			['(React.createElement(ErrorOverview, { error: this.state.error }))', 'null'],
		],
	},
	{
		file: '../source/findings/describe.ts',
		why: 'the messages of 170 findings, a fifth of the program, are put together when there is something to report',
		saves: '5 %; of --version 10 %',
		edits: [
			[
				"import { messages } from './messages/index.ts'\n",
				`const messages = new Proxy({} as any, {
	get: (_, code) =>
		__now(import('group:usage-messages')).source_findings_messages_usage_ts.usageMessages[code] ??
		__now(import('group:messages')).source_findings_messages_index_ts.messages[code],
})
`,
			],
		],
	},
	{
		file: '../source/commands/options.ts',
		why: 'the tokens of the arguments without what else parseArgs does: Node compiles it anew at each start',
		saves: '3 % of --version and of --print-env, where there is little else to do',
		edits: [
			[
				"import { parseArgs } from 'node:util'\n",
				`import { parseArgs } from ${JSON.stringify(fileURLToPath(new URL('./parse-args.ts', import.meta.url)))}\n`,
			],
		],
	},
	...[
		['wrap-ansi/index.js', 'const segmenter = new Intl.Segmenter();', 'segmenter'],
		[
			'ink/build/line-update.js',
			"const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });",
			'segmenter',
		],
		[
			'@alcalzone/ansi-tokenize/build/tokenize.js',
			'const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });',
			'segmenter',
		],
		[
			'slice-ansi/tokenize-ansi.js',
			"const GRAPHEME_SEGMENTER = new Intl.Segmenter(undefined, {granularity: 'grapheme'});",
			'segmenter as GRAPHEME_SEGMENTER',
		],
	].map(([file, piece, names]) => ({
		file,
		why: 'the same segmenter, built when text needs it',
		saves: 'see string-width',
		edits: [[piece, fromPlainText(names)]],
	})),
]

/** Group → the module in it that an adapted one asks for, with `__now(import(...))`: at once. */
export const askedForByAdapted = {
	'usage-messages': 'source/findings/messages/usage.ts',
	messages: 'source/findings/messages/index.ts',
}

/** Modules that another one stands for as a whole; `of`: only where this package asks for it. */
export const standIns = [
	{
		module: 'yoga-layout',
		file: 'layout.ts',
		why: 'the layout in JavaScript, as much of it as the screens use: nothing to compile and bind at each start',
		saves: '3 MB of memory and 34 kB of the package; Yoga waits at its top level, which no CommonJS can do',
	},
	{
		module: 'node:fs/promises',
		file: 'file-system.ts',
		why: 'the module loads readline and file watchers',
		saves: '2 %; of --print-env 7 %',
	},

	{
		module: './output.js',
		of: 'ink',
		file: 'output.ts',
		why: 'Ink makes an object for each cell of the screen and each character of each text, at each frame',
		saves: '18 %',
	},
	{
		module: 'ansi-styles',
		file: 'ansi-styles.ts',
		why: 'three copies of it, each of which defines a hundred properties',
		saves: '4 % and 4 kB of the package, together with chalk',
	},
	{
		module: 'chalk',
		file: 'chalk.ts',
		why: 'sixteen colours and six modifiers of a hundred styles; a copy of ansi-styles more',
		saves: 'see ansi-styles',
	},
	{
		module: 'figures',
		file: 'figures.ts',
		why: 'ink-select-input takes one of its 250 characters',
		saves: '2 kB of the package',
	},
	{
		module: 'ansi-escapes',
		file: 'escapes.ts',
		why: 'ten sequences of a hundred',
		saves: '1 kB of the package',
	},
	{
		module: 'quick-lru',
		file: 'lru.ts',
		why: 'a map that is emptied when it is full does for the widths of texts',
		saves: '1 kB of the package',
	},
	{
		module: './failures.ts',
		file: 'no-failures.ts',
		why: 'the deployment of --demo is always well; its ways to fail are for the tests',
		saves: '4 kB of the package',
	},
]

/** `whole`: the bundle is to be the whole program, so a change that nothing came of is one whose place has moved. */
export function adaptDependencies({ whole = false } = {}) {
	const waiting = new Set([...standIns.map(({ module }) => module), ...adaptations.map(({ file }) => file)])
	return {
		name: 'adapt-dependencies',
		setup(build) {
			build.onEnd(() => {
				if (!whole || waiting.size === 0) return
				throw new Error(
					`not in the program any more: ${[...waiting].join(', ')}. Drop it from scripts/build/adaptations.mjs, or say where it is now.`,
				)
			})
			for (const { module, of: owner, file } of standIns) {
				const path = fileURLToPath(new URL(file, import.meta.url))
				const isMeant = importer => !owner || importer.replaceAll('\\', '/').includes(`/node_modules/${owner}/`)
				build.onResolve(
					{ filter: new RegExp(`^${module.replace('node:', '(node:)?').replaceAll('.', '\\.')}$`) },
					({ importer }) => {
						if (!isMeant(importer)) return null
						waiting.delete(module)
						return { path }
					},
				)
			}
			// Ink's reconciler.js describes the host; what it exported is now the module for that host.
			const require = createRequire(import.meta.url)
			const describesHost = require.resolve('ink').replace('index.js', 'reconciler.js')
			const forHost = require.resolve('react-reconciler').replace('index.js', 'cjs/react-reconciler.production.js')
			build.onResolve({ filter: /^ink-host-config$/ }, () => ({ path: describesHost }))
			build.onResolve({ filter: /^\.\.?\/reconciler\.js$/ }, ({ importer }) =>
				/[\\/]ink[\\/]build[\\/]/.test(importer) ? { path: forHost } : null,
			)
			for (const { file, edits } of adaptations) {
				const path = file.startsWith('../') ? file.slice(2) : `/node_modules/${file}`
				const filter = new RegExp(`${path.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]')}$`)
				build.onLoad({ filter }, async ({ path }) => {
					waiting.delete(file)
					let contents = await readFile(path, 'utf8')
					for (const [piece, replacement] of edits) contents = replaceOnce(contents, piece, replacement, file)
					return { contents, loader: file.endsWith('.ts') ? 'ts' : 'js' }
				})
			}
		},
	}
}

function replaceOnce(text, piece, replacement, file) {
	const pieces =
		typeof piece === 'string'
			? text.split(piece).length - 1
			: [...text.matchAll(new RegExp(piece, `${piece.flags}g`))].length
	if (pieces !== 1) {
		throw new Error(
			`${file} has changed: ${piece} is there ${pieces} times instead of once. Look at the new source, then adapt or drop the change in scripts/build/adaptations.mjs.`,
		)
	}
	return text.replace(piece, typeof replacement === 'string' ? () => replacement : replacement)
}
