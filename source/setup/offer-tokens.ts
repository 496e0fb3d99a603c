// The tokens that can be offered for one deployment: those found on this machine, and one that could be made for Mux.
import type { Client } from '../coder/client.ts'
import type { Deployment } from '../coder/deployment-url.ts'
import { type FoundToken, findTokens } from '../coder/logins.ts'
import { type TokenKey, timeUntil } from '../coder/token-key.ts'
import { createToken, tokenConfig, tokenInfo, tokenNameFor } from '../coder/tokens.ts'
import type { Host } from '../host.ts'
import type { Secret } from '../secret.ts'
import { type Reading, settingsTokens } from './reading.ts'

/** A token, and where it came from in words ("from the Coder CLI"). */
export type TokenAnswer = {
	readonly secret: Secret
	readonly from: string
	/** Set where it stands in the Coder CLI's session file, which Mux could read itself. */
	readonly isCliSession?: boolean
}

/** A token of this deployment that is already on the machine. */
export type TokenOffer = { readonly label: string; readonly note: string; readonly answer: TokenAnswer }

/** What can be said of tokens once the deployment is known. */
export type TokenOffers = {
	readonly offers: readonly TokenOffer[]
	/** How a token made for Mux would be called and how many days it would live; null where none can be made. */
	readonly makeable: { readonly name: string; readonly days: number } | null
}

/** A token that the wizard made in this run; deleted again if the user leaves without using it. */
export type MadeToken = { readonly deployment: Deployment; readonly secret: Secret; readonly name: string }

export const usualLifetimeDays = 30

type OfferOptions = { readonly lifetimeDays?: number | undefined; readonly signal: AbortSignal }

/** Finds what can be offered. Tokens that the deployment refuses are shown as such, and nothing is made with them. */
export async function offerTokens(
	host: Host,
	client: Client,
	reading: Reading,
	question: { readonly deployment: Deployment; readonly given: TokenAnswer | null },
	options: OfferOptions,
): Promise<TokenOffers> {
	const { deployment, given } = question
	const { signal } = options
	const found = await findTokens(host, deployment, { settingsTokens: settingsTokens(reading.snapshot), signal })
	const known = found.map(token => ({ token, answer: answerOf(token) }))
	const asked = await Promise.all(
		known.map(async ({ token, answer }) => ({
			token,
			answer,
			info: await tokenInfo(client, deployment, token.token, { signal }),
		})),
	)
	const offers = asked.map(({ token, answer, info }): TokenOffer => {
		const key = `key ${token.token.keyId ?? 'unknown'}`
		const state = info.ok ? (info.key ? keyNote(info.key, host.now()) : 'accepted') : 'refused by the deployment'
		return { label: `Use ${token.label}`, note: `${key}, ${state}`, answer }
	})
	const session = given?.secret ?? asked.find(({ info }) => info.ok)?.answer.secret
	const config = session ? await tokenConfig(client, deployment, session, { signal }) : null
	const wanted = options.lifetimeDays ?? usualLifetimeDays
	const days = Math.min(wanted, config?.maxLifetimeDays ?? wanted)
	return {
		// What works comes first.
		offers: [
			...offers.filter((_, index) => asked[index]?.info.ok),
			...offers.filter((_, index) => !asked[index]?.info.ok),
		],
		makeable: config ? { name: tokenNameFor(host), days } : null,
	}
}

/** The name of a token that has one, and until when it lives. */
function keyNote(key: TokenKey, now: Date): string {
	const name = key.kind === 'api-token' && key.name ? `“${key.name}”, ` : ''
	return `${name}${key.expiresAt ? `ends ${timeUntil(key.expiresAt, now)}` : 'no end'}`
}

function answerOf(found: FoundToken): TokenAnswer {
	return { secret: found.token, from: found.from, isCliSession: found.file !== undefined }
}

/** Makes a named token that outlives logins. Throws Refusal. */
export async function makeToken(
	host: Host,
	client: Client,
	question: { readonly deployment: Deployment; readonly session: Secret },
	options: OfferOptions,
): Promise<MadeToken> {
	const { deployment, session } = question
	const created = await createToken(
		client,
		deployment,
		session,
		{ name: tokenNameFor(host), lifetimeDays: options.lifetimeDays ?? usualLifetimeDays, onTaken: 'next-name' },
		{ signal: options.signal },
	)
	return { deployment, secret: created.secret, name: created.name }
}
