// A small npm registry on loopback that has one package: the tarball as it would be published.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { root } from './pages.ts'

const { name, version } = packageJson

/** Packs the built program into the directory, and serves it until `close`. */
export async function openRegistry(directory: string) {
	const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', directory], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'ignore'],
	})
	const [{ filename, integrity, shasum }] = JSON.parse(output)
	const tarball = readFileSync(join(directory, filename))
	const requests: string[] = []
	const server = createServer((request, response) => {
		requests.push(`${request.method} ${request.url}`)
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
		if (request.url === `/${name}/-/${filename}`) return void response.end(tarball)
		if (request.url !== `/${name}`) return void response.writeHead(404).end('{}')
		const dist = { tarball: `${url}/${name}/-/${filename}`, integrity, shasum }
		const manifest = { name, version, bin: packageJson.bin, engines: packageJson.engines, dist }
		response.setHeader('content-type', 'application/json')
		response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: manifest } }))
	})
	await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		requests,
		close: () => new Promise(done => server.close(done)),
	}
}

/** Variables for npm: this registry only, an empty cache, and no request that isn't needed. */
export function npmEnvironment(registry: string, home: string): Record<string, string> {
	return {
		npm_config_registry: registry,
		npm_config_cache: join(home, 'npm-cache'),
		npm_config_userconfig: join(home, '.npmrc'),
		npm_config_audit: 'false',
		npm_config_fund: 'false',
		npm_config_update_notifier: 'false',
		// The runner's own terminal decides whether npm asks, and not that the tests may run in CI.
		CI: '',
	}
}
