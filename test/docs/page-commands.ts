// The commands of the pages, and what each of them needs to run: a demo deployment, a home directory, variables.
// What is replaced: https://coder.example.com is the demo's address, and `npx mux-bridge-wizard` is the built program.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { expect } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { demoSettings } from '../../source/demo/home.ts'
import { shellIds, shellUses } from '../../source/shell/languages.ts'
import { makeHome, openDemo, program, run } from '../commands/program.ts'
import type { Demo, DemoOptions } from '../fake-coder/fake-coder.ts'
import { type Page, pages } from './pages.ts'

export type Command = {
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
export const surroundings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	'docs/administrators.md': { CODER: 'true', CODER_AGENT_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' },
	'docs/ssh-and-workspaces.md': { CODER: 'true', CODER_AGENT_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' },
	'the table of shells': { CODER_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' },
	// Its commands are steps out of some trouble, for somebody who has answered the questions once.
	'docs/troubleshooting.md': { CODER_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' },
}

/** What is not run here, each with where it is. */
export const elsewhere: readonly (readonly [RegExp, string])[] = [
	[/^npm (?:ci|start|test|run)\b/, 'the project itself: held to package.json, below'],
	[/^coder tokens remove (?:TOKEN-NAME|[A-Za-z0-9]{10})$/, 'deletes a token by the Coder CLI'],
	[/^export (?:HTTPS_PROXY|NO_PROXY|NODE_EXTRA_CA_CERTS)=/, 'one assignment, for the reader’s own network'],
	[/^unset [A-Z_]+$/, 'one variable of the reader’s'],
	[/^(?:ls|ps|df) -/, 'looks at the reader’s own files, processes and disks'],
	[/^(?:ls|rm|rm -r|chmod 600) \/home\/ana\//, 'the lock, list and backups of the example'],
]

export const shellsOfBlocks: Readonly<Record<string, string>> = { sh: 'sh', bash: 'bash', zsh: 'zsh', fish: 'fish' }

export const commands: readonly Command[] = pages.flatMap(page => {
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

/** What is to be copied there and isn't a command. */
function isAddress(text: string): boolean {
	return /^https?:\/\/\S+$/.test(text)
}

/** A call in the running text; the usage lines of the table of commands are none. */
function isCall(text: string): boolean {
	const call =
		/^(?:(?:eval "\$|source <)?\(|cat \S+ \| )?(?:npx (?:--yes )?mux-bridge-wizard|mux-bridge-wizard completion)\b/
	return call.test(text) && !/[[{…]| bash\||completion SHELL/.test(text)
}

/** The shell that a line of the table of shells is for; null parts of it run where that shell is missing. */
function shellFor(text: string): string {
	const completing = /completion (bash|zsh|fish|powershell)/.exec(text)?.[1]
	if (completing) return completing === 'powershell' ? 'pwsh' : completing
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
export function asks(text: string): boolean {
	if (/wizard remove/.test(text)) return !/ --yes| --dry-run/.test(text)
	const silent = /wizard (?:check|undo|completion|help)| (?:--yes|-y|--dry-run|--print-env|--help|--version|-V)\b/
	return !silent.test(text.replace(/npx --yes/g, 'npx'))
}

/** The deployment of the pages: one with an instance that is not named like a provider of Mux. */
const instances: NonNullable<DemoOptions['providers']> = [
	{ name: 'openai', protocol: 'openai', models: ['gpt-5.2-codex'] },
	{ name: 'anthropic', protocol: 'anthropic', models: ['claude-sonnet-4-6'] },
	{ name: 'bedrock', protocol: 'anthropic', models: ['claude-sonnet-4-6'] },
]

export async function setUp(command: Command) {
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
	place(
		'npx',
		`[ "$1" = --yes ] && shift\ncase $1 in mux-bridge-wizard | mux-bridge-wizard@${packageJson.version}) ;; *) exit 99 ;; esac\nshift\n${wizard}`,
	)
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

/** What is run by the tests. */
export const toRun = commands.filter(({ text }) => !elsewhere.some(([pattern]) => pattern.test(text)))

/** The commands with a title each, for a table of tests. */
export const named = (list: readonly Command[]) =>
	list.map(each => [`${each.page}:${each.line} ${each.text}`, each] as const)
