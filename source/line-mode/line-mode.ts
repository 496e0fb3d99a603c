// The wizard line by line: no redraws, numbered choices, a word in front of every message. For terminals that can't
// redraw, for screen readers, and for pipes. Uses the same state machine, messages and plan as the screens.
import { getBaseUrl, parseDeployment } from '../coder/deployment-url.ts'
import { describeFinding } from '../findings/describe.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import type { Finding } from '../findings/finding.ts'
import { getProviderTitle } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { Secret } from '../secrets/secret.ts'
import type { CheckRow } from '../setup/verify.ts'
import { createJobControl, type SuspendableProcess } from '../terminal/job-control.ts'
import { sanitizeText } from '../terminal/sanitize.ts'
import { printResult } from '../wizard/print-result.ts'
import {
	describeSignIn,
	getChoices,
	getFixLabels,
	getPrompt,
	getStartRows,
	getStartTitle,
	stepTitles,
} from '../wizard/prompts.ts'
import { getSelectedTargets, steps, type WizardState } from '../wizard/state.ts'
import type { Wizard } from '../wizard/store.ts'
import { createLineInput, type LineKind, type LineSource } from './line-input.ts'

/** The word that goes one step back; it isn't a valid input of any step. */
const backWord = 'back'

type Print = (...lines: string[]) => void

/** Asks line by line until the wizard ends; returns the exit code. */
export async function runLineMode(
	runtime: Runtime,
	wizard: Wizard,
	options: {
		readonly keys: Runtime['stdin']
		readonly program?: SuspendableProcess
		readonly onDisconnect: () => Promise<ExitCode>
	},
): Promise<ExitCode> {
	const print: Print = (...lines) => runtime.stderr.write(lines.map(line => `${sanitizeText(line)}\n`).join(''))
	// Before the first output: the terminal's echo is off from here to the end.
	const lines = createLineInput(options.keys as LineSource, {
		onInterrupt: () => wizard.send({ type: 'cancel' }),
		echo: text => void runtime.stderr.write(text),
		jobs: options.program ? createJobControl(options.program) : null,
	})
	const stopPrinting = printProgress(wizard, print)
	const isTerminal = (options.keys as LineSource).isTTY === true
	let left = false
	const result = wizard.result.then(known => {
		left = true
		return known
	})
	print(
		'Connect Mux to Coder AI Bridge',
		`Type ${backWord} to go one step back, or press Ctrl-C to quit without saving.`,
	)
	let reported: WizardState | null = null
	try {
		while (!left) {
			await Promise.race([waitForQuestion(wizard), result])
			if (left) break
			const state = wizard.state()
			if (reported !== state) printQuestion(state, print)
			reported = state
			runtime.stderr.write(formatPrompt(state))
			const line = await Promise.race([lines.read(getLineKind(state)), result.then(() => null)])
			// The cursor is behind the prompt. A pipe has no echo that would end the line.
			if (left || line === null || isTerminal || state.phase.step === 'token') {
				// Hidden input that can't be a token is echoed afterwards.
				print(!left && state.phase.step === 'token' && line !== null && isShort(line) ? line.trim() : '')
			}
			if (left) break
			if (line === null) wizard.send({ type: 'cancel' })
			else if (!sendAnswer(wizard, state, line)) print(explainInput(state))
		}
	} finally {
		stopPrinting()
		lines.close()
	}
	return printResult(runtime, await result, { plain: true, onDisconnect: options.onDisconnect })
}

/** A token may be pasted in its step only, and hidden; text is asked for in that one and for the Coder URL. */
function getLineKind({ phase }: WizardState): LineKind {
	const isField = (phase.step === 'deployment' && phase.status === 'input') || phase.step === 'token'
	return { isHidden: phase.step === 'token', mode: isField ? 'field' : 'list' }
}

/** Resolves when the wizard waits for input. */
function waitForQuestion(wizard: Wizard): Promise<void> {
	return new Promise(resolve => {
		const look = () => {
			if (isBusy(wizard.state())) return
			stop()
			resolve()
		}
		const stop = wizard.subscribe(look)
		look()
	})
}

function isBusy(state: WizardState): boolean {
	return 'run' in state.phase || (state.phase.step === 'finish' && state.phase.status === 'done')
}

/** What is said of work whose screen has a question already. */
const busyLabels: Readonly<Record<string, string>> = {
	'deployment probing': 'Contacting the deployment',
	'start checking': 'Checking what Mux uses now',
}

/** Prints progress while nothing is asked: each row of the checks when it is complete. */
function printProgress(wizard: Wizard, print: Print): () => void {
	let run = -1
	// The status that was printed for each row: a row that fails later is printed again.
	let reported = new Map<string, string>()
	return wizard.subscribe(() => {
		const { phase } = wizard.state()
		if ('run' in phase && phase.run !== run) {
			run = phase.run
			reported = new Map()
			const doing = busyLabels[`${phase.step} ${phase.status}`] ?? getPrompt(wizard.state())
			print('', `${phase.step === 'checks' ? `${formatStep(phase)} ` : ''}${doing} ...`)
		}
		if (phase.step !== 'checks') return
		for (const row of phase.rows) {
			if (row.status === 'pending' || row.status === 'running' || reported.get(row.part) === row.status) continue
			reported.set(row.part, row.status)
			printRow(row, print)
		}
	})
}

const statusLabels = {
	passed: 'ok',
	warning: 'warning',
	failed: 'error',
	skipped: 'skipped',
	pending: '',
	running: '',
} as const

function printRow(row: CheckRow, print: Print): void {
	print(`  ${row.label}: ${[statusLabels[row.status], row.note].filter(Boolean).join(', ')}`)
	for (const issue of row.findings) printFinding(issue, print)
}

const severityLabels = { error: 'Error', warning: 'Warning', info: 'Note' } as const

function printFinding(issue: Finding, print: Print): void {
	const { severity, headline, reason, remedy } = describeFinding(issue)
	print(`  ${severityLabels[severity]}: ${headline}`)
	if (reason) print(`    ${reason}`)
	for (const step of remedy) print(`    ${step}`)
}

/** For example "Step 4 of 6, Checks." */
function formatStep({ step }: WizardState['phase']): string {
	if (step === 'start') return ''
	return `Step ${steps.indexOf(step) + 1} of ${steps.length}, ${stepTitles[step]}.`
}

/** The open question with everything that is needed to answer it. */
function printQuestion(state: WizardState, print: Print): void {
	const { phase, start, answers } = state
	print('', `${formatStep(phase)} ${getPrompt(state)}`.trim())
	switch (phase.step) {
		case 'start':
			if (phase.status === 'menu') print(`  ${getStartTitle(state)}`)
			for (const { label, text, note } of getStartRows(state)) print(`  ${label}: ${text}${note ? `, ${note}` : ''}`)
			if (phase.status === 'menu') for (const row of phase.current?.rows ?? []) printRow(row, print)
			break
		case 'providers':
			state.rows.forEach(({ target, now }, index) => {
				const selected = answers.providers.includes(target.id) ? 'selected' : 'not selected'
				print(`  ${index + 1}. ${getProviderTitle(target.id)}, ${selected}, now: ${now}`)
			})
			print(`  Settings file: ${start.settingsLabel}`)
			for (const note of start.notes) printFinding(note, print)
			if (phase.noneSelected) print('  Select at least one provider.')
			break
		case 'deployment':
			if (phase.status === 'suggested') for (const issue of phase.findings) printFinding(issue, print)
			if (phase.status === 'input') {
				for (const issue of phase.findings) printFinding(issue, print)
				printBaseUrls(state, print)
				if (start.prefill && answers.deploymentText === start.prefill.text) {
					print(`  Found: ${start.prefill.text} (${start.prefill.from})`)
				}
			}
			break
		case 'token':
			if ('findings' in phase) for (const issue of phase.findings) printFinding(issue, print)
			if (phase.status === 'select' || phase.status === 'paste')
				print('  Get a token:', `${answers.deployment?.deployment.origin ?? ''}/cli-auth`)
			break
		case 'review':
			if (phase.status === 'error') for (const issue of phase.findings) printFinding(issue, print)
			if (phase.status === 'confirm') {
				if (phase.notice === 'changed-meanwhile') {
					print('  The file has changed, so nothing was written. This is the change to the new file.')
				}
				for (const { id, before, after, baseUrl } of phase.plan.changes) {
					print(`  ${getProviderTitle(id)}: now ${before}, then ${after}`)
					if (baseUrl) print(`    ${baseUrl}`)
				}
				const account = describeSignIn(state)
				if (account) print(`  Signed in: ${account}`)
				for (const label of getFixLabels(phase.plan)) print(`  Fixed: ${label}`)
				for (const issue of phase.plan.findings) printFinding(issue, print)
				if (!phase.plan.unchanged) {
					print(`  The change to ${start.settingsLabel}:`)
					for (const line of phase.plan.diff) {
						if (line.kind === 'added') print(`  added:   ${line.text}`)
						if (line.kind === 'removed') print(`  removed: ${line.text}`)
					}
				}
			}
			break
		case 'finish':
			if (phase.status === 'failed') for (const issue of phase.findings) printFinding(issue, print)
			if (phase.status === 'confirm-clear') print(`  ${phase.exports.clearing?.fields.join(', ') ?? ''}`)
	}
	getChoices(state).forEach(({ label, note }, index) => {
		print(`  ${index + 1}. ${label}${note ? `, ${note}` : ''}`)
	})
}

/** The base URLs that would result from the Coder URL. */
function printBaseUrls(state: WizardState, print: Print): void {
	const parsed = parseDeployment(state.answers.deploymentText)
	if (!parsed.ok) return
	for (const target of getSelectedTargets(state)) {
		print(`  ${getProviderTitle(target.id)}: ${getBaseUrl(parsed.deployment, '/api/v2/aibridge', target)}`)
	}
}

function formatPrompt(state: WizardState): string {
	return `${sanitizeText(getHint(state))} `
}

function getHint(state: WizardState): string {
	const { phase, answers } = state
	switch (phase.step) {
		case 'providers':
			return 'Type numbers to toggle, or press Enter to continue:'
		case 'deployment':
			if (phase.status === 'input')
				return answers.deploymentText ? `Coder URL, or press Enter for ${answers.deploymentText}:` : 'Coder URL:'
			break
		case 'token':
			if (phase.status === 'paste') return 'Token (hidden):'
	}
	const count = getChoices(state).length
	return count === 1 ? 'Press Enter to continue:' : `Enter a number from 1 to ${count} (default: 1):`
}

/** Says what input is valid. */
function explainInput(state: WizardState): string {
	if (state.phase.step === 'providers') return `Please enter numbers from 1 to ${state.rows.length}.`
	return `Please enter a number from 1 to ${getChoices(state).length}.`
}

/** Whether a line is too short to be a sensitive part of a token: a number, `back`. */
const isShort = (line: string) => line.trim().length <= backWord.length

/** Converts a line to an event. False if it isn't valid. */
function sendAnswer(wizard: Wizard, state: WizardState, line: string): boolean {
	const { phase, answers } = state
	const text = line.trim()
	if (text.toLowerCase() === backWord) {
		wizard.send({ type: 'back' })
		return true
	}
	if (phase.step === 'providers') {
		if (text === '') wizard.send({ type: 'submit-providers' })
		else {
			const numbers = text.split(/[\s,]+/).map(Number)
			if (numbers.some(number => !state.rows[number - 1])) return false
			for (const number of numbers) {
				wizard.send({ type: 'toggle-provider', id: state.rows[number - 1]?.target.id ?? '' })
			}
		}
		return true
	}
	if (phase.step === 'deployment' && phase.status === 'input') {
		wizard.send({ type: 'submit-deployment', text: text || answers.deploymentText })
		return true
	}
	if (phase.step === 'token' && phase.status === 'paste') {
		wizard.send({ type: 'submit-token', text: new Secret(line) })
		return true
	}
	// A token entered at the list of choices is meant for the last one.
	if (phase.step === 'token' && !isShort(text)) {
		wizard.send({ type: 'submit-token', text: new Secret(line) })
		return true
	}
	const choice = getChoices(state)[(text === '' ? 1 : Number(text)) - 1]
	if (!choice) return false
	wizard.send(choice.event)
	return true
}
