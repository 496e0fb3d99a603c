// The first request to an address, without a token: is it Coder, and if not, what is it?
import { type Finding, finding } from '../findings/finding.ts'
import type { Deployment } from './deployment-url.ts'
import { isUntrustedChain } from './http/network-errors.ts'
import { findExtraCaError, systemStores } from './http/tls.ts'
import type { HttpClient } from './http/types.ts'
import { interpretBuildInfo } from './interpret-response.ts'

export type DeploymentProbe =
	| {
			readonly ok: true
			/** As the deployment reports it ("v2.36.0+4c1b5f0"); empty if it doesn't. */
			readonly version: string
			/** Warnings. */
			readonly findings: readonly Finding[]
	  }
	| { readonly ok: false; readonly findings: readonly [Finding, ...Finding[]] }

const path = '/api/v2/buildinfo'
/** For requests that only improve an error message. */
const secondLookMs = 3_000

/**
 * Requests `GET /api/v2/buildinfo` without a token (docs/contracts/coder.md#2-identifying-a-coder-deployment). Never
 * throws, whatever runs at the address.
 */
export async function probeDeployment(
	client: HttpClient,
	deployment: Deployment,
	options: { signal?: AbortSignal | undefined } = {},
): Promise<DeploymentProbe> {
	const { origin } = deployment
	const { signal } = options
	const result = await client.request({ origin, path, signal })
	if (!result.ok) return { ok: false, findings: [await explain(client, origin, result.finding, signal)] }
	const probe = interpretBuildInfo(result.response, origin)
	if (!probe.ok) return { ok: false, findings: [plainProxyFinding(client, origin, probe.finding)] }
	client.deployments.add(origin)
	const { host } = new URL(origin)
	const proxy = client.proxyOf(origin)
	const findings = [
		...(deployment.insecure ? [finding('url-insecure', 'deployment', { host, url: `https://${host}` })] : []),
		...(proxy ? [finding('proxy-in-use', 'deployment', { host, proxy: proxy.name, variable: proxy.variable })] : []),
	]
	return { ok: true, version: probe.version, findings }
}

/** A proxy's own response to a plain request looks like the server's: if a proxy is in use, it is the proxy's. */
function plainProxyFinding(client: HttpClient, origin: string, issue: Finding): Finding {
	const proxy = origin.startsWith('http:') ? client.proxyOf(origin) : null
	if (!proxy || (issue.code !== 'authenticating-proxy' && issue.code !== 'deployment-down')) return issue
	const why = issue.code === 'deployment-down' ? "It can't reach Coder." : "It doesn't allow the request."
	return finding('proxy-refused', 'deployment', { ...issue.details, proxy: proxy.name, variable: proxy.variable, why })
}

/** Explains a failed connection more precisely by a second request that carries no token. */
async function explain(
	client: HttpClient,
	origin: string,
	issue: Finding,
	signal: AbortSignal | undefined,
): Promise<Finding> {
	const quick = { path, signal, once: true, limitMs: Math.min(secondLookMs, client.limits.responseMs) }
	if (isUntrustedChain(issue)) {
		const fault = await findExtraCaError(client.runtime)
		const details = { ...issue.details, ...(fault ? { extra: fault } : {}) }
		for (const store of await systemStores(client.runtime, client.systemStores)) {
			const again = await client.request({ ...quick, origin, ca: store.ca })
			const accepted = again.ok || !/^(tls|certificate)-|^cancelled$/.test(again.finding.code)
			if (accepted) {
				const where = store.file === null ? { store: 'system' as const } : { file: store.file }
				return finding(issue.code, 'deployment', { ...details, ...where })
			}
		}
		return finding(issue.code, 'deployment', details)
	}
	if (issue.code !== 'connection-reset' && issue.code !== 'tls-failed' && issue.code !== 'response-invalid')
		return issue
	// Tries the other scheme on the same port: some servers only reset a connection with the wrong one.
	const here = new URL(origin)
	const plain = here.protocol === 'http:'
	const port = here.port || (plain ? '80' : '443')
	const again = await client.request({ ...quick, origin: `${plain ? 'https' : 'http'}://${here.hostname}:${port}` })
	const url = `${plain ? 'https' : 'http'}://${here.host}`
	if (!plain) return again.ok ? finding('https-to-plain-port', 'deployment', { ...issue.details, url }) : issue
	const speaksTls = again.ok || /^(tls-(?!failed)|certificate-)/.test(again.finding.code)
	return speaksTls ? finding('http-to-tls-port', 'deployment', { ...issue.details, url }) : issue
}
