// Every finding the program can report: its severity, its exit code, and the type of its details. The texts are in
// messages/, so that a finding can be created without loading them.
import type { ExitCode } from './exit-codes.ts'

/** `error`: it won't work. `warning`: it works, with a catch. `info`: good to know. */
export type Severity = 'error' | 'warning' | 'info'

/** Facts that a message is filled in with. Never a credential; text from a server only after `cleanText`. */
export type Details = Readonly<Record<string, string | number | undefined>>

/** Not `{}`, which any object fits. */
type NoDetails = { readonly none?: never }

type Entry<D> = {
	readonly severity: Severity
	readonly exitCode: ExitCode
	/** Never set: it carries the type of the details to the compiler. */
	readonly detailsType?: (details: D) => void
}

const entry =
	(severity: Severity) =>
	<D = NoDetails>(exitCode: ExitCode): Entry<Readonly<D>> => ({ severity, exitCode })

const error = entry('error')
const warning = entry('warning')
const info = entry('info')

/** What a response said, if there was one. */
type Response = { status?: number | undefined; line?: string | undefined }
/** A certificate chain that Node.js doesn't trust, and who does. */
type UntrustedChain = {
	host: string
	platform?: string | undefined
	/** The file of the system's store that trusts it, or `store` for a store without a file. */
	file?: string | undefined
	store?: 'system' | undefined
	/** Why NODE_EXTRA_CA_CERTS has no effect. */
	extra?: string | undefined
}
/** The address of the deployment, for links to its pages; a token may be checked before it is known. */
type Origin = { origin?: string | undefined }
/** Where a rejected token came from; absent if it was pasted, piped, or read from a file that the user named. */
export type TokenSourceDetails = {
	tokenFrom?: 'variable' | 'template' | 'coder-cli' | undefined
	variable?: string | undefined
}
type Rejected = Origin & TokenSourceDetails
type Titled = { title: string }
type Section = { title: string; section: string }
type File = { path: string }

export const deploymentCodes = {
	'url-empty': error(2),
	'url-invalid': error<{ text?: string | undefined; why: string }>(2),
	/** `kept`: it can be used as the token in the next step. */
	'url-is-token': error<{ kept: boolean }>(2),
	'url-scheme': error<{ scheme: string; url?: string | undefined }>(2),
	'url-with-password': error<{ url?: string | undefined }>(2),
	'url-no-host': error<{ text?: string | undefined }>(2),
	'url-insecure': warning<{ host: string; url: string }>(2),

	'host-not-found': error<{ host: string; dns?: 'silent' | 'late' | undefined }>(4),
	'connection-refused': error<{ host: string; port: number }>(4),
	'connection-reset': error<{ host: string }>(4),
	'no-response': error<{ host: string; seconds?: number | undefined }>(4),
	'network-unreachable': error<{ host: string; code: string }>(4),
	'network-failed': error<{ host: string; code?: string | undefined }>(4),
	'https-to-plain-port': error<{ host: string; url: string }>(4),
	'http-to-tls-port': error<{ host: string; url: string }>(4),

	'tls-self-signed-in-chain': error<UntrustedChain>(4),
	'tls-self-signed-leaf': error<UntrustedChain>(4),
	'tls-unable-to-verify-leaf': error<UntrustedChain>(4),
	'tls-unable-to-get-issuer': error<UntrustedChain>(4),
	'certificate-other-host': error<{ host: string; names: string }>(4),
	'certificate-expired': error<{ host: string }>(4),
	'certificate-not-yet-valid': error<{ host: string }>(4),
	'tls-client-certificate': error<{ host: string }>(4),
	'tls-failed': error<{ host: string; code: string }>(4),
	'ca-file-unreadable': error<{ file: string; why: string }>(2),

	'proxy-refused': error<
		Response & {
			proxy: string
			host: string
			variable: string
			why: string
			platform?: string | undefined
			/** The variable that excludes hosts, and its value with this host added. */
			noProxyName?: string | undefined
			noProxy?: string | undefined
		}
	>(4),
	'proxy-needs-password': error<{
		proxy: string
		variable: string
		user?: 'given' | undefined
		/** The only ways to sign in that it offers, if HTTP clients such as Mux's support none of them. */
		schemes?: string | undefined
	}>(4),
	'debug-prints-token': error(2),
	'tls-verification-off': warning(4),
	'ca-file-unknown-to-mux': warning<{ file: string }>(2),
	'loopback-through-proxy': warning<{
		host: string
		variable: string
		noProxyName: string
		noProxy: string
		platform?: string | undefined
	}>(4),
	'proxy-in-use': info<{ host: string; proxy: string; variable: string }>(4),
	'proxy-needed': error<{
		host: string
		why: string
		proxy?: string | undefined
		variable?: string | undefined
	}>(4),
	'proxy-url-invalid': error<{ variable: string; why: string }>(4),

	'redirect-other-host': error<{
		host: string
		target: string
		/** The version of the deployment that sent the redirect, with its own address. */
		coder?: string | undefined
		url?: string | undefined
	}>(4),
	/** The target is Coder. */
	'redirect-to-deployment': error<{ host: string; origin: string; target: string; url: string }>(4),
	'redirect-same-host': error<{ host: string; target: string; url?: string | undefined }>(4),
	'response-html': error<{ host: string; path: string; title?: string | undefined }>(4),
	'not-coder': error<Response & { host: string; path: string }>(4),
	'authenticating-proxy': error<Response & { host: string; sent?: 'yes' | undefined }>(4),
	'deployment-down': error<Response & { host: string }>(4),
	'workspace-proxy': error<{ host: string; url?: string | undefined }>(2),
	/** `kept`: the wizard uses it with the deployment that is entered next. */
	'standalone-gateway': error<{ host: string; origin: string; kept?: 'yes' | undefined }>(2),
	/** What `--gateway` names. */
	'not-a-gateway': error<{ host: string }>(4),
	'gateway-insecure': error<{ host: string }>(2),
	'gateway-token-not-checked': info<{ host: string }>(3),
	'response-invalid': error<{ host: string; path: string; why: string }>(4),
	'response-too-large': error<{ host: string; path: string; limit: string }>(4),
	'server-error': error<Response & { path: string; status: number }>(1),
	'rate-limited': error<{ seconds?: number | undefined }>(1),
	'response-unexpected': error<Response & { host: string; path: string }>(1),

	'token-empty': error<Origin & { source?: string | undefined }>(2),
	'token-malformed': error<Origin & { length?: number | undefined; why?: string | undefined }>(3),
	'token-invalid-characters': error<Origin & { what?: string | undefined }>(3),
	'token-incomplete': error<Origin & { length: number }>(3),
	'token-agent': error<Origin>(3),
	'token-gateway-key': error<Origin>(3),
	'token-provider-key': error<Origin & { what: string }>(3),
	'token-missing': error<{ host: string; header?: string | undefined }>(3),
	'token-unknown': error<Rejected>(3),
	'token-wrong-secret': error<Rejected>(3),
	'token-expired': error<Rejected & { at?: string | undefined; fresh?: 'yes' | undefined }>(3),
	'user-suspended': error(3),
	'user-dormant': error<{ origin: string }>(3),
	/** `accepted`: AI Bridge still takes the token. */
	'login-provider-expired': error<{ origin: string; accepted?: 'yes' | undefined }>(3),
	'signed-out': error<Response & TokenSourceDetails & { origin: string; accepted?: 'yes' | undefined }>(3),
	'token-audience': error<TokenSourceDetails & { origin: string; accepted?: 'yes' | undefined }>(3),
	'token-scoped': warning(3),
	'token-other-deployment': error<{ origin: string; host: string; other: string; source: string }>(3),
	'token-not-for-bridge': error<TokenSourceDetails & { origin: string; user?: string | undefined }>(3),
	'token-expires-soon': warning<TokenSourceDetails & { origin: string; when?: string | undefined }>(3),
	'token-browser-session': warning<{ origin: string; when?: string | undefined }>(3),
	'token-cli-session': warning<{ origin: string; when?: string | undefined }>(3),
	'token-workspace': warning<{ origin: string }>(3),
	'token-name-taken': error<{ name: string }>(1),
	'token-lifetime-refused': error<Response & { limit: string }>(1),
	'token-not-created': error<Response & { origin: string }>(1),
	'token-not-deleted': warning<Response & { origin: string; name?: string | undefined; keyId?: string | undefined }>(1),
	'token-file-unwritable': error<{ file: string; code: string }>(5),

	'too-old': error<{ version?: string | undefined }>(6),
	'open-source-build': error<{ version?: string | undefined }>(6),
	/** `known`: the deployment's entitlements say so. `variable`: turns AI Bridge on in this release. */
	'no-license': error<Response & { variable?: string | undefined; known?: 'yes' | undefined }>(6),
	'bridge-off': error<Response & { variable?: string | undefined; licensed?: 'yes' | undefined }>(6),
	'bridge-not-running': error<Response & { variable?: string | undefined }>(6),
	'at-capacity': warning<Response>(1),
	/** `blocked`: by policy, whatever is spent. */
	'budget-spent': warning<Response & { blocked?: 'yes' | undefined }>(1),
	'byok-disabled': error<Response>(1),
	'bridge-disconnected': warning<Response>(6),
	'handler-pool': warning<Response>(1),
	'route-unknown': error<{ route?: string | undefined; other?: string | undefined }>(6),

	'provider-unknown': error<Response & { provider: string; known?: string | undefined }>(1),
	'provider-disabled': error<Response & { provider?: string | undefined }>(1),
	/** Listed, but not served. */
	'provider-not-serving': error<Response & { provider: string }>(1),
	'provider-without-key': error<Response & { provider: string }>(1),
	'provider-url-wrong': error<Response & { provider: string }>(1),
	'upstream-key-bad': error<Response & { provider: string }>(1),
	'upstream-no-credit': error<Response & { provider: string }>(1),
	'upstream-error': warning<Response & { provider: string }>(1),
	'model-unavailable': warning<Response & { provider: string; model: string }>(1),
	'upstream-down': warning<Response & { provider?: string | undefined }>(1),
	'upstream-rate-limited': warning<Response & { provider: string }>(1),
	'base-url-wrong': error<{ problem: string; now: string; url: string }>(1),
}

export const muxCodes = {
	'two-homes': warning<{ home: string; other: string; otherRelease: string; otherFlag: string }>(1),
	'settings-not-read': warning<{ file: string; reads: string; release: string; variable?: string | undefined }>(1),
	'development-home': info<{ home: string; release: string }>(1),
	'settings-link': info<{ path: string; target: string }>(1),
	'settings-in-git': warning<{ path: string; root: string }>(1),
	'settings-ignored': error<{ file: string; why: string }>(5),
	'settings-partly-read': warning<{ line: number; column: number }>(5),
	'settings-not-object': warning(5),
	'section-not-object': warning<{ section: string }>(1),
	'duplicate-section': warning<{ section: string; count: number }>(1),
	'duplicate-key': warning<{ section: string; key: string; count: number }>(1),
	'misspelled-section': warning<{ section: string; name: string }>(1),
	'misspelled-key': warning<{ section: string; name: string; key: string }>(1),
	'base-url-duplicate': warning<{ section: string }>(1),
	'provider-turned-off': error<Section>(1),
	'key-without-base-url': error<Section & { host: string }>(1),
	'provider-key-in-use': info<Section & { host: string }>(1),
	'provider-not-set-up': error<Section & { why: string }>(1),
	'provider-elsewhere': error<Section & { place: string }>(1),
	'bridge-insecure': error<{ host: string; origin: string; url: string }>(1),
	'bridge-not-checked': error<Section & { keyFrom: string; urlFrom: string }>(1),
	'coder-login-not-checked': info<Titled>(1),
	'base-url-invalid': error<Section & { problem: string; url: string; variable?: string | undefined }>(1),
	'base-url-variable-empty': error<{ variable: string; breaks?: 'all' | undefined }>(1),
	'base-url-from-environment': warning<Section & { variable: string; url: string; keyFrom: string }>(1),
	'base-url-variable-stale': info<{ variable: string; url: string }>(1),
	'key-from-environment': warning<{ section: string; variable: string; host: string }>(1),
	'api-key-not-string': error<Section>(1),
	'api-key-reference': warning<Titled>(1),
	'api-key-unsendable': error<Titled>(1),
	'api-key-padded': warning<Section>(1),
	'api-key-file-unreadable': warning<Section & { file: string; problem: string }>(1),
	'headers-carry-credential': error<Section & { header: string }>(1),
	'auth-token-set': error<{ section: string }>(1),
	'chatgpt-login-first': warning<{ chat?: 'yes' | undefined; count: number; total: number }>(1),
	'websocket-transport-on': error<{ section: string }>(1),
	'provider-type-set': error<Section>(1),
	'gateway-first': error<
		Titled & {
			gateway: string
			id: string
			from: string
			variable?: string | undefined
			count: number
			total: number
		}
	>(1),
	'coder-login-first': info<Titled & { host: string }>(1),
	'route-overridden': warning<Titled & { models: string }>(1),
	'policy-forces-url': warning<Titled & { from: string; url: string }>(1),
	'policy-denies': error<
		Titled & {
			from: string
			why?: string | undefined
			/** The release of Mux is too old for the policy. */
			version?: 'old' | undefined
			/** The only model in question that is denied. */
			model?: string | undefined
			count?: number
			total?: number
		}
	>(1),
	'header-unsendable': error<Section & { field: string; variable?: string | undefined }>(1),
	'section-name-not-string': error<Section>(1),
	'release-differs': warning<Titled & { release: string; place: string }>(1),
	'custom-models-missing': info<Titled>(1),
	'setup-not-used': error<Titled & { model: string; place: string }>(1),
	'policy-remote': info<{ from: string }>(1),
}

export const settingsCodes = {
	'settings-syntax': error<{
		path?: string | undefined
		line: number
		column: number
		problem: string
		text: string
	}>(5),
	'settings-not-an-object': error<{ path?: string | undefined; kind: string }>(5),
	'settings-edit-abandoned': error<{ at: string }>(70),
	'settings-coder-section': error<{ at: string }>(70),
	'settings-dangling-link': error<File & { link: string; target: string }>(5),
	'settings-not-a-file': error<File & { kind: string }>(5),
	'settings-unreadable': error<File & { problem: string }>(5),
	'settings-encoding': error<File & { problem: string }>(5),
	'settings-too-large': error<File & { megabytes: number; limit: number }>(5),
	'settings-changed': error<File>(5),
	'settings-locked': error<File & { lock: string; seconds: number; pid?: number | undefined }>(5),
	'settings-lock-blocked': error<File & { lock: string; kind: string }>(5),
	'settings-no-permission': error<File & { at: string; problem: string }>(5),
	'settings-no-space': error<File & { at?: string | undefined; problem: string }>(5),
	'settings-write-failed': error<File & { at?: string | undefined; problem: string }>(5),
	'undo-changed': error<File & { time: string }>(5),
	'undo-backup-missing': error<File & { backup: string; problem: string }>(5),
	'undo-journal-damaged': error<File & { journal: string }>(5),
	'undo-journal-replaced': warning<{ journal: string; savedAs: string }>(5),
	'settings-written-in-place': warning<File>(5),
	'file-readable-by-others': warning<{ path: string; mode: string }>(1),
	'file-hard-linked': warning<{ path: string; links: number }>(1),
	'file-of-another-user': warning<{ path: string; uid: number }>(1),
	'token-file-in-git': info<{ pattern: string; root: string }>(1),
	'token-file-missing': warning<{ path: string }>(5),
	'token-still-valid': info<{ keyIds: string; files: string }>(3),
}

export const usageCodes = {
	'no-terminal': error<{ stream: string }>(2),
	'home-unknown': error(2),
	'working-directory-missing': error(2),
	'missing-input': error<{ input: string; flag: string; variable?: string | undefined }>(2),
	'unknown-option': error<{ option: string; hint?: string | undefined }>(2),
	'unknown-command': error<{ command: string; hint?: string | undefined }>(2),
	'unexpected-argument': error<{ argument: string }>(2),
	'missing-operand': error<{ command: string; choices: string }>(2),
	'missing-value': error<{ option: string; label: string }>(2),
	'unexpected-value': error<{ option: string }>(2),
	'option-of-another-command': error<{ option: string; command: string; takers: string }>(2),
	'conflicting-options': error<{ one: string; other: string }>(2),
	'invalid-model': error<{ value: string }>(2),
	'option-needs-another': error<{ option: string; needed: string }>(2),
	'unknown-choice': error<{ option: string; value: string; choices: string }>(2),
	'unknown-shell': error<{ shell: string; shells: string; hint?: string | undefined }>(2),
	'unknown-provider': error<{ name: string; hint?: string | undefined }>(2),
	'invalid-lifetime': error<{ value: string }>(2),
	'invalid-agent': error<{ value: string }>(2),
	'token-in-arguments': error<{ option?: string | undefined }>(2),
	'token-stdin-is-terminal': error(2),
	'token-file-not-bare': error<File>(2),
	'debug-file-unwritable': error<File & { code: string }>(2),
	'insecure-not-explicit': error<{ host: string; origin: string; from: string }>(2),
	'company-defaults-ignored': warning<File & { why: string }>(2),
	'company-defaults-invalid': warning<File & { field?: string | undefined; problem: string }>(2),
	'company-defaults-used': info<File & { values: string }>(0),
	'confirmation-required': error<{ action: string }>(2),
	'file-not-readable': error<File & { option: string; cause: string }>(2),
	'value-not-printable': error<{ variable: string; shell: string; trouble: string }>(2),
	'no-secret-not-possible': error<{ shell: string }>(2),
	'settings-override-variables': warning<{ fields: string; path: string }>(0),
	'voice-input-leaks': warning(0),
	'masking-not-printed': warning(0),
	'lines-for-another-shell': warning<{ shell: string }>(0),
	cancelled: info(130),
	'output-not-written': error<{ cause: string }>(1),
	bug: error<{ kind?: string | undefined; message?: string | undefined; version?: string | undefined }>(70),
}

/** Never joined to one table: that takes longer than looking into four of them. */
export const codeTables = [deploymentCodes, muxCodes, settingsCodes, usageCodes] as const

type Codes = typeof deploymentCodes & typeof muxCodes & typeof settingsCodes & typeof usageCodes

/** Every code, as a closed union. */
export type FindingCode = keyof Codes

/** The severity and the exit code of a finding's code. */
export function getCode(code: FindingCode): Pick<Entry<unknown>, 'severity' | 'exitCode'> {
	return (codeTables.find(table => code in table) as Codes)[code]
}

export function listCodes(): FindingCode[] {
	return codeTables.flatMap(Object.keys) as FindingCode[]
}

/** The details of each code. */
export type DetailsByCode = {
	readonly [C in FindingCode]: Codes[C] extends Entry<infer D> ? D : never
}

/** Codes whose details may be left out: they have none, or only optional ones. */
export type CodeWithoutDetails = {
	[C in FindingCode]: Partial<DetailsByCode[C]> extends DetailsByCode[C] ? C : never
}[FindingCode]

/** The details that fit every code of a union: all that any of them needs. */
export type DetailsOf<C extends FindingCode> = Intersection<C extends FindingCode ? DetailsByCode[C] : never>

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
	? All
	: never

/** The codes that need no other details than these. */
export type CodeFor<D> =
	| { [C in FindingCode]: D extends DetailsByCode[C] ? C : never }[FindingCode]
	| CodeWithoutDetails
