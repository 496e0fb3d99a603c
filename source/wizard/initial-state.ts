// What is known when the wizard starts: what Mux uses today, which deployment is likely, which findings to show at
// once.
import { join } from 'node:path'
import { parseBridgeUrl } from '../bridge-url.ts'
import { coderConfigDir, findDeploymentUrl } from '../coder/token-discovery.ts'
import { type Finding, UserError } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import { formatPath } from '../mux/home.ts'
import { isOwnTokenFile, tokenFileName } from '../mux/settings/token-files.ts'
import { builtInProviders, isInstanceName, type ProviderTarget } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { CompanyInfo, TokenStorage } from '../setup/config.ts'
import {
	describeProvider,
	findSharedKeyFile,
	getBridgedProviders,
	getSettingsBaseUrl,
	getSettingsSection,
	getTargetInSettings,
	type SetupContext,
} from '../setup/context.ts'
import type { TokenChoice } from '../setup/token-options.ts'
import { detectShell, findUnsupportedShell } from '../shell/detect.ts'
import type { ProviderRow, WizardStart } from './state.ts'

export type InitialStateOptions = {
	/** `--url`. */
	readonly url?: string | undefined
	/** `--provider`; empty if none was given. */
	readonly providers: readonly ProviderTarget[]
	/** From the company's file of defaults. */
	readonly company?: CompanyInfo | undefined
	/** A token from stdin or a file. */
	readonly provided?: TokenChoice | undefined
	/** `--store-token`. */
	readonly storeToken?: 'settings' | 'file' | undefined
}

/** Derives the wizard's initial values from what was read and given. */
export async function loadInitialState(
	runtime: Runtime,
	context: SetupContext,
	options: InitialStateOptions,
): Promise<WizardStart> {
	const { muxContext, location } = context
	const rows = providerRows(context, options.providers)
	const bridged = getBridgedProviders(muxContext)
	const named = options.providers.map(target => target.id)
	const settingsUrls = muxContext.sectionIds.flatMap(id => getSettingsBaseUrl(muxContext, id) ?? [])
	const prefill = await findDeploymentUrl(runtime, {
		url: options.url,
		company: options.company,
		settingsUrl: settingsUrls,
	})
	const origins = new Set(bridged.map(({ origin }) => origin))
	const [origin] = origins
	const rotatable = origin && origins.size === 1 ? { origin, ids: bridged.map(({ id }) => id) } : null
	const answered = { providers: named.length > 0 && !options.company?.namesProviders, url: options.url !== undefined }
	const isOpen = !answered.providers && !answered.url && !options.provided
	const notes = [...(options.company?.findings ?? []), ...location.findings, ...(await faultsOf(context))]
	const isBroken = notes.some(issue => severityOf(issue) === 'error')
	const tokenFile = join(location.directory, tokenFileName)
	const keyFile = findSharedKeyFile(
		muxContext,
		bridged.map(({ id }) => id),
	)
	return {
		startedAt: runtime.now(),
		rows,
		// A provider that was declined before isn't selected again.
		selected: named.length > 0 ? named : bridged.length > 0 ? bridged.map(({ id }) => id) : [...builtInProviders],
		prefill: prefill && { text: prefill.url, from: prefill.from },
		settingsLabel: settingsLabel(runtime, context),
		notes,
		storageOptions: {
			tokenFile,
			cliSession: join(coderConfigDir(runtime), 'session'),
		},
		storage: selectStorage(context, options.storeToken, keyFile, tokenFile),
		shellName: findUnsupportedShell(runtime) ? 'sh' : (runtime.parentProcessName() ?? detectShell(runtime)),
		tokenFromArgs: options.provided ?? null,
		rotatable,
		answered: isBroken ? { ...answered, providers: false } : answered,
		opening: !isOpen || isBroken ? 'questions' : rotatable ? 'menu' : prefill ? 'confirm' : 'questions',
		isOutputCaptured: runtime.stdin.isTTY === true && runtime.stdout.isTTY !== true,
	}
}

function selectStorage(
	{ place }: SetupContext,
	storeToken: InitialStateOptions['storeToken'],
	keyFile: string | null,
	tokenFile: string,
): TokenStorage {
	if (storeToken === 'settings') return { in: 'settings' }
	if (keyFile !== null && isOwnTokenFile(keyFile)) return { in: 'token-file', path: keyFile }
	return storeToken === 'file' ? { in: 'token-file', path: tokenFile } : place.defaultStorage
}

/** The built-in providers, then custom ones: from the settings, and those that were named. */
function providerRows(context: SetupContext, named: readonly ProviderTarget[]): ProviderRow[] {
	const { muxContext } = context
	const custom = muxContext.sectionIds
		.filter(id => id.startsWith('coder-'))
		.flatMap(id => customTarget(context, id) ?? [])
	const targets = new Map<string, ProviderTarget>()
	for (const id of builtInProviders) targets.set(id, getTargetInSettings(muxContext, id))
	for (const target of [...custom, ...named]) targets.set(target.id, target)
	return [...targets.values()].map(target => ({ target, now: describeProvider(muxContext, target.id) }))
}

/** A custom provider that an earlier run has added to the settings. */
function customTarget(context: SetupContext, id: string): ProviderTarget | null {
	const bridge = parseBridgeUrl(getSettingsBaseUrl(context.muxContext, id))
	if (!bridge || !isInstanceName(bridge.instance)) return null
	const displayName = getSettingsSection(context.muxContext, id)['displayName']
	return {
		id,
		instance: bridge.instance,
		protocol: 'openai',
		custom: { displayName: typeof displayName === 'string' ? displayName : id, models: [] },
	}
}

function settingsLabel(runtime: Runtime, { location, file, muxContext }: SetupContext): string {
	const path = formatPath(location.path, runtime.homeDir)
	if (!file.exists) return `${path} (will be created)`
	const count = muxContext.sectionIds.length
	return `${path} (${count} ${count === 1 ? 'provider' : 'providers'})`
}

/** A file that can't be edited is reported before the questions, not after them. */
async function faultsOf({ file, location }: SetupContext): Promise<readonly Finding[]> {
	if (file.text === '') return []
	const { checkSettings } = await import('../mux/settings/edit.ts')
	try {
		checkSettings(file.text, location.path)
		return []
	} catch (error) {
		if (error instanceof UserError) return error.findings
		throw error
	}
}
