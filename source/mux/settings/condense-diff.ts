// A module of its own, because the screens need it before anything that makes a diff is loaded.
import type { DiffLine } from './diff.ts'

/** The same diff with fewer unchanged lines around each change; what is left out becomes a `skipped` row. */
export function condenseDiff(lines: readonly DiffLine[], around = 1): DiffLine[] {
	const isNear = (index: number) =>
		lines.slice(Math.max(0, index - around), index + around + 1).some(line => /^(?:added|removed)$/.test(line.kind))
	const condensed: DiffLine[] = []
	for (const [index, line] of lines.entries()) {
		if (line.kind !== 'skipped' && (line.kind !== 'same' || isNear(index))) condensed.push(line)
		else if (condensed.at(-1)?.kind !== 'skipped')
			condensed.push({ kind: 'skipped', text: '', oldLine: null, newLine: null })
	}
	if (condensed.at(-1)?.kind === 'skipped') condensed.pop()
	return condensed
}
