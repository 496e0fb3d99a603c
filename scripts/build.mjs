// Builds dist/: the program with everything it needs in one file, and the licences of what is inside.
// Usage: node scripts/build.mjs [--root FOLDER] [--entry cli.tsx] [--to dist] [--metafile PATH]
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleProgram } from './build/bundle.mjs'
import { makeNotices } from './build/notices.mjs'
import { makeOneFile } from './build/one-file.mjs'

/** Which dynamically imported modules are loaded together; the first that matches. */
const groups = [
	['output', /^source\/(commands\/(help|completion|refusal)|terminal\/(capabilities|suspend|write-result))\.ts$/],
	['configure', /^source\/commands\/(configure|print-exports)\.ts$/],
	['manage', /^source\/commands\/(check|live-check|undo|remove)\.ts$/],
	['changes', /^source\/(setup\/apply|mux\/(masked-text|undo))\.ts$/],
	['network', /^source\/(coder|plain)\/|^source\/setup\/(verify|offer-tokens)\.ts$/],
	['screens', /^source\/ui\//],
	['demo', /^source\/demo\//],
	['wizard', /./],
]

const groupOf = path => groups.find(([, pattern]) => pattern.test(path))[0]

/** The part that holds a chunk: that of the one group that needs it, or `setup`; what every run needs is with the door. */
function partOf(users) {
	if (users.length === 0 || users.includes('output')) return 'door'
	return users.length > 1 ? 'setup' : users[0]
}

const { values: options } = parseArgs({
	options: {
		root: { type: 'string', default: fileURLToPath(new URL('..', import.meta.url)) },
		entry: { type: 'string', default: 'cli.tsx' },
		to: { type: 'string', default: 'dist' },
		metafile: { type: 'string' },
	},
})
const { root } = options
const target = resolve(root, options.to)
const { version, engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

const { chunks, entryName, metafile } = await bundleProgram({ root, entry: options.entry, groupOf })
const parts = new Map()
for (const [name, { text, groups: users }] of [...chunks].sort(([a], [b]) => (a < b ? -1 : 1))) {
	const part = partOf(users)
	parts.set(part, new Map([...(parts.get(part) ?? []), [name, text]]))
}
const files = {
	'cli.js': await makeOneFile({
		entry: entryName,
		parts,
		oldestNode: /(\d+)\.(\d+)/.exec(engines.node).slice(1).map(Number),
		banner: `mux-bridge-wizard ${version}, MIT. Licences of the packages inside: THIRD-PARTY-LICENSES.`,
	}),
	// cli.js is CommonJS while the package's own sources are ES modules.
	'package.json': '{"type":"commonjs"}\n',
	'THIRD-PARTY-LICENSES': await makeNotices({
		root, // scripts/build/layout.ts follows Yoga step by step.
		inputs: [...Object.keys(metafile.inputs), 'node_modules/yoga-layout/dist/src/index.js'],
	}),
}

await mkdir(target, { recursive: true })
for (const [name, text] of Object.entries(files)) {
	// Somebody may be running the program just now: it changes at once or not at all.
	const draft = join(target, `.${name}.${process.pid}`)
	await writeFile(draft, text, { mode: name === 'cli.js' ? 0o755 : 0o644 })
	await rename(draft, join(target, name))
}
if (options.metafile) await writeFile(options.metafile, JSON.stringify(metafile))
