// The planned change, as a value made before anything is written. The review, --dry-run, --json and the applying code
// all use it.
import { getBaseUrl } from '../coder/deployment-url.ts'
import { type Finding, finding } from '../findings/finding.ts'
import type { Conflict, Fix } from '../mux/conflicts/find.ts'
import { type MuxContext, withSettingsText } from '../mux/context.ts'
import { wrapCredential } from '../mux/credential.ts'
import { listModels } from '../mux/models.ts'
import { type DiffLine, diffSettings } from '../mux/settings/diff.ts'
import { editSettings, type SettingsEdit } from '../mux/settings/edit.ts'
import { newTokenFilePath } from '../mux/settings/token-files.ts'
import type { ProviderTarget } from '../providers.ts'
import { PrivateText } from '../secrets/private-text.ts'
import type { Secret } from '../secrets/secret.ts'
import type { SetupConfig, TokenStorage } from './config.ts'
import { describeProvider, holdsToken, type SetupContext } from './context.ts'
import { type ExportPlan, makeExportPlan } from './export-plan.ts'
import { selectFixes } from './fixes.ts'
import { judgeContext, type MessageFacts } from './judge-context.ts'
import { describePlace } from './settings-place.ts'

/** One provider: what Mux uses now and what it would use then, in a few words each. */
export type ProviderChange = {
	readonly id: string
	/** The base URL that the plan sets; null if the plan removes it. */
	readonly baseUrl: string | null
	readonly before: string
	readonly after: string
}

export type Plan = {
	readonly context: SetupContext
	/** The new text of the settings file. */
	readonly text: PrivateText
	readonly unchanged: boolean
	readonly changes: readonly ProviderChange[]
	readonly fixes: readonly Fix[]
	/** The conflicts that would remain after the plan is applied. */
	readonly conflicts: readonly Conflict[]
	/**
	 * What Mux would do with the plan applied: the conflicts, and an error for each provider that it would not send to
	 * the requested deployment with the requested token.
	 */
	readonly findings: readonly Finding[]
	/** Ids of the providers that Mux would send there. */
	readonly usedByMux: readonly string[]
	/** What Mux would ask each provider for. */
	readonly messages: Readonly<Record<string, MessageFacts>>
	/** The change line by line, with every credential masked. */
	readonly diff: readonly DiffLine[]
	/** A token file of the wizard's own that is to be written, unless it already contains the token. */
	readonly tokenFile: { readonly path: string; readonly token: Secret } | null
	readonly token: Secret | null
	readonly exports: ExportPlan
	/** What the plan was made from, so that it can be made again on a newer text. */
	readonly config: SetupConfig
}

/** Makes the plan. Throws a UserError if the settings file can't be edited. */
export function makePlan(context: SetupContext, config: SetupConfig): Plan {
	const before = context.muxContext
	const fixes = selectFixes(before, config)
	const storage = resolveStorage(context, config)
	const edits = [
		...config.targets.flatMap(target => targetEdits(target, { ...config, storage }, before)),
		...fixes.flatMap(fix => fix.edits),
	]
	const text = editSettings(context.file.text, edits, context.location.path)
	// Mux will read the token from the file that the plan writes.
	const keyFiles = storage.in === 'settings' ? {} : { [storage.path]: config.token.inspect(wrapCredential) }
	const after = withSettingsText(before, text, keyFiles)
	const fromText = planTextChange(context, text)
	const tokenFile =
		storage.in === 'token-file' && !holdsToken(before, storage.path, config.token)
			? { path: storage.path, token: config.token }
			: null
	return {
		...fromText,
		unchanged: fromText.unchanged && tokenFile === null,
		changes: config.targets.map(target => ({
			id: target.id,
			baseUrl: getBaseUrl(config.deployment, config.route, target),
			before: describeProvider(before, target.id),
			after: describeProvider(after, target.id),
		})),
		fixes,
		...judgeContext(after, config, [
			...context.environmentIssues,
			...describePlace(context.place, context.location.path, storage, before),
			...findMissingModels(config.targets, after),
		]),
		tokenFile,
		token: config.token,
		exports: makeExportPlan(context, config),
		config,
	}
}

/** Mux knows only those models of a custom provider that its section lists. */
function findMissingModels(targets: readonly ProviderTarget[], after: MuxContext): Finding[] {
	const names = targets
		.filter(({ id, custom }) => custom && listModels(after, after.release, id).length === 0)
		.map(({ id }) => id)
	if (names.length === 0) return []
	const more = names.length > 3 ? ` and ${names.length - 2} more` : ''
	const title = `${names.slice(0, more ? 2 : 3).join(', ')}${more}`
	return [finding('custom-models-missing', 'settings', { title })]
}

/** A token that isn't in its file yet gets a file of its own; the one before it keeps its token. */
function resolveStorage({ muxContext, location }: SetupContext, { storage, token }: SetupConfig): TokenStorage {
	if (storage.in !== 'token-file' || holdsToken(muxContext, storage.path, token)) return storage
	return { in: 'token-file', path: newTokenFilePath(location.directory, token) }
}

/** The parts of a plan that follow from the new text alone. */
export function planTextChange(
	context: SetupContext,
	text: string,
): Pick<Plan, 'context' | 'text' | 'unchanged' | 'diff'> {
	const unchanged = context.file.exists ? text === context.file.text : text === ''
	return { context, text: new PrivateText(text), unchanged, diff: diffSettings(context.file.text, text) }
}

/**
 * The edits for one provider (docs/contracts/mux.md#2-the-settings-file). A key is never stored without its base URL.
 */
function targetEdits(target: ProviderTarget, config: SetupConfig, before: MuxContext): SettingsEdit[] {
	const { id } = target
	const baseUrl = getBaseUrl(config.deployment, config.route, target)
	const credential: SettingsEdit[] =
		config.storage.in === 'settings'
			? [
					{ path: [id, 'apiKey'], value: config.token },
					{ path: [id, 'apiKeyFile'], remove: true },
				]
			: [
					{ path: [id, 'apiKey'], remove: true },
					{ path: [id, 'apiKeyFile'], value: config.storage.path },
				]
	const core: SettingsEdit[] = [...credential, { path: [id, 'baseUrl'], value: baseUrl }]
	if (!target.custom) return core
	const { displayName, models } = target.custom
	const known = before.sectionIds.includes(id)
	const description: SettingsEdit[] = known
		? []
		: [
				{ path: [id, 'providerType'], value: 'openai-compatible' },
				{ path: [id, 'displayName'], value: displayName },
			]
	return [...description, ...core, ...(models.length > 0 ? [{ path: [id, 'models'], value: [...models] }] : [])]
}
