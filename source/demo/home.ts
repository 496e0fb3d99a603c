// A temporary Mux home like that of an experienced user, for `--demo` and the tests: comments, another provider, a key.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeDirectory } from '../runtime/make-directory.ts'

/** Typical settings. OpenRouter's gateway is turned off, so nothing conflicts with the bridge. */
export const demoSettings = `{
  // personal key, expires in May
  "openai": {
    "apiKey": "sk-proj-demo0demo0demo0demo0demo0demo0demo0",
    "models": ["gpt-5.2-codex"] // the one for refactoring
  },

  /* kept for the weekend, off at work:
     a gateway that is on is asked before OpenAI */
  "openrouter": {
    "apiKey": "sk-or-v1-demo0demo0demo0demo0demo0demo0",
    "enabled": false
  },

  "ollama": {
    "baseUrl": "http://localhost:11434/api", // on this machine
  },
}
`

export type DemoHome = {
	/** The home directory of the demo's user. */
	readonly directory: string
	/** `~/.mux/providers.jsonc` in it. */
	readonly settings: string
	/** The Coder CLI's config directory in it; empty unless a login was requested. */
	readonly coderConfig: string
	/** Removes the directory. */
	remove(): Promise<void>
}

/**
 * Creates a home directory in the temporary directory, readable by its owner only.
 * @param options.settings Text of the settings file; null for none. Default: `demoSettings`.
 * @param options.login The Coder CLI's login, as its files `url` and `session`.
 */
export async function makeDemoHome(
	options: { settings?: string | null; login?: { url: string; session?: string }; temporaryDir?: string } = {},
): Promise<DemoHome> {
	const directory = await mkdtemp(join(options.temporaryDir ?? tmpdir(), 'mux-bridge-wizard-demo-'))
	const muxDir = join(directory, '.mux')
	const settings = join(muxDir, 'providers.jsonc')
	const coderConfig = join(directory, '.config', 'coderv2')
	await makeDirectory(muxDir)
	await makeDirectory(coderConfig)
	const text = options.settings === undefined ? demoSettings : options.settings
	if (text !== null) await writeFile(settings, text, { mode: 0o600 })
	if (options.login) {
		await writeFile(join(coderConfig, 'url'), options.login.url, { mode: 0o600 })
		if (options.login.session !== undefined) {
			await writeFile(join(coderConfig, 'session'), options.login.session, { mode: 0o600 })
		}
	}
	return { directory, settings, coderConfig, remove: () => rm(directory, { recursive: true, force: true }) }
}
