// Sends an incomplete message to each provider: it is refused by the upstream, costs no tokens, and takes the very way
// that Mux's first chat will take (docs/contracts/coder.md#5-verifying-a-provider).

import { cleanText } from '../findings/clean-text.ts'
import { type Protocol, type ProviderTarget, protocols } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'
import type { HttpClient, HttpResponse } from './http/types.ts'
import { interpretMessageResponse, type MessageResult } from './interpret-message.ts'
import { parseJsonBody } from './interpret-response.ts'
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

/** `answer`: a short message that the model answers, only if the user asks for it. */
export type MessageKind = ProofMethod | 'answer'

/** Where the data plane is: the deployment with the path of AI Bridge, or a gateway. */
export type DataPlane = { readonly origin: string; readonly basePath: string; readonly isGateway: boolean }

export type TargetResult = {
	readonly target: CheckTarget
	readonly result: MessageResult
	/** Milliseconds until the response was complete. */
	readonly answeredMs: number
	/** The first words of the model's answer to a whole message. */
	readonly words: string | null
}

type SendInput = {
	readonly plane: DataPlane
	readonly token: Secret
	readonly targets: readonly CheckTarget[]
	readonly proof: MessageKind
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
	const endpoint = target.endpoint ?? firstEndpoint(protocol)
	const { tokenHeader, headers } = protocols[protocol]
	const startedAt = client.runtime.now().getTime()
	const reply = await client.request({
		origin,
		path: `${basePath}/${encodeURIComponent(instance)}/v1${endpoint}`,
		method: 'POST',
		headers,
		...makeBody(proof, endpoint, model),
		token: { secret: token, as: tokenHeader },
		signal,
		limitMs: proof === 'answer' ? client.limits.answerMs : client.limits.firstCallMs,
		once: true,
	})
	const answeredMs = client.runtime.now().getTime() - startedAt
	const body = ({ message: 'incomplete', route: 'empty', answer: 'complete' } as const)[proof]
	const question = { origin, instance, subject: id, model, body, isGateway } as const
	const result: MessageResult = reply.ok
		? interpretMessageResponse(reply.response, question)
		: { status: 'bridge', finding: { ...reply.finding, subject: 'bridge' }, isTokenAccepted: false }
	const isAnswered = proof === 'answer' && reply.ok && result.status === 'proven'
	return { target, result, answeredMs, words: isAnswered ? readAnswer(reply.response) : null }
}

/** The smallest messages that each path accepts (docs/contracts/mux.md#71-what-mux-sends). */
const wholeMessages: Readonly<Record<string, object>> = {
	'/responses': { input: 'Hi', max_output_tokens: 16, store: false },
	'/chat/completions': { messages: [{ role: 'user', content: 'Hi' }], max_completion_tokens: 16 },
	'/messages': { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 16 },
}

function makeBody(proof: MessageKind, endpoint: string, model: string | undefined): { body?: object } {
	if (proof === 'route') return {}
	return { body: { ...(model === undefined ? {} : { model }), ...(proof === 'answer' ? wholeMessages[endpoint] : {}) } }
}

/** The first text in a response of any of the three forms; empty if the model gave none. */
function readAnswer(response: HttpResponse): string {
	const json = parseJsonBody(response)
	const texts: string[] = []
	JSON.stringify([json?.['output'], json?.['choices'], json?.['content']], (key, value: unknown) => {
		if (typeof value === 'string' && (key === 'text' || key === 'content')) texts.push(value)
		return value
	})
	return cleanText(texts.join(' '), 60)
}

function firstEndpoint(protocol: Protocol): string {
	return protocols[protocol].endpoints[0]
}
