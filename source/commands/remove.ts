// `remove`: removes everything from the settings file that points to an AI Bridge, and nothing else. The diff is shown
// first.
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, finding, UserError, uniqueFindings } from '../findings/finding.ts'
import { getConflicts } from '../mux/conflicts/find.ts'
import { listSettingsFiles, withSettingsText } from '../mux/context.ts'
import { formatPath } from '../mux/home.ts'
import { type DiffLine, diffSettings, unifiedDiff } from '../mux/settings/diff.ts'
import { removeBridge } from '../mux/settings/remove-bridge.ts'
import { findTokensLeft } from '../mux/settings/tokens-left.ts'
import { readBackups } from '../mux/settings/undo.ts'
import { writeSettings } from '../mux/settings/write.ts'
import { getProviderTitle } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { describeProvider, loadContext, type SetupContext } from '../setup/context.ts'
import { showDiff } from '../setup/show-diff.ts'
import { formatNextCommands } from '../setup/summary.ts'
import {
	createStyler,
	formatFindings,
	formatHeadline,
	formatLabeledLines,
	isTerminal,
	print,
	printResultText,
	type Styler,
	successLine,
} from '../terminal/print.ts'
import { writeResult } from '../terminal/write-result.ts'
import { requireConsent } from './ask-consent.ts'
import type { RemoveInvocation } from './invocation.ts'
import { makeResult, type ResultProvider, stringifyResult } from './json-result.ts'
import { type RunCommandOptions, runCommand, throwIfCancelled } from './run-command.ts'

/**
 * Removes the bridge settings of the named providers, or of all, after showing the diff and asking for confirmation.
 */
export function runRemove(
	runtime: Runtime,
	invocation: RemoveInvocation,
	options: RunCommandOptions = {},
): Promise<ExitCode> {
	return runCommand(runtime, invocation, options, async signal => {
		const context = await loadContext(runtime, invocation)
		const { path } = context.location
		const named = invocation.providers.map(target => target.id)
		const { text, edits } = removeBridge(context.file.text, {
			...(named.length > 0 ? { providers: named } : {}),
			former: await readBackups(path),
			path,
		})
		const styler = createStyler(runtime, 'stderr', invocation)
		const shown = formatPath(path, runtime.homeDir)
		const difference = diffSettings(context.file.text, text)
		const diff = unifiedDiff(difference, path)
		const ids = [...new Set(edits.map(edit => edit.path[0] ?? ''))]
		const { providers, findings } = changesOf(context, text, ids)
		const tellJson = (
			outcome: 'unchanged' | 'planned' | 'removed',
			facts: { backup?: string | null; diff?: string; findings?: Finding[] },
		) =>
			writeResult(
				runtime,
				stringifyResult(makeResult('remove', outcome, { settingsFile: path, providers, findings, ...facts })),
			)

		if (invocation.dryRun) {
			if (invocation.json) await tellJson('planned', { diff })
			else if (edits.length === 0) print(runtime, [successLine(styler, `Nothing in ${shown} uses an AI Bridge.`)])
			else {
				const result = createStyler(runtime, 'stdout', invocation)
				await printResultText(runtime, joinLines(describeRemoval(result, path, shown, providers, difference)))
			}
			return 0
		}
		if (text === context.file.text) {
			if (invocation.json) await tellJson('unchanged', {})
			else print(runtime, [successLine(styler, `Nothing to remove: nothing in ${shown} uses an AI Bridge.`)])
			return 0
		}
		if (!invocation.json) print(runtime, [...describeRemoval(styler, path, shown, providers, difference), ''])
		if (!invocation.yes) {
			if (!runtime.stdin.isTTY || !runtime.stderr.isTTY)
				throw new UserError(finding('confirmation-required', 'arguments', { action: 'remove the AI Bridge settings' }))
			await requireConsent(runtime, 'Remove this?', signal)
		}
		throwIfCancelled(signal)
		const written = await writeSettings(runtime, context.file, text, {
			signal,
			discardsTokenFiles: true,
			otherSettings: listSettingsFiles(context.muxContext),
		})
		const { backup, removedTokenFiles } = written
		const notes = [
			...findings,
			...written.findings,
			...(await findTokensLeft(path, context.location.directory, runtime.homeDir)),
		]
		const savedFile = {
			settingsFile: path,
			isNamedFile: context.location.from === '--settings',
			backup,
			canUndo: true,
			findings: notes,
		}
		const rows: [label: string, text: string][] = [
			...providers.map(({ id, after }): [string, string] => [getProviderTitle(id), after]),
			...removedTokenFiles.map((file): [string, string] => ['Removed', formatPath(file, runtime.homeDir)]),
			...(backup ? [['Backup', formatPath(backup, runtime.homeDir)] as [string, string]] : []),
		]
		const lines = [
			formatHeadline(styler, 'success', `Removed AI Bridge from ${shown}`),
			'',
			...formatLabeledLines(styler, rows),
			'',
			...formatNextCommands(styler, savedFile, runtime.homeDir, ['undo']),
		]
		if (!invocation.json) {
			print(runtime, [...lines, ...(notes.length > 0 ? ['', ...formatFindings(styler, notes, 2)] : [])])
			return 0
		}
		await tellJson('removed', { backup, findings: notes }).catch((error: unknown) => {
			print(runtime, lines)
			throw error
		})
		return 0
	})
}

/** What would be removed: the change to the file, and on a terminal what Mux uses then. */
function describeRemoval(
	styler: Styler,
	path: string,
	shownPath: string,
	providers: readonly ResultProvider[],
	difference: readonly DiffLine[],
): string[] {
	const diff = showDiff(styler, difference, path)
	if (!isTerminal(styler)) return diff
	const titleWidth = Math.max(...providers.map(({ id }) => getProviderTitle(id).length))
	const beforeWidth = Math.max(...providers.map(({ before }) => before.length))
	const rows = providers.map(({ id, before, after }) => {
		const title = `${getProviderTitle(id).padEnd(titleWidth)}   ${styler.style('dim', before.padEnd(beforeWidth))}`
		const isShort = titleWidth + beforeWidth + after.length + 9 <= styler.width
		const change = `${styler.symbols.arrow} ${after}`
		return isShort ? [`  ${title}  ${change}`] : [`  ${title.trimEnd()}`, `  ${' '.repeat(titleWidth)}   ${change}`]
	})
	return [styler.style('bold', `Remove AI Bridge from ${shownPath}`), '', ...rows.flat(), '', ...diff]
}

function joinLines(lines: readonly string[]): string {
	return lines.map(line => `${line}\n`).join('')
}

/** What Mux uses before and after for the sections that change, and a leak that variables would then cause. */
function changesOf(context: SetupContext, text: string, ids: readonly string[]) {
	const before = context.muxContext
	const after = withSettingsText(before, text)
	const providers = ids.map(
		(id): ResultProvider => ({
			id,
			baseUrl: null,
			before: describeProvider(before, id),
			after: describeProvider(after, id),
		}),
	)
	const leaks = ids
		.flatMap(id => getConflicts(after, { id }))
		.map(conflict => conflict.finding)
		.filter(issue => issue.code === 'key-without-base-url' || issue.code === 'base-url-from-environment')
	return { providers, findings: uniqueFindings(leaks) }
}
