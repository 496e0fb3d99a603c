// The summary of a change: what was done, where, and how to undo it. For the end of the wizard and for `--yes`.
import { formatPath } from '../mux/home.ts'
import { getProviderTitle } from '../providers.ts'
import type { ApplyResult } from './apply.ts'

const command = 'npx mux-bridge-wizard'

/** One line of a summary: the first is a headline, others have a label and a text; a text alone is a sentence. */
export type SummaryLine = { readonly label?: string; readonly text: string }

/** The summary of an applied change. `homeDir` shortens paths to `~`. */
export function makeSummary(applyResult: ApplyResult, homeDir: string): { headline: string; lines: SummaryLine[] } {
	const { changes, token, origin, settingsFile, backup, tokenFile } = applyResult
	const place = origin === null ? '' : ` at ${new URL(origin).host}`
	const path = (absolute: string) => formatPath(absolute, homeDir)
	const named = applyResult.isNamedFile ? ` --settings ${path(settingsFile)}` : ''
	const stray = changes.filter(change => !change.after.startsWith('AI Bridge'))
	const owner = token?.owner ? ` of ${token.owner}` : ''
	const end = token?.expiresAt ? `, expires ${token.expiresAt.toISOString().slice(0, 10)}` : ''
	const who = token ? ` · token ${token.keyId ?? 'given'}${owner}${end}` : ''
	return {
		headline:
			stray.length === 0 ? `Mux is connected to Coder AI Bridge${place}` : "Saved, but Mux doesn't use AI Bridge yet",
		lines: [
			...(changes.length > 0 ? [{ text: `${changes.map(({ id }) => getProviderTitle(id)).join(', ')}${who}` }] : []),
			...stray.map(change => ({ label: getProviderTitle(change.id), text: change.after })),
			{ label: 'Saved', text: path(settingsFile) },
			...(tokenFile ? [{ label: 'Token', text: path(tokenFile) }] : []),
			...(backup ? [{ label: 'Backup', text: path(backup) }] : []),
			...(applyResult.canUndo ? [{ label: 'Undo', text: `${command} undo${named}` }] : []),
			{ label: 'Check', text: `${command} check${named}` },
			{ text: 'A running Mux picks this up by itself.' },
		],
	}
}

/** How a summary is styled: the symbol in front, and labels dimmed. */
export type SummaryStyle = { readonly mark: string; readonly dim: (text: string) => string }

/** The summary as lines, with labels in a column of their own. */
export function formatSummary(applyResult: ApplyResult, homeDir: string, style: SummaryStyle): string[] {
	const { headline, lines } = makeSummary(applyResult, homeDir)
	const width = Math.max(9, ...lines.map(({ label }) => (label?.length ?? 0) + 1))
	return [
		`${style.mark} ${headline}`,
		'',
		...lines.flatMap(({ label, text }) => {
			const isSentence = label === undefined && text.endsWith('.')
			return [...(isSentence ? [''] : []), `  ${label === undefined ? '' : style.dim(label.padEnd(width))}${text}`]
		}),
	]
}
