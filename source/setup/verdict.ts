// The verdict on a setup: whether it works, as far as that is known. Every front end takes its headline, color, symbol
// and exit code from here, so that none can claim more than was checked.
import type { ExitCode } from '../findings/exit-codes.ts'
import type { Finding, FindingCode } from '../findings/finding.ts'
import { getExitCode, severityOf } from '../findings/severity.ts'
import { getProviderTitle } from '../providers.ts'
import type { Plan } from './plan.ts'
import type { CheckReport } from './verify.ts'

/**
 * `connected`: every selected provider answered through AI Bridge, and Mux uses it. `problems`: a provider didn't
 * answer, or Mux doesn't use it; the findings say why. `unchecked`: nothing was asked, and nothing is known to be
 * wrong. `not-saved`: nothing was saved.
 */
export const verdicts = ['connected', 'problems', 'unchecked', 'not-saved'] as const
export type Verdict = (typeof verdicts)[number]

/** What a setup was judged for: it was saved, only planned, printed as export lines, or found as it is. */
export type JudgedAction = 'saved' | 'unchanged' | 'planned' | 'printed' | 'found'

export type VerdictInput = {
	readonly findings: readonly Finding[]
	/** False if the deployment wasn't asked: `--no-check`, `check --offline`. */
	readonly checked: boolean
	/** Whether the setup took effect; true for a setup that was only planned, printed or found. */
	readonly written: boolean
	/** The selected providers: whether AI Bridge answered for them, and whether Mux sends its requests there. */
	readonly providers: readonly { readonly id: string; readonly proven: boolean; readonly usedByMux: boolean }[]
	readonly action?: JudgedAction
}

export type VerdictTone = 'success' | 'warning' | 'error'

export type Judgement = {
	readonly verdict: Verdict
	readonly exitCode: ExitCode
	readonly headline: string
	readonly tone: VerdictTone
}

/** Judges a setup. The exit code is that of the first error; `problems` without an error exits with 0. */
export function decideVerdict(input: VerdictInput): Judgement {
	const { findings, checked, written, providers, action = 'saved' } = input
	const code = getExitCode(findings)
	if (!written || code === 130) {
		const isFailure = code !== 0 && code !== 130
		const headline = 'Nothing was changed.'
		return { verdict: 'not-saved', exitCode: code, headline, tone: isFailure ? 'error' : 'warning' }
	}
	const failing = providers.filter(({ proven, usedByMux }) => !usedByMux || (checked && !proven))
	if (code !== 0 || failing.length > 0 || providers.length === 0) {
		// An unexplained failure must not look like success to a script.
		const isExplained = findings.some(issue => severityOf(issue) !== 'info')
		const exitCode = code === 0 && !isExplained ? 1 : code
		const headline = headlines[action].problems(namesOf(failing, providers), findings)
		return { verdict: 'problems', exitCode, headline, tone: action === 'found' && exitCode !== 0 ? 'error' : 'warning' }
	}
	if (!checked) return { verdict: 'unchecked', exitCode: 0, headline: headlines[action].unchecked, tone: 'warning' }
	return { verdict: 'connected', exitCode: 0, headline: headlines[action].connected, tone: 'success' }
}

/** What a setup is judged by: its plan, and the checks; `report` is null if the checks were skipped. */
export type SetupFacts = {
	readonly plan: Pick<Plan, 'config' | 'findings' | 'usedByMux'>
	readonly report: CheckReport | null
	readonly action: JudgedAction
	/** Further findings of the run. */
	readonly notes?: readonly Finding[]
}

/** Warnings about what the wizard can do and Mux can't. */
const blockingCodes: ReadonlySet<FindingCode> = new Set(['ca-file-unknown-to-mux', 'loopback-through-proxy'])

/** Judges a plan by its checks and by what Mux would do with it. */
export function judgeSetup({ plan, report, action, notes = [] }: SetupFacts): Judgement {
	const findings = [...(report?.liveFindings ?? []), ...plan.findings, ...notes]
	// Whatever the settings say, Mux can't get through.
	const isBlocked = findings.some(issue => blockingCodes.has(issue.code))
	const proven = new Set((report?.providers ?? []).filter(each => each.proven).map(each => each.id))
	return decideVerdict({
		action,
		checked: report !== null && report.proof === 'message',
		written: true,
		findings,
		providers: plan.config.targets.map(({ id }) => ({
			id,
			proven: proven.has(id),
			usedByMux: !isBlocked && plan.usedByMux.includes(id),
		})),
	})
}

type Headlines = {
	readonly connected: string
	readonly unchecked: string
	/** `who`: what doesn't work. */
	readonly problems: (who: string, findings: readonly Finding[]) => string
}

const headlines: Readonly<Record<JudgedAction, Headlines>> = {
	saved: {
		connected: 'Mux is connected to Coder AI Bridge',
		unchecked: 'Saved, not checked',
		problems: who => `Saved, but ${who} can't use AI Bridge yet`,
	},
	unchanged: {
		connected: 'Mux is connected to Coder AI Bridge',
		unchecked: 'Already set up like this, not checked',
		problems: who => `Already set up like this, but ${who} can't use AI Bridge yet`,
	},
	planned: {
		connected: 'This change would connect Mux to Coder AI Bridge',
		unchecked: 'This change was not checked',
		problems: who => `With this change, ${who} still couldn't use AI Bridge`,
	},
	printed: {
		connected: 'These variables connect Mux to Coder AI Bridge',
		unchecked: 'These variables were not checked',
		problems: who => `With these variables, ${who} still can't use AI Bridge`,
	},
	found: {
		connected: 'Everything works.',
		unchecked: 'Configured for AI Bridge (offline, not verified).',
		problems: (_, findings) => countProblems(findings),
	},
}

/** "Mux" if nothing works, else the providers that don't. */
function namesOf(failing: VerdictInput['providers'], providers: VerdictInput['providers']): string {
	if (failing.length === 0 || failing.length === providers.length) return 'Mux'
	return failing.map(({ id }) => getProviderTitle(id)).join(' and ')
}

function countProblems(findings: readonly Finding[]): string {
	const errors = findings.filter(issue => severityOf(issue) === 'error').length
	const count = errors || findings.filter(issue => severityOf(issue) === 'warning').length || 1
	return `${count} ${count === 1 ? 'problem' : 'problems'} found.`
}
