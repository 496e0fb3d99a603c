// The live checks together with what stands in the way on this machine: one list of rows for every front end.
import { checkBridge, type ProviderInstance } from '../coder/check.ts'
import type { Client } from '../coder/client.ts'
import { bridgeOf, type Deployment, type Route } from '../coder/deployment-url.ts'
import { findOtherDeployment } from '../coder/logins.ts'
import { modelsNotOffered } from '../coder/models.ts'
import { isWizardTokenName, tokenInfo } from '../coder/tokens.ts'
import { type Finding, Refusal, severityOf } from '../findings/finding.ts'
import type { Fix, Shadow } from '../mux/shadows.ts'
import { sectionOf, withSettingsText } from '../mux/snapshot.ts'
import { type BuiltInProvider, customTarget, type ProviderTarget, providerTitle } from '../provider.ts'
import type { Secret } from '../secret.ts'
import type { SetupAnswers } from './answers.ts'
import { makePlan } from './plan.ts'
import { type Reading, sectionIn, settingsTokens } from './reading.ts'
import { isBuiltIn, shadowsOf, useInWords } from './uses.ts'

export type RowState = 'waiting' | 'asking' | 'good' | 'warning' | 'bad' | 'skipped'

/** One line of the checks. `part` is `deployment`, `token`, `bridge`, a provider's id or `in-the-way`. */
export type CheckRow = {
	readonly part: string
	readonly label: string
	readonly state: RowState
	readonly note: string
	readonly findings: readonly Finding[]
}

export type CheckReport = {
	readonly route: Route
	readonly version: string | null
	readonly owner: string | null
	readonly keyId: string | null
	readonly expiresAt: Date | null
	readonly models: Readonly<Record<string, readonly string[] | null>>
	readonly findings: readonly Finding[]
	/** Shadows that the same plan could take away, if the user wants. */
	readonly fixes: readonly Fix[]
	/** Providers of the deployment beyond the two, that could be added. */
	readonly moreProviders: readonly { readonly target: ProviderTarget; readonly now: string }[]
	/** Instances that could serve a built-in provider that the deployment does not have under its own name. */
	readonly standIns: readonly { readonly id: BuiltInProvider; readonly instance: string }[]
	/** The wizard's own older token that the settings hold and this plan replaces. */
	readonly replaced: { readonly keyId: string; readonly name: string } | null
}

export type VerifyQuestion = {
	readonly deployment: Deployment
	readonly token: Secret
	readonly targets: readonly ProviderTarget[]
	readonly route?: Route | undefined
}

const labels: Record<string, string> = {
	deployment: 'Deployment',
	token: 'Token',
	bridge: 'AI Bridge',
	'in-the-way': 'In the way',
}

/** Where the rows are reported as they move, and how all of it is stopped. */
export type VerifyOptions = { readonly signal: AbortSignal; readonly onRows: (rows: readonly CheckRow[]) => void }

/**
 * Checks everything: the deployment, the token, AI Bridge, each provider's route (coder-contract, sections 2 to 5), and
 * what on this machine would keep Mux from using it. Failures are findings, never errors; throws only when stopped.
 */
export async function verify(
	client: Client,
	reading: Reading,
	question: VerifyQuestion,
	{ signal, onRows }: VerifyOptions,
): Promise<{ rows: readonly CheckRow[]; report: CheckReport }> {
	const { deployment, token, targets } = question
	const parts = ['deployment', 'token', 'bridge', ...targets.map(target => target.id)]
	let rows: readonly CheckRow[] = parts.map(part => ({
		part,
		label: labels[part] ?? providerTitle(part),
		state: 'waiting',
		note: '',
		findings: [],
	}))
	const move = (part: string, changed: Partial<CheckRow>): void => {
		rows = rows.map(row => (row.part === part ? { ...row, ...changed } : row))
		onRows(rows)
	}
	onRows(rows)
	const known = { settingsTokens: settingsTokens(reading.snapshot) }
	const elsewhere = await findOtherDeployment(client.host, deployment, token, known)
	// A token that this machine knows as another deployment's is not sent to this one.
	if (elsewhere) {
		move('token', { state: 'bad', findings: [elsewhere] })
		for (const row of rows) if (row.state === 'waiting') move(row.part, { state: 'skipped' })
		const none = { version: null, owner: null, keyId: token.keyId, expiresAt: null, models: {} }
		const route = question.route ?? '/api/v2/aibridge'
		return {
			rows,
			report: { ...none, route, findings: [elsewhere], fixes: [], moreProviders: [], standIns: [], replaced: null },
		}
	}
	const checked = await checkBridge(client, question, {
		signal,
		onProgress: ({ part, state, note, findings }) => move(part, { state, note, findings }),
	})
	const route = question.route ?? checked.route ?? '/api/v2/aibridge'
	const planned = { deployment, token, targets, route, fixes: [], storage: { in: 'settings' as const } }
	const shadows = shadowsAfter(reading, planned)
	const findings = shadows.map(shadow => shadow.finding)
	if (findings.length > 0) {
		const bad = findings.some(found => severityOf(found) === 'error')
		const row: CheckRow = {
			part: 'in-the-way',
			label: 'In the way',
			state: bad ? 'bad' : 'warning',
			note: '',
			findings,
		}
		rows = [...rows, row]
		onRows(rows)
	}
	const models = Object.fromEntries(checked.providers.map(each => [each.id, each.models]))
	const moreProviders = moreProvidersOf(reading, checked.instances ?? [])
	const replaced = checked.user ? await findReplacedToken(client, reading, question, signal) : null
	const unoffered = targets.flatMap(({ id }) => modelsNotOffered(id, namedModels(reading, id), models[id]))
	return {
		rows,
		report: {
			route,
			version: checked.version ?? null,
			owner: checked.user?.name ?? null,
			keyId: token.keyId,
			expiresAt: checked.token?.expiresAt ?? null,
			models,
			findings: [...checked.findings, ...findings, ...unoffered],
			fixes: shadows.flatMap(shadow => shadow.fix ?? []),
			moreProviders,
			standIns: standInsFor(targets, checked.findings, checked.instances ?? []),
			replaced,
		},
	}
}

/** What would still stand in the way with the plan applied; nothing where no plan can be made, which the review tells. */
function shadowsAfter(reading: Reading, answers: SetupAnswers): Shadow[] {
	try {
		const after = withSettingsText(reading.snapshot, makePlan(reading, answers).text)
		return answers.targets.flatMap(target => shadowsOf(after, target))
	} catch (error) {
		if (error instanceof Refusal) return []
		throw error
	}
}

/** The models that a section lists, as names. */
function namedModels(reading: Reading, id: string): string[] {
	const models = sectionIn(reading.snapshot, id)['models']
	if (!Array.isArray(models)) return []
	return models.flatMap(entry => {
		if (typeof entry === 'string') return [entry]
		const name = sectionOf(entry)['id']
		return typeof name === 'string' ? [name] : []
	})
}

/** Providers of the deployment that Mux could have as custom ones; none where the user may not list them. */
function moreProvidersOf(reading: Reading, instances: readonly ProviderInstance[]): CheckReport['moreProviders'] {
	return instances
		.filter(instance => instance.enabled && instance.wire === 'openai' && instance.name !== 'openai')
		.map(({ name, displayName }) => customTarget(name, displayName))
		.map(target => ({ target, now: useInWords(reading.snapshot, target.id) }))
}

/** What the deployment has for a provider that it does not know by the usual name, speaking the same wire. */
function standInsFor(
	targets: readonly ProviderTarget[],
	findings: readonly Finding[],
	instances: readonly ProviderInstance[],
): CheckReport['standIns'] {
	return targets.flatMap(({ id, wire }) => {
		const unknown = findings.some(found => found.code === 'provider-unknown' && found.subject === id)
		if (!unknown || !isBuiltIn(id)) return []
		return instances
			.filter(instance => instance.enabled && instance.wire === wire)
			.map(instance => ({ id, instance: instance.name }))
	})
}

/** The token in the settings, where the wizard made it in an earlier run and the new one is another. */
async function findReplacedToken(client: Client, reading: Reading, question: VerifyQuestion, signal: AbortSignal) {
	const { deployment, token } = question
	const old = settingsTokens(reading.snapshot).find(
		held => bridgeOf(held.baseUrl)?.origin === deployment.origin && !held.token.equals(token),
	)
	if (!old?.token.keyId) return null
	const info = await tokenInfo(client, deployment, old.token, { signal })
	const name = info.ok ? info.key?.name : undefined
	return name !== undefined && isWizardTokenName(name) ? { keyId: old.token.keyId, name } : null
}
