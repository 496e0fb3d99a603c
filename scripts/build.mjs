// Builds dist/: the program with everything it needs in one file, and the licences of what is inside.
// Usage: node scripts/build.mjs [--entry cli.tsx] [--to dist] [--metafile PATH]
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { bundleProgram } from './build/bundle.mjs'
import { makeNotices } from './build/notices.mjs'
import { makeOneFile } from './build/one-file.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values: options } = parseArgs({
	options: {
		entry: { type: 'string', default: 'cli.tsx' },
		to: { type: 'string', default: join(root, 'dist') },
		metafile: { type: 'string' },
	},
})
const { version, engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

const { chunks, bytes, entryName, metafile } = await bundleProgram({ root, entry: options.entry })
const files = {
	'cli.js': await makeOneFile({
		entry: entryName,
		chunks,
		bytes,
		// Compiling a smaller chunk takes less time than opening a file.
		isCached: text => text.length > 20_000,
		oldestNode: /(\d+)\.(\d+)/.exec(engines.node).slice(1).map(Number),
		banner: `mux-bridge-wizard ${version}, MIT. Licences of the packages inside: THIRD-PARTY-LICENSES.`,
	}),
	// cli.js is CommonJS while the package's own sources are ES modules.
	'package.json': '{"type":"commonjs"}\n',
	'THIRD-PARTY-LICENSES': await makeNotices({ root, inputs: Object.keys(metafile.inputs) }),
}

await mkdir(options.to, { recursive: true })
for (const name of await readdir(options.to))
	if (!(name in files)) await rm(join(options.to, name), { recursive: true })
for (const [name, text] of Object.entries(files)) await writeFile(join(options.to, name), text)
await chmod(join(options.to, 'cli.js'), 0o755)
if (options.metafile) await writeFile(options.metafile, JSON.stringify(metafile))
