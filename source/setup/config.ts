import type { Deployment, Route } from '../coder/deployment-url.ts'
import type { Finding } from '../findings/finding.ts'
import type { ProviderTarget } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'

/**
 * Where the token is stored: in the settings file (`settings`), or in a file named by `apiKeyFile`: one of the wizard's
 * own (`token-file`; each token has one of its own, so a plan may name another path) or the session file of the Coder CLI (`cli-session`).
 */
export type TokenStorage =
	| { readonly in: 'settings' }
	| { readonly in: 'token-file' | 'cli-session'; readonly path: string }

/** Everything that a plan is made from, whether it was asked on screens, line by line, or given by flags. */
export type SetupConfig = {
	readonly targets: readonly ProviderTarget[]
	readonly deployment: Deployment
	readonly route: Route
	readonly token: Secret
	/** Ids of accepted fixes. */
	readonly fixes: readonly string[]
	readonly storage: TokenStorage
}

/** What the company's file of defaults adds to a run, beside values for options. */
export type CompanyInfo = {
	/** The Coder URL; variables have priority. */
	readonly url?: string
	/** Where the values come from, for the screen: "from /etc/mux-bridge-wizard.json". */
	readonly from: string
	/** The providers are the company's. */
	readonly namesProviders: boolean
	/** Which values are used, and what is wrong with the file. */
	readonly findings: readonly Finding[]
}
