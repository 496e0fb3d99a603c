// A change to the settings file as text: for people on a terminal like on the screens, otherwise as a unified diff.
import { condenseDiff } from '../mux/settings/condense-diff.ts'
import { type DiffLine, unifiedDiff } from '../mux/settings/diff.ts'
import { formatDiff, isTerminal } from '../terminal/print.ts'
import type { Styler } from '../terminal/styler.ts'

export function showDiff(styler: Styler, lines: readonly DiffLine[], path: string): string[] {
	return isTerminal(styler)
		? formatDiff(styler, condenseDiff(lines))
		: unifiedDiff(lines, path).split('\n').slice(0, -1)
}
