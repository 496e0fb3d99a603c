// Opens a web page in the user's browser, where somebody would see it.
import { detectAgent, isVariableSet } from './agents.ts'
import type { Runtime } from './runtime.ts'

/**
 * The command that opens `url`, or null if there is no browser: in CI, for an agent, over SSH or without a display, and
 * with BROWSER set to nothing or `none`. A command in BROWSER is used over SSH too: editors set one that opens the page
 * on the user's own machine.
 */
export function getBrowserCommand(
	url: string,
	{ env, platform }: Pick<Runtime, 'env' | 'platform'>,
): readonly [command: string, ...args: string[]] | null {
	if (!/^https?:\/\/[\u0021-\u007e]+$/.test(url)) return null
	// Nobody looks at a browser that an agent opens.
	if (isVariableSet(env, 'CI') || detectAgent(env)) return null
	const named = env['BROWSER']?.split(platform === 'win32' ? ';' : ':')[0]?.trim()
	if (named !== undefined) {
		if (named === '' || named === 'none') return null
		const [command = '', ...args] = named.split(/\s+/)
		const filled = args.map(arg => arg.replaceAll('%s', url))
		return [command, ...(named.includes('%s') ? filled : [...args, url])]
	}
	if (env['SSH_CONNECTION'] || env['SSH_TTY']) return null
	if (platform === 'darwin') return ['open', url]
	if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
	return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : null
}

/** Opens a URL in the browser and doesn't wait for it. False if there is none, or if it can't be started. */
export async function openBrowser(url: string, runtime: Pick<Runtime, 'env' | 'platform'>): Promise<boolean> {
	const browser = getBrowserCommand(url, runtime)
	if (!browser) return false
	const [command, ...args] = browser
	const { spawn } = await import('node:child_process')
	return new Promise(resolve => {
		const child = spawn(command, args, { detached: true, stdio: 'ignore' })
		child.once('error', () => resolve(false))
		child.once('spawn', () => {
			child.unref()
			resolve(true)
		})
	})
}
