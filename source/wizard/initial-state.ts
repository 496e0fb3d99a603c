// What is known when the wizard opens: what Mux uses today, which deployment is likely, what is worth saying at once.
import { join } from 'node:path'
import { parseBridgeUrl } from '../bridge-url.ts'
import { coderConfigDir, findDeploymentUrl } from '../coder/token-discovery.ts'
import { type Finding, UserError } from '../findings/finding.ts'
import { formatPath } from '../mux/home.ts'
import { builtInProviders, makeBuiltInTarget, type ProviderTarget } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { tokenFileName } from '../setup/config.ts'
import {
	findSharedKeyFile,
	getBridgedProviders,
	getSettingsBaseUrl,
	getSettingsSection,
	type SetupContext,
} from '../setup/context.ts'
import { describeProvider } from '../setup/describe-provider.ts'
import type { TokenChoice } from '../setup/token-options.ts'
import { detectShell } from '../shell/detect.ts'
import type { ProviderRow, WizardStart } from './state.ts'

export type InitialStateOptions = {
	/** `--url`. */
	readonly url?: string | undefined
	/** `--provider`; empty where none was named. */
	readonly providers: readonly ProviderTarget[]
	/** A token that came with the call. */
	readonly given?: TokenChoice | undefined
}

/** Makes the wizard's first values out of what was read and given. */
export async function loadInitialState(
	runtime: Runtime,
	reading: SetupContext,
	options: InitialStateOptions,
): Promise<WizardStart> {
	const { snapshot, place } = reading
	const rows = providerRows(reading, options.providers)
	const bridged = getBridgedProviders(snapshot)
	const named = options.providers.map(target => target.id)
	const settingsUrls = snapshot.sectionIds.flatMap(id => getSettingsBaseUrl(snapshot, id) ?? [])
	const prefill = await findDeploymentUrl(runtime, { url: options.url, settingsUrl: settingsUrls })
	const origins = new Set(bridged.map(({ origin }) => origin))
	const [origin] = origins
	const tokenFile = join(place.directory, tokenFileName)
	const keyFile = findSharedKeyFile(
		snapshot,
		bridged.map(({ id }) => id),
	)
	return {
		rows,
		selected: named.length > 0 ? named : [...builtInProviders],
		prefill: prefill && { text: prefill.url, from: prefill.from },
		settingsLabel: settingsLabel(runtime, reading),
		notes: [...place.findings, ...(await faultsOf(reading))],
		storageOptions: {
			tokenFile,
			cliSession: join(coderConfigDir(runtime), 'session'),
		},
		storage: keyFile === tokenFile ? { in: 'token-file', path: tokenFile } : { in: 'settings' },
		shellName: runtime.parentProcessName() ?? detectShell(runtime),
		tokenFromArgs: options.given ?? null,
		rotatable: origin && origins.size === 1 ? { origin, ids: bridged.map(({ id }) => id) } : null,
	}
}

/** The two that Mux has built in, then custom ones: of the settings, and those that were named. */
function providerRows(reading: SetupContext, named: readonly ProviderTarget[]): ProviderRow[] {
	const { snapshot } = reading
	const custom = snapshot.sectionIds
		.filter(id => id.startsWith('coder-'))
		.flatMap(id => customTarget(reading, id) ?? [])
	const targets = new Map<string, ProviderTarget>()
	for (const id of builtInProviders) {
		const bridge = parseBridgeUrl(getSettingsBaseUrl(snapshot, id))
		targets.set(id, makeBuiltInTarget(id, bridge?.instance ?? id))
	}
	for (const target of [...custom, ...named]) targets.set(target.id, target)
	return [...targets.values()].map(target => ({ target, now: describeProvider(snapshot, target.id) }))
}

/** A custom provider that an earlier run has put into the settings. */
function customTarget(reading: SetupContext, id: string): ProviderTarget | null {
	const bridge = parseBridgeUrl(getSettingsBaseUrl(reading.snapshot, id))
	if (!bridge) return null
	const displayName = getSettingsSection(reading.snapshot, id)['displayName']
	return {
		id,
		instance: bridge.instance,
		wire: 'openai',
		custom: { displayName: typeof displayName === 'string' ? displayName : id, models: [] },
	}
}

function settingsLabel(runtime: Runtime, { place, file, snapshot }: SetupContext): string {
	const path = formatPath(place.path, runtime.homeDir)
	if (!file.exists) return `${path} (not there yet)`
	const count = snapshot.sectionIds.length
	return `${path} (${count} ${count === 1 ? 'provider' : 'providers'})`
}

/** A file that can't be edited is said before the questions, not after them. */
async function faultsOf({ file, place }: SetupContext): Promise<readonly Finding[]> {
	if (file.text === '') return []
	const { checkSettings } = await import('../mux/settings/edit.ts')
	try {
		checkSettings(file.text, place.path)
		return []
	} catch (error) {
		if (error instanceof UserError) return error.findings
		throw error
	}
}
