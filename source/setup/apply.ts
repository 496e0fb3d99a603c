// Applies a plan and reports what was done. There are no partial changes: mux/settings/write.ts replaces whole files
// only.
import { writeTokenFile } from '../coder/tokens.ts'
import { finding, UserError } from '../findings/finding.ts'
import type { SettingsFile } from '../mux/settings/read.ts'
import { writeSettings } from '../mux/settings/write.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { ExportPlan } from './export-plan.ts'
import type { Plan, ProviderChange } from './plan.ts'
import type { CheckReport } from './verify.ts'

/** The result of a change. Paths are absolute. */
export type ApplyResult = {
	readonly settingsFile: string
	/** The file was named by `--settings`: other commands need the option too. */
	readonly isNamedFile: boolean
	/** The backup; null if there was no file before, or nothing was written. */
	readonly backup: string | null
	readonly tokenFile: string | null
	readonly changes: readonly ProviderChange[]
	/** The token's owner and expiry for the summary; null if it wasn't checked. */
	readonly token: {
		readonly keyId: string | null
		readonly owner: string | null
		readonly expiresAt: Date | null
	} | null
	readonly origin: string | null
}

/**
 * Writes the plan's text over the file that the plan was made from. Throws a UserError: `settings-changed` if the file
 * has changed since, or whatever else kept it from being written; the old file is then untouched.
 */
export async function applyPlan(
	runtime: Runtime,
	plan: Plan,
	facts: ApplyFacts,
	signal?: AbortSignal,
): Promise<ApplyResult> {
	if (plan.tokenFile) await writeTokenFile(plan.tokenFile.path, plan.tokenFile.token)
	const written = await writeText(runtime, plan.context.file, plan.text, signal)
	return {
		settingsFile: plan.context.location.path,
		isNamedFile: plan.context.location.from === '--settings',
		backup: written,
		tokenFile: plan.tokenFile?.path ?? null,
		changes: plan.changes,
		token: plan.token && {
			keyId: plan.token.keyId,
			owner: facts.report?.owner ?? null,
			expiresAt: facts.report?.expiresAt ?? null,
		},
		origin: facts.origin,
	}
}

/** Removes the fields from the settings file that would override the exported variables. */
export async function applyClearing(
	runtime: Runtime,
	exports: ExportPlan,
	signal?: AbortSignal,
): Promise<ApplyResult | null> {
	if (!exports.clearing) return null
	const { context, text } = exports.clearing
	const backup = await writeText(runtime, context.file, text, signal)
	return {
		settingsFile: context.location.path,
		isNamedFile: context.location.from === '--settings',
		backup,
		tokenFile: null,
		changes: [],
		token: null,
		origin: exports.origin,
	}
}

/** What the summary says beyond the plan. */
export type ApplyFacts = { readonly origin: string | null; readonly report: CheckReport | null }

async function writeText(
	runtime: Runtime,
	before: SettingsFile,
	text: string,
	signal?: AbortSignal,
): Promise<string | null> {
	if (signal?.aborted) throw new UserError(finding('cancelled', 'settings'))
	const written = await writeSettings(runtime, before, text, signal ? { signal } : {})
	return written.backup
}
