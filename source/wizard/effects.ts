// Carries the wizard's effects out: the network, the disk, other programs. Modules that reach for the network are loaded
// when they are first needed, so that the first question does not wait for them.
import type { Client } from '../coder/client.ts'
import type { Route } from '../coder/deployment-url.ts'
import { type Finding, Refusal } from '../findings/finding.ts'
import type { Event } from '../flow/state.ts'
import type { Host } from '../host.ts'
import { withModels } from '../setup/offered-models.ts'
import type { Reading, Where } from '../setup/reading.ts'
import type { CarryOut } from './store.ts'

export type EffectOptions = {
	readonly where: Where
	readonly caFile?: string | undefined
	readonly route?: Route | undefined
	readonly lifetimeDays?: number | undefined
}

/** How long the wizard waits, on leaving, for a made token to be taken back. */
const discardLimitMs = 4000

/** The runner of a wizard. `reading` is what was read at the start; a plan reads anew. */
export function effectRunner(host: Host, options: EffectOptions): CarryOut {
	let underWay = new AbortController()
	let client: Client | undefined
	const clientOf = async () => {
		const { openClient } = await import('../coder/client.ts')
		client ??= openClient(host, options.caFile ? { caFile: options.caFile } : {})
		return client
	}
	let lastReading: Reading | undefined
	const readingOf = async () => {
		const { readSetup } = await import('../setup/reading.ts')
		lastReading = await readSetup(host, options.where)
		return lastReading
	}

	return async (effect, send) => {
		if (effect.do === 'stop') {
			underWay.abort()
			underWay = new AbortController()
			return
		}
		const { signal } = effect.do === 'discard-token' ? { signal: AbortSignal.timeout(discardLimitMs) } : underWay
		const attempt = async (
			work: () => Promise<Event | null>,
			failed: (findings: readonly Finding[]) => Event | null,
		) => {
			const event = await work().catch((error: unknown) => {
				if (error instanceof Refusal) return failed(error.findings)
				if (signal.aborted) return null
				throw error
			})
			if (event) send(event)
		}
		switch (effect.do) {
			case 'look':
				return attempt(
					async () => {
						const { lookAtDeployment } = await import('../coder/check.ts')
						const looked = await lookAtDeployment(await clientOf(), effect.deployment, { signal })
						if (!looked.ok) return { on: 'look-failed', run: effect.run, findings: looked.findings }
						const settled = { deployment: effect.deployment, version: looked.version }
						return { on: 'looked', run: effect.run, settled }
					},
					findings => ({ on: 'look-failed', run: effect.run, findings }),
				)
			case 'find-tokens':
				return attempt(
					async () => {
						const { offerTokens } = await import('../setup/offer-tokens.ts')
						const reading = lastReading ?? (await readingOf())
						const tokens = await offerTokens(host, await clientOf(), reading, effect, { ...options, signal })
						return { on: 'tokens-found', run: effect.run, tokens }
					},
					() => ({ on: 'tokens-found', run: effect.run, tokens: { offers: [], makeable: null } }),
				)
			case 'make-token':
				return attempt(
					async () => {
						const { makeToken } = await import('../setup/offer-tokens.ts')
						const made = await makeToken(host, await clientOf(), effect, { ...options, signal })
						return { on: 'token-made', run: effect.run, made }
					},
					findings => ({ on: 'make-failed', run: effect.run, findings }),
				)
			case 'check':
				return attempt(
					async () => {
						const { verify } = await import('../setup/verify.ts')
						const question = { ...effect, route: options.route }
						const onRows = (rows: Parameters<Parameters<typeof verify>[3]['onRows']>[0]) =>
							send({ on: 'check-moved', run: effect.run, rows })
						const { rows, report } = await verify(await clientOf(), await readingOf(), question, {
							signal,
							onRows,
						})
						return { on: 'checked', run: effect.run, rows, report }
					},
					findings => ({ on: 'plan-failed', run: effect.run, findings }),
				)
			case 'plan':
				return attempt(
					async () => {
						const { makePlan } = await import('../setup/plan.ts')
						const { settled, token, fixes, storage } = effect.answers
						if (!settled || !token) return null
						const reading = await readingOf()
						const { route, report } = effect
						const targets = effect.targets.map(target => withModels(target, reading, report.models[target.id]))
						const answers = { targets, route, fixes, storage, deployment: settled.deployment, token: token.secret }
						return { on: 'planned', run: effect.run, plan: makePlan(reading, answers) }
					},
					findings => ({ on: 'plan-failed', run: effect.run, findings }),
				)
			case 'apply':
				return attempt(
					async () => {
						const { applyPlan } = await import('../setup/apply.ts')
						const receipt = await applyPlan(host, effect.plan, effect.facts, signal)
						return { on: 'applied', run: effect.run, receipt }
					},
					findings => failedWrite(effect.run, findings),
				)
			case 'clear':
				return attempt(
					async () => {
						const { applyClearing } = await import('../setup/apply.ts')
						const receipt = await applyClearing(host, effect.exports, signal)
						return receipt && { on: 'cleared', run: effect.run, exports: effect.exports, receipt }
					},
					findings => failedWrite(effect.run, findings),
				)
			case 'delete-token':
				return attempt(
					async () => {
						const { deleteToken } = await import('../coder/tokens.ts')
						await deleteToken(await clientOf(), effect.deployment, effect.session, effect.keyId, { signal })
						return { on: 'token-deleted', run: effect.run }
					},
					findings => ({ on: 'delete-failed', run: effect.run, findings }),
				)
			case 'discard-token':
				// The user leaves: what can't be taken back in time dies at its lifetime, and nothing holds its text.
				return attempt(
					async () => {
						const { deleteToken } = await import('../coder/tokens.ts')
						const { deployment, secret } = effect.made
						if (secret.keyId) await deleteToken(await clientOf(), deployment, secret, secret.keyId, { signal })
						return null
					},
					() => null,
				)
		}
	}
}

function failedWrite(run: number, findings: readonly Finding[]): Event {
	const changed = findings.some(found => found.code === 'settings-changed')
	return changed ? { on: 'changed-meanwhile', run } : { on: 'apply-failed', run, findings }
}
