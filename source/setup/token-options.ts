// The tokens that can be offered for a deployment: those found on this machine, and one that could be created for Mux.

import { type ApiKeyMetadata, expiresSoon } from '../coder/api-key-metadata.ts'
import type { Deployment } from '../coder/deployment-url.ts'
import type { HttpClient } from '../coder/http/types.ts'
import { type FoundToken, findTokens } from '../coder/token-discovery.ts'
import { createToken, defaultTokenName, fetchTokenConfig, fetchTokenInfo } from '../coder/tokens.ts'
import { formatTimeUntil } from '../duration.ts'
import { UserError } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Secret } from '../secrets/secret.ts'
import { getTokensInSettings, type SetupContext } from './context.ts'

/** A token, and where it came from, in words ("from the Coder CLI"). */
export type TokenChoice = {
	readonly secret: Secret
	readonly from: string
	/** Set if it is in the Coder CLI's session file, which Mux could read itself. */
	readonly isCliSession?: boolean
	/** The user's name, if the deployment has said it. */
	readonly owner?: string
}

/** A token of this deployment that is already on the machine. */
export type TokenOption = {
	readonly label: string
	/** Empty if it has none. */
	readonly name: string
	/** When it expires, or that it is rejected. */
	readonly state: string
	readonly choice: TokenChoice
	/** The deployment accepts it. */
	readonly isValid: boolean
	/** A named API token that is valid for at least another week. */
	readonly isLasting: boolean
}

/** What can be offered once the deployment is known. */
export type TokenOptions = {
	readonly options: readonly TokenOption[]
	/** Name and lifetime in days of a token that could be created for Mux; null if none can be created. */
	readonly makeable: { readonly name: string; readonly days: number } | null
}

/** A token that the wizard created in this run; deleted again if the user quits without using it. */
export type NewToken = { readonly deployment: Deployment; readonly secret: Secret; readonly name: string }

export const defaultLifetimeDays = 30

type OfferOptions = { readonly lifetimeDays?: number | undefined; readonly signal: AbortSignal }

/** Finds the options. Tokens that the deployment rejects are shown as such and not used to create one. */
export async function findTokenOptions(
	runtime: Runtime,
	client: HttpClient,
	context: SetupContext,
	question: { readonly deployment: Deployment; readonly provided: TokenChoice | null },
	options: OfferOptions,
): Promise<TokenOptions> {
	const { deployment, provided } = question
	const { signal } = options
	const found = await findTokens(runtime, deployment, {
		settingsTokens: getTokensInSettings(context.muxContext),
		signal,
	})
	const known = found.map(token => ({ token, answer: answerOf(token) }))
	const asked = await Promise.all(
		known.map(async ({ token, answer }) => ({
			token,
			answer,
			info: await fetchTokenInfo(client, deployment, token.token, { signal }),
		})),
	)
	const tokenOptions = asked.map(({ token, answer, info }): TokenOption => {
		const state = info.ok ? (info.key ? describeExpiry(info.key, runtime.now()) : 'accepted') : 'rejected by Coder'
		const name = info.ok && info.key?.kind === 'api-token' ? (info.key.name ?? '') : ''
		const isLasting = info.ok && info.key?.kind === 'api-token' && !expiresSoon(info.key, runtime.now())
		const choice = info.ok && info.user !== null ? { ...answer, owner: info.user } : answer
		return {
			label: `Use ${token.label}`,
			name,
			state,
			choice,
			isValid: info.ok,
			isLasting,
		}
	})
	const session = provided?.secret ?? asked.find(({ info }) => info.ok)?.answer.secret
	return {
		// Valid tokens come first.
		options: [...tokenOptions.filter(option => option.isValid), ...tokenOptions.filter(option => !option.isValid)],
		makeable: session ? await findMakeable(runtime, client, { deployment, session }, options) : null,
	}
}

/** What the deployment says about a token that was pasted; `expires` of a session that won't last. */
export type VerifiedToken = {
	readonly owner: string | null
	readonly expires: string | null
	readonly makeable: TokenOptions['makeable']
}

/** Throws a UserError if the deployment refuses the token. */
export async function verifyToken(
	runtime: Runtime,
	client: HttpClient,
	question: { readonly deployment: Deployment; readonly token: Secret },
	options: OfferOptions,
): Promise<VerifiedToken> {
	const { deployment, token } = question
	const { signal } = options
	const info = await fetchTokenInfo(client, deployment, token, { signal })
	if (!info.ok) throw new UserError(info.finding)
	const now = runtime.now()
	const isSession = info.key?.kind === 'browser-session' || info.key?.kind === 'cli-session'
	const expiresAt = isSession ? info.key?.expiresAt : null
	if (!expiresAt) return { owner: info.user, expires: null, makeable: null }
	const makeable = await findMakeable(runtime, client, { deployment, session: token }, options)
	return { owner: info.user, expires: formatTimeUntil(expiresAt, now), makeable }
}

/** Name and lifetime of a token that a session could create. */
async function findMakeable(
	runtime: Runtime,
	client: HttpClient,
	{ deployment, session }: { readonly deployment: Deployment; readonly session: Secret },
	{ lifetimeDays = defaultLifetimeDays, signal }: OfferOptions,
): Promise<TokenOptions['makeable']> {
	const config = await fetchTokenConfig(client, deployment, session, { signal })
	return { name: defaultTokenName(runtime), days: Math.min(lifetimeDays, config.maxLifetimeDays ?? lifetimeDays) }
}

/** For example: expires in 6 days. */
function describeExpiry({ expiresAt }: ApiKeyMetadata, now: Date): string {
	return expiresAt ? `expires ${formatTimeUntil(expiresAt, now)}` : 'never expires'
}

function answerOf(found: FoundToken): TokenChoice {
	return { secret: found.token, from: found.from, isCliSession: found.file !== undefined }
}

/** Creates a named token that survives logouts. Throws a UserError. */
export async function createNewToken(
	runtime: Runtime,
	client: HttpClient,
	question: { readonly deployment: Deployment; readonly session: Secret },
	options: OfferOptions,
): Promise<NewToken> {
	const { deployment, session } = question
	const created = await createToken(
		client,
		deployment,
		session,
		{
			name: defaultTokenName(runtime),
			lifetimeDays: options.lifetimeDays ?? defaultLifetimeDays,
		},
		{ signal: options.signal },
	)
	return { deployment, secret: created.secret, name: created.name }
}
