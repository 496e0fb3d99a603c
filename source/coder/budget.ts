// The user's budget for AI, since Coder 2.36 (docs/contracts/coder.md#6-providers-and-budgets).
import type { Secret } from '../secrets/secret.ts'
import type { Deployment } from './deployment-url.ts'
import type { HttpClient } from './http/types.ts'
import { parseJsonBody, textOf } from './interpret-response.ts'
import { isBefore } from './releases.ts'

/** Amounts in millionths of a US dollar. */
export type Budget = { readonly limitMicros: number; readonly spentMicros: number; readonly resetsAt: Date | null }

/** The budget; null if there is none, the release has no budgets, or it can't be read. */
export async function fetchBudget(
	client: HttpClient,
	question: {
		readonly deployment: Deployment
		readonly token: Secret
		readonly version: string
		readonly signal?: AbortSignal | undefined
	},
): Promise<Budget | null> {
	const { deployment, token, version, signal } = question
	if (isBefore(version, 36)) return null
	const result = await client.request({
		origin: deployment.origin,
		path: '/api/v2/users/me/ai/spend',
		token: { secret: token, as: 'Coder-Session-Token' },
		once: true,
		signal,
	})
	const json = result.ok && result.response.status === 200 ? parseJsonBody(result.response) : null
	const limit = json?.['spend_limit_micros']
	const spent = json?.['current_spend_micros']
	if (typeof limit !== 'number' || typeof spent !== 'number') return null
	const end = new Date(textOf(json?.['period_end']))
	return { limitMicros: limit, spentMicros: spent, resetsAt: Number.isNaN(end.getTime()) ? null : end }
}

/** `US$12` or `US$0.05`. */
export function formatDollars(micros: number): string {
	const dollars = micros / 1e6
	return `US$${Number.isInteger(dollars) ? dollars : dollars.toFixed(2)}`
}
