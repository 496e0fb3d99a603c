// A short message that a model answers, for each provider: it costs a few tokens and shows up in AI Bridge's log, so it
// is sent only if the user asks for it.
import { type BridgeReport, type CheckTarget, checkBridge, type ProviderReport } from '../coder/check.ts'
import type { HttpClient } from '../coder/http/types.ts'
import { formatSeconds } from '../duration.ts'
import type { MuxContext } from '../mux/context.ts'
import { getProviderTitle, isBuiltInProvider, type ProviderTarget, protocols } from '../providers.ts'
import type { MessageFacts } from './judge-context.ts'
import type { Plan } from './plan.ts'

/** Sends the message to each provider of a plan. Failures are findings, never errors. */
export async function sendTestMessages(
	client: HttpClient,
	{ config, context, messages }: Plan,
	signal: AbortSignal,
): Promise<Pick<BridgeReport, 'providers' | 'findings'> & { answers: string[] }> {
	const targets = config.targets.map(target => withTestModel(context.muxContext, target, messages[target.id]))
	const { providers, findings } = await checkBridge(client, { ...config, targets, proof: 'answer' }, { signal })
	const answered = providers.filter(({ proven }) => proven)
	const answers = answered.map(provider => `${getProviderTitle(provider.id)} ${describeAnswer(provider)}`)
	return { providers, findings, answers }
}

/** Asks a small model, or the one of `--model`. Only Mux knows the models of a custom provider. */
export function withTestModel(
	{ requestedModels }: MuxContext,
	target: ProviderTarget,
	{ endpoint, model }: MessageFacts = {},
): CheckTarget {
	const { id, protocol } = target
	const known = requestedModels[id] ?? (isBuiltInProvider(id) ? undefined : model)
	return { ...target, endpoint, model: known ?? protocols[protocol].smallModel }
}

/** For example: answered “Hello!” in 0.3 s. Empty if the provider didn't answer. */
export function describeAnswer({ words, answeredMs }: ProviderReport): string {
	return answeredMs === null ? '' : `answered ${words ? `“${words}” ` : ''}in ${formatSeconds(answeredMs)}`
}
