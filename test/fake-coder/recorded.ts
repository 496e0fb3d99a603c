// Replays the answers that a real Coder server gave (test/fixtures/real-coder.json) through a real HTTP server. The
// format: answers of a case override those of `ok-api-token`; keys are `METHOD path`, with BRIDGE for either path of AI
// Bridge and the kind of the body behind; a list is the first, second, … answer, of which the last repeats.
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Secret } from '../../source/secrets/secret.ts'

type Answer = {
	readonly auth: string
	readonly status: number
	readonly headers: Readonly<Record<string, string>>
	readonly body: string
}

export type RecordedCase = {
	readonly case: string
	readonly state: string
	readonly deserves: {
		readonly write: string
		readonly exit: number
		readonly verdict: 'connected' | 'problems' | 'not-saved'
		readonly says: string
	}
	readonly recordedAt: string
	readonly allAnswersCarry: string
	readonly answers: Readonly<Record<string, readonly Answer[]>>
	readonly before?: {
		readonly request: string
		readonly everyBridgeAnswer: { status: number; headers: Record<string, string>; body: string }
	}
	readonly after?: { readonly request: string; readonly answers: Readonly<Record<string, readonly Answer[]>> }
	readonly limit?: { readonly bridgeRequestsPerSecond: number; readonly answer: Answer }
}

const file = new URL(process.env['RECORDED_CASES'] ?? '../fixtures/real-coder.json', import.meta.url)

export const recordedCases: readonly RecordedCase[] = JSON.parse(readFileSync(file, 'utf8'))

const healthy = recordedCases[0]!
/** In the form of a session token. */
const token = new Secret('Rx4kQ9mTz1-Lw8Xe2pQr5Ts9Yd4Nf6Gc1')

export type RecordedRequest = {
	readonly key: string
	readonly headers: IncomingMessage['headers']
	readonly body: string
}

export type RecordedServer = {
	readonly url: string
	readonly token: Secret
	/** Every request so far, as a key of the recording. */
	readonly requests: readonly RecordedRequest[]
	/** What the clock of the recording must be shifted by, in milliseconds. */
	close(): Promise<void>
}

const kinds = { '': '(empty)' } as const

/** The key of a request in the recording. */
function keyOf(method: string, path: string, body: string): string {
	const known = path
		.replace(/\?.*$/, '')
		.replace(/^\/api\/v2\/(?:aibridge|ai-gateway)/, 'BRIDGE')
		.replace(/\/keys\/[A-Za-z0-9]{10}$/, '/keys/{KEY_ID}')
		.replace(/\/__\w+__\//, '/__wizard__/')
	if (method !== 'POST') return `${method} ${known}`
	if (body === '') return `${method} ${known} ${kinds['']}`
	const isMessage = /"(?:input|messages)"/.test(body)
	return `${method} ${known} ${isMessage ? '(message)' : '(incomplete)'}`
}

/** Dates of the recording, moved so that they are as far from now as they were from the moment of the recording. */
function shiftDates(text: string, recordedAt: string, now: Date): string {
	const shift = now.getTime() - Date.parse(recordedAt)
	const moved = (moment: Date) => new Date(moment.getTime() + shift)
	return text
		.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, found => {
			const moment = new Date(found)
			return moment.getUTCFullYear() < 1970 ? found : moved(moment).toISOString()
		})
		.replace(
			/(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) \+0000 UTC/g,
			(_, day, time) =>
				`${moved(new Date(`${day}T${time}Z`))
					.toISOString()
					.replace('T', ' ')
					.replace('Z', '')} +0000 UTC`,
		)
}

/** Starts the server for one case on loopback. `accessUrl` is what `{ACCESS_URL}` names. */
export async function startRecorded(
	recorded: RecordedCase,
	options: { readonly accessUrl?: string; readonly now?: () => Date } = {},
): Promise<RecordedServer> {
	const now = options.now ?? (() => new Date())
	const requests: RecordedRequest[] = []
	const counts = new Map<string, number>()
	const sockets = new Set<Socket>()
	/** Times of the data-plane requests that weren't refused by the limit. */
	let lastBridgeRequest = Number.NEGATIVE_INFINITY
	let hasBeenAsked = false
	let answers: Record<string, readonly Answer[]> = { ...healthy.answers, ...recorded.answers }
	if (recorded.answers['*']) answers = { ...recorded.answers }
	if (recorded.allAnswersCarry === 'nothing' && !recorded.answers['*']) answers = { ...recorded.answers }
	let origin = ''

	function answer(request: IncomingMessage, body: string): Answer {
		const key = keyOf(request.method ?? 'GET', request.url ?? '/', body)
		requests.push({ key, headers: { ...request.headers }, body })
		if (key === recorded.before?.request) hasBeenAsked = true
		const isBridge = key.includes(' BRIDGE')
		if (isBridge && recorded.before && !hasBeenAsked) return { auth: '', ...recorded.before.everyBridgeAnswer }
		if (isBridge && recorded.limit) {
			const time = performance.now()
			if (time - lastBridgeRequest < 1000 / recorded.limit.bridgeRequestsPerSecond) return recorded.limit.answer
			lastBridgeRequest = time
		}
		const list = answers[key] ?? answers['*'] ?? fallback(recorded, key)
		const count = counts.get(key) ?? 0
		counts.set(key, count + 1)
		const found = list[Math.min(count, list.length - 1)]!
		if (key === recorded.after?.request) answers = { ...answers, ...recorded.after.answers }
		return found
	}

	function serve(request: IncomingMessage, response: ServerResponse, body: string): void {
		const { status, headers, body: text } = answer(request, body)
		const filled = (value: string) =>
			value
				.replaceAll('{ORIGIN}', origin)
				.replaceAll('{KEY_ID}', token.keyId ?? '')
				.replaceAll('{ACCESS_URL}', options.accessUrl ?? 'https://coder.example.com')
		const carried = recorded.allAnswersCarry === 'nothing' ? {} : { [recorded.allAnswersCarry]: 'v2.36.0' }
		const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)]))
		response.writeHead(status, { ...carried, ...own })
		response.end(shiftDates(filled(text), recorded.recordedAt, now()))
	}

	const server = createServer((request, response) => {
		const chunks: Buffer[] = []
		request.on('data', chunk => chunks.push(chunk))
		request.on('end', () => serve(request, response, Buffer.concat(chunks).toString('utf8')))
		request.on('error', () => response.destroy())
	})
	server.on('connection', socket => {
		sockets.add(socket)
		socket.on('close', () => sockets.delete(socket))
		socket.on('error', () => socket.destroy())
	})
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
	return {
		url: origin,
		token,
		requests,
		close: () =>
			new Promise(resolve => {
				server.close(() => resolve())
				for (const socket of sockets) socket.destroy()
			}),
	}
}

/** What wasn't recorded: an unknown path of Coder, or of a gateway. */
function fallback({ allAnswersCarry }: RecordedCase, key: string): readonly Answer[] {
	const isGateway = allAnswersCarry === 'nothing'
	return [
		isGateway
			? {
					auth: 'none',
					status: 400,
					headers: { 'content-type': 'text/plain; charset=utf-8' },
					body: 'no authentication key provided\n',
				}
			: {
					auth: 'none',
					status: 404,
					headers: { 'content-type': 'application/json; charset=utf-8' },
					body: key === '' ? '' : '{"message":"Route not found."}',
				},
	]
}
