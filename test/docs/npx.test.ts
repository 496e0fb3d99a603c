// npm asks on stdout before it installs a package, so a command whose output is captured must not let it ask. These
// tests run such commands of the pages by the real npx, on a terminal, with an empty cache, from a registry on loopback.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { helpText } from '../../source/commands/help.ts'
import { commandNames } from '../../source/commands/options.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { findProgram, requireProgram } from '../tools.ts'
import { named, setUp, toRun } from './page-commands.ts'
import { pages } from './pages.ts'
import { npmEnvironment, openRegistry } from './registry.ts'

const directory = mkdtempSync(join(tmpdir(), 'registry-'))
let registry: Awaited<ReturnType<typeof openRegistry>>
beforeAll(async () => {
	registry = await openRegistry(directory)
})
afterAll(async () => {
	await registry?.close()
	rmSync(directory, { recursive: true, force: true })
})
afterEach(endSessions)

/** Whether a program reads the output, or a file gets it; `--json` and `--print-env` are there for that. */
const isCaptured = (text: string) =>
	/\bnpx (?:--yes )?mux/.test(text) &&
	(/\(npx|\bnpx [^|#\n]*(?:\||>)/.test(text) || / --(?:json|print-env)\b/.test(text))

const captured = toRun.filter(({ text }) => isCaptured(text) && !text.startsWith('#!'))

describe('commands whose output is captured', () => {
	it('never let npm ask: in the pages, the remedies and the help', () => {
		const help = [undefined, ...commandNames.filter(name => name !== 'configure')].flatMap(about =>
			helpText(about, 80).split('\n'),
		)
		const texts = [...pages.flatMap(page => [...page.blocks.map(({ text }) => text), ...page.codes]), ...help]
		const lines = texts.flatMap(text => text.split('\n')).filter(isCaptured)
		expect(lines.length).toBeGreaterThan(20)
		expect(lines.filter(line => !line.includes('npx --yes mux-bridge-wizard'))).toEqual([])
	})

	it.for(named(captured))('get only the result by the real npx: %s', async ([, command], context) => {
		const shell = ['pwsh', 'cmd'].includes(command.shell) ? null : requireProgram(context, command.shell)
		const { home, env, text, cwd } = await setUp(command)
		const script = shell ? withResult(text) : `${text.split(/ [|>] ?/)[0]} > result`
		const session = await startInTerminal({
			command: shell ?? '/bin/sh',
			args: ['-c', script],
			home,
			cwd,
			// The real npx, in place of the one that starts the built program.
			env: { ...env, PATH: env.PATH.slice(env.PATH.indexOf(':') + 1), ...npmEnvironment(registry.url, home) },
		})
		const before = registry.requests.length
		expect(await session.exit, session.scrollback()).toEqual({ code: 0, signal: null })
		expect(registry.requests.slice(before).filter(request => request.endsWith('.tgz'))).toHaveLength(1)
		const result = readFileSync(resultFile(text, env, cwd), 'utf8')
		expect(result).not.toMatch(/Need to install|Ok to proceed/)
		const start = result.startsWith('{')
			? /^\{\n {2}"version": 1,/
			: /^\W?(?:[a-z]+[ :.]"?)?(?:ANTHROPIC_|\w{10}-\w{22} http|coder_w)/
		expect(result).toMatch(start)
		expect(result).toMatch(/ANTHROPIC_BASE_URL|aibridge\/anthropic|"programVersion"/)
	})

	it("are run by this system's shells", () => {
		const shells = new Set(captured.map(({ shell }) => shell).filter(shell => findProgram(shell)))
		expect([...shells]).toEqual(expect.arrayContaining(['sh', 'bash']))
		expect(captured.length).toBeGreaterThan(10)
	})
})

/** Where the output ends up: the file that the command names, or `result`. */
function resultFile(text: string, env: Readonly<Record<string, string>>, cwd: string): string {
	const [, named] = /(?:>>?|save --force) "?([^\s"&]+)/.exec(text) ?? []
	const path = named?.replace('$GITHUB_ENV', env['GITHUB_ENV'] ?? '')
	if (path && existsSync(join(cwd, path))) return join(cwd, path)
	return path?.startsWith('/') ? path : join(cwd, 'result')
}

/** The command, followed by one that writes what it set. */
function withResult(text: string): string {
	if (/>|save --force/.test(text)) return text
	if (/\$\(npx|\| source/.test(text)) return `${text}\nprintf %s "$ANTHROPIC_API_KEY $ANTHROPIC_BASE_URL" > result`
	return `${text} > result`
}
