// Configures Mux without questions: `--yes` writes the settings file, `--dry-run` shows what it would write,
// `--print-env` prints environment variables instead. Uses the same plan, checks and messages as the screens.

import { join } from 'node:path'
import type { HttpClient } from '../coder/http/types.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, UserError, uniqueFindings } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import { getConflicts } from '../mux/conflicts/find.ts'
import { formatPath } from '../mux/home.ts'
import { inspectPermissions } from '../mux/settings/permissions.ts'
import { isOwnTokenFile, tokenFileName } from '../mux/settings/token-files.ts'
import { type Runtime, resolvePath } from '../runtime/runtime.ts'
import { Secret } from '../secrets/secret.ts'
import type { SetupConfig, TokenStorage } from '../setup/config.ts'
import {
	findRouteInSettings,
	findSharedKeyFile,
	holdsToken,
	listCredentialFiles,
	loadContext,
	loadContextWithoutFile,
	type SetupContext,
} from '../setup/context.ts'
import type { Plan } from '../setup/plan.ts'
import { describeReplacedToken, formatSummary, formatUnchanged } from '../setup/summary.ts'
import { getTokenFacts } from '../setup/token-facts.ts'
import type { NewToken } from '../setup/token-options.ts'
import { judgeSetup } from '../setup/verdict.ts'
import type { CheckReport } from '../setup/verify.ts'
import { createStyler, formatHeadline, print, printNotes, printResultText, type Styler } from '../terminal/print.ts'
import { writeResult } from '../terminal/write-result.ts'
import { rowPrinter } from './check-rows.ts'
import type { ConfigureRun, PreparedRun } from './configure-run.ts'
import { findReusableToken, revokeToken } from './create-token.ts'
import type { ConfigureInvocation } from './invocation.ts'
import { makeResult, type ResultFacts, stringifyResult } from './json-result.ts'
import { printEnv, printTemplate } from './print-env.ts'
import { logFindings } from './report-error.ts'
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
		if (invocation.printEnv?.shell === 'terraform') return printTemplate(runtime, invocation)
		const { company } = invocation
		// Shown first: a value of the company's may be why the rest fails.
		if (company && !invocation.json) printNotes(runtime, createStyler(runtime, 'stderr', invocation), company.findings)
		const context = await (invocation.printEnv ? readForLines(runtime, invocation) : loadContext(runtime, invocation))
		const client = await openClient(runtime, invocation)
		try {
			return await configure(runtime, invocation, context, client, signal)
		} finally {
			client?.close()
		}
	})
}

async function configure(
	runtime: Runtime,
	invocation: ConfigureInvocation,
	context: SetupContext,
	client: HttpClient | null,
	signal: AbortSignal,
): Promise<ExitCode> {
	const needs = { token: needsToken(invocation), client }
	const resolved = await resolveConfig(runtime, invocation, context, needs, signal)
	const styler = createStyler(runtime, 'stderr', invocation)
	if (!invocation.json) tellFound(runtime, styler, resolved)
	logResolved(runtime, resolved)
	return withTokenAndChecks({ runtime, invocation, context, resolved, client, styler, signal }, async prepared => {
		if (invocation.printEnv) return printEnv(prepared, invocation.printEnv)
		const { makePlan } = await import('../setup/plan.ts')
		const plan = makePlan(context, prepared.answers)
		if (!invocation.dryRun) requireUsed(plan)
		return invocation.dryRun ? showPlan(prepared, plan) : applyAndTell(prepared, plan)
	})
}

/** Null if the deployment isn't asked anything. */
async function openClient(
	runtime: Runtime,
	{ check, createToken, caFile }: ConfigureInvocation,
): Promise<HttpClient | null> {
	if (!check && !createToken) return null
	const { createCoderClient } = await import('../coder/client.ts')
	return createCoderClient(runtime, caFile ? { caFile: resolvePath(runtime, caFile) } : {})
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
	return check || createToken || !printEnv || !printEnv.noSecret
}

function logResolved(
	{ debug }: Runtime,
	{ deployment, deploymentFrom, token, tokenFrom, targets }: ResolvedConfig,
): void {
	debug?.('deployment', { origin: deployment.origin, from: deploymentFrom ?? 'from --url' })
	debug?.('token', { from: token ? (tokenFrom ?? token.from) : 'none' })
	debug?.('providers', { ids: targets.map(target => target.id).join(',') })
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
		...(token && tokenFrom ? [row('Token', token.secret.toString(), tokenFrom)] : []),
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
	const { runtime, invocation, context, resolved, client, signal } = run
	const { deployment, targets } = resolved
	const provided = resolved.token?.secret ?? withoutToken
	let newToken: NewToken | null = null
	try {
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
			targets,
			deployment,
			route: report?.route ?? invocation.route ?? findRouteInSettings(context, deployment) ?? '/api/v2/aibridge',
			token: invocation.createToken && invocation.dryRun && !heldToken ? tokenToMake : token,
			fixes: chosenFixes(run),
			storage: storageFor(context, invocation, resolved, token),
		}
		logFindings(runtime, report?.liveFindings ?? [])
		return await then({
			...run,
			answers,
			report,
			findings: uniqueFindings([
				...(invocation.json ? (invocation.company?.findings ?? []) : []),
				...resolved.notes,
				...context.environmentIssues,
				...context.location.findings,
				...(report?.liveFindings ?? []),
			]),
			hasMadeToken: newToken !== null,
			tokenOrigin: newToken ? 'created' : heldToken || resolved.tokenFrom ? 'found' : 'given',
			onTokenUsed: () => {
				newToken = null
			},
		})
	} catch (error) {
		if (newToken && client) await revokeToken(client, newToken, error)
		throw error
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
	const { route, proof } = invocation
	const probe = resolved.probe ?? undefined
	const question = { deployment, token, targets, route, proof, probe, fixes: chosenFixes(run) }
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

/** `--dry-run`: prints the masked diff and whether the change would work, or both as JSON. */
async function showPlan(prepared: PreparedRun, plan: Plan): Promise<ExitCode> {
	const { runtime, invocation, context, report, styler } = prepared
	const { unifiedDiff } = await import('../mux/settings/diff.ts')
	const { showDiff } = await import('../setup/show-diff.ts')
	const { path } = context.location
	const findings = allFindings(prepared.findings, plan)
	const judgement = judgeSetup({
		plan,
		report,
		action: plan.unchanged ? 'unchanged' : 'planned',
		notes: prepared.findings,
	})
	if (invocation.json) {
		const diff = unifiedDiff(plan.diff, path)
		await writeResult(
			runtime,
			stringifyResult(makeResult('configure', 'planned', jsonFacts(prepared, plan, { ...judgement, findings, diff }))),
		)
		return judgement.exitCode
	}
	printNotes(runtime, styler, findings)
	if (plan.unchanged) print(runtime, [`Nothing to change in ${formatPath(path, runtime.homeDir)}.`])
	else {
		const lines = showDiff(createStyler(runtime, 'stdout', invocation), plan.diff, path)
		await printResultText(runtime, lines.map(line => `${line}\n`).join(''))
	}
	print(runtime, [formatHeadline(styler, judgement.tone, judgement.headline)])
	return judgement.exitCode
}

/** The facts of the JSON result that are the same for every outcome. */
function jsonFacts(prepared: PreparedRun, plan: Plan, facts: ResultFacts): ResultFacts {
	const { answers, report, tokenOrigin, context } = prepared
	return {
		settingsFile: context.location.path,
		providers: plan.changes,
		token: { ...getTokenFacts(answers.token, report), source: tokenOrigin },
		...(plan.fixes.length > 0 ? { fixed: plan.fixes.map(fix => fix.label) } : {}),
		...facts,
	}
}

/** `--yes`: writes the settings and prints a summary. */
async function applyAndTell(prepared: PreparedRun, plan: Plan): Promise<ExitCode> {
	const { runtime, invocation, answers, report, styler, signal } = prepared
	throwIfCancelled(signal)
	if (plan.unchanged) return tellUnchanged(prepared, plan)
	const { applyPlan } = await import('../setup/apply.ts')
	const applyResult = await applyPlan(
		runtime,
		plan,
		{ origin: answers.deployment.origin, report, reviewed: false, notes: prepared.findings },
		signal,
	)
	prepared.onTokenUsed()
	const { judgement, findings, backup, changes } = applyResult
	const lines = [
		...formatSummary(applyResult, { homeDir: runtime.homeDir, now: runtime.now(), styler }),
		...(report?.replaced ? ['', `  ${describeReplacedToken(report.replaced)}`] : []),
	]
	if (!invocation.json) {
		print(runtime, lines)
		printNotes(
			runtime,
			styler,
			findings.filter(issue => severityOf(issue) === 'info'),
		)
		return judgement.exitCode
	}
	const result = makeResult(
		'configure',
		'applied',
		jsonFacts(prepared, plan, { ...judgement, findings, backup, providers: changes }),
	)
	await writeResult(runtime, stringifyResult(result)).catch((error: unknown) => {
		// The change was made, so the summary must be shown somewhere.
		print(runtime, lines)
		throw error
	})
	return judgement.exitCode
}

/** The settings are as requested already. */
async function tellUnchanged(prepared: PreparedRun, plan: Plan): Promise<ExitCode> {
	const { runtime, invocation, report, styler, context } = prepared
	// Nothing is written that would correct them.
	const permissions = await inspectPermissions(listCredentialFiles(context.muxContext))
	const findings = allFindings([...prepared.findings, ...permissions], plan)
	const judgement = judgeSetup({ plan, report, action: 'unchanged', notes: prepared.findings })
	if (invocation.json) {
		const facts = jsonFacts(prepared, plan, { ...judgement, findings })
		await writeResult(runtime, stringifyResult(makeResult('configure', 'unchanged', facts)))
	} else print(runtime, formatUnchanged(styler, judgement, findings))
	return judgement.exitCode
}

/** The findings of the checks and those that the plan leaves. */
function allFindings(findings: readonly Finding[], plan: Plan): Finding[] {
	return uniqueFindings([...findings, ...plan.findings])
}
