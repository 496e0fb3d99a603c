// The values of one run of the wizard without questions, shared by --yes, --dry-run and --print-env.
import type { HttpClient } from '../coder/http/types.ts'
import type { Finding } from '../findings/finding.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { SetupConfig } from '../setup/config.ts'
import type { SetupContext } from '../setup/context.ts'
import type { CheckReport } from '../setup/verify.ts'
import type { Styler } from '../terminal/print.ts'
import type { ConfigureInvocation } from './invocation.ts'
import type { TokenOrigin } from './json-result.ts'
import type { ResolvedConfig } from './resolve-config.ts'

/** What a run knows before the first request to the deployment. */
export type ConfigureRun = {
	readonly runtime: Runtime
	readonly invocation: ConfigureInvocation
	readonly context: SetupContext
	readonly resolved: ResolvedConfig
	/** Null if nothing is to be asked. */
	readonly client: HttpClient | null
	readonly styler: Styler
	readonly signal: AbortSignal
}

/** What a run knows after the checks. */
export type PreparedRun = ConfigureRun & {
	readonly answers: SetupConfig
	/** Null with `--no-check`. */
	readonly report: CheckReport | null
	/** Worth mentioning, although nothing failed. */
	readonly findings: readonly Finding[]
	/** Where the token comes from, for JSON. */
	readonly tokenOrigin: TokenOrigin
	/** The token was created in this run. */
	readonly hasMadeToken: boolean
	/** Called once the token is stored where Mux will use it; after that it is never revoked. */
	readonly onTokenUsed: () => void
}
