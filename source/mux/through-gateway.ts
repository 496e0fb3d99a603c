// The request that Mux makes through a gateway in the provider's stead.
import { isCredential } from './credential.ts'
import { bedrockRegion, type Context, couponOf, type GatewayId, gatewayModel, sectionNamed } from './gateways.ts'
import type { Release } from './home.ts'
import { filledText, findKey, isBlankVariable, sectionUrl } from './keys.ts'
import { coderLogin } from './logins.ts'
import { type Base, bearerHeader, mergeHeaders, noRequest, type Outcome, only, send, withoutSlash } from './outgoing.ts'
import { forcedBaseUrl } from './policy.ts'
import { type Section, sectionOf } from './snapshot.ts'

export type GatewayQuestion = Context & {
	readonly release: Release
	readonly provider: string
	readonly model: string
}

/** The request through a gateway that is open (see gateways.ts). */
export function sendThroughGateway(gateway: GatewayId, question: GatewayQuestion): Outcome {
	return ways[gateway](sectionNamed(question, gateway), question)
}

type Way = (section: Section, question: GatewayQuestion) => Outcome

const ways: Readonly<Record<GatewayId, Way>> = {
	'mux-gateway': throughMuxGateway,
	openrouter: throughOpenRouter,
	'github-copilot': throughCopilot,
	coder: throughCoder,
	bedrock: throughBedrock,
}

function throughMuxGateway(section: Section, question: GatewayQuestion): Outcome {
	const base = baseOf('mux-gateway', section, question, 'https://gateway.mux.coder.com/api/v1/ai-gateway/v1/ai')
	const coupon = couponOf(section)
	const header = isCredential(coupon)
		? bearerHeader(coupon, 'mux-gateway.couponCode')
		: ('credential_not_sendable' as const)
	return send('mux-gateway', base, '/language-model', only(header))
}

function throughOpenRouter(section: Section, question: GatewayQuestion): Outcome {
	const base = baseOf('openrouter', section, question, 'https://openrouter.ai/api/v1')
	const headers = mergeHeaders(keyOf('openrouter', section, question), 'Authorization', section)
	return send('openrouter', base, '/chat/completions', headers)
}

function throughCopilot(section: Section, question: GatewayQuestion): Outcome {
	const newer = question.model.includes('-codex')
	if (!newer && isLibraryBroken(question)) return noRequest('github-copilot', 'base_url_empty')
	const base = baseOf('github-copilot', section, question, 'https://api.githubcopilot.com')
	const header = keyOf('github-copilot', section, question)
	return send('github-copilot', base, newer ? '/responses' : '/chat/completions', only(header))
}

/** Login with Coder: AI Bridge of the deployment that issued the token. */
function throughCoder(section: Section, question: GatewayQuestion): Outcome {
	const { folder, provider } = question
	const login = coderLogin(section, forcedBaseUrl(folder.policy, 'coder'))
	const path = coderPath(instanceType(provider, section))
	if (login === null || path === null) return noRequest('coder', 'provider_not_supported')
	if (path !== '/messages' && isLibraryBroken(question)) return noRequest('coder', 'base_url_empty')
	const base = { url: `${login.origin}/api/v2/aibridge/${provider}/v1`, from: 'coder.deploymentUrl' }
	return send('coder', base, path, only(bearerHeader(login.access, 'coder.coderOauth')))
}

/** The type of the deployment's instance of that name, which decides its protocol. */
function instanceType(name: string, section: Section): string {
	for (const list of [section['additionalProviders'], section['discoveredProviders']]) {
		if (!Array.isArray(list)) continue
		const type = list.map(sectionOf).find(entry => entry['name'] === name)?.['type']
		if (typeof type === 'string') return type
	}
	return name
}

function coderPath(type: string): string | null {
	if (type === 'anthropic' || type === 'bedrock') return '/messages'
	if (type === 'copilot') return null
	return type === 'openai' ? '/responses' : '/chat/completions'
}

function throughBedrock(section: Section, question: GatewayQuestion): Outcome {
	const { environment, provider, model } = question
	const base = baseOf('bedrock', section, question, `https://bedrock-runtime.${bedrockRegion(question)}.amazonaws.com`)
	const path = `/model/${encodeURIComponent(gatewayModel('bedrock', provider, model))}/converse-stream`
	// A token goes before a pair of keys, but the file's own counts only where the file has no pair.
	const { bearerToken, accessKeyId, secretAccessKey } = section
	const pair = isFilled(accessKeyId) && isFilled(secretAccessKey)
	const exported = environment['AWS_BEARER_TOKEN_BEDROCK']
	if (!pair && isFilled(bearerToken))
		return send('bedrock', base, path, only(bearerHeader(bearerToken, 'bedrock.bearerToken')))
	if (isFilled(exported)) return send('bedrock', base, path, only(bearerHeader(exported, 'AWS_BEARER_TOKEN_BEDROCK')))
	// Signed with AWS keys: the header holds a signature and no credential.
	return send('bedrock', base, path, [])
}

function isFilled(value: unknown): value is Parameters<typeof bearerHeader>[0] {
	return isCredential(value) && !value.empty
}

function keyOf(gateway: GatewayId, section: Section, { folder, environment }: GatewayQuestion) {
	const key = findKey(gateway, section, folder, environment)
	if (key === null) return 'api_key_not_found' as const
	const inFile = key.from === 'apiKey' || key.from === 'apiKeyFile'
	return bearerHeader(key.credential, inFile ? `${gateway}.${key.from}` : key.from)
}

function baseOf(gateway: GatewayId, section: Section, { folder }: GatewayQuestion, standard: string): Base {
	const forced = forcedBaseUrl(folder.policy, gateway)
	if (forced !== null) return { url: withoutSlash(forced), from: 'policy' }
	const { value, from } = sectionUrl(section)
	const own = filledText(value)
	return own === null ? { url: standard, from: 'default' } : { url: withoutSlash(own), from: `${gateway}.${from}` }
}

/** Xum's library for OpenAI's protocol fails to load where OPENAI_BASE_URL is blank (mux-contract, section 3). */
export function isLibraryBroken({ release, environment }: Pick<GatewayQuestion, 'release' | 'environment'>): boolean {
	return release === 'xum' && isBlankVariable(environment, 'OPENAI_BASE_URL')
}
