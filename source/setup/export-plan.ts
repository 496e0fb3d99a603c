// The setup as export lines, and the fields of the settings file that would have to go for them to count.
import { type DiffLine, diffSettings } from '../mux/settings/diff.ts'
import { editSettings, type SettingsEdit } from '../mux/settings/edit.ts'
import type { SetupConfig } from './config.ts'
import type { SetupContext } from './context.ts'
import { conflictingPaths, type ExportVariable, exportVariables } from './export-variables.ts'

export type ExportPlan = {
	readonly variables: readonly ExportVariable[]
	/** Origin of the deployment, for lines that ask the Coder CLI for the token. */
	readonly origin: string
	/** Set where the settings file has fields that would win over the variables. */
	readonly clearing: {
		readonly context: SetupContext
		/** The fields, as `openai.apiKey`. */
		readonly fields: readonly string[]
		/** The settings file without them. */
		readonly text: string
		readonly diff: readonly DiffLine[]
	} | null
	/** Providers that only the settings file can hold. */
	readonly left: readonly string[]
}

/** The export lines' content, and what would have to be cleared from the file for them to count. Throws UserError. */
export function makeExportPlan(context: SetupContext, answers: SetupConfig): ExportPlan {
	const paths = conflictingPaths(context, answers.targets)
	return {
		variables: exportVariables(answers),
		origin: answers.deployment.origin,
		clearing: paths.length > 0 ? clearingOf(context, paths) : null,
		left: answers.targets.filter(target => target.custom).map(target => target.id),
	}
}

function clearingOf(context: SetupContext, paths: string[][]): NonNullable<ExportPlan['clearing']> {
	const edits: SettingsEdit[] = paths.map(path => ({ path, remove: true }))
	const text = editSettings(context.file.text, edits, context.location.path)
	return {
		context,
		fields: paths.map(path => path.join('.')),
		text,
		diff: diffSettings(context.file.text, text),
	}
}
