// What the wizard prints at its end: the summary and everything that was found, on stderr; on stdout export lines and
// nothing else.

import { describeFinding } from '../findings/describe.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { getExitCode } from '../findings/severity.ts'
import { formatPath } from '../mux/home.ts'
import { getProviderTitle } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { formatNextCommands, formatProblems, formatSummary, formatUnchanged } from '../setup/summary.ts'
import { createStyler, formatFinding, formatHeadline, print, type Styler, successLine } from '../terminal/print.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { WizardResult } from './state.ts'

/** Prints how the wizard ended; returns the exit code. `plain` disables colors. */
export async function printResult(
	runtime: Runtime,
	result: WizardResult,
	options: { readonly plain?: boolean; readonly onDisconnect?: () => Promise<ExitCode> } = {},
): Promise<ExitCode> {
	const styler = createStyler(runtime, 'stderr', options)
	switch (result.status) {
		case 'applied': {
			const { applyResult, deleted, findings } = result
			// Undoing would restore a token that was just revoked.
			const offered = deleted ? { ...applyResult, canUndo: false } : applyResult
			print(runtime, formatSummary(offered, { homeDir: runtime.homeDir, now: runtime.now(), styler }))
			if (deleted) print(runtime, [successLine(styler, `Revoked the old token “${deleted.name}”`)])
			print(runtime, formatProblems(styler, findings))
			return applyResult.judgement.exitCode
		}
		case 'exported':
			return printExports(runtime, styler, result)
		case 'unchanged': {
			const { judgement, findings, answers } = result
			print(runtime, formatUnchanged(styler, judgement, findings, answers))
			return judgement.exitCode
		}
		case 'disconnect':
			return options.onDisconnect?.() ?? 0
		case 'quit':
		case 'cancelled':
			return printEarlyEnd(runtime, styler, result)
	}
}

/** Nothing was saved. A failure that was found before decides the exit code, unless the user pressed Ctrl-C. */
function printEarlyEnd(
	runtime: Runtime,
	styler: Styler,
	{ status, findings = [] }: Extract<WizardResult, { status: 'quit' | 'cancelled' }>,
): ExitCode {
	print(runtime, ['Nothing was changed.'])
	if (findings.length > 0) print(runtime, ['', ...formatProblems(styler, findings)])
	return status === 'cancelled' ? 130 : getExitCode(findings)
}

async function printExports(
	runtime: Runtime,
	styler: Styler,
	{ exports, cleared, judgement, findings }: Extract<WizardResult, { status: 'exported' }>,
): Promise<ExitCode> {
	const { formatExports } = await import('../shell/export-lines.ts')
	const { detectShell } = await import('../shell/detect.ts')
	print(runtime, [formatHeadline(styler, judgement.tone, judgement.headline), ''])
	print(runtime, formatProblems(styler, findings))
	if (cleared) {
		const path = formatPath(cleared.settingsFile, runtime.homeDir)
		const backup = cleared.backup ? ' (backup kept)' : ''
		print(runtime, [successLine(styler, `Removed from ${path}: ${exports.clearing?.fields.join(', ')}${backup}`)])
		print(runtime, formatNextCommands(styler, cleared, runtime.homeDir, ['undo']))
	}
	const notes: Finding[] = [
		...(exports.clearing && !cleared
			? [
					finding('settings-override-variables', 'settings', {
						fields: exports.clearing.fields.join(', '),
						path: formatPath(exports.clearing.context.location.path, runtime.homeDir),
					}),
				]
			: []),
		...(exports.variables.some(({ name }) => name === 'OPENAI_BASE_URL')
			? [finding('voice-input-leaks', 'openai')]
			: []),
	]
	for (const note of notes) print(runtime, formatFinding(styler, { ...describeFinding(note), reason: '' }, 2))
	if (exports.left.length > 0)
		print(runtime, [`  ${exports.left.map(getProviderTitle).join(', ')} can only be set up in the settings file.`])
	print(runtime, ['  Run these in the shell that starts Mux, then restart Mux.'])
	await writeResult(runtime, formatExports(detectShell(runtime), exports.variables))
	return judgement.exitCode
}
