// The Terraform of the pages and of the registry module is read by a real parser, each reference leads to something, and
// the scripts are run against the built program.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { makeHome, run, settingsText } from '../commands/program.ts'
import { setUp } from '../docs/page-commands.ts'
import { pageAt, root } from '../docs/pages.ts'
import { endSessions } from '../terminal/pty.ts'
import { findProgram } from '../tools.ts'
import { parseFiles } from './hcl.ts'

afterEach(endSessions)

const page = pageAt('docs/administrators.md')
const template = page.blocks.find(({ text }) => text.startsWith('terraform {'))!.text
const additions = page.blocks.filter(({ language, text }) => language === 'tf' && text !== template)
const moduleDirectory = join(root, 'templates/registry-module')
const moduleText = readFileSync(join(moduleDirectory, 'main.tf'), 'utf8')
const script = readFileSync(join(moduleDirectory, 'run.sh'), 'utf8')
const featureDirectory = join(root, 'templates/devcontainer-feature')

/** What Terraform's templatefile does with this script. */
function render(variables: Readonly<Record<string, string | number>>): string {
	expect(script.match(/\$\{\w+\}/g)).toEqual(Object.keys(variables).map(name => `\${${name}}`))
	return script.replace(/\$\{(\w+)\}/g, (_, name) => String(variables[name]))
}

const twice = (list: readonly string[]) => list.filter((each, index) => list.indexOf(each) !== index)

describe('the Terraform of the pages', () => {
	it('is a complete template: nothing is there twice, and each reference leads to something', async () => {
		const { addresses, references } = await parseFiles({ 'main.tf': template })
		expect(twice(addresses)).toEqual([])
		expect(references.length).toBeGreaterThan(10)
		expect(references.filter(reference => !addresses.includes(reference))).toEqual([])
		expect(addresses).toEqual(expect.arrayContaining(['coder_agent.main', 'module.coder-login', 'module.mux']))
	})

	it('loads beside that template, block for block', async () => {
		expect(additions.length).toBeGreaterThan(2)
		const files = Object.fromEntries(additions.map(({ text }, index) => [`${index}.tf`, text]))
		const { addresses, references } = await parseFiles({ 'main.tf': template, ...files })
		expect(twice(addresses)).toEqual([])
		expect(references.filter(reference => !addresses.includes(reference))).toEqual([])
	})

	it('is found broken by the same parser if a bracket or a reference is missing', async () => {
		await expect(parseFiles({ 'main.tf': template.replace(/\}\s*$/, '') })).rejects.toThrow(/main\.tf/)
		const { addresses, references } = await parseFiles({
			'main.tf': template.replace('"coder_agent" "main"', '"coder_agent" "dev"'),
		})
		expect(references.filter(reference => !addresses.includes(reference))).toContain('coder_agent.main')
	})

	it('prints what the page shows, and loads beside a template with data sources of its own', async () => {
		const printed = await run(['--print-env', 'terraform'], { home: makeHome() })
		expect(additions.map(({ text }) => `${text}\n`)).toContain(printed.stdout)
		const dev = await run(['--print-env', 'terraform', '--agent', 'coder_agent.dev'], { home: makeHome() })
		const { references, blocks } = await parseFiles({ 'mux.tf': dev.stdout })
		expect(references).toContain('coder_agent.dev')
		expect(Object.keys(blocks['coder_env'] ?? {})).toHaveLength(4)
		// A template with two agents has both files.
		expect(twice((await parseFiles({ 'main.tf': printed.stdout, 'dev.tf': dev.stdout })).addresses)).toEqual([])
	})

	it('is formatted as Terraform formats it, where that is installed', () => {
		const terraform = findProgram('terraform')
		if (!terraform) return
		for (const text of [template, ...additions.map(block => block.text), moduleText]) {
			const formatted = execFileSync(terraform, ['fmt', '-'], {
				input: `${text.trimEnd()}\n`,
				encoding: 'utf8',
				stdio: ['pipe', 'pipe', 'ignore'],
			})
			expect(formatted).toBe(`${text.trimEnd()}\n`)
		}
	})
})

describe('the registry module', () => {
	it('is complete: each reference leads to something, and it passes the script what it needs', async () => {
		const { addresses, references, blocks } = await parseFiles({ 'main.tf': moduleText })
		expect(references.filter(reference => !addresses.includes(reference))).toEqual([])
		expect(addresses).toContain('coder_script.mux_bridge_wizard')
		const names = [...JSON.stringify(blocks).matchAll(/([A-Z_]+) *=/g)].map(([, name]) => name)
		expect(new Set(script.match(/\$\{(\w+)\}/g))).toEqual(new Set(names.map(name => `\${${name}}`)))
		const examples = readFileSync(join(moduleDirectory, 'README.md'), 'utf8').matchAll(/```tf\n([\s\S]*?)```/g)
		for (const [, example = ''] of examples) {
			const used = await parseFiles({ 'main.tf': example })
			expect(used.addresses).toContain('module.mux-bridge-wizard')
			const set = [...example.matchAll(/^ {2}(\w+) +=/gm)].map(([, name]) => `var.${name}`)
			const meta = ['var.count', 'var.source', 'var.version']
			expect(set.filter(name => !addresses.includes(name) && !meta.includes(name))).toEqual([])
		}
	})

	const defaults = { VERSION: '0.1.0', ARGUMENTS: '', NODE_TIMEOUT: 0 }
	const command = (variables: Readonly<Record<string, string | number>>) => ({
		page: page.path,
		line: 0,
		shell: 'sh',
		text: render(variables),
		env: { CODER: 'true', CODER_AGENT_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' },
	})

	it.each(['sh', 'bash'])('has a script that %s can read', shell => {
		execFileSync(shell, ['-n'], { input: render(defaults) })
	})

	it('configures Mux at the first start, and writes nothing at the second', async () => {
		const { home, env, text, cwd } = await setUp(command({ ...defaults, ARGUMENTS: '--provider anthropic --fix' }))
		const start = () => run(['-c', text], { home, env, cwd, command: '/bin/sh' })
		expect(await start()).toMatchObject({ code: 0, stdout: '' })
		const settings = settingsText(home)
		expect(settings).toContain('/api/v2/aibridge/anthropic')
		expect(settings).not.toContain('/api/v2/aibridge/openai')
		expect(await start()).toMatchObject({ code: 0, stderr: expect.stringContaining('Nothing to change') })
		expect(settingsText(home)).toBe(settings)
	})

	/** A home in which Mux's module has put Node, and a path without one. */
	async function withoutNode(variables: Readonly<Record<string, string | number>>) {
		const { home, env, text, cwd } = await setUp(command(variables))
		const own = join(home, 'tools')
		mkdirSync(own)
		for (const name of ['sleep', 'sh'])
			writeFileSync(join(own, name), `#!/bin/sh\nexec ${findProgram(name)} "$@"\n`, { mode: 0o755 })
		const npx = readFileSync(join(home, 'bin/npx'), 'utf8').replace(
			'#!/bin/sh\n',
			'#!/bin/sh\n[ "$1" = --version ] && exit 0\n',
		)
		const install = () => {
			const bin = join(home, '.local/share/coder-mux/node-v22.14.0-linux-x64/bin')
			mkdirSync(bin, { recursive: true })
			writeFileSync(join(bin, 'npx'), npx, { mode: 0o755 })
			chmodSync(join(bin, 'npx'), 0o755)
		}
		return {
			install,
			home,
			start: () => run(['-c', text], { home, env: { ...env, PATH: own }, cwd, command: '/bin/sh' }),
		}
	}

	it('says so and ends well in an image without Node', async () => {
		const { home, start } = await withoutNode({ ...defaults, NODE_TIMEOUT: 1 })
		const before = settingsText(home)
		expect(await start()).toMatchObject({ code: 0, stdout: expect.stringContaining('this image has no Node.js') })
		expect(settingsText(home)).toBe(before)
	})

	it("uses the Node that Mux's own module has downloaded, also if that comes later", async () => {
		const { install, home, start } = await withoutNode({ ...defaults, NODE_TIMEOUT: 60 })
		const ran = start()
		install()
		expect(await ran).toMatchObject({ code: 0, stdout: '' })
		expect(settingsText(home)).toContain('/api/v2/aibridge/openai')
	})

	it('names the module that sets the token, if there is none', async () => {
		const { home, env, text, cwd } = await setUp(command(defaults))
		const ran = await run(['-c', text], { home, env: { ...env, CODER_SESSION_TOKEN: '' }, cwd, command: '/bin/sh' })
		expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('coder-login') })
	})
})

describe('the dev container feature', () => {
	const feature = JSON.parse(readFileSync(join(featureDirectory, 'devcontainer-feature.json'), 'utf8'))
	const install = readFileSync(join(featureDirectory, 'install.sh'), 'utf8')

	/** Installs the feature below a directory instead of the root of a container. */
	async function installed(options: Readonly<Record<string, string>>) {
		const home = makeHome()
		for (const name of readdirSync(featureDirectory))
			writeFileSync(
				join(home, name),
				readFileSync(join(featureDirectory, name), 'utf8').replace('target=/usr', `target=${home}/usr`),
			)
		const ran = await run(['install.sh'], { home, env: options, command: '/bin/sh' })
		return { ran, script: () => readFileSync(join(home, feature.postStartCommand), 'utf8') }
	}

	it('names the script that it installs, and has each of its options as a variable', () => {
		expect(install).toContain(`target=${feature.postStartCommand.replace('/start.sh', '')}\n`)
		for (const name of Object.keys(feature.options)) expect(install).toContain(`$${name.toUpperCase()}`)
		expect(feature.id).toBe('mux-bridge-wizard')
	})

	it('configures Mux when the container starts', async () => {
		const { ran, script } = await installed({
			WIZARDVERSION: feature.options.wizardVersion.default,
			PROVIDERS: 'openai,anthropic',
		})
		expect(ran).toMatchObject({ code: 0, stderr: '' })
		const env = { CODER_URL: 'URL', CODER_SESSION_TOKEN: 'TOKEN' }
		const surroundings = await setUp({ page: page.path, line: 0, shell: 'sh', text: script(), env })
		const started = await run(['-c', surroundings.text], { ...surroundings, command: '/bin/sh' })
		expect(started, started.stderr).toMatchObject({ code: 0, stdout: '' })
		expect(settingsText(surroundings.home)).toContain('/api/v2/aibridge/openai')
		const without = { ...surroundings.env, CODER_SESSION_TOKEN: '' }
		const elsewhere = await run(['-c', surroundings.text], { ...surroundings, env: without, command: '/bin/sh' })
		expect(elsewhere).toMatchObject({ code: 0, stdout: expect.stringContaining("isn't set in this container") })
	})

	it('refuses options that would be code', async () => {
		const { ran } = await installed({ WIZARDVERSION: '0.1.0', PROVIDERS: 'openai; rm x' })
		expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining("a character that it can't have") })
	})
})
