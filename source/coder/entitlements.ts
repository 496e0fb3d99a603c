// Why AI Bridge says that it is a Premium feature: no license, or turned off
// (docs/contracts/coder.md#13-license-and-switch).
import { type Finding, finding } from '../findings/finding.ts'
import type { HttpClient } from './http/types.ts'
import { parseJsonBody } from './interpret-response.ts'
import { getSwitchVariable, isBefore } from './releases.ts'

type LicenseFacts = {
	readonly origin: string
	readonly version: string
	/** The finding `no-license` of the data plane. */
	readonly issue: Finding
	readonly signal: AbortSignal | undefined
}

/** The cause, by `GET /api/v2/entitlements`, which needs no token. If it doesn't say, the finding names both causes. */
export async function explainLicense(
	client: HttpClient,
	{ origin, version, issue, signal }: LicenseFacts,
): Promise<Finding> {
	const { status, line } = issue.details as { status?: number; line?: string }
	const details = { status, line, variable: getSwitchVariable(version) }
	const result = await client.request({ origin, path: '/api/v2/entitlements', signal })
	if (!result.ok) return finding('no-license', 'bridge', details)
	const json = parseJsonBody(result.response)
	if (result.response.status === 404 && json) return finding('open-source-build', 'bridge', version ? { version } : {})
	const features = json?.['features'] as { aibridge?: { entitlement?: unknown; enabled?: unknown } } | undefined
	const feature = features?.aibridge
	if (feature?.entitlement === 'entitled' || feature?.entitlement === 'grace_period')
		return feature.enabled === true
			? finding('no-license', 'bridge', details)
			: finding('bridge-off', 'bridge', { ...details, licensed: 'yes' })
	return finding(
		'no-license',
		'bridge',
		feature || json?.['has_license'] === false ? { ...details, known: 'yes' } : details,
	)
}

/** A handler that isn't mounted: turned off before 2.30, not running since. */
export function describeSwitch(issue: Finding, version: string): Finding {
	const { status, line } = issue.details as { status?: number; line?: string }
	const details = { status, line, variable: getSwitchVariable(version) }
	return isBefore(version, 30)
		? finding('bridge-off', 'bridge', details)
		: finding('bridge-not-running', 'bridge', details)
}
