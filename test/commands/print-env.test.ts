import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Demo } from '../fake-coder/fake-coder.ts'
import { requireProgram } from '../tools.ts'
import { codesOf, makeHome, openDemo, program, resultOf, run, settingsIn, settingsText } from './program.ts'

const requested = (demo: Demo) => ({
	ANTHROPIC_API_KEY: demo.token.reveal(),
	ANTHROPIC_BASE_URL: `${demo.url}/api/v2/aibridge/anthropic`,
	OPENAI_API_KEY: demo.token.reveal(),
	OPENAI_BASE_URL: `${demo.url}/api/v2/aibridge/openai/v1`,
})

/** What `env -0` printed twice, before and after: what changed in between. */
function changesIn(output: string): Record<string, string | undefined> {
	const [before, after] = output.split('=====\0').map(part => {
		const entries = part.split('\0').filter(entry => entry.includes('='))
		return Object.fromEntries(
			entries.map(entry => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
		)
	})
	const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
	// The shell's own memory of the last command.
	names.delete('_')
	return Object.fromEntries(
		[...names].filter(name => before?.[name] !== after?.[name]).map(name => [name, after?.[name]]),
	)
}

const shells = [
	['bash', 'eval "$(COMMAND)"'],
	['zsh', 'eval "$(COMMAND)"'],
	['dash', 'eval "$(COMMAND)"'],
	['fish', 'COMMAND | source'],
	['pwsh', 'COMMAND | Out-String | Invoke-Expression'],
] as const

describe('--print-env in the shells themselves', () => {
	it.for(shells)('%s has exactly the right variables then', async ([name, form], context) => {
		const command = requireProgram(context, name)
		const demo = await openDemo()
		const home = makeHome({ token: `${demo.token.reveal()}\n` })
		const call = `node ${program} --print-env --url ${demo.url} --token-file token`
		// Nothing says which shell it is but the process that calls.
		const separator = name === 'pwsh' ? '[Console]::Write("=====`0")' : "printf '=====\\0'"
		const script = `env -0; ${separator}; ${form.replace('COMMAND', call)}; env -0; true`
		const ran = await run(['-c', script], { home, command })
		expect(ran.code).toBe(0)
		expect(changesIn(ran.stdout)).toEqual(requested(demo))
		expect(ran.stderr).not.toContain(demo.token.reveal())
		expect(settingsText(home)).toBeNull()
	})

	it.for(['tcsh', 'elvish', 'xonsh'])('%s is told that the lines are for sh', async (name, context) => {
		const command = requireProgram(context, name)
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const call = `node ${program} --print-env --no-check --url ${demo.url} --token-file token`
		const options = { home, env: { SHELL: '/bin/bash', XDG_RUNTIME_DIR: home } }
		const ran = await run(['-c', `${call}; echo end`], { ...options, command })
		expect(ran.stderr).toContain(`These lines are for sh, not for ${name}`)
		expect(ran.stdout).toMatch(/^export /)
		const named = await run(['-c', `${call.replace('--print-env', '--print-env sh')}; echo end`], {
			...options,
			command,
		})
		expect(named.stderr).not.toContain('These lines are for sh')
	})

	it('leaves only what was asked for: one provider', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const ran = await run(['--print-env', 'sh', '-p', 'anthropic', '-u', demo.url, '--token-file', 'token'], { home })
		expect(ran.stdout).toBe(
			`export ANTHROPIC_API_KEY='${demo.token.reveal()}'\nexport ANTHROPIC_BASE_URL='${demo.url}/api/v2/aibridge/anthropic'\n`,
		)
		// Voice input is OpenAI's.
		expect(ran.stderr).toBe('')
	})

	it('keeps stdout empty if a check fails', async () => {
		const demo = await openDemo({ failures: ['token-expired'] })
		const home = makeHome({ token: demo.token.reveal() })
		const ran = await run(['--print-env', 'sh', '-u', demo.url, '--token-file', 'token'], { home })
		expect(ran).toMatchObject({ code: 3, stdout: '' })
		expect(ran.stderr).not.toContain(demo.token.reveal())
	})
})

describe('--print-env --no-secret', () => {
	it('reads the token file at run time', async () => {
		const demo = await openDemo()
		const home = makeHome({ 'my token': `${demo.token.reveal()}\n` })
		const args = ['--print-env', 'sh', '--no-secret', '-u', demo.url, '--token-file', 'my token']
		const ran = await run(args, { home })
		expect(ran.code).toBe(0)
		expect(ran.stdout + ran.stderr).not.toContain(demo.token.reveal())
		writeFileSync(join(home, 'lines'), ran.stdout)
		const read = await run(['-c', '. ./lines; printf %s "$OPENAI_API_KEY"'], { home, command: 'sh' })
		expect(read.stdout).toBe(demo.token.reveal())
		writeFileSync(join(home, 'my token'), `the token is ${demo.token.reveal()}\n`)
		const refused = await run(args, { home })
		expect(refused).toMatchObject({ code: 2, stdout: '' })
		expect(refused.stderr).toContain('contains more than the token')
	})

	it('asks the Coder CLI else, and needs no token and no deployment with --no-check', async () => {
		const home = makeHome()
		const args = ['--print-env', 'sh', '--no-secret', '--no-check', '-u', 'https://coder.example.com']
		const ran = await run(args, { home })
		expect(ran.code).toBe(0)
		expect(ran.stdout).toContain(`"$(coder login token --url 'https://coder.example.com')"`)
		mkdirSync(join(home, 'bin'))
		writeFileSync(join(home, 'bin/coder'), '#!/bin/sh\necho "said for $4"\n')
		chmodSync(join(home, 'bin/coder'), 0o755)
		writeFileSync(join(home, 'lines'), ran.stdout)
		const env = { PATH: `${join(home, 'bin')}:${process.env['PATH']}` }
		const read = await run(['-c', '. ./lines; printf %s "$OPENAI_API_KEY"'], { home, env, command: 'sh' })
		expect(read.stdout).toBe('said for https://coder.example.com')
	})

	it('needs no URL, token or check for Terraform, whose resources take both from the workspace', async () => {
		const ran = await run(['--print-env', 'terraform'], { home: makeHome({ '.mux/providers.jsonc': '{ broken' }) })
		expect(ran).toMatchObject({
			code: 0,
			stdout: expect.stringContaining('coder_workspace_owner.mux_bridge.session_token'),
		})
		expect(ran.stdout.match(/^resource "coder_env"/gm)).toHaveLength(4)
		const one = [
			'--print-env',
			'terraform',
			'-p',
			'anthropic=bedrock',
			'--route',
			'ai-gateway',
			'--agent',
			'dev',
			'--json',
		]
		const json = resultOf(await run(one, { home: makeHome() }))
		expect(json).toMatchObject({ outcome: 'printed', verdict: 'unchecked', exitCode: 0, findings: [] })
		expect(json.lines).toMatch(/access_url, "\/"\)\}\/api\/v2\/ai-gateway\/bedrock"/)
		expect(json.lines).toContain('agent_id = coder_agent.dev.id\n')
	})

	it("doesn't go with a token that is created now, which nothing would keep", async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['--print-env', 'sh', '--no-secret', '--create-token', '-u', demo.url, '--token-file', 'token']
		const ran = await run(args, { home })
		expect(ran).toMatchObject({ code: 2, stdout: '' })
		expect(demo.tokens().filter(token => token.name.startsWith('mux-'))).toEqual([])
	})
})

describe('--print-env beside a settings file', () => {
	const files = (demo: Demo) => ({
		'.mux/providers.jsonc': `{
	// mine
	"openai": { "apiKey": "sk-proj-0123456789abcdefghij", "baseUrl": "https://old.example.com/v1", "models": ["gpt-5"] }
}
`,
		token: demo.token.reveal(),
	})

	it('makes the accepted fixes with --clear-settings too, so that Mux uses the lines', async () => {
		const demo = await openDemo()
		const settings = '{ "openai": { "enabled": false }, "openrouter": { "apiKey": "sk-or-v1-0123456789abcdefghij" } }'
		const home = makeHome({ '.mux/providers.jsonc': settings, token: demo.token.reveal() })
		const args = ['--print-env', 'sh', '--json', '-u', demo.url, '--token-file', 'token']
		const bypassed = resultOf(await run(args, { home }))
		expect(bypassed.verdict).toBe('not-saved')
		const fixed = resultOf(await run([...args, '--fix', '--clear-settings'], { home }))
		expect(fixed.verdict).toBe('connected')
		expect(JSON.parse(settingsText(home) ?? '')).toMatchObject({ openai: {}, openrouter: { enabled: false } })
	})

	it('says that the file wins, and clears it with --clear-settings before the lines are printed', async () => {
		const demo = await openDemo()
		const home = makeHome(files(demo))
		const before = settingsText(home)
		const args = ['--print-env', 'sh', '-u', demo.url, '--token-file', 'token']
		const warned = await run(args, { home })
		expect(warned.code).toBe(0)
		expect(warned.stderr).toContain('overrides these lines: openai.apiKey, openai.baseUrl')
		expect(warned.stderr).toContain('--clear-settings')
		expect(settingsText(home)).toBe(before)

		const cleared = await run([...args, '--clear-settings'], { home })
		expect(cleared).toMatchObject({ code: 0, stdout: warned.stdout })
		expect(cleared.stderr).toContain('Removed from ~/.mux/providers.jsonc: openai.apiKey, openai.baseUrl')
		expect(cleared.stderr).toContain('(backup kept)')
		expect(settingsText(home)).toContain('// mine')
		expect(settingsText(home)).toContain('"models": ["gpt-5"]')
		expect(settingsText(home)).not.toContain('apiKey')
		expect(cleared.stderr).not.toContain('overrides these lines')
		// Voice input reads the file alone.
		expect(cleared.stderr).toContain('voice input')
		expect((await run(['undo'], { home })).code).toBe(0)
		expect(settingsText(home)).toBe(before)
	})

	it('reports it all in JSON', async () => {
		const demo = await openDemo()
		const home = makeHome(files(demo))
		const args = ['--print-env', 'fish', '-u', demo.url, '--token-file', 'token', '--json']
		const result = resultOf(await run(args, { home }))
		expect(result).toMatchObject({ outcome: 'printed', settingsFile: settingsIn(home), backup: null })
		expect(result.lines).toContain(`set -gx OPENAI_API_KEY '${demo.token.reveal()}';`)
		expect(codesOf(result)).toContain('settings-override-variables')
		const clearing = resultOf(await run([...args, '--clear-settings'], { home }))
		expect(readFileSync(clearing.backup, 'utf8')).toContain('sk-proj')
	})

	it("prints anyway if the file has a syntax error or can't be read, but clears nothing then", async () => {
		const demo = await openDemo()
		const broken = makeHome({
			'.mux/providers.jsonc': '{ "openai": { "apiKey": "a" "baseUrl": 1 }',
			token: demo.token.reveal(),
		})
		const directory = makeHome({ '.mux/providers.jsonc/x': '', token: demo.token.reveal() })
		const args = ['--print-env', 'sh', '-u', demo.url, '--token-file', 'token']
		for (const home of [broken, directory]) {
			const ran = await run(args, { home })
			expect(ran.code).toBe(0)
			expect(ran.stdout.split('\n')).toHaveLength(5)
			expect(await run([...args, '--clear-settings'], { home })).toMatchObject({ code: 5, stdout: '' })
		}
		expect(statSync(settingsIn(broken)).size).toBe(42)
	})
})

describe('--print-env for other readers', () => {
	it('masks the token for a runner of GitHub Actions, and warns elsewhere', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['--print-env', 'github', '-u', demo.url, '--token-file', 'token']
		const inside = await run(args, { home, env: { GITHUB_ACTIONS: 'true' } })
		expect(inside.code).toBe(0)
		expect(inside.stderr).toContain(`::add-mask::${demo.token.reveal()}\n`)
		expect(inside.stdout).toContain('OPENAI_API_KEY<<')
		expect(inside.stdout).not.toContain('::add-mask::')
		const outside = await run(args, { home })
		expect(outside.stderr).toContain("The token isn't masked in the log")
		expect(outside.stderr).not.toContain(demo.token.reveal())
	})

	it('says which providers only the settings file can hold', async () => {
		const demo = await openDemo()
		const home = makeHome({ token: demo.token.reveal() })
		const args = ['--print-env', 'sh', '--no-check', '-u', demo.url, '--token-file', 'token', '-p', 'openai,google']
		const ran = await run(args, { home })
		expect(ran.code).toBe(0)
		expect(ran.stderr).toContain('Only the settings file can hold coder-google')
	})
})
