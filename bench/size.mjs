// What is downloaded and what it unpacks to, beside the peers with everything that they depend on.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeDir, removeDir, root } from './terminal.mjs'

/** Packs the program into a directory; gives npm's own account of it. */
export function packInto(directory) {
	const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	})
	const [packed] = JSON.parse(output)
	return { ...packed, path: join(directory, packed.filename) }
}

export async function measureSize() {
	const directory = makeDir()
	try {
		const { size, unpackedSize, files } = packInto(directory)
		const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
		const rows = [
			{ what: 'tarball', kb: size / 1000, limit: { kb: 400 } },
			{ what: 'unpacked', kb: unpackedSize / 1000, limit: { kb: 1800 } },
			{ what: 'files', count: files.length },
			{ what: 'runtime dependencies', count: Object.keys(dependencies).length, limit: { count: 0 } },
		]
		for (const name of ['create-vite', '@clack/prompts', '@inquirer/prompts']) {
			const installed = withDependencies(name)
			if (!installed) continue
			const kb = [...installed].reduce((sum, path) => sum + sizeOf(path), 0) / 1000
			rows.push({ what: `${name}: installed, in ${installed.size} packages`, kb })
		}
		return { title: 'Size', rows }
	} finally {
		removeDir(directory)
	}
}

function withDependencies(name, found = new Set()) {
	const path = join(root, 'bench/node_modules', name)
	if (!existsSync(path)) return null
	if (found.has(path)) return found
	found.add(path)
	const { dependencies = {} } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
	for (const dependency of Object.keys(dependencies)) withDependencies(dependency, found)
	return found
}

function sizeOf(path) {
	const state = statSync(path)
	if (!state.isDirectory()) return state.size
	return readdirSync(path)
		.filter(name => name !== 'node_modules')
		.reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
}
