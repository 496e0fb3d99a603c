// What Mux would do, as a value for `check --offline --json`, without any credential.
import { type DescribedFinding, describeFinding } from '../findings/describe.ts'
import type { Finding } from '../findings/finding.ts'
import { type BuiltInProvider, builtInProviders } from '../providers.ts'
import { findConflicts } from './conflicts.ts'
import type { MuxContext } from './context.ts'
import { type Release, settingsFileName } from './home.ts'
import { isViaBridge, type NoRequestReason, redactUrl, resolveRequest } from './request/resolve.ts'

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
	viaBridge: boolean
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
			viaBridge: isViaBridge(resolvedRequest),
			conflicts: [...new Set(conflicts.map(issue => issue.code))],
			...(request ? {} : { reason: resolvedRequest.reason ?? 'provider_not_supported' }),
		}
	})
	return {
		version: 1,
		release,
		settingsFile: fileNamed(muxContext, release),
		providers: reported,
		findings: distinct(findings).map(describeFinding),
	}
}

/** Conflicts are known only for the providers that are built into Mux. */
function isBuiltInProvider(id: string): id is BuiltInProvider {
	return (builtInProviders as readonly string[]).includes(id)
}

/** An explicit root is shown as it is written, like every other directory as the release names it. */
function fileNamed({ directories, location }: MuxContext, release: Release): string {
	if (location.from === '--settings' && location.release === release) return location.path
	return `${directories[release].directory.replace(/(?!^)\/+$/, '')}/${settingsFileName}`
}

function distinct(findings: readonly Finding[]): Finding[] {
	const visited = new Map(findings.map(issue => [JSON.stringify([issue.code, issue.subject, issue.details]), issue]))
	return [...visited.values()]
}
