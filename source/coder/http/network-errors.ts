// Converts the error of a socket to a finding. Errors are rebuilt from their codes and never passed through: their
// messages can contain addresses, header values and text from the other side.
import { cleanText } from '../../findings/clean-text.ts'
import { type CodeFor, type Finding, type FindingCode, finding } from '../../findings/finding.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { findUnusedProxy, getErrorCode, getNoProxy, type HttpProxy, ProxyError } from './proxy.ts'

/** Codes that need only the target and Node's code, and those with details of their own. */
type NetworkCode =
	| CodeFor<Place & { code: string }>
	| 'certificate-other-host'
	| 'https-to-plain-port'
	| 'response-too-large'
	| 'response-invalid'

/** Codes of Node.js and OpenSSL with exactly one meaning (docs/contracts/coder.md#9-common-setup-errors). */
const codeTable: Readonly<Record<string, NetworkCode>> = {
	ENOTFOUND: 'host-not-found',
	EAI_AGAIN: 'host-not-found',
	EAI_FAIL: 'host-not-found',
	EAI_NODATA: 'host-not-found',
	EAI_NONAME: 'host-not-found',
	ECONNREFUSED: 'connection-refused',
	ECONNRESET: 'connection-reset',
	ECONNABORTED: 'connection-reset',
	EPIPE: 'connection-reset',
	ETIMEDOUT: 'no-response',
	EHOSTUNREACH: 'network-unreachable',
	ENETUNREACH: 'network-unreachable',
	EADDRNOTAVAIL: 'network-unreachable',
	ENETDOWN: 'network-unreachable',
	EHOSTDOWN: 'network-unreachable',
	SELF_SIGNED_CERT_IN_CHAIN: 'tls-self-signed-in-chain',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-self-signed-leaf',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-unable-to-verify-leaf',
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-unable-to-get-issuer',
	UNABLE_TO_GET_ISSUER_CERT: 'tls-unable-to-get-issuer',
	CERT_UNTRUSTED: 'tls-unable-to-get-issuer',
	CERT_HAS_EXPIRED: 'certificate-expired',
	CERT_NOT_YET_VALID: 'certificate-not-yet-valid',
	ERR_TLS_CERT_ALTNAME_INVALID: 'certificate-other-host',
	HOSTNAME_MISMATCH: 'certificate-other-host',
	ERR_SSL_WRONG_VERSION_NUMBER: 'https-to-plain-port',
	ERR_SSL_PACKET_LENGTH_TOO_LONG: 'https-to-plain-port',
	ERR_SSL_HTTP_REQUEST: 'https-to-plain-port',
	ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'tls-client-certificate',
	HPE_HEADER_OVERFLOW: 'response-too-large',
	ERR_HTTP_HEADERS_SENT: 'response-invalid',
}

/** Findings about a chain that Node.js doesn't accept, although the system's store may. */
const untrustedChainCodes = [
	'tls-self-signed-in-chain',
	'tls-self-signed-leaf',
	'tls-unable-to-verify-leaf',
	'tls-unable-to-get-issuer',
] as const

export function isUntrustedChain(issue: Finding): issue is Finding<(typeof untrustedChainCodes)[number]> {
	return (untrustedChainCodes as readonly FindingCode[]).includes(issue.code)
}

/** Findings that may disappear on another try. */
export const retryableCodes: ReadonlySet<FindingCode> = new Set([
	'connection-refused',
	'connection-reset',
	'network-unreachable',
	'network-failed',
])

export type RequestTarget = {
	readonly runtime: Runtime
	readonly origin: string
	readonly path: string
	readonly proxy: HttpProxy | null
}

/** Details of every finding about the connection to the deployment. */
export type Place = { host: string; origin: string; port: number; path: string; platform: string }

export function formatTarget(asked: Pick<RequestTarget, 'runtime' | 'origin' | 'path'>): Place {
	const url = new URL(asked.origin)
	return {
		host: url.host,
		origin: asked.origin,
		port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
		path: asked.path,
		platform: asked.runtime.platform,
	}
}

/**
 * Converts the error of a request to a finding. `error` can be anything; only its code and a few known fields are read.
 */
export function describeNetworkError(error: unknown, target: RequestTarget): Finding {
	const place = formatTarget(target)
	const plain = new URL(target.origin).protocol === 'http:'
	if (target.proxy && error instanceof ProxyError) return proxyFinding(error, target)
	const code = getErrorCode(error)
	const known = codeTable[code]
	if (plain && startsLikeTls(error)) {
		return finding('http-to-tls-port', 'deployment', { ...place, url: target.origin.replace(/^http:/, 'https:') })
	}
	if (known === 'https-to-plain-port') {
		return finding(known, 'deployment', { ...place, url: target.origin.replace(/^https:/, 'http:') })
	}
	if (known === 'host-not-found') {
		return finding(known, 'deployment', { ...place, ...(code === 'ENOTFOUND' ? {} : { dns: 'silent' as const }) })
	}
	if (known === 'certificate-other-host') {
		return finding(known, 'deployment', { ...place, names: namesOf(error) })
	}
	if (known === 'response-too-large') return finding(known, 'deployment', { ...place, limit: '64 kB of headers' })
	if (known && known !== 'response-invalid') return finding(known, 'deployment', { ...place, code })
	if (known || code.startsWith('HPE_') || code === 'ERR_INVALID_HTTP_TOKEN') {
		return finding('response-invalid', 'deployment', { ...place, why: `it isn't valid HTTP (${cleanText(code, 40)})` })
	}
	if (/^ERR_(SSL|TLS|OSSL)|^CERT_|_CERT|^CRL_|SIGNATURE|^INVALID_(CA|PURPOSE)|^EPROTO$/.test(code)) {
		return finding('tls-failed', 'deployment', { ...place, code: cleanText(code, 60) })
	}
	return finding('network-failed', 'deployment', { ...place, ...(code ? { code: cleanText(code, 60) } : {}) })
}

function proxyFinding(error: ProxyError, target: RequestTarget & { proxy: HttpProxy | null }): Finding {
	const { proxy } = target
	const place = formatTarget(target)
	if (!proxy) return finding('network-failed', 'deployment', place)
	const noProxy = getNoProxy(target.runtime.env)
	const details = {
		...place,
		proxy: proxy.name,
		variable: proxy.variable,
		noProxyName: noProxy?.name ?? 'NO_PROXY',
		noProxy: [noProxy?.value.trim() ?? '', place.host].filter(Boolean).join(','),
	}
	const { status } = error
	if (status === 407) return proxyNeedsPassword(proxy, place, error.schemes)
	if (status !== undefined) {
		const line = cleanText(error.line ?? '', 100)
		return finding('proxy-refused', 'deployment', {
			...details,
			why: status >= 500 ? `It can't reach ${place['host']}.` : `It doesn't allow connections to ${place['host']}.`,
			status,
			...(line ? { line } : {}),
		})
	}
	const code = getErrorCode(error)
	// The certificate is that of the proxy, which is accepted in the same way as the deployment's.
	const known = codeTable[code]
	if ((untrustedChainCodes as readonly (NetworkCode | undefined)[]).includes(known))
		return finding(known as (typeof untrustedChainCodes)[number], 'deployment', {
			...place,
			host: proxy.url.host,
		})
	const whys: Partial<Record<FindingCode, string>> = {
		'host-not-found': "The name of the proxy doesn't resolve.",
		'connection-refused': 'Nothing is listening there.',
		'connection-reset': 'It closed the connection.',
		'no-response': "It doesn't respond.",
		'response-too-large': 'Its response is too large.',
	}
	const why =
		whys[known ?? 'network-failed'] ?? `The connection to it failed${code ? ` (${cleanText(code, 60)})` : ''}.`
	return finding('proxy-refused', 'deployment', { ...details, why })
}

/** `ntlm` as it is written. */
function schemeTitle(scheme: string): string {
	return scheme === 'ntlm' ? 'NTLM' : scheme.charAt(0).toUpperCase() + scheme.slice(1)
}

/** The finding for a 407, from CONNECT or from a plain request. */
export function proxyNeedsPassword(proxy: HttpProxy | null, place: Place, schemes: readonly string[] = []): Finding {
	if (!proxy) {
		return finding('proxy-needed', 'deployment', {
			...place,
			why: 'A proxy in between requires a password (407).',
		})
	}
	const other = schemes.filter(scheme => scheme !== 'basic')
	const isBasic = schemes.length === 0 || schemes.includes('basic')
	return finding('proxy-needs-password', 'deployment', {
		...place,
		...(isBasic ? {} : { schemes: cleanText(other.map(schemeTitle).join(' and '), 60) }),
		proxy: proxy.name,
		variable: proxy.variable,
		...(proxy.url.username ? { user: 'given' as const } : {}),
	})
}

/**
 * The same finding, or `proxy-needed` if a direct connection failed and the environment has a proxy that doesn't apply
 * to this address.
 */
export function addUnusedProxyDetails(issue: Finding, target: RequestTarget): Finding {
	const direct = ['host-not-found', 'no-response', 'network-unreachable', 'connection-refused', 'connection-reset']
	if (target.proxy || !direct.includes(issue.code)) return issue
	const idle = findUnusedProxy(target.runtime.env, target.origin)
	if (!idle) return issue
	return finding('proxy-needed', 'deployment', {
		host: new URL(target.origin).host,
		why: idle.why,
		proxy: idle.name,
		variable: idle.variable,
	})
}

/** Whether bytes that aren't valid HTTP are a TLS alert or handshake. */
function startsLikeTls(error: unknown): boolean {
	const raw = (error as { rawPacket?: unknown } | null)?.rawPacket
	return Buffer.isBuffer(raw) && (raw[0] === 0x15 || raw[0] === 0x16) && raw[1] === 0x03
}

/** The names that a certificate is valid for, limited to a few. */
function namesOf(error: unknown): string {
	const certificate = (error as { cert?: { subjectaltname?: unknown; subject?: { CN?: unknown } } } | null)?.cert
	const names = String(certificate?.subjectaltname ?? certificate?.subject?.CN ?? '')
		.split(/,\s*/)
		.map(name => name.replace(/^(DNS|IP Address):/, ''))
		.filter(Boolean)
	return cleanText(names.slice(0, 4).join(', ') + (names.length > 4 ? ' and others' : ''), 160) || 'other names'
}
