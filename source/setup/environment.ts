// What in the environment of this shell keeps Mux from working, or makes it unsafe, whatever its settings say.
import { existsSync } from 'node:fs'
import { findProxyFault } from '../coder/http/proxy.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { type Runtime, resolvePath } from '../runtime/runtime.ts'

/** `caFile`: the authorities that the wizard trusts in addition, which Mux doesn't know. */
export function findEnvironmentIssues(runtime: Pick<Runtime, 'env' | 'cwd' | 'homeDir'>, caFile?: string): Finding[] {
	const { env } = runtime
	const issues: Finding[] = []
	const fault = findProxyFault(env)
	if (fault) issues.push(finding('proxy-url-invalid', 'environment', { variable: fault.variable, why: fault.why }))
	if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') issues.push(finding('tls-verification-off', 'environment'))
	const file = caFile && !env['NODE_EXTRA_CA_CERTS'] ? resolvePath(runtime, caFile) : null
	// A file that doesn't exist is an error of its own.
	if (file && existsSync(file)) issues.push(finding('ca-file-unknown-to-mux', 'environment', { file }))
	return issues
}
