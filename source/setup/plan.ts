// The planned change, as a value made before anything is written. The review, --dry-run, --json and the applying code
// all use it.
import { getBaseUrl } from '../coder/deployment-url.ts'
import type { Finding } from '../findings/finding.ts'
import type { Fix } from '../mux/conflicts.ts'
import { type MuxContext, withSettingsText } from '../mux/context.ts'
import { wrapCredential } from '../mux/credential.ts'
import { type DiffLine, diffSettings } from '../mux/settings/diff.ts'
import { editSettings, type SettingsEdit } from '../mux/settings/edit.ts'
import type { ProviderTarget } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'
import type { SetupConfig } from './config.ts'
import { holdsToken, type SetupContext } from './context.ts'
import { describeProvider, getConflicts } from './describe-provider.ts'
import { type ExportPlan, makeExportPlan } from './export-plan.ts'

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
	readonly text: string
	readonly unchanged: boolean
	readonly changes: readonly ProviderChange[]
	readonly fixes: readonly Fix[]
	/** The conflicts that would remain after the plan is applied. */
	readonly findings: readonly Finding[]
	/** The change line by line, with every credential masked. */
	readonly diff: readonly DiffLine[]
	/** A token file of the wizard's own that is to be written, unless it already contains the token. */
	readonly tokenFile: { readonly path: string; readonly token: Secret } | null
	readonly token: Secret | null
	readonly exports: ExportPlan
}

/** Makes the plan. Throws a UserError if the settings file can't be edited. */
export function makePlan(context: SetupContext, answers: SetupConfig): Plan {
	const before = context.muxContext
	const conflicts = answers.targets.flatMap(target => getConflicts(before, target))
	const fixes = conflicts.flatMap(conflict => conflict.fix ?? []).filter(fix => answers.fixes.includes(fix.id))
	const edits = [
		...answers.targets.flatMap(target => targetEdits(target, answers, before)),
		...fixes.flatMap(fix => fix.edits),
	]
	const text = editSettings(context.file.text, edits, context.location.path)
	const { storage } = answers
	// Mux will read the token from the file that the plan writes.
	const keyFiles = storage.in === 'settings' ? {} : { [storage.path]: answers.token.inspect(wrapCredential) }
	const after = withSettingsText(before, text, keyFiles)
	const fromText = planTextChange(context, text)
	const tokenFile =
		storage.in === 'token-file' && !holdsToken(before, storage.path, answers.token)
			? { path: storage.path, token: answers.token }
			: null
	return {
		...fromText,
		unchanged: fromText.unchanged && tokenFile === null,
		changes: answers.targets.map(target => ({
			id: target.id,
			baseUrl: getBaseUrl(answers.deployment.origin, answers.route, target),
			before: describeProvider(before, target.id),
			after: describeProvider(after, target.id),
		})),
		fixes,
		findings: answers.targets.flatMap(target => getConflicts(after, target)).map(conflict => conflict.finding),
		tokenFile,
		token: answers.token,
		exports: makeExportPlan(context, answers),
	}
}

/** The parts of a plan that follow from the new text alone. */
export function planTextChange(
	context: SetupContext,
	text: string,
): Pick<Plan, 'context' | 'text' | 'unchanged' | 'diff'> {
	const unchanged = context.file.exists ? text === context.file.text : text === ''
	return { context, text, unchanged, diff: diffSettings(context.file.text, text) }
}

/**
 * The edits for one provider (docs/contracts/mux.md#2-the-settings-file). A key is never stored without its base URL.
 */
function targetEdits(target: ProviderTarget, answers: SetupConfig, before: MuxContext): SettingsEdit[] {
	const { id } = target
	const baseUrl = getBaseUrl(answers.deployment.origin, answers.route, target)
	const credential: SettingsEdit[] =
		answers.storage.in === 'settings'
			? [{ path: [id, 'apiKey'], value: answers.token }]
			: [
					{ path: [id, 'apiKey'], remove: true },
					{ path: [id, 'apiKeyFile'], value: answers.storage.path },
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
