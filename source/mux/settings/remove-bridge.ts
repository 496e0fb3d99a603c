// Removes everything from the settings file that points to an AI Bridge, and nothing else.
import { parseBridgeUrl } from '../../bridge-url.ts'
import { builtInProviders } from '../../providers.ts'
import { getCoderKeyId } from '../../secrets/secret.ts'
import {
	findComments,
	findLastProperty,
	type PropertyNode,
	parseTree,
	sameContent,
	type ValueNode,
} from '../jsonc/parse-tree.ts'
import { checkSettings, editSettings, type SettingsEdit } from './edit.ts'

/** The text without the bridge, and the edits for it; the same text if nothing points to a bridge. */
export type BridgeRemoval = { readonly text: string; readonly edits: readonly SettingsEdit[] }

/**
 * Removes from each section (of `providers`, or of all) the base URLs that are a bridge's, and with them:
 * - `apiKey`, `apiKeyFile` and `authToken`, unless it is visibly the provider's own key (`sk-…`);
 * - headers that carry a Coder token: without the base URL they would send it to the provider's public API;
 * - the whole section if the wizard created it for one of the deployment's own instances (`coder-<instance>`). A Coder
 * token in a built-in section without any base URL is removed too. A section that is left empty, without even a
 * comment, is removed. `coder`, which is Mux's own, is never touched.
 *
 * `former`: what the file contained before the wizard's changes, newest first (`readBackups`). If the result equals one
 * of them apart from formatting, the exact text of that one is restored, so that a removal is byte for byte what was
 * there before. Throws a UserError like `editSettings`.
 */
export function removeBridge(
	text: string,
	options: { providers?: readonly string[]; former?: readonly string[]; path?: string } = {},
): BridgeRemoval {
	checkSettings(text, options.path)
	const { root } = parseTree(text, depth => depth <= 1)
	const edits: SettingsEdit[] = []
	const emptied: SettingsEdit[] = []
	const names = new Set(root?.members?.map(member => member.name))
	names.delete('coder')
	for (const name of names) {
		if (options.providers && !options.providers.includes(name)) continue
		const section = findLastProperty(root!.members!, name)!.value
		if (!section.members) continue
		const found = pointersIn(text, name, section)
		edits.push(...found)
		const isTwice = root!.members!.filter(member => member.name === name).length > 1
		if (found.length > 0 && !isTwice && isEmptiedBy(text, section, found)) emptied.push({ path: [name], remove: true })
	}
	if (edits.length === 0) return { text, edits }
	const all = [...edits, ...emptied]
	// What is in a section that goes needs no edit of its own.
	const gone = new Set(emptied.map(edit => edit.path[0]))
	const needed = [...edits.filter(edit => !gone.has(edit.path[0])), ...emptied]
	const removed = editSettings(text, needed, options.path)
	const isCompared = emptied.length > 0 && (options.former?.length ?? 0) > 0
	const withEmpty = isCompared ? editSettings(text, edits, options.path) : removed
	const before = options.former?.find(former => isSame(former, removed) || isSame(former, withEmpty))
	return { text: before ?? removed, edits: all }
}

/** The edits that remove from a section what points to a bridge; none if nothing does. */
function pointersIn(text: string, name: string, section: ValueNode): SettingsEdit[] {
	const at = (...path: string[]): SettingsEdit => ({ path: [name, ...path], remove: true })
	const urls = ['baseUrl', 'baseURL'].map(key => ({ key, url: stringAt(text, section, key) }))
	const bridges = urls.filter(({ url }) => url !== null && parseBridgeUrl(url.trim()))
	const isBuiltInProvider = (builtInProviders as readonly string[]).includes(name)
	if (bridges.length > 0 && name.startsWith('coder-')) return [at()]
	const leaks = isBuiltInProvider && urls.every(({ url }) => !url)
	if (bridges.length === 0 && !leaks) return []
	const keys = ['apiKey', 'authToken'].filter(key => {
		const credential = stringAt(text, section, key)?.trim()
		if (!credential) return false
		return getCoderKeyId(credential) !== null || (bridges.length > 0 && !/^(?:sk-|op:\/\/)/.test(credential))
	})
	const keyFile = bridges.length > 0 && findLastProperty(section.members!, 'apiKeyFile') ? ['apiKeyFile'] : []
	return [...bridges.map(({ key }) => key), ...keys, ...keyFile]
		.map(key => at(key))
		.concat(headersIn(text, section).map(path => at(...path)))
}

/** Headers of a section that carry a Coder token; `headers` itself if all of them do. */
function headersIn(text: string, section: ValueNode): string[][] {
	const headers = findLastProperty(section.members!, 'headers')?.value
	if (!headers?.members || headers.members.length === 0) return []
	const carries = (member: PropertyNode) => {
		const value = stringOf(text, member.value)?.trim()
		return value !== undefined && getCoderKeyId(value.replace(/^Bearer\s+/i, '')) !== null
	}
	const names = [...new Set(headers.members.filter(carries).map(member => member.name))]
	const rest = headers.members.filter(member => !names.includes(member.name))
	const bare = rest.length === 0 && commentsInside(text, headers).length === 0
	return bare ? [['headers']] : names.map(header => ['headers', header])
}

function isEmptiedBy(text: string, section: ValueNode, edits: readonly SettingsEdit[]): boolean {
	const gone = edits.filter(edit => edit.path.length === 2).map(edit => edit.path[1])
	return section.members!.every(member => gone.includes(member.name)) && commentsInside(text, section).length === 0
}

/** The comments that would remain in an object after all its properties are removed. */
function commentsInside(text: string, object: ValueNode): unknown[] {
	let at = object.start + 1
	const comments: unknown[] = []
	for (const member of object.members!) {
		for (const until of [member.keyStart, member.colon, member.value.start]) {
			comments.push(...findComments(text, at, until))
			at = until === member.keyStart ? member.keyEnd : until === member.colon ? member.colon + 1 : member.value.end
		}
	}
	comments.push(...findComments(text, at, object.end - 1))
	return comments
}

function stringAt(text: string, object: ValueNode, name: string): string | null {
	const member = findLastProperty(object.members!, name)
	return member ? stringOf(text, member.value) : null
}

function stringOf(text: string, value: ValueNode): string | null {
	return value.kind === 'string' ? JSON.parse(text.slice(value.start, value.end)) : null
}

/** Whether two texts differ only in space, trailing commas and an empty root. */
function isSame(former: string, text: string): boolean {
	return sameContent(withRoot(former), withRoot(text))
}

function withRoot(text: string): string {
	const bare = text.replace(/^\ufeff/, '')
	try {
		return parseTree(bare, () => false).root ? bare : `${bare}\n{}`
	} catch {
		return bare
	}
}
