// The formats in which a Coder deployment, an upstream provider and a proxy in front respond (docs/contracts/coder.md).
import type { Protocol } from '../providers.ts'

/** A complete response. `fromCoder: false` omits the deployment's own header: something in front has responded. */
export type DemoResponse = {
	readonly status: number
	readonly headers: Readonly<Record<string, string | readonly string[]>>
	readonly body: string
	readonly fromCoder: boolean
}

/** A response, or a fault of the connection that an interceptor makes. */
export type DemoReaction = DemoResponse | { readonly trouble: string }

/** JSON as REST calls and the outer middleware send it. */
export function jsonResponse(status: number, value: unknown, headers: DemoResponse['headers'] = {}): DemoResponse {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
		body: `${JSON.stringify(value)}\n`,
		fromCoder: true,
	}
}

/** An error of REST: `{message, detail?, validations?}`. */
export function errorResponse(
	status: number,
	message: string,
	detail?: string,
	headers: DemoResponse['headers'] = {},
): DemoResponse {
	return jsonResponse(status, detail === undefined ? { message } : { message, detail }, headers)
}

/** An error of the data plane: plain text with a final newline. */
export function textResponse(status: number, line: string): DemoResponse {
	return {
		status,
		headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
		body: `${line}\n`,
		fromCoder: true,
	}
}

/** An HTML page of the dashboard. */
export function htmlResponse(title: string, content = ''): DemoResponse {
	return {
		status: 200,
		headers: { 'content-type': 'text/html; charset=utf-8' },
		body: `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><div id="root">${content}</div></body></html>\n`,
		fromCoder: true,
	}
}

/** A redirect with Go's small HTML body. */
export function redirect(status: number, location: string, fromCoder = true): DemoResponse {
	return {
		status,
		headers: { location, 'content-type': 'text/html; charset=utf-8' },
		body: `<a href="${location}">Moved</a>.\n\n`,
		fromCoder,
	}
}

/** An error of the upstream provider, in its own format, as the bridge passes it on. */
export function upstreamError(protocol: Protocol, status: number, kind: string, message: string): DemoResponse {
	const value =
		protocol === 'anthropic'
			? { type: 'error', error: { type: kind, message }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' }
			: { error: { message, type: kind, param: null, code: kind } }
	return {
		status,
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(value),
		fromCoder: true,
	}
}

/** The path that the data plane's own messages name: without the route before it. */
export function withoutRoute(path: string): string {
	return path.replace(/^\/api\/v2\/(?:aibridge|ai-gateway)/, '').replace(/\?.*$/, '') || '/'
}
