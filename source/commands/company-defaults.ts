// The company's file of defaults: values for options that nobody has to type then. An administrator writes it, and only
// a file that nobody else can write is read, because it says where a token goes.
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import type { ProofMethod } from '../coder/check.ts'
import { parseDeployment } from '../coder/deployment-url.ts'
import { cleanText } from '../findings/clean-text.ts'
import { isUrl } from '../findings/copyable.ts'
import { type SupportContact, setSupportContact } from '../findings/describe.ts'
import { type Finding, finding } from '../findings/finding.ts'
import type { ProviderTarget } from '../providers.ts'
import type { CompanyFile } from '../runtime/company-file.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { looksLikeCredential, redactArgument } from '../secrets/redact.ts'
import type { CompanyInfo } from '../setup/config.ts'
import { type Invocation, isNonInteractive } from './invocation.ts'
import { proofMethods } from './options.ts'
import { readProvider } from './parse-arguments.ts'
import { parseLifetimeSeconds } from './parse-lifetime.ts'

const maxBytes = 65_536

export type CompanyDefaults = Omit<CompanyInfo, 'namesProviders'> & {
	readonly path: string
	readonly providers?: readonly ProviderTarget[]
	readonly caFile?: string
	/** In seconds, and as written. */
	readonly lifetime?: { readonly seconds: number; readonly text: string }
	readonly proof?: ProofMethod
	readonly support?: SupportContact
}

/** Reads the file, and shows its support contact from then on. Returns what adds its values to the arguments. */
export function installCompanyDefaults(runtime: Runtime, file: CompanyFile): (invocation: Invocation) => Invocation {
	const defaults = loadCompanyDefaults(runtime, file)
	setSupportContact(defaults.support ?? null)
	return invocation => withCompanyDefaults(invocation, defaults)
}

/** Reads the file. Never throws for what is in it: that becomes a warning. */
export function loadCompanyDefaults(
	runtime: Pick<Runtime, 'platform'>,
	{ path, isNamed }: CompanyFile,
): CompanyDefaults {
	const from = `from ${path}`
	const text = readTrusted(path, runtime.platform, isNamed ? process.geteuid?.() : undefined)
	if (typeof text === 'string') return parseDefaults(path, from, text)
	return { path, from, findings: [finding('company-defaults-ignored', 'environment', { path, why: text.why })] }
}

/**
 * The text of a file that only root can replace, or why it isn't read. A user who names the file by the variable may
 * own it too. On Windows there are no owners and modes to compare.
 */
function readTrusted(path: string, platform: NodeJS.Platform, user: number | undefined): string | { why: string } {
	const isOwner = (uid: number) => uid === 0 || uid === user
	let fd: number | undefined
	try {
		fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
		const stats = fstatSync(fd)
		if (!stats.isFile()) return { why: "It isn't a regular file" }
		if (stats.size > maxBytes) return { why: "It's larger than 64 KiB" }
		if (platform !== 'win32') {
			if (!isOwner(stats.uid)) return { why: `It belongs to user ${stats.uid}, not to root` }
			if (stats.mode & 0o022) return { why: 'Other users can write it' }
			const directory = [...listParents(path), ...listParents(realpathSync(path))].find(parent => {
				const { uid, mode } = statSync(parent)
				// In a sticky directory such as /tmp, others can't replace the file.
				return !isOwner(uid) || (mode & 0o022 && !(mode & 0o1000))
			})
			if (directory) return { why: `Other users can replace it, because they can write ${directory}` }
		}
		return readFileSync(fd, 'utf8')
	} catch (error) {
		const { code = 'unknown' } = error as NodeJS.ErrnoException
		return { why: code === 'ENOENT' || code === 'ENOTDIR' ? "The file doesn't exist" : `It can't be read (${code})` }
	} finally {
		if (fd !== undefined) closeSync(fd)
	}
}

function listParents(path: string): string[] {
	const parent = dirname(path)
	return parent === path ? [] : [parent, ...listParents(parent)]
}

type Fields = Readonly<Record<string, unknown>>

/** Reads the known fields, each on its own: one that is invalid is a warning, and the others still count. */
function parseDefaults(path: string, from: string, text: string): CompanyDefaults {
	const findings: Finding[] = []
	const reject = (field: string | undefined, problem: string): undefined => {
		findings.push(finding('company-defaults-invalid', 'environment', { path, field, problem }))
		return undefined
	}
	const fields = parseObject(text)
	if (!fields) reject(undefined, "It isn't a JSON object")
	const read = <Value>(field: string, parse: (value: unknown) => Value | string): Value | undefined => {
		const value = fields?.[field]
		if (value === undefined || value === null) return undefined
		const parsed = parse(value)
		return typeof parsed === 'string' ? reject(field, parsed) : parsed
	}
	const url = read('url', value => {
		const parsed = typeof value === 'string' ? parseDeployment(value) : null
		return parsed?.ok ? { origin: parsed.deployment.origin } : "It isn't a valid Coder URL"
	})
	const caFile = read('caFile', value =>
		typeof value === 'string' && isAbsolute(value) ? { path: value } : "It isn't an absolute path",
	)
	const proof = read('proof', value => {
		const method = proofMethods.find(known => known === value)
		return method ? { method } : `The choices are: ${proofMethods.join(', ')}`
	})
	return {
		path,
		from,
		findings,
		...(url ? { url: url.origin } : {}),
		...(caFile ? { caFile: caFile.path } : {}),
		...(proof ? { proof: proof.method } : {}),
		...defined('providers', read('providers', parseProviders)),
		...defined('lifetime', read('lifetime', parseLifetime)),
		...defined('support', read('support', parseSupport)),
	}
}

function defined<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
	return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
}

function parseObject(text: string): Fields | null {
	try {
		const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null
	} catch {
		return null
	}
}

function parseProviders(value: unknown): ProviderTarget[] | string {
	if (!Array.isArray(value) || value.length === 0) return "It isn't a list of provider names"
	const targets: ProviderTarget[] = []
	for (const name of value) {
		const target =
			typeof name === 'string' && !looksLikeCredential(name) ? readProvider(name.trim().toLowerCase()) : null
		if (!target) return `${redactArgument(String(name))} isn't a valid provider name`
		targets.push(target)
	}
	return targets
}

function parseLifetime(value: unknown): { seconds: number; text: string } | string {
	const seconds = typeof value === 'string' ? parseLifetimeSeconds(value) : null
	return seconds === null ? "It isn't a lifetime such as 30d" : { seconds, text: String(value).trim() }
}

function parseSupport(value: unknown): SupportContact | string {
	const { text, url } = (typeof value === 'object' ? value : {}) as Fields
	const shown = typeof text === 'string' ? cleanText(text, 200) : ''
	const link = typeof url === 'string' ? cleanText(url, 300) : ''
	if (link !== '' && !isUrl(link)) return 'Its url is not an address that starts with https://'
	if (shown === '' && link === '') return 'It has neither a text nor a url'
	return { ...(shown === '' ? {} : { text: shown }), ...(link === '' ? {} : { url: link }) }
}

/** The invocation with the company's values where no option was given, and a note that says which those are. */
export function withCompanyDefaults(invocation: Invocation, company: CompanyDefaults): Invocation {
	if (invocation.command !== 'configure' && invocation.command !== 'check') return invocation
	if (invocation.command === 'configure' && invocation.demo) return invocation
	const used: string[] = []
	const take = <Value>(own: Value | undefined, value: Value | undefined, shown: string): Value | undefined => {
		if (own !== undefined || value === undefined) return own
		used.push(shown)
		return value
	}
	const { providers, lifetime } = company
	const named = invocation.providers.length > 0 ? invocation.providers : undefined
	const values = {
		providers: take(named, providers, `providers ${providers?.map(describeTarget).join(', ')}`) ?? [],
		...defined('caFile', take(invocation.caFile, company.caFile, `CA file ${company.caFile}`)),
		...defined('proof', take(invocation.proof, company.proof, `proof by ${company.proof}`)),
	}
	// Only the wizard and --create-token create a token.
	const seconds =
		invocation.command === 'configure' && (invocation.createToken || !isNonInteractive(invocation))
			? take(invocation.lifetime, lifetime?.seconds, `token lifetime ${lifetime?.text}`)
			: undefined
	const { path, url, from, findings } = company
	const note = finding('company-defaults-used', 'environment', { path, values: used.join('; ') })
	const info: CompanyInfo = {
		...defined('url', url),
		from,
		namesProviders: named === undefined && providers !== undefined,
		findings: [...findings, ...(used.length > 0 ? [note] : [])],
	}
	return { ...invocation, ...values, ...defined('lifetime', seconds), company: info }
}

function describeTarget({ id, instance, custom }: ProviderTarget): string {
	return custom || instance === id ? id : `${id}=${instance}`
}
