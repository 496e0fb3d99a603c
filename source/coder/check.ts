// The live check of a deployment, a token, AI Bridge and its providers, in three round trips. The token goes only to a
// host that has identified itself as Coder.
import { cleanText } from '../findings/clean-text.ts'
import { type Finding, type FindingCode, finding, severityOf } from '../findings/finding.ts'
import { getInstanceProtocol, type Protocol, type ProviderTarget, protocols } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'
import { type ApiKeyMetadata, describeApiKey, findApiKeyIssues, parseApiKey } from './api-key-metadata.ts'
import { type Deployment, type Route, routes } from './deployment-url.ts'
import type { HttpClient, RequestResult, TokenHeader } from './http/types.ts'
import {
	type BridgeState,
	bridgeMissingFinding,
	interpretModelsResponse,
	interpretProbeResponse,
	interpretUserResponse,
	parseJsonBody,
	type UserResult,
} from './interpret-response.ts'
import { probeDeployment } from './probe.ts'
import { findLoginElsewhere } from './token-discovery.ts'

export { type DeploymentProbe, probeDeployment } from './probe.ts'

export type BridgeCheckInput = {
	readonly deployment: Deployment
	readonly token: Secret
	readonly targets: readonly ProviderTarget[]
	/** Checks this route only, instead of choosing one. */
	readonly route?: Route | undefined
}

export type PartStatus = 'running' | 'passed' | 'warning' | 'failed' | 'skipped'

/** The progress of one part of the check. `part` is `deployment`, `token`, `bridge` or the id of a target. */
export type Progress = {
	readonly part: string
	readonly status: PartStatus
	/** A few words ("v2.36.0", "ada, API token “mux-laptop”, expires in 29 days", "6 models"). */
	readonly note: string
	readonly findings: readonly Finding[]
}

export type BridgeReport = {
	readonly version?: string
	readonly user?: { readonly name: string }
	readonly token?: ApiKeyMetadata
	/** The route to use, also if AI Bridge has an issue there, as long as it exists. */
	readonly route?: Route
	/** `proven`: the provider answered through AI Bridge, in `answeredMs` milliseconds. */
	readonly providers: readonly {
		readonly id: string
		readonly models: readonly string[] | null
		readonly proven: boolean
		readonly answeredMs: number | null
	}[]
	/** All provider instances of the deployment; null if the user may not list them or they are unknown. */
	readonly instances: readonly BridgeProviderInstance[] | null
	/** In the order deployment, token, bridge, providers. */
	readonly findings: readonly Finding[]
}

export type BridgeCheckOptions = {
	readonly signal?: AbortSignal | undefined
	readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Rejections of a token that count even if AI Bridge still accepts it: the next request may be the last one. */
const firmRefusals: ReadonlySet<FindingCode> = new Set([
	'token-malformed',
	'token-unknown',
	'token-wrong-secret',
	'token-expired',
	'user-suspended',
	'user-dormant',
	'login-provider-expired',
	'signed-out',
	'cancelled',
])

/**
 * Checks everything that Mux will need. Never throws for what the network or the server does: the findings report it.
 *
 * Round trips: `buildinfo`; then user, key, both routes and the list of providers in parallel; then the models of each
 * provider in parallel: 8 requests for two providers.
 */
export async function checkBridge(
	client: HttpClient,
	input: BridgeCheckInput,
	options: BridgeCheckOptions = {},
): Promise<BridgeReport> {
	const { deployment, token, targets } = input
	const { origin } = deployment
	const { signal } = options
	const parts = ['deployment', 'token', 'bridge', ...targets.map(target => target.id)]
	const found = new Map<string, Finding[]>(parts.map(part => [part, []]))
	const tell = (part: string, state: PartStatus, note: string, findings: readonly Finding[] = []) => {
		if (state !== 'running') found.set(part, [...findings])
		options.onProgress?.({ part, status: state, note, findings })
	}
	const settle = (part: string, note: string, findings: readonly Finding[]) =>
		tell(part, stateOf(findings), note, findings)
	const skip = (...skipped: string[]) => {
		for (const part of skipped) tell(part, 'skipped', '')
	}
	const noModels = targets.map(({ id }) => ({ id, models: null, proven: false, answeredMs: null }))
	const report = (
		known: Omit<BridgeReport, 'findings' | 'providers' | 'instances'> & Partial<BridgeReport>,
	): BridgeReport => ({
		providers: noModels,
		instances: null,
		...known,
		findings: onceCancelled(parts.flatMap(part => found.get(part) ?? [])),
	})

	tell('deployment', 'running', '')
	const [probe, elsewhere] = await Promise.all([
		probeDeployment(client, deployment, { signal }),
		findLoginElsewhere(client.runtime, deployment, token),
	])
	settle('deployment', probe.ok ? probe.version : '', probe.findings)
	if (!probe.ok) {
		skip(...parts.slice(1))
		return report({})
	}
	const version = probe.version ? { version: probe.version } : {}
	const fault = formFault(token, origin) ?? elsewhere
	if (fault) {
		settle('token', '', [fault])
		skip(...parts.slice(2))
		return report(version)
	}

	tell('token', 'running', '')
	tell('bridge', 'running', '')
	const rest = (path: string) =>
		client.request({ origin, path, signal, token: { secret: token, as: 'Coder-Session-Token' } })
	const models = (route: Route, instance: string, protocol: Protocol, limitMs: number, query = '') =>
		client.request({
			origin,
			path: `${route}/${encodeURIComponent(instance)}/v1/models${query}`,
			signal,
			limitMs,
			...modelsRequest(protocol, token),
		})

	const whose = Promise.all([rest('/api/v2/users/me'), rest(`/api/v2/users/me/keys/${token.keyId}`)])
	const states = Promise.all(
		routes.map(
			async route =>
				[route, bridgeState(await models(route, '__wizard__', 'openai', client.limits.firstCallMs), origin)] as const,
		),
	)
	const listing = listProviders(client, input, { signal })
	const now = client.runtime.now()
	const early = whose.then(([userReply, keyReply]) => {
		const user = judgeUserReply(userReply, origin, token.keyId, now)
		const key = keyReply.ok && keyReply.response.status === 200 ? parseApiKey(parseJsonBody(keyReply.response)) : null
		const notes = key ? findApiKeyIssues(key, now, origin, isInsideWorkspace(client)) : []
		if (user.status === 'user')
			settle('token', [user.name, ...(key ? [describeApiKey(key, now)] : [])].join(', '), notes)
		return { user, key, notes }
	})
	const [{ user, key, notes }, reached, instances] = await Promise.all([early, states, listing])
	const choice = chooseRoute(new Map(reached), input.route, probe.version, { host: new URL(origin).host, origin })

	const good = choice.state.status === 'ok'
	const bridgeFinding = choice.state.status === 'error' ? choice.state.finding : null
	const unauthorized = bridgeFinding?.code === 'token-not-for-bridge'
	if (user.status === 'refused') {
		// AI Bridge's "unauthorized" adds nothing once the deployment has named the cause.
		const reported = user.finding.details['status'] !== undefined && exitsWithToken(user.finding.code)
		const soft = good && !firmRefusals.has(user.finding.code)
		const refusal = soft ? { ...user.finding, severity: 'warning' as const } : user.finding
		settle('token', '', unauthorized && !reported && bridgeFinding ? [refusal, bridgeFinding] : [refusal])
	} else if (unauthorized && bridgeFinding) {
		const details = { ...bridgeFinding.details, ...(user.status === 'user' ? { user: user.name } : {}) }
		settle('token', '', [{ ...bridgeFinding, details }])
	} else if (user.status === 'scoped') {
		settle('token', 'scoped token', good ? [finding('token-scoped', 'token'), ...notes] : [])
	}

	const known = {
		...version,
		...(user.status === 'user' ? { user: { name: user.name } } : {}),
		...(key ? { token: key } : {}),
		...(choice.route ? { route: choice.route } : {}),
		instances,
	}
	if (!good || !choice.route) {
		if (unauthorized || !bridgeFinding) skip('bridge')
		else settle('bridge', '', [bridgeFinding])
		skip(...parts.slice(3))
		return report(known)
	}
	settle('bridge', choice.route, [])

	const { route } = choice
	const offers = targets.map(async ({ id, instance, protocol }) => {
		tell(id, 'running', '')
		const startedAt = client.runtime.now().getTime()
		const offer = judgeModelsReply(
			await models(route, instance, protocol, client.limits.responseMs),
			origin,
			instance,
			id,
		)
		if (offer.status === 'trouble') {
			settle(id, '', [withKnown(offer.finding, instances)])
			return { id, models: null, proven: false, answeredMs: null }
		}
		const answeredMs = client.runtime.now().getTime() - startedAt
		let listed = offer.models
		if (offer.more) {
			// A first page (Anthropic's lists come in pages of 20): fetch the rest at once.
			const query = `?limit=1000&after_id=${encodeURIComponent(offer.more)}`
			const next = judgeModelsReply(
				await models(route, instance, protocol, client.limits.responseMs, query),
				origin,
				instance,
				id,
			)
			if (next.status === 'models') listed = Array.from(new Set([...listed, ...next.models]))
		}
		settle(id, `${listed.length} model${listed.length === 1 ? '' : 's'}`, [])
		return { id, models: listed, proven: true, answeredMs }
	})
	const providers = await Promise.all(offers)
	return report({ ...known, providers })
}

/** A missing provider, with the names of the existing ones. */
function withKnown(issue: Finding, instances: readonly BridgeProviderInstance[] | null): Finding {
	if (issue.code !== 'provider-unknown' || !instances?.length) return issue
	return { ...issue, details: { ...issue.details, known: instances.map(one => one.name).join(', ') } }
}

function stateOf(findings: readonly Finding[]): PartStatus {
	if (findings.some(one => one.code === 'cancelled')) return 'skipped'
	const worst = findings.map(severityOf)
	return worst.includes('error') ? 'failed' : worst.includes('warning') ? 'warning' : 'passed'
}

/** Many requests are cancelled at once; one finding is enough. */
function onceCancelled(findings: readonly Finding[]): Finding[] {
	const first = findings.findIndex(one => one.code === 'cancelled')
	return findings.filter((one, place) => one.code !== 'cancelled' || place === first)
}

/** Whether a finding is about the token itself, not about the connection. */
function exitsWithToken(code: FindingCode): boolean {
	return firmRefusals.has(code) || code === 'token-audience' || code === 'token-missing'
}

/**
 * The token as each protocol sends it, like Mux (docs/contracts/mux.md#4-base-urls): Bearer for OpenAI, `x-api-key` for
 * Anthropic.
 */
function modelsRequest(
	protocol: Protocol,
	secret: Secret,
): { token: { secret: Secret; as: TokenHeader }; headers: Record<string, string> } {
	const { tokenHeader, headers } = protocols[protocol]
	return { token: { secret, as: tokenHeader }, headers }
}

/** Validates the token before it is sent anywhere. */
function formFault(token: Secret, origin: string): Finding | null {
	if (token.keyId !== null) return null
	const { length } = token
	if (length === 0) return finding('token-empty', 'token', { origin })
	return finding(length < 33 ? 'token-incomplete' : 'token-malformed', 'token', { origin, length })
}

function isInsideWorkspace(client: HttpClient): boolean {
	const { env: environment } = client.runtime
	return environment['CODER'] === 'true' || Boolean(environment['CODER_WORKSPACE_NAME'])
}

function judgeUserReply(result: RequestResult, origin: string, keyId: string | null, now: Date): UserResult {
	if (!result.ok) return { status: 'refused', finding: { ...result.finding, subject: 'token' } }
	return interpretUserResponse(result.response, origin, keyId, now)
}

function bridgeState(result: RequestResult, origin: string): BridgeState {
	return result.ok
		? interpretProbeResponse(result.response, origin)
		: { status: 'error', finding: { ...result.finding, subject: 'bridge' } }
}

function judgeModelsReply(result: RequestResult, origin: string, instance: string, subject: string) {
	if (result.ok) return interpretModelsResponse(result.response, origin, instance, subject)
	// AI Bridge has just responded: only this list is missing, which is never a reason to stop.
	const severity = result.finding.code === 'cancelled' ? {} : { severity: 'warning' as const }
	return { status: 'trouble' as const, finding: { ...result.finding, subject, ...severity } }
}

type Choice = { readonly route: Route | null; readonly state: BridgeState }

const strangeAnswers: ReadonlySet<FindingCode> = new Set(['response-unexpected', 'response-html'])

/** `aibridge` unless only `ai-gateway` responds; a given route is used as it is. */
function chooseRoute(
	states: ReadonlyMap<Route, BridgeState>,
	provided: Route | undefined,
	version: string,
	place: { host: string; origin: string },
): Choice {
	const stateOfRoute = (route: Route): BridgeState => states.get(route) ?? { status: 'unknown' }
	const present = routes.filter(route => stateOfRoute(route).status !== 'unknown')
	const absent = bridgeMissingFinding(version)
	if (present.length === 0) return { route: null, state: { status: 'error', finding: absent } }
	// A proxy in front may respond to an unknown path in its own way, so the release decides.
	const strange = present
		.map(stateOfRoute)
		.every(state => state.status === 'error' && strangeAnswers.has(state.finding.code))
	if (strange && absent.code === 'too-old') return { route: null, state: { status: 'error', finding: absent } }
	if (provided && !present.includes(provided)) {
		const other = (present[0] ?? '').replace('/api/v2/', '')
		const details = { ...place, route: provided, other }
		return { route: null, state: { status: 'error', finding: finding('route-unknown', 'bridge', details) } }
	}
	const route = provided ?? present.find(one => stateOfRoute(one).status === 'ok') ?? present[0]!
	return { route, state: stateOfRoute(route) }
}

/** A provider instance of the deployment. */
export type BridgeProviderInstance = {
	readonly name: string
	readonly displayName: string
	readonly type: string
	readonly protocol: Protocol
	readonly enabled: boolean
}

const instanceName = /^[a-z0-9]+(-[a-z0-9]+)*$/

/**
 * The provider instances of the deployment; null if the user may not list them (members get 403) or they are unknown.
 */
export async function listProviders(
	client: HttpClient,
	question: { readonly deployment: Deployment; readonly token: Secret },
	options: { signal?: AbortSignal | undefined } = {},
): Promise<BridgeProviderInstance[] | null> {
	const { origin } = question.deployment
	const result = await client.request({
		origin,
		path: '/api/v2/ai/providers',
		signal: options.signal,
		once: true,
		token: { secret: question.token, as: 'Coder-Session-Token' },
	})
	if (!result.ok || result.response.status !== 200) return null
	let list: unknown
	try {
		list = JSON.parse(result.response.text)
	} catch {
		return null
	}
	const entries = Array.isArray(list) ? list : (list as { providers?: unknown } | null)?.providers
	if (!Array.isArray(entries)) return null
	return entries.flatMap((entry: Record<string, unknown> | null) => {
		const name = typeof entry?.['name'] === 'string' ? entry['name'] : ''
		if (!entry || !instanceName.test(name) || name.length > 100) return []
		const type = typeof entry['type'] === 'string' ? cleanText(entry['type'], 40) : name
		const title = typeof entry['display_name'] === 'string' ? cleanText(entry['display_name'], 60) : ''
		return [
			{ name, type, displayName: title || name, protocol: protocolOfType(type), enabled: entry['enabled'] !== false },
		]
	})
}

/**
 * anthropic and bedrock use Anthropic's protocol, all others OpenAI's
 * (docs/contracts/coder.md#6-providers-and-budgets).
 */
function protocolOfType(type: string): Protocol {
	return getInstanceProtocol(type) ?? 'openai'
}
