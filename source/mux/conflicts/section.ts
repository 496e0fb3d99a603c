// Options of a provider's section that change where its requests go, each with the edit that reverts it.
import { cleanText } from '../../findings/clean-text.ts'
import { type BuiltInProvider, providers } from '../../providers.ts'
import { asSection, isSet } from '../context.ts'
import { chatGptServesModel, getChatGptSession } from '../oauth-sessions.ts'
import { isCustomProvider, isDisabled, isSendable } from '../request/keys.ts'
import { isSendableHeader } from '../request/types.ts'
import { type Conflict, makeConflict, makeRemoval, type Scene, type Search } from './scene.ts'

export function switchConflicts(scene: Scene): Conflict[] {
	const { provider, section } = scene
	const { protocol } = providers[provider]
	const conflicts: Conflict[] = []
	if (isDisabled(section)) {
		const written = JSON.stringify(section['enabled'])
		const fix = makeRemoval(`remove "enabled": ${written}`, [provider, 'enabled'])
		conflicts.push(makeConflict(scene, 'provider-turned-off', {}, fix))
	}
	if (isCustomProvider(section)) {
		const fix = makeRemoval('remove "providerType"', [provider, 'providerType'])
		// Chat Completions are served by AI Bridge too, so only a provider of another protocol breaks.
		const severity = protocol === 'openai' ? 'info' : undefined
		conflicts.push(makeConflict(scene, 'provider-type-set', {}, fix, severity))
	}
	for (const name of Object.keys(asSection(section['headers']))) {
		if (!/^(?:authorization|x-api-key)$/i.test(name)) continue
		const fix = makeRemoval(`remove the header "${name}"`, [provider, 'headers', name])
		// AI Bridge prefers the header "Authorization" if there are two.
		const isIgnored = name.toLowerCase() === 'x-api-key' && protocol === 'openai'
		const severity = isIgnored ? 'warning' : undefined
		conflicts.push(makeConflict(scene, 'headers-carry-credential', { header: name }, fix, severity))
	}
	return [...conflicts, ...unsendableConflicts(scene), ...findProviderConflicts[provider](scene)]
}

/** Values that no HTTP client puts into a header: Mux then sends nothing. */
function unsendableConflicts(scene: Scene): Conflict[] {
	const { provider, section, resolvedRequest, muxContext } = scene
	if (resolvedRequest.reason !== 'header_not_sendable') return []
	const conflicts: Conflict[] = []
	for (const [name, value] of Object.entries(asSection(section['headers']))) {
		if (isSendableHeader(name, value)) continue
		const shown = cleanText(name, 40)
		const fix = makeRemoval(`remove the header "${shown}"`, [provider, 'headers', name])
		conflicts.push(makeConflict(scene, 'header-unsendable', { field: `headers.${shown}` }, fix))
	}
	for (const field of ['organization', 'project']) {
		if (isSendable(section[field])) continue
		const fix = makeRemoval(`remove "${field}"`, [provider, field])
		conflicts.push(makeConflict(scene, 'header-unsendable', { field }, fix))
	}
	const variable = 'OPENAI_ORG_ID'
	if (conflicts.length === 0 && !isSendable(muxContext.env[variable]))
		conflicts.push(makeConflict(scene, 'header-unsendable', { field: variable, variable }))
	return conflicts
}

/** Conflicts of the options that only one provider has. */
const findProviderConflicts: Readonly<Record<BuiltInProvider, Search>> = {
	openai: findOpenAiConflicts,
	anthropic: findAnthropicConflicts,
}

function findOpenAiConflicts(scene: Scene): Conflict[] {
	const { section } = scene
	const conflicts: Conflict[] = []
	const isChat = section['wireFormat'] === 'chatCompletions'
	if (getChatGptSession(section) && section['codexOauthDefaultAuth'] !== 'apiKey') {
		const chat = isChat ? ('yes' as const) : undefined
		const { models, resolvedRequest } = scene
		const served = models.filter(model => chatGptServesModel(model, section).allowed)
		const severity = served.includes(resolvedRequest.model) ? 'error' : 'warning'
		const fix = {
			label: 'set "codexOauthDefaultAuth": "apiKey"',
			edits: [{ path: ['openai', 'codexOauthDefaultAuth'], value: 'apiKey' }],
		}
		const details = { chat, count: served.length, total: models.length }
		conflicts.push(makeConflict(scene, 'chatgpt-login-first', details, fix, severity))
	}
	// Only the Responses API uses the WebSocket.
	if (section['webSocketTransportEnabled'] === true && !isChat && !isCustomProvider(section)) {
		const fix = makeRemoval('remove "webSocketTransportEnabled"', ['openai', 'webSocketTransportEnabled'])
		conflicts.push(makeConflict(scene, 'websocket-transport-on', {}, fix))
	}
	return conflicts
}

function findAnthropicConflicts(scene: Scene): Conflict[] {
	const { section } = scene
	const { name } = section
	const conflicts: Conflict[] = []
	if (isSet(section['authToken'])) {
		const fix = makeRemoval('remove "authToken"', ['anthropic', 'authToken'])
		conflicts.push(makeConflict(scene, 'auth-token-set', {}, fix))
	}
	if (name !== undefined && name !== null && typeof name !== 'string') {
		const fix = makeRemoval('remove "name"', ['anthropic', 'name'])
		conflicts.push(makeConflict(scene, 'section-name-not-string', {}, fix))
	}
	return conflicts
}
