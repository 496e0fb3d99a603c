// What is known about a token, without the token.
import type { Secret } from '../secrets/secret.ts'
import type { TokenOption } from './token-options.ts'
import type { CheckReport } from './verify.ts'

/** Facts about the token for summaries and JSON; null if they are unknown. */
export type TokenFacts = {
	readonly keyId: string | null
	readonly name: string | null
	readonly owner: string | null
	readonly expiresAt: Date | null
}

/** The facts about the token that a run uses. */
export function getTokenFacts(token: Secret, report: CheckReport | null): TokenFacts {
	return {
		keyId: token.keyId,
		name: report?.tokenName ?? null,
		owner: report?.owner ?? null,
		expiresAt: report?.expiresAt ?? null,
	}
}

/** For example: “mux-laptop”, expires in 6 days. */
export function describeTokenOption({ name, state, choice }: TokenOption): string {
	return `${name ? `“${name}”` : choice.secret}, ${state}`
}
