// Checks the deployments that Mux would use, with the tokens that Mux would send. A token is sent only to the
// deployment of the base URL that it is stored with.
import { type Bridge, parseBridgeUrl } from '../bridge-url.ts'
import { type Budget, formatDollars } from '../coder/budget.ts'
import type { BridgeReport, MessageKind } from '../coder/check.ts'
import { type Deployment, parseDeployment } from '../coder/deployment-url.ts'
import type { HttpClient } from '../coder/http/types.ts'
import { formatDate } from '../dates.ts'
import { formatTimeUntil } from '../duration.ts'
import { type Finding, finding, UserError } from '../findings/finding.ts'
import type { MuxContext } from '../mux/context.ts'
import { mayUseGateway, type ResolvedRequest } from '../mux/request/resolve.ts'
import { getProviderProtocol, getProviderTitle, type ProviderTarget } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Secret } from '../secrets/secret.ts'
import { getTokensInSettings } from '../setup/context.ts'
import { describeMessage } from '../setup/judge-context.ts'
import { describeAnswer, withTestModel } from '../setup/test-message.ts'
import type { CheckLive } from './json-result.ts'

export type LiveChecksReport = {
	readonly live: CheckLive | null
	readonly findings: readonly Finding[]
	/** Ids of providers whose bridge responded as expected. */
	readonly working: ReadonlySet<string>
	/** Number of models that the deployment lists for each provider; null if it lists none. */
	readonly models: Readonly<Record<string, number | null>>
	/** What each provider answered, such as "answered in 0.3 s". */
	readonly notes: Readonly<Record<string, string>>
	/** The first words of each answer to a test message. */
	readonly answers: Readonly<Record<string, string>>
	/** The deployments and tokens that were checked, for the text report. */
	readonly facts: readonly GroupFacts[]
}

/** A deployment with a token, in words: label and text of each row. */
export type GroupFacts = readonly (readonly [label: string, text: string])[]

/** One deployment with one token: checked once for all providers that share both. */
type Group = {
	readonly deployment: Deployment
	/** Null for a standalone gateway, whose origin is the deployment's then. */
	readonly bridge: Bridge | null
	readonly token: Secret
	readonly uses: ResolvedRequest[]
}

export type LiveChecksOptions = {
	readonly caFile?: string | undefined
	/** The deployment of tokens that settings send to a standalone gateway. */
	readonly url?: string | undefined
	/** `answer`: with a small model, or the one of `--model`. */
	readonly proof?: MessageKind | undefined
	readonly listsModels: boolean
	readonly signal: AbortSignal
}

/** Checks all providers that use a bridge. Failures are findings, never errors. */
export async function runLiveChecks(
	runtime: Runtime,
	muxContext: MuxContext,
	uses: readonly ResolvedRequest[],
	options: LiveChecksOptions,
): Promise<LiveChecksReport> {
	const { caFile, signal } = options
	const { groups, logins, findings } = await sortUses(runtime, muxContext, uses, signal)
	const working = new Set<string>()
	const models: Record<string, number | null> = {}
	const notes: Record<string, string> = {}
	const answers: Record<string, string> = {}
	if (groups.length === 0 && logins.length === 0)
		return { live: null, findings, working, models, notes, answers, facts: [] }

	const { createCoderClient } = await import('../coder/client.ts')
	const { probeDeployment } = await import('../coder/check.ts')
	const client = createCoderClient(runtime, caFile ? { caFile } : {})
	try {
		const [checked, reports] = await Promise.all([
			Promise.all(groups.map(async group => ({ group, report: await askOne(client, muxContext, group, options) }))),
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
		for (const { report } of checked) {
			findings.push(...report.findings)
			for (const provider of report.providers) {
				const { id, proven, models: listed, words } = provider
				if (proven) working.add(id)
				notes[id] = describeAnswer(provider)
				if (words !== null) answers[id] = words
				models[id] = listed?.length ?? null
			}
		}
		const [first] = checked
		const facts = checked.map(({ group, report }) => describeGroup(group, report, runtime.now()))
		return { live: first ? liveOf(first.group, first.report) : null, findings, working, models, notes, answers, facts }
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
		const gateway = !bridge && request && mayUseGateway(resolvedRequest) ? new URL(request.url).origin : null
		const parsed = parseDeployment(bridge?.origin ?? gateway ?? '')
		const token = request?.credential
		if (!parsed.ok || !token) continue
		const { deployment } = parsed
		// An address that was merely found must not be the reason for sending a token unencrypted.
		if (deployment.insecure) {
			const { host } = new URL(deployment.origin)
			findings.push(finding('bridge-insecure', id, { host, origin: deployment.origin, url: `https://${host}` }))
			continue
		}
		if (resolvedRequest.via === 'coder' && token.keyId === null) {
			logins.push({ id, deployment })
			findings.push(finding('coder-login-not-checked', id, { title }))
			continue
		}
		if (!haveSameSource(resolvedRequest) && !(await isKnownThere(runtime, muxContext, deployment, token, signal))) {
			const details = {
				keyFrom: request.credentialFrom ?? 'elsewhere',
				urlFrom: resolvedRequest.baseUrlFrom ?? 'elsewhere',
			}
			findings.push(finding('bridge-not-checked', id, { title, section: id, ...details }))
			continue
		}
		const isSame = (group: Group) =>
			group.deployment.origin === deployment.origin &&
			group.bridge?.route === bridge?.route &&
			group.token.equals(token)
		const group = groups.find(isSame)
		if (group) group.uses.push(resolvedRequest)
		else groups.push({ deployment, bridge, token, uses: [resolvedRequest] })
	}
	return { groups, logins, findings }
}

async function askOne(
	client: HttpClient,
	muxContext: MuxContext,
	group: Group,
	{ signal, proof, listsModels, url }: LiveChecksOptions,
): Promise<BridgeReport> {
	const { deployment, bridge, token } = group
	const targets = group.uses.map(use => {
		const message = describeMessage(muxContext, use)
		return proof === 'answer' ? withTestModel(muxContext, targetOf(use), message) : { ...targetOf(use), ...message }
	})
	if (token.keyId === null) {
		const { fetchTokenInfo } = await import('../coder/tokens.ts')
		// A malformed token is reported and never sent.
		const info = await fetchTokenInfo(client, deployment, token, { signal })
		return { providers: [], instances: null, findings: info.ok ? [] : [info.finding] }
	}
	const named = url === undefined ? null : parseDeployment(url)
	if (named && !named.ok) throw new UserError(named.finding)
	if (!bridge && !named) {
		const { checkGateway } = await import('../coder/check-gateway.ts')
		const question = { gateway: deployment.origin, token, targets, proof: proof ?? 'message' }
		return checkGateway(client, question, signal)
	}
	const { checkBridge } = await import('../coder/check.ts')
	const home = bridge || !named ? deployment : { ...named.deployment, gateway: deployment.origin }
	const input = { deployment: home, token, targets, route: bridge?.route, proof, listsModels, asksBudget: true }
	return checkBridge(client, input, { signal })
}

function targetOf({ provider, baseUrl }: ResolvedRequest): ProviderTarget {
	const protocol = getProviderProtocol(provider)
	const [, short] = /^https?:\/\/[^/]+\/([^/]+)(?:\/v1)?\/*$/.exec(baseUrl?.trim() ?? '') ?? []
	return { id: provider, instance: parseBridgeUrl(baseUrl?.trim())?.instance ?? short ?? provider, protocol }
}

const fileFields: ReadonlySet<string> = new Set(['apiKey', 'apiKeyFile', 'headers', 'baseUrl', 'baseURL'])

/** Whether key and base URL come from the same source: both from the file, or both from the environment. */
function haveSameSource({ request, baseUrlFrom, via }: ResolvedRequest): boolean {
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

/** The token, the release with the path of AI Bridge, and the budget. */
function describeGroup({ bridge, token }: Group, report: BridgeReport, now: Date): GroupFacts {
	const { user, token: key, version, budget } = report
	const title = key?.name ? `“${key.name}”` : token.toString()
	const end = key?.expiresAt ? `, expires ${formatTimeUntil(key.expiresAt, now)}` : ''
	const edition = editionOf(report)
	return [
		['Token', `${title}${user ? ` of ${user.name}` : ''}${end}`],
		...(version ? [['Coder', `${version}${edition ? `, ${edition}` : ''}, ${bridge?.route}`] as const] : []),
		...(budget ? [['Budget', describeBudget(budget, now)] as const] : []),
	]
}

function describeBudget({ limitMicros, spentMicros, resetsAt }: Budget, now: Date): string {
	const reset = resetsAt ? `, resets ${formatDate(resetsAt, now)} (UTC)` : ''
	return `${formatDollars(spentMicros)} of ${formatDollars(limitMicros)} used${reset}`
}

/** The edition, as far as the answers show it: only Premium has AI Bridge. */
function editionOf({ findings, providers }: BridgeReport): 'Premium' | 'open source' | null {
	if (findings.some(issue => issue.code === 'open-source-build')) return 'open source'
	return providers.some(provider => provider.proven) ? 'Premium' : null
}

function liveOf({ deployment, token }: Group, report: BridgeReport): CheckLive {
	const { budget } = report
	return {
		deployment: deployment.origin,
		coderVersion: report.version ?? null,
		edition: editionOf(report),
		route: report.route ?? null,
		token: {
			keyId: token.keyId,
			name: report.token?.name ?? null,
			owner: report.user?.name ?? null,
			expiresAt: report.token?.expiresAt?.toISOString() ?? null,
		},
		...(budget
			? {
					budget: {
						limitMicros: budget.limitMicros,
						spentMicros: budget.spentMicros,
						resetsAt: budget.resetsAt?.toISOString() ?? null,
					},
				}
			: {}),
	}
}
