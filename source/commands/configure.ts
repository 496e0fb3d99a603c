// The wizard's work without its questions: `--yes` writes the settings file, `--dry-run` shows what it would write,
// `--print-env` prints lines for the environment instead. The same plan, checks and words as on the screens.

import { join, resolve } from 'node:path'
import { bridgeOf } from '../bridge-url.ts'
import type { Client } from '../coder/client.ts'
import type { Deployment } from '../coder/deployment-url.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { describe, type Finding, finding, Refusal, severityOf } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { Secret } from '../secret.ts'
import { type SetupAnswers, type Storage, tokenFileName } from '../setup/answers.ts'
import type { MadeToken } from '../setup/offer-tokens.ts'
import { holdsToken, makePlan, type Plan } from '../setup/plan.ts'
import { baseUrlIn, type Reading, readSetup, readWithoutFile, sectionIn, settingsTokens } from '../setup/reading.ts'
import type { CheckReport, CheckRow } from '../setup/verify.ts'
import { writeResult } from '../terminal/write-result.ts'
import { type Gathered, gatherAnswers } from './gather-answers.ts'
import type { ConfigureInvocation } from './options.ts'
import { distinct, findingLines, goodLine, type Pen, paintDiff, penFor, receiptText, say } from './print.ts'
import { makeResult, resultText } from './result.ts'
import { carryOut, type RunOptions, stopIfAsked } from './run.ts'

/** Everything that a run knows once the checks are through. */
export type Prepared = {
	readonly host: Host
	readonly invocation: ConfigureInvocation
	readonly reading: Reading
	readonly gathered: Gathered
	readonly answers: SetupAnswers
	/** Null with `--no-check`. */
	readonly report: CheckReport | null
	/** What is worth saying, though nothing failed. */
	readonly findings: readonly Finding[]
	readonly pen: Pen
	readonly signal: AbortSignal
	/** The token was made in this run. */
	readonly hasMadeToken: boolean
	/** To be called once the token stands where Mux will use it: from then on nothing takes it back. */
	readonly onTokenUsed: () => void
}

/** Configures Mux, or shows what it would do, without a question. Results go to stdout, all else to stderr. */
export function runConfigure(host: Host, invocation: ConfigureInvocation, options: RunOptions = {}): Promise<ExitCode> {
	return carryOut(host, invocation, options, async signal => {
		const reading = await (invocation.printEnv ? readForLines(host, invocation) : readSetup(host, invocation))
		const gathered = await gatherAnswers(host, invocation, reading, { token: needsToken(invocation) }, signal)
		const pen = penFor(host, 'stderr', invocation)
		if (!invocation.json) tellFound(host, pen, gathered)
		return withTokenAndChecks(host, invocation, reading, gathered, pen, signal, async prepared => {
			if (invocation.printEnv) {
				const { printExports } = await import('./print-exports.ts')
				return printExports(prepared, invocation.printEnv)
			}
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

type Then = (prepared: Prepared) => Promise<ExitCode>

/**
 * Makes a token where one is wanted, checks everything, and goes on only where nothing failed. Whatever ends the run
 * before its end takes a made token back.
 */
async function withTokenAndChecks(
	host: Host,
	invocation: ConfigureInvocation,
	reading: Reading,
	gathered: Gathered,
	pen: Pen,
	signal: AbortSignal,
	then: Then,
): Promise<ExitCode> {
	const { deployment, targets } = gathered
	let client: Client | null = null
	let made: MadeToken | null = null
	try {
		if (invocation.check || invocation.createToken) {
			const { openClient } = await import('../coder/client.ts')
			const { caFile } = invocation
			client = openClient(host, caFile ? { caFile: resolve(host.workingFolder, caFile) } : {})
		}
		let token = gathered.token?.secret ?? withoutToken
		if (client && invocation.createToken) {
			const held = await heldToken(host, client, reading, deployment, invocation.lifetime, signal)
			if (held) token = held
			else if (!invocation.dryRun) {
				const { makeToken } = await import('../setup/offer-tokens.ts')
				const lifetimeDays = invocation.lifetime === undefined ? undefined : invocation.lifetime / 86_400
				made = await makeToken(host, client, { deployment, session: token }, { lifetimeDays, signal })
				token = made.secret
			}
		}
		const question = { deployment, token, targets, route: invocation.route }
		const checked =
			client && invocation.check
				? await verifyOrRefuse(client, reading, question, signal, rowPrinter(host, invocation, pen))
				: null
		const isPlaceholder = invocation.createToken && invocation.dryRun && token === gathered.token?.secret
		const answers: SetupAnswers = {
			targets,
			deployment,
			route: checked?.route ?? invocation.route ?? routeInSettings(reading, deployment) ?? '/api/v2/aibridge',
			token: isPlaceholder ? tokenToMake : token,
			fixes: [],
			storage: storageFor(reading, gathered, token),
		}
		const findings = distinct([...gathered.notes, ...reading.place.findings, ...(checked?.findings ?? [])])
		const onTokenUsed = () => {
			made = null
		}
		const known = { host, invocation, reading, gathered, answers, report: checked, findings, pen, signal }
		return await then({ ...known, hasMadeToken: made !== null, onTokenUsed })
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

/** Takes back a token that nothing uses; where that fails, the error that ended the run says so too. */
async function takeBack(client: Client, made: MadeToken, ended: unknown): Promise<void> {
	const { deleteToken } = await import('../coder/tokens.ts')
	const { deployment, secret, name } = made
	try {
		// The run's own signal may be what ended it.
		await deleteToken(client, deployment, secret, secret.keyId ?? '', { signal: AbortSignal.timeout(4000) })
	} catch (error) {
		if (!(error instanceof Refusal)) throw error
		const left = finding('token-not-deleted', 'token', { origin: deployment.origin, name, keyId: secret.keyId ?? '' })
		if (ended instanceof Refusal) throw new Refusal(ended.findings[0] as Finding, ...ended.findings.slice(1), left)
	}
}

/** A token that the settings hold by an earlier `--create-token` and that still has a good while to live. */
async function heldToken(
	host: Host,
	client: Client,
	reading: Reading,
	deployment: Deployment,
	lifetimeS: number | undefined,
	signal: AbortSignal,
): Promise<Secret | null> {
	const held = settingsTokens(reading.snapshot).find(({ baseUrl }) => bridgeOf(baseUrl)?.origin === deployment.origin)
	if (!held) return null
	const { isWizardTokenName, tokenInfo } = await import('../coder/tokens.ts')
	const info = await tokenInfo(client, deployment, held.token, { signal })
	stopIfAsked(signal)
	if (!info.ok || !info.key || !isWizardTokenName(info.key.name)) return null
	const leftMs = info.key.expiresAt ? info.key.expiresAt.getTime() - host.now().getTime() : Number.POSITIVE_INFINITY
	const wantedMs = Math.min(7 * 86_400_000, ((lifetimeS ?? Number.POSITIVE_INFINITY) * 1000) / 2)
	return leftMs > wantedMs ? held.token : null
}

/** Checks everything; what failed is thrown, with the warnings beside it. */
async function verifyOrRefuse(
	client: Client,
	reading: Reading,
	question: Parameters<typeof import('../setup/verify.ts').verify>[2],
	signal: AbortSignal,
	printer: RowPrinter,
): Promise<CheckReport> {
	const { verify } = await import('../setup/verify.ts')
	const { report } = await verify(client, reading, question, { signal, onRows: printer.onRows })
	printer.end()
	stopIfAsked(signal)
	const failures = report.findings.filter(found => severityOf(found) === 'error' || found.code === 'cancelled')
	const [first, ...others] = failures
	if (first) {
		const warnings = report.findings.filter(found => severityOf(found) === 'warning')
		throw new Refusal(first, ...distinct([...others, ...warnings]))
	}
	return report
}

type RowPrinter = { onRows(rows: readonly CheckRow[]): void; end(): void }

/** On a terminal, tells each row of the checks once it and all before it are through; lines for a shell come without. */
function rowPrinter(host: Host, invocation: ConfigureInvocation, pen: Pen): RowPrinter {
	if (!host.stderr.isTTY || invocation.json || invocation.printEnv) return { onRows() {}, end() {} }
	let told = 0
	return {
		onRows(rows) {
			const open = rows.findIndex((row, index) => index >= told && (row.state === 'waiting' || row.state === 'asking'))
			const settled = rows.slice(told, open < 0 ? rows.length : open)
			told += settled.length
			// What is bad is told with all its words at the end.
			const good = settled.filter(row => row.state === 'good' || row.state === 'warning')
			say(
				host,
				good.map(row => rowLine(pen, row)),
			)
		},
		end: () => say(host, ['']),
	}
}

function rowLine(pen: Pen, { state, label, note }: CheckRow): string {
	const tone = state === 'good' ? 'good' : 'warning'
	return `  ${pen.paint(tone, pen.marks[tone])} ${label.padEnd(12)}${note}`.trimEnd()
}

/** The route that the settings have for this deployment, where nobody is asked. */
function routeInSettings(reading: Reading, deployment: Deployment) {
	return reading.snapshot.sectionIds
		.map(id => bridgeOf(baseUrlIn(reading.snapshot, id) ?? ''))
		.find(bridge => bridge?.origin === deployment.origin)?.route
}

/** A key file stays where the settings name it for all targets, and it is the wizard's own or holds this very token. */
function storageFor({ snapshot, place }: Reading, { targets }: Gathered, token: Secret): Storage {
	const sections = targets.map(target => sectionIn(snapshot, target.id))
	const path = sections[0]?.['apiKeyFile']
	const isUsed = sections.every(section => section['apiKeyFile'] === path && section['apiKey'] === undefined)
	if (typeof path !== 'string' || !isUsed) return { in: 'settings' }
	if (path === join(place.folder, tokenFileName)) return { in: 'token-file', path }
	return holdsToken(snapshot, path, token) ? { in: 'cli-session', path } : { in: 'settings' }
}

/** `--dry-run`: the masked diff, or the plan as JSON. */
async function showPlan({ host, invocation, reading, findings, pen }: Prepared, plan: Plan): Promise<ExitCode> {
	const { unifiedDiff } = await import('../mux/masked-text.ts')
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
	const { host, invocation, reading, answers, report, pen, signal } = prepared
	const { path } = reading.place
	const findings = allFindings(prepared.findings, plan)
	stopIfAsked(signal)
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
	const receipt = await applyPlan(host, plan, { origin: answers.deployment.origin, report }, signal)
	prepared.onTokenUsed()
	const lines = receiptText(pen, receipt, host.homeFolder)
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

/** Warnings with all their words (`brief`: without the reason), notes with their headline. */
export function tellNotes(host: Host, pen: Pen, findings: readonly Finding[], options: { brief?: boolean } = {}): void {
	for (const found of findings) {
		const described = describe(found)
		if (described.severity === 'info') say(host, [`${pen.paint('quiet', pen.marks.info)} ${described.headline}`])
		else say(host, findingLines(pen, options.brief ? { ...described, reason: '' } : described))
	}
}
