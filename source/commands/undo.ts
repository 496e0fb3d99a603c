// `undo`: restores the settings file as it was before the wizard's last change, byte for byte.
import { formatDateTime } from '../dates.ts'
import type { ExitCode } from '../findings/exit-codes.ts'
import { listSettingsFiles, loadMuxContext } from '../mux/context.ts'
import { findSettings, formatPath, type SettingsLocation } from '../mux/home.ts'
import { diffSettings } from '../mux/settings/diff.ts'
import { readSettings } from '../mux/settings/read.ts'
import { undoLastChange } from '../mux/settings/undo.ts'
import { builtInProviders, getProviderTitle } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { describeProvider, getSettingsBaseUrl } from '../setup/context.ts'
import { showDiff } from '../setup/show-diff.ts'
import {
	createStyler,
	formatFindings,
	formatHeadline,
	formatLabeledLines,
	isTerminal,
	print,
	successLine,
} from '../terminal/print.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { UndoInvocation } from './invocation.ts'
import { makeResult, type ResultProvider, stringifyResult } from './json-result.ts'
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
		// With --force anything may be there; without it, the undo itself rejects what isn't a text.
		const textBefore = await readSettings(location.path).then(
			({ text }) => text,
			() => null,
		)
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
		const after = await providersNow(runtime, location)
		const moment = formatDateTime(undone.time, runtime.now())
		const restored = undone.removed
			? `Removed ${path}, which didn't exist before`
			: `Restored ${path} to before ${moment}`
		const shortPath = (file: string) => formatPath(file, runtime.homeDir)
		const rows: [label: string, text: string][] = [
			...after.map(({ id, after: now }): [string, string] => [getProviderTitle(id), now]),
			...(undone.saved ? [['Saved', `${shortPath(undone.saved)}, the file before this undo`] as [string, string]] : []),
			...undone.restoredTokenFiles.map((file): [string, string] => ['Restored', shortPath(file)]),
			...undone.removedTokenFiles.map((file): [string, string] => ['Removed', shortPath(file)]),
			...(undone.left > 0 ? [['Undo more', countChanges(undone.left)] as [string, string]] : []),
		]
		const difference =
			isTerminal(styler) && textBefore !== null
				? showDiff(styler, diffSettings(textBefore, (await readSettings(location.path)).text), path)
				: []
		const lines = [
			formatHeadline(styler, 'success', restored),
			'',
			...(difference.length > 0 ? [...difference, ''] : []),
			...formatLabeledLines(styler, rows),
		]
		if (!invocation.json) {
			const notes = formatFindings(styler, undone.findings, 2)
			print(runtime, [...lines, ...(notes.length > 0 ? ['', ...notes] : [])])
			return 0
		}
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

function countChanges(count: number): string {
	return `${count} more ${count === 1 ? 'change' : 'changes'} can be undone`
}

/** What Mux uses now for its two built-in providers, in words. */
async function providersNow(runtime: Runtime, location: SettingsLocation): Promise<ResultProvider[]> {
	const muxContext = await loadMuxContext(runtime, location)
	return builtInProviders.map(id => {
		const now = describeProvider(muxContext, id)
		return { id, baseUrl: getSettingsBaseUrl(muxContext, id), before: now, after: now }
	})
}
