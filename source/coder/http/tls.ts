// Certificate authorities: Node's own, a file named by the user, and the system's store, to explain why Node doesn't
// accept what the browser does. Verification is on for every connection.
import { isAbsolute, join } from 'node:path'
import { type Finding, finding } from '../../findings/finding.ts'
import { readRegularFile } from '../../runtime/read-file.ts'
import { type Runtime, resolveFromCwd, resolvePath } from '../../runtime/runtime.ts'

type Authorities = { readonly ok: true; readonly ca: string[] } | { readonly ok: false; readonly finding: Finding }

/** Larger than the bundle of any system. */
const maxBundleBytes = 16 * 1024 * 1024

/** `tls.getCACertificates` exists from Node 22.15. */
type NewerTls = { getCACertificates?: (type: 'default' | 'system') => string[] }

/** Node's own authorities, those of NODE_EXTRA_CA_CERTS, and those of `file`. */
export async function loadCertificateAuthorities(runtime: Runtime, file: string): Promise<Authorities> {
	const read = await readAuthorities(resolvePath(runtime, file))
	if (!read.ok) return { ok: false, finding: finding('ca-file-unreadable', 'arguments', { file, why: read.why }) }
	return { ok: true, ca: [...(await ownAuthorities(runtime)), read.pem] }
}

/** What Node trusts by default in this process, as a list to add to. */
async function ownAuthorities(runtime: Runtime): Promise<string[]> {
	const tls = await import('node:tls')
	const extra = runtime.env['NODE_EXTRA_CA_CERTS']
	const read = extra ? await readAuthorities(isAbsolute(extra) ? extra : join(runtime.cwd, extra)) : null
	const own = (tls as NewerTls).getCACertificates?.('default') ?? tls.rootCertificates
	return [...own, ...(read?.ok ? [read.pem] : [])]
}

/** A PEM file with at least one readable certificate. */
async function readAuthorities(path: string): Promise<{ ok: true; pem: string } | { ok: false; why: string }> {
	let pem: string
	try {
		pem = (await readRegularFile(path, maxBundleBytes)).toString('utf8')
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code
		const why =
			code === 'ENOENT'
				? "The file doesn't exist"
				: code === 'EISDIR'
					? "It's a directory"
					: code === 'ENOTFILE'
						? "It isn't a regular file"
						: code === 'EFBIG'
							? "It's too large for certificates"
							: `It can't be read (${code})`
		return { ok: false, why }
	}
	// A key alone is valid PEM, and Node would accept it without a word.
	if (!/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(pem))
		return { ok: false, why: "It doesn't contain a PEM certificate" }
	const { X509Certificate } = await import('node:crypto')
	try {
		// Node's `ca` ignores what it can't read.
		new X509Certificate(pem)
	} catch {
		return { ok: false, why: "Its certificate can't be read" }
	}
	return { ok: true, pem }
}

/** Where Linux and the BSDs store the authorities that browsers and curl use. */
const usualStores = [
	'/etc/ssl/certs/ca-certificates.crt',
	'/etc/pki/tls/certs/ca-bundle.crt',
	'/etc/ssl/ca-bundle.pem',
	'/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
	'/etc/ssl/cert.pem',
	'/usr/local/share/certs/ca-root-nss.crt',
]

/** One location of the system's certificates. `file` is null for a key chain. */
export type SystemStore = { readonly file: string | null; readonly ca: string[] }

/** The system's stores, the first readable one of each kind. */
export async function systemStores(runtime: Runtime, places?: readonly string[]): Promise<SystemStore[]> {
	const own = runtime.env['SSL_CERT_FILE']
	const files = places ?? [...(own ? [own] : []), ...(runtime.platform === 'win32' ? [] : usualStores)]
	for (const file of files) {
		const read = await readAuthorities(file)
		if (read.ok) return [{ file, ca: [read.pem] }, ...(await keyChain())]
	}
	return await keyChain()
}

async function keyChain(): Promise<SystemStore[]> {
	const newer = ((await import('node:tls')) as NewerTls).getCACertificates
	if (!newer) return []
	try {
		const ca = newer('system')
		return ca.length > 0 ? [{ file: null, ca }] : []
	} catch {
		return []
	}
}

/** Why NODE_EXTRA_CA_CERTS has no effect, if it is set and its file can't be used: Node only prints a warning. */
export async function findExtraCaError(runtime: Runtime): Promise<string | null> {
	const file = runtime.env['NODE_EXTRA_CA_CERTS']
	if (!file) return null
	// A shell expands `~` only at the beginning of a word, and Node never does.
	if (file.startsWith('~')) return `its value ${file} begins with ~, which isn't expanded there: write $HOME instead`
	const read = await readAuthorities(resolveFromCwd(runtime, file))
	return read.ok ? null : `its file ${file} can't be used: ${read.why.charAt(0).toLowerCase()}${read.why.slice(1)}`
}
