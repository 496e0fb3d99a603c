// The wizard's work without its questions: `--yes` writes the settings file, `--dry-run` shows what it would write,
// `--print-env` prints lines for the environment instead. The same plan, checks and words as on the screens.

import { join, resolve } from 'node:path'
import { bridgeOf } from '../bridge-url.ts'
import type { Client } from '../coder/client.ts'
import type { Deployment } from '../coder/deployment-url.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, Refusal, severityOf } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { Secret } from '../secret.ts'
import { type SetupAnswers, type Storage, tokenFileName } from '../setup/answers.ts'
import type { MadeToken } from '../setup/offer-tokens.ts'
import { withModels } from '../setup/offered-models.ts'
import type { Plan } from '../setup/plan.ts'
import { baseUrlIn, holdsToken, type Reading, readSetup, readWithoutFile, sharedKeyFile } from '../setup/reading.ts'
import { receiptText } from '../setup/receipt.ts'
import type { CheckReport } from '../setup/verify.ts'
import type { Stop } from '../stop.ts'
import { writeResult } from '../terminal/write-result.ts'
import { rowPrinter } from './check-rows.ts'
import { type Gathered, gatherAnswers } from './gather-answers.ts'
import { heldToken, takeBack } from './made-token.ts'
import type { ConfigureInvocation } from './options.ts'
import { distinct, goodLine, type Pen, paintDiff, penFor, receiptLook, say, tellNotes } from './print.ts'
import { makeResult, resultText } from './result.ts'
import { carryOut, type RunOptions, stopIfAsked } from './run.ts'

/** What a run knows before it asks the deployment anything. */
type Scene = {
	readonly host: Host
	readonly invocation: ConfigureInvocation
	readonly reading: Reading
	readonly gathered: Gathered
	readonly pen: Pen
	readonly stop: Stop
}

/** Everything that a run knows once the checks are through. */
export type Prepared = Scene & {
	readonly answers: SetupAnswers
	/** Null with `--no-check`. */
	readonly report: CheckReport | null
	/** What is worth saying, though nothing failed. */
	readonly findings: readonly Finding[]
	/** The token was made in this run. */
	readonly hasMadeToken: boolean
	/** To be called once the token stands where Mux will use it: from then on nothing takes it back. */
	readonly onTokenUsed: () => void
}

/** Configures Mux, or shows what it would do, without a question. Results go to stdout, all else to stderr. */
export function runConfigure(host: Host, invocation: ConfigureInvocation, options: RunOptions = {}): Promise<ExitCode> {
	return carryOut(host, invocation, options, async stop => {
		const reading = await (invocation.printEnv ? readForLines(host, invocation) : readSetup(host, invocation))
		const gathered = await gatherAnswers(host, invocation, reading, { token: needsToken(invocation) }, stop)
		const pen = penFor(host, 'stderr', invocation)
		if (!invocation.json) tellFound(host, pen, gathered)
		return withTokenAndChecks({ host, invocation, reading, gathered, pen, stop }, async prepared => {
			if (invocation.printEnv) {
				const { printExports } = await import('./print-exports.ts')
				return printExports(prepared, invocation.printEnv)
			}
			const { makePlan } = await import('../setup/plan.ts')
			const plan = makePlan(reading, prepared.answers)
			return invocation.dryRun ? showPlan(prepared, plan) : applyAndTell(prepared, plan)
		})
	})
}

/** A settings file that can't be read does not keep lines from being printed, unless it is to be changed too. */
async function readForLines(host: Host, invocation: ConfigureInvocation): Promise<Reading> {
	try {
		return await readSetup(host, invocation)
	} catch (error) {
		if (!(error instanceof Refusal) || invocation.printEnv?.clearSettings) throw error
		if (!invocation.json) tellNotes(host, penFor(host, 'stderr', invocation), error.findings.map(asWarning))
		return readWithoutFile(host, invocation)
	}
}

function asWarning(found: Finding): Finding {
	return { ...found, severity: 'warning' }
}

/** Lines that hold no token need none, unless it is to be checked. */
function needsToken({ printEnv, check, createToken }: ConfigureInvocation): boolean {
	return check || createToken || !printEnv || !(printEnv.noSecret || printEnv.shell === 'terraform')
}

/** What was not given but found is never silent. */
function tellFound(host: Host, pen: Pen, { deployment, deploymentFrom, token, tokenFrom }: Gathered): void {
	const row = (label: string, text: string, from: string) => `  ${label.padEnd(12)}${text}  ${pen.paint('quiet', from)}`
	say(host, [
		...(deploymentFrom ? [row('Deployment', deployment.origin, deploymentFrom)] : []),
		...(token && tokenFrom ? [row('Token', `key ${token.secret.keyId ?? 'unknown'}`, tokenFrom)] : []),
	])
}

/**
 * Makes a token where one is wanted, checks everything, and goes on only where nothing failed. Whatever ends the run
 * before its end takes a made token back.
 */
async function withTokenAndChecks(scene: Scene, then: (prepared: Prepared) => Promise<ExitCode>): Promise<ExitCode> {
	const { host, invocation, reading, gathered, stop } = scene
	const { deployment, targets } = gathered
	const given = gathered.token?.secret ?? withoutToken
	let client: Client | null = null
	let made: MadeToken | null = null
	try {
		if (invocation.check || invocation.createToken) {
			const { openClient } = await import('../coder/client.ts')
			const { caFile } = invocation
			client = openClient(host, caFile ? { caFile: resolve(host.workingFolder, caFile) } : {})
		}
		const held =
			client && invocation.createToken
				? await heldToken(host, client, reading, { deployment, lifetimeS: invocation.lifetime, stop })
				: null
		if (client && invocation.createToken && !held && !invocation.dryRun) {
			const { makeToken } = await import('../setup/offer-tokens.ts')
			const lifetimeDays = invocation.lifetime === undefined ? undefined : invocation.lifetime / 86_400
			made = await makeToken(host, client, { deployment, session: given }, { lifetimeDays, signal: stop.signal })
		}
		const token = held ?? made?.secret ?? given
		const report = client && invocation.check ? await verifyOrRefuse(scene, client, token) : null
		const answers: SetupAnswers = {
			targets: targets.map(target => withModels(target, reading, report?.models[target.id])),
			deployment,
			route: report?.route ?? invocation.route ?? routeInSettings(reading, deployment) ?? '/api/v2/aibridge',
			token: invocation.createToken && invocation.dryRun && !held ? tokenToMake : token,
			fixes: [],
			storage: storageFor(reading, gathered, token),
		}
		return await then({
			...scene,
			answers,
			report,
			findings: distinct([...gathered.notes, ...reading.place.findings, ...(report?.findings ?? [])]),
			hasMadeToken: made !== null,
			onTokenUsed: () => {
				made = null
			},
		})
	} catch (error) {
		if (made && client) await takeBack(client, made, error)
		throw error
	} finally {
		client?.close()
	}
}

/** Stands where lines hold no token. */
const withoutToken = new Secret('')
/** Stands in a dry run where a token would be made. */
const tokenToMake = new Secret('made then')

/** Checks everything; what failed is thrown, with the warnings beside it. */
async function verifyOrRefuse(scene: Scene, client: Client, token: Secret): Promise<CheckReport> {
	const { host, invocation, reading, gathered, pen, stop } = scene
	const { verify } = await import('../setup/verify.ts')
	// On a terminal each row is told as it settles; lines for a shell and JSON come without.
	const isShown = host.stderr.isTTY && !invocation.json && !invocation.printEnv
	const printer = isShown ? rowPrinter(host, pen) : null
	const { deployment, targets } = gathered
	const question = { deployment, token, targets, route: invocation.route }
	const { report } = await verify(client, reading, question, {
		signal: stop.signal,
		onRows: rows => printer?.onRows(rows),
	})
	printer?.end()
	stopIfAsked(stop)
	const failures = report.findings.filter(found => severityOf(found) === 'error' || found.code === 'cancelled')
	const [first, ...others] = failures
	if (!first) return report
	const warnings = report.findings.filter(found => severityOf(found) === 'warning')
	throw new Refusal(first, ...distinct([...others, ...warnings]))
}

/** The route that the settings have for this deployment, where nobody is asked. */
function routeInSettings(reading: Reading, deployment: Deployment) {
	return reading.snapshot.sectionIds
		.map(id => bridgeOf(baseUrlIn(reading.snapshot, id)))
		.find(bridge => bridge?.origin === deployment.origin)?.route
}

/** A key file stays where the settings name it for all targets, and it is the wizard's own or holds this very token. */
function storageFor({ snapshot, place }: Reading, { targets }: Gathered, token: Secret): Storage {
	const path = sharedKeyFile(
		snapshot,
		targets.map(target => target.id),
	)
	if (path === null) return { in: 'settings' }
	if (path === join(place.folder, tokenFileName)) return { in: 'token-file', path }
	return holdsToken(snapshot, path, token) ? { in: 'cli-session', path } : { in: 'settings' }
}

/** `--dry-run`: the masked diff, or the plan as JSON. */
async function showPlan({ host, invocation, reading, findings, pen }: Prepared, plan: Plan): Promise<ExitCode> {
	const { unifiedDiff } = await import('../mux/settings-diff.ts')
	const { path } = reading.place
	const diff = unifiedDiff(plan.diff, path)
	if (invocation.json) {
		const told = { settingsFile: path, providers: plan.changes, findings: allFindings(findings, plan), diff }
		await writeResult(host, resultText(makeResult('planned', told)))
		return 0
	}
	tellNotes(host, pen, allFindings(findings, plan))
	if (plan.unchanged) say(host, [goodLine(pen, `Nothing to change in ${path}`)])
	else await writeResult(host, paintDiff(penFor(host, 'stdout', invocation), diff))
	return 0
}

/** `--yes`: writes, and tells with a receipt what was done. */
async function applyAndTell(prepared: Prepared, plan: Plan): Promise<ExitCode> {
	const { host, invocation, reading, answers, report, pen, stop } = prepared
	const { path } = reading.place
	const findings = allFindings(prepared.findings, plan)
	stopIfAsked(stop)
	if (plan.unchanged) {
		if (invocation.json) {
			const result = makeResult('unchanged', { settingsFile: path, providers: plan.changes, findings })
			await writeResult(host, resultText(result))
			return 0
		}
		tellNotes(host, pen, findings)
		say(host, [goodLine(pen, 'Nothing to change: Mux is set up like this already.')])
		return 0
	}
	const { applyPlan } = await import('../setup/apply.ts')
	const receipt = await applyPlan(host, plan, { origin: answers.deployment.origin, report }, stop.signal)
	prepared.onTokenUsed()
	const lines = receiptText(receipt, host.homeFolder, receiptLook(pen))
	if (invocation.json) {
		const { backup, changes } = receipt
		const result = makeResult('applied', { settingsFile: path, backup, providers: changes, findings })
		await writeResult(host, resultText(result)).catch((error: unknown) => {
			// It is done all the same, and somebody should know.
			say(host, lines)
			throw error
		})
		return 0
	}
	say(host, lines)
	tellNotes(host, pen, findings)
	if (report?.replaced) {
		const { name, keyId } = report.replaced
		say(host, [`  The token before it (${name}, ${keyId}) is still valid: coder tokens remove ${keyId}`])
	}
	return 0
}

/** What the checks said, and without checks what the plan leaves in the way. */
function allFindings(findings: readonly Finding[], plan: Plan): Finding[] {
	return distinct([...findings, ...plan.findings])
}
