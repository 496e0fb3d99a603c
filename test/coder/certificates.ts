// Certificates made in the test: an authority, what it signs, and what nobody signs.
import { webcrypto } from 'node:crypto'

// @peculiar/x509 sits on a container that asks for decorator metadata, of which no certificate here has any.
Object.assign(Reflect, {
	getMetadata: () => undefined,
	getOwnMetadata: () => undefined,
	defineMetadata: () => undefined,
})
const x509 = await import('@peculiar/x509')

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const dayMs = 86_400_000

/** Key and certificate in PEM; `cert` may hold a chain. */
export type Pair = { readonly key: string; readonly cert: string }

export type Leaf = {
	/** DNS names and IP addresses. Default: `localhost` and `127.0.0.1`. */
	readonly names?: readonly string[]
	readonly notBefore?: Date
	readonly notAfter?: Date
	/** Leave the intermediate out of what the server sends. */
	readonly incomplete?: boolean
}

export type Authority = {
	/** The root's certificate in PEM, to trust. */
	readonly cert: string
	/** A server's certificate, signed by the root. */
	issue(leaf?: Leaf): Promise<Pair>
	/** The same, with an intermediate between; the chain that is sent ends with the root where `withRoot` is set. */
	issueDeep(leaf?: Leaf & { readonly withRoot?: boolean }): Promise<Pair>
}

type Keys = webcrypto.CryptoKeyPair

async function makeKeys(): Promise<Keys> {
	x509.cryptoProvider.set(webcrypto as never)
	return (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as Keys
}

async function pemOf(keys: Keys): Promise<string> {
	const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
	const lines =
		Buffer.from(der)
			.toString('base64')
			.match(/.{1,64}/g) ?? []
	return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`
}

let serial = 0

async function sign(provided: {
	subject: string
	issuer: string
	keys: Keys
	by: Keys
	leaf?: Leaf
	authority: boolean
}): Promise<string> {
	const { leaf } = provided
	serial += 1
	const certificate = await x509.X509CertificateGenerator.create({
		serialNumber: serial.toString(16).padStart(4, '0'),
		subject: provided.subject,
		issuer: provided.issuer,
		notBefore: leaf?.notBefore ?? new Date(Date.now() - dayMs),
		notAfter: leaf?.notAfter ?? new Date(Date.now() + 30 * dayMs),
		signingAlgorithm: algorithm,
		publicKey: provided.keys.publicKey as never,
		signingKey: provided.by.privateKey as never,
		extensions: [
			new x509.BasicConstraintsExtension(provided.authority, undefined, true),
			...(provided.authority
				? [new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)]
				: [
						new x509.SubjectAlternativeNameExtension(
							(leaf?.names ?? ['localhost', '127.0.0.1']).map(value => ({
								type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const),
								value,
							})),
						),
					]),
		],
	})
	return `${certificate.toString('pem')}\n`
}

/** An authority that no computer knows. */
export async function makeAuthority(name = 'Example Corp Root'): Promise<Authority> {
	const rootKeys = await makeKeys()
	const root = `CN=${name}`
	const cert = await sign({ subject: root, issuer: root, keys: rootKeys, by: rootKeys, authority: true })
	return {
		cert,
		async issue(leaf = {}) {
			const keys = await makeKeys()
			const subject = `CN=${leaf.names?.[0] ?? 'localhost'}`
			const own = await sign({ subject, issuer: root, keys, by: rootKeys, leaf, authority: false })
			return { key: await pemOf(keys), cert: own }
		},
		async issueDeep(leaf = {}) {
			const middleKeys = await makeKeys()
			const middle = `CN=${name} Intermediate`
			const between = await sign({ subject: middle, issuer: root, keys: middleKeys, by: rootKeys, authority: true })
			const keys = await makeKeys()
			const subject = `CN=${leaf.names?.[0] ?? 'localhost'}`
			const own = await sign({ subject, issuer: middle, keys, by: middleKeys, leaf, authority: false })
			const chain = leaf.incomplete ? own : own + between + (leaf.withRoot ? cert : '')
			return { key: await pemOf(keys), cert: chain }
		},
	}
}

/** A certificate that is signed by itself and by nobody else. */
export async function makeSelfSigned(leaf: Leaf = {}): Promise<Pair> {
	const keys = await makeKeys()
	const subject = `CN=${leaf.names?.[0] ?? 'localhost'}`
	const cert = await sign({ subject, issuer: subject, keys, by: keys, leaf, authority: false })
	return { key: await pemOf(keys), cert }
}
