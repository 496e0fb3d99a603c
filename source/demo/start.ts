// `--demo`: runs the program against its own deployment on loopback and a temporary Mux home, so that everything can be
// tried without a Coder deployment.
import { readFile } from 'node:fs/promises'
import type { Env, Runtime } from '../runtime/runtime.ts'
import { startDemo } from './deployment.ts'
import { demoSettings, makeDemoHome } from './home.ts'

export type RunningDemo = {
	/** The runtime with the demo's home: it sees none of the user's own settings and logins. */
	readonly runtime: Runtime
	/** Stops the deployment. Says where changed files are; removes them if nothing was changed. */
	close(): Promise<void>
}

/** Variables that would lead outside the demo. */
const leadsOut =
	/^(?:CODER|OPENAI|ANTHROPIC|MUX|XUM|AWS|OPENROUTER|GITHUB_COPILOT)(?:_|$)|^(?:https?|all|no)_proxy$|^XDG_CONFIG_HOME$/i

/**
 * Starts the deployment, creates the home, and says on stderr where its files are and which token to paste. `loggedIn`:
 * the token is in the environment, for a run without questions.
 */
export async function startDemoSession(
	runtime: Runtime,
	options: { readonly loggedIn?: boolean } = {},
): Promise<RunningDemo> {
	const demo = await startDemo({ hostname: '127.0.0.1' })
	const home = await makeDemoHome()
	const columns = ('columns' in runtime.stderr ? runtime.stderr.columns : undefined) ?? 80
	runtime.stderr.write(
		`${[
			'Demo: a local Coder deployment and a temporary Mux home.',
			`  Deployment  ${demo.url}`,
			`  Files       ${home.directory}`,
			// The demo's token gives access to nothing but the demo; its user is meant to paste it, unbroken.
			...(columns < 48 ? ['  Token', demo.token.reveal()] : [`  Token       ${demo.token.reveal()}`]),
		].join('\n')}\n\n`,
	)
	const env: Env = Object.fromEntries(Object.entries(runtime.env).filter(([name]) => !leadsOut.test(name)))
	return {
		runtime: {
			...runtime,
			env: {
				...env,
				CODER_URL: demo.url,
				...(options.loggedIn ? { CODER_SESSION_TOKEN: demo.token.reveal() } : {}),
			},
			homeDir: home.directory,
			cwd: home.directory,
			hostname: 'laptop',
		},
		async close() {
			await demo.close()
			if ((await readFile(home.settings, 'utf8')) === demoSettings) return home.remove()
			runtime.stderr.write(
				`${[
					'',
					`Demo: ~ above is ${home.directory}, and not your home. To take its change back:`,
					`  npx mux-bridge-wizard undo --settings ${home.settings}`,
				].join('\n')}\n`,
			)
		},
	}
}
