// What the wizard prints at its end: a summary or a remark on stderr; on stdout export lines and nothing else.

import { describeFinding } from '../findings/describe.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { finding } from '../findings/finding.ts'
import { formatPath } from '../mux/home.ts'
import { getProviderTitle } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { formatSummary } from '../setup/summary.ts'
import { detectCapabilities } from '../terminal/capabilities.ts'
import { sanitizeText } from '../terminal/sanitize.ts'
import { wrapIndented } from '../terminal/wrap.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { WizardResult } from './state.ts'

/** Prints how the wizard ended; returns the exit code. */
export async function printResult(runtime: Runtime, result: WizardResult): Promise<ExitCode> {
	const { stderr } = runtime
	const columns = ('columns' in stderr && stderr.columns) || Number.POSITIVE_INFINITY
	const print = (text = '') => {
		for (const line of text.split('\n')) stderr.write(`${wrapIndented(sanitizeText(line), columns).join('\n')}\n`)
	}
	switch (result.status) {
		case 'applied':
			print(
				[
					'',
					...formatSummary(result.applyResult, runtime.homeDir, {
						mark: symbolsFor(runtime).success,
						dim: label => label,
					}),
				].join('\n'),
			)
			if (result.deleted) print(`${symbolsFor(runtime).success} Revoked the old token “${result.deleted.name}”`)
			for (const issue of [...result.applyResult.findings, ...result.findings])
				print(`${symbolsFor(runtime).warning} ${describeFinding(issue).headline}`)
			return 0
		case 'exported': {
			const { formatExports } = await import('../shell/export-lines.ts')
			const { detectShell } = await import('../shell/detect.ts')
			const { exports, applyResult } = result
			if (applyResult) {
				print(
					`${symbolsFor(runtime).success} Removed from ${formatPath(applyResult.settingsFile, runtime.homeDir)}: ${exports.clearing?.fields.join(', ')}`,
				)
				const file = formatPath(applyResult.settingsFile, runtime.homeDir)
				if (applyResult.backup) print(`  Backup   ${formatPath(applyResult.backup, runtime.homeDir)}`)
				print(`  Undo     npx mux-bridge-wizard undo${applyResult.isNamedFile ? ` --settings ${file}` : ''}`)
			} else if (exports.clearing) {
				print(
					`${symbolsFor(runtime).warning} The settings file sets ${exports.clearing.fields.join(', ')}, which override these exports.`,
				)
			}
			if (exports.left.length > 0)
				print(`  ${exports.left.map(getProviderTitle).join(', ')} can only be set up in the settings file.`)
			if (exports.variables.some(({ name }) => name === 'OPENAI_BASE_URL')) {
				const { headline, remedy } = describeFinding(finding('voice-input-leaks', 'openai'))
				print(`${symbolsFor(runtime).warning} ${headline}`)
				for (const step of remedy) print(`  ${symbolsFor(runtime).arrow} ${step}`)
			}
			print('  Run these in the shell that starts Mux, then restart Mux.')
			await writeResult(runtime, formatExports(detectShell(runtime), exports.variables))
			return 0
		}
		case 'unchanged':
			print(`${symbolsFor(runtime).success} Nothing to change: Mux is already set up like this.`)
			return 0
		case 'quit':
			print('Nothing was changed.')
			return 0
		case 'cancelled':
			print('Nothing was changed.')
			return 130
	}
}

function symbolsFor(runtime: Runtime): { success: string; warning: string; arrow: string } {
	const { unicode } = detectCapabilities(runtime.env, runtime.platform, { isTTY: true, colorDepth: 1 })
	return { success: unicode ? '✔' : '+', warning: '!', arrow: unicode ? '→' : '>' }
}
