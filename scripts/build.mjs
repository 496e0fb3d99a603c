// Builds dist/: the program with everything that it needs, and the licences of what is inside.
// Usage: node scripts/build.mjs [--root FOLDER] [--entry cli.tsx] [--to dist] [--metafile PATH]
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleProgram } from './build/bundle.mjs'
import { makeNotices } from './build/notices.mjs'
import { pack } from './build/pack.mjs'

/** Which dynamically imported modules are loaded together; the first that matches. */
const groups = [
	['output', /^source\/(commands\/(help|completion|refusal)|terminal\/(capabilities|write-result))\.ts$/],
	['configure', /^source\/commands\/(configure|print-exports)\.ts$/],
	['manage', /^source\/commands\/(check|live-check|undo|remove)\.ts$/],
	['changes', /^source\/(setup\/(apply|plan|export-plan|uses)|mux\/(settings-diff|settings-edit|undo))\.ts$/],
	['network', /^source\/(coder|plain)\/|^source\/setup\/(verify|offer-tokens)\.ts$/],
	['screens', /^source\/ui\//],
	['demo', /^source\/demo\//],
	['wizard', /./],
]

const groupOf = path => groups.find(([, pattern]) => pattern.test(path))[0]

/** Words of a command line by which runs need different functions of the same parts. */
const kinds = [
	...['check', 'undo', 'remove', 'completion', '--print-env', '--dry-run', '--yes', '-y', '--plain', '--demo'],
	...['--version', '-V', '--help', '-h'],
]

/**
 * The part that holds a chunk, by the groups that need it. A run takes whole parts, and the text of each fills the memory
 * that is collected first: so what `--print-env` and the wizard's first question need stands apart from the rest.
 */
function partOf(users) {
	if (users.length === 0 || users.includes('output') || users.includes('usage-messages')) return 'door'
	if (users.includes('configure')) return 'setup'
	if (users.length === 1) return users[0]
	return users.includes('wizard') || users.includes('screens') ? 'wizard' : 'more'
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

const { chunks, entryName, metafile } = await bundleProgram({
	root,
	entry: options.entry,
	groupOf,
	whole: options.entry === 'cli.tsx',
})
const parts = new Map()
for (const [name, { text, groups: users }] of [...chunks].sort(([a], [b]) => (a < b ? -1 : 1))) {
	const part = partOf(users)
	parts.set(part, new Map([...(parts.get(part) ?? []), [name, text]]))
}
const { door, body } = await pack({
	entry: entryName,
	parts,
	kinds,
	oldestNode: /(\d+)\.(\d+)/.exec(engines.node).slice(1).map(Number),
	banner: `mux-bridge-wizard ${version}, MIT. Licences of the packages inside: THIRD-PARTY-LICENSES.`,
})
const files = {
	'program.br': body,
	'cli.cjs': door,
	'THIRD-PARTY-LICENSES': await makeNotices({
		root, // scripts/build/layout.ts follows Yoga step by step.
		inputs: [...Object.keys(metafile.inputs), 'node_modules/yoga-layout/dist/src/index.js'],
	}),
}

await mkdir(target, { recursive: true })
for (const [name, text] of Object.entries(files)) {
	// Somebody may be running the program just now: it changes at once or not at all.
	const draft = join(target, `.${name}.${process.pid}`)
	await writeFile(draft, text, { mode: name === 'cli.cjs' ? 0o755 : 0o644 })
	await rename(draft, join(target, name))
}
// What an earlier version of the build left there would be published.
if (target === resolve(root, 'dist')) {
	const others = (await readdir(target)).filter(name => !(name in files) && !name.startsWith('.'))
	for (const name of others) await rm(join(target, name), { recursive: true })
}
if (options.metafile) await writeFile(options.metafile, JSON.stringify(metafile))
