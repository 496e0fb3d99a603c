// The token that is given with the call: through standard input or in a file, never as an argument.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { cleanToken, tokenFault } from '../coder/token-text.ts'
import { finding, Refusal } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { Secret } from '../secret.ts'
import type { TokenAnswer } from '../setup/offer-tokens.ts'
import type { TokenFrom } from './options.ts'

/** More than any token with what is pasted around it. */
const mostBytes = 65_536

/** Reads, cleans and looks at the form of a given token. Throws Refusal. */
export async function readToken(host: Host, from: TokenFrom): Promise<TokenAnswer> {
	const bytes =
		from.kind === 'stdin' ? await readInput(host) : await readTokenFile(resolve(host.workingFolder, from.path))
	const { text } = cleanToken(decode(bytes))
	const fault = tokenFault(text)
	if (fault) throw new Refusal(fault)
	return { secret: new Secret(text), from: from.kind === 'stdin' ? 'from standard input' : 'from --token-file' }
}

async function readInput(host: Host): Promise<Buffer> {
	const chunks: Buffer[] = []
	let length = 0
	for await (const chunk of host.stdin) {
		const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer)
		chunks.push(bytes)
		length += bytes.length
		// An endless input is no token; what came so far is told as none.
		if (length > mostBytes) break
	}
	return Buffer.concat(chunks)
}

async function readTokenFile(path: string): Promise<Buffer> {
	try {
		return (await readFile(path)).subarray(0, mostBytes)
	} catch (error) {
		const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
		throw new Refusal(finding('file-not-readable', 'arguments', { option: '--token-file', path, problem: code }))
	}
}

/** PowerShell writes UTF-16 with a byte order mark into files and pipes. */
function decode(bytes: Buffer): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le')
	return bytes.toString('utf8')
}
