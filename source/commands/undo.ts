// `undo`: restores restore the settings file the wizard's last change, byte for byte.
import type { ExitCode } from '../findings/exit-codes.ts'
import { listSettingsFiles, loadMuxContext } from '../mux/context.ts'
import { findSettings, formatPath, type SettingsLocation } from '../mux/home.ts'
import { undoLastChange } from '../mux/settings/undo.ts'
import { builtInProviders } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { describeProvider, getSettingsBaseUrl } from '../setup/context.ts'
import { createStyler, formatFindings, print, successLine } from '../terminal/print.ts'
import { writeResult } from '../terminal/write-result.ts'
import { makeResult, type ResultProvider, stringifyResult } from './json-result.ts'
import type { UndoInvocation } from './parse-arguments.ts'
import { type RunCommandOptions, runCommand, throwIfCancelled } from './run-command.ts'

/** Undoes the last change and prints which one it was. */
export function runUndo(
	runtime: Runtime,
	invocation: UndoInvocation,
	options: RunCommandOptions = {},
): Promise<ExitCode> {
	return runCommand(runtime, invocation, options, async signal => {
		const location = await findSettings(runtime, invocation)
		const styler = createStyler(runtime, 'stderr', invocation)
		const path = formatPath(location.path, runtime.homeDir)
		const muxContext = await loadMuxContext(runtime, location)
		const before = await providersNow(runtime, location)
		throwIfCancelled(signal)
		const undone = await undoLastChange(runtime, location.path, {
			force: invocation.force,
			signal,
			otherSettings: listSettingsFiles(muxContext),
		})
		if (!undone.done) {
			if (invocation.json) {
				await writeResult(runtime, stringifyResult(makeResult('undo', 'unchanged', { settingsFile: location.path })))
			} else print(runtime, [successLine(styler, `Nothing to undo in ${path}`)])
			return 0
		}
		const time = undone.time
			.toISOString()
			.replace('T', ' ')
			.replace(/\.\d+Z$/, ' UTC')
		const lines = [
			successLine(styler, `Undone: the change of ${time}`),
			'',
			`  ${undone.removed ? 'Removed ' : 'Restored'} ${path}${undone.removed ? ", which didn't exist before" : ''}`,
			...(undone.saved ? [`  Saved    ${formatPath(undone.saved, runtime.homeDir)}, the file before this undo`] : []),
			...undone.restoredTokenFiles.map(file => `  Restored ${formatPath(file, runtime.homeDir)}`),
			...undone.removedTokenFiles.map(file => `  Removed  ${formatPath(file, runtime.homeDir)}`),
			...(undone.left > 0 ? [`  ${undone.left} more ${undone.left === 1 ? 'change' : 'changes'} can be undone.`] : []),
		]
		if (!invocation.json) {
			print(runtime, [...lines, ...formatFindings(styler, undone.findings)])
			return 0
		}
		const after = await providersNow(runtime, location)
		const providers = after.flatMap((now, index): ResultProvider[] => {
			const was = before[index]?.after ?? ''
			return was === now.after && before[index]?.baseUrl === now.baseUrl ? [] : [{ ...now, before: was }]
		})
		const result = makeResult('undo', 'undone', {
			settingsFile: location.path,
			backup: undone.saved,
			providers,
			findings: undone.findings,
		})
		await writeResult(runtime, stringifyResult(result)).catch((error: unknown) => {
			print(runtime, lines)
			throw error
		})
		return 0
	})
}

/** What Mux uses now for its two built-in providers, in words. */
async function providersNow(runtime: Runtime, location: SettingsLocation): Promise<ResultProvider[]> {
	const muxContext = await loadMuxContext(runtime, location)
	return builtInProviders.map(id => {
		const now = describeProvider(muxContext, id)
		return { id, baseUrl: getSettingsBaseUrl(muxContext, id), before: now, after: now }
	})
}
