/** The exit codes that scripts can rely on, with the texts of `--help` and the README. */
export const exitCodes = {
	0: 'done, or nothing to do',
	1: 'a check failed',
	2: 'wrong usage, or an answer is missing',
	3: 'the token was refused',
	4: 'network, TLS or proxy',
	5: 'the settings file (syntax, permission, lock, changed meanwhile)',
	6: 'the deployment has no working AI Bridge',
	70: 'a bug in the wizard',
	130: 'cancelled',
} as const

export type ExitCode = keyof typeof exitCodes
