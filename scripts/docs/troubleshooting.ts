// The page of all findings, made wholly from the table of words that the program itself speaks with.
import { isCopyable } from '../../source/findings/copyable.ts'
import { type ExitCode, exitCodes } from '../../source/findings/exit-codes.ts'
import type { Severity, Words } from '../../source/findings/finding.ts'
import { deploymentWords } from '../../source/findings/words-of-deployment.ts'
import { muxWords } from '../../source/findings/words-of-mux.ts'
import { settingsWords } from '../../source/findings/words-of-settings.ts'
import { usageWords } from '../../source/findings/words-of-usage.ts'
import { table } from './markdown.ts'

/** Findings that belong together, with what they are about. */
export type Group = { readonly title: string; readonly rows: readonly (readonly [code: string, row: Words])[] }

/**
 * The groups of the page. The deployment's table is long: it is parted by the headings in its source
 * (`// ── Certificates ──`), which is given as text.
 */
export function groupsOf(deploymentSource: string): Group[] {
	return [
		...partedBy(deploymentSource, deploymentWords),
		{ title: 'What keeps Mux from the bridge', rows: Object.entries(muxWords) },
		{ title: 'The settings file', rows: Object.entries(settingsWords) },
		{ title: 'How the wizard was called', rows: Object.entries(usageWords) },
	]
}

function partedBy(source: string, rows: Readonly<Record<string, Words>>): Group[] {
	const groups: { title: string; rows: [string, Words][] }[] = []
	for (const [, title, code] of source.matchAll(/^\t\/\/ ── (.+?) ─+$|^\t'?([a-z][a-z0-9-]*)'?: /gm)) {
		if (title) groups.push({ title, rows: [] })
		const row = code && Object.hasOwn(rows, code) ? rows[code] : undefined
		if (code && row) groups.at(-1)?.rows.push([code, row])
	}
	return groups
}

const severityWords: Readonly<Record<Severity, string>> = {
	error: 'an error',
	warning: 'a warning',
	info: 'a note',
}

/** The whole page. */
export function troubleshootingPage(deploymentSource: string): string {
	const groups = groupsOf(deploymentSource)
	return [
		'<!-- Made by `npm run docs` from source/findings/; changes belong there. -->',
		'',
		'# Troubleshooting',
		'',
		'Every finding that the wizard can tell, by its code: what is wrong, why, and what to do. Screens, `--plain`, `check` and',
		'`--json` say the same words from the same table. Names, paths and times here are examples.',
		'',
		'Look for the words on your screen with your browser’s search, or for the `code` in the JSON result. An error ends a run',
		'with the exit code that stands beside it; warnings and notes do not, though `check` may still fail.',
		'',
		...groups.flatMap(({ title, rows }) => [
			`**[${title}](#${slugOf(title)})**`,
			'',
			...rows.map(([code, row]) => `- [${shown(entryTitle(code, row, rows))}](#${code})`),
			'',
		]),
		...groups.flatMap(({ title, rows }) => [`## ${title}`, '', ...rows.flatMap(([code, row]) => entry(code, row))]),
		'## Exit codes',
		'',
		exitCodesWithFindings(groups),
	].join('\n')
}

/** The headline; where several rows share it, with the code. */
function entryTitle(code: string, row: Words, rows: Group['rows']): string {
	const headline = row.headline(row.example)
	const sharing = rows.filter(([, other]) => other.headline(other.example) === headline)
	return sharing.length > 1 ? `${headline} (${code})` : headline
}

function entry(code: string, row: Words): string[] {
	const kind = `${severityWords[row.severity]}${row.severity === 'error' ? `, exit code ${row.exitCode}` : ''}`
	return [
		`### ${code}`,
		'',
		`**${shown(row.headline(row.example))}**<br>`,
		`${shown(row.reason(row.example))} *(${kind})*`,
		'',
		...remedy(row.remedy(row.example)),
	]
}

/** Steps as a list; what is to be copied stands in a block of its own under its step. */
function remedy(steps: readonly string[]): string[] {
	if (steps.length === 0) return []
	const lines = steps.flatMap(step => {
		if (!isCopyable(step)) return [`- ${shown(step)}`]
		return ['', '  ```text', `  ${step}`, '  ```', '']
	})
	return [...lines.filter((line, index) => line !== '' || lines[index - 1] !== ''), ''].filter(
		(line, index, all) => line !== '' || all[index - 1] !== '',
	)
}

/** Which exit code comes of which errors. */
function exitCodesWithFindings(groups: readonly Group[]): string {
	const errors = groups
		.flatMap(({ rows }) => rows)
		.filter(([, row]) => row.severity === 'error' || row.exitCode === 130)
	return table(
		['Exit code', 'Meaning', 'Findings'],
		Object.entries(exitCodes).map(([number, words]) => [
			number,
			words,
			errors
				.filter(([, row]) => row.exitCode === (Number(number) as ExitCode))
				.map(([code]) => `[${code}](#${code})`)
				.join(', '),
		]),
	)
}

/** A sentence of the program as Markdown shows it: nothing in it is taken for markup. */
function shown(text: string): string {
	return text.replace(/[\\*_`<>[\]#|~]/g, '\\$&')
}

/** The anchor that GitHub gives a heading. */
export function slugOf(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\s_-]/gu, '')
		.trim()
		.replaceAll(' ', '-')
}
