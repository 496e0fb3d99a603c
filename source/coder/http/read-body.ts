// Reads the body of a response, with a limit on everything that is received.
import type { IncomingMessage } from 'node:http'
import type { Limits } from './types.ts'

export class TooBig extends Error {
	/** Describes which limit was exceeded. */
	readonly limit: string

	constructor(limit: string) {
		super('too big')
		this.limit = limit
	}
}

/**
 * Reads at most what the limits allow: an error or a page is cut off, a successful response that is too long is TooBig.
 */
export async function readBody(response: IncomingMessage, limits: Limits): Promise<string> {
	const requested = response.statusCode === 200 || response.statusCode === 201
	const page = /html/i.test(response.headers['content-type'] ?? '')
	const most = requested && !page ? limits.bodyBytes : limits.errorBytes
	return await new Promise((resolve, reject) => {
		const chunks: Buffer[] = []
		let size = 0
		let values = 0
		response.on('data', (chunk: Buffer) => {
			const room = most - size
			chunks.push(room < chunk.length ? chunk.subarray(0, room) : chunk)
			size += chunk.length
			if (requested && !page) {
				values += valuesIn(chunk)
				if (size <= most && values <= limits.bodyValues) return
				response.destroy()
				return reject(new TooBig(size > most ? inMegabytes(most) : `${limits.bodyValues} values`))
			}
			if (size <= most) return
			response.destroy()
			resolve(Buffer.concat(chunks).toString('utf8'))
		})
		response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
		response.on('error', reject)
		response.on('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
	})
}

/**
 * An upper bound for the number of JSON values that begin in these bytes: commas, braces and brackets, including those
 * in strings.
 */
function valuesIn(chunk: Buffer): number {
	let count = 0
	for (const byte of chunk) if (byte === 0x2c || byte === 0x7b || byte === 0x5b) count++
	return count
}

function inMegabytes(bytes: number): string {
	return `${Math.round(bytes / 1024 / 1024) || 1} MB`
}
