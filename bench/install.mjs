// Before `npm run bench`: what it needs, where that is not there yet. Peers have a package.json of their own: they are
// nothing that the program or its tests need.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const peers = fileURLToPath(new URL('.', import.meta.url))

if (!existsSync(`${root}node_modules`)) install(root, 'ci')
if (!['create-vite', 'node-26'].every(name => existsSync(`${peers}node_modules/${name}`))) {
	try {
		install(peers, 'install')
	} catch {
		process.stderr.write('The peers could not be installed: measuring without them.\n')
	}
}

function install(directory, how) {
	process.stderr.write(`Installing what ${directory} needs ...\n`)
	execFileSync('npm', [how, '--no-audit', '--no-fund', '--silent'], { cwd: directory, stdio: 'inherit' })
}
