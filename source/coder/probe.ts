// The first request to an address, without a token: is it Coder, and if not, what is it?
import { type Finding, finding } from '../findings/finding.ts'
import { type Deployment, isLoopback } from './deployment-url.ts'
import { isUntrustedChain } from './http/network-errors.ts'
import { getNoProxy, resolveProxy } from './http/proxy.ts'
import { findExtraCaError, systemStores } from './http/tls.ts'
import type { HttpClient, HttpResponse } from './http/types.ts'
import { getRedirectOrigin, interpretBuildInfo } from './interpret-response.ts'

export type DeploymentProbe =
	| {
			readonly ok: true
			/** The deployment's address: the https one, if http redirects to it on the same host. */
			readonly origin: string
			/** As the deployment reports it ("v2.36.0+4c1b5f0"); empty if it doesn't. */
			readonly version: string
			/** Warnings. */
			readonly findings: readonly Finding[]
	  }
	| { readonly ok: false; readonly findings: readonly [Finding, ...Finding[]] }

const path = '/api/v2/buildinfo'
/** For requests that only improve an error message. */
const secondLookMs = 3_000
/** Characters. A longer target isn't asked or repeated. */
const maxTargetLength = 200

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
	if (!probe.ok) {
		const redirected = await followRedirect(client, result.response, origin, probe.finding, signal)
		if ('origin' in redirected) return redirected
		return { ok: false, findings: [plainProxyFinding(client, origin, redirected)] }
	}
	client.deployments.add(origin)
	const { host } = new URL(origin)
	const proxy = client.proxyOf(origin)
	const through = isLoopback(new URL(origin).hostname) ? describeLoopbackProxy(client, origin) : []
	const findings = [
		...through,
		...(deployment.insecure ? [finding('url-insecure', 'deployment', { host, url: `https://${host}` })] : []),
		...(proxy ? [finding('proxy-in-use', 'deployment', { host, proxy: proxy.name, variable: proxy.variable })] : []),
	]
	return { ok: true, origin, version: probe.version, findings }
}

/**
 * What a redirect leads to, asked once and without a token: the same host by https becomes the deployment; another
 * address that is Coder's is named (docs/contracts/coder.md#2-identifying-a-coder-deployment).
 */
async function followRedirect(
	client: HttpClient,
	response: HttpResponse,
	origin: string,
	issue: Finding,
	signal: AbortSignal | undefined,
): Promise<Extract<DeploymentProbe, { ok: true }> | Finding> {
	const target = getRedirectOrigin(response, origin)
	if (target === null || target === origin || target.length > maxTargetLength) return issue
	const [here, there] = [new URL(origin), new URL(target)]
	// Never from https to http.
	if (here.protocol === 'https:' && there.protocol === 'http:') return issue
	const again = await client.request({ origin: target, path, signal, once: true })
	const found = again.ok ? interpretBuildInfo(again.response, target) : null
	const details = { host: here.host, origin, target: there.origin, url: there.origin }
	if (!found?.ok) return { ...issue, details: { ...issue.details, url: there.origin } } as Finding
	const isUpgrade = here.hostname === there.hostname && here.protocol === 'http:' && there.protocol === 'https:'
	if (!isUpgrade) return finding('redirect-to-deployment', 'deployment', details)
	client.deployments.add(target)
	return { ok: true, origin: target, version: found.version, findings: [] }
}

/** Mux would send requests for this machine to the proxy, which can't reach it; the wizard connects directly. */
function describeLoopbackProxy(client: HttpClient, origin: string): Finding[] {
	const { env } = client.runtime
	const choice = resolveProxy(env, origin)
	if (choice.status !== 'proxy') return []
	const { hostname } = new URL(origin)
	const noProxy = getNoProxy(env)
	return [
		finding('loopback-through-proxy', 'deployment', {
			host: hostname,
			variable: choice.proxy.variable,
			noProxyName: noProxy?.name ?? 'NO_PROXY',
			noProxy: [noProxy?.value.trim() ?? '', hostname].filter(Boolean).join(','),
			platform: client.runtime.platform,
		}),
	]
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
