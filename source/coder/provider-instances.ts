// The provider instances of the deployment. Only owners may list them; a member's attempt leaves an error in the
// server's log (docs/contracts/coder.md#6-providers-and-budgets).
import { cleanText } from '../findings/clean-text.ts'
import { getInstanceProtocol, type Protocol } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'
import type { Deployment } from './deployment-url.ts'
import type { HttpClient } from './http/types.ts'

/** A provider instance of the deployment. */
export type BridgeProviderInstance = {
	readonly name: string
	readonly displayName: string
	readonly type: string
	readonly protocol: Protocol
	readonly enabled: boolean
}

const instanceName = /^[a-z0-9]+(-[a-z0-9]+)*$/

/** The instances; null if the user may not list them or they are unknown. */
export async function listProviders(
	client: HttpClient,
	question: { readonly deployment: Deployment; readonly token: Secret },
	options: { signal?: AbortSignal | undefined } = {},
): Promise<BridgeProviderInstance[] | null> {
	const { origin } = question.deployment
	const result = await client.request({
		origin,
		path: '/api/v2/ai/providers',
		signal: options.signal,
		once: true,
		token: { secret: question.token, as: 'Coder-Session-Token' },
	})
	if (!result.ok || result.response.status !== 200) return null
	let list: unknown
	try {
		list = JSON.parse(result.response.text)
	} catch {
		return null
	}
	const entries = Array.isArray(list) ? list : (list as { providers?: unknown } | null)?.providers
	if (!Array.isArray(entries)) return null
	return entries.flatMap((entry: Record<string, unknown> | null) => {
		const name = typeof entry?.['name'] === 'string' ? entry['name'] : ''
		if (!entry || !instanceName.test(name) || name.length > 100) return []
		const type = typeof entry['type'] === 'string' ? cleanText(entry['type'], 40) : name
		const title = typeof entry['display_name'] === 'string' ? cleanText(entry['display_name'], 60) : ''
		return [
			{ name, type, displayName: title || name, protocol: protocolOfType(type), enabled: entry['enabled'] !== false },
		]
	})
}

/** anthropic and bedrock speak Anthropic's protocol, all others OpenAI's. */
function protocolOfType(type: string): Protocol {
	return getInstanceProtocol(type) ?? 'openai'
}
