// Steps of a remedy that people copy: each is on a line of its own, unbroken.

const commands: ReadonlySet<string> = new Set([
	...['cat', 'npx', 'npm', 'node', 'coder', 'mux', 'winpty', 'sudo', 'ssh', 'curl', 'eval', 'source'],
	...['export', 'set', 'setx', 'unset', 'Remove-Item'],
	...['chmod', 'mv', 'cp', 'rm', 'ln', 'ls', 'ps', 'df'],
])

export function isUrl(step: string): boolean {
	return (step.startsWith('https://') || step.startsWith('http://')) && !step.includes(' ')
}

/** A sentence may start with the name of a command; it ends with a period, or contains a colon. */
function isCommand(step: string): boolean {
	const [first = ''] = step.split(' ', 1)
	return (commands.has(first) || first.startsWith('$env:')) && !/[.,;:]$|: /.test(step)
}

/** A URL or a command. */
export function isCopyable(step: string): boolean {
	return isUrl(step) || isCommand(step)
}
