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
import { printResult } from '../wizard/print-result.ts'
import { getChoices, getPrompt, stepTitles } from '../wizard/prompts.ts'
import { getSelectedTargets, steps, type WizardState } from '../wizard/state.ts'
import type { Wizard } from '../wizard/store.ts'
import { createLineInput, type LineSource } from './line-input.ts'

/** The word that goes one step back; it isn't a valid input of any step. */
const backWord = 'back'

type Say = (...lines: string[]) => void

/** Asks line by line until the wizard ends; returns the exit code. */
export async function runLineMode(
	runtime: Runtime,
	wizard: Wizard,
	options: { readonly keys: Runtime['stdin'] },
): Promise<ExitCode> {
	const say: Say = (...lines) => runtime.stderr.write(lines.map(line => `${line}\n`).join(''))
	const lines = createLineInput(options.keys as LineSource, () => wizard.send({ type: 'cancel' }))
	// From the moment at which the token step opens: before anything is printed about it.
	const stopHiding = wizard.subscribe(() => lines.hide(wizard.state().phase.step === 'token'))
	const stopTelling = tellProgress(wizard, say)
	let left = false
	const outcome = wizard.result.then(known => {
		left = true
		return known
	})
	say(
		'Mux through Coder’s AI Bridge',
		`At each question: ${backWord} goes one step back, Ctrl-C leaves with nothing changed.`,
	)
	let reported: WizardState | null = null
	try {
		while (!left) {
			await Promise.race([untilAsking(wizard), outcome])
			if (left) break
			const state = wizard.state()
			if (reported !== state) tellQuestion(state, say)
			reported = state
			runtime.stderr.write(promptOf(state))
			const line = await Promise.race([lines.read(), outcome.then(() => null)])
			// The cursor is behind the prompt, or behind the ^C that the terminal has printed.
			if (left || (line === null && state.phase.step !== 'token')) say('')
			if (left) break
			// Hidden input that can't be a token is echoed afterwards.
			if (state.phase.step === 'token') say(line !== null && isShort(line) ? line.trim() : '')
			if (line === null) wizard.send({ type: 'cancel' })
			else if (!answer(wizard, state, line)) say('Not understood.')
		}
	} finally {
		stopTelling()
		stopHiding()
		lines.close()
	}
	return printResult(runtime, await outcome)
}

/** Resolves when the wizard waits for input. */
function untilAsking(wizard: Wizard): Promise<void> {
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

/** Prints progress while nothing is asked: each row of the checks when it is complete. */
function tellProgress(wizard: Wizard, say: Say): () => void {
	let run = -1
	// The status that was printed for each row: a row that fails later is printed again.
	let reported = new Map<string, string>()
	return wizard.subscribe(() => {
		const { phase } = wizard.state()
		if ('run' in phase && phase.run !== run) {
			run = phase.run
			reported = new Map()
			const doing = phase.step === 'deployment' ? 'Asking the deployment' : getPrompt(wizard.state())
			say('', `${phase.step === 'checks' ? `${stepOf(phase)} ` : ''}${doing} ...`)
		}
		if (phase.step !== 'checks') return
		for (const row of phase.rows) {
			if (row.status === 'pending' || row.status === 'running' || reported.get(row.part) === row.status) continue
			reported.set(row.part, row.status)
			tellRow(row, say)
		}
	})
}

const rowWords = {
	passed: 'ok',
	warning: 'warning',
	failed: 'error',
	skipped: 'skipped',
	pending: '',
	running: '',
} as const

function tellRow(row: CheckRow, say: Say): void {
	say(`  ${row.label}: ${[rowWords[row.status], row.note].filter(Boolean).join(', ')}`)
	for (const issue of row.findings) tellFinding(issue, say)
}

const severityWords = { error: 'Error', warning: 'Warning', info: 'Note' } as const

function tellFinding(issue: Finding, say: Say): void {
	const { severity, headline, reason, remedy } = describeFinding(issue)
	say(`  ${severityWords[severity]}: ${headline}`)
	if (reason) say(`    ${reason}`)
	for (const step of remedy) say(`    ${step}`)
}

/** For example "Step 4 of 6, Checks." */
function stepOf({ step }: WizardState['phase']): string {
	return `Step ${steps.indexOf(step) + 1} of ${steps.length}, ${stepTitles[step]}.`
}

/** The open question with everything that is needed to answer it. */
function tellQuestion(state: WizardState, say: Say): void {
	const { phase, start, answers } = state
	say('', `${stepOf(phase)} ${getPrompt(state)}`)
	switch (phase.step) {
		case 'providers':
			state.rows.forEach(({ target, now }, index) => {
				const ticked = answers.providers.includes(target.id) ? 'chosen' : 'not chosen'
				say(`  ${index + 1}. ${getProviderTitle(target.id)}, ${ticked}, now: ${now}`)
			})
			say(`  Settings file: ${start.settingsLabel}`)
			for (const note of start.notes) tellFinding(note, say)
			if (phase.noneTicked) say('  At least one provider is needed.')
			break
		case 'deployment':
			if (phase.status === 'input') {
				for (const issue of phase.findings) tellFinding(issue, say)
				tellBaseUrls(state, say)
				if (start.prefill && answers.deploymentText === start.prefill.text) {
					say(`  Found: ${start.prefill.text} (${start.prefill.from})`)
				}
			}
			break
		case 'token':
			if (phase.status === 'select' || phase.status === 'paste')
				for (const issue of phase.findings) tellFinding(issue, say)
			say('  Get one to paste:', `${answers.deployment?.deployment.origin ?? ''}/cli-auth`)
			break
		case 'review':
			if (phase.status === 'error') for (const issue of phase.findings) tellFinding(issue, say)
			if (phase.status === 'confirm') {
				if (phase.notice === 'changed-meanwhile') {
					say('  The file was changed meanwhile; nothing was written. This is the change to the file as it is now.')
				}
				for (const { id, before, after, baseUrl } of phase.plan.changes) {
					say(`  ${getProviderTitle(id)}: before ${before}, after ${after}`)
					if (baseUrl) say(`    ${baseUrl}`)
				}
				for (const issue of phase.plan.findings) tellFinding(issue, say)
				if (!phase.plan.unchanged) {
					say(`  The change to ${start.settingsLabel}:`)
					for (const line of phase.plan.diff) {
						if (line.kind === 'added') say(`  added:   ${line.text}`)
						if (line.kind === 'removed') say(`  removed: ${line.text}`)
					}
				}
			}
			break
		case 'finish':
			if (phase.status === 'failed') for (const issue of phase.findings) tellFinding(issue, say)
			if (phase.status === 'confirm-clear') say(`  ${phase.exports.clearing?.fields.join(', ') ?? ''}`)
	}
	getChoices(state).forEach(({ label, note }, index) => {
		say(`  ${index + 1}. ${label}${note ? `, ${note}` : ''}`)
	})
}

/** The base URLs that would result from the Coder URL. */
function tellBaseUrls(state: WizardState, say: Say): void {
	const parsed = parseDeployment(state.answers.deploymentText)
	if (!parsed.ok) return
	for (const target of getSelectedTargets(state)) {
		say(
			`  ${getProviderTitle(target.id)} would get ${getBaseUrl(parsed.deployment.origin, '/api/v2/aibridge', target)}`,
		)
	}
}

function promptOf(state: WizardState): string {
	return `${hintOf(state)} `
}

function hintOf(state: WizardState): string {
	const { phase, answers } = state
	switch (phase.step) {
		case 'providers':
			return 'Numbers choose or leave out, Enter goes on:'
		case 'deployment':
			if (phase.status === 'input')
				return answers.deploymentText ? `Address, or Enter for ${answers.deploymentText}:` : 'Address:'
			break
		case 'token':
			if (phase.status === 'paste') return 'Token (it is not shown):'
	}
	const count = getChoices(state).length
	return count === 1 ? '1, or Enter:' : `A number from 1 to ${count}, Enter for 1:`
}

/** Whether a line is too short to be a sensitive part of a token: a number, `back`. */
const isShort = (line: string) => line.trim().length <= backWord.length

/** Converts a line to an event. False if it isn't valid. */
function answer(wizard: Wizard, state: WizardState, line: string): boolean {
	const { phase, answers } = state
	const text = line.trim()
	if (text.toLowerCase() === backWord) {
		wizard.send({ type: 'back' })
		return true
	}
	if (phase.step === 'providers') {
		if (text === '') wizard.send({ type: 'choose-providers' })
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
		wizard.send({ type: 'enter-deployment', text: text || answers.deploymentText })
		return true
	}
	if (phase.step === 'token' && phase.status === 'paste') {
		wizard.send({ type: 'enter-token', text: new Secret(line) })
		return true
	}
	// A token entered at the list of choices is meant for the last one.
	if (phase.step === 'token' && !isShort(text)) {
		wizard.send({ type: 'enter-token', text: new Secret(line) })
		return true
	}
	const choice = getChoices(state)[(text === '' ? 1 : Number(text)) - 1]
	if (!choice) return false
	wizard.send(choice.event)
	return true
}
