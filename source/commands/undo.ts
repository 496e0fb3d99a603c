// `undo`: the settings file as it was before the wizard's last change, byte for byte.
import type { ExitCode } from '../findings/exit-codes.ts'
import type { Host } from '../host.ts'
import { findSettings, type SettingsPlace, showPath } from '../mux/home.ts'
import { readMux } from '../mux/snapshot.ts'
import { undoLast } from '../mux/undo.ts'
import { builtInProviders } from '../provider.ts'
import { baseUrlIn } from '../setup/reading.ts'
import { useInWords } from '../setup/uses.ts'
import { writeResult } from '../terminal/write-result.ts'
import type { UndoInvocation } from './options.ts'
import { goodLine, penFor, say } from './print.ts'
import { makeResult, type ResultProvider, resultText } from './result.ts'
import { carryOut, type RunOptions, stopIfAsked } from './run.ts'

/** Takes the last change back, and tells which one it was. */
export function runUndo(host: Host, invocation: UndoInvocation, options: RunOptions = {}): Promise<ExitCode> {
	return carryOut(host, invocation, options, async stop => {
		const place = await findSettings(host, invocation)
		const pen = penFor(host, 'stderr', invocation)
		const path = showPath(place.path, host.homeFolder)
		const before = await providersNow(host, place)
		stopIfAsked(stop)
		const undone = await undoLast(host, place.path, { force: invocation.force, signal: stop.signal })
		if (!undone.done) {
			if (invocation.json) {
				await writeResult(host, resultText(makeResult('unchanged', { settingsFile: place.path })))
			} else say(host, [goodLine(pen, `Nothing to undo: the wizard has changed nothing in ${path}`)])
			return 0
		}
		const time = undone.time
			.toISOString()
			.replace('T', ' ')
			.replace(/\.\d+Z$/, ' UTC')
		const lines = [
			goodLine(pen, `Undone: the change of ${time}`),
			'',
			`  ${undone.removed ? 'Removed ' : 'Restored'} ${path}${undone.removed ? ', which was not there before' : ''}`,
			...(undone.saved ? [`  Saved    ${showPath(undone.saved, host.homeFolder)}, the file as it was just now`] : []),
			...(undone.left > 0 ? [`  ${undone.left} more ${undone.left === 1 ? 'change' : 'changes'} can be undone.`] : []),
		]
		if (!invocation.json) {
			say(host, lines)
			return 0
		}
		const after = await providersNow(host, place)
		const providers = after.flatMap((now, index): ResultProvider[] => {
			const was = before[index]?.after ?? ''
			return was === now.after && before[index]?.baseUrl === now.baseUrl ? [] : [{ ...now, before: was }]
		})
		const result = makeResult('undone', { settingsFile: place.path, backup: undone.saved, providers })
		await writeResult(host, resultText(result)).catch((error: unknown) => {
			say(host, lines)
			throw error
		})
		return 0
	})
}

/** What Mux uses now for the two that it has built in, in words. */
async function providersNow(host: Host, place: SettingsPlace): Promise<ResultProvider[]> {
	const snapshot = await readMux(host, place)
	return builtInProviders.map(id => {
		const now = useInWords(snapshot, id)
		return { id, baseUrl: baseUrlIn(snapshot, id), before: now, after: now }
	})
}
