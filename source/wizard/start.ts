// What is known when the wizard opens: what Mux uses today, which deployment is likely, what is worth saying at once.
import { join } from 'node:path'
import { bridgeOf } from '../bridge-url.ts'
import { coderConfigFolder, findDeploymentUrl } from '../coder/logins.ts'
import { type Finding, Refusal } from '../findings/finding.ts'
import type { ProviderRow, Start } from '../flow/state.ts'
import type { Host } from '../host.ts'
import { showPath } from '../mux/home.ts'
import { builtInProviders, builtInTarget, type ProviderTarget } from '../provider.ts'
import { tokenFileName } from '../setup/answers.ts'
import type { TokenAnswer } from '../setup/offer-tokens.ts'
import { baseUrlIn, bridgedProviders, type Reading, sectionIn, sharedKeyFile } from '../setup/reading.ts'
import { useInWords } from '../setup/uses.ts'
import { detectShell } from '../shell/detect.ts'

export type StartOptions = {
	/** `--url`. */
	readonly url?: string | undefined
	/** `--provider`; empty where none was named. */
	readonly providers: readonly ProviderTarget[]
	/** A token that came with the call. */
	readonly given?: TokenAnswer | undefined
}

/** Makes the wizard's first values out of what was read and given. */
export async function makeStart(host: Host, reading: Reading, options: StartOptions): Promise<Start> {
	const { snapshot, place } = reading
	const rows = providerRows(reading, options.providers)
	const bridged = bridgedProviders(snapshot)
	const named = options.providers.map(target => target.id)
	const settingsUrls = snapshot.sectionIds.flatMap(id => baseUrlIn(snapshot, id) ?? [])
	const prefill = await findDeploymentUrl(host, { url: options.url, settingsUrl: settingsUrls })
	const origins = new Set(bridged.map(({ origin }) => origin))
	const [origin] = origins
	const tokenFile = join(place.folder, tokenFileName)
	const keyFile = sharedKeyFile(
		snapshot,
		bridged.map(({ id }) => id),
	)
	return {
		rows,
		ticked: named.length > 0 ? named : [...builtInProviders],
		prefill: prefill && { text: prefill.url, from: prefill.from },
		settingsLabel: settingsLabel(host, reading),
		notes: [...place.findings, ...(await faultsOf(reading))],
		keeping: {
			tokenFile,
			cliSession: join(coderConfigFolder(host), 'session'),
		},
		storage: keyFile === tokenFile ? { in: 'token-file', path: tokenFile } : { in: 'settings' },
		shellName: host.parentProcessName() ?? detectShell(host),
		given: options.given ?? null,
		renewable: origin && origins.size === 1 ? { origin, ids: bridged.map(({ id }) => id) } : null,
	}
}

/** The two that Mux has built in, then custom ones: of the settings, and those that were named. */
function providerRows(reading: Reading, named: readonly ProviderTarget[]): ProviderRow[] {
	const { snapshot } = reading
	const custom = snapshot.sectionIds
		.filter(id => id.startsWith('coder-'))
		.flatMap(id => customTarget(reading, id) ?? [])
	const targets = new Map<string, ProviderTarget>()
	for (const id of builtInProviders) {
		const bridge = bridgeOf(baseUrlIn(snapshot, id))
		targets.set(id, builtInTarget(id, bridge?.instance ?? id))
	}
	for (const target of [...custom, ...named]) targets.set(target.id, target)
	return [...targets.values()].map(target => ({ target, now: useInWords(snapshot, target.id) }))
}

/** A custom provider that an earlier run has put into the settings. */
function customTarget(reading: Reading, id: string): ProviderTarget | null {
	const bridge = bridgeOf(baseUrlIn(reading.snapshot, id))
	if (!bridge) return null
	const displayName = sectionIn(reading.snapshot, id)['displayName']
	return {
		id,
		instance: bridge.instance,
		wire: 'openai',
		custom: { displayName: typeof displayName === 'string' ? displayName : id, models: [] },
	}
}

function settingsLabel(host: Host, { place, file, snapshot }: Reading): string {
	const path = showPath(place.path, host.homeFolder)
	if (!file.exists) return `${path} (not there yet)`
	const count = snapshot.sectionIds.length
	return `${path} (${count} ${count === 1 ? 'provider' : 'providers'})`
}

/** A file that can't be edited is said before the questions, not after them. */
async function faultsOf({ file, place }: Reading): Promise<readonly Finding[]> {
	if (file.text === '') return []
	const { checkSettings } = await import('../mux/settings-edit.ts')
	try {
		checkSettings(file.text, place.path)
		return []
	} catch (error) {
		if (error instanceof Refusal) return error.findings
		throw error
	}
}
