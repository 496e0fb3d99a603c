// The setup as export lines, and the fields that must be removed from the settings file for them to take effect.
import type { Fix } from '../mux/conflicts/find.ts'
import { withSettingsText } from '../mux/context.ts'
import { type DiffLine, diffSettings } from '../mux/settings/diff.ts'
import { editSettings, type SettingsEdit } from '../mux/settings/edit.ts'
import { PrivateText } from '../secrets/private-text.ts'
import type { SetupConfig } from './config.ts'
import type { SetupContext } from './context.ts'
import { conflictingPaths, type ExportVariable, exportVariables } from './export-variables.ts'
import { selectFixes } from './fixes.ts'
import { type ExportEffect, judgeExports } from './judge-exports.ts'

export type ExportPlan = {
	readonly variables: readonly ExportVariable[]
	/** Origin of the deployment, for lines that read the token from the Coder CLI. */
	readonly origin: string
	/** Set if the settings file has fields that override the variables. */
	readonly clearing: {
		readonly context: SetupContext
		/** The fields, as `openai.apiKey`, and the accepted fixes in words. */
		readonly fields: readonly string[]
		/** The settings file without them. */
		readonly text: PrivateText
		readonly diff: readonly DiffLine[]
	} | null
	/** Providers that only the settings file can configure. */
	readonly left: readonly string[]
	/** What Mux would do with the variables, while the settings file is as it is and once it is cleared. */
	readonly effects: { readonly asIs: ExportEffect; readonly cleared: ExportEffect }
	readonly config: SetupConfig
}

/** The export lines, and the fields to be removed from the file for them to take effect. Throws a UserError. */
export function makeExportPlan(context: SetupContext, answers: SetupConfig): ExportPlan {
	const paths = conflictingPaths(context, answers.targets)
	const fixes = selectFixes(context.muxContext, answers)
	const clearing = paths.length + fixes.length > 0 ? planClearing(context, paths, fixes) : null
	const asIs = judgeExports(context, answers)
	return {
		variables: exportVariables(answers),
		origin: answers.deployment.origin,
		clearing,
		left: answers.targets.filter(target => target.custom).map(target => target.id),
		effects: {
			asIs,
			cleared: clearing
				? judgeExports(context, answers, withSettingsText(context.muxContext, clearing.text.read()))
				: asIs,
		},
		config: answers,
	}
}

/** Fields that override the variables, and the accepted fixes: what Mux would do otherwise concerns variables too. */
function planClearing(
	context: SetupContext,
	paths: readonly string[][],
	fixes: readonly Fix[],
): NonNullable<ExportPlan['clearing']> {
	const removals: SettingsEdit[] = paths.map(path => ({ path, remove: true }))
	const edits = [...removals, ...fixes.flatMap(fix => fix.edits)]
	const text = editSettings(context.file.text, edits, context.location.path)
	return {
		context,
		fields: [...paths.map(path => path.join('.')), ...fixes.map(fix => fix.label)],
		text: new PrivateText(text),
		diff: diffSettings(context.file.text, text),
	}
}
