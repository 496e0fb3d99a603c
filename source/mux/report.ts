// What Mux would do, as a value for `check --offline --json`, without any credential.
import { type DescribedFinding, describeFinding } from '../findings/describe.ts'
import type { Finding } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import { builtInProviders, isBuiltInProvider } from '../providers.ts'
import { redactUrl } from '../secrets/redact.ts'
import { findConflicts } from './conflicts/find.ts'
import type { MuxContext } from './context.ts'
import { settingsFileName } from './home.ts'
import type { Release } from './releases.ts'
import { isViaBridge, mayUseGateway, type NoRequestReason, resolveRequest } from './request/resolve.ts'

export type ReportedProvider = {
	id: string
	/** Mux's own Settings page calls it configured. */
	configured: boolean
	request: {
		/** Without user info and credentials in its query. */
		url: string
		credentialHeader: string | null
		credentialFrom: string | null
		/** The first ten characters of a Coder session token; null for any other credential. */
		keyId: string | null
	} | null
	/** Null if only the network can tell: the base URL may be a standalone gateway's. */
	viaBridge: boolean | null
	conflicts: string[]
	/** Only where there is no request. */
	reason?: NoRequestReason
}

export type MuxReport = {
	version: 1
	release: Release
	/** The settings file as the release names it. */
	settingsFile: string
	providers: ReportedProvider[]
	findings: DescribedFinding[]
}

/** Reports what a release would do for the providers, with the conflicts. */
export function muxReport(
	muxContext: MuxContext,
	release: Release = muxContext.release,
	providers: readonly string[] = builtInProviders,
): MuxReport {
	const findings: Finding[] = release === muxContext.location.release ? [...muxContext.location.findings] : []
	const reported = providers.map((id): ReportedProvider => {
		const resolvedRequest = resolveRequest(muxContext, release, id)
		const conflicts = isBuiltInProvider(id)
			? findConflicts(muxContext, release, id).map(conflict => conflict.finding)
			: []
		findings.push(...conflicts)
		const { request } = resolvedRequest
		return {
			id,
			configured: resolvedRequest.configured,
			request: request && {
				url: redactUrl(request.url),
				credentialHeader: request.credentialHeader,
				credentialFrom: request.credentialFrom,
				keyId: request.credential?.keyId ?? null,
			},
			// A request that AI Bridge would answer, if a conflict didn't break it.
			viaBridge:
				!conflicts.some(issue => severityOf(issue) === 'error') &&
				(isViaBridge(resolvedRequest) || (mayUseGateway(resolvedRequest) ? null : false)),
			conflicts: [...new Set(conflicts.map(issue => issue.code))],
			...(request ? {} : { reason: resolvedRequest.reason ?? 'provider_not_supported' }),
		}
	})
	return {
		version: 1,
		release,
		settingsFile: getFileName(muxContext, release),
		providers: reported,
		findings: distinct(findings).map(describeFinding),
	}
}

/** An explicit root is shown as it is written, like every other directory as the release names it. */
function getFileName({ directories, location }: MuxContext, release: Release): string {
	if (location.from === '--settings' && location.release === release) return location.path
	return `${directories[release].directory.replace(/(?!^)\/+$/, '')}/${settingsFileName}`
}

function distinct(findings: readonly Finding[]): Finding[] {
	const visited = new Map(findings.map(issue => [JSON.stringify([issue.code, issue.subject, issue.details]), issue]))
	return [...visited.values()]
}
