// The same setup as environment variables, and what stands in their way: the file beats the environment, field by field
// (mux-contract, section 3).
import { baseUrlOf } from '../coder/deployment-url.ts'
import { type DiffLine, diffSettings } from '../mux/masked-text.ts'
import { type Edit, editSettings } from '../mux/settings-edit.ts'
import type { Secret } from '../secret.ts'
import type { SetupAnswers } from './answers.ts'
import { type Reading, sectionIn } from './reading.ts'

export type ExportVariable = { readonly name: string; readonly value: string | Secret }

export type ExportPlan = {
	readonly variables: readonly ExportVariable[]
	/** Origin of the deployment, for lines that ask the Coder CLI for the token. */
	readonly origin: string
	/** Set where the settings file has fields that would win over the variables. */
	readonly clearing: {
		readonly reading: Reading
		/** The fields, as `openai.apiKey`. */
		readonly fields: readonly string[]
		/** The settings file without them. */
		readonly text: string
		readonly diff: readonly DiffLine[]
	} | null
	/** Providers that only the settings file can hold. */
	readonly left: readonly string[]
}

const variableNames: Record<string, { key: string; url: string }> = {
	anthropic: { key: 'ANTHROPIC_API_KEY', url: 'ANTHROPIC_BASE_URL' },
	openai: { key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL' },
}

const fieldsThatWin = ['apiKey', 'apiKeyFile', 'baseUrl', 'baseURL'] as const

/** The export lines' content, and what would have to be cleared from the file for them to count. Throws Refusal. */
export function makeExportPlan(reading: Reading, answers: SetupAnswers): ExportPlan {
	const paths = pathsInTheWay(reading, answers.targets)
	return {
		variables: exportVariables(answers),
		origin: answers.deployment.origin,
		clearing: paths.length > 0 ? clearingOf(reading, paths) : null,
		left: answers.targets.filter(target => target.custom).map(target => target.id),
	}
}

/** The variables for the providers that Mux has built in: a key and a base URL each. */
export function exportVariables(answers: Pick<SetupAnswers, 'targets' | 'token' | 'deployment' | 'route'>) {
	return Object.entries(variableNames).flatMap(([id, names]): ExportVariable[] => {
		const target = answers.targets.find(each => each.id === id)
		if (!target) return []
		return [
			{ name: names.key, value: answers.token },
			{ name: names.url, value: baseUrlOf(answers.deployment.origin, answers.route, target) },
		]
	})
}

/** The fields of the settings file that would win over the variables, as paths. */
export function pathsInTheWay(reading: Reading, targets: SetupAnswers['targets']): string[][] {
	return targets.flatMap(({ id, custom }) => {
		const section = custom ? {} : sectionIn(reading.snapshot, id)
		return fieldsThatWin.filter(field => Object.hasOwn(section, field)).map(field => [id, field])
	})
}

function clearingOf(reading: Reading, paths: string[][]): NonNullable<ExportPlan['clearing']> {
	const edits: Edit[] = paths.map(path => ({ path, remove: true }))
	const text = editSettings(reading.file.text, edits, reading.place.path)
	return {
		reading,
		fields: paths.map(path => path.join('.')),
		text,
		diff: diffSettings(reading.file.text, text),
	}
}
