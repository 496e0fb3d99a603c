// What the wizard prints at its end: a summary or a remark on stderr; on stdout export lines and nothing else.

import { describeFinding } from '../findings/describe.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { finding } from '../findings/finding.ts'
import { formatPath } from '../mux/home.ts'
import { getProviderTitle } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { formatSummary } from '../setup/summary.ts'
import { detectCapabilities } from '../terminal/capabilities.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { WizardResult } from './state.ts'

/** Prints how the wizard ended; returns the exit code. */
export async function printResult(runtime: Runtime, result: WizardResult): Promise<ExitCode> {
	const { stderr } = runtime
	const columns = ('columns' in stderr && stderr.columns) || Number.POSITIVE_INFINITY
	const say = (text = '') => {
		for (const line of text.split('\n')) stderr.write(`${wrapWords(line, columns)}\n`)
	}
	switch (result.status) {
		case 'applied':
			say(
				[
					'',
					...formatSummary(result.applyResult, runtime.homeDir, { mark: marks(runtime).good, quiet: label => label }),
				].join('\n'),
			)
			if (result.deleted) say(`${marks(runtime).good} Deleted the old token ${result.deleted.name}`)
			for (const issue of result.findings) say(`${marks(runtime).warning} ${describeFinding(issue).headline}`)
			return 0
		case 'exported': {
			const { formatExports } = await import('../shell/export-lines.ts')
			const { detectShell } = await import('../shell/detect.ts')
			const { exports, applyResult } = result
			if (applyResult) {
				say(
					`${marks(runtime).good} Cleared in ${formatPath(applyResult.settingsFile, runtime.homeDir)}: ${exports.clearing?.fields.join(', ')}`,
				)
				const file = formatPath(applyResult.settingsFile, runtime.homeDir)
				if (applyResult.backup) say(`  Backup   ${formatPath(applyResult.backup, runtime.homeDir)}`)
				say(`  Undo     npx mux-bridge-wizard undo${applyResult.isNamedFile ? ` --settings ${file}` : ''}`)
			} else if (exports.clearing) {
				say(
					`${marks(runtime).warning} The settings file has ${exports.clearing.fields.join(', ')} too, and the file wins: these lines have no effect on them.`,
				)
			}
			if (exports.left.length > 0)
				say(`  Only the settings file can hold ${exports.left.map(getProviderTitle).join(', ')}.`)
			if (exports.variables.some(({ name }) => name === 'OPENAI_BASE_URL')) {
				const { headline, remedy } = describeFinding(finding('voice-input-leaks', 'openai'))
				say(`${marks(runtime).warning} ${headline}`)
				for (const step of remedy) say(`  ${marks(runtime).arrow} ${step}`)
			}
			say('  Restart Mux where these lines are in force.')
			await writeResult(runtime, formatExports(detectShell(runtime), exports.variables))
			return 0
		}
		case 'unchanged':
			say(`${marks(runtime).good} Nothing to change: Mux is set up like this already.`)
			return 0
		case 'quit':
			say('Left everything as it is.')
			return 0
		case 'cancelled':
			say('Cancelled: nothing was changed.')
			return 130
	}
}

/** Wraps a line between words, with its own indentation. A word that is too long stays unbroken. */
function wrapWords(line: string, columns: number): string {
	if (line.length <= columns) return line
	const indent = /^ */.exec(line)?.[0] ?? ''
	const rows = [indent]
	for (const [word] of line.slice(indent.length).matchAll(/\S+ */g)) {
		const row = rows.at(-1) ?? ''
		if (row !== indent && (row + word.trimEnd()).length > columns) rows.push(indent + word)
		else rows[rows.length - 1] = row + word
	}
	return rows.map(row => row.trimEnd()).join('\n')
}

function marks(runtime: Runtime): { good: string; warning: string; arrow: string } {
	const { unicode } = detectCapabilities(runtime.env, runtime.platform, { isTTY: true, colorDepth: 1 })
	return { good: unicode ? '✔' : '+', warning: '!', arrow: unicode ? '→' : '>' }
}
