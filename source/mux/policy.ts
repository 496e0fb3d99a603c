// A policy that an administrator has set for Mux: it can force a base URL or deny a provider
// (docs/contracts/mux.md#24-policies). It is strict JSON of a fixed shape, and Mux denies every provider if it can't be
// read.
import { stat } from 'node:fs/promises'
import { readRegularFile } from '../runtime/read-file.ts'
import { type Runtime, resolveFromCwd } from '../runtime/runtime.ts'
import { type Release, releaseFacts } from './releases.ts'

const maxPolicyBytes = 16 * 1024 * 1024

export type PolicyAccess = {
	readonly id: string
	readonly forcedBaseUrl: string | null
	/** Null: all models. */
	readonly models: readonly string[] | null
}

export type Policy =
	| { readonly state: 'none' }
	/** On the network; it isn't fetched, so nothing is known about it. */
	| { readonly state: 'remote'; readonly from: string }
	/** Unreadable, or requires a newer Mux: every provider is denied. */
	| { readonly state: 'blocked'; readonly from: string; readonly why: string }
	/** `access` null: all providers. */
	| { readonly state: 'enforced'; readonly from: string; readonly access: readonly PolicyAccess[] | null }

const noPolicy: Policy = { state: 'none' }

/** Reads the policy that a release uses. `enrolled`: config.json names a policy server. Never throws. */
export async function readPolicy(
	release: Release,
	runtime: Pick<Runtime, 'env' | 'cwd'>,
	enrolled: boolean,
): Promise<Policy> {
	const { env } = runtime
	const variable = release === 'xum' && env['XUM_POLICY_FILE'] !== undefined ? 'XUM_POLICY_FILE' : 'MUX_POLICY_FILE'
	const named = env[variable]?.trim()
	if (!named) return enrolled ? { state: 'remote', from: 'config.json' } : noPolicy
	if (/^https?:\/\//.test(named)) return { state: 'remote', from: variable }
	const path = resolveFromCwd(runtime, named)
	const entry = await stat(path).catch(() => null)
	if (!entry) return { state: 'blocked', from: variable, why: "the file doesn't exist" }
	if (!entry.isFile()) return { state: 'blocked', from: variable, why: "it isn't a file" }
	const text = await readRegularFile(path, maxPolicyBytes).then(
		bytes => bytes.toString('utf8'),
		() => null,
	)
	if (text === null) return { state: 'blocked', from: variable, why: "the file can't be read" }
	return parsePolicy(text, variable, release)
}

/** Parses the text of a policy. */
export function parsePolicy(text: string, from: string, release: Release): Policy {
	const blocked = (why: string): Policy => ({ state: 'blocked', from, why })
	let value: unknown
	try {
		value = JSON.parse(text)
	} catch {
		return blocked("it isn't valid JSON")
	}
	if (!isShape(value, policyShape)) return blocked("it isn't a policy")
	const policy = value as {
		minimum_client_version?: string
		provider_access?: { id: string; base_url?: string; model_access?: string[] }[]
	}
	const minimum = policy.minimum_client_version
	if (minimum && compareVersions(releaseFacts[release].version, minimum) < 0)
		return blocked(`it requires version ${minimum}`)
	const list = policy.provider_access ?? []
	if (list.length === 0) return { state: 'enforced', from, access: null }
	const access = list.map(entry => {
		const models = (entry.model_access ?? []).map(model => model.trim()).filter(model => model !== '')
		return {
			id: entry.id,
			forcedBaseUrl: entry.base_url?.trim() || null,
			models: models.length > 0 ? models : null,
		}
	})
	return { state: 'enforced', from, access }
}

export function isProviderAllowed(policy: Policy, provider: string): boolean {
	if (policy.state === 'blocked') return false
	if (policy.state !== 'enforced' || policy.access === null) return true
	return policy.access.some(entry => entry.id === provider)
}

export function isModelAllowed(policy: Policy, provider: string, model: string): boolean {
	if (!isProviderAllowed(policy, provider)) return false
	const models = policyFor(policy, provider)?.models ?? null
	return models === null || models.includes(model)
}

export function forcedBaseUrl(policy: Policy, provider: string): string | null {
	return policyFor(policy, provider)?.forcedBaseUrl ?? null
}

function policyFor(policy: Policy, provider: string): PolicyAccess | undefined {
	return policy.state === 'enforced' ? policy.access?.find(entry => entry.id === provider) : undefined
}

/** Compares versions by their numbers, ignoring everything after a hyphen. */
function compareVersions(left: string, right: string): number {
	const numbers = (version: string) =>
		version
			.replace(/^v/, '')
			.split('-')[0]!
			.split('.')
			.map(part => Number.parseInt(part, 10) || 0)
	const [a, b] = [numbers(left), numbers(right)]
	for (let at = 0; at < Math.max(a.length, b.length); at++) {
		const difference = (a[at] ?? 0) - (b[at] ?? 0)
		if (difference !== 0) return difference
	}
	return 0
}

// The shape of a policy: a validator for each property; other properties aren't allowed.
type Test = (value: unknown) => boolean
type Shape = { readonly required: Readonly<Record<string, Test>>; readonly optional: Readonly<Record<string, Test>> }

const isText: Test = value => typeof value === 'string'
const isListOf =
	(test: Test): Test =>
	value =>
		Array.isArray(value) && value.every(test)

const isProviderId: Test = value =>
	typeof value === 'string' &&
	/^[a-z0-9][a-z0-9_-]*$/.test(value) &&
	!['prototype', 'constructor', 'hasownproperty'].includes(value)

const runtimes = ['local', 'worktree', 'ssh', 'ssh+coder', 'docker', 'devcontainer']

const policyShape: Shape = {
	required: { policy_format_version: value => value === '0.1' },
	optional: {
		server_version: isText,
		minimum_client_version: isText,
		provider_access: isListOf(value =>
			isShape(value, {
				required: { id: isProviderId },
				optional: { base_url: isText, model_access: isListOf(isText) },
			}),
		),
		tools: value =>
			isShape(value, {
				required: {},
				optional: {
					allow_user_defined_mcp: inner =>
						isShape(inner, {
							required: { stdio: flag => typeof flag === 'boolean', remote: flag => typeof flag === 'boolean' },
							optional: {},
						}),
				},
			}),
		runtimes: isListOf(value =>
			isShape(value, { required: { id: id => runtimes.includes(id as string) }, optional: {} }),
		),
	},
}

function isShape(value: unknown, shape: Shape): boolean {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
	const members = value as Record<string, unknown>
	const { required, optional } = shape
	if (!Object.entries(required).every(([name, test]) => Object.hasOwn(members, name) && test(members[name])))
		return false
	return Object.keys(members).every(
		name => Object.hasOwn(required, name) || (Object.hasOwn(optional, name) && optional[name]!(members[name])),
	)
}
