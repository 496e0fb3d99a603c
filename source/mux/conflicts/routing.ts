// What sends models somewhere else: policies, gateways and routes of single models. config.json is Mux's own and is
// never changed; a gateway is turned off in the settings file, which `mux run` reads too
// (docs/contracts/mux.md#23-gateways-take-precedence).
import { parseBridgeUrl } from '../../bridge-url.ts'
import { cleanText } from '../../findings/clean-text.ts'
import { asSection, type MuxContext } from '../context.ts'
import { type GatewayId, gatewayTitles, getRouteOrder, isGateway } from '../gateways.ts'
import { forcedBaseUrl, isModelAllowed } from '../policy.ts'
import type { Release } from '../releases.ts'
import { asNonBlankString, getSectionUrl, isCustomProvider } from '../request/keys.ts'
import { type ResolvedRequest, resolveRequest } from '../request/resolve.ts'
import { type Conflict, type Fix, makeConflict, type Scene } from './scene.ts'
import { formatUrl, getHost } from './values.ts'

export function policyConflicts(scene: Scene): Conflict[] {
	const { muxContext, release, provider, models, resolvedRequest } = scene
	const { policy } = muxContext.directories[release]
	if (policy.state === 'none') return []
	const { from } = policy
	if (policy.state === 'remote') return [makeConflict(scene, 'policy-remote', { from })]
	if (policy.state === 'blocked') {
		const isVersion = policy.why.startsWith('it requires version')
		return [
			makeConflict(scene, 'policy-denies', {
				from,
				why: cleanText(policy.why, 80),
				version: isVersion ? 'old' : undefined,
			}),
		]
	}
	const conflicts: Conflict[] = []
	const denied = models.filter(model => !isModelAllowed(policy, provider, model))
	if (!isModelAllowed(policy, provider, resolvedRequest.model)) {
		const counts = denied.length < models.length ? { model: resolvedRequest.model } : {}
		conflicts.push(makeConflict(scene, 'policy-denies', { from, ...counts }))
	} else if (denied.length > 0) {
		const details = { from, count: denied.length, total: models.length }
		conflicts.push(makeConflict(scene, 'policy-denies', details, undefined, 'warning'))
	}
	const forced = forcedBaseUrl(policy, provider)
	if (forced === null || forced === asNonBlankString(getSectionUrl(scene.section).value)) return conflicts
	// The token would go to that host.
	const severity = parseBridgeUrl(forced) ? 'warning' : 'error'
	return [...conflicts, makeConflict(scene, 'policy-forces-url', { from, url: formatUrl(forced) }, undefined, severity)]
}

/** Gateways, one after the other: with the first one turned off, the next one would take the models. */
export function gatewayConflicts(scene: Scene): Conflict[] {
	const { section, release, provider, models, resolvedRequest } = scene
	if (isCustomProvider(section)) return []
	const conflicts: Conflict[] = []
	const overridden = findOverriddenModels(scene)
	let { muxContext } = scene
	for (;;) {
		const current = muxContext
		const requests = models
			.filter(model => current !== scene.muxContext || !overridden.some(route => route.model === model))
			.map(model => resolveRequest(current, release, provider, model))
		const judged = resolveRequest(current, release, provider, resolvedRequest.model)
		const isJudgedOverridden =
			current === scene.muxContext && overridden.some(route => route.model === resolvedRequest.model)
		const all = isJudgedOverridden ? requests : [...requests, judged]
		const gateways = new Set(all.map(request => request.via).filter(isGateway))
		if (gateways.size === 0) break
		for (const gateway of gateways) {
			const counts = { count: requests.filter(request => request.via === gateway).length, total: models.length }
			const isJudged = !isJudgedOverridden && judged.via === gateway
			const example = all.find(request => request.via === gateway)
			if (example) conflicts.push(gatewayConflict(scene, gateway, example, counts, isJudged))
			muxContext = withGatewayOff(muxContext, release, gateway)
		}
	}
	if (overridden.length > 0) conflicts.push(overrideConflict(scene, overridden))
	return conflicts
}

function gatewayConflict(
	scene: Scene,
	gateway: GatewayId,
	example: ResolvedRequest,
	counts: { count: number; total: number },
	isJudged: boolean,
): Conflict {
	if (gateway === 'coder' && example.baseUrlFrom === 'coder.deploymentUrl')
		return makeConflict(scene, 'coder-login-first', { host: getHost(example.baseUrl) })
	const from = example.request?.credentialFrom ?? getGatewaySource(gateway)
	const variable = /^[A-Z_]+$/.test(from) ? from : undefined
	const details = { gateway: gatewayTitles[gateway], from, variable, id: gateway, ...counts }
	const fix = gateway === 'coder' ? undefined : makeGatewayFix([gateway])
	return makeConflict(scene, 'gateway-first', details, fix, isJudged ? 'error' : 'warning')
}

function overrideConflict(scene: Scene, overridden: readonly OverriddenModel[]): Conflict {
	const models = overridden.map(({ model, gateway }) => `${model} through ${gatewayTitles[gateway]}`).join(', ')
	const gateways = [...new Set(overridden.map(route => route.gateway))]
	const fix = gateways.includes('coder') ? undefined : makeGatewayFix(gateways)
	const isJudged = overridden.some(route => route.model === scene.resolvedRequest.model)
	const details = { models: cleanText(models, 200) }
	return makeConflict(scene, 'route-overridden', details, fix, isJudged ? 'error' : 'warning')
}

/** The section `coder` is Mux's own, so that no fix may touch it. */
function makeGatewayFix(gateways: readonly Exclude<GatewayId, 'coder'>[] | readonly GatewayId[]): Omit<Fix, 'id'> {
	const names = gateways.map(gateway => gatewayTitles[gateway]).join(' and ')
	return {
		label: `turn ${names} off in Mux, for all models`,
		edits: gateways.map(gateway => ({ path: [gateway, 'enabled'], value: false })),
	}
}

function getGatewaySource(gateway: GatewayId): string {
	return gateway === 'bedrock' ? 'AWS credentials' : `the section "${gateway}"`
}

type OverriddenModel = { readonly model: string; readonly gateway: GatewayId }

/** Models of the provider that config.json sends through an available gateway. */
function findOverriddenModels({ muxContext, release, provider }: Scene): OverriddenModel[] {
	const context = { muxHome: muxContext.directories[release], env: muxContext.env }
	return Object.entries(getRouteOrder(context).overrides).flatMap(([name, gateway]) => {
		if (!name.startsWith(`${provider}:`) || !isGateway(gateway)) return []
		const model = name.slice(provider.length + 1)
		return resolveRequest(muxContext, release, provider, model).via === gateway ? [{ model, gateway }] : []
	})
}

/** The context as it would be with a gateway turned off. */
function withGatewayOff(muxContext: MuxContext, release: Release, gateway: GatewayId): MuxContext {
	const muxHome = muxContext.directories[release]
	const { sections } = muxHome.settings
	const turnedOff = { ...sections, [gateway]: { ...asSection(sections[gateway]), enabled: false } }
	const settings = { ...muxHome.settings, sections: turnedOff }
	return { ...muxContext, directories: { ...muxContext.directories, [release]: { ...muxHome, settings } } }
}
