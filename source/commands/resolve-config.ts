// Determines all values without questions: from flags, variables and the Coder CLI. Everything that is missing is
// reported at once.

import { parseBridgeUrl } from '../bridge-url.ts'
import type { DeploymentProbe } from '../coder/check.ts'
import { type Deployment, parseDeployment, parseGateway } from '../coder/deployment-url.ts'
import type { HttpClient } from '../coder/http/types.ts'
import { coderConfigDir, findDeploymentUrl, findLoginElsewhere, findTokens } from '../coder/token-discovery.ts'
import { cleanToken, validateToken } from '../coder/token-format.ts'
import { type Finding, finding, UserError } from '../findings/finding.ts'
import { type BuiltInProvider, builtInProviders, makeBuiltInTarget, type ProviderTarget } from '../providers.ts'
import { readSmallFile } from '../runtime/read-file.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { Secret } from '../secrets/secret.ts'
import { getBridgedProviders, getSettingsBaseUrl, getTokensInSettings, type SetupContext } from '../setup/context.ts'
import type { ConfigureInvocation } from './invocation.ts'
import { readToken, type TokenFromArgs } from './read-token.ts'
import { throwIfCancelled } from './run-command.ts'

export type ResolvedConfig = {
	readonly targets: readonly ProviderTarget[]
	readonly deployment: Deployment
	/** Where the deployment's address came from, in words; null if from `--url`. */
	readonly deploymentFrom: string | null
	/** Null only if none is needed. */
	readonly token: TokenFromArgs | null
	/** Where the token was found, in words; null if it was passed in. */
	readonly tokenFrom: string | null
	/** Worth mentioning about the values themselves. */
	readonly notes: readonly Finding[]
	/** The deployment's answer, if it was asked already. */
	readonly probe: DeploymentProbe | null
}

/**
 * Resolves the configuration. Throws a UserError: `missing-input` for each value that no flag, variable or login
 * provides, and an error for each invalid value. With a client, a deployment over http is asked first whether it
 * redirects to https.
 *
 * A deployment over plain HTTP (not on this machine) is accepted only if `--url` itself says `http://`: an address that
 * was merely found must not be the reason for sending a token unencrypted.
 */
export async function resolveConfig(
	runtime: Runtime,
	invocation: ConfigureInvocation,
	context: SetupContext,
	needs: { readonly token: boolean; readonly client: HttpClient | null },
	signal: AbortSignal,
): Promise<ResolvedConfig> {
	const found = await findDeploymentUrl(runtime, {
		url: invocation.url,
		company: invocation.company,
		settingsUrl: getBridgedProviders(context.muxContext).map(({ origin }) => `${origin}/api/v2/aibridge/openai/v1`),
	})
	if (!found) {
		const noToken = needs.token && !invocation.tokenFrom && !runtime.env['CODER_SESSION_TOKEN']?.trim()
		throw new UserError(missingUrl, ...(noToken ? [missingToken] : []))
	}
	const parsed = parseDeployment(found.url)
	if (!parsed.ok) throw new UserError(parsed.finding)
	const written = parsed.deployment
	const isAsked = needs.token || invocation.tokenFrom?.kind === 'file'
	// Nothing is asked for a text that can't be a token.
	const given =
		isAsked && invocation.tokenFrom
			? await readToken(runtime, invocation.tokenFrom, { origin: written.origin, signal })
			: null
	// Without a token and before one is looked for: http may redirect to https, and tokens are found for an exact origin.
	const isPlain = written.origin.startsWith('http:')
	const probe = isPlain && needs.client ? await askOnce(needs.client, written, signal) : null
	const isUpgraded = probe?.ok === true && probe.origin !== written.origin
	const gateway = invocation.gateway === undefined ? {} : { gateway: parseGateway(invocation.gateway) }
	const deployment: Deployment = { ...(isUpgraded ? { origin: probe.origin, insecure: false } : written), ...gateway }
	const provided = invocation.url !== undefined
	const notes: Finding[] = []
	if (deployment.insecure) {
		const { host: name } = new URL(deployment.origin)
		const details = { host: name, origin: deployment.origin, from: found.from }
		if (!provided) throw new UserError(finding('insecure-not-explicit', 'deployment', details))
		notes.push(finding('url-insecure', 'deployment', { host: name, url: `https://${name}` }))
	}
	const token = isAsked ? await tokenFor(runtime, { invocation, deployment, context, given }, signal) : null
	if (!token && needs.token) throw new UserError(missingToken)
	throwIfCancelled(signal)
	return {
		targets: targetsFor(invocation.providers, deployment, context),
		deployment,
		deploymentFrom: isUpgraded ? `redirected from ${written.origin}` : provided ? null : found.from,
		token,
		tokenFrom: invocation.tokenFrom || !token ? null : token.from,
		notes,
		probe,
	}
}

async function askOnce(client: HttpClient, deployment: Deployment, signal: AbortSignal): Promise<DeploymentProbe> {
	const { probeDeployment } = await import('../coder/check.ts')
	return probeDeployment(client, deployment, { signal })
}

const missingUrl = finding('missing-input', 'arguments', {
	input: 'the Coder URL',
	flag: '--url URL',
	variable: 'CODER_URL',
})

const missingToken = finding('missing-input', 'arguments', {
	input: 'the Coder token',
	flag: '--token-stdin or --token-file FILE',
	variable: 'CODER_SESSION_TOKEN',
})

/** The named providers; else the two built into Mux, with the instances that the settings use for this deployment. */
function targetsFor(
	named: readonly ProviderTarget[],
	deployment: Deployment,
	context: SetupContext,
): readonly ProviderTarget[] {
	if (named.length > 0) return named
	return builtInProviders.map((id: BuiltInProvider) => {
		const bridge = parseBridgeUrl(getSettingsBaseUrl(context.muxContext, id))
		return makeBuiltInTarget(id, bridge?.origin === deployment.origin ? bridge.instance : id)
	})
}

/**
 * The token that was passed in, else the first one that this machine knows for exactly this deployment; null if there
 * is none.
 */
async function tokenFor(
	runtime: Runtime,
	facts: {
		readonly invocation: ConfigureInvocation
		readonly deployment: Deployment
		readonly context: SetupContext
		readonly given: TokenFromArgs | null
	},
	signal: AbortSignal,
): Promise<TokenFromArgs | null> {
	const { invocation, deployment, context, given } = facts
	const known = { settingsTokens: getTokensInSettings(context.muxContext) }
	if (given) {
		const elsewhere = await findLoginElsewhere(runtime, deployment, given.secret, known)
		if (elsewhere) throw new UserError(elsewhere)
		return given
	}
	const [first] = await findTokens(runtime, deployment, {
		...known,
		oneIsEnough: true,
		// Created only if something waits for it.
		get signal() {
			return signal
		},
	})
	if (first) return { secret: first.token, from: first.from, isCliSession: first.file !== undefined }
	const isNamed = invocation.url !== undefined || invocation.company?.url === deployment.origin
	return variableToken(runtime, deployment, isNamed)
}

/**
 * `CODER_SESSION_TOKEN` when nothing says which deployment it is for: then it is for the one named by `--url` or
 * by the company's file of defaults. It is
 * rejected if the Coder CLI would send it elsewhere, or if it isn't a session token.
 */
async function variableToken(
	runtime: Runtime,
	deployment: Deployment,
	isNamed: boolean,
): Promise<TokenFromArgs | null> {
	const { env: environment } = runtime
	const { text } = cleanToken(environment['CODER_SESSION_TOKEN'] ?? '')
	if (text === '') return null
	const { origin } = deployment
	const own = await ownDeployment(runtime)
	if (own && own.origin !== origin) {
		throw new UserError(
			finding('token-other-deployment', 'token', {
				origin,
				host: new URL(origin).host,
				other: new URL(own.origin).host,
				source: `CODER_SESSION_TOKEN, which goes with ${own.from}`,
			}),
		)
	}
	const fault = validateToken(text, origin)
	if (fault) throw new UserError(fault)
	return own || isNamed ? { secret: new Secret(text), from: 'from CODER_SESSION_TOKEN' } : null
}

/** The deployment that the Coder CLI would use `CODER_SESSION_TOKEN` with, and what names it. */
async function ownDeployment(runtime: Runtime): Promise<{ origin: string; from: string } | null> {
	const { join } = await import('node:path')
	const { env: environment } = runtime
	const variable = ['CODER_URL', 'CODER_AGENT_URL'].find(name => environment[name])
	const text = variable ? environment[variable] : await readSmallFile(join(coderConfigDir(runtime), 'url'))
	const parsed = text ? parseDeployment(text) : null
	return parsed?.ok ? { origin: parsed.deployment.origin, from: variable ?? 'the Coder CLI’s login' } : null
}
