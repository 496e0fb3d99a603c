// The demo deployment in this process, for the wizard in another: bundled from its TypeScript first.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { makeDir, removeDir, root } from './terminal.mjs'

let started

export async function startDeployment(options = {}) {
	started ??= load()
	const { startDemo } = await started
	const demo = await startDemo(options)
	return { ...demo, url: demo.url, token: demo.token.reveal(), requests: demo.requests, close: () => demo.close() }
}

async function load() {
	const directory = makeDir()
	const outfile = join(directory, 'deployment.mjs')
	await build({
		entryPoints: [join(root, 'source/demo/deployment.ts')],
		bundle: true,
		platform: 'node',
		format: 'esm',
		outfile,
		logLevel: 'error',
	})
	const module = await import(pathToFileURL(outfile).href)
	removeDir(directory)
	return module
}
