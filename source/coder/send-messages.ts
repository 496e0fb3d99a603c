// Sends an incomplete message to each provider: it is refused by the upstream, costs no tokens, and takes the very way
// that Mux's first chat will take (docs/contracts/coder.md#5-verifying-a-provider).
import { type Protocol, type ProviderTarget, protocols } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'
import type { HttpClient } from './http/types.ts'
import { interpretMessageResponse, type MessageResult } from './interpret-message.ts'
import { pause } from './pause.ts'

/** A provider with the request that Mux will make to it. */
export type CheckTarget = ProviderTarget & {
	/** The model that Mux will name; without one, none is named. */
	readonly model?: string | undefined
	/** The path of Mux's chat requests after `/v1`; by default the protocol's first. */
	readonly endpoint?: string | undefined
}

/** `message`: an incomplete message. `route`: an empty body, which leaves no entry in AI Bridge's log. */
export type ProofMethod = 'message' | 'route'

/** Where the data plane is: the deployment with the path of AI Bridge, or a gateway. */
export type DataPlane = { readonly origin: string; readonly basePath: string; readonly isGateway: boolean }

export type TargetResult = {
	readonly target: CheckTarget
	readonly result: MessageResult
	/** Milliseconds until the response was complete. */
	readonly answeredMs: number
}

type SendInput = {
	readonly plane: DataPlane
	readonly token: Secret
	readonly targets: readonly CheckTarget[]
	readonly proof: ProofMethod
	readonly signal?: AbortSignal | undefined
}

/**
 * The results of all targets, asked in parallel. What a limit of requests per second refuses is asked again, one target
 * after the other, up to three times and for ten seconds in all.
 */
export async function sendMessages(client: HttpClient, input: SendInput): Promise<TargetResult[]> {
	const results = await Promise.all(input.targets.map(target => sendMessage(client, target, input)))
	let leftMs = client.limits.maxRetryAfterMs
	for (const [index, first] of results.entries()) {
		let last = first
		for (let attempt = 2; attempt <= 3 && last.result.status === 'rate-limited'; attempt++) {
			const waitMs = Number(last.result.finding.details['seconds'] ?? 1) * 1000
			if (waitMs > leftMs || !(await pause(waitMs, input.signal))) break
			leftMs -= waitMs
			last = await sendMessage(client, first.target, input)
		}
		results[index] = last
	}
	return results
}

async function sendMessage(
	client: HttpClient,
	target: CheckTarget,
	{ plane, token, proof, signal }: SendInput,
): Promise<TargetResult> {
	const { origin, basePath, isGateway } = plane
	const { id, instance, protocol, model } = target
	const { tokenHeader, headers } = protocols[protocol]
	const startedAt = client.runtime.now().getTime()
	const reply = await client.request({
		origin,
		path: `${basePath}/${encodeURIComponent(instance)}/v1${target.endpoint ?? firstEndpoint(protocol)}`,
		method: 'POST',
		headers,
		...(proof === 'message' ? { body: model === undefined ? {} : { model } } : {}),
		token: { secret: token, as: tokenHeader },
		signal,
		limitMs: client.limits.firstCallMs,
		once: true,
	})
	const answeredMs = client.runtime.now().getTime() - startedAt
	const body = proof === 'message' ? 'incomplete' : 'empty'
	const question = { origin, instance, subject: id, model, body, isGateway } as const
	const result: MessageResult = reply.ok
		? interpretMessageResponse(reply.response, question)
		: { status: 'bridge', finding: { ...reply.finding, subject: 'bridge' }, isTokenAccepted: false }
	return { target, result, answeredMs }
}

function firstEndpoint(protocol: Protocol): string {
	return protocols[protocol].endpoints[0]
}
