// `check`: what Mux uses now for each provider, which conflicts there are, and whether AI Bridge works. The report is
// the result of the command, so it goes to stdout whatever it says.
import { validateBaseUrl } from '../coder/base-url.ts'
import { type DescribedFinding, describeFinding } from '../findings/describe.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, finding, UserError, uniqueFindings } from '../findings/finding.ts'
import { getMuxWords } from '../findings/mux-words.ts'
import { severityOf } from '../findings/severity.ts'
import { getConflicts } from '../mux/conflicts/find.ts'
import { loadMuxContext, type MuxContext } from '../mux/context.ts'
import { findSettings, formatPath } from '../mux/home.ts'
import { muxReport, type ReportedProvider } from '../mux/report.ts'
import { describeRequest, type ResolvedRequest, resolveRequest } from '../mux/request/resolve.ts'
import { inspectPermissions } from '../mux/settings/permissions.ts'
import { builtInProviders, getProviderProtocol, getProviderTitle } from '../providers.ts'
import { type Runtime, resolvePath } from '../runtime/runtime.ts'
import { listCredentialFiles } from '../setup/context.ts'
import { findEnvironmentIssues } from '../setup/environment.ts'
import { decideVerdict, type Judgement } from '../setup/verdict.ts'
import {
	createStyler,
	formatFinding,
	formatRemedy,
	isTerminal,
	printResultText,
	type Styler,
} from '../terminal/print.ts'
import { wrap } from '../terminal/wrap.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { CheckInvocation } from './invocation.ts'
import { makeResult, stringifyResult } from './json-result.ts'
import type { LiveChecksReport } from './live-checks.ts'
import { logFindings } from './report-error.ts'
import { type RunCommandOptions, runCommand } from './run-command.ts'

/** Reads the settings and checks the bridges that Mux would use. Changes nothing. */
export function runCheck(
	runtime: Runtime,
	invocation: CheckInvocation,
	options: RunCommandOptions = {},
): Promise<ExitCode> {
	return runCommand(runtime, invocation, options, async signal => {
		const location = await findSettings(runtime, invocation)
		const muxContext = await loadMuxContext(runtime, location, invocation.models)
		runtime.debug?.('settings', { path: location.path, release: muxContext.release })
		const named = invocation.providers.map(target => target.id)
		const ids = named.length > 0 ? named : [...builtInProviders]
		const report = muxReport(muxContext, muxContext.release, ids)
		const reports = report.providers.map(provider => lookAt(muxContext, provider))
		const live = invocation.offline ? null : await askLive(runtime, muxContext, reports, invocation, signal)
		const found = uniqueFindings([
			...location.findings,
			...findEnvironmentIssues(runtime, invocation.caFile),
			...(await inspectPermissions(listCredentialFiles(muxContext))),
			...reports.flatMap(look => look.findings),
			...(live?.findings ?? []),
		])
		if (found.some(issue => issue.code === 'cancelled')) throw new UserError(finding('cancelled', 'program'))
		const judgement = judgeReports(reports, live, found, invocation)
		const findings = uniqueFindings([...found, ...(invocation.company?.findings ?? [])])
		logFindings(runtime, findings)
		if (invocation.json)
			await writeResult(
				runtime,
				stringifyResult(
					makeResult('check', 'checked', {
						...judgement,
						release: report.release,
						settingsFile: report.settingsFile,
						providers: reports.map(({ provider }) => ({
							...provider,
							...(live
								? {
										answered: live.working.has(provider.id),
										models: live.models[provider.id] ?? null,
										...answerOf(live, provider.id),
									}
								: {}),
						})),
						findings,
						...(live ? { live: live.live } : {}),
					}),
				),
			)
		else
			await printResultText(
				runtime,
				reportText(runtime, createStyler(runtime, 'stdout', invocation), {
					path: location.path,
					reports,
					live,
					findings,
					judgement,
				}),
			)
		return judgement.exitCode
	})
}

/** Whether everything works. A login that only Mux can use wasn't tried, so nothing is claimed about it. */
function judgeReports(
	reports: readonly Look[],
	live: LiveChecksReport | null,
	findings: readonly Finding[],
	{ proof }: CheckInvocation,
): Judgement {
	const isUntried = findings.some(issue => issue.code === 'coder-login-not-checked')
	const judgement = decideVerdict({
		action: 'found',
		checked: live !== null && !isUntried && proof !== 'route',
		written: true,
		findings,
		providers: reports.map(({ provider }) => ({
			id: provider.id,
			proven: live?.working.has(provider.id) ?? false,
			usedByMux: provider.viaBridge !== false,
		})),
	})
	if (judgement.verdict !== 'unchecked' || !live) return judgement
	const why = isUntried ? "Mux's own login was not tried" : 'no message was sent'
	return { ...judgement, headline: `Configured for AI Bridge (${why}).` }
}

/** What Mux does for one provider, and the findings about it. */
type Look = {
	readonly provider: ReportedProvider
	readonly resolvedRequest: ResolvedRequest
	readonly findings: readonly Finding[]
}

function lookAt(muxContext: MuxContext, provider: ReportedProvider): Look {
	const { id } = provider
	const resolvedRequest = resolveRequest(muxContext, muxContext.release, id)
	const conflicts = getConflicts(muxContext, provider).map(conflict => conflict.finding)
	const isExplained = conflicts.some(issue => severityOf(issue) === 'error')
	if (provider.viaBridge !== false || isExplained) return { provider, resolvedRequest, findings: conflicts }
	// The URL was meant for AI Bridge but misses it: the right URL is more useful than where the wrong one leads.
	const missed = validateBaseUrl(resolvedRequest.baseUrl ?? '', getProviderProtocol(id), id)
	if (missed) return { provider, resolvedRequest, findings: [...conflicts, missed] }
	// A user who runs `check` must be told why the bridge isn't used, so a note becomes an error here.
	const place = describeRequest(resolvedRequest)
	const details = { title: getProviderTitle(id), section: id, why: place, place }
	const direct = conflicts.findIndex(issue => issue.code === 'provider-key-in-use')
	const findings: Finding[] =
		direct >= 0
			? conflicts.map((issue, index) => (index === direct ? { ...issue, severity: 'error' } : issue))
			: [...conflicts, finding(resolvedRequest.request ? 'provider-elsewhere' : 'provider-not-set-up', id, details)]
	return { provider, resolvedRequest, findings }
}

async function askLive(
	runtime: Runtime,
	muxContext: MuxContext,
	reports: readonly Look[],
	{ caFile, url, proof, listsModels, sends, json }: CheckInvocation,
	signal: AbortSignal,
): Promise<LiveChecksReport> {
	const { runLiveChecks } = await import('./live-checks.ts')
	const uses = reports.filter(look => look.provider.viaBridge !== false).map(look => look.resolvedRequest)
	if (sends && uses.length > 0 && !json) {
		const { requireConsent } = await import('./ask-consent.ts')
		const cost = "This sends one short message to each provider. It costs a few tokens and shows up in AI Bridge's log."
		// A script has asked for it by the option.
		if (runtime.stdin.isTTY && runtime.stderr.isTTY) await requireConsent(runtime, `${cost} Send it?`, signal)
	}
	return runLiveChecks(runtime, muxContext, uses, {
		caFile: caFile && resolvePath(runtime, caFile),
		url,
		proof: sends ? 'answer' : proof,
		listsModels,
		signal,
	})
}

type ReportFacts = {
	readonly path: string
	readonly reports: readonly Look[]
	readonly live: LiveChecksReport | null
	readonly findings: readonly Finding[]
	readonly judgement: Judgement
}

function reportText(
	runtime: Runtime,
	styler: Styler,
	{ path, reports, live, findings, judgement }: ReportFacts,
): string {
	// Without any setup one command does it all.
	const isNew =
		reports.length > 1 && findings.length > 0 && findings.every(issue => issue.code === 'provider-not-set-up')
	const setUp = isNew ? findings.slice(0, 1).flatMap(issue => describeFinding(issue).remedy) : []
	const rows = reports.map(({ provider, resolvedRequest }) => {
		const own = findings.filter(issue => issue.subject === provider.id)
		const isBad = provider.viaBridge === false || (live && !live.working.has(provider.id)) || own.some(isError)
		// What the provider answered is the finding below its row.
		const answered = live?.findings.filter(issue => issue.subject === provider.id) ?? []
		return {
			tone: isBad && toneOf(answered) !== 'warning' ? ('error' as const) : toneOf(own),
			label: getProviderTitle(provider.id),
			text: provider.viaBridge ? new URL(resolvedRequest.baseUrl ?? '').host : describeRequest(resolvedRequest),
			note: isBad && live ? noteOfFailure(provider, live, own, answered) : noteOf(provider, live),
			details: isNew ? [] : own.flatMap(issue => noteOrFinding(styler, issue, 4)),
		}
	})
	const ids = reports.map(look => look.provider.id)
	const elsewhere = findings.filter(issue => !ids.includes(issue.subject))
	const labels = (live?.facts.flat() ?? []).map(([label]) => label)
	const facts: ReportRow[] = (live?.facts.flat() ?? []).map(([label, text]) => {
		const own = elsewhere.filter(issue => issue.subject === subjectOf(label))
		// With several deployments it isn't known which row a finding belongs to.
		const isOnly = labels.indexOf(label) === labels.lastIndexOf(label)
		const details = isOnly ? own.flatMap(issue => noteOrFinding(styler, issue, 4)) : []
		// A token that could not be shown to anyone isn't known to be good.
		const isUnknown = label === 'Token' && elsewhere.some(issue => issue.subject === 'deployment' && isError(issue))
		return { tone: isUnknown && own.length === 0 ? 'warning' : toneOf(own), label, text, note: '', details }
	})
	const general = elsewhere.filter(issue => labels.filter(label => subjectOf(label) === issue.subject).length !== 1)
	const lines = [
		headerLine(styler, formatPath(path, runtime.homeDir)),
		'',
		...formatRows(styler, rows, facts),
		...(isNew
			? [
					'',
					...formatRemedy(
						styler,
						setUp.map(step => step.replace(/ --provider .*/, '')),
						2,
					),
				]
			: []),
		...(general.length > 0 ? ['', ...general.flatMap(issue => noteOrFinding(styler, issue, 2))] : []),
		'',
		...wrap(judgement.headline, styler.width).map(line => styler.style('bold', styler.style(judgement.tone, line))),
	]
	return lines.map(line => `${line}\n`).join('')
}

/** The subject of the findings about a row. */
function subjectOf(label: string): string {
	return label === 'Coder' ? 'deployment' : label.toLowerCase()
}

type ReportRow = {
	readonly tone: 'success' | 'warning' | 'error'
	readonly label: string
	readonly text: string
	readonly note: string
	readonly details: readonly string[]
}

/** The rows of the providers with aligned notes, and those of the deployment; a note that has no room is on a line below. */
function formatRows(styler: Styler, rows: readonly ReportRow[], facts: readonly ReportRow[]): string[] {
	const labelWidth = Math.max(...[...rows, ...facts].map(row => row.label.length))
	const textWidth = Math.max(...rows.map(row => row.text.length))
	const indent = labelWidth + 7
	const format = ({ tone, label, text, note, details }: ReportRow, width: number): string[] => {
		const isShort = indent + width + 3 + note.length <= styler.width
		const [first = '', ...rest] = wrap(text, styler.width - indent)
		const lead = `  ${styler.style(tone, styler.symbols[tone])} ${styler.style('bold', label.padEnd(labelWidth))}   `
		return [
			`${lead}${isShort ? first.padEnd(width) : first}${isShort && note !== '' ? `   ${styler.style('dim', note)}` : ''}`.trimEnd(),
			...rest.map(line => `${' '.repeat(indent)}${line}`),
			...(isShort
				? []
				: wrap(note, styler.width - indent).map(line => `${' '.repeat(indent)}${styler.style('dim', line)}`)),
			...details,
		]
	}
	return [...rows.flatMap(row => format(row, textWidth)), ...facts.flatMap(row => format(row, 0))]
}

function toneOf(issues: readonly Finding[]): 'success' | 'warning' | 'error' {
	if (issues.some(isError)) return 'error'
	return issues.some(issue => severityOf(issue) === 'warning') ? 'warning' : 'success'
}

/** What is connected, and the file that says so, at the right edge of the window. */
function headerLine(styler: Styler, path: string): string {
	const title = `Mux ${styler.symbols.arrow} Coder AI Bridge`
	const room = Math.min(styler.width, 80) - title.length - path.length
	if (room < 1 && isTerminal(styler)) return `${styler.style('bold', title)}\n${styler.style('dim', path)}`
	return `${styler.style('bold', title)}${' '.repeat(Math.max(3, room))}${styler.style('dim', path)}`
}

/** The first words of the answer to a test message. */
function answerOf(live: LiveChecksReport, id: string): { answer?: string } {
	const answer = live.answers[id]
	return answer === undefined ? {} : { answer }
}

/** For example: "answered in 0.3 s, 6 models". */
function noteOf(provider: ReportedProvider, live: LiveChecksReport | null): string {
	if (provider.conflicts.includes('key-without-base-url')) return 'the token would be sent there'
	if (provider.viaBridge === false) return ''
	const { id, request } = provider
	const models = live?.models[id]
	const token = request?.keyId ? `token ${request.keyId}` : ''
	return [live?.notes[id] || token, typeof models === 'number' ? `${models} ${models === 1 ? 'model' : 'models'}` : '']
		.filter(part => part !== '')
		.join(', ')
}

/** The note of a provider that doesn't work: its finding is below the row, or something before it failed. */
function noteOfFailure(
	provider: ReportedProvider,
	live: LiveChecksReport,
	own: readonly Finding[],
	answered: readonly Finding[],
): string {
	if (!provider.viaBridge || live.notes[provider.id]) return noteOf(provider, live)
	return own.some(isError) || answered.length > 0 ? '' : 'not checked'
}

/** Findings that the row of the provider already states. */
const saidByRow: ReadonlySet<string> = new Set(['provider-not-set-up', 'provider-elsewhere', 'provider-key-in-use'])

function noteOrFinding(styler: Styler, issue: Finding, indent: number): string[] {
	const described = describeFinding(issue)
	if (saidByRow.has(issue.code)) return formatRemedy(styler, described.remedy, indent)
	if (described.severity !== 'info') return formatFinding(styler, withMuxWords(described, issue), indent)
	return [`${' '.repeat(indent)}${styler.style('dim', styler.symbols.info)} ${described.headline}`]
}

/** People come with what Mux has shown them, so its words are named beside the cause. */
function withMuxWords(described: DescribedFinding, { code }: Finding): DescribedFinding {
	const words = getMuxWords(code)
	if (!words) return described
	return { ...described, reason: [described.reason, `Mux shows this as: ${words}`].filter(Boolean).join(' ') }
}

function isError(issue: Finding): boolean {
	return severityOf(issue) === 'error'
}
