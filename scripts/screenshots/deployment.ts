// The deployment of the screenshots: the demo's, reached at https://coder.example.com by a hook in the program's process.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeAuthority } from '../../test/coder/certificates.ts'
import { startDemo } from '../../test/fake-coder/fake-coder.ts'

const host = 'coder.example.com'

export type Deployment = {
	readonly token: string
	/** What makes the program reach it: the hook, the authority of its certificate, and its address. */
	readonly env: Readonly<Record<string, string>>
	close(): Promise<void>
}

export async function startDeployment(): Promise<Deployment> {
	const authority = await makeAuthority()
	const demo = await startDemo({ tls: await authority.issue({ names: [host] }), accessUrl: `https://${host}` })
	const directory = await mkdtemp(join(tmpdir(), 'screenshots-'))
	const authorityFile = join(directory, 'authority.pem')
	await writeFile(authorityFile, authority.cert)
	const hookFile = join(directory, 'hook.cjs')
	await writeFile(hookFile, makeHook(demo.port))
	return {
		token: demo.token.reveal(),
		env: {
			NODE_OPTIONS: `--require ${hookFile}`,
			NODE_EXTRA_CA_CERTS: authorityFile,
			CODER_URL: `https://${host}`,
		},
		async close() {
			await demo.close()
			await rm(directory, { recursive: true })
		},
	}
}

/** A module that leads connections to the host to a port of this machine; everything above the socket stays as it is. */
function makeHook(port: number): string {
	return `const { Socket } = require('node:net')
const { connect } = Socket.prototype
Socket.prototype.connect = function (...args) {
	const options = Array.isArray(args[0]) ? args[0][0] : args[0]
	if (options && options.host === '${host}') Object.assign(options, { host: '127.0.0.1', port: ${port} })
	return connect.apply(this, args)
}
`
}
