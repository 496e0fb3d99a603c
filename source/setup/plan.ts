// What would change, as a value made before anything is written: the review, --dry-run, --json and the applying code
// all take the same one.
import { baseUrlOf } from '../coder/deployment-url.ts'
import type { Finding } from '../findings/finding.ts'
import { holdCredential } from '../mux/credential.ts'
import { type DiffLine, diffSettings } from '../mux/settings-diff.ts'
import { type Edit, editSettings } from '../mux/settings-edit.ts'
import type { Fix } from '../mux/shadows.ts'
import { type MuxSnapshot, withSettingsText } from '../mux/snapshot.ts'
import type { ProviderTarget } from '../provider.ts'
import type { Secret } from '../secret.ts'
import type { SetupAnswers } from './answers.ts'
import { type ExportPlan, makeExportPlan } from './export-plan.ts'
import { holdsToken, type Reading } from './reading.ts'
import { shadowsOf, useInWords } from './uses.ts'

/** One provider: what Mux uses now and what it would use then, in a few words each. */
export type ProviderChange = {
	readonly id: string
	/** The base URL that the plan gives the provider; null where it takes it away. */
	readonly baseUrl: string | null
	readonly before: string
	readonly after: string
}

export type Plan = {
	readonly reading: Reading
	/** The settings file as it would be. */
	readonly text: string
	readonly unchanged: boolean
	readonly changes: readonly ProviderChange[]
	readonly fixes: readonly Fix[]
	/** What would still stand in the way when the plan is applied. */
	readonly findings: readonly Finding[]
	/** The change, line by line, every credential masked. */
	readonly diff: readonly DiffLine[]
	/** A file of the wizard's own that is to hold the token, where it does not yet. */
	readonly tokenFile: { readonly path: string; readonly token: Secret } | null
	readonly token: Secret | null
	readonly exports: ExportPlan
}

/** Makes the plan for the answers. Throws Refusal where the settings file can't be edited. */
export function makePlan(reading: Reading, answers: SetupAnswers): Plan {
	const before = reading.snapshot
	const shadows = answers.targets.flatMap(target => shadowsOf(before, target))
	const fixes = shadows.flatMap(shadow => shadow.fix ?? []).filter(fix => answers.fixes.includes(fix.id))
	const edits = [
		...answers.targets.flatMap(target => targetEdits(target, answers, before)),
		...fixes.flatMap(fix => fix.edits),
	]
	const text = editSettings(reading.file.text, edits, reading.place.path)
	const { storage } = answers
	// Mux will read the token from the file that the plan brings along.
	const keyFiles = storage.in === 'settings' ? {} : { [storage.path]: answers.token.judge(holdCredential) }
	const after = withSettingsText(before, text, keyFiles)
	const fromText = textPlan(reading, text)
	const tokenFile =
		storage.in === 'token-file' && !holdsToken(before, storage.path, answers.token)
			? { path: storage.path, token: answers.token }
			: null
	return {
		...fromText,
		unchanged: fromText.unchanged && tokenFile === null,
		changes: answers.targets.map(target => ({
			id: target.id,
			baseUrl: baseUrlOf(answers.deployment.origin, answers.route, target),
			before: useInWords(before, target.id),
			after: useInWords(after, target.id),
		})),
		fixes,
		findings: answers.targets.flatMap(target => shadowsOf(after, target)).map(shadow => shadow.finding),
		tokenFile,
		token: answers.token,
		exports: makeExportPlan(reading, answers),
	}
}

/** The parts of a plan that follow from the new text alone. */
export function textPlan(reading: Reading, text: string): Pick<Plan, 'reading' | 'text' | 'unchanged' | 'diff'> {
	const unchanged = reading.file.exists ? text === reading.file.text : text === ''
	return { reading, text, unchanged, diff: diffSettings(reading.file.text, text) }
}

/** The edits that one provider needs: mux-contract, section 2. A key never stands without its base URL. */
function targetEdits(target: ProviderTarget, answers: SetupAnswers, before: MuxSnapshot): Edit[] {
	const { id } = target
	const baseUrl = baseUrlOf(answers.deployment.origin, answers.route, target)
	const credential: Edit[] =
		answers.storage.in === 'settings'
			? [{ path: [id, 'apiKey'], value: answers.token }]
			: [
					{ path: [id, 'apiKey'], remove: true },
					{ path: [id, 'apiKeyFile'], value: answers.storage.path },
				]
	const core: Edit[] = [...credential, { path: [id, 'baseUrl'], value: baseUrl }]
	if (!target.custom) return core
	const { displayName, models } = target.custom
	const known = before.sectionIds.includes(id)
	const description: Edit[] = known
		? []
		: [
				{ path: [id, 'providerType'], value: 'openai-compatible' },
				{ path: [id, 'displayName'], value: displayName },
			]
	return [...description, ...core, ...(models.length > 0 ? [{ path: [id, 'models'], value: [...models] }] : [])]
}
