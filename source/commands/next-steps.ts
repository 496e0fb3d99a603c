// What a script or an agent can do next, derived from the findings of a result.
import { isCopyable, isUrl } from '../findings/copyable.ts'
import { describeFinding } from '../findings/describe.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import type { Finding } from '../findings/finding.ts'
import { exitCodeOf, severityOf } from '../findings/severity.ts'
import { areFilesKept, npxCommand, withProgramCommand } from '../program-command.ts'
import type { Verdict } from '../setup/verdict.ts'

/** A step of a remedy; `command` and `url` are to be copied as they are. */
export type Remedy = { readonly text: string; readonly command?: string; readonly url?: string }

export type NextStep = { readonly command: string; readonly why: string }

/** Joins each sentence of a remedy with the command or URL that follows it. */
export function structureRemedy(steps: readonly string[]): Remedy[] {
	const remedies: Remedy[] = []
	for (const step of steps) {
		const last = remedies.at(-1)
		if (!isCopyable(step)) {
			remedies.push({ text: step })
			continue
		}
		const part = isUrl(step) ? { url: step } : { command: step }
		if (last && last.command === undefined && last.url === undefined)
			remedies[remedies.length - 1] = { text: last.text, ...part }
		else remedies.push({ text: step, ...part })
	}
	return remedies
}

export type NextStepsInput = {
	readonly command: 'configure' | 'check' | 'undo' | 'remove'
	readonly outcome: string
	readonly verdict: Verdict | undefined
	readonly exitCode: ExitCode
	readonly findings: readonly Finding[]
}

/** The commands of the remedies; after a failure without any, what shows more. After a change, `check` and `undo`. */
export function findNextSteps({ command, outcome, verdict, exitCode, findings }: NextStepsInput): NextStep[] {
	const isFailure = exitCode !== 0 || verdict === 'problems'
	if (!isFailure) {
		const isChanged = (outcome === 'applied' || outcome === 'removed') && areFilesKept()
		return [
			...(isChanged ? [makeStep('check --json', 'Check that Mux uses AI Bridge.')] : []),
			...(isChanged ? [makeStep('undo', 'Restore the settings file.')] : []),
			...(outcome === 'planned'
				? [makeStep(command === 'remove' ? 'remove --yes' : '--yes', 'Save the change, with the same options.')]
				: []),
		].filter(step => !(outcome === 'removed' && step.command.includes('check')))
	}
	const steps = findings
		.filter(issue => severityOf(issue) !== 'info')
		.flatMap(issue => {
			const { headline, remedy } = describeFinding(issue)
			return structureRemedy(remedy).flatMap(({ text, command: run }) =>
				run === undefined ? [] : [{ command: run, why: text === run ? headline : text }],
			)
		})
	const unique = [...new Map(steps.map(step => [step.command, step])).values()]
	if (unique.length > 0) return unique
	if (exitCode === 2)
		return [makeStep(command === 'configure' ? '--help' : `${command} --help`, 'See how to use the command.')]
	return [makeStep('check --json', 'Check again after following the remedies of the findings.')]
}

function makeStep(args: string, why: string): NextStep {
	return { command: withProgramCommand(`${npxCommand.captured} ${args}`), why }
}

/** Only a person can sign in to get a token. */
function isTokenMissing(issue: Finding): boolean {
	return issue.code === 'missing-input' && getMissingName(issue.details.flag) === 'token'
}

function getMissingName(flag: string): 'url' | 'token' {
	return flag.startsWith('--url') ? 'url' : 'token'
}

/** Names of the input that is missing, without dashes: `url`, `token`, `yes`. */
export function listMissing(findings: readonly Finding[]): string[] {
	const names = findings.flatMap(issue => {
		if (issue.code === 'missing-input') return [getMissingName(issue.details.flag)]
		return issue.code === 'confirmation-required' ? ['yes'] : []
	})
	return [...new Set(names)]
}

/** Errors that only a person can fix: a login, a license, the network, a company's key. Usage and files aren't. */
const exitCodesForUsers: ReadonlySet<ExitCode> = new Set([1, 3, 4, 6])

/** False, or a sentence that says what a person has to do. */
export function needsUser(findings: readonly Finding[]): boolean | string {
	const decisive = findings.find(
		issue =>
			severityOf(issue) === 'error' &&
			issue.code !== 'cancelled' &&
			(exitCodesForUsers.has(exitCodeOf(issue)) || isTokenMissing(issue)),
	)
	if (!decisive) return false
	const { headline, remedy } = describeFinding(decisive)
	const [first] = structureRemedy(remedy)
	const detail = first?.url ?? (first?.command && first.command !== first.text ? first.command : '')
	return [`${headline}.`, first?.text ?? '', detail].filter(part => part !== '').join(' ')
}
