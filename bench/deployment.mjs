// The demo deployment in this process, for the wizard in another: bundled from its TypeScript first.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleInto } from './bundle.mjs'
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
	const file = join(directory, 'deployment.mjs')
	await bundleInto(file, join(root, 'bench/deployment-entry.ts'))
	const module = await import(pathToFileURL(file).href)
	removeDir(directory)
	return module
}
