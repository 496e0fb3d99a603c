// `--print-env`: lines that set the variables, and on stderr what keeps them from having an effect.
import { bridgeOf } from '../bridge-url.ts'
import { baseUrlOf } from '../coder/deployment-url.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, finding, Refusal } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { showPath } from '../mux/home.ts'
import { providerTitle } from '../provider.ts'
import type { Receipt } from '../setup/apply.ts'
import { exportVariables, pathsInTheWay } from '../setup/export-variables.ts'
import { baseUrlIn } from '../setup/reading.ts'
import { detectShell } from '../shell/detect.ts'
import { exportLines, maskingLines, type TokenSource } from '../shell/export-lines.ts'
import type { ShellId } from '../shell/shell-ids.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { Prepared } from './configure.ts'
import type { ConfigureInvocation } from './options.ts'
import { distinct, goodLine, say, tellNotes } from './print.ts'
import { makeResult, resultText } from './result.ts'
import { stopIfAsked } from './run.ts'

type Wish = NonNullable<ConfigureInvocation['printEnv']>

/** Prints the lines. Where they can't be written, the settings are put back and a made token is taken back. */
export async function printExports(prepared: Prepared, wish: Wish): Promise<ExitCode> {
	const { host, invocation, reading, answers, stop, pen } = prepared
	const shell = wish.shell ?? detectShell(host)
	const holdsToken = !wish.noSecret && shell !== 'terraform'
	if (invocation.createToken && !holdsToken) {
		const other = wish.noSecret ? '--no-secret' : '--print-env terraform'
		throw new Refusal(finding('conflicting-options', 'arguments', { one: '--create-token', other }))
	}
	const tokenSource = wish.noSecret ? sourceFor(prepared) : null
	const variables = exportVariables(answers)
	// A value that the language can't hold must be found before anything is cleared.
	const lines = exportLines(shell, variables, tokenSource ? { tokenSource } : {})

	const plan = wish.clearSettings ? (await import('../setup/export-plan.ts')).makeExportPlan(reading, answers) : null
	const findings = distinct([...prepared.findings, ...trapsOf(prepared, shell, wish)])
	stopIfAsked(stop)
	let cleared: Receipt | null = null
	if (plan?.clearing) {
		const { applyClearing } = await import('../setup/apply.ts')
		cleared = await applyClearing(host, plan, stop.signal)
	}
	if (!invocation.json) {
		tellNotes(host, pen, findings, { brief: true })
		if (cleared && plan?.clearing) say(host, clearedLines(prepared, cleared, plan.clearing.fields))
		const left = answers.targets.filter(target => target.custom).map(target => providerTitle(target.id))
		if (left.length > 0) say(host, [`  Only the settings file can hold ${left.join(', ')}: use --yes for that.`])
		if (tokenSource?.kind === 'cli')
			say(host, [`  The lines ask the Coder CLI for the token: coder login token --url ${tokenSource.origin}`])
	}
	// Swallowed by the runner, which then shows stars for the token; nobody else may see them.
	if (shell === 'github' && isActions(host)) host.stderr.write(maskingLines(variables))

	const text = invocation.json ? await asJson(prepared, { lines, findings, cleared }) : lines
	await deliver(host, text, cleared, prepared.hasMadeToken)
	prepared.onTokenUsed()
	return 0
}

async function asJson(
	{ reading, answers }: Prepared,
	{ lines, findings, cleared }: { lines: string; findings: readonly Finding[]; cleared: Receipt | null },
): Promise<string> {
	const { useInWords } = await import('../setup/uses.ts')
	const { deployment, route } = answers
	const providers = answers.targets
		.filter(target => !target.custom)
		.map(target => ({
			id: target.id,
			baseUrl: baseUrlOf(deployment.origin, route, target),
			before: useInWords(reading.snapshot, target.id),
			after: `AI Bridge at ${new URL(deployment.origin).host}`,
		}))
	const backup = cleared?.backup ?? null
	return resultText(makeResult('printed', { settingsFile: reading.place.path, backup, providers, findings, lines }))
}

/** Hands the lines over. Where nobody gets them, what was done for them is undone. */
async function deliver(host: Host, text: string, cleared: Receipt | null, madeToken: boolean): Promise<void> {
	const putBack = async () => {
		if (!cleared) return
		const { undoLast } = await import('../mux/undo.ts')
		await undoLast(host, cleared.settingsFile)
	}
	const isOut = await writeResult(host, text).catch(async (error: unknown) => {
		await putBack()
		throw error
	})
	// A reader that went away is no failure, unless something was done for it.
	if (isOut || (!cleared && !madeToken)) return
	await putBack()
	throw new Refusal(finding('output-not-written', 'output', { cause: 'Nobody read the lines' }))
}

/** Where lines without a secret read the token: the file that was given, else the Coder CLI. */
function sourceFor({ gathered, invocation }: Prepared): TokenSource {
	const { token, deployment } = gathered
	if (invocation.tokenFrom?.kind !== 'file') return { kind: 'cli', origin: deployment.origin }
	if (token?.file) return { kind: 'file', path: token.file }
	throw new Refusal(finding('token-file-not-bare', 'token', { path: invocation.tokenFrom.path }))
}

/** What the lines do beyond what is wanted, or do not. Lines for other machines have nothing to do with this one's file. */
function trapsOf({ host, reading, answers }: Prepared, shell: ShellId, wish: Wish): Finding[] {
	const paths = shell === 'terraform' ? [] : pathsInTheWay(reading, answers.targets)
	const inTheWay = wish.clearSettings ? [] : paths
	const path = showPath(reading.place.path, host.homeFolder)
	const openai = answers.targets.some(target => target.id === 'openai')
	const urlInFile = inTheWay.length > 0 && bridgeOf(baseUrlIn(reading.snapshot, 'openai')) !== null
	return [
		...(inTheWay.length > 0
			? [
					finding('settings-win-over-variables', 'settings', {
						fields: inTheWay.map(names => names.join('.')).join(', '),
						path,
					}),
				]
			: []),
		...(openai && !urlInFile ? [finding('voice-input-leaks', 'openai')] : []),
		...(shell === 'github' && !isActions(host) ? [finding('masking-not-printed', 'environment')] : []),
	]
}

function isActions({ environment }: Host): boolean {
	return environment['GITHUB_ACTIONS'] === 'true'
}

function clearedLines({ host, pen }: Prepared, receipt: Receipt, fields: readonly string[]): string[] {
	const path = showPath(receipt.settingsFile, host.homeFolder)
	const flag = receipt.isNamedFile ? ` --settings ${path}` : ''
	return [
		goodLine(pen, `Cleared in ${path}: ${fields.join(', ')}`),
		...(receipt.backup ? [`  ${'Backup'.padEnd(9)}${showPath(receipt.backup, host.homeFolder)}`] : []),
		`  ${'Undo'.padEnd(9)}npx mux-bridge-wizard undo${flag}`,
	]
}
