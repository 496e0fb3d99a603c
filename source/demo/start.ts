// `--demo`: the program against a deployment of its own on loopback and a Mux home that is thrown away, so that
// everything can be tried without a Coder deployment.
import { readFile } from 'node:fs/promises'
import type { Env, Runtime } from '../runtime/runtime.ts'
import { startDemo } from './deployment.ts'
import { demoSettings, makeDemoHome } from './home.ts'

export type RunningDemo = {
	/** The host as it is in the demo's home: nothing of the user's own settings and logins is seen. */
	readonly runtime: Runtime
	/** Ends the deployment. Says where the files are that were changed; removes them where none was. */
	close(): Promise<void>
}

/** Variables that would lead out of the demo. */
const leadsOut =
	/^(?:CODER|OPENAI|ANTHROPIC|MUX|XUM|AWS|OPENROUTER|GITHUB_COPILOT)(?:_|$)|^(?:https?|all|no)_proxy$|^XDG_CONFIG_HOME$/i

/**
 * Starts the deployment, makes the home, and says on stderr where its files are and which token to paste. `loggedIn`:
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
			'Demo: a Coder deployment on this machine, and a Mux home to throw away.',
			`  Deployment  ${demo.url}`,
			`  Files       ${home.directory}`,
			// The demo's own token opens nothing but the demo: this is what its user is to paste, in one piece.
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
