// The setup as export lines, and the fields that must be removed from the settings file for them to take effect.
import { type DiffLine, diffSettings } from '../mux/settings/diff.ts'
import { editSettings, type SettingsEdit } from '../mux/settings/edit.ts'
import { PrivateText } from '../secrets/private-text.ts'
import type { SetupConfig } from './config.ts'
import type { SetupContext } from './context.ts'
import { conflictingPaths, type ExportVariable, exportVariables } from './export-variables.ts'

export type ExportPlan = {
	readonly variables: readonly ExportVariable[]
	/** Origin of the deployment, for lines that read the token from the Coder CLI. */
	readonly origin: string
	/** Set if the settings file has fields that override the variables. */
	readonly clearing: {
		readonly context: SetupContext
		/** The fields, as `openai.apiKey`. */
		readonly fields: readonly string[]
		/** The settings file without them. */
		readonly text: PrivateText
		readonly diff: readonly DiffLine[]
	} | null
	/** Providers that only the settings file can configure. */
	readonly left: readonly string[]
}

/** The export lines, and the fields to be removed from the file for them to take effect. Throws a UserError. */
export function makeExportPlan(context: SetupContext, answers: SetupConfig): ExportPlan {
	const paths = conflictingPaths(context, answers.targets)
	return {
		variables: exportVariables(answers),
		origin: answers.deployment.origin,
		clearing: paths.length > 0 ? planClearing(context, paths) : null,
		left: answers.targets.filter(target => target.custom).map(target => target.id),
	}
}

function planClearing(context: SetupContext, paths: string[][]): NonNullable<ExportPlan['clearing']> {
	const edits: SettingsEdit[] = paths.map(path => ({ path, remove: true }))
	const text = editSettings(context.file.text, edits, context.location.path)
	return {
		context,
		fields: paths.map(path => path.join('.')),
		text: new PrivateText(text),
		diff: diffSettings(context.file.text, text),
	}
}
