// From `npm exec` with an empty cache to the first question: the tarball as it is published, and the same program as one
// that has its dependencies installed beside it.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { screens } from './screens.mjs'
import { packInto } from './size.mjs'
import { makeDir, median, openTerminal, removeDir, root } from './terminal.mjs'

const rounds = 3

export async function measureNpx() {
	const directory = makeDir()
	const times = new Map()
	try {
		const tarballs = {
			'as published': packInto(directory).path,
			'with ordinary dependencies': await packUnbundled(directory),
		}
		for (let round = 0; round < rounds; round++) {
			for (const [name, tarball] of Object.entries(tarballs)) {
				const home = makeDir()
				// npm's own settings of this machine are kept, its cache is not.
				const npm = Object.fromEntries(
					Object.entries(process.env).filter(([key]) => /^(npm_config_|NODE_EXTRA_CA)/i.test(key)),
				)
				const terminal = openTerminal('npm', ['exec', '--yes', `--package=${tarball}`, '--', 'mux-bridge-wizard'], {
					home,
					env: {
						...npm,
						npm_config_cache: join(home, 'cache'),
						npm_config_userconfig: join(process.env.HOME, '.npmrc'),
						npm_config_update_notifier: 'false',
					},
				})
				times.set(name, [...(times.get(name) ?? []), await terminal.until(screens.providers, { timeoutMs: 120_000 })])
				terminal.write('\u0003')
				await terminal.ended
				removeDir(home)
			}
		}
	} finally {
		removeDir(directory)
	}
	const [published, ordinary] = ['as published', 'with ordinary dependencies'].map(name => median(times.get(name)))
	return {
		title: 'npm exec, empty cache',
		rows: [
			{ what: 'as published', ms: published, ratio: published / ordinary, limit: { ratio: 0.15 } },
			{ what: 'with ordinary dependencies', ms: ordinary, ratio: 1 },
		],
	}
}

/** The program with its packages left out of the bundle and named in its package.json instead. */
export async function packUnbundled(directory) {
	const target = join(directory, 'unbundled')
	mkdirSync(target)
	const bundle = await rolldown({
		input: join(root, 'cli.tsx'),
		platform: 'node',
		external: id => !/^[./]/.test(id),
		onLog() {},
	})
	const { output } = await bundle.write({ dir: join(target, 'dist'), format: 'esm', banner: '#!/usr/bin/env node' })
	await bundle.close()
	const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
	const imported = output.flatMap(file => file.imports ?? [])
	const names = new Set(imported.map(path => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0]))
	const dependencies = Object.fromEntries(Object.entries(facts.devDependencies).filter(([name]) => names.has(name)))
	writeFileSync(
		join(target, 'package.json'),
		JSON.stringify({ name: facts.name, version: facts.version, type: 'module', bin: 'dist/cli.js', dependencies }),
	)
	execFileSync('npm', ['pack', '--pack-destination', target], { cwd: target, stdio: 'ignore' })
	return join(target, `${facts.name}-${facts.version}.tgz`)
}
