// `--create-token`: a token of its own for Mux, which is made only where none is held yet, and taken back where nothing
// came of the run.
import { bridgeOf } from '../bridge-url.ts'
import type { Client } from '../coder/client.ts'
import type { Deployment } from '../coder/deployment-url.ts'
import { type Finding, finding, Refusal } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import type { Secret } from '../secret.ts'
import type { MadeToken } from '../setup/offer-tokens.ts'
import { type Reading, settingsTokens } from '../setup/reading.ts'
import type { Stop } from '../stop.ts'
import { stopIfAsked } from './run.ts'

/** Takes back a token that nothing uses; where that fails, the error that ended the run says so too. */
export async function takeBack(client: Client, made: MadeToken, ended: unknown): Promise<void> {
	const { deleteToken } = await import('../coder/tokens.ts')
	const { deployment, secret, name } = made
	try {
		// The run's own signal may be what ended it.
		await deleteToken(client, deployment, secret, secret.keyId ?? '', { signal: AbortSignal.timeout(4000) })
	} catch (error) {
		if (!(error instanceof Refusal)) throw error
		const left = finding('token-not-deleted', 'token', { origin: deployment.origin, name, keyId: secret.keyId ?? '' })
		if (ended instanceof Refusal) throw new Refusal(ended.findings[0] as Finding, ...ended.findings.slice(1), left)
	}
}

/** The lifetime, in seconds, is what was asked for. */
type Wanted = {
	readonly deployment: Deployment
	readonly lifetimeS: number | undefined
	readonly stop: Stop
}

/** A token that the settings hold by an earlier `--create-token` and that still has a good while to live. */
export async function heldToken(
	host: Host,
	client: Client,
	reading: Reading,
	{ deployment, lifetimeS, stop }: Wanted,
): Promise<Secret | null> {
	const held = settingsTokens(reading.snapshot).find(({ baseUrl }) => bridgeOf(baseUrl)?.origin === deployment.origin)
	if (!held) return null
	const { isWizardTokenName, tokenInfo } = await import('../coder/tokens.ts')
	const info = await tokenInfo(client, deployment, held.token, { signal: stop.signal })
	stopIfAsked(stop)
	if (!info.ok || !info.key || !isWizardTokenName(info.key.name)) return null
	const leftMs = info.key.expiresAt ? info.key.expiresAt.getTime() - host.now().getTime() : Number.POSITIVE_INFINITY
	const wantedMs = Math.min(7 * 86_400_000, ((lifetimeS ?? Number.POSITIVE_INFINITY) * 1000) / 2)
	return leftMs > wantedMs ? held.token : null
}
