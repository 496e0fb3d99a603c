// `check`: what Mux will use now for each provider, what is in the way, and whether the bridge works. The report is what
// was asked for, so it goes to standard output whatever it says.
import { baseUrlFault } from '../coder/base-url.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { describe, type Finding, finding, Refusal, severityOf } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { findSettings, showPath } from '../mux/home.ts'
import { muxReport, type ReportedProvider } from '../mux/report.ts'
import { type MuxSnapshot, readMux } from '../mux/snapshot.ts'
import { describeUse, type MuxUse, whatMuxUses } from '../mux/use.ts'
import { builtInProviders, providerTitle } from '../provider.ts'
import { shadowsOf } from '../setup/uses.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { LiveReport } from './live-check.ts'
import type { CheckInvocation } from './options.ts'
import { distinct, findingLines, type Pen, penFor, remedyLines } from './print.ts'
import { exitCodeFor, makeCheckResult, resultText } from './result.ts'
import { carryOut, type RunOptions } from './run.ts'
import { wrap } from './wrap.ts'

/** Reads what is there and asks the bridges that Mux would ask. Changes nothing. */
export function runCheck(host: Host, invocation: CheckInvocation, options: RunOptions = {}): Promise<ExitCode> {
	return carryOut(host, invocation, options, async stop => {
		const place = await findSettings(host, invocation)
		const snapshot = await readMux(host, place)
		const named = invocation.providers.map(target => target.id)
		const ids = named.length > 0 ? named : [...builtInProviders]
		const report = muxReport(snapshot, snapshot.release, ids)
		const looks = report.providers.map(provider => lookAt(snapshot, provider))
		const live = invocation.offline ? null : await askLive(host, snapshot, looks, invocation, stop.signal)
		const findings = distinct([...place.findings, ...looks.flatMap(look => look.findings), ...(live?.findings ?? [])])
		if (findings.some(found => found.code === 'cancelled')) throw new Refusal(finding('cancelled', 'program'))
		const isGood = looks.every(look => look.provider.viaBridge && (!live || live.working.has(look.provider.id)))
		const code = exitCodeFor(findings) || (isGood ? 0 : 1)
		const text = invocation.json
			? resultText(
					makeCheckResult({
						release: report.release,
						settingsFile: report.settingsFile,
						providers: looks.map(({ provider }) => ({
							...provider,
							...(live ? { models: live.models[provider.id] ?? null } : {}),
						})),
						findings,
						...(live ? { live: live.live } : {}),
					}),
				)
			: reportText(host, penFor(host, 'stdout', invocation), { path: place.path, looks, live, findings, code })
		await writeResult(host, text)
		return code
	})
}

/** What Mux does for one provider, and what is to be said of it. */
type Look = {
	readonly provider: ReportedProvider
	readonly use: MuxUse
	readonly findings: readonly Finding[]
}

function lookAt(snapshot: MuxSnapshot, provider: ReportedProvider): Look {
	const { id } = provider
	const use = whatMuxUses(snapshot, snapshot.release, id)
	const shadows = shadowsOf(snapshot, provider).map(shadow => shadow.finding)
	const isExplained = shadows.some(found => severityOf(found) === 'error')
	if (provider.viaBridge || isExplained) return { provider, use, findings: shadows }
	// Meant for the bridge, and past it by a slip: what to put there says more than where it leads.
	const missed = baseUrlFault(use.baseUrl ?? '', id === 'anthropic' ? 'anthropic' : 'openai', id)
	if (missed) return { provider, use, findings: [...shadows, missed] }
	// Whoever asks for the bridge must be told why it is not used: what is a note elsewhere is the answer here.
	const place = describeUse(use)
	const details = { title: providerTitle(id), section: id, why: place, place }
	const direct = shadows.findIndex(found => found.code === 'provider-key-in-use')
	const findings: Finding[] =
		direct >= 0
			? shadows.map((found, index) => (index === direct ? { ...found, severity: 'error' } : found))
			: [...shadows, finding(use.request ? 'provider-elsewhere' : 'provider-not-set-up', id, details)]
	return { provider, use, findings }
}

async function askLive(
	host: Host,
	snapshot: MuxSnapshot,
	looks: readonly Look[],
	{ caFile }: CheckInvocation,
	signal: AbortSignal,
): Promise<LiveReport> {
	const { askBridges } = await import('./live-check.ts')
	const { resolve } = await import('node:path')
	const uses = looks.filter(look => look.provider.viaBridge).map(look => look.use)
	return askBridges(host, snapshot, uses, { caFile: caFile && resolve(host.workingFolder, caFile), signal })
}

type ReportFacts = {
	readonly path: string
	readonly looks: readonly Look[]
	readonly live: LiveReport | null
	readonly findings: readonly Finding[]
	readonly code: ExitCode
}

function reportText(host: Host, pen: Pen, { path, looks, live, findings, code }: ReportFacts): string {
	const titleWidth = Math.max(...looks.map(look => providerTitle(look.provider.id).length))
	const useWidth = Math.max(...looks.map(look => describeUse(look.use).length))
	const ids = looks.map(look => look.provider.id)
	const lines = [`Mux's settings  ${showPath(path, host.homeFolder)}`, '']
	for (const { provider, use } of looks) {
		const own = findings.filter(found => found.subject === provider.id)
		const isBad = !provider.viaBridge || (live && !live.working.has(provider.id)) || own.some(isError)
		const tone = isBad ? 'bad' : own.some(found => severityOf(found) === 'warning') ? 'warning' : 'good'
		const title = pen.paint('strong', providerTitle(provider.id).padEnd(titleWidth))
		const note = noteOf(provider, live)
		const row = `${title}   ${describeUse(use).padEnd(useWidth)}   ${pen.paint('quiet', note)}`
		lines.push(`  ${pen.paint(tone, pen.marks[tone])} ${row}`.trimEnd())
		lines.push(...own.flatMap(found => noteOrFinding(pen, found, 4)))
	}
	const general = findings.filter(found => !ids.includes(found.subject))
	if (general.length > 0) lines.push('', ...general.flatMap(found => noteOrFinding(pen, found, 2)))
	const problems = findings.filter(isError).length
	const count = `${problems} ${problems === 1 ? 'problem' : 'problems'}`
	const isTried = live && !findings.some(found => found.code === 'coder-login-not-asked')
	const good = isTried
		? 'Mux talks through a working AI Bridge.'
		: `Mux goes through AI Bridge; ${live ? 'its own login was not tried' : 'nobody was asked'}.`
	lines.push('', ...wrap(code === 0 ? good : `${count}. Exit code ${code}.`, pen.width))
	return lines.map(line => `${line}\n`).join('')
}

/** "token Zq3h7Lk2aB of alice, ends in 6 days, 6 models". */
function noteOf(provider: ReportedProvider, live: LiveReport | null): string {
	if (provider.shadows.includes('key-without-base-url')) return 'the token would be sent there'
	if (!provider.viaBridge) return ''
	const { id, request } = provider
	const models = live?.models[id]
	const token = request?.keyId ? `token ${request.keyId}` : ''
	return [
		[token, live?.notes[id] ?? ''].filter(part => part !== '').join(' '),
		typeof models === 'number' ? `${models} ${models === 1 ? 'model' : 'models'}` : '',
	]
		.filter(part => part !== '')
		.join(', ')
}

/** What the row of a provider has said by itself. */
const saidByRow: ReadonlySet<string> = new Set(['provider-not-set-up', 'provider-elsewhere', 'provider-key-in-use'])

function noteOrFinding(pen: Pen, found: Finding, indent: number): string[] {
	const described = describe(found)
	if (saidByRow.has(found.code)) return remedyLines(pen, described.remedy, indent)
	if (described.severity !== 'info') return findingLines(pen, described, indent)
	return [`${' '.repeat(indent)}${pen.paint('quiet', pen.marks.info)} ${described.headline}`]
}

function isError(found: Finding): boolean {
	return severityOf(found) === 'error'
}
