// Checks the deployments that Mux would use, with the tokens that Mux would send. A token is sent only to the
// deployment of the base URL that it is stored with.
import { type Bridge, parseBridgeUrl } from '../bridge-url.ts'
import type { BridgeReport } from '../coder/check.ts'
import { type Deployment, parseDeployment } from '../coder/deployment-url.ts'
import type { HttpClient } from '../coder/http/types.ts'
import { formatTimeUntil } from '../duration.ts'
import { type Finding, finding, severityOf } from '../findings/finding.ts'
import type { MuxContext } from '../mux/context.ts'
import type { ResolvedRequest } from '../mux/request/resolve.ts'
import { getProviderProtocol, getProviderTitle, type ProviderTarget } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Secret } from '../secrets/secret.ts'
import { getTokensInSettings } from '../setup/context.ts'
import type { CheckLive } from './json-result.ts'

export type LiveChecksReport = {
	readonly live: CheckLive | null
	readonly findings: readonly Finding[]
	/** Ids of providers whose bridge responded as expected. */
	readonly working: ReadonlySet<string>
	/** Number of models that the deployment lists for each provider; null if it lists none. */
	readonly models: Readonly<Record<string, number | null>>
	/** A description of the token that each provider sends, such as "alice's, expires in 6 days". */
	readonly notes: Readonly<Record<string, string>>
}

/** One deployment with one token: checked once for all providers that share both. */
type Group = {
	readonly deployment: Deployment
	readonly bridge: Bridge
	readonly token: Secret
	readonly uses: ResolvedRequest[]
}

export type LiveChecksOptions = { readonly caFile?: string | undefined; readonly signal: AbortSignal }

/** Checks all providers that use a bridge. Failures are findings, never errors. */
export async function runLiveChecks(
	runtime: Runtime,
	muxContext: MuxContext,
	uses: readonly ResolvedRequest[],
	{ caFile, signal }: LiveChecksOptions,
): Promise<LiveChecksReport> {
	const { groups, logins, findings } = await sortUses(runtime, muxContext, uses, signal)
	const working = new Set<string>()
	const models: Record<string, number | null> = {}
	const notes: Record<string, string> = {}
	if (groups.length === 0 && logins.length === 0) return { live: null, findings, working, models, notes }

	const { createCoderClient } = await import('../coder/client.ts')
	const { probeDeployment } = await import('../coder/check.ts')
	const client = createCoderClient(runtime, caFile ? { caFile } : {})
	try {
		const [answers, reports] = await Promise.all([
			Promise.all(groups.map(async group => ({ group, report: await askOne(client, group, signal) }))),
			Promise.all(
				logins.map(async ({ id, deployment }) => ({
					id,
					look: await probeDeployment(client, deployment, { signal }),
				})),
			),
		])
		for (const { id, look: probe } of reports) {
			findings.push(...probe.findings)
			if (probe.ok) working.add(id)
		}
		for (const { group, report } of answers) {
			findings.push(...report.findings)
			const ids = group.uses.map(resolvedRequest => resolvedRequest.provider)
			for (const id of ids) {
				// A finding about another provider of the group says nothing about this one.
				const own = report.findings.filter(issue => issue.subject === id || !ids.includes(issue.subject))
				if (!own.some(issue => severityOf(issue) === 'error')) working.add(id)
				notes[id] = tokenNote(report, runtime.now())
				models[id] = report.providers.find(provider => provider.id === id)?.models?.length ?? null
			}
		}
		const [first] = answers
		return { live: first ? liveOf(first.group, first.report) : null, findings, working, models, notes }
	} finally {
		client.close()
	}
}

type Sorted = {
	readonly groups: Group[]
	/** Logins that only Mux can use: only their deployment is probed. */
	readonly logins: { readonly id: string; readonly deployment: Deployment }[]
	readonly findings: Finding[]
}

/** Which deployment is checked for which providers, and what is skipped, with the reason. */
async function sortUses(
	runtime: Runtime,
	muxContext: MuxContext,
	uses: readonly ResolvedRequest[],
	signal: AbortSignal,
): Promise<Sorted> {
	const { groups, logins, findings }: Sorted = { groups: [], logins: [], findings: [] }
	for (const resolvedRequest of uses) {
		const { provider: id, request } = resolvedRequest
		const title = getProviderTitle(id)
		const bridge = parseBridgeUrl(resolvedRequest.baseUrl?.trim())
		const parsed = bridge && parseDeployment(bridge.origin)
		const token = request?.credential
		if (!bridge || !parsed?.ok || !token) continue
		const { deployment } = parsed
		if (deployment.insecure) {
			const { host: name } = new URL(deployment.origin)
			findings.push(finding('url-insecure', 'deployment', { host: name, url: `https://${name}` }))
		}
		if (resolvedRequest.via === 'coder' && token.keyId === null) {
			logins.push({ id, deployment })
			findings.push(finding('coder-login-not-checked', id, { title }))
			continue
		}
		if (!standTogether(resolvedRequest) && !(await isKnownThere(runtime, muxContext, deployment, token, signal))) {
			const details = {
				keyFrom: request.credentialFrom ?? 'elsewhere',
				urlFrom: resolvedRequest.baseUrlFrom ?? 'elsewhere',
			}
			findings.push(finding('bridge-not-checked', id, { title, section: id, ...details }))
			continue
		}
		const isSame = (group: Group) =>
			group.bridge.origin === bridge.origin && group.bridge.route === bridge.route && group.token.equals(token)
		const group = groups.find(isSame)
		if (group) group.uses.push(resolvedRequest)
		else groups.push({ deployment, bridge, token, uses: [resolvedRequest] })
	}
	return { groups, logins, findings }
}

async function askOne(client: HttpClient, group: Group, signal: AbortSignal): Promise<BridgeReport> {
	const { deployment, bridge, token } = group
	const targets = group.uses.map(targetOf)
	if (token.keyId === null) {
		const { fetchTokenInfo } = await import('../coder/tokens.ts')
		// A malformed token is reported and never sent.
		const info = await fetchTokenInfo(client, deployment, token, { signal })
		return { providers: [], instances: null, findings: info.ok ? [] : [info.finding] }
	}
	const { checkBridge } = await import('../coder/check.ts')
	return checkBridge(client, { deployment, token, targets, route: bridge.route }, { signal })
}

function targetOf({ provider, baseUrl }: ResolvedRequest): ProviderTarget {
	const protocol = getProviderProtocol(provider)
	return { id: provider, instance: parseBridgeUrl(baseUrl?.trim())?.instance ?? provider, protocol }
}

const fileFields: ReadonlySet<string> = new Set(['apiKey', 'apiKeyFile', 'headers', 'baseUrl', 'baseURL'])

/** Whether key and base URL come from the same source: both from the file, or both from the environment. */
function standTogether({ request, baseUrlFrom, via }: ResolvedRequest): boolean {
	if (via !== 'direct') return via === 'coder'
	const keyInFile = fileFields.has(request?.credentialFrom ?? '')
	const urlInFile = fileFields.has(baseUrlFrom ?? '')
	const urlInEnvironment = /^[A-Z_]+$/.test(baseUrlFrom ?? '')
	return keyInFile ? urlInFile : urlInEnvironment
}

/** Whether another source on this machine identifies the token as one of this deployment. */
async function isKnownThere(
	runtime: Runtime,
	muxContext: MuxContext,
	deployment: Deployment,
	token: Secret,
	signal: AbortSignal,
): Promise<boolean> {
	const { findTokens } = await import('../coder/token-discovery.ts')
	const known = await findTokens(runtime, deployment, { settingsTokens: getTokensInSettings(muxContext), signal })
	return known.some(one => one.token.equals(token))
}

function tokenNote({ user, token }: BridgeReport, now: Date): string {
	const end = token?.expiresAt ? `expires ${formatTimeUntil(token.expiresAt, now)}` : ''
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
