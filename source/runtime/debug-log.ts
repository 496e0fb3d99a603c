// The log of `--debug`: what the program did, fit for sharing. Secrets never reach it, and every line is cleaned and
// masked once more; with `--anonymize`, host names are replaced.
import { openSync, writeSync } from 'node:fs'
import { cleanText } from '../findings/clean-text.ts'
import { finding, UserError } from '../findings/finding.ts'
import type { DebugDetails, Runtime } from './runtime.ts'

export type DebugOptions = {
	readonly version: string
	/** Absolute path; by default the log goes to stderr. */
	readonly file?: string | undefined
	readonly anonymize: boolean
	/** Keeps lines for stderr until `flush`: they would appear in the middle of a frame. */
	readonly held?: boolean
}

export type DebugLog = {
	write(step: string, details?: DebugDetails): void
	/** Prints what was kept; from then on, lines are printed at once. */
	flush(): void
}

/** Starts the log. Throws a UserError if its file can't be written. */
export function startDebugLog(
	runtime: Runtime,
	{ version, file, anonymize, held: isHeld = false }: DebugOptions,
): DebugLog {
	const fd = file === undefined ? null : openLog(file)
	const started = runtime.now().getTime()
	const { homeDir } = runtime
	const mask = anonymize ? createHostMask(runtime.hostname) : (text: string) => text
	let held: string[] | null = isHeld ? [] : null
	const emit = (line: string) => {
		if (fd !== null) writeSync(fd, line)
		else if (held) held.push(line)
		else runtime.stderr.write(line)
	}
	const log: DebugLog = {
		write(step, details = {}) {
			const seconds = ((runtime.now().getTime() - started) / 1000).toFixed(3)
			const values = Object.entries(details).flatMap(([name, value]) =>
				value === undefined || value === null
					? []
					: [`${name}=${homeDir.length > 1 ? String(value).replaceAll(homeDir, '~') : value}`],
			)
			emit(`debug ${seconds} ${mask(cleanText([step, ...values].join(' '), 500))}\n`)
		},
		flush() {
			const lines = held ?? []
			held = null
			for (const line of lines) emit(line)
		},
	}
	log.write('start', {
		version,
		node: process.version,
		platform: `${runtime.platform}-${process.arch}`,
		time: new Date(started).toISOString(),
		variables: Object.keys(runtime.env)
			.filter(name => relevantVariables.test(name))
			.sort()
			.join(','),
	})
	return log
}

/** Variables that change what the program does. Only their names are logged. */
const relevantVariables =
	/^(?:CODER|MUX|XUM|OPENAI|ANTHROPIC)_|^(?:https?|no|all)_proxy$|^(?:NODE_EXTRA_CA_CERTS|NODE_OPTIONS|CI|TERM|SSH_CONNECTION)$/i

function openLog(path: string): number {
	try {
		return openSync(path, 'w', 0o600)
	} catch (error) {
		const { code = 'unknown' } = error as NodeJS.ErrnoException
		throw new UserError(finding('debug-file-unwritable', 'arguments', { path, code }))
	}
}

/** Replaces hosts by `host-1`, `host-2`: this machine's, those of URLs, and from then on the same names anywhere. */
function createHostMask(ownName: string): (text: string) => string {
	const hosts = new Map<string, string>()
	const add = (host: string) => hosts.get(host) ?? hosts.set(host, `host-${hosts.size + 1}`).get(host)!
	if (ownName !== '') add(ownName)
	return text => {
		for (const [, host] of text.matchAll(/\bhttps?:\/\/(?:[^@/\s]*@)?(\[[^\]\s]*\]|[^:/?#\s]+)/g)) add(host!)
		// The longest first: a name may be part of another.
		const known = [...hosts].sort(([one], [other]) => other.length - one.length)
		return known.reduce((masked, [host, name]) => masked.replaceAll(host, name), text)
	}
}
