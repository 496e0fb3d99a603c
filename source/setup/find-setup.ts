// What this machine has already, for the wizard's first screen: a login to set Mux up with, or a setup to look after.
import { probeDeployment } from '../coder/check.ts'
import { type Deployment, parseDeployment } from '../coder/deployment-url.ts'
import type { HttpClient } from '../coder/http/types.ts'
import { findTokens } from '../coder/token-discovery.ts'
import type { Finding } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import { builtInProviders } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { getTargetInSettings, getTokensInSettings, type SetupContext } from './context.ts'
import { makePlan, type Plan } from './plan.ts'
import { findTokenOptions, type TokenOption, type TokenOptions } from './token-options.ts'
import { judgeSetup, type VerdictTone } from './verdict.ts'
import { type CheckReport, type CheckRow, type VerifyOptions, verify } from './verify.ts'

/** A deployment with a valid login that was found on this machine. */
export type FoundSetup = {
	readonly settled: { readonly deployment: Deployment; readonly version: string }
	readonly tokens: TokenOptions
	/** The best of the valid tokens. */
	readonly login: TokenOption
}

/** What the settings' own setup does now. */
export type CurrentSetup = {
	readonly rows: readonly CheckRow[]
	readonly headline: string
	readonly tone: VerdictTone
	/** What a test message is sent for; null if not everything works. */
	readonly connected: ConnectedSetup | null
}

/** A setup that works: its plan, which changes nothing any more, and the checks that showed it. */
export type ConnectedSetup = { readonly plan: Plan; readonly report: CheckReport }

/** A valid login for a deployment; null if there is none, in which case nothing may have been sent. */
export async function findSetup(
	runtime: Runtime,
	client: HttpClient,
	context: SetupContext,
	deployment: Deployment,
	options: { readonly lifetimeDays?: number | undefined; readonly signal: AbortSignal },
): Promise<FoundSetup | null> {
	const { signal } = options
	const known = { settingsTokens: getTokensInSettings(context.muxContext), signal }
	if ((await findTokens(runtime, deployment, known)).length === 0) return null
	const probe = await probeDeployment(client, deployment, { signal })
	// Tokens are for an exact origin, so a redirect is left to the questions.
	if (!probe.ok || probe.origin !== deployment.origin) return null
	const tokens = await findTokenOptions(runtime, client, context, { deployment, provided: null }, options)
	const valid = tokens.options.filter(option => option.isValid)
	const login = valid.find(option => option.isLasting) ?? valid[0]
	return login ? { settled: { deployment, version: probe.version }, tokens, login } : null
}

/** Checks what the settings use now; null without a token or with an address that it isn't sent to unasked. */
export async function checkCurrentSetup(
	client: HttpClient,
	context: SetupContext,
	{ origin, ids }: { readonly origin: string; readonly ids: readonly string[] },
	options: VerifyOptions,
): Promise<CurrentSetup | null> {
	const parsed = parseDeployment(origin)
	const token = getTokensInSettings(context.muxContext).find(each => each.baseUrl.startsWith(`${origin}/`))?.token
	if (!parsed.ok || parsed.deployment.insecure || !token?.keyId) return null
	const { deployment } = parsed
	const targets = builtInProviders.filter(id => ids.includes(id)).map(id => getTargetInSettings(context.muxContext, id))
	if (targets.length === 0) return null
	const show = (rows: readonly CheckRow[]) =>
		rows.filter(row => !['deployment', 'bridge', 'conflicts'].includes(row.part) || row.findings.some(isProblem))
	const onRows = (rows: readonly CheckRow[]) => options.onRows(show(rows))
	const { rows, report } = await verify(client, context, { deployment, token, targets }, { ...options, onRows })
	const config = { deployment, token, targets, route: report.route, fixes: [], storage: context.place.defaultStorage }
	const plan = makePlan(context, config)
	const { verdict, headline, tone } = judgeSetup({ plan, report, action: 'unchanged' })
	return { rows: show(rows), headline, tone, connected: verdict === 'connected' ? { plan, report } : null }
}

function isProblem(issue: Finding): boolean {
	return severityOf(issue) !== 'info'
}
