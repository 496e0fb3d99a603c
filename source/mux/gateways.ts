// The gateways that Mux can route a model through, and which one it uses: a configured one takes precedence over the
// provider itself unless config.json puts "direct" first (docs/contracts/mux.md#23-gateways-take-precedence).

import { builtInProviders, getProvider } from '../providers.ts'
import type { MuxHome, Redacted, RedactedEnvironment, Section } from './context.ts'
import { asSection } from './context.ts'
import { isCredential } from './credential.ts'
import { getCoderSession } from './oauth-sessions.ts'
import { forcedBaseUrl, isModelAllowed } from './policy.ts'
import { findKey, isDisabled } from './request/keys.ts'

/** In the order in which Mux tries them. */
export const gatewayIds = ['mux-gateway', 'openrouter', 'github-copilot', 'coder', 'bedrock'] as const
export type GatewayId = (typeof gatewayIds)[number]

export const gatewayTitles: Readonly<Record<GatewayId, string>> = {
	'mux-gateway': 'Mux Gateway',
	openrouter: 'OpenRouter',
	'github-copilot': 'GitHub Copilot',
	coder: 'Login with Coder',
	bedrock: 'Amazon Bedrock',
}

/** The inputs of a decision about a provider. */
export type GatewayContext = { readonly muxHome: MuxHome; readonly env: RedactedEnvironment }

export function isGateway(id: string): id is GatewayId {
	return (gatewayIds as readonly string[]).includes(id)
}

export function getSection({ muxHome }: GatewayContext, id: string): Section {
	return asSection(muxHome.settings.sections[id])
}

/** Whether a gateway can serve the provider at all. */
export function servesModel(gateway: GatewayId, provider: string): boolean {
	const facts = getProvider(provider)
	return facts !== undefined && !facts.unsupportedGateways.includes(gateway)
}

/** A model's name as the gateway knows it. */
export function toGatewayModel(gateway: GatewayId, provider: string, model: string): string {
	if (gateway === 'github-copilot') return model
	return gateway === 'bedrock' ? `${provider}.${model}` : `${provider}/${model}`
}

/** The region of Amazon Bedrock, from the file or the environment. */
export function bedrockRegion({ env: environment, ...context }: GatewayContext): string | null {
	const { region } = getSection({ env: environment, ...context }, 'bedrock')
	if (typeof region === 'string' && region !== '') return region
	for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) {
		const value = environment[name]
		if (typeof value === 'string' && value.trim() !== '') return value.trim()
	}
	return null
}

/** The code of Mux's own gateway: `couponCode`, or the older `voucher`. */
export function getCouponCode(section: Section): Redacted {
	return section['couponCode'] ?? section['voucher'] ?? null
}

/** Whether a gateway has its credentials. `forced`: the deployment that a policy requires for the Coder login. */
export function hasCredentials(gateway: GatewayId, context: GatewayContext, forced: string | null = null): boolean {
	const section = getSection(context, gateway)
	if (gateway === 'bedrock') return bedrockRegion(context) !== null
	if (gateway === 'coder') return getCoderSession(section, forced) !== null
	if (gateway === 'mux-gateway') {
		const coupon = getCouponCode(section)
		return isCredential(coupon) ? !coupon.empty : Boolean(coupon)
	}
	return findKey(gateway, section, context.muxHome, context.env) !== null
}

/**
 * Whether Mux includes the gateway in a list of routes that it derives itself: for Bedrock a region alone isn't enough.
 */
function isTakenByItself(gateway: GatewayId, context: GatewayContext): boolean {
	const section = getSection(context, gateway)
	if (isDisabled(section) || !hasCredentials(gateway, context)) return false
	if (gateway !== 'bedrock') return true
	const { env: environment } = context
	const filled = (value: Redacted | undefined) =>
		isCredential(value) ? value.usable || value.reference : typeof value === 'string' && value.trim() !== ''
	return (
		(filled(section['accessKeyId']) && filled(section['secretAccessKey'])) ||
		filled(section['bearerToken']) ||
		filled(section['profile']) ||
		(filled(environment['AWS_ACCESS_KEY_ID']) && filled(environment['AWS_SECRET_ACCESS_KEY'])) ||
		filled(environment['AWS_BEARER_TOKEN_BEDROCK']) ||
		filled(environment['AWS_PROFILE'])
	)
}

/** The routes that Mux uses: those of config.json, or those that it derives if the file has no list. */
export type RouteOrder = {
	readonly priority: readonly string[]
	/** Route by `provider:model`. */
	readonly overrides: Readonly<Record<string, string>>
	/** `muxGatewayEnabled: false` of older releases still counts. */
	readonly muxGatewayOff: boolean
	/** The list is in config.json. */
	readonly own: boolean
}

export function getRouteOrder(context: GatewayContext): RouteOrder {
	const { priority, overrides, gatewayEnabled, gatewayModels } = context.muxHome.routes
	const canonical: Record<string, string> = {}
	for (const [model, route] of Object.entries(overrides)) canonical[canonicalModel(model)] = route
	if (priority !== null) {
		const muxGatewayOff = gatewayEnabled === false && !priority.includes('mux-gateway')
		return { priority, overrides: canonical, muxGatewayOff, own: true }
	}
	const made = [...gatewayIds.filter(gateway => isTakenByItself(gateway, context)), 'direct']
	if (gatewayEnabled === false) {
		const without = made.filter(route => route !== 'mux-gateway')
		return { priority: without, overrides: canonical, muxGatewayOff: true, own: false }
	}
	// Models that an older release sent through Mux's own gateway keep that route.
	for (const model of gatewayModels) {
		const name = canonicalModel(model.includes(':') ? model.trim() : model.trim().replace('/', ':'))
		if (!Object.hasOwn(canonical, name)) canonical[name] = 'mux-gateway'
	}
	return { priority: made, overrides: canonical, muxGatewayOff: false, own: false }
}

/** `openrouter:openai/gpt-5` names the same model as `openai:gpt-5`. */
function canonicalModel(model: string): string {
	const parts = /^(mux-gateway|openrouter|coder):([^/]+)\/(.+)$/.exec(model) ?? /^(bedrock):([^.]+)\.(.+)$/.exec(model)
	if (!parts) return model
	const [, gateway, provider, name] = parts
	const known = [...builtInProviders, ...(gateway === 'coder' ? [] : ['google', 'xai', 'deepseek', 'moonshotai'])]
	return known.includes(provider ?? '') ? `${provider}:${name}` : model
}

/** Whether a gateway can serve a model now: configured, turned on, and with the model in its catalog and policy. */
export function isRouteAvailable(
	gateway: GatewayId,
	provider: string,
	model: string,
	context: GatewayContext,
	routes: RouteOrder,
): boolean {
	const section = getSection(context, gateway)
	const { policy } = context.muxHome
	if (!servesModel(gateway, provider) || isDisabled(section)) return false
	if (!hasCredentials(gateway, context, forcedBaseUrl(policy, 'coder'))) return false
	if (gateway === 'mux-gateway' && routes.muxGatewayOff) return false
	const name = toGatewayModel(gateway, provider, model)
	return isModelAllowed(policy, gateway, name) && isInCatalogue(gateway, name, section)
}

function isInCatalogue(gateway: GatewayId, name: string, section: Section): boolean {
	const models = Array.isArray(section['models']) ? section['models'] : []
	const ids = models
		.map(entry => (typeof entry === 'string' ? entry : asSection(entry)['id']))
		.filter((id): id is string => typeof id === 'string' && id.trim() !== '')
		.map(id => id.trim())
	if (gateway === 'coder') {
		const { discoveredModels, removedModels } = section
		if (Array.isArray(removedModels) && removedModels.includes(name)) return false
		return !Array.isArray(discoveredModels) || discoveredModels.includes(name) || ids.includes(name)
	}
	if (gateway !== 'github-copilot' || ids.length === 0) return true
	return ids.some(id => copilotName(id) === copilotName(name))
}

function copilotName(id: string): string {
	const bare = id.slice(id.indexOf(':') + 1)
	return bare.startsWith('claude-') ? bare.replace(/(\d+)\.(\d+)/g, '$1-$2') : bare
}

/**
 * The route of a model: a gateway, or `direct`. `directOpen`: the provider itself is configured and turned on. An
 * override comes first, then the list; if nothing is available Mux tries the provider itself.
 */
export function chooseRoute(
	provider: string,
	model: string,
	directOpen: boolean,
	context: GatewayContext,
): { route: GatewayId | 'direct'; by: 'override' | 'list' | 'nothing-else' } {
	const routes = getRouteOrder(context)
	const take = (route: string): GatewayId | 'direct' | null => {
		if (route === 'direct') return directOpen ? 'direct' : null
		return isGateway(route) && isRouteAvailable(route, provider, model, context, routes) ? route : null
	}
	const override = routes.overrides[`${provider}:${model}`]
	const overridden = override === undefined ? null : take(override === provider ? 'direct' : override)
	if (overridden) return { route: overridden, by: 'override' }
	for (const route of routes.priority) {
		const taken = take(route)
		if (taken) return { route: taken, by: 'list' }
	}
	return { route: 'direct', by: 'nothing-else' }
}
