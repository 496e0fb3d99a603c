// Reads the token that is passed through stdin or in a file; never from an argument.
import { cleanToken, validateToken } from '../coder/token-format.ts'
import { finding, UserError } from '../findings/finding.ts'
import { type Runtime, resolvePath } from '../runtime/runtime.ts'
import { Secret } from '../secrets/secret.ts'
import type { TokenChoice } from '../setup/token-options.ts'
import type { TokenInput } from './invocation.ts'

/** More than any token with the text that is copied along with it. */
const mostBytes = 131_072

/** A token from stdin or a file. `file` is set if the file contains nothing else, so that a shell can read it there. */
export type TokenFromArgs = TokenChoice & { readonly file?: string }

export type ReadOptions = {
	/** Origin of the deployment whose page shows tokens, for the remedies. */
	readonly origin?: string | undefined
	readonly signal?: AbortSignal | undefined
}

/** Reads, cleans and validates the token. Throws a UserError that contains nothing of what was read. */
export async function readToken(runtime: Runtime, from: TokenInput, options: ReadOptions = {}): Promise<TokenFromArgs> {
	const path = from.kind === 'file' ? resolvePath(runtime, from.path) : null
	const bytes = path === null ? await readInput(runtime, options.signal) : await readTokenFile(path, options.signal)
	const provided = decode(bytes)
	const { text } = cleanToken(provided)
	const source = path ?? 'standard input'
	if (text === '') throw new UserError(finding('token-empty', 'token', { source, origin: options.origin }))
	const fault = validateToken(text, options.origin)
	if (fault) throw new UserError(fault)
	return {
		secret: new Secret(text),
		from: path === null ? 'from standard input' : 'from --token-file',
		...(path !== null && provided.trim() === text ? { file: path } : {}),
	}
}

async function readInput(runtime: Runtime, signal?: AbortSignal): Promise<Buffer> {
	// Text typed at a terminal would be visible.
	if (runtime.stdin.isTTY) throw new UserError(finding('token-stdin-is-terminal', 'arguments'))
	return readAll(runtime.stdin, signal)
}

async function readTokenFile(path: string, signal?: AbortSignal): Promise<Buffer> {
	try {
		return await readFromPath(path, signal)
	} catch (error) {
		if (error instanceof UserError) throw error
		const { code = 'unknown' } = error as NodeJS.ErrnoException
		const cause = causes[code] ?? `the system refused it (${code})`
		throw new UserError(finding('file-not-readable', 'arguments', { option: '--token-file', path, cause }))
	}
}

/**
 * Reads a file synchronously: streams take Node longer to load than everything else here. For a pipe such as
 * `<(command)`, waiting for its other end must not keep the program from exiting.
 */
async function readFromPath(path: string, signal?: AbortSignal): Promise<Buffer> {
	const { closeSync, constants, createReadStream, fstatSync, openSync, readSync } = await import('node:fs')
	const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
	const state = fstatSync(fd)
	if (state.isFile() || state.isDirectory()) {
		try {
			const bytes = Buffer.alloc(mostBytes)
			let length = 0
			for (let more = -1; more !== 0 && length < mostBytes; length += more) {
				more = readSync(fd, bytes, length, mostBytes - length, null)
			}
			return bytes.subarray(0, length)
		} finally {
			closeSync(fd)
		}
	}
	if (state.isFIFO()) {
		const { Socket } = await import('node:net')
		return readAll(new Socket({ fd, readable: true, writable: false }), signal)
	}
	const { isatty } = await import('node:tty')
	if (isatty(fd)) throw new UserError(finding('token-stdin-is-terminal', 'arguments'))
	return readAll(createReadStream(path, { fd, end: mostBytes }), signal)
}

const causes: Readonly<Record<string, string>> = {
	ENOENT: "the file doesn't exist",
	ENOTDIR: "the file doesn't exist",
	EACCES: 'you have no permission to read it',
	EPERM: 'you have no permission to read it',
	EISDIR: "it's a directory",
}

/** Reads a stream up to a limit: an endless input isn't a token, and what was read so far is reported as none. */
function readAll(stream: NodeJS.ReadableStream & { destroy?(): unknown }, signal?: AbortSignal): Promise<Buffer> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = []
		let length = 0
		const settle = (done: () => void) => {
			signal?.removeEventListener('abort', stop)
			stream.removeAllListeners('data')
			stream.pause()
			done()
		}
		const stop = () => settle(() => reject(new UserError(finding('cancelled', 'token'))))
		if (signal?.aborted) return stop()
		signal?.addEventListener('abort', stop, { once: true })
		stream.on('data', (chunk: Buffer | string) => {
			const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
			chunks.push(bytes)
			length += bytes.length
			if (length >= mostBytes) settle(() => resolve(Buffer.concat(chunks)))
		})
		stream.once('end', () => settle(() => resolve(Buffer.concat(chunks))))
		stream.once('error', error => settle(() => reject(error)))
	})
}

/** PowerShell writes UTF-16 to files and pipes, with or without a byte order mark. */
function decode(bytes: Buffer): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le')
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return swapped(bytes.subarray(2))
	if (bytes.length > 1 && bytes[0] !== 0 && bytes[1] === 0) return bytes.toString('utf16le')
	if (bytes.length > 1 && bytes[0] === 0 && bytes[1] !== 0) return swapped(bytes)
	return bytes.toString('utf8')
}

function swapped(bytes: Buffer): string {
	return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
		.swap16()
		.toString('utf16le')
}
