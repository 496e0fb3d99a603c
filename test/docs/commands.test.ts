// Every command of the pages is run as it is there, by the shell that it is written for, against a demo deployment.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { run } from '../commands/program.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { findProgram, requireProgram } from '../tools.ts'
import { asks, commands, elsewhere, named, setUp, shellsOfBlocks, surroundings, toRun } from './page-commands.ts'
import { pageAt, pages, root } from './pages.ts'

afterEach(endSessions)

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
		const read = ['text', 'json', 'tf', 'mermaid', 'yaml', 'markdown', ...Object.keys(shellsOfBlocks)]
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
		await session.waitFor(
			/Which providers should Mux use through Coder\?|Set it up like this\?|What's your Coder URL\?|Remove this\?/,
		)
		await session.press('ctrl-c')
		expect(await session.exit).toEqual({ code: 130, signal: null })
	})
})

describe('the startup script for a template', () => {
	const page = pageAt('docs/administrators.md')
	const script = page.blocks.find(block => block.text.startsWith('#!/bin/sh'))!.text

	it('is the same in the Terraform block and by itself', () => {
		const terraform = page.blocks.find(block => block.text.includes('coder_script'))!.text
		const inside = /<<-EOT\n([\s\S]*?)\n\s*EOT/.exec(terraform)![1]!.replace(/^ {4}/gm, '')
		expect(inside).toBe(script)
	})

	it('does nothing at the second start, and puts in the token of the next one', async () => {
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

	it('says so and ends well in an image without Node', async () => {
		const command = { page: page.path, line: 0, shell: 'sh', text: script, env: {} }
		const { home } = await setUp(command)
		const ran = await run(['-c', script], { home, env: { PATH: join(home, 'work') }, command: '/bin/sh' })
		expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('has no Node.js'), stderr: '' })
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
			// npm's own, which a maintainer uses.
			if (!['ci', 'login', 'publish', 'view', 'audit'].includes(name!))
				expect(Object.keys(scripts), line).toContain(name)
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
