// The setup as environment variables, and the fields that conflict with them: the file overrides the environment, field
// by field (docs/contracts/mux.md#3-environment-variables).
import { getBaseUrl } from '../coder/deployment-url.ts'
import { builtInProviders, providers } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'
import type { SetupConfig } from './config.ts'
import { getSettingsSection, type SetupContext } from './context.ts'

export type ExportVariable = { readonly name: string; readonly value: string | Secret }

const fieldsThatWin = ['apiKey', 'apiKeyFile', 'baseUrl', 'baseURL'] as const

/** The variables for the built-in providers: a key and a base URL each. */
export function exportVariables(answers: Pick<SetupConfig, 'targets' | 'token' | 'deployment' | 'route'>) {
	return [...builtInProviders].sort().flatMap((id): ExportVariable[] => {
		const target = answers.targets.find(each => each.id === id)
		if (!target) return []
		return [
			{ name: providers[id].keyVariables[0], value: answers.token },
			{ name: providers[id].urlVariables[0], value: getBaseUrl(answers.deployment, answers.route, target) },
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
