// Which deployment and which tokens this machine already knows: the environment, the Coder CLI, Mux's own settings.
// A token belongs to the deployment it was found with, and is offered for no other (coder-contract, section 6).
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { parseBridgeUrl } from '../bridge-url.ts'
import { type Finding, finding } from '../findings/finding.ts'
import type { Env, Runtime } from '../runtime/runtime.ts'
import { getCoderKeyId, Secret } from '../secrets/secret.ts'
import { type Deployment, parseDeployment } from './deployment-url.ts'
import { cleanToken } from './token-format.ts'

/** Where a token was found, in the order in which they are offered. */
export type TokenSource = 'environment' | 'provider-variable' | 'coder-session-file' | 'coder-login' | 'settings'

export type FoundToken = {
	readonly source: TokenSource
	/** As a noun, for "Use ...": `CODER_SESSION_TOKEN`, "the Coder CLI’s session". */
	readonly label: string
	/** As it stands behind an answer: "from CODER_SESSION_TOKEN", "from the Coder CLI". */
	readonly from: string
	/** Labels of other places that hold the same token. */
	readonly alsoIn: readonly string[]
	/** Absolute path of the Coder CLI's session file, where the token stands in it: Mux could read it itself. */
	readonly file?: string
	readonly token: Secret
}

/** A credential of the settings file (or of a file that it names), with the base URL of its section. */
export type TokenInSettings = { readonly baseUrl: string; readonly token: Secret }

/** More than any of the files read here holds. */
const MOST_BYTES = 16_384

/**
 * The deployment that was probably meant, with where it was found, for the screen: `from` is "from CODER_AGENT_URL".
 * First found of `--url` (as it was given), `CODER_URL`, `CODER_AGENT_URL`, the Coder CLI's `url` file, a bridge's base
 * URL in the settings. What can't be understood is passed over, but for `--url`.
 */
export async function findDeploymentUrl(
	runtime: Runtime,
	known: {
		readonly url?: string | undefined
		readonly settingsUrl?: string | readonly string[] | null | undefined
	} = {},
): Promise<{ url: string; from: string } | null> {
	if (known.url !== undefined) return { url: known.url, from: 'from --url' }
	for (const name of ['CODER_URL', 'CODER_AGENT_URL']) {
		const origin = originOf(runtime.env[name])
		if (origin) return { url: origin, from: `from ${name}` }
	}
	const cli = originOf(await readSmallFile(join(coderConfigDir(runtime), 'url')))
	if (cli) return { url: cli, from: 'from the Coder CLI' }
	for (const url of [known.settingsUrl ?? []].flat()) {
		const origin = originOf(parseBridgeUrl(url)?.origin)
		if (origin) return { url: origin, from: 'from Mux’s settings' }
	}
	return null
}

/**
 * The tokens on this machine that belong to the deployment, in the order of `TokenSource`, each once. Asks the Coder CLI
 * where it keeps its session in the system's keyring (no `session` file). What can't be read is passed over.
 */
export async function findTokens(
	runtime: Runtime,
	deployment: Deployment,
	known: {
		readonly settingsTokens?: readonly TokenInSettings[]
		readonly signal?: AbortSignal | undefined
		/** Where the first one will do: nothing is started to find more. */
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
 * Whether this machine knows a token as that of another deployment: the finding that says so, else null. It is asked
 * before a token that was typed is sent, so that a paste of the wrong one goes nowhere.
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

/** The Coder CLI's config directory (coder-contract, section 6). */
export function coderConfigDir(runtime: Pick<Runtime, 'env' | 'platform' | 'homeDir'>): string {
	const { env: environment, platform, homeDir } = runtime
	const provided = environment['CODER_CONFIG_DIR']
	if (provided) return provided
	if (platform === 'darwin') return join(homeDir, 'Library', 'Application Support', 'coderv2')
	if (platform === 'win32') return join(environment['APPDATA'] || join(homeDir, 'AppData', 'Roaming'), 'coderv2')
	return join(environment['XDG_CONFIG_HOME'] || join(homeDir, '.config'), 'coderv2')
}

/** A token with the one deployment that it may be sent to. */
type Candidate = {
	readonly source: TokenSource
	readonly label: string
	readonly from: string
	readonly file?: string
	readonly origin: string
	readonly token: Secret
}

/** Variables of providers that a template or a user may fill with a Coder token, each with those of its base URL. */
const providerVariables = [
	['OPENAI_API_KEY', ['OPENAI_BASE_URL', 'OPENAI_API_BASE']],
	['ANTHROPIC_API_KEY', ['ANTHROPIC_BASE_URL']],
	['ANTHROPIC_AUTH_TOKEN', ['ANTHROPIC_BASE_URL']],
] as const

function environmentTokens(env: Env): Candidate[] {
	const named = (source: TokenSource, label: string, url: string | undefined): Candidate[] => {
		const token = tokenIn(env[label])
		const origin = originOf(url)
		return token && origin ? [{ source, label, from: `from ${label}`, origin, token }] : []
	}
	return [
		// Inside a workspace the deployment is named by the agent's variable where the user has set none.
		...named('environment', 'CODER_SESSION_TOKEN', env['CODER_URL'] || env['CODER_AGENT_URL']),
		...providerVariables.flatMap(([name, urls]) =>
			named(
				'provider-variable',
				name,
				urls.map(url => env[url]?.trim()).find(url => url),
			),
		),
	]
}

/** The session that the Coder CLI keeps in its files; `exists` is false where it keeps none, or in the keyring. */
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

/** `coder login token --url HOST`: for the keyring of macOS and Windows. Absent, old or signed out: nothing. */
async function askCoderCli(
	runtime: Runtime,
	deployment: Deployment,
	hasFile: boolean,
	signal?: AbortSignal,
): Promise<Candidate[]> {
	if (hasFile || signal?.aborted) return []
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

/** Each token once, under its first source; the others are named behind it. */
function merge(candidates: readonly Candidate[]): FoundToken[] {
	const merged: FoundToken[] = []
	for (const { origin: _, ...found } of candidates) {
		const at = merged.findIndex(one => one.token.equals(found.token))
		const first = merged[at]
		if (!first) {
			merged.push({ ...found, alsoIn: [] })
			continue
		}
		const file = first.file ?? found.file
		const labels = [first.label, ...first.alsoIn]
		merged[at] = {
			...first,
			alsoIn: labels.includes(found.label) ? first.alsoIn : [...first.alsoIn, found.label],
			...(file === undefined ? {} : { file }),
		}
	}
	return merged
}

/** A session token in this text, or null. A provider's own key, an agent's token or anything else is none. */
function tokenIn(text: string | undefined): Secret | null {
	if (!text) return null
	const cleaned = cleanToken(text).text
	return getCoderKeyId(cleaned) ? new Secret(cleaned) : null
}

function originOf(text: string | undefined): string | null {
	const parsed = text ? parseDeployment(text) : null
	return parsed?.ok ? parsed.deployment.origin : null
}

/** A small regular file's text; undefined where there is none or it can't be read. Never waits on a pipe or a device. */
async function readSmallFile(path: string): Promise<string | undefined> {
	try {
		const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
		try {
			const state = await file.stat()
			if (!state.isFile() || state.size > MOST_BYTES) return undefined
			return await file.readFile('utf8')
		} finally {
			await file.close()
		}
	} catch {
		return undefined
	}
}
