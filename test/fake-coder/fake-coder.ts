// The demo deployment with failures added to it: every way in which a deployment, its token or the line can fail.
import type { ServerResponse } from 'node:http'
import {
	type CheckPlace,
	type DemoRequestContext,
	type Demo as HealthyDemo,
	type DemoOptions as HealthyOptions,
	type Interceptor,
	startDemo as startHealthyDemo,
} from '../../source/demo/deployment.ts'
import { type FailureMode, type FailureModeName, failureModes, type TransportFailure } from './failure-modes.ts'

export type { DemoProvider, DemoRequest, DemoTokenSpec, DemoUser } from '../../source/demo/deployment.ts'
export { formatGoDuration } from '../../source/demo/deployment.ts'
export { type FailureModeName, failureModes } from './failure-modes.ts'

/** Sent by the slow and endless bodies before they begin. */
const STREAM_HEADERS = { 'content-type': 'application/json; charset=utf-8' }

/** One failure, for all matching requests or for some. */
export type FailureRule =
	| FailureModeName
	| {
			mode: FailureModeName
			/** Only this provider instance of the data plane. */
			provider?: string
			/** Only paths that contain this text. */
			path?: string
			/** Only the first matching requests, this many. */
			times?: number
			/** Seconds in `Retry-After`, instead of the mode's own value. */
			retryAfter?: number | string
	  }

export type DemoOptions = Omit<HealthyOptions, 'interceptor'> & { failures?: readonly FailureRule[] }

export type Demo = HealthyDemo & {
	/** Replaces all failures; without arguments the deployment is healthy again. */
	setFailure(...failures: (FailureRule | null)[]): void
}

/** Starts a demo deployment with failures on loopback. */
export async function startDemo({ failures: initial = [], ...options }: DemoOptions = {}): Promise<Demo> {
	let failures = active(initial)
	const demo = await startHealthyDemo({ ...options, interceptor: createInterceptor(() => failures) })
	return {
		...demo,
		setFailure: (...next) => {
			failures = active(next)
		},
	}
}

type ActiveFailure = Exclude<FailureRule, string>

function active(failures: readonly (FailureRule | null)[]): ActiveFailure[] {
	return failures.flatMap(one => (one === null ? [] : [typeof one === 'string' ? { mode: one } : { ...one }]))
}

function createInterceptor(getFailures: () => ActiveFailure[]): Interceptor {
	const modes = () => getFailures().map(one => failureModes[one.mode] as FailureMode)
	return {
		answer(place, context) {
			const failed = findFailure(getFailures(), place, context)
			if (!failed?.row.reply) return undefined
			const { row, retryAfter } = failed
			return {
				isTokenGood: row.dataPlane === 'good',
				reply() {
					const answer = row.reply!(context)
					if (retryAfter === undefined || 'trouble' in answer) return answer
					return { ...answer, headers: { ...answer.headers, 'retry-after': String(retryAfter) } }
				},
			}
		},
		build: () => modes().find(row => row.at === 'build') ?? {},
		license() {
			const names = getFailures().map(one => one.mode)
			if (names.some(name => name.startsWith('no-license'))) return 'not_entitled'
			return names.includes('switched-off') ? 'switched-off' : 'entitled'
		},
		breakLine: (trouble, response, timers) => makeTrouble(trouble as TransportFailure, response, timers),
	}
}

/** The failure at this place that matches the request; a counted one is used up by one. */
function findFailure(failures: ActiveFailure[], place: CheckPlace, context: DemoRequestContext) {
	for (const one of failures) {
		const row: FailureMode = failureModes[one.mode]
		if (row.at !== place || one.times === 0) continue
		if (one.provider !== undefined && one.provider !== context.instance) continue
		if (one.path !== undefined && !context.path.includes(one.path)) continue
		if (one.times !== undefined) one.times -= 1
		return { row, retryAfter: one.retryAfter }
	}
	return undefined
}

/** Transport failures: the connection or the body breaks. */
function makeTrouble(trouble: TransportFailure, response: ServerResponse, timers: Set<NodeJS.Timeout>): void {
	const socket = response.socket
	switch (trouble) {
		case 'no-response':
			return
		case 'reset':
			// A TLS socket can't be reset: it is destroyed without a closing handshake.
			if (!socket || 'encrypted' in socket) socket?.destroy()
			else socket.resetAndDestroy()
			return
		case 'not-http':
			socket?.end('220 mail.example.com ESMTP ready\r\n')
			return
		case 'cut-body':
			response.writeHead(200, { ...STREAM_HEADERS, 'content-length': '4096' })
			response.write('{"version": "v2.36', () => socket?.destroy())
			return
		case 'slow-drip': {
			response.writeHead(200, STREAM_HEADERS)
			const timer = setInterval(() => response.write(' '), 100)
			timers.add(timer)
			response.on('close', () => {
				clearInterval(timer)
				timers.delete(timer)
			})
			return
		}
		case 'endless-body': {
			response.writeHead(200, STREAM_HEADERS)
			const chunk = ' '.repeat(65_536)
			const pour = () => {
				while (!response.destroyed && response.write(chunk)) {
					// Until the client stops reading.
				}
			}
			response.on('drain', pour)
			pour()
			return
		}
		case 'huge-body':
			response.writeHead(200, STREAM_HEADERS)
			response.end(`{"version": "${'x'.repeat(10_000_000)}"}`)
			return
		case 'many-headers': {
			const headers = Object.fromEntries(
				Array.from({ length: 1000 }, (_, index) => [`x-filler-${index}`, 'x'.repeat(40)]),
			)
			response.writeHead(200, { ...STREAM_HEADERS, ...headers })
			response.end('{"version": "v2.36.0"}')
			return
		}
	}
}
