// `--print-env`: prints the variables to stdout, and to stderr what keeps them from taking effect.
import { parseBridgeUrl } from '../bridge-url.ts'
import { getBaseUrl } from '../coder/deployment-url.ts'
import { getCliUrl } from '../coder/token-discovery.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, finding, UserError, uniqueFindings } from '../findings/finding.ts'
import { formatPath } from '../mux/home.ts'
import { builtInProviders, getProviderTitle, makeBuiltInTarget, type ProviderTarget } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { Secret } from '../secrets/secret.ts'
import type { SavedFile } from '../setup/apply.ts'
import { getSettingsBaseUrl } from '../setup/context.ts'
import { conflictingPaths, exportVariables } from '../setup/export-variables.ts'
import { type ExportEffect, judgeExports } from '../setup/judge-exports.ts'
import { formatNextCommands } from '../setup/summary.ts'
import { getTokenFacts } from '../setup/token-facts.ts'
import { type Judgement, judgeSetup } from '../setup/verdict.ts'
import { detectShell, findUnsupportedShell } from '../shell/detect.ts'
import { formatExports, formatMaskingLines, type MaskedTokenSource } from '../shell/export-lines.ts'
import type { ShellId } from '../shell/languages.ts'
import { createStyler, print, printNotes, successLine } from '../terminal/print.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { PreparedRun } from './configure-run.ts'
import type { ConfigureInvocation } from './invocation.ts'
import { makeResult, stringifyResult } from './json-result.ts'
import { throwIfCancelled } from './run-command.ts'

type Wish = NonNullable<ConfigureInvocation['printEnv']>

/** Prints the lines. If they can't be written, the settings are restored and a created token is revoked. */
export async function printEnv(prepared: PreparedRun, wish: Wish): Promise<ExitCode> {
	const { runtime, invocation, context, answers, signal, styler } = prepared
	const shell = wish.shell ?? detectShell(runtime)
	const holdsToken = !wish.noSecret
	if (invocation.createToken && !holdsToken) {
		throw new UserError(finding('conflicting-options', 'arguments', { one: '--create-token', other: '--no-secret' }))
	}
	const tokenSource = wish.noSecret ? await sourceFor(prepared) : null
	const variables = exportVariables(answers)
	// A value that the shell can't represent must be found before anything is cleared.
	const lines = formatExports(shell, variables, tokenSource ? { tokenSource } : {})

	// Lines without the token are judged as if they had one.
	const config = holdsToken || answers.token.keyId ? answers : { ...answers, token: anyToken }
	// A settings file that can't be edited doesn't prevent lines for an environment.
	const plan = wish.clearSettings ? (await import('../setup/export-plan.ts')).makeExportPlan(context, config) : null
	const clearing = plan?.clearing ?? null
	const effect = plan?.effects.cleared ?? judgeExports(context, config)
	const findings = uniqueFindings([...prepared.findings, ...trapsOf(prepared, shell, wish)])
	throwIfCancelled(signal)
	let cleared: SavedFile | null = null
	if (plan && clearing) {
		const { applyClearing } = await import('../setup/apply.ts')
		cleared = await applyClearing(runtime, plan, signal)
	}
	if (!invocation.json) {
		printNotes(runtime, styler, findings, { brief: true })
		if (cleared && clearing) print(runtime, clearedLines(prepared, cleared, clearing.fields))
		tellOmitted(runtime, answers.targets)
		if (tokenSource?.kind === 'cli')
			print(runtime, [`  The lines ask the Coder CLI for the token: coder login token --url ${tokenSource.url}`])
	}
	// The runner consumes this line and then masks the token; nobody else may see it.
	if (shell === 'github' && isActions(runtime)) runtime.stderr.write(formatMaskingLines(variables))

	const judgement = judgeLines(prepared, shell, effect)
	const text = invocation.json ? await asJson(prepared, { lines, findings, cleared, judgement }) : lines
	await deliver(runtime, text, cleared, prepared.hasMadeToken)
	prepared.onTokenUsed()
	return judgement.exitCode
}

function tellOmitted(runtime: Runtime, targets: readonly ProviderTarget[]): void {
	const omitted = targets.filter(target => target.custom).map(target => getProviderTitle(target.id))
	if (omitted.length > 0)
		print(runtime, [`  Only the settings file can hold ${omitted.join(', ')}: use --yes for that.`])
}

/**
 * `--print-env terraform`: prints resources for a template. They take the deployment and the token from the workspace,
 * so nothing has to be known or asked here.
 */
export async function printTemplate(runtime: Runtime, invocation: ConfigureInvocation): Promise<ExitCode> {
	const { providers, json, printEnv: wish } = invocation
	const targets = providers.length > 0 ? providers : builtInProviders.map(id => makeBuiltInTarget(id))
	const { route = '/api/v2/aibridge' } = invocation
	// The resources have the workspace's own URL in place of this one.
	const deployment = { origin: 'https://coder.example.com', insecure: false }
	const variables = exportVariables({ targets, deployment, route, token: anyToken })
	const lines = formatExports('terraform', variables, wish?.agentId ? { agentId: wish.agentId } : {})
	const findings = targets.some(({ id }) => id === 'openai') ? [finding('voice-input-leaks', 'openai')] : []
	if (!json) {
		printNotes(runtime, createStyler(runtime, 'stderr', invocation), findings, { brief: true })
		tellOmitted(runtime, targets)
	}
	const facts = { verdict: 'unchecked', findings, lines } as const
	const text = json ? stringifyResult(makeResult('configure', 'printed', facts)) : lines
	await writeResult(runtime, text)
	return 0
}

/** In place of a token that the lines don't contain. */
const anyToken = new Secret('from another source')

/** Whether the lines work; this machine's settings don't matter for lines that are for another machine. */
function judgeLines({ answers, report, findings }: PreparedRun, shell: ShellId, effect: ExportEffect): Judgement {
	const isForHere = shell !== 'github'
	const ids = answers.targets.map(target => target.id)
	const plan = { config: answers, ...(isForHere ? effect : { findings: [], usedByMux: ids }) }
	return judgeSetup({ plan, report, action: 'printed', notes: findings })
}

async function asJson(
	{ context, answers, report, tokenOrigin }: PreparedRun,
	facts: { lines: string; findings: readonly Finding[]; cleared: SavedFile | null; judgement: Judgement },
): Promise<string> {
	const { describeProvider } = await import('../setup/context.ts')
	const { deployment, route } = answers
	const providers = answers.targets
		.filter(target => !target.custom)
		.map(target => ({
			id: target.id,
			baseUrl: getBaseUrl(deployment, route, target),
			before: describeProvider(context.muxContext, target.id),
			after: `AI Bridge at ${new URL(deployment.origin).host}`,
		}))
	return stringifyResult(
		makeResult('configure', 'printed', {
			...facts.judgement,
			settingsFile: context.location.path,
			backup: facts.cleared?.backup ?? null,
			providers,
			findings: facts.findings,
			...(answers.token.keyId ? { token: { ...getTokenFacts(answers.token, report), source: tokenOrigin } } : {}),
			lines: facts.lines,
		}),
	)
}

/** Writes the lines. If nobody receives them, everything done for them is undone. */
async function deliver(runtime: Runtime, text: string, cleared: SavedFile | null, madeToken: boolean): Promise<void> {
	const putBack = async () => {
		if (!cleared) return
		const { undoLastChange } = await import('../mux/settings/undo.ts')
		await undoLastChange(runtime, cleared.settingsFile)
	}
	const isOut = await writeResult(runtime, text).catch(async (error: unknown) => {
		await putBack()
		throw error
	})
	// A closed pipe isn't a failure, unless something was changed for it.
	if (isOut || (!cleared && !madeToken)) return
	await putBack()
	throw new UserError(finding('output-not-written', 'output', { cause: 'The program that reads the output quit' }))
}

/** Where lines without a secret read the token from: the given file, else the Coder CLI. */
async function sourceFor({ runtime, resolved, invocation }: PreparedRun): Promise<MaskedTokenSource> {
	const { token, deployment } = resolved
	if (invocation.tokenFrom?.kind !== 'file') return { kind: 'cli', url: await getCliUrl(runtime, deployment) }
	if (token?.file) return { kind: 'file', path: token.file }
	throw new UserError(finding('token-file-not-bare', 'token', { path: invocation.tokenFrom.path }))
}

/** Side effects and limits of the lines. Lines for other machines aren't affected by this machine's settings file. */
function trapsOf({ runtime, context, answers }: PreparedRun, shell: ShellId, wish: Wish): Finding[] {
	const unsupported = findUnsupportedShell(runtime)
	const inTheWay = wish.clearSettings ? [] : conflictingPaths(context, answers.targets)
	const path = formatPath(context.location.path, runtime.homeDir)
	const openai = answers.targets.some(target => target.id === 'openai')
	const urlInFile = inTheWay.length > 0 && parseBridgeUrl(getSettingsBaseUrl(context.muxContext, 'openai')) !== null
	return [
		...(inTheWay.length > 0
			? [
					finding('settings-override-variables', 'settings', {
						fields: inTheWay.map(names => names.join('.')).join(', '),
						path,
					}),
				]
			: []),
		...(openai && !urlInFile ? [finding('voice-input-leaks', 'openai')] : []),
		...(unsupported && !wish.shell ? [finding('lines-for-another-shell', 'environment', { shell: unsupported })] : []),
		...(shell === 'github' && !isActions(runtime) ? [finding('masking-not-printed', 'environment')] : []),
	]
}

function isActions({ env: environment }: Runtime): boolean {
	return environment['GITHUB_ACTIONS'] === 'true'
}

function clearedLines({ runtime, styler }: PreparedRun, saved: SavedFile, fields: readonly string[]): string[] {
	const path = formatPath(saved.settingsFile, runtime.homeDir)
	return [
		successLine(styler, `Removed from ${path}: ${fields.join(', ')}${saved.backup ? ' (backup kept)' : ''}`),
		...formatNextCommands(styler, saved, runtime.homeDir, ['undo']),
	]
}
