// The live checks together with the conflicts on this machine: one list of rows for every front end.
import { type BridgeProviderInstance, checkBridge, type DeploymentProbe, type ProofMethod } from '../coder/check.ts'
import { type Deployment, parseBridgeUrl, type Route } from '../coder/deployment-url.ts'
import type { HttpClient } from '../coder/http/types.ts'
import { findLoginElsewhere } from '../coder/token-discovery.ts'
import { fetchTokenInfo, isWizardTokenName } from '../coder/tokens.ts'
import { type Finding, UserError } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import type { Fix } from '../mux/conflicts/find.ts'
import {
	type BuiltInProvider,
	getProviderTitle,
	isBuiltInProvider,
	makeCustomTarget,
	type ProviderTarget,
} from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'
import type { SetupConfig } from './config.ts'
import { describeProvider, findRouteInSettings, getTokensInSettings, type SetupContext } from './context.ts'
import { distinctFixes } from './fixes.ts'
import { makePlan, type Plan } from './plan.ts'

export type CheckStatus = 'pending' | 'running' | 'passed' | 'warning' | 'failed' | 'skipped'

/** One row of the checks. `part` is `deployment`, `token`, `bridge`, a provider's id or `conflicts`. */
export type CheckRow = {
	readonly part: string
	readonly label: string
	readonly status: CheckStatus
	readonly note: string
	readonly findings: readonly Finding[]
}

export type CheckReport = {
	readonly route: Route
	/** `route`: the providers' routes were found, but nothing was proven. */
	readonly proof: ProofMethod
	readonly version: string | null
	readonly owner: string | null
	readonly keyId: string | null
	readonly expiresAt: Date | null
	/** The token's name, if it has one. */
	readonly tokenName: string | null
	/** `proven`: the provider answered through AI Bridge, in `answeredMs` milliseconds. */
	readonly providers: readonly { readonly id: string; readonly proven: boolean; readonly answeredMs: number | null }[]
	/** Everything that was found: `liveFindings`, and the conflicts on this machine that would remain. */
	readonly findings: readonly Finding[]
	/** What the deployment's answers showed. Conflicts aren't part of it: they are the plan's, which may still change. */
	readonly liveFindings: readonly Finding[]
	/** Conflicts that the same plan could fix, if the user agrees. */
	readonly fixes: readonly Fix[]
	/** Providers of the deployment, beyond the built-in ones, that could be added. */
	readonly moreProviders: readonly { readonly target: ProviderTarget; readonly now: string }[]
	/** Instances that could serve a built-in provider for which the deployment has no instance of the same name. */
	readonly otherInstances: readonly { readonly id: BuiltInProvider; readonly instance: string }[]
	readonly checkedAt: Date
	/** The wizard's own older token that is in the settings and would be replaced. */
	readonly replaced: { readonly keyId: string; readonly name: string } | null
}

export type VerifyInput = {
	readonly deployment: Deployment
	readonly token: Secret
	readonly targets: readonly ProviderTarget[]
	readonly route?: Route | undefined
	/** How a provider is proven; by default with an incomplete message. */
	readonly proof?: ProofMethod | undefined
	/** The deployment's answer to an earlier probe of the same run. */
	readonly probe?: DeploymentProbe | undefined
	/** Ids of the fixes that the plan will contain. */
	readonly fixes?: readonly string[] | undefined
}

const labels: Record<string, string> = {
	deployment: 'Coder',
	token: 'Token',
	bridge: 'AI Bridge',
	conflicts: 'Conflicts',
}

/** Where progress is reported, and how everything is cancelled. */
export type VerifyOptions = { readonly signal: AbortSignal; readonly onRows: (rows: readonly CheckRow[]) => void }

/**
 * Checks everything: the deployment, the token, AI Bridge, each provider (docs/contracts/coder.md), and the conflicts
 * on this machine. Failures are findings, never errors; throws only when cancelled.
 */
export async function verify(
	client: HttpClient,
	context: SetupContext,
	input: VerifyInput,
	{ signal, onRows }: VerifyOptions,
): Promise<{ rows: readonly CheckRow[]; report: CheckReport }> {
	const { deployment, token, targets } = input
	const parts = ['deployment', 'token', 'bridge', ...targets.map(target => target.id)]
	let rows: readonly CheckRow[] = parts.map(part => ({
		part,
		label: labels[part] ?? getProviderTitle(part),
		status: 'pending',
		note: '',
		findings: [],
	}))
	const move = (part: string, changed: Partial<CheckRow>): void => {
		rows = rows.map(row => (row.part === part ? { ...row, ...changed } : row))
		onRows(rows)
	}
	onRows(rows)
	const proof = input.proof ?? 'message'
	const preferredRoute = findRouteInSettings(context, deployment)
	const firstRoute = input.route ?? preferredRoute ?? '/api/v2/aibridge'
	const known = { settingsTokens: getTokensInSettings(context.muxContext) }
	const elsewhere = await findLoginElsewhere(client.runtime, deployment, token, known)
	// A token that this machine knows as another deployment's is not sent to this one.
	if (elsewhere) {
		move('token', { status: 'failed', findings: [elsewhere] })
		for (const row of rows) if (row.status === 'pending') move(row.part, { status: 'skipped' })
		const none = { version: null, owner: null, keyId: token.keyId, tokenName: null, expiresAt: null }
		return {
			rows,
			report: {
				...none,
				providers: targets.map(({ id }) => ({ id, proven: false, answeredMs: null })),
				route: firstRoute,
				proof,
				findings: [elsewhere],
				liveFindings: [elsewhere],
				fixes: [],
				moreProviders: [],
				otherInstances: [],
				checkedAt: client.runtime.now(),
				replaced: null,
			},
		}
	}
	const planned = { deployment, token, targets, fixes: input.fixes ?? [], storage: { in: 'settings' as const } }
	const { messages } = previewPlan(context, { ...planned, route: firstRoute })
	const checked = await checkBridge(
		client,
		{ ...input, preferredRoute, proof, targets: targets.map(target => ({ ...target, ...messages[target.id] })) },
		{
			signal,
			onProgress: ({ part, status, note, findings }) => move(part, { status, note, findings }),
		},
	)
	const route = input.route ?? checked.route ?? firstRoute
	const { findings: remaining, fixes } = previewPlan(context, { ...planned, route })
	const checkedCodes = new Set(checked.findings.map(issue => issue.code))
	const findings = remaining.filter(issue => issue.subject !== 'environment' || !checkedCodes.has(issue.code))
	if (findings.length > 0) {
		const severities = findings.map(severityOf)
		const row: CheckRow = {
			part: 'conflicts',
			label: 'Conflicts',
			status: severities.includes('error') ? 'failed' : severities.includes('warning') ? 'warning' : 'passed',
			note: '',
			findings,
		}
		rows = [...rows, row]
		onRows(rows)
	}
	const moreProviders = findMoreProviders(context, checked.instances ?? [])
	const replaced = checked.user ? await findReplacedToken(client, context, input, signal) : null
	return {
		rows,
		report: {
			route,
			proof,
			version: checked.version ?? null,
			owner: checked.user?.name ?? null,
			keyId: token.keyId,
			expiresAt: checked.token?.expiresAt ?? null,
			tokenName: checked.token?.name ?? null,
			providers: checked.providers.map(({ id, proven, answeredMs }) => ({ id, proven, answeredMs })),
			findings: [...checked.findings, ...findings],
			liveFindings: checked.findings,
			fixes,
			moreProviders,
			otherInstances: findOtherInstances(targets, checked.findings, checked.instances ?? []),
			checkedAt: client.runtime.now(),
			replaced,
		},
	}
}

/** What would remain with the plan applied; nothing if no plan can be made, which the review reports. */
function previewPlan(
	context: SetupContext,
	config: SetupConfig,
): Pick<Plan, 'findings' | 'messages'> & { fixes: readonly Fix[] } {
	try {
		const { findings, conflicts, messages } = makePlan(context, config)
		return { findings, messages, fixes: distinctFixes(conflicts) }
	} catch (error) {
		if (error instanceof UserError) return { findings: [], messages: {}, fixes: [] }
		throw error
	}
}

/** Providers of the deployment that Mux could use as custom ones; none if the user may not list them. */
function findMoreProviders(
	context: SetupContext,
	instances: readonly BridgeProviderInstance[],
): CheckReport['moreProviders'] {
	return instances
		.filter(instance => instance.enabled && instance.protocol === 'openai' && !isBuiltInProvider(instance.name))
		.map(({ name, displayName }) => makeCustomTarget(name, displayName))
		.map(target => ({ target, now: describeProvider(context.muxContext, target.id) }))
}

/** An instance of the same protocol for a provider that the deployment doesn't have under the usual name. */
function findOtherInstances(
	targets: readonly ProviderTarget[],
	findings: readonly Finding[],
	instances: readonly BridgeProviderInstance[],
): CheckReport['otherInstances'] {
	return targets.flatMap(({ id, protocol }) => {
		const unknown = findings.some(issue => issue.code === 'provider-unknown' && issue.subject === id)
		if (!unknown || !isBuiltInProvider(id)) return []
		return instances
			.filter(instance => instance.enabled && instance.protocol === protocol)
			.map(instance => ({ id, instance: instance.name }))
	})
}

/** The token in the settings, if the wizard created it in an earlier run and the new one is different. */
async function findReplacedToken(client: HttpClient, context: SetupContext, input: VerifyInput, signal: AbortSignal) {
	const { deployment, token } = input
	const old = getTokensInSettings(context.muxContext).find(
		heldToken => parseBridgeUrl(heldToken.baseUrl)?.origin === deployment.origin && !heldToken.token.equals(token),
	)
	if (!old?.token.keyId) return null
	const info = await fetchTokenInfo(client, deployment, old.token, { signal })
	const name = info.ok ? info.key?.name : undefined
	return name !== undefined && isWizardTokenName(name) ? { keyId: old.token.keyId, name } : null
}
