// Findings, rows and receipts as plain lines: coloured where the stream is a terminal that has colours, wrapped to its
// window, and left whole where somebody may search or cut them.
import { isCopyable } from '../findings/copyable.ts'
import { type DescribedFinding, describe, type Finding, type Severity } from '../findings/finding.ts'
import type { Host } from '../host.ts'
import type { ReceiptLook } from '../setup/receipt.ts'
import { capabilitiesOf, colorDepthOf } from '../terminal/capabilities.ts'
import { type Marks, marksFor } from '../terminal/marks.ts'
import { wrap } from './wrap.ts'

export type Tone = 'good' | 'warning' | 'bad' | 'accent' | 'quiet' | 'strong'

/** How lines for one stream are drawn. */
export type Pen = {
	readonly marks: Marks
	/** Cells in a line; Infinity where lines are not wrapped. */
	readonly width: number
	paint(tone: Tone, text: string): string
}

/** SGR parameters: on and off. The 16 colours that users have set to taste, never a background. */
const colours: Readonly<Record<Tone, readonly [number, number]>> = {
	good: [32, 39],
	warning: [33, 39],
	bad: [31, 39],
	accent: [36, 39],
	quiet: [2, 22],
	strong: [1, 22],
}

/** The widest line that is still read with ease. */
const widest = 100

/** The pen for a stream of the host; `plain` has no colours. */
export function penFor(host: Host, stream: 'stdout' | 'stderr', options: { readonly plain?: boolean } = {}): Pen {
	const target = host[stream]
	const isTTY = target.isTTY === true
	const colorDepth = isTTY ? colorDepthOf(target, host.environment) : 1
	const { colorLevel, unicode } = capabilitiesOf(host.environment, host.platform, { isTTY, colorDepth })
	const coloured = colorLevel > 0 && !options.plain
	const columns = isTTY && 'columns' in target ? target.columns : undefined
	return {
		marks: marksFor(unicode),
		width: columns ? Math.min(columns, widest) : Number.POSITIVE_INFINITY,
		paint(tone, text) {
			const [on, off] = colours[tone]
			return coloured && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text
		},
	}
}

/** Writes lines to standard error. */
export function say(host: Host, lines: readonly string[]): void {
	if (lines.length > 0) host.stderr.write(lines.map(line => `${line}\n`).join(''))
}

const severityTones = { error: 'bad', warning: 'warning', info: 'info' } as const satisfies Record<Severity, string>

/** The mark of a severity, in its colour. */
export function severityMark(pen: Pen, severity: Severity): string {
	const name = severityTones[severity]
	return pen.paint(name === 'info' ? 'quiet' : name, pen.marks[name])
}

/** A finding: what is wrong, why, what to do. What is to be copied stands alone on its line, in one piece. */
export function findingLines(pen: Pen, found: DescribedFinding, indent = 0): string[] {
	const tone = severityTones[found.severity]
	const headline = wrap(found.headline, pen.width - indent - 2).map(line =>
		tone === 'info' ? line : pen.paint(tone, line),
	)
	return [
		...headline.map((line, index) =>
			margin(indent, index === 0 ? `${severityMark(pen, found.severity)} ` : '  ', line),
		),
		...(found.reason === '' ? [] : wrap(found.reason, pen.width - indent - 2)).map(line => margin(indent, '  ', line)),
		...remedyLines(pen, found.remedy, indent + 2),
	]
}

/** The steps of a remedy, one after the other. */
export function remedyLines(pen: Pen, steps: readonly string[], indent: number): string[] {
	return steps.flatMap(step => {
		if (isCopyable(step)) return [margin(indent, '    ', pen.paint('strong', step))]
		const arrow = `${pen.paint('accent', pen.marks.arrow)} `
		const space = ' '.repeat(pen.marks.arrow.length + 1)
		return wrap(step, pen.width - indent - space.length).map((line, index) =>
			margin(indent, index === 0 ? arrow : space, line),
		)
	})
}

/** Every finding with its words, each once, an empty line between those that have more than one line. */
export function findingsLines(pen: Pen, findings: readonly Finding[], indent = 0): string[] {
	return distinct(findings).flatMap(found => findingLines(pen, describe(found), indent))
}

/** Findings without repeats: a fault of the whole file is found for each provider. */
export function distinct(findings: readonly Finding[]): Finding[] {
	const seen = new Map(findings.map(found => [JSON.stringify([found.code, found.subject, found.details]), found]))
	return [...seen.values()]
}

/** How a receipt looks in these colours. */
export function receiptLook(pen: Pen): ReceiptLook {
	return { mark: pen.paint('good', pen.marks.good), quiet: text => pen.paint('quiet', text) }
}

/** A sentence with the mark of what went well. */
export function goodLine(pen: Pen, text: string): string {
	return `${pen.paint('good', pen.marks.good)} ${text}`
}

/** A unified diff's text in colours. */
export function paintDiff(pen: Pen, diff: string): string {
	const toneOf = (line: string): Tone | null => {
		if (line.startsWith('+++') || line.startsWith('---')) return 'strong'
		return line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : line.startsWith('@@') ? 'accent' : null
	}
	return diff
		.split('\n')
		.map(line => {
			const tone = toneOf(line)
			return tone ? pen.paint(tone, line) : line
		})
		.join('\n')
}

function margin(indent: number, lead: string, text: string): string {
	return `${' '.repeat(indent)}${lead}${text}`.trimEnd()
}

/** Warnings with all their words (`brief`: without the reason), notes with their headline. */
export function tellNotes(host: Host, pen: Pen, findings: readonly Finding[], options: { brief?: boolean } = {}): void {
	for (const found of findings) {
		const described = describe(found)
		if (described.severity === 'info') say(host, [`${pen.paint('quiet', pen.marks.info)} ${described.headline}`])
		else say(host, findingLines(pen, options.brief ? { ...described, reason: '' } : described))
	}
}
