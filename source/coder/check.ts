// The live check of a deployment, a token, AI Bridge and its providers, in two rounds of requests. The token goes only
// to a host that has identified itself as Coder.
import { formatSeconds } from '../duration.ts'
import type { TokenSourceDetails } from '../findings/codes.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, type FindingCode, finding } from '../findings/finding.ts'
import type { Secret } from '../secrets/secret.ts'
import { type ApiKeyMetadata, describeApiKey, findApiKeyIssues, parseApiKey } from './api-key-metadata.ts'
import { type Budget, fetchBudget } from './budget.ts'
import { createParts, type Parts, type Progress } from './check-parts.ts'
import { type Deployment, type Route, routes } from './deployment-url.ts'
import { describeSwitch, explainLicense } from './entitlements.ts'
import { probeGateway } from './gateway.ts'
import type { HttpClient, RequestResult } from './http/types.ts'
import { makeProviderIssue } from './interpret-message.ts'
import { bridgeMissingFinding, interpretUserResponse, parseJsonBody, type UserResult } from './interpret-response.ts'
import { listModels } from './list-models.ts'
import { type DeploymentProbe, probeDeployment } from './probe.ts'
import { type BridgeProviderInstance, listProviders } from './provider-instances.ts'
import { isListingHarmless } from './releases.ts'
import { type CheckTarget, type DataPlane, type MessageKind, sendMessages, type TargetResult } from './send-messages.ts'
import { describeTokenSource, findLoginElsewhere } from './token-discovery.ts'
import { firmRefusals, validateForm } from './token-format.ts'

export type { PartStatus, Progress } from './check-parts.ts'
export { type DeploymentProbe, probeDeployment } from './probe.ts'
export type { BridgeProviderInstance } from './provider-instances.ts'
export type { CheckTarget, MessageKind, ProofMethod } from './send-messages.ts'

export type BridgeCheckInput = {
	readonly deployment: Deployment
	readonly token: Secret
	readonly targets: readonly CheckTarget[]
	/** Checks this route only, instead of choosing one. */
	readonly route?: Route | undefined
	/** The route to try first: the one that the settings use. */
	readonly preferredRoute?: Route | undefined
	/** Default: `message`. */
	readonly proof?: MessageKind | undefined
	/** The answer to an earlier probe of the same run. */
	readonly probe?: DeploymentProbe | undefined
	/** Lists the models too, if the release allows it without harm. */
	readonly listsModels?: boolean | undefined
	/** Asks for the user's budget too. */
	readonly asksBudget?: boolean | undefined
}

export type ProviderReport = {
	readonly id: string
	/** The provider answered through AI Bridge as it would answer Mux. */
	readonly proven: boolean
	/** Milliseconds; null if it isn't proven. */
	readonly answeredMs: number | null
	/** Null if they weren't listed. */
	readonly models: readonly string[] | null
	/** The first words of the answer to a whole message; null if none was sent. */
	readonly words: string | null
}

export type BridgeReport = {
	readonly version?: string
	readonly user?: { readonly name: string }
	readonly token?: ApiKeyMetadata
	/** Absent if there is none, or it wasn't asked for. */
	readonly budget?: Budget
	/** The route to use, also if AI Bridge has an issue there, as long as it exists. */
	readonly route?: Route
	readonly providers: readonly ProviderReport[]
	/** All provider instances of the deployment; null if the user may not list them or they are unknown. */
	readonly instances: readonly BridgeProviderInstance[] | null
	/** In the order deployment, token, bridge, providers. */
	readonly findings: readonly Finding[]
}

export type BridgeCheckOptions = {
	readonly signal?: AbortSignal | undefined
	readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Errors that only the administrator can correct. If they concern all providers, AI Bridge isn't available. */
const administratorCodes: ReadonlySet<FindingCode> = new Set([
	'provider-disabled',
	'provider-without-key',
	'provider-url-wrong',
	'upstream-key-bad',
	'upstream-no-credit',
])

/**
 * Checks everything that Mux will need. Never throws for what the network or the server does: the findings report it.
 *
 * Rounds: `buildinfo`; then user, key and an incomplete message to each provider in parallel: five requests for two
 * providers. More are sent only if the deployment's answers ask for them.
 */
export async function checkBridge(
	client: HttpClient,
	input: BridgeCheckInput,
	options: BridgeCheckOptions = {},
): Promise<BridgeReport> {
	const { deployment, token, targets } = input
	const { origin } = deployment
	const { signal } = options
	const ids = targets.map(target => target.id)
	const parts = createParts(['deployment', 'token', 'bridge', ...ids], options.onProgress)
	const unproven = ids.map(id => ({ id, proven: false, answeredMs: null, models: null, words: null }))
	const report = (known: Partial<BridgeReport>): BridgeReport => ({
		providers: unproven,
		instances: null,
		...known,
		findings: parts.findings(),
	})

	parts.start('deployment')
	const [probe, elsewhere, tokenSource] = await Promise.all([
		input.probe ?? probeDeployment(client, deployment, { signal }),
		findLoginElsewhere(client.runtime, deployment, token),
		describeTokenSource(client.runtime, token),
	])
	// Mux would send the token to the http address, which only redirects.
	const elsewhereOrigin = probe.ok && probe.origin !== origin ? probe.origin : null
	const redirect = { host: new URL(origin).host, target: elsewhereOrigin ?? '', url: elsewhereOrigin ?? '' }
	const deploymentFindings = elsewhereOrigin ? [finding('redirect-same-host', 'deployment', redirect)] : probe.findings
	parts.settle('deployment', probe.ok ? probe.version : '', deploymentFindings)
	if (!probe.ok || elsewhereOrigin) {
		parts.skip('token', 'bridge', ...ids)
		return report({})
	}
	const { version } = probe
	const fault = validateForm(token, origin) ?? elsewhere
	if (fault) {
		parts.settle('token', '', [fault])
		parts.skip('bridge', ...ids)
		return report(version ? { version } : {})
	}

	const { gateway } = deployment
	const gatewayIssue = gateway === undefined ? null : await probeGateway(client, gateway, signal)
	if (gatewayIssue) {
		parts.skip('token')
		parts.settle('bridge', '', [gatewayIssue])
		parts.skip(...ids)
		return report(version ? { version } : {})
	}

	parts.start('token', 'bridge', ...ids)
	const [holder, { route, results: first }, budget] = await Promise.all([
		askForHolder(client, input, parts, signal),
		askProviders(client, input, signal),
		input.asksBudget === true ? fetchBudget(client, { deployment, token, version, signal }) : null,
	])
	const results = await askAgain(client, input, { holder, route, results: first, signal })
	const instances = holder.isOwner ? await listProviders(client, input, { signal }) : null
	settleToken(parts, holder, results, tokenSource)
	const bridgeFindings = await findBridgeIssues(client, { origin, version, results, input, signal })
	const isAccepted = results.some(isTokenAccepted)
	if (bridgeFindings.length > 0) parts.settle('bridge', '', bridgeFindings)
	else if (isAccepted) parts.settle('bridge', gateway === undefined ? (route ?? '') : new URL(gateway).host, [])
	else parts.skip('bridge')
	const providers = await settleProviders(client, input, { parts, results, route, version, instances, signal })
	return report({
		...(version ? { version } : {}),
		...(holder.user.status === 'user' ? { user: { name: holder.user.name } } : {}),
		...(holder.key ? { token: holder.key } : {}),
		...(budget ? { budget } : {}),
		...(route ? { route } : {}),
		instances,
		providers,
	})
}

type Holder = {
	readonly user: UserResult
	readonly key: ApiKeyMetadata | null
	readonly notes: readonly Finding[]
	readonly isOwner: boolean
}

/** Whose token it is, and until when. */
async function askForHolder(
	client: HttpClient,
	{ deployment: { origin }, token }: BridgeCheckInput,
	parts: Parts,
	signal: AbortSignal | undefined,
): Promise<Holder> {
	const rest = (path: string) =>
		client.request({ origin, path, signal, token: { secret: token, as: 'Coder-Session-Token' } })
	const [userReply, keyReply] = await Promise.all([
		rest('/api/v2/users/me'),
		rest(`/api/v2/users/me/keys/${token.keyId}`),
	])
	const now = client.runtime.now()
	const user = readUser(userReply, origin, token.keyId, now)
	const key = keyReply.ok && keyReply.response.status === 200 ? parseApiKey(parseJsonBody(keyReply.response)) : null
	const notes = key ? findApiKeyIssues(key, now, origin, isInsideWorkspace(client)) : []
	if (user.status === 'user')
		parts.settle('token', [user.name, ...(key ? [describeApiKey(key, now)] : [])].join(', '), notes)
	return { user, key, notes, isOwner: user.status === 'user' && user.roles.includes('owner') }
}

type Asked = { readonly route: Route | null; readonly results: readonly TargetResult[] }

/** Asks under the first route, and under the other one if the deployment doesn't know the first. */
async function askProviders(
	client: HttpClient,
	input: BridgeCheckInput,
	signal: AbortSignal | undefined,
): Promise<Asked> {
	const first = input.route ?? input.preferredRoute ?? routes[0]
	const results = await sendTo(client, input, first, input.targets, signal)
	const isKnown = results.some(({ result }) => result.status !== 'path-unknown')
	if (isKnown || results.length === 0 || input.deployment.gateway) return { route: first, results }
	const other = routes.find(route => route !== first)!
	const second = await sendTo(client, input, other, input.targets, signal)
	const isOtherKnown = second.some(({ result }) => result.status !== 'path-unknown')
	if (!isOtherKnown) return { route: null, results }
	if (!input.route) return { route: other, results: second }
	// The route was given, so it isn't changed silently.
	const details = { route: first, other: other.replace('/api/v2/', '') }
	const unknown = {
		status: 'bridge',
		finding: finding('route-unknown', 'bridge', details),
		isTokenAccepted: false,
	} as const
	return { route: null, results: results.map(each => ({ ...each, result: unknown })) }
}

function sendTo(
	client: HttpClient,
	{ deployment, token, proof = 'message' }: BridgeCheckInput,
	route: Route,
	targets: readonly CheckTarget[],
	signal: AbortSignal | undefined,
): Promise<TargetResult[]> {
	return sendMessages(client, { plane: planeOf(deployment, route), token, targets, proof, signal })
}

function planeOf({ origin, gateway }: Deployment, route: Route): DataPlane {
	if (gateway !== undefined) return { origin: gateway, basePath: '', isGateway: true }
	return { origin, basePath: route, isGateway: false }
}

/** A dormant user is activated by `users/me`, so a message that came too early is sent once more. */
async function askAgain(
	client: HttpClient,
	input: BridgeCheckInput,
	asked: Asked & { readonly holder: Holder; readonly signal: AbortSignal | undefined },
): Promise<readonly TargetResult[]> {
	const { holder, route, results, signal } = asked
	const refused = results.filter(({ result }) => result.status === 'unauthorized').map(({ target }) => target)
	if (holder.user.status !== 'user' || !route || refused.length === 0) return results
	const again = await sendTo(client, input, route, refused, signal)
	return results.map(each => again.find(({ target }) => target.id === each.target.id) ?? each)
}

/** Whether a result shows that AI Bridge accepted the token. */
function isTokenAccepted({ result }: TargetResult): boolean {
	if (result.status === 'bridge') return result.isTokenAccepted
	return result.status === 'proven' || result.status === 'route-found' || result.status === 'provider'
}

/** What the deployment and AI Bridge say about the token, together. */
function settleToken(
	parts: Parts,
	{ user, notes }: Holder,
	results: readonly TargetResult[],
	source: TokenSourceDetails,
): void {
	const reject = (...findings: Finding[]) =>
		parts.settle(
			'token',
			'',
			findings.map(issue => ({ ...issue, details: { ...issue.details, ...source } }) as Finding),
		)
	const isAccepted = results.some(isTokenAccepted)
	const unauthorized = results.map(({ result }) => result).find(result => result.status === 'unauthorized')
	if (user.status === 'refused') {
		const isSoft = isAccepted && !firmRefusals.has(user.finding.code)
		const refusal = isSoft ? softened(user.finding) : user.finding
		// AI Bridge's "unauthorized" adds nothing once the deployment has named the cause.
		const isNamed = user.finding.details['status'] !== undefined && user.finding.code !== 'server-error'
		reject(refusal, ...(unauthorized && !isNamed ? [unauthorized.finding] : []))
	} else if (unauthorized && !isAccepted) {
		const details = user.status === 'user' ? { user: user.name } : {}
		const issue = unauthorized.finding
		reject({ ...issue, details: { ...issue.details, ...details } } as Finding)
	} else if (user.status === 'scoped') {
		parts.settle('token', 'scoped token', isAccepted ? [finding('token-scoped', 'token'), ...notes] : [])
	}
}

/** Coder rejects the token, but AI Bridge, which Mux uses, still accepts it. */
function softened(issue: Finding): Finding {
	return { ...issue, severity: 'warning', details: { ...issue.details, accepted: 'yes' } } as Finding
}

/** The findings about AI Bridge as a whole, each once. */
async function findBridgeIssues(
	client: HttpClient,
	facts: {
		readonly origin: string
		readonly version: string
		readonly results: readonly TargetResult[]
		readonly input: BridgeCheckInput
		readonly signal: AbortSignal | undefined
	},
): Promise<Finding[]> {
	const { origin, version, results, signal } = facts
	if (results.length > 0 && results.every(({ result }) => result.status === 'path-unknown'))
		return [bridgeMissingFinding(version)]
	const issues = results.flatMap(({ result }) => (result.status === 'bridge' ? [result.finding] : []))
	const unique = [...new Map(issues.map(issue => [issue.code, issue])).values()]
	return Promise.all(
		unique.map(async issue => {
			if (issue.code === 'no-license') return explainLicense(client, { origin, version, issue, signal })
			// A proxy in front may respond to an unknown path in its own way, so the release decides.
			const isStrange = issue.code === 'response-unexpected' || issue.code === 'response-html'
			const missing = bridgeMissingFinding(version)
			if (isStrange && missing.code === 'too-old') return missing
			return issue.code === 'bridge-off' ? describeSwitch(issue, version) : issue
		}),
	)
}

type SettleFacts = {
	readonly parts: Parts
	readonly results: readonly TargetResult[]
	readonly route: Route | null
	readonly version: string
	readonly instances: readonly BridgeProviderInstance[] | null
	readonly signal: AbortSignal | undefined
}

async function settleProviders(
	client: HttpClient,
	input: BridgeCheckInput,
	{ parts, results, route, version, instances, signal }: SettleFacts,
): Promise<ProviderReport[]> {
	const isAllDown = results.every(
		({ result }) => result.status === 'provider' && administratorCodes.has(result.finding.code),
	)
	const exitCode: { exitCode?: ExitCode } = isAllDown ? { exitCode: 6 } : {}
	const isAccepted = results.some(isTokenAccepted)
	return Promise.all(
		results.map(async ({ target, result, answeredMs, words }): Promise<ProviderReport> => {
			const { id } = target
			const none = { id, proven: false, answeredMs: null, models: null, words: null }
			switch (result.status) {
				case 'proven': {
					const isListed = input.listsModels === true && route !== null && isListingHarmless(version)
					const { deployment, token } = input
					const question = { origin: deployment.origin, basePath: route ?? '', token, target, signal }
					const models = isListed ? await listModels(client, question) : null
					const count = models ? [`${models.length} ${models.length === 1 ? 'model' : 'models'}`] : []
					parts.settle(id, [`answered in ${formatSeconds(answeredMs)}`, ...count].join(', '), [])
					return { id, proven: true, answeredMs, models, words }
				}
				case 'route-found':
					parts.settle(id, 'route found', [])
					return none
				case 'provider':
					parts.settle(id, '', [{ ...withInstances(result.finding, instances), ...exitCode } as Finding])
					return none
				case 'rate-limited':
					parts.settle(id, '', [{ ...result.finding, subject: id } as Finding])
					return none
				default:
					// Elsewhere it is a finding about the token or AI Bridge.
					if (result.status !== 'bridge' && isAccepted) parts.settle(id, '', [makeProviderIssue(result, target, input)])
					else parts.skip(id)
					return none
			}
		}),
	)
}

/** A missing provider, with the names of the existing ones; or one that is listed but has no route. */
function withInstances(issue: Finding, instances: readonly BridgeProviderInstance[] | null): Finding {
	if (issue.code !== 'provider-unknown' || !instances?.length) return issue
	const name = issue.details.provider
	if (instances.some(instance => instance.name === name && instance.enabled))
		return finding('provider-not-serving', issue.subject, issue.details)
	const known = instances.map(instance => instance.name).join(', ')
	return { ...issue, details: { ...issue.details, known } }
}

function isInsideWorkspace(client: HttpClient): boolean {
	const { env: environment } = client.runtime
	return environment['CODER'] === 'true' || Boolean(environment['CODER_WORKSPACE_NAME'])
}

function readUser(result: RequestResult, origin: string, keyId: string | null, now: Date): UserResult {
	if (!result.ok) return { status: 'refused', finding: { ...result.finding, subject: 'token' } }
	return interpretUserResponse(result.response, origin, keyId, now)
}
