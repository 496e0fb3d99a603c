// Where a token can be stored, with the trade-off of each place in one line.
/** A storage option with its trade-off in one line. */
export type TokenPage = {
	readonly in: 'settings' | 'token-file' | 'cli-session'
	/** Absolute path for `apiKeyFile`; absent for a copy in the settings. */
	readonly path?: string
	readonly title: string
	readonly tradeOff: string
}

/**
 * The options. The Coder CLI's session file is one only if the token is that very session: Mux then picks up each new
 * session by itself (docs/contracts/mux.md#22-fields-of-openai-and-anthropic: `apiKeyFile` is read at every request).
 */
export function getTokenPages(files: { tokenFile: string; cliSession: string | null }): TokenPage[] {
	return [
		{
			in: 'settings',
			title: 'In the settings file',
			tradeOff: "One file, and Mux's Settings page shows that a key is set.",
		},
		{
			in: 'token-file',
			path: files.tokenFile,
			title: 'In a separate file',
			tradeOff: 'Only you can read it (0600), so the settings can be shared or kept in git.',
		},
		...(files.cliSession === null
			? []
			: [
					{
						in: 'cli-session' as const,
						path: files.cliSession,
						title: 'Follow my Coder CLI login',
						tradeOff: 'Mux always uses your current login; `coder logout` disconnects Mux.',
					},
				]),
	]
}
