// The standalone gateway, which serves the providers apart from the deployment
// (docs/contracts/coder.md#7-the-standalone-gateway).
import { type Finding, finding } from '../findings/finding.ts'
import type { HttpClient } from './http/types.ts'
import { interpretBuildInfo } from './interpret-response.ts'

/**
 * Asks a gateway without a token; null if it is one, which may get the token from then on. A gateway answers its health
 * check, and everything else only with a token.
 */
export async function probeGateway(
	client: HttpClient,
	origin: string,
	signal: AbortSignal | undefined,
): Promise<Finding | null> {
	const ask = (path: string) => client.request({ origin, path, signal })
	const [health, other] = await Promise.all([ask('/healthz'), ask('/api/v2/buildinfo')])
	if (!health.ok) return { ...health.finding, subject: 'bridge' }
	const found = other.ok ? interpretBuildInfo(other.response, origin) : null
	const isGateway = found?.ok === false && found.finding.code === 'standalone-gateway'
	if (health.response.status !== 200 || !isGateway)
		return finding('not-a-gateway', 'bridge', { host: new URL(origin).host })
	client.deployments.add(origin)
	return null
}
