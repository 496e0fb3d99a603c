import { finding } from '../findings/finding.ts'
import type { Secret } from '../secrets/secret.ts'
import type { BridgeReport } from './check.ts'
import { probeGateway } from './gateway.ts'
import type { HttpClient } from './http/types.ts'
import { type CheckTarget, type MessageKind, sendMessages } from './send-messages.ts'

/** Proves the providers of a gateway by messages alone: it knows nothing about the token's owner and its end. */
export async function checkGateway(
	client: HttpClient,
	input: {
		readonly gateway: string
		readonly token: Secret
		readonly targets: readonly CheckTarget[]
		readonly proof: MessageKind
	},
	signal: AbortSignal,
): Promise<BridgeReport> {
	const { gateway, token, targets, proof } = input
	const none = { instances: null, providers: [] }
	const issue = await probeGateway(client, gateway, signal)
	if (issue) return { ...none, findings: [issue] }
	const plane = { origin: gateway, basePath: '', isGateway: true }
	const results = await sendMessages(client, { plane, token, targets, proof, signal })
	const { host } = new URL(gateway)
	return {
		...none,
		providers: results.map(({ target, result, answeredMs, words }) => {
			const proven = result.status === 'proven'
			return { id: target.id, proven, answeredMs: proven ? answeredMs : null, models: null, words }
		}),
		findings: [
			...results.flatMap(({ result }) => ('finding' in result ? [result.finding] : [])),
			finding('gateway-token-not-checked', 'token', { host }),
		],
	}
}
