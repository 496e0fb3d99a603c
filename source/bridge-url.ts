// Recognises the base URL of an AI Bridge. It stands apart so that both sides, the deployment's and Mux's, can use it.

/** The deployment's path for AI Bridge (coder-contract, section 5). */
export type Route = '/api/v2/aibridge' | '/api/v2/ai-gateway'

export type Bridge = {
	/** Scheme, host and port: `https://coder.example.com`. */
	readonly origin: string
	readonly route: Route
	/** Name of the provider instance in the URL: `openai`, `anthropic`, or the deployment's own name for one. */
	readonly instance: string
}

/** What bridge a base URL points at, or null: `<origin><route>/<instance>[/v1]`, with any number of slashes at its end. */
export function parseBridgeUrl(baseUrl: string | null | undefined): Bridge | null {
	if (!baseUrl || !URL.canParse(baseUrl)) return null
	const url = new URL(baseUrl)
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
	if (url.search !== '' || url.hash !== '') return null
	const found = /^(\/api\/v2\/(?:aibridge|ai-gateway))\/([^/]+)(?:\/v1)?\/*$/.exec(url.pathname)
	if (!found) return null
	return { origin: url.origin, route: found[1] as Route, instance: decoded(found[2] ?? '') }
}

function decoded(segment: string): string {
	try {
		return decodeURIComponent(segment)
	} catch {
		return segment
	}
}
