// What Mux would do with a setup: whether it sends each provider to the requested deployment with the requested token.
import { type Finding, finding } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import { type Conflict, getConflicts } from '../mux/conflicts/find.ts'
import type { MuxContext } from '../mux/context.ts'
import { listModels } from '../mux/models.ts'
import { describeRequest, isViaBridge, type ResolvedRequest, resolveRequest } from '../mux/request/resolve.ts'
import { getProviderProtocol, getProviderTitle, type ProviderTarget, protocols } from '../providers.ts'
import type { SetupConfig } from './config.ts'

export type ContextJudgement = {
	/** The conflicts that would remain. */
	readonly conflicts: readonly Conflict[]
	/** The conflicts, and an error for each provider that Mux would not send there. */
	readonly findings: readonly Finding[]
	/** Ids of the providers that Mux would send there. */
	readonly usedByMux: readonly string[]
	/** What Mux would ask each provider for, by the provider's id. */
	readonly messages: Readonly<Record<string, MessageFacts>>
}

/** A chat request of Mux's: its path after `/v1`, and the model that it names; undefined if that isn't known. */
export type MessageFacts = { readonly endpoint?: string | undefined; readonly model?: string | undefined }

/**
 * Judges a setup by what Mux would do with it: success may be claimed only if every provider is sent to the requested
 * deployment with the requested token (docs/contracts/mux.md#26-when-a-setup-may-be-called-successful).
 */
export function judgeContext(after: MuxContext, config: SetupConfig, issues: readonly Finding[]): ContextJudgement {
	const conflicts = config.targets.flatMap(target => getConflicts(after, target))
	const findings = conflicts.map(conflict => conflict.finding)
	const usedByMux: string[] = []
	// Without a usable proxy variable, Mux sends nothing at all.
	const isBlocked = issues.some(issue => severityOf(issue) === 'error')
	// A file that the release doesn't read changes nothing, unless the user named that file.
	const unread =
		after.location.from === '--settings'
			? []
			: after.location.findings
					.filter(issue => issue.code === 'settings-not-read' || issue.code === 'development-home')
					.map((issue): Finding => ({ ...issue, severity: 'error' }))
	for (const target of config.targets) {
		const resolved = resolveRequest(after, after.release, target.id)
		if (unread.length === 0 && !isBlocked && isSentAsRequested(resolved, target, config)) {
			usedByMux.push(target.id)
			continue
		}
		const isExplained =
			unread.length > 0 ||
			isBlocked ||
			findings.some(issue => issue.subject === target.id && severityOf(issue) === 'error')
		if (isExplained) continue
		const details = { title: getProviderTitle(target.id), model: resolved.model, place: describeRequest(resolved) }
		findings.push(finding('setup-not-used', target.id, details))
	}
	const messages = Object.fromEntries(
		config.targets.map(({ id }) => [id, describeMessage(after, resolveRequest(after, after.release, id))]),
	)
	return { conflicts, findings: [...issues, ...unread, ...findings], usedByMux, messages }
}

/** What Mux asks a provider for. */
export function describeMessage(muxContext: MuxContext, { provider, model, request }: ResolvedRequest): MessageFacts {
	const { pathname } = new URL(request && URL.canParse(request.url) ? request.url : 'https://coder.example.com')
	const { endpoints } = protocols[getProviderProtocol(provider)]
	const endpoint = (endpoints as readonly string[]).find(path => pathname.endsWith(`/v1${path}`))
	const isKnown =
		muxContext.requestedModels[provider] !== undefined ||
		listModels(muxContext, muxContext.release, provider).length > 0
	return { endpoint, model: isKnown ? model : undefined }
}

function isSentAsRequested(
	resolved: ResolvedRequest,
	target: ProviderTarget,
	{ deployment, token }: SetupConfig,
): boolean {
	const { request } = resolved
	const { gateway } = deployment
	if (!request?.credential || (gateway === undefined && !isViaBridge(resolved))) return false
	const header = protocols[target.protocol].tokenHeader.toLowerCase()
	const isOrigin =
		gateway === undefined
			? new URL(request.url).origin === deployment.origin
			: request.url.startsWith(`${gateway}/${target.instance}/v1/`)
	// AI Bridge prefers the header "Authorization" if there are two.
	const preferred = request.headers.find(({ name }) => name === 'authorization')
	if (preferred && !preferred.credential.equals(token)) return false
	return isOrigin && request.credentialHeader === header && request.credential.equals(token)
}
