// What Mux would do with export lines.
import type { Finding } from '../findings/finding.ts'
import { severityOf } from '../findings/severity.ts'
import type { MuxContext } from '../mux/context.ts'
import { wrapCredential } from '../mux/credential.ts'
import type { SetupConfig } from './config.ts'
import type { SetupContext } from './context.ts'
import { exportVariables } from './export-variables.ts'
import { type ContextJudgement, judgeContext } from './judge-context.ts'

/** Errors are warnings here: the variables may be for another machine. */
export type ExportEffect = Pick<ContextJudgement, 'findings' | 'usedByMux'>

/** What Mux would do with the variables in its environment, with the settings file as it is or as given. */
export function judgeExports(
	context: SetupContext,
	config: SetupConfig,
	muxContext: MuxContext = context.muxContext,
): ExportEffect {
	const variables = exportVariables(config).map(({ name, value }) => [
		name,
		typeof value === 'string' ? value : value.inspect(wrapCredential),
	])
	const env = { ...muxContext.env, ...Object.fromEntries(variables) }
	const { findings, usedByMux } = judgeContext({ ...muxContext, env }, config, context.environmentIssues)
	const asWarning = (issue: Finding): Finding =>
		severityOf(issue) === 'error' ? { ...issue, severity: 'warning' } : issue
	return { findings: findings.map(asWarning), usedByMux }
}
