// The models that a provider lists, only on request: the request can do harm on some releases
// (docs/contracts/coder.md#51-requests-and-what-they-reveal).
import { cleanText } from '../findings/clean-text.ts'
import { type ProviderTarget, protocols } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'
import type { HttpClient, HttpResponse } from './http/types.ts'
import { isHtml, parseJsonBody, textOf } from './interpret-response.ts'

/** More models than any provider offers. */
const maxModels = 5_000

export type ModelsQuestion = {
	/** Where the data plane is, without a slash at its end: `https://coder.example.com/api/v2/aibridge`. */
	readonly origin: string
	readonly basePath: string
	readonly token: Secret
	readonly target: ProviderTarget
	readonly signal?: AbortSignal | undefined
}

/** The models; null if the provider lists none. Anthropic's list comes in pages, of which two are read. */
export async function listModels(client: HttpClient, question: ModelsQuestion): Promise<readonly string[] | null> {
	const first = await fetchPage(client, question, '')
	if (!first?.more) return first?.models ?? null
	const next = await fetchPage(client, question, `?limit=1000&after_id=${encodeURIComponent(first.more)}`)
	return [...new Set([...first.models, ...(next?.models ?? [])])]
}

async function fetchPage(client: HttpClient, question: ModelsQuestion, query: string) {
	const { origin, basePath, token, target, signal } = question
	const { tokenHeader, headers } = protocols[target.protocol]
	const result = await client.request({
		origin,
		path: `${basePath}/${encodeURIComponent(target.instance)}/v1/models${query}`,
		signal,
		token: { secret: token, as: tokenHeader },
		headers,
	})
	return result.ok ? readModels(result.response) : null
}

/** The ids in OpenAI's and Anthropic's lists, cleaned; `more` is the last id of a first page. */
export function readModels(response: HttpResponse): { models: string[]; more: string | null } | null {
	const json = response.status === 200 && !isHtml(response) ? parseJsonBody(response) : null
	const data = json?.['data']
	if (!json || !Array.isArray(data)) return null
	const ids = data
		.slice(0, maxModels)
		.map(entry => (entry !== null && typeof entry === 'object' ? textOf((entry as { id?: unknown }).id) : ''))
		.map(id => cleanText(id, 100))
		.filter(Boolean)
	const last = json['has_more'] === true ? textOf(json['last_id']) : ''
	return { models: [...new Set(ids)], more: last || null }
}
