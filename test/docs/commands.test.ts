// Every command of the pages is run as it stands there, by the shell that it is written for, against a demo deployment.
// What is replaced: `npx mux-bridge-wizard` is the built program, https://coder.example.com is the demo's address.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import { demoSettings } from '../../source/demo/home.ts'
import { shellIds, shellUses } from '../../source/shell/languages.ts'
import { makeHome, openDemo, program, run } from '../commands/program.ts'
import type { Demo, DemoOptions } from '../fake-coder/fake-coder.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { findProgram, requireProgram } from '../tools.ts'
import { type Page, pageAt, pages, root } from './pages.ts'

afterEach(endSessions)

type Command = {
	readonly page: string
	readonly line: number
	/** Program that reads the text after `-c`. */
	readonly shell: string
	readonly text: string
	readonly env: Readonly<Record<string, string>>
}

/**
 * What the pages say about the surroundings of their commands: inside a workspace and in the steps of a runner there are
 * variables. Elsewhere a command has to bring all that it needs.
 */
const surroundings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'docs/administrators.md': { CODER: 'true', CODER_AGENT_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' },
	'docs/ssh-and-workspaces.md': { CODER: 'true', CODER_AGENT_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' },
	'the table of shells': { CODER_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' },
	// Its commands are steps out of some trouble, for somebody who has answered the questions once.
	'docs/troubleshooting.md': { CODER_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' },
}

/** What is not run here, each with where it is. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
	[/^npm (?:ci|start|test|run)\b/, 'the project itself: held to package.json, below'],
	[/^coder tokens remove (?:TOKEN-NAME|[A-Za-z0-9]{10})$/, 'deletes a token by the Coder CLI'],
	[/^export (?:HTTPS_PROXY|NO_PROXY|NODE_EXTRA_CA_CERTS)=/, 'one assignment, for the reader’s own network'],
	[/^unset [A-Z_]+$/, 'one variable of the reader’s'],
	[/^(?:ls|ps|df) -/, 'looks at the reader’s own files, processes and disks'],
	[/^(?:ls|rm|rm -r|chmod 600) \/home\/ana\//, 'the lock, list and backups of the example'],
]

const shellsOfBlocks: Readonly<Record<string, string>> = { sh: 'sh', bash: 'bash', zsh: 'zsh', fish: 'fish' }

const commands: readonly Command[] = pages.flatMap(page => {
	const of = (text: string, line: number, shell = 'sh', more = {}): Command => ({
		...{ page: page.path, line, shell, text },
		// The table of shells says above it which variables it counts on.
		env: { ...surroundings[Object.values(shellUses).includes(text) ? 'the table of shells' : page.path], ...more },
	})
	const inBlocks = page.blocks.flatMap(({ language, text, line }) => {
		const shell = shellsOfBlocks[language]
		if (shell) return [of(text, line, shell)]
		if (language === 'yaml') return stepsOf(text).map(step => of(step.run, line, 'bash', step.env))
		// Pages of findings show each command of a remedy in a block of its own.
		if (language === 'text' && page.path === 'docs/troubleshooting.md' && !isAddress(text)) return [of(text, line)]
		return []
	})
	const inText = page.codes.filter(isCall).map(text => of(text, lineOf(page, text), shellFor(text)))
	return [...inBlocks, ...inText]
})

/** What is to be copied there and is no command. */
function isAddress(text: string): boolean {
	return /^https?:\/\/\S+$/.test(text)
}

/** A call in the running text; the usage lines of the table of commands are none. */
function isCall(text: string): boolean {
	const call =
		/^(?:(?:eval "\$|source <)?\(|cat \S+ \| )?(?:npx (?:--yes )?mux-bridge-wizard|mux-bridge-wizard completion)\b/
	return call.test(text) && !/[[{…]| bash\|/.test(text)
}

/** The shell that a line of the table of shells is for; null parts of it run where that shell is missing. */
function shellFor(text: string): string {
	const completing = /completion (bash|zsh|fish)/.exec(text)?.[1]
	if (completing) return completing
	const id = shellIds.find(each => shellUses[each] === text)
	const named: Readonly<Record<string, string>> = { fish: 'fish', powershell: 'pwsh', nu: 'nu', cmd: 'cmd' }
	return (id && named[id]) ?? 'sh'
}

function lineOf(page: Page, text: string): number {
	return page.prose.split('\n').findIndex(line => line.includes(text.replaceAll('|', '\\|')) || line.includes(text)) + 1
}

/** The `run:` of each step of a workflow, with the variables beneath it. */
function stepsOf(yaml: string): { run: string; env: Record<string, string> }[] {
	return [...yaml.matchAll(/- run: (.+)\n((?: {8,}.+\n?)*)/g)].map(([, run, rest]) => ({
		run: run!,
		env: Object.fromEntries(
			[...(rest ?? '').matchAll(/^ +([A-Z_]+): \$\{\{ secrets\.CODER_SESSION_TOKEN \}\}$/gm)].map(([, name]) => [
				name!,
				'TOKEN',
			]),
		),
	}))
}

/** Commands that open the wizard, or ask for consent, want a person at a terminal. */
function asks(text: string): boolean {
	if (/wizard remove/.test(text)) return !/ --yes| --dry-run/.test(text)
	const silent = /wizard (?:check|undo|completion)| (?:--yes|-y|--dry-run|--print-env|--help|--version|-V)\b/
	return !silent.test(text.replace(/npx --yes/g, 'npx'))
}

/** The deployment of the pages: one with an instance that is not named like a provider of Mux. */
const instances: NonNullable<DemoOptions['providers']> = [
	{ name: 'openai', protocol: 'openai', models: ['gpt-5.2-codex'] },
	{ name: 'anthropic', protocol: 'anthropic', models: ['claude-sonnet-4-6'] },
	{ name: 'bedrock', protocol: 'anthropic', models: ['claude-sonnet-4-6'] },
]

async function setUp(command: Command) {
	const demo = await openDemo({ providers: instances })
	const token = demo.token.reveal()
	const home = makeHome({
		'.mux/providers.jsonc': demoSettings,
		'work/token': `${token}\n`,
		'work/company-ca.pem': `${rootCertificates[0]}\n`,
	})
	const bin = join(home, 'bin')
	mkdirSync(bin)
	const wizard = `exec '${process.execPath}' '${program}' "$@"\n`
	const place = (name: string, script: string) =>
		writeFileSync(join(bin, name), `#!/bin/sh\n${script}`, { mode: 0o755 })
	place('mux-bridge-wizard', wizard)
	place('npx', `[ "$1" = --yes ] && shift\n[ "$1" = mux-bridge-wizard ] || exit 99\nshift\n${wizard}`)
	place('coder', `[ "$1 $2" = 'login token' ] && echo '${token}'\n`)
	const filled = (text: string) => text.replaceAll('TOKEN', token).replaceAll('URL', demo.url)
	const env = {
		...Object.fromEntries(Object.entries(command.env).map(([name, value]) => [name, filled(value)])),
		PATH: `${bin}:${process.env['PATH']}`,
		GITHUB_ENV: join(home, 'work/github-env'),
	}
	const text = command.text
		.replaceAll('https://coder.example.com', demo.url)
		.replaceAll('http://coder.internal', demo.url)
		.replaceAll('/path/to/company-ca.pem', join(home, 'work/company-ca.pem'))
		.replaceAll('~/.mux', join(home, '.mux'))
	if (/wizard (?:check|undo|remove)/.test(text)) await apply(demo, home)
	return { demo, home, env, text, cwd: join(home, 'work') }
}

/** What `check`, `undo` and `remove` are about has been done before. */
async function apply(demo: Demo, home: string): Promise<void> {
	const ran = await run(['--yes', '--url', demo.url, '--token-file', join(home, 'work/token')], { home })
	expect(ran, ran.stderr).toMatchObject({ code: 0 })
}

const toRun = commands.filter(({ text }) => !elsewhere.some(([pattern]) => pattern.test(text)))
const named = (list: readonly Command[]) => list.map(each => [`${each.page}:${each.line} ${each.text}`, each] as const)
const silent = toRun.filter(({ text }) => !asks(text))

describe('the pages', () => {
	it('have commands, and each page that should has some', () => {
		expect(toRun.length).toBeGreaterThan(50)
		const withCommands = new Set(toRun.map(({ page }) => page))
		for (const page of ['README', 'docs/quick-start', 'docs/ssh-and-workspaces', 'docs/administrators']) {
			expect(withCommands).toContain(`${page}.md`)
		}
		for (const page of ['ci-and-agents', 'what-it-writes', 'json']) expect(withCommands).toContain(`docs/${page}.md`)
	})

	it("name nothing as run elsewhere that isn't there", () => {
		for (const [pattern, why] of elsewhere)
			expect(
				commands.some(({ text }) => pattern.test(text)),
				why,
			).toBe(true)
	})

	it('have no block in a language that nobody runs or reads', () => {
		const read = ['text', 'json', 'tf', 'mermaid', 'yaml', ...Object.keys(shellsOfBlocks)]
		for (const { path, blocks } of pages) {
			expect(
				blocks.map(block => block.language).filter(language => !read.includes(language)),
				path,
			).toEqual([])
		}
	})
})

describe('is run by its shell and does what it should:', () => {
	it.for(named(silent))('%s', async ([, command], context) => {
		// Windows' shells are rare on other systems: without them, the program's part of the line is run by sh.
		const isWindowsShell = ['pwsh', 'cmd'].includes(command.shell)
		const shell = isWindowsShell ? findProgram(command.shell) : requireProgram(context, command.shell)
		const { home, env, text, cwd } = await setUp(command)
		const [script] = shell ? [text] : text.split(/ [|>] ?/)
		const ran = await run(['-c', script!], { home, env, cwd, command: shell ?? '/bin/sh' })
		expect(ran, ran.stderr).toMatchObject({ code: 0, signal: null })
		expect(ran.stderr).not.toContain('✖')
		if (/GITHUB_ENV/.test(text)) expect(readFileSync(env.GITHUB_ENV, 'utf8')).toContain('ANTHROPIC_BASE_URL<<')
	})
})

describe('opens, asks, and is left with Ctrl-C:', () => {
	it.each(named(toRun.filter(({ text }) => asks(text))))('%s', async (_, command) => {
		const { home, env, text, cwd } = await setUp(command)
		// In place of the shell, which would tell of Ctrl-C in a way of its own.
		const script = text.startsWith('npx ') ? `exec ${text}` : text
		const session = await startInTerminal({ command: 'sh', args: ['-c', script], home, env, cwd })
		await session.waitFor(/Which providers should Mux use through Coder\?|Remove this\?/)
		await session.press('ctrl-c')
		expect(await session.exit).toEqual({ code: 130, signal: null })
	})
})

describe('the three lines for a template', () => {
	const page = pageAt('docs/administrators.md')
	const script = page.blocks.find(block => block.text.startsWith('#!/bin/sh'))!.text

	it('are the same in the Terraform block and by themselves', () => {
		const terraform = page.blocks.find(block => block.text.includes('coder_script'))!.text
		const inside = /<<-EOT\n([\s\S]*?)\n\s*EOT/.exec(terraform)![1]!.replace(/^ {4}/gm, '')
		expect(inside).toBe(script)
	})

	it('do nothing at the second start, and put in the token of the next one', async () => {
		const command = { page: page.path, line: 0, shell: 'sh', text: script, env: surroundings[page.path]! }
		const { demo, home, env, text, cwd } = await setUp(command)
		const start = (more = {}) => run(['-c', text], { home, env: { ...env, ...more }, cwd, command: '/bin/sh' })
		expect(await start()).toMatchObject({ code: 0, stdout: '' })
		const settings = () => readFileSync(join(home, '.mux/providers.jsonc'), 'utf8')
		const first = settings()
		expect(await start()).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('Nothing to change') })
		expect(settings()).toBe(first)
		const next = demo.addToken().reveal()
		expect(await start({ CODER_SESSION_TOKEN: next })).toMatchObject({ code: 0, stdout: '' })
		expect(settings()).toBe(first.replaceAll(demo.token.reveal(), next))
	})
})

describe('commands of the project', () => {
	const scripts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts
	const lines = pages.flatMap(page =>
		[...page.blocks.map(block => block.text), ...page.codes]
			.flatMap(text => text.split(/\n| && /))
			.filter(text => text.startsWith('npm ')),
	)

	it('are scripts of package.json', () => {
		expect(lines.length).toBeGreaterThan(8)
		for (const line of lines) {
			const [, name] = /^npm (?:run )?(\S+)/.exec(line)!
			if (name !== 'ci') expect(Object.keys(scripts), line).toContain(name)
		}
	})

	it('are the two of a fresh machine, word for word, and do what the README says', () => {
		const blocks = pageAt('README.md').blocks.map(block => block.text)
		for (const text of ['npm ci && npm start', 'npm ci && npm start -- --demo', 'npm ci && npm test']) {
			expect(blocks).toContain(text)
		}
		// Options after `--` reach the program because it is the last word of the script.
		expect(scripts['start']).toMatch(/ && node dist\/cli\.cjs$/)
		expect(scripts['test']).toBe('vitest run')
	})
})
