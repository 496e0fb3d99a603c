/** The exit codes that scripts can rely on, with the texts of `--help` and the README. */
export const exitCodes = {
	0: 'success, or nothing to do',
	1: 'a check failed',
	2: 'invalid usage, or missing input',
	3: 'the token was rejected',
	4: 'network, TLS or proxy error',
	5: 'settings file error (syntax, permission, lock, concurrent change)',
	6: "AI Bridge isn't available",
	70: 'internal error',
	130: 'cancelled',
} as const

export type ExitCode = keyof typeof exitCodes
