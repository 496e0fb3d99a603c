// Applies a plan and reports what was done. There are no partial changes: mux/settings/write.ts replaces whole files
// only.
import { type Finding, finding, UserError, uniqueFindings } from '../findings/finding.ts'
import { listSettingsFiles } from '../mux/context.ts'
import { unifiedDiff } from '../mux/settings/diff.ts'
import { type WriteResult, writeSettings } from '../mux/settings/write.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { PrivateText } from '../secrets/private-text.ts'
import { getSettingsSection, reloadContext, type SetupContext } from './context.ts'
import type { ExportPlan } from './export-plan.ts'
import { makePlan, type Plan, type ProviderChange } from './plan.ts'
import { getTokenFacts, type TokenFacts } from './token-facts.ts'
import { type Judgement, judgeSetup } from './verdict.ts'
import type { CheckReport } from './verify.ts'

/** A settings file that was written. Paths are absolute. */
export type SavedFile = {
	readonly settingsFile: string
	/** The file was named by `--settings`: other commands need the option too. */
	readonly isNamedFile: boolean
	/** The backup; null if there was no file before, or nothing was written. */
	readonly backup: string | null
	/** False if the settings file needed no change, only its token file. */
	readonly canUndo: boolean
	/** What the user should know, about the files that were written and from the checks and the plan. */
	readonly findings: readonly Finding[]
}

/** The result of a change. */
export type ApplyResult = SavedFile & {
	/** The token file that was created; null if there is none. */
	readonly tokenFile: string | null
	readonly changes: readonly ProviderChange[]
	/** What was fixed beyond the providers. */
	readonly fixed: readonly string[]
	readonly token: TokenFacts | null
	readonly origin: string
	/** Whether it works now. */
	readonly judgement: Judgement
	/** What the providers answered to a test message, if one was sent. */
	readonly answers?: readonly string[]
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
	const { plan: written, result } = await writePlan(runtime, plan, facts, signal)
	return {
		settingsFile: plan.context.location.path,
		isNamedFile: plan.context.location.from === '--settings',
		backup: result?.backup ?? null,
		canUndo: result !== null && written.text.read() !== written.context.file.text,
		tokenFile: result?.tokenFile ?? null,
		changes: written.changes,
		fixed: written.fixes.map(fix => fix.label),
		token: plan.token && getTokenFacts(plan.token, facts.report),
		origin: facts.origin,
		judgement: judgeSetup({ plan: written, report: facts.report, action: 'saved', notes: facts.notes ?? [] }),
		findings: uniqueFindings([
			...(facts.notes ?? []),
			...(facts.report?.liveFindings ?? []),
			...written.findings,
			...(result?.findings ?? []),
		]),
	}
}

/** How often a plan is made again if the file changes between reading and writing. */
const maxAttempts = 8

/**
 * Writes the plan's text. If Mux or another run has changed the file since it was read, the plan is made again on the
 * new text, as long as the user gets what they agreed to (docs/contracts/mux.md#5-writing-beside-a-running-mux).
 */
async function writePlan(
	runtime: Runtime,
	plan: Plan,
	facts: ApplyFacts,
	signal?: AbortSignal,
): Promise<{ plan: Plan; result: WriteResult | null }> {
	let current = plan
	for (let attempt = 1; ; attempt++) {
		try {
			return {
				plan: current,
				result: await writeText(runtime, current.context, current.text, signal, current.tokenFile),
			}
		} catch (error) {
			const isChanged = error instanceof UserError && error.findings.some(issue => issue.code === 'settings-changed')
			if (!isChanged || attempt === maxAttempts) throw error
			const next = makePlan(await reloadContext(runtime, plan.context), plan.config)
			// Another run with the same values was first.
			if (next.unchanged) return { plan: next, result: null }
			if (!isSameChange(plan, next, facts.reviewed ?? true)) throw error
			current = next
		}
	}
}

/**
 * Whether a plan on a newer text does what the first one did: after a review it must show the same changes; without
 * one, it is enough that the sections concerned are as they were.
 */
function isSameChange(plan: Plan, next: Plan, isReviewed: boolean): boolean {
	// The line numbers may differ: something else in the file has changed.
	const shown = ({ diff }: Plan) => unifiedDiff(diff, '').replace(/^@@.*$/gm, '')
	if (shown(plan) === shown(next)) return true
	if (isReviewed) return false
	const ids = plan.config.targets.map(target => target.id)
	return ids.every(
		id =>
			JSON.stringify(getSettingsSection(plan.context.muxContext, id)) ===
			JSON.stringify(getSettingsSection(next.context.muxContext, id)),
	)
}

/** Removes the fields from the settings file that would override the exported variables. */
export async function applyClearing(
	runtime: Runtime,
	exports: ExportPlan,
	signal?: AbortSignal,
): Promise<SavedFile | null> {
	if (!exports.clearing) return null
	const { context, text } = exports.clearing
	const { backup, findings } = await writeText(runtime, context, text, signal)
	return {
		settingsFile: context.location.path,
		isNamedFile: context.location.from === '--settings',
		backup,
		canUndo: true,
		findings,
	}
}

/** What the summary says beyond the plan. */
export type ApplyFacts = {
	readonly origin: string
	/** Null if the checks were skipped. */
	readonly report: CheckReport | null
	/** False if nobody has seen the diff: `--yes`. */
	readonly reviewed?: boolean
	/** Further findings of the run. */
	readonly notes?: readonly Finding[]
}

async function writeText(
	runtime: Runtime,
	context: SetupContext,
	text: PrivateText,
	signal?: AbortSignal,
	tokenFile: Plan['tokenFile'] = null,
): Promise<WriteResult> {
	if (signal?.aborted) throw new UserError(finding('cancelled', 'settings'))
	const result = await writeSettings(runtime, context.file, text.read(), {
		...(signal ? { signal } : {}),
		tokenFile,
		otherSettings: listSettingsFiles(context.muxContext),
	})
	runtime.debug?.('saved', { path: context.file.path, backup: result.backup })
	return result
}
