// `remove`: removes everything from the settings file that points to an AI Bridge, and nothing else. The diff is shown
// first.
import type { ExitCode } from '../findings/exit-codes.ts'
import { type Finding, finding, UserError, uniqueFindings } from '../findings/finding.ts'
import { getConflicts } from '../mux/conflicts/find.ts'
import { listSettingsFiles, withSettingsText } from '../mux/context.ts'
import { formatPath } from '../mux/home.ts'
import { diffSettings, unifiedDiff } from '../mux/settings/diff.ts'
import { removeBridge } from '../mux/settings/remove-bridge.ts'
import { findTokensLeft } from '../mux/settings/tokens-left.ts'
import { readBackups } from '../mux/settings/undo.ts'
import { writeSettings } from '../mux/settings/write.ts'
import { getProviderTitle } from '../providers.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { describeProvider, loadContext, type SetupContext } from '../setup/context.ts'
import { createStyler, formatFindings, print, printResultText, styleDiff, successLine } from '../terminal/print.ts'
import { writeResult } from '../terminal/write-result.ts'
import { makeResult, type ResultProvider, stringifyResult } from './json-result.ts'
import type { RemoveInvocation } from './parse-arguments.ts'
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
		const diff = unifiedDiff(diffSettings(context.file.text, text), path)
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
			else await printResultText(runtime, styleDiff(createStyler(runtime, 'stdout', invocation), diff))
			return 0
		}
		if (text === context.file.text) {
			if (invocation.json) await tellJson('unchanged', {})
			else print(runtime, [successLine(styler, `Nothing to remove: nothing in ${shown} uses an AI Bridge.`)])
			return 0
		}
		if (!invocation.json) print(runtime, [...styleDiff(styler, diff).split('\n').slice(0, -1), ''])
		if (!invocation.yes) await requireConsent(runtime, signal)
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
		const flag = context.location.from === '--settings' ? ` --settings ${shown}` : ''
		const lines = [
			successLine(styler, `Removed from ${shown}: ${ids.map(getProviderTitle).join(', ')}`),
			'',
			...providers.map(({ id, after }) => `  ${getProviderTitle(id).padEnd(9)} ${after}`),
			...removedTokenFiles.map(file => `  Removed   ${formatPath(file, runtime.homeDir)}`),
			...(backup ? [`  Backup    ${formatPath(backup, runtime.homeDir)}`] : []),
			`  Undo      npx mux-bridge-wizard undo${flag}`,
		]
		if (!invocation.json) {
			print(runtime, [...lines, ...formatFindings(styler, notes)])
			return 0
		}
		await tellJson('removed', { backup, findings: notes }).catch((error: unknown) => {
			print(runtime, lines)
			throw error
		})
		return 0
	})
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

/**
 * Asks on the terminal. Throws a UserError: `confirmation-required` if nobody can be asked, `cancelled` for anything
 * but yes.
 */
async function requireConsent(runtime: Runtime, signal: AbortSignal): Promise<void> {
	const { stdin, stderr } = runtime
	if (!stdin.isTTY || !stderr.isTTY)
		throw new UserError(finding('confirmation-required', 'arguments', { action: 'remove the AI Bridge settings' }))
	const { createInterface } = await import('node:readline')
	// Not in raw mode: the system's line editing is enough, and Ctrl-C remains a signal.
	const lines = createInterface({ input: stdin, terminal: false })
	stderr.write('Remove this? [y/N] ')
	const answer = await new Promise<string | null>(resolve => {
		lines.once('line', resolve)
		lines.once('close', () => resolve(null))
		signal.addEventListener('abort', () => lines.close(), { once: true })
	})
	lines.close()
	stdin.pause()
	// Ctrl-D leaves the cursor after the question.
	if (answer === null && !signal.aborted) stderr.write('\n')
	if (!/^\s*y(?:es)?\s*$/i.test(answer ?? '')) throw new UserError(finding('cancelled', 'program'))
}
