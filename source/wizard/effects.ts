// Runs the wizard's effects: the network, the disk, other programs. Modules that use the network are loaded on first
// use, so that the first question doesn't wait for them.

import type { ProofMethod } from '../coder/check.ts'
import type { Deployment, Route } from '../coder/deployment-url.ts'
import type { HttpClient } from '../coder/http/types.ts'
import { firmRefusals } from '../coder/token-format.ts'
import { type Finding, UserError } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { ContextOptions, SetupContext } from '../setup/context.ts'
import type { CheckRow } from '../setup/verify.ts'
import type { WizardEvent } from './state.ts'
import type { RunEffect } from './store.ts'

export type EffectOptions = {
	readonly where: ContextOptions
	readonly caFile?: string | undefined
	readonly route?: Route | undefined
	readonly proof?: ProofMethod | undefined
	readonly lifetimeDays?: number | undefined
	/** Origin of a standalone gateway. */
	readonly gateway?: string | undefined
}

/** How long the wizard waits, on quitting, for a created token to be revoked. */
const discardLimitMs = 4000

/** The effect runner of a wizard. `context` is what was read at the start; a plan reads it again. */
export function createEffectRunner(runtime: Runtime, options: EffectOptions): RunEffect {
	let underWay = new AbortController()
	let client: HttpClient | undefined
	const clientOf = async () => {
		const { createCoderClient } = await import('../coder/client.ts')
		client ??= createCoderClient(runtime, options.caFile ? { caFile: options.caFile } : {})
		return client
	}
	let lastReading: SetupContext | undefined
	const readingOf = async () => {
		const { loadContext } = await import('../setup/context.ts')
		lastReading = await loadContext(runtime, options.where)
		return lastReading
	}

	const { gateway } = options
	const withGateway = (deployment: Deployment): Deployment =>
		gateway === undefined ? deployment : { ...deployment, gateway }

	return async (effect, send) => {
		if (effect.type === 'cancel-running') {
			underWay.abort()
			underWay = new AbortController()
			return
		}
		const { signal } =
			effect.type === 'revoke-unused-token' ? { signal: AbortSignal.timeout(discardLimitMs) } : underWay
		const attempt = async (
			work: () => Promise<WizardEvent | null>,
			failed: (findings: readonly Finding[]) => WizardEvent | null,
		) => {
			const event = await work().catch((error: unknown) => {
				if (error instanceof UserError) return failed(error.findings)
				if (signal.aborted) return null
				throw error
			})
			if (event) send(event)
		}
		switch (effect.type) {
			case 'look-around':
				return attempt(
					async () => {
						const { findSetup } = await import('../setup/find-setup.ts')
						const context = lastReading ?? (await readingOf())
						const found = await findSetup(runtime, await clientOf(), context, withGateway(effect.deployment), {
							...options,
							signal,
						})
						return { type: 'looked-around', run: effect.run, found }
					},
					() => ({ type: 'looked-around', run: effect.run, found: null }),
				)
			case 'check-current':
				return attempt(
					async () => {
						const { checkCurrentSetup } = await import('../setup/find-setup.ts')
						const onRows = (rows: readonly CheckRow[]) => send({ type: 'current-progressed', run: effect.run, rows })
						const current = await checkCurrentSetup(await clientOf(), await readingOf(), effect, { signal, onRows })
						return { type: 'current-checked', run: effect.run, current }
					},
					() => ({ type: 'current-checked', run: effect.run, current: null }),
				)
			case 'verify-token':
				return attempt(
					async () => {
						const { verifyToken } = await import('../setup/token-options.ts')
						const verified = await verifyToken(runtime, await clientOf(), effect, { ...options, signal })
						return { type: 'token-verified', run: effect.run, ...verified }
					},
					findings => {
						const isFinal = findings.some(issue => firmRefusals.has(issue.code))
						// The checks decide about everything else: AI Bridge may accept the token all the same.
						return isFinal
							? { type: 'token-refused', run: effect.run, findings }
							: { type: 'token-verified', run: effect.run, owner: null, expires: null, makeable: null }
					},
				)
			case 'probe-deployment':
				return attempt(
					async () => {
						const { probeDeployment } = await import('../coder/check.ts')
						const looked = await probeDeployment(await clientOf(), effect.deployment, { signal })
						if (!looked.ok) return { type: 'probe-failed', run: effect.run, findings: looked.findings }
						const deployment =
							looked.origin === effect.deployment.origin
								? effect.deployment
								: { origin: looked.origin, insecure: false }
						const settled = { deployment: withGateway(deployment), version: looked.version }
						return { type: 'deployment-probed', run: effect.run, settled }
					},
					findings => ({ type: 'probe-failed', run: effect.run, findings }),
				)
			case 'find-tokens':
				return attempt(
					async () => {
						const { findTokenOptions } = await import('../setup/token-options.ts')
						const context = lastReading ?? (await readingOf())
						const tokens = await findTokenOptions(runtime, await clientOf(), context, effect, { ...options, signal })
						return { type: 'tokens-found', run: effect.run, tokens }
					},
					() => ({ type: 'tokens-found', run: effect.run, tokens: { options: [], makeable: null } }),
				)
			case 'create-token':
				return attempt(
					async () => {
						const { createNewToken } = await import('../setup/token-options.ts')
						const newToken = await createNewToken(runtime, await clientOf(), effect, { ...options, signal })
						return { type: 'token-created', run: effect.run, newToken }
					},
					findings => ({ type: 'create-failed', run: effect.run, findings }),
				)
			case 'run-checks':
				return attempt(
					async () => {
						const { verify } = await import('../setup/verify.ts')
						const question = { ...effect, route: options.route, proof: options.proof }
						const onRows = (rows: Parameters<Parameters<typeof verify>[3]['onRows']>[0]) =>
							send({ type: 'check-progressed', run: effect.run, rows })
						const { rows, report } = await verify(await clientOf(), await readingOf(), question, {
							signal,
							onRows,
						})
						return { type: 'checks-done', run: effect.run, rows, report }
					},
					findings => ({ type: 'plan-failed', run: effect.run, findings }),
				)
			case 'make-plan':
				return attempt(
					async () => {
						const { makePlan } = await import('../setup/plan.ts')
						const { deployment: settled, token, fixes, storage } = effect.answers
						if (!settled || !token) return null
						const context = await readingOf()
						const { route, targets } = effect
						const answers = { targets, route, fixes, storage, deployment: settled.deployment, token: token.secret }
						return { type: 'plan-made', run: effect.run, plan: makePlan(context, answers) }
					},
					findings => ({ type: 'plan-failed', run: effect.run, findings }),
				)
			case 'apply-plan':
				return attempt(
					async () => {
						const { applyPlan } = await import('../setup/apply.ts')
						const applyResult = await applyPlan(runtime, effect.plan, effect.facts, signal)
						return { type: 'plan-applied', run: effect.run, applyResult }
					},
					findings => failedWrite(effect.run, findings),
				)
			case 'send-messages':
				return attempt(
					async () => {
						const { sendTestMessages } = await import('../setup/test-message.ts')
						const sent = await sendTestMessages(await clientOf(), effect.plan, signal)
						return { type: 'messages-sent', run: effect.run, ...sent }
					},
					findings => ({ type: 'messages-sent', run: effect.run, providers: [], answers: [], findings }),
				)
			case 'clear-settings':
				return attempt(
					async () => {
						const { applyClearing } = await import('../setup/apply.ts')
						const cleared = await applyClearing(runtime, effect.exports, signal)
						return cleared && { type: 'settings-cleared', run: effect.run, exports: effect.exports, cleared }
					},
					findings => failedWrite(effect.run, findings),
				)
			case 'revoke-token':
				return attempt(
					async () => {
						const { deleteToken } = await import('../coder/tokens.ts')
						await deleteToken(await clientOf(), effect.deployment, effect.session, effect.keyId, { signal })
						return { type: 'token-revoked', run: effect.run }
					},
					findings => ({ type: 'revoke-failed', run: effect.run, findings }),
				)
			case 'revoke-unused-token':
				// The user quits: a token that can't be revoked in time expires by itself, and nothing keeps its text.
				return attempt(
					async () => {
						const { deleteToken } = await import('../coder/tokens.ts')
						const { deployment, secret } = effect.newToken
						if (secret.keyId) await deleteToken(await clientOf(), deployment, secret, secret.keyId, { signal })
						return null
					},
					() => null,
				)
		}
	}
}

function failedWrite(run: number, findings: readonly Finding[]): WizardEvent {
	const changed = findings.some(issue => issue.code === 'settings-changed')
	return changed ? { type: 'settings-changed', run } : { type: 'apply-failed', run, findings }
}
