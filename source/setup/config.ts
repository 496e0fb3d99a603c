import type { Deployment, Route } from '../coder/deployment-url.ts'
import type { ProviderTarget } from '../providers.ts'
import type { Secret } from '../secrets/secret.ts'

/**
 * Where the token stands: its text in the settings file (`settings`), or a path in `apiKeyFile`: a file of the wizard's
 * own (`token-file`) or the session file of the Coder CLI (`cli-session`).
 */
export type TokenStorage =
	| { readonly in: 'settings' }
	| { readonly in: 'token-file' | 'cli-session'; readonly path: string }

/** Name of the wizard's own file for the token, in Mux's directory. */
export const tokenFileName = 'coder-session-token'

/** All that a plan is made from, however it was asked: on screens, line by line, or by flags. */
export type SetupConfig = {
	readonly targets: readonly ProviderTarget[]
	readonly deployment: Deployment
	readonly route: Route
	readonly token: Secret
	/** Ids of accepted fixes. */
	readonly fixes: readonly string[]
	readonly storage: TokenStorage
}
