// The text of the onboarding page works as it is pasted: with one placeholder, and commands that do what they should.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { run } from '../commands/program.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { setUp } from './page-commands.ts'
import { ownAddress, pageAt, root } from './pages.ts'

afterEach(endSessions)

const page = pageAt('docs/onboarding-page.md')
const text = page.blocks.find(({ language }) => language === 'markdown')!.text
const commands = [...text.matchAll(/```sh\n *(.+)\n *```/g)].map(([, command]) => command!)
const command = (text: string) => ({ page: page.path, line: 0, shell: 'sh', text, env: {} })

describe('the text to paste', () => {
	it('has one placeholder: every other address is that of a public page', () => {
		const addresses = [...text.matchAll(/https?:\/\/[^\s)]+/g)].map(String)
		const others = addresses.filter(address => !ownAddress.test(address))
		expect(new Set(others)).toEqual(
			new Set(['https://github.com/coder/mux', 'https://nodejs.org', 'https://coder.example.com']),
		)
		expect(text.match(/example/g)).toHaveLength(1)
		for (const address of addresses.filter(each => ownAddress.test(each)))
			expect(existsSync(join(root, address.replace(ownAddress, ''))), address).toBe(true)
	})

	it('starts with the one command, which asks for nothing before the first question and knows the Coder URL', async () => {
		expect(commands[0]).toBe('npx --yes mux-bridge-wizard https://coder.example.com')
		const { demo, home, env, text, cwd } = await setUp(command(commands[0]!))
		const session = await startInTerminal({ command: 'sh', args: ['-c', `exec ${text}`], home, env, cwd })
		await session.waitFor('Which providers should Mux use through Coder?')
		await session.press('enter')
		await session.waitFor(new URL(demo.url).host)
		await session.press('ctrl-c')
		expect(await session.exit).toEqual({ code: 130, signal: null })
	})

	it.each(commands.slice(1))('has a command for later that works: %s', async line => {
		const { home, env, text, cwd } = await setUp(command(line))
		const ran = await run(['-c', text], { home, env, cwd, command: '/bin/sh' })
		expect(ran, ran.stderr).toMatchObject({ code: 0 })
		if (line.includes('> mux-check.json'))
			expect(JSON.parse(readFileSync(join(cwd, 'mux-check.json'), 'utf8'))).toMatchObject({ verdict: 'connected' })
	})
})
