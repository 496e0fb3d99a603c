// `remove`: takes out of the settings file what points at an AI Bridge, and nothing else. The diff is shown first.
import type { ExitCode } from '../findings/exit-codes.ts'
import { finding, Refusal } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import { showPath } from '../mux/home.ts'
import { removeBridge } from '../mux/remove-bridge.ts'
import { diffSettings, unifiedDiff } from '../mux/settings-diff.ts'
import { withSettingsText } from '../mux/snapshot.ts'
import { readFormerTexts } from '../mux/undo.ts'
import { writeSettings } from '../mux/write-settings.ts'
import { providerTitle } from '../provider.ts'
import { type Reading, readSetup } from '../setup/reading.ts'
import { shadowsOf, useInWords } from '../setup/uses.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { RemoveInvocation } from './options.ts'
import { distinct, findingsLines, goodLine, paintDiff, penFor, say } from './print.ts'
import { makeResult, type ResultProvider, resultText } from './result.ts'
import { carryOut, type RunOptions, stopIfAsked } from './run.ts'

/** Removes the bridge of the named providers, or of all: after a look at the diff and a yes. */
export function runRemove(host: Host, invocation: RemoveInvocation, options: RunOptions = {}): Promise<ExitCode> {
	return carryOut(host, invocation, options, async stop => {
		const reading = await readSetup(host, invocation)
		const { path } = reading.place
		const named = invocation.providers.map(target => target.id)
		const { text, edits } = removeBridge(reading.file.text, {
			...(named.length > 0 ? { providers: named } : {}),
			former: await readFormerTexts(path),
			path,
		})
		const pen = penFor(host, 'stderr', invocation)
		const shown = showPath(path, host.homeFolder)
		const diff = unifiedDiff(diffSettings(reading.file.text, text), path)
		const ids = [...new Set(edits.map(edit => edit.path[0] ?? ''))]
		const { providers, findings } = changesOf(reading, text, ids)
		const tellJson = (outcome: 'unchanged' | 'planned' | 'removed', facts: { backup?: string | null; diff?: string }) =>
			writeResult(host, resultText(makeResult(outcome, { settingsFile: path, providers, findings, ...facts })))

		if (invocation.dryRun) {
			if (invocation.json) await tellJson('planned', { diff })
			else if (edits.length === 0) say(host, [goodLine(pen, `Nothing in ${shown} points at an AI Bridge.`)])
			else await writeResult(host, paintDiff(penFor(host, 'stdout', invocation), diff))
			return 0
		}
		if (text === reading.file.text) {
			if (invocation.json) await tellJson('unchanged', {})
			else say(host, [goodLine(pen, `Nothing to remove: nothing in ${shown} points at an AI Bridge.`)])
			return 0
		}
		if (!invocation.json) say(host, [...paintDiff(pen, diff).split('\n').slice(0, -1), ''])
		if (!invocation.yes) await requireConsent(host, stop.signal)
		stopIfAsked(stop)
		const { backup } = await writeSettings(host, reading.file, text, { signal: stop.signal })
		const flag = reading.place.from === '--settings' ? ` --settings ${shown}` : ''
		const lines = [
			goodLine(pen, `Removed from ${shown}: ${ids.map(providerTitle).join(', ')}`),
			'',
			...providers.map(({ id, after }) => `  ${providerTitle(id).padEnd(9)} ${after}`),
			...(backup ? [`  Backup    ${showPath(backup, host.homeFolder)}`] : []),
			`  Undo      npx mux-bridge-wizard undo${flag}`,
		]
		if (!invocation.json) {
			say(host, [...lines, ...findingsLines(pen, findings)])
			return 0
		}
		await tellJson('removed', { backup }).catch((error: unknown) => {
			say(host, lines)
			throw error
		})
		return 0
	})
}

/** What Mux uses before and after for the sections that change, and a leak that variables would open then. */
function changesOf(reading: Reading, text: string, ids: readonly string[]) {
	const before = reading.snapshot
	const after = withSettingsText(before, text)
	const providers = ids.map(
		(id): ResultProvider => ({
			id,
			baseUrl: null,
			before: useInWords(before, id),
			after: useInWords(after, id),
		}),
	)
	const leaks = ids
		.flatMap(id => shadowsOf(after, { id }))
		.map(shadow => shadow.finding)
		.filter(found => found.code === 'key-without-base-url' || found.code === 'base-url-from-environment')
	return { providers, findings: distinct(leaks) }
}

/** Asks on the terminal. Throws Refusal: `consent-missing` where nobody can be asked, `cancelled` for anything but yes. */
async function requireConsent(host: Host, signal: AbortSignal): Promise<void> {
	const { stdin, stderr } = host
	if (!stdin.isTTY || !stderr.isTTY) throw new Refusal(finding('consent-missing', 'arguments', { deed: 'remove this' }))
	const { createInterface } = await import('node:readline')
	// Not as a terminal: the system's own line editing is enough, and Ctrl-C stays a signal.
	const lines = createInterface({ input: stdin, terminal: false })
	stderr.write('Remove this? [y/N] ')
	const answer = await new Promise<string | null>(resolve => {
		lines.once('line', resolve)
		lines.once('close', () => resolve(null))
		signal.addEventListener('abort', () => lines.close(), { once: true })
	})
	lines.close()
	stdin.pause()
	// Ctrl-D leaves the cursor behind the question.
	if (answer === null && !signal.aborted) stderr.write('\n')
	if (!/^\s*y(?:es)?\s*$/i.test(answer ?? '')) throw new Refusal(finding('cancelled', 'program'))
}
