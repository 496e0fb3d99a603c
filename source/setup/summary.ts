// The summary of a change: whether it works, what was saved, and how to undo it. For the end of the wizard and `--yes`.
import { formatDate } from '../dates.ts'
import { formatTimeUntil } from '../duration.ts'
import { describeFindings } from '../findings/describe.ts'
import type { Finding } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import { formatPath } from '../mux/home.ts'
import { areFilesKept, formatProgramCommand } from '../program-command.ts'
import { getProviderTitle } from '../providers.ts'
import { maskKeyId } from '../secrets/secret.ts'
import {
	formatFinding,
	formatHeadline,
	formatLabeledCommands,
	formatLabeledLines,
	type Styler,
} from '../terminal/print.ts'
import type { ApplyResult, SavedFile } from './apply.ts'
import type { TokenFacts } from './token-facts.ts'
import type { Judgement } from './verdict.ts'
import type { CheckReport } from './verify.ts'

export type SummaryContext = { readonly homeDir: string; readonly now: Date; readonly styler: Styler }

/** The summary of an applied change, as lines. Problems come first, right under the headline. */
export function formatSummary(applyResult: ApplyResult, { homeDir, now, styler }: SummaryContext): string[] {
	const { judgement, findings, changes, fixed, token, tokenFile, origin, settingsFile, backup, canUndo, answers } =
		applyResult
	const path = (absolute: string) => formatPath(absolute, homeDir)
	const owner = token?.owner ? `, signed in as ${token.owner}` : ''
	const isConnected = judgement.verdict === 'connected'
	const names = changes.map(({ id }) => getProviderTitle(id)).join(', ')
	const rows: [label: string, text: string][] = [
		['Coder', `${origin}${owner}`],
		...(names === ''
			? []
			: [['Providers', `${names}${isConnected ? answered(changes.length) : ''}`] as [string, string]]),
		...answerRows(answers),
		...(token ? [['Token', describeToken(token, now)] as [string, string]] : []),
		...(tokenFile ? [['Stored in', path(tokenFile)] as [string, string]] : []),
		...fixed.map((label): [string, string] => ['Fixed', label]),
		['Saved', `${path(settingsFile)}${backup ? ' (backup kept)' : ''}`],
	]
	return [
		formatHeadline(styler, judgement.tone, judgement.headline),
		'',
		...formatProblems(styler, findings),
		...formatLabeledLines(styler, rows),
		...(areFilesKept() ? [''] : []),
		...(areFilesKept() && (isConnected || judgement.verdict === 'unchecked')
			? ['  A running Mux picks this up by itself.', '']
			: []),
		...formatNextCommands(styler, applyResult, homeDir, [
			...(canUndo ? (['undo'] as const) : []),
			'check',
			// Not again if it was answered, but if it failed.
			...(isConnected !== (answers !== undefined) ? (['test'] as const) : []),
		]),
	]
}

function answerRows(answers: readonly string[] = []): [label: string, text: string][] {
	return answers.map((text, index) => [index === 0 ? 'Test' : '', text])
}

/** The summary if the settings were as requested already; with the answers if that was what was asked for. */
export function formatUnchanged(
	styler: Styler,
	judgement: Judgement,
	findings: readonly Finding[],
	answers?: readonly string[],
): string[] {
	return [
		formatHeadline(styler, judgement.tone, judgement.headline),
		'',
		...formatProblems(styler, findings),
		...(answers
			? formatLabeledLines(styler, answerRows(answers))
			: ['  Nothing to change: the settings are already like this.']),
	]
}

/** Errors and warnings in full, followed by a blank line; notes aren't part of a summary. */
export function formatProblems(styler: Styler, findings: readonly Finding[]): string[] {
	const problems = findings.filter(issue => severityOf(issue) !== 'info')
	if (problems.length === 0) return []
	return [...describeFindings(problems).flatMap(described => formatFinding(styler, described, 2)), '']
}

/** The commands that undo or check a change, with the settings file if it was named. */
export function formatNextCommands(
	styler: Styler,
	{ isNamedFile, settingsFile }: SavedFile,
	homeDir: string,
	names: readonly ('undo' | 'check' | 'test')[],
): string[] {
	if (!areFilesKept()) return []
	const flag = isNamedFile ? ` --settings ${quoteArgument(formatPath(settingsFile, homeDir))}` : ''
	const commands = { undo: ['Undo', 'undo'], check: ['Check', 'check'], test: ['Test', 'check --send'] } as const
	return formatLabeledCommands(
		styler,
		names.map(name => [commands[name][0], formatProgramCommand(`${commands[name][1]}${flag}`)]),
	)
}

function quoteArgument(path: string): string {
	return /^[\w@%+=:,./~\\-]+$/.test(path) ? path : `"${path}"`
}

function answered(count: number): string {
	return count === 1 ? ': answered' : count === 2 ? ': both answered' : ': all answered'
}

/** For example: “mux-laptop”, expires Dec 27 (in 30 days). */
export function describeToken({ keyId, name, expiresAt }: TokenFacts, now: Date): string {
	const title = name ? `“${name}”` : keyId ? maskKeyId(keyId) : 'given'
	return expiresAt ? `${title}, expires ${formatDate(expiresAt, now)} (${formatTimeUntil(expiresAt, now)})` : title
}

/** The older token that a change replaced, and how to revoke it. */
export function describeReplacedToken({ name, keyId }: NonNullable<CheckReport['replaced']>): string {
	return `The token before it (“${name}”) is still valid. To revoke it: coder tokens remove ${keyId}`
}
