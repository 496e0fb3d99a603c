// The setup as environment variables, and the fields that conflict with them: the file overrides the environment, field
// by field (docs/contracts/mux.md#3-the-environment).
import { getBaseUrl } from '../coder/deployment-url.ts'
import type { Secret } from '../secrets/secret.ts'
import type { SetupConfig } from './config.ts'
import { getSettingsSection, type SetupContext } from './context.ts'

export type ExportVariable = { readonly name: string; readonly value: string | Secret }

const variableNames: Record<string, { key: string; url: string }> = {
	anthropic: { key: 'ANTHROPIC_API_KEY', url: 'ANTHROPIC_BASE_URL' },
	openai: { key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL' },
}

const fieldsThatWin = ['apiKey', 'apiKeyFile', 'baseUrl', 'baseURL'] as const

/** The variables for the built-in providers: a key and a base URL each. */
export function exportVariables(answers: Pick<SetupConfig, 'targets' | 'token' | 'deployment' | 'route'>) {
	return Object.entries(variableNames).flatMap(([id, names]): ExportVariable[] => {
		const target = answers.targets.find(each => each.id === id)
		if (!target) return []
		return [
			{ name: names.key, value: answers.token },
			{ name: names.url, value: getBaseUrl(answers.deployment.origin, answers.route, target) },
		]
	})
}

/** The fields of the settings file that override the variables, as paths. */
export function conflictingPaths(context: SetupContext, targets: SetupConfig['targets']): string[][] {
	return targets.flatMap(({ id, custom }) => {
		const section = custom ? {} : getSettingsSection(context.muxContext, id)
		return fieldsThatWin.filter(field => Object.hasOwn(section, field)).map(field => [id, field])
	})
}
