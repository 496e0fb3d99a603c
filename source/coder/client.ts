// The HTTP client for a Coder deployment: a token goes only to an origin that has identified itself as Coder.
import type { Runtime } from '../runtime/runtime.ts'
import { createHttpClient } from './http/client.ts'
import type { HttpClient, HttpClientOptions } from './http/types.ts'
import { probeDeployment } from './probe.ts'

/** Creates the client. Opens no connection yet. An unreadable `caFile` is returned by the first request. */
export function createCoderClient(runtime: Runtime, options: HttpClientOptions = {}): HttpClient {
	return createHttpClient(runtime, identifyDeployment, options)
}

async function identifyDeployment(client: HttpClient, origin: string, signal: AbortSignal | undefined) {
	const probe = await probeDeployment(client, { origin, insecure: false }, { signal })
	return probe.ok ? null : probe.findings[0]
}
