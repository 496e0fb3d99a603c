import { type Conflict, type Fix, getConflicts } from '../mux/conflicts/find.ts'
import type { MuxContext } from '../mux/context.ts'
import type { SetupConfig } from './config.ts'

/** The fixes that were accepted. */
export function selectFixes(muxContext: MuxContext, { fixes, targets }: SetupConfig): Fix[] {
	if (fixes.length === 0) return []
	return distinctFixes(targets.flatMap(target => getConflicts(muxContext, target))).filter(fix =>
		fixes.includes(fix.id),
	)
}

/** Fixes that two providers share, such as turning a gateway off, once. */
export function distinctFixes(conflicts: readonly Conflict[]): Fix[] {
	return [...new Map(conflicts.flatMap(({ fix }) => (fix ? [[fix.id, fix] as const] : []))).values()]
}
