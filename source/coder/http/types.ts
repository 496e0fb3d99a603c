// What the HTTP client takes and returns.
import type { IncomingHttpHeaders } from 'node:http'
import type { Finding } from '../../findings/finding.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { Secret } from '../../secrets/secret.ts'

/** Times in milliseconds, sizes in bytes. */
export type Limits = {
	/** For one response, from the first byte sent to the last one received. */
	readonly responseMs: number
	/**
	 * The same for a user's first data-plane call, which can be slow
	 * (docs/contracts/coder.md#52-how-to-read-the-result).
	 */
	readonly firstCallMs: number
	/** For a message that a model answers. */
	readonly answerMs: number
	/** Before the second and the third attempt. */
	readonly pausesMs: readonly number[]
	/** The longest `Retry-After` that is honored. */
	readonly maxRetryAfterMs: number
	/** Of a successful response. */
	readonly bodyBytes: number
	/**
	 * The approximate number of values in a successful response: two megabytes of `{},` grow to hundreds once parsed as
	 * JSON.
	 */
	readonly bodyValues: number
	/** Of an error or a web page: the rest is cut off. */
	readonly errorBytes: number
}

/**
 * How a token is sent: REST takes the first, the data plane one of the others
 * (docs/contracts/coder.md#41-authentication).
 */
export type TokenHeader = 'Coder-Session-Token' | 'Authorization' | 'X-Api-Key'

export type RequestOptions = {
	/** Scheme, host and port. */
	readonly origin: string
	/** Path with its query, starting with a slash. */
	readonly path: string
	readonly method?: 'GET' | 'POST' | 'DELETE'
	readonly token?: { readonly secret: Secret; readonly as: TokenHeader }
	readonly headers?: Readonly<Record<string, string>>
	/** Sent as JSON. */
	readonly body?: unknown
	readonly signal?: AbortSignal | undefined
	/** Instead of `limits.responseMs`. */
	readonly limitMs?: number
	/** Don't retry. */
	readonly once?: boolean
	/** Certificate authorities (PEM) instead of the client's own; such a request carries no token. */
	readonly ca?: string[]
}

/** A response of any status. `text` is cut at the client's limits. */
export type HttpResponse = {
	readonly status: number
	readonly path: string
	readonly headers: IncomingHttpHeaders
	readonly text: string
	/** The token that the request carried: masked wherever the response repeats it, once its text is decoded. */
	readonly sent?: Secret
}

/** A response of any status, or the reason why there is none. */
export type RequestResult =
	| { readonly ok: true; readonly response: HttpResponse }
	| { readonly ok: false; readonly finding: Finding }

export type HttpClient = {
	readonly runtime: Runtime
	readonly limits: Limits
	/** Locations of the system's certificate store that are tried when Node.js doesn't accept a chain. */
	readonly systemStores: readonly string[] | undefined
	/** Origins that have identified themselves as Coder: a token goes to no other. */
	readonly deployments: Set<string>
	/**
	 * Sends a request, and retries it if that may help. Never throws for what the network or the server does. Before a
	 * token is sent to an origin that hasn't identified itself as Coder, the origin is probed without the token.
	 */
	request(requestOptions: RequestOptions): Promise<RequestResult>
	/** The proxy for this origin, without its password; null for a direct connection. */
	proxyOf(origin: string): { readonly name: string; readonly variable: string } | null
	/** Closes all connections. */
	close(): void
}

export type HttpClientOptions = {
	/** PEM file of certificate authorities, in addition to Node's own and NODE_EXTRA_CA_CERTS (`--ca-file`). */
	readonly caFile?: string | undefined
	readonly limits?: Partial<Limits>
	readonly systemStores?: readonly string[]
}

/** Whether an origin is a Coder deployment: null, or the finding that says what it is. */
export type Identify = (client: HttpClient, origin: string, signal: AbortSignal | undefined) => Promise<Finding | null>
