// Configures Mux without questions: `--yes` writes the settings file, `--dry-run` shows what it would write,
// `--print-env` prints environment variables instead. Uses the same plan, checks and messages as the screens.

import { join } from 'node:path'
import { parseBridgeUrl } from '../bridge-url.ts'
import type { Deployment } from '../coder/deployment-url.ts'
import type { HttpClient } from '../coder/http/types.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, getExitCode, severityOf, UserError } from '../findings/finding.ts'
import { getConflicts } from '../mux/conflicts/find.ts'
import { isOwnTokenFile, tokenFileName } from '../mux/settings/token-files.ts'
import { type Runtime, resolvePath } from '../runtime/runtime.ts'
import { Secret } from '../secrets/secret.ts'
import type { SetupConfig, TokenStorage } from '../setup/config.ts'
import {
	findSharedKeyFile,
	getSettingsBaseUrl,
	holdsToken,
	loadContext,
	loadContextWithoutFile,
	type SetupContext,
} from '../setup/context.ts'
import type { Plan } from '../setup/plan.ts'
import { formatSummary } from '../setup/summary.ts'
import { addCustomModels } from '../setup/target-models.ts'
import type { NewToken } from '../setup/token-options.ts'
import type { CheckReport } from '../setup/verify.ts'
import {
	createStyler,
	print,
	printNotes,
	printResultText,
	type Styler,
	styleDiff,
	successLine,
	summaryStyle,
	uniqueFindings,
} from '../terminal/print.ts'
import { writeResult } from '../terminal/write-result.ts'
import { rowPrinter } from './check-rows.ts'
import type { ConfigureRun, PreparedRun } from './configure-run.ts'
import { findReusableToken, revokeToken } from './create-token.ts'
import { makeResult, stringifyResult } from './json-result.ts'
import type { ConfigureInvocation } from './parse-arguments.ts'
import { type ResolvedConfig, resolveConfig } from './resolve-config.ts'
import { type RunCommandOptions, runCommand, throwIfCancelled } from './run-command.ts'

/**
 * Configures Mux, or shows what it would do, without asking questions. Results go to stdout, everything else to stderr.
 */
export function runConfigure(
	runtime: Runtime,
	invocation: ConfigureInvocation,
	options: RunCommandOptions = {},
): Promise<ExitCode> {
	return runCommand(runtime, invocation, options, async signal => {
		const context = await (invocation.printEnv ? readForLines(runtime, invocation) : loadContext(runtime, invocation))
		const resolved = await resolveConfig(runtime, invocation, context, { token: needsToken(invocation) }, signal)
		const styler = createStyler(runtime, 'stderr', invocation)
		if (!invocation.json) tellFound(runtime, styler, resolved)
		return withTokenAndChecks({ runtime, invocation, context, resolved, styler, signal }, async prepared => {
			if (invocation.printEnv) {
				const { printEnv } = await import('./print-env.ts')
				return printEnv(prepared, invocation.printEnv)
			}
			const { makePlan } = await import('../setup/plan.ts')
			const plan = makePlan(context, prepared.answers)
			if (!invocation.dryRun) requireUsed(plan)
			return invocation.dryRun ? showPlan(prepared, plan) : applyAndTell(prepared, plan)
		})
	})
}

/** An unreadable settings file doesn't prevent export lines, unless it is to be changed too. */
async function readForLines(runtime: Runtime, invocation: ConfigureInvocation): Promise<SetupContext> {
	try {
		return await loadContext(runtime, invocation)
	} catch (error) {
		if (!(error instanceof UserError) || invocation.printEnv?.clearSettings) throw error
		if (!invocation.json)
			printNotes(runtime, createStyler(runtime, 'stderr', invocation), error.findings.map(asWarning))
		return loadContextWithoutFile(runtime, invocation)
	}
}

function asWarning(issue: Finding): Finding {
	return { ...issue, severity: 'warning' }
}

/** Export lines without a token need none, unless it is to be checked. */
function needsToken({ printEnv, check, createToken }: ConfigureInvocation): boolean {
	return check || createToken || !printEnv || !(printEnv.noSecret || printEnv.shell === 'terraform')
}

/** Values that were found instead of given are always shown. */
function tellFound(
	runtime: Runtime,
	styler: Styler,
	{ deployment, deploymentFrom, token, tokenFrom }: ResolvedConfig,
): void {
	const row = (label: string, text: string, from: string) =>
		`  ${label.padEnd(12)}${text}  ${styler.style('dim', from)}`
	print(runtime, [
		...(deploymentFrom ? [row('Coder', deployment.origin, deploymentFrom)] : []),
		...(token && tokenFrom ? [row('Token', `key ${token.secret.keyId ?? 'unknown'}`, tokenFrom)] : []),
	])
}

/**
 * Creates a token if requested, runs the checks, and continues only if nothing failed. A token created in a run that
 * ends early is revoked.
 */
async function withTokenAndChecks(
	run: ConfigureRun,
	then: (prepared: PreparedRun) => Promise<ExitCode>,
): Promise<ExitCode> {
	const { runtime, invocation, context, resolved, signal } = run
	const { deployment, targets } = resolved
	const provided = resolved.token?.secret ?? withoutToken
	let client: HttpClient | null = null
	let newToken: NewToken | null = null
	try {
		if (invocation.check || invocation.createToken) {
			const { createCoderClient } = await import('../coder/client.ts')
			const { caFile } = invocation
			client = createCoderClient(runtime, caFile ? { caFile: resolvePath(runtime, caFile) } : {})
		}
		const heldToken =
			client && invocation.createToken
				? await findReusableToken(runtime, client, context, {
						deployment,
						lifetimeS: invocation.lifetime,
						signal,
					})
				: null
		if (client && invocation.createToken && !heldToken && !invocation.dryRun) {
			const { createNewToken } = await import('../setup/token-options.ts')
			const lifetimeDays = invocation.lifetime === undefined ? undefined : invocation.lifetime / 86_400
			newToken = await createNewToken(runtime, client, { deployment, session: provided }, { lifetimeDays, signal })
		}
		const token = heldToken ?? newToken?.secret ?? provided
		const report = client && invocation.check ? await verifyOrRefuse(run, client, token) : null
		const answers: SetupConfig = {
			targets: targets.map(target => addCustomModels(target, context, report?.models[target.id])),
			deployment,
			route: report?.route ?? invocation.route ?? routeInSettings(context, deployment) ?? '/api/v2/aibridge',
			token: invocation.createToken && invocation.dryRun && !heldToken ? tokenToMake : token,
			fixes: chosenFixes(run),
			storage: storageFor(context, invocation, resolved, token),
		}
		return await then({
			...run,
			answers,
			report,
			findings: uniqueFindings([
				...resolved.notes,
				...context.environmentIssues,
				...context.location.findings,
				...(report?.findings ?? []),
			]),
			hasMadeToken: newToken !== null,
			onTokenUsed: () => {
				newToken = null
			},
		})
	} catch (error) {
		if (newToken && client) await revokeToken(client, newToken, error)
		throw error
	} finally {
		client?.close()
	}
}

/** The fixes that `--fix` accepts: all that are offered, but for what is only a note. */
function chosenFixes({ invocation, context, resolved }: ConfigureRun): string[] {
	if (!invocation.fix) return []
	return resolved.targets
		.flatMap(target => getConflicts(context.muxContext, target))
		.flatMap(({ finding: issue, fix }) => (fix && severityOf(issue) !== 'info' ? [fix.id] : []))
}

/** Nothing is written if Mux would not use it, whether or not the deployment was checked. Throws a UserError. */
function requireUsed(plan: Plan): void {
	const [first, ...others] = plan.findings.filter(issue => severityOf(issue) === 'error')
	if (first) throw new UserError(first, ...uniqueFindings(others))
}

/** Used when the export lines contain no token. */
const withoutToken = new Secret('')
/** Used in a dry run in place of a token that would be created. */
const tokenToMake = new Secret('made then')

/** Runs all checks. Throws the failures together with the warnings. */
async function verifyOrRefuse(run: ConfigureRun, client: HttpClient, token: Secret): Promise<CheckReport> {
	const { runtime, invocation, context, resolved, styler, signal } = run
	const { verify } = await import('../setup/verify.ts')
	// On a terminal each row is printed as it completes; export lines and JSON omit the rows.
	const isShown = runtime.stderr.isTTY && !invocation.json && !invocation.printEnv
	const printer = isShown ? rowPrinter(runtime, styler) : null
	const { deployment, targets } = resolved
	const question = { deployment, token, targets, route: invocation.route, fixes: chosenFixes(run) }
	const { report } = await verify(client, context, question, {
		signal,
		onRows: rows => printer?.onRows(rows),
	})
	printer?.end()
	throwIfCancelled(signal)
	const failures = report.findings.filter(issue => severityOf(issue) === 'error' || issue.code === 'cancelled')
	const [first, ...others] = failures
	if (!first) return report
	const warnings = report.findings.filter(issue => severityOf(issue) === 'warning')
	throw new UserError(first, ...uniqueFindings([...others, ...warnings]))
}

/** The path that the settings use for this deployment, for runs without checks. */
function routeInSettings(context: SetupContext, deployment: Deployment) {
	return context.muxContext.sectionIds
		.map(id => parseBridgeUrl(getSettingsBaseUrl(context.muxContext, id)))
		.find(bridge => bridge?.origin === deployment.origin)?.route
}

/**
 * Where the token is stored: as `--store-token` says; else a key file is kept if the settings use it for all targets and it is the wizard's own or already contains this token.
 */
function storageFor(
	{ muxContext, location, place }: SetupContext,
	{ storeToken }: ConfigureInvocation,
	{ targets }: ResolvedConfig,
	token: Secret,
): TokenStorage {
	const path = findSharedKeyFile(
		muxContext,
		targets.map(target => target.id),
	)
	if (storeToken === 'settings') return { in: 'settings' }
	if (storeToken === 'file') return { in: 'token-file', path: path ?? join(location.directory, tokenFileName) }
	if (path === null) return place.defaultStorage
	if (isOwnTokenFile(path)) return { in: 'token-file', path }
	return holdsToken(muxContext, path, token) ? { in: 'cli-session', path } : { in: 'settings' }
}

/** `--dry-run`: prints the masked diff, or the plan as JSON. */
async function showPlan(
	{ runtime, invocation, context, findings, styler }: PreparedRun,
	plan: Plan,
): Promise<ExitCode> {
	const { unifiedDiff } = await import('../mux/settings/diff.ts')
	const { path } = context.location
	const diff = unifiedDiff(plan.diff, path)
	if (invocation.json) {
		const reported = {
			settingsFile: path,
			providers: plan.changes,
			findings: allFindings(findings, plan),
			diff,
			...fixedBy(plan),
		}
		await writeResult(runtime, stringifyResult(makeResult('planned', reported)))
		return getExitCode(plan.findings)
	}
	printNotes(runtime, styler, allFindings(findings, plan))
	if (plan.unchanged) print(runtime, [successLine(styler, `Nothing to change in ${path}`)])
	else await printResultText(runtime, styleDiff(createStyler(runtime, 'stdout', invocation), diff))
	return getExitCode(plan.findings)
}

/** The labels of the fixes in the plan, for JSON. */
function fixedBy({ fixes }: Plan): { fixed?: readonly string[] } {
	return fixes.length > 0 ? { fixed: fixes.map(fix => fix.label) } : {}
}

/** `--yes`: writes the settings and prints a summary. */
async function applyAndTell(prepared: PreparedRun, plan: Plan): Promise<ExitCode> {
	const { runtime, invocation, context, answers, report, styler, signal } = prepared
	const { path } = context.location
	const findings = allFindings(prepared.findings, plan)
	throwIfCancelled(signal)
	if (plan.unchanged) {
		if (invocation.json) {
			const result = makeResult('unchanged', { settingsFile: path, providers: plan.changes, findings })
			await writeResult(runtime, stringifyResult(result))
			return 0
		}
		printNotes(runtime, styler, findings)
		print(runtime, [successLine(styler, 'Nothing to change: Mux is already set up like this.')])
		return 0
	}
	const { applyPlan } = await import('../setup/apply.ts')
	const applyResult = await applyPlan(
		runtime,
		plan,
		{ origin: answers.deployment.origin, report, reviewed: false },
		signal,
	)
	prepared.onTokenUsed()
	const lines = formatSummary(applyResult, runtime.homeDir, summaryStyle(styler))
	if (invocation.json) {
		const { backup, changes } = applyResult
		const result = makeResult('applied', {
			settingsFile: path,
			backup,
			providers: changes,
			findings: uniqueFindings([...findings, ...applyResult.findings]),
			...fixedBy(plan),
		})
		await writeResult(runtime, stringifyResult(result)).catch((error: unknown) => {
			// The change was made, so the summary must be shown somewhere.
			print(runtime, lines)
			throw error
		})
		return 0
	}
	print(runtime, lines)
	printNotes(runtime, styler, applyResult.findings)
	if (plan.fixes.length > 0)
		print(
			runtime,
			plan.fixes.map(fix => `  Fixed     ${fix.label}`),
		)
	printNotes(runtime, styler, findings)
	if (report?.replaced) {
		const { name, keyId } = report.replaced
		print(runtime, [`  The token before it (${name}, ${keyId}) is still valid: coder tokens remove ${keyId}`])
	}
	return 0
}

/** The findings of the checks and those that the plan leaves. */
function allFindings(findings: readonly Finding[], plan: Plan): Finding[] {
	return uniqueFindings([...findings, ...plan.findings])
}
