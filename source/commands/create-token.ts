// `--create-token`: creates a dedicated token for Mux unless a reusable one exists, and revokes it if the run doesn't
// use it.
import { parseBridgeUrl } from '../bridge-url.ts'
import type { Deployment } from '../coder/deployment-url.ts'
import type { HttpClient } from '../coder/http/types.ts'
import { type Finding, finding, UserError } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Secret } from '../secrets/secret.ts'
import { getTokensInSettings, type SetupContext } from '../setup/context.ts'
import type { NewToken } from '../setup/token-options.ts'
import { throwIfCancelled } from './run-command.ts'

/** Revokes an unused token. If that fails, the error that ended the run says so too. */
export async function revokeToken(client: HttpClient, newToken: NewToken, ended: unknown): Promise<void> {
	const { deleteToken } = await import('../coder/tokens.ts')
	const { deployment, secret, name } = newToken
	try {
		// The run's own signal may be the reason why it ended.
		await deleteToken(client, deployment, secret, secret.keyId ?? '', { signal: AbortSignal.timeout(4000) })
	} catch (error) {
		if (!(error instanceof UserError)) throw error
		const left = finding('token-not-deleted', 'token', { origin: deployment.origin, name, keyId: secret.keyId ?? '' })
		if (ended instanceof UserError) throw new UserError(ended.findings[0] as Finding, ...ended.findings.slice(1), left)
	}
}

/** `lifetimeS` is the requested lifetime in seconds. */
type Wanted = {
	readonly deployment: Deployment
	readonly lifetimeS: number | undefined
	readonly signal: AbortSignal
}

/** A token from an earlier `--create-token` that is in the settings and doesn't expire soon. */
export async function findReusableToken(
	runtime: Runtime,
	client: HttpClient,
	context: SetupContext,
	{ deployment, lifetimeS, signal }: Wanted,
): Promise<Secret | null> {
	const heldToken = getTokensInSettings(context.muxContext).find(
		({ baseUrl }) => parseBridgeUrl(baseUrl)?.origin === deployment.origin,
	)
	if (!heldToken) return null
	const { isWizardTokenName, fetchTokenInfo } = await import('../coder/tokens.ts')
	const info = await fetchTokenInfo(client, deployment, heldToken.token, { signal })
	throwIfCancelled(signal)
	if (!info.ok || !info.key || !isWizardTokenName(info.key.name)) return null
	const leftMs = info.key.expiresAt ? info.key.expiresAt.getTime() - runtime.now().getTime() : Number.POSITIVE_INFINITY
	const wantedMs = Math.min(7 * 86_400_000, ((lifetimeS ?? Number.POSITIVE_INFINITY) * 1000) / 2)
	return leftMs > wantedMs ? heldToken.token : null
}
