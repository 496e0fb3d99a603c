// Recognizes the base URL of an AI Bridge. A module of its own because both the deployment side and the Mux side need
// it.

/** The path of AI Bridge on the deployment (docs/contracts/coder.md#12-api-paths). */
export type Route = '/api/v2/aibridge' | '/api/v2/ai-gateway'

export type Bridge = {
	/** Scheme, host and port: `https://coder.example.com`. */
	readonly origin: string
	readonly route: Route
	/** Name of the provider instance in the URL: `openai`, `anthropic`, or a name that the deployment chose. */
	readonly instance: string
}

/**
 * Parses a base URL of the form `<origin><route>/<instance>[/v1]` with any number of trailing slashes; null for any
 * other URL.
 */
export function parseBridgeUrl(baseUrl: string | null | undefined): Bridge | null {
	if (!baseUrl || !URL.canParse(baseUrl)) return null
	const url = new URL(baseUrl)
	if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
	if (url.search !== '' || url.hash !== '') return null
	const found = /^(\/api\/v2\/(?:aibridge|ai-gateway))\/([^/]+)(?:\/v1)?\/*$/.exec(url.pathname)
	if (!found) return null
	return { origin: url.origin, route: found[1] as Route, instance: decoded(found[2] ?? '') }
}

/** A segment that isn't a name stays encoded: it may decode to control characters, which end up in export lines. */
function decoded(segment: string): string {
	if (/^[\w-]+$/.test(segment)) return segment
	try {
		const name = decodeURIComponent(segment)
		return /[\p{C}\p{Zl}\p{Zp}/]/u.test(name) ? segment : name
	} catch {
		return segment
	}
}
