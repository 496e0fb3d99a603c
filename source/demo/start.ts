// `--demo`: runs the program against its own deployment on loopback and a temporary Mux home, so that everything can be
// tried without a Coder deployment.
import { rmSync } from 'node:fs'
import { formatProgramCommand, setDemoCommand } from '../program-command.ts'
import type { Env, Runtime } from '../runtime/runtime.ts'
import { startDemo } from './deployment.ts'
import { makeDemoHome } from './home.ts'

export type RunningDemo = {
	/** The runtime with the demo's home: it sees none of the user's own settings and logins. */
	readonly runtime: Runtime
	/** Stops the deployment and removes the home directory. */
	close(): Promise<void>
	/** Removes the home directory at once, for a process that is about to end. */
	removeHome(): void
}

/** Variables that would lead outside the demo. */
const leadsOut =
	/^(?:CODER|OPENAI|ANTHROPIC|MUX|XUM|AWS|OPENROUTER|GITHUB_COPILOT)(?:_|$)|^(?:https?|all|no)_proxy$|^XDG_CONFIG_HOME$/i

/**
 * Starts the deployment, creates the home, and says on stderr where its files are. `loggedIn`: the token is in the
 * environment, for a run without questions; otherwise the Coder CLI of the demo's user is logged in.
 */
export async function startDemoSession(
	runtime: Runtime,
	options: { readonly loggedIn?: boolean } = {},
): Promise<RunningDemo> {
	const realCommand = formatProgramCommand('')
	setDemoCommand()
	const demo = await startDemo({ hostname: '127.0.0.1' })
	const token = demo.token.reveal()
	const home = await makeDemoHome(options.loggedIn ? {} : { login: { url: demo.url, session: token } })
	runtime.stderr.write(
		`${[
			'Demo: a local Coder deployment and a temporary home directory.',
			`  Deployment  ${demo.url}`,
			`  Files       ${home.directory}`,
		].join('\n')}\n\n`,
	)
	const env: Env = Object.fromEntries(Object.entries(runtime.env).filter(([name]) => !leadsOut.test(name)))
	return {
		runtime: {
			...runtime,
			env: { ...env, CODER_URL: demo.url, ...(options.loggedIn ? { CODER_SESSION_TOKEN: token } : {}) },
			homeDir: home.directory,
			cwd: home.directory,
			hostname: 'laptop',
		},
		async close() {
			await demo.close()
			await home.remove()
			runtime.stderr.write(
				`\nThe demo's files are removed.\nYour own settings are as they were.\nTo set up Mux, run:\n  ${realCommand}\n`,
			)
		},
		removeHome: () => rmSync(home.directory, { recursive: true, force: true }),
	}
}
