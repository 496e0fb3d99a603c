// Findings, rows and summaries as plain lines: colored if the stream is a terminal with colors, wrapped to its window,
// and unwrapped if the output may be searched or cut.
import { isCopyable } from '../findings/copyable.ts'
import { type DescribedFinding, describeFinding } from '../findings/describe.ts'
import { type Finding, type Severity, uniqueFindings } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { sanitizeLine, sanitizeLines } from './sanitize.ts'
import { createStyler, getCapabilities, isTerminal, type Styler } from './styler.ts'
import { wrap } from './wrap.ts'
import { writeResult } from './write-result.ts'

export { createStyler, isTerminal, type Styler }

/** Writes lines to standard error, sanitized. */
export function print(runtime: Runtime, lines: readonly string[]): void {
	if (lines.length === 0) return
	const hasColors = getCapabilities(runtime, 'stderr').colorLevel > 0
	runtime.stderr.write(lines.map(line => `${sanitizeLine(line, hasColors)}\n`).join(''))
}

/** Writes a text of several lines to stdout like `writeResult`, sanitized. */
export function printResultText(runtime: Runtime, text: string): Promise<boolean> {
	return writeResult(runtime, sanitizeLines(text, getCapabilities(runtime, 'stdout').colorLevel > 0))
}

const severityTones = { error: 'error', warning: 'warning', info: 'info' } as const satisfies Record<Severity, string>

/** The symbol of a severity, in its color. */
export function severitySymbol(styler: Styler, severity: Severity): string {
	const name = severityTones[severity]
	return styler.style(name === 'info' ? 'dim' : name, styler.symbols[name])
}

/** A finding: what happened, why, what to do. Anything to be copied is on a line of its own, unbroken. */
export function formatFinding(styler: Styler, found: DescribedFinding, indent = 0): string[] {
	const tone = severityTones[found.severity]
	const headline = wrap(found.headline, styler.width - indent - 2).map(line =>
		tone === 'info' ? line : styler.style(tone, line),
	)
	return [
		...headline.map((line, index) =>
			margin(indent, index === 0 ? `${severitySymbol(styler, found.severity)} ` : '  ', line),
		),
		...(found.reason === '' ? [] : wrap(found.reason, styler.width - indent - 2)).map(line =>
			margin(indent, '  ', line),
		),
		...formatRemedy(styler, found.remedy, indent + 2),
	]
}

/** The steps of a remedy. */
export function formatRemedy(styler: Styler, steps: readonly string[], indent: number): string[] {
	return steps.flatMap(step => {
		if (isCopyable(step)) return [margin(indent, '    ', styler.style('bold', step))]
		const arrow = `${styler.style('accent', styler.symbols.arrow)} `
		const space = ' '.repeat(styler.symbols.arrow.length + 1)
		return wrap(step, styler.width - indent - space.length).map((line, index) =>
			margin(indent, index === 0 ? arrow : space, line),
		)
	})
}

/** All findings, each once, with a blank line between those that have more than one line. */
export function formatFindings(styler: Styler, findings: readonly Finding[], indent = 0): string[] {
	return uniqueFindings(findings).flatMap(issue => formatFinding(styler, describeFinding(issue), indent))
}

/** A headline with the symbol of its tone, both in color; the rest of the line stays plain. */
export function formatHeadline(styler: Styler, tone: 'success' | 'warning' | 'error', text: string): string {
	return `${styler.style(tone, styler.symbols[tone])} ${styler.style('bold', styler.style(tone, text))}`
}

/** Rows with a dim label in a column of its own. Empty labels continue the row above. */
export function formatLabeledLines(
	styler: Styler,
	rows: readonly (readonly [label: string, text: string])[],
): string[] {
	const width = Math.max(9, ...rows.map(([label]) => label.length))
	return rows.flatMap(([label, text]) =>
		wrap(text, styler.width - width - 4).map(
			(line, index) => `  ${styler.style('dim', (index === 0 ? label : '').padEnd(width))}  ${line}`,
		),
	)
}

/** Rows as in `formatLabeledLines`, with commands to be copied, which are never wrapped. */
export function formatLabeledCommands(
	styler: Styler,
	rows: readonly (readonly [label: string, command: string])[],
): string[] {
	return rows.map(([label, command]) => `  ${styler.style('dim', label.padEnd(9))}  ${styler.style('accent', command)}`)
}

/** A sentence with the success symbol. */
export function successLine(styler: Styler, text: string): string {
	return `${styler.style('success', styler.symbols.success)} ${text}`
}

/** A row of a diff with the number of its line. */
export type NumberedLine = {
	readonly kind: 'same' | 'added' | 'removed' | 'skipped'
	readonly text: string
	readonly oldLine: number | null
	readonly newLine: number | null
}

const diffSigns = { same: ' ', added: '+', removed: '-' } as const

/** A diff as the screens show it: numbered lines, and a mark where lines are left out. */
export function formatDiff(styler: Styler, lines: readonly NumberedLine[]): string[] {
	const numberOf = ({ newLine, oldLine }: NumberedLine) => newLine ?? oldLine ?? 0
	const width = String(Math.max(0, ...lines.map(numberOf))).length + 1
	return lines.flatMap((line, index) => {
		const { kind, text } = line
		if (kind === 'skipped')
			return index === 0 ? [] : [`  ${' '.repeat(width)} ${styler.style('dim', styler.symbols.ellipsis)}`]
		const row =
			`  ${String(numberOf(line)).padStart(width)} ${diffSigns[kind]} ${text.replaceAll('\t', '  ')}`.trimEnd()
		return [kind === 'same' ? row : styler.style(kind === 'added' ? 'success' : 'error', row)]
	})
}

function margin(indent: number, lead: string, text: string): string {
	return `${' '.repeat(indent)}${lead}${text}`.trimEnd()
}

/** Warnings in full (`brief`: without the reason), notes with their headline only. */
export function printNotes(
	runtime: Runtime,
	styler: Styler,
	findings: readonly Finding[],
	options: { brief?: boolean } = {},
): void {
	for (const issue of findings) {
		const described = describeFinding(issue)
		if (described.severity === 'info')
			print(runtime, [`${styler.style('dim', styler.symbols.info)} ${described.headline}`])
		else print(runtime, formatFinding(styler, options.brief ? { ...described, reason: '' } : described))
	}
}
