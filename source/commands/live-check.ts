// Asks the deployments that Mux would ask, with the tokens that Mux would send: a token goes only to the deployment of the
// base URL that it stands beside.
import { type Bridge, bridgeOf } from '../bridge-url.ts'
import type { BridgeReport } from '../coder/check.ts'
import type { Client } from '../coder/client.ts'
import { type Deployment, parseDeployment } from '../coder/deployment-url.ts'
import { timeUntil } from '../coder/token-key.ts'
import { type Finding, finding, severityOf } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import type { MuxSnapshot } from '../mux/snapshot.ts'
import type { MuxUse } from '../mux/use.ts'
import { type ProviderTarget, providerTitle, type Wire } from '../provider.ts'
import type { Secret } from '../secret.ts'
import { settingsTokens } from '../setup/reading.ts'
import type { CheckLive } from './result.ts'

export type LiveReport = {
	readonly live: CheckLive | null
	readonly findings: readonly Finding[]
	/** Ids of providers whose bridge answered as it should. */
	readonly working: ReadonlySet<string>
	/** How many models the deployment lists for each; null where it lists none. */
	readonly models: Readonly<Record<string, number | null>>
	/** Of the token that each sends, in words: "alice’s, ends in 6 days". */
	readonly notes: Readonly<Record<string, string>>
}

/** One deployment with one token: asked once for all providers that have both. */
type Group = {
	readonly deployment: Deployment
	readonly bridge: Bridge
	readonly token: Secret
	readonly uses: MuxUse[]
}

export type LiveOptions = { readonly caFile?: string | undefined; readonly signal: AbortSignal }

/** Asks for all providers that go through a bridge. Failures are findings, never errors. */
export async function askBridges(
	host: Host,
	snapshot: MuxSnapshot,
	uses: readonly MuxUse[],
	{ caFile, signal }: LiveOptions,
): Promise<LiveReport> {
	const findings: Finding[] = []
	const groups: Group[] = []
	for (const use of uses) {
		const bridge = bridgeOf(use.baseUrl?.trim() ?? '')
		const parsed = bridge && parseDeployment(bridge.origin)
		if (!bridge || !parsed?.ok) continue
		const { deployment } = parsed
		const token = use.request?.credential
		if (!token) continue
		if (deployment.insecure) {
			const { host: name } = new URL(deployment.origin)
			findings.push(finding('url-insecure', 'deployment', { host: name, url: `https://${name}` }))
		}
		if (use.via === 'coder' && token.keyId === null) {
			findings.push(finding('coder-login-not-asked', use.provider, { title: providerTitle(use.provider) }))
			continue
		}
		if (!standTogether(use) && !(await isKnownThere(host, snapshot, deployment, token, signal))) {
			const details = { keyFrom: use.request?.credentialFrom ?? 'elsewhere', urlFrom: use.baseUrlFrom ?? 'elsewhere' }
			const named = { title: providerTitle(use.provider), section: use.provider, ...details }
			findings.push(finding('bridge-not-asked', use.provider, named))
			continue
		}
		const group = groups.find(
			({ bridge: other, token: held }) =>
				other.origin === bridge.origin && other.route === bridge.route && held.equals(token),
		)
		if (group) group.uses.push(use)
		else groups.push({ deployment, bridge, token, uses: [use] })
	}
	const trusted = uses.filter(use =>
		findings.some(one => one.code === 'coder-login-not-asked' && one.subject === use.provider),
	)
	const working = new Set(trusted.map(use => use.provider))
	if (groups.length === 0) return { live: null, findings, working, models: {}, notes: {} }

	const { openClient } = await import('../coder/client.ts')
	const client = openClient(host, caFile ? { caFile } : {})
	try {
		const reports = await Promise.all(groups.map(group => askOne(client, group, signal)))
		const models: Record<string, number | null> = {}
		const notes: Record<string, string> = {}
		for (const [index, report] of reports.entries()) {
			const group = groups[index] as Group
			findings.push(...report.findings)
			for (const { provider } of group.uses) {
				const failed = report.findings.some(
					one => isFailure(one) && (one.subject === provider || !isOfAnother(one, group)),
				)
				if (!failed) working.add(provider)
				notes[provider] = tokenNote(report, host.now())
			}
			for (const { id, models: listed } of report.providers) models[id] = listed ? listed.length : null
		}
		return { live: liveOf(groups[0] as Group, reports[0] as BridgeReport), findings, working, models, notes }
	} finally {
		client.close()
	}
}

async function askOne(client: Client, group: Group, signal: AbortSignal): Promise<BridgeReport> {
	const { deployment, bridge, token } = group
	const targets = group.uses.map(targetOf)
	if (token.keyId === null) {
		const { tokenInfo } = await import('../coder/tokens.ts')
		// Of the wrong form: it is judged, and sent nowhere.
		const info = await tokenInfo(client, deployment, token, { signal })
		return { providers: [], instances: null, findings: info.ok ? [] : [info.finding] }
	}
	const { checkBridge } = await import('../coder/check.ts')
	return checkBridge(client, { deployment, token, targets, route: bridge.route }, { signal })
}

function targetOf({ provider, baseUrl }: MuxUse): ProviderTarget {
	const wire: Wire = provider === 'anthropic' ? 'anthropic' : 'openai'
	return { id: provider, instance: bridgeOf(baseUrl?.trim() ?? '')?.instance ?? provider, wire }
}

const fileFields: ReadonlySet<string> = new Set(['apiKey', 'apiKeyFile', 'headers', 'baseUrl', 'baseURL'])

/** Whether key and base URL come from the same place: both from the file, or both from the environment. */
function standTogether({ request, baseUrlFrom, via }: MuxUse): boolean {
	if (via !== 'direct') return via === 'coder'
	const keyInFile = fileFields.has(request?.credentialFrom ?? '')
	const urlInFile = fileFields.has(baseUrlFrom ?? '')
	const urlInEnvironment = /^[A-Z_]+$/.test(baseUrlFrom ?? '')
	return keyInFile ? urlInFile : urlInEnvironment
}

/** Whether this machine knows the token as one of this deployment by another source. */
async function isKnownThere(
	host: Host,
	snapshot: MuxSnapshot,
	deployment: Deployment,
	token: Secret,
	signal: AbortSignal,
): Promise<boolean> {
	const { findTokens } = await import('../coder/logins.ts')
	const known = await findTokens(host, deployment, { settingsTokens: settingsTokens(snapshot), signal })
	return known.some(one => one.token.equals(token))
}

function isFailure(found: Finding): boolean {
	return severityOf(found) === 'error'
}

/** A finding about one provider of the group says nothing of the others. */
function isOfAnother(found: Finding, group: Group): boolean {
	return group.uses.some(use => use.provider === found.subject)
}

function tokenNote({ user, token }: BridgeReport, now: Date): string {
	const end = token?.expiresAt ? `ends ${timeUntil(token.expiresAt, now)}` : ''
	return [user ? `of ${user.name}` : '', end].filter(part => part !== '').join(', ')
}

function liveOf({ deployment, token }: Group, report: BridgeReport): CheckLive {
	return {
		deployment: deployment.origin,
		coderVersion: report.version ?? null,
		route: report.route ?? null,
		token: {
			keyId: token.keyId,
			owner: report.user?.name ?? null,
			expiresAt: report.token?.expiresAt?.toISOString() ?? null,
		},
	}
}
