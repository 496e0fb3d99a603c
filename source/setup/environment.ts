// What in the environment of this shell keeps Mux from working, or makes it unsafe, whatever its settings say.
import { findProxyFault } from '../coder/http/proxy.ts'
import { type Finding, finding } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** `caFile`: the authorities that the wizard trusts in addition, which Mux doesn't know. */
export function findEnvironmentIssues({ env }: Pick<Runtime, 'env'>, caFile?: string): Finding[] {
	const issues: Finding[] = []
	const fault = findProxyFault(env)
	if (fault) issues.push(finding('proxy-url-invalid', 'environment', { variable: fault.variable, why: fault.why }))
	if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') issues.push(finding('tls-verification-off', 'environment'))
	if (caFile && !env['NODE_EXTRA_CA_CERTS'])
		issues.push(finding('ca-file-unknown-to-mux', 'environment', { file: caFile }))
	return issues
}
