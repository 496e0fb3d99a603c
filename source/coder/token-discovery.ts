// Finds the deployment and the tokens that this machine already has: the environment, the Coder CLI, Mux's settings. A
// token belongs to the deployment it was found with, and is offered for no other
// (docs/contracts/coder.md#81-where-the-cli-stores-its-session).
import { join } from 'node:path'
import { parseBridgeUrl } from '../bridge-url.ts'
import type { TokenSourceDetails } from '../findings/codes.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { readSmallFile } from '../runtime/read-file.ts'
import type { Env, Runtime } from '../runtime/runtime.ts'
import { getCoderKeyId, Secret } from '../secrets/secret.ts'
import { type Deployment, parseDeployment } from './deployment-url.ts'
import { cleanToken } from './token-format.ts'

/** The sources of tokens, in the order in which they are offered. */
export type TokenSource = 'environment' | 'provider-variable' | 'coder-session-file' | 'coder-login' | 'settings'

export type FoundToken = {
	readonly source: TokenSource
	/** As a noun, for "Use ...": `CODER_SESSION_TOKEN`, "the Coder CLI’s session". */
	readonly label: string
	/** As shown behind a value: "from CODER_SESSION_TOKEN", "from the Coder CLI". */
	readonly from: string
	/** Absolute path of the Coder CLI's session file if the token is in it: Mux could read it itself. */
	readonly file?: string
	readonly token: Secret
}

/** A credential of the settings file (or of a file that it names), with the base URL of its section. */
export type TokenInSettings = { readonly baseUrl: string; readonly token: Secret }

/**
 * The deployment that is probably meant, and where it was found, for the screen: `from` is "from CODER_AGENT_URL". The
 * first of `--url` (as given), `CODER_URL`, `CODER_AGENT_URL`, the company's file of defaults, the Coder CLI's `url`
 * file, and a bridge's base URL in the settings. Invalid values are skipped, except that of `--url`.
 */
export async function findDeploymentUrl(
	runtime: Runtime,
	known: {
		readonly url?: string | undefined
		readonly company?: { readonly url?: string; readonly from: string } | undefined
		readonly settingsUrl?: string | readonly string[] | null | undefined
	} = {},
): Promise<{ url: string; from: string } | null> {
	if (known.url !== undefined) return { url: known.url, from: 'from --url' }
	for (const name of ['CODER_URL', 'CODER_AGENT_URL']) {
		const origin = originOf(runtime.env[name])
		if (origin) return { url: origin, from: `from ${name}` }
	}
	const { company } = known
	if (company?.url) return { url: company.url, from: company.from }
	const cli = originOf(await readCliUrl(runtime))
	if (cli) return { url: cli, from: 'from the Coder CLI' }
	for (const url of [known.settingsUrl ?? []].flat()) {
		const origin = originOf(parseBridgeUrl(url)?.origin)
		if (origin) return { url: origin, from: 'from Mux’s settings' }
	}
	return null
}

/**
 * The tokens on this machine that belong to the deployment, in the order of `TokenSource`, each once. Asks the Coder
 * CLI if it keeps its session in the system's keyring (no `session` file). Unreadable sources are skipped.
 */
export async function findTokens(
	runtime: Runtime,
	deployment: Deployment,
	known: {
		readonly settingsTokens?: readonly TokenInSettings[]
		readonly signal?: AbortSignal | undefined
		/** If one token is enough, no program is started to find more. */
		readonly oneIsEnough?: boolean
	} = {},
): Promise<FoundToken[]> {
	const named = environmentTokens(runtime.env).filter(one => one.origin === deployment.origin)
	if (known.oneIsEnough && named.length > 0) return merge(named)
	const session = await readSession(runtime)
	const candidates = [
		...environmentTokens(runtime.env),
		...(session.token ? [session.token] : await askCoderCli(runtime, deployment, session.exists, known.signal)),
		...settingsTokens(known.settingsTokens ?? []),
	]
	return merge(candidates.filter(one => one.origin === deployment.origin))
}

/**
 * Whether this machine knows a token as another deployment's: the finding that says so, else null. Checked before a
 * typed token is sent, so that a wrong paste goes nowhere.
 */
export async function findLoginElsewhere(
	runtime: Runtime,
	deployment: Deployment,
	token: Secret,
	known: { readonly settingsTokens?: readonly TokenInSettings[] } = {},
): Promise<Finding | null> {
	const session = await readSession(runtime)
	const same = [
		...environmentTokens(runtime.env),
		...(session.token ? [session.token] : []),
		...settingsTokens(known.settingsTokens ?? []),
	].filter(one => one.token.equals(token))
	const [other] = same
	if (!other || same.some(one => one.origin === deployment.origin)) return null
	return finding('token-other-deployment', 'token', {
		origin: deployment.origin,
		host: new URL(deployment.origin).host,
		other: new URL(other.origin).host,
		source: other.label,
	})
}

/** What on this machine holds the token, for the remedies; empty if nothing does, as for a token that was pasted. */
export async function describeTokenSource(runtime: Runtime, token: Secret): Promise<TokenSourceDetails> {
	const { env } = runtime
	const variable = [...sessionVariables, ...providerVariables.map(([name]) => name)].find(name =>
		tokenIn(env[name])?.equals(token),
	)
	// Inside a workspace the template sets the variables.
	if (variable !== undefined) return { tokenFrom: env['CODER_AGENT_URL'] ? 'template' : 'variable', variable }
	const session = tokenIn(await readSmallFile(join(coderConfigDir(runtime), 'session')))
	return session?.equals(token) ? { tokenFrom: 'coder-cli' } : {}
}

/** The Coder CLI's config directory (docs/contracts/coder.md#81-where-the-cli-stores-its-session). */
export function coderConfigDir(runtime: Pick<Runtime, 'env' | 'platform' | 'homeDir'>): string {
	const { env: environment, platform, homeDir } = runtime
	const provided = environment['CODER_CONFIG_DIR']
	if (provided) return provided
	if (platform === 'darwin') return join(homeDir, 'Library', 'Application Support', 'coderv2')
	if (platform === 'win32') return join(environment['APPDATA'] || join(homeDir, 'AppData', 'Roaming'), 'coderv2')
	return join(environment['XDG_CONFIG_HOME'] || join(homeDir, '.config'), 'coderv2')
}

/** The URL that the Coder CLI is logged in to, exactly as its file has it. */
function readCliUrl(runtime: Runtime): Promise<string | undefined> {
	return readSmallFile(join(coderConfigDir(runtime), 'url'))
}

/**
 * The URL of a deployment for `coder login token --url`, which accepts nothing but the exact text of the CLI's `url`
 * file (docs/contracts/coder.md#82-commands).
 */
export async function getCliUrl(runtime: Runtime, { origin }: Deployment): Promise<string> {
	const text = (await readCliUrl(runtime))?.trim() ?? ''
	return originOf(text) === origin && /^[\w:/.[\]-]+$/.test(text) ? text : origin
}

/** A token with the only deployment that it may be sent to. */
type Candidate = {
	readonly source: TokenSource
	readonly label: string
	readonly from: string
	readonly file?: string
	readonly origin: string
	readonly token: Secret
}

/** Provider variables that a template or a user may fill with a Coder token, each with those of its base URL. */
const providerVariables = [
	['OPENAI_API_KEY', ['OPENAI_BASE_URL', 'OPENAI_API_BASE']],
	['ANTHROPIC_API_KEY', ['ANTHROPIC_BASE_URL']],
	['ANTHROPIC_AUTH_TOKEN', ['ANTHROPIC_BASE_URL']],
] as const

/** `OPENAI_CODER_…` is set by the registry's codex module (docs/contracts/coder.md#83-variables-in-workspaces). */
const sessionVariables = ['CODER_SESSION_TOKEN', 'OPENAI_CODER_AIGATEWAY_SESSION_TOKEN'] as const

function environmentTokens(env: Env): Candidate[] {
	const named = (source: TokenSource, label: string, url: string | undefined): Candidate[] => {
		const token = tokenIn(env[label])
		const origin = originOf(url)
		return token && origin ? [{ source, label, from: `from ${label}`, origin, token }] : []
	}
	return [
		// Inside a workspace the agent's variable names the deployment unless the user has set one.
		...named('environment', sessionVariables[0], env['CODER_URL'] || env['CODER_AGENT_URL']),
		...named('environment', sessionVariables[1], env['CODER_AGENT_URL']),
		...providerVariables.flatMap(([name, urls]) =>
			named(
				'provider-variable',
				name,
				urls.map(url => env[url]?.trim()).find(url => url),
			),
		),
	]
}

/** The session in the Coder CLI's files; `exists` is false if there is none, or if it is in the keyring. */
async function readSession(runtime: Runtime): Promise<{ exists: boolean; token?: Candidate }> {
	const directory = coderConfigDir(runtime)
	const file = join(directory, 'session')
	const [url, session] = await Promise.all([readSmallFile(join(directory, 'url')), readSmallFile(file)])
	const origin = originOf(url)
	const token = tokenIn(session)
	const exists = session !== undefined && session.trim() !== ''
	return origin && token
		? { exists, token: { ...cliLogin, source: 'coder-session-file', origin, file, token } }
		: { exists }
}

const cliLogin = { label: 'the Coder CLI’s session', from: 'from the Coder CLI' } as const

/**
 * `coder login token --url HOST`: for the keyring of macOS and Windows. Returns nothing if the CLI is missing, too old
 * or signed out.
 */
async function askCoderCli(
	runtime: Runtime,
	deployment: Deployment,
	hasFile: boolean,
	signal?: AbortSignal,
): Promise<Candidate[]> {
	if (hasFile || signal?.aborted) return []
	// Asked for an http address, the CLI may hand out the token of the https one.
	if (deployment.origin.startsWith('http:') && originOf(await readCliUrl(runtime)) !== deployment.origin) return []
	const result = await runtime.run('coder', ['login', 'token', '--url', deployment.origin], {
		timeoutMs: 5000,
		...(signal ? { signal } : {}),
	})
	const token = result.code === 0 ? tokenIn(result.stdout) : null
	return token ? [{ ...cliLogin, source: 'coder-login', origin: deployment.origin, token }] : []
}

function settingsTokens(tokens: readonly TokenInSettings[]): Candidate[] {
	return tokens.flatMap(({ baseUrl, token }) => {
		const origin = originOf(parseBridgeUrl(baseUrl)?.origin)
		const label = 'the token in Mux’s settings'
		return origin && token.keyId
			? [{ source: 'settings' as const, label, from: 'from Mux’s settings', origin, token }]
			: []
	})
}

/** Each token once, under its first source; in a file if any source is one. */
function merge(candidates: readonly Candidate[]): FoundToken[] {
	const merged: FoundToken[] = []
	for (const { origin: _, ...found } of candidates) {
		const at = merged.findIndex(one => one.token.equals(found.token))
		const first = merged[at]
		const file = first?.file ?? found.file
		if (first) merged[at] = { ...first, ...(file === undefined ? {} : { file }) }
		else merged.push(found)
	}
	return merged
}

/** The session token in a text, or null. A provider's own key, an agent's token or anything else isn't one. */
function tokenIn(text: string | undefined): Secret | null {
	if (!text) return null
	const cleaned = cleanToken(text).text
	return getCoderKeyId(cleaned) ? new Secret(cleaned) : null
}

function originOf(text: string | undefined): string | null {
	const parsed = text ? parseDeployment(text) : null
	return parsed?.ok ? parsed.deployment.origin : null
}
