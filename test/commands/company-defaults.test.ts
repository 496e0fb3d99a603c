import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, describe, expect, it } from 'vitest'
import { loadCompanyDefaults, withCompanyDefaults } from '../../source/commands/company-defaults.ts'
import { parseArguments } from '../../source/commands/parse-arguments.ts'
import { describeFinding, setSupportContact } from '../../source/findings/describe.ts'
import { finding } from '../../source/findings/finding.ts'
import { findCompanyFile } from '../../source/runtime/company-file.ts'
import { pageAt } from '../docs/pages.ts'
import { hostWith } from '../runtime-with.ts'
import { endSessions, startInTerminal } from '../terminal/pty.ts'
import { codesOf, makeHome, openDemo, program, resultOf, run, settingsText } from './program.ts'

afterEach(endSessions)
afterEach(() => setSupportContact(null))

const schema = JSON.parse(readFileSync('schema/company-defaults.json', 'utf8'))
const validate = new Ajv2020({
	strict: true,
	strictRequired: false,
	allErrors: true,
	formats: { uri: URL.canParse },
}).compile(schema)

const complete = {
	url: 'https://coder.example.com',
	providers: ['anthropic=bedrock', 'openai'],
	caFile: '/etc/ssl/company.pem',
	lifetime: '30d',
	proof: 'route',
	support: { text: 'ask #help-coder', url: 'https://wiki.example.com/coder' },
	somethingNew: true,
}

/** A file that only its owner can write. */
function companyFile(value: unknown): string {
	const home = makeHome({ 'company.json': typeof value === 'string' ? value : JSON.stringify(value) })
	return join(home, 'company.json')
}

const load = (path: string, isNamed = true) => loadCompanyDefaults(hostWith(), { path, isNamed })
const problems = (path: string) => load(path).findings.map(({ code, details }) => ({ code, ...details }))

describe('the place of the file', () => {
	it('is the one in the variable, or the system-wide one if it exists', () => {
		const named = hostWith({ MUX_BRIDGE_WIZARD_CONFIG: 'company.json' }, { cwd: '/srv' })
		expect(findCompanyFile(named)).toEqual({ path: '/srv/company.json', isNamed: true })
		const home = makeHome({ 'mux-bridge-wizard.json': '{}' })
		const windows = hostWith({ PROGRAMDATA: home }, { platform: 'win32' })
		expect(findCompanyFile(windows)).toEqual({ path: join(home, 'mux-bridge-wizard.json'), isNamed: false })
		expect(findCompanyFile(hostWith({ PROGRAMDATA: join(home, 'no') }, { platform: 'win32' }))).toBeNull()
		const system = '/etc/mux-bridge-wizard.json'
		expect(findCompanyFile(hostWith())?.path).toBe(existsSync(system) ? system : undefined)
	})
})

describe('the file', () => {
	it('gives all values, as its schema says, and may have fields that this release does not know', () => {
		expect(validate(complete), JSON.stringify(validate.errors)).toBe(true)
		expect(load(companyFile(`\ufeff${JSON.stringify(complete)}`))).toMatchObject({
			url: 'https://coder.example.com',
			providers: [{ id: 'anthropic', instance: 'bedrock' }, { id: 'openai' }],
			caFile: '/etc/ssl/company.pem',
			lifetime: { seconds: 30 * 86_400 },
			proof: 'route',
			support: complete.support,
			findings: [],
		})
	})

	it.each([
		['url', 'not a url'],
		['url', 'https://user:password@coder.example.com'],
		['providers', 'openai'],
		['providers', ['opnai']],
		['caFile', 'company.pem'],
		['lifetime', 30],
		['proof', 'both'],
		['support', 'ask me'],
		['support', { url: 'javascript:alert(1)' }],
	])('with an invalid %s: names the file and the field, and uses the others', (field, value) => {
		const path = companyFile({ ...complete, [field]: value })
		expect(problems(path)).toMatchObject([{ code: 'company-defaults-invalid', path, field }])
		expect(load(path)[field as 'url']).toBeUndefined()
		expect(Object.keys(load(path)).length).toBe(Object.keys(load(companyFile(complete))).length - 1)
	})

	it.each(['', '{"url":', '[]', 'null', '"text"'])('that is %j: is reported as a whole', text => {
		const path = companyFile(text)
		expect(problems(path)).toMatchObject([
			{ code: 'company-defaults-invalid', path, problem: "It isn't a JSON object" },
		])
	})

	it('repeats no credential that is in it', () => {
		const token = 'abcdefghij-abcdefghijabcdefghijab'
		const path = companyFile({ url: token, providers: [token], lifetime: token, support: { text: token } })
		const defaults = load(path)
		expect(JSON.stringify([defaults, defaults.findings.map(describeFinding)])).not.toContain(token)
	})
})

describe('a file that others could write', () => {
	const why = (path: string, isNamed = true) => load(path, isNamed).findings[0]?.details

	it("isn't read", () => {
		const path = companyFile(complete)
		chmodSync(path, 0o664)
		expect(load(path).url).toBeUndefined()
		expect(why(path)).toMatchObject({ path, why: 'Other users can write it' })
		chmodSync(path, 0o644)
		expect(load(path).url).toBe(complete.url)
	})

	it("isn't read in a directory where they could replace it, or behind a link in one", () => {
		const path = companyFile(complete)
		const open = join(path, '..', 'open')
		mkdirSync(join(open, 'inner'), { recursive: true })
		writeFileSync(join(open, 'inner/company.json'), JSON.stringify(complete))
		symlinkSync(path, join(open, 'link.json'))
		symlinkSync(join(open, 'inner/company.json'), join(path, '..', 'inwards.json'))
		chmodSync(open, 0o777)
		for (const inside of [join(open, 'inner/company.json'), join(open, 'link.json'), join(path, '..', 'inwards.json')])
			expect(why(inside)).toMatchObject({ why: `Other users can replace it, because they can write ${open}` })
		chmodSync(open, 0o1777)
		expect(load(join(open, 'link.json')).url).toBe(complete.url)
	})

	it.runIf(process.geteuid?.() === 0)("isn't read if it belongs to another user", () => {
		const path = companyFile(complete)
		chownSync(path, 1234, 1234)
		expect(why(path)).toMatchObject({ why: 'It belongs to user 1234, not to root' })
	})

	it('is a finding if it is missing, a directory or too large, and was named', () => {
		const path = companyFile('x'.repeat(70_000))
		expect(why(path)).toMatchObject({ why: "It's larger than 64 KiB" })
		expect(why(join(path, '..'))).toMatchObject({ why: "It isn't a regular file" })
		rmSync(path)
		expect(why(path)).toMatchObject({ why: "The file doesn't exist" })
	})
})

describe('the values', () => {
	const apply = (...args: string[]) => withCompanyDefaults(parseArguments(args), load(companyFile(complete)))

	it('are used where no option is given, and a note says which', () => {
		expect(apply()).toMatchObject({
			providers: [{ id: 'anthropic' }, { id: 'openai' }],
			caFile: '/etc/ssl/company.pem',
			lifetime: 30 * 86_400,
			proof: 'route',
			company: {
				url: complete.url,
				findings: [
					{
						code: 'company-defaults-used',
						details: {
							values:
								'providers anthropic=bedrock, openai; CA file /etc/ssl/company.pem; proof by route; token lifetime 30d',
						},
					},
				],
			},
		})
		expect(apply('check')).toMatchObject({ caFile: '/etc/ssl/company.pem', proof: 'route' })
		expect(apply('check')).not.toHaveProperty('lifetime')
	})

	it('are overridden by options, one by one', () => {
		const given = ['-p', 'openai', '--ca-file', 'own.pem', '--proof', 'message', '--create-token', '--lifetime', '1d']
		expect(apply(...given)).toMatchObject({
			providers: [{ id: 'openai' }],
			caFile: 'own.pem',
			proof: 'message',
			lifetime: 86_400,
			company: { findings: [] },
		})
	})

	it('are not for undo, remove and the demo', () => {
		for (const args of [['undo'], ['remove', '--yes'], ['--demo']]) expect(apply(...args)).toEqual(parseArguments(args))
	})
})

describe('the built program', () => {
	const values = (url: string) => ({ url, providers: ['anthropic'], support: complete.support })

	it('sets up without options, and says where the values come from', async () => {
		const demo = await openDemo()
		const home = makeHome()
		const config = companyFile(values(demo.url))
		const env = { MUX_BRIDGE_WIZARD_CONFIG: config, CODER_SESSION_TOKEN: demo.token.reveal() }
		const ran = await run(['--yes'], { home, env })
		expect(ran).toMatchObject({ code: 0, stdout: '' })
		expect(ran.stderr).toContain(`From ${config}: providers anthropic`)
		expect(ran.stderr).toContain(`${demo.url}  from ${config}`)
		expect(Object.keys(JSON.parse(settingsText(home)!))).toEqual(['anthropic'])
		const checked = resultOf(await run(['check', '--json'], { home, env }))
		expect(checked).toMatchObject({ verdict: 'connected', providers: [{ id: 'anthropic' }] })
		expect(codesOf(checked)).toContain('company-defaults-used')
	})

	it('prefers an option to a variable, and a variable to the file', async () => {
		const home = makeHome({ token: 'abcdefghij-abcdefghijabcdefghijab' })
		const config = companyFile(values('https://file.example.com'))
		const args = ['--dry-run', '--no-check', '--json', '--token-file', 'token']
		const urlOf = async (more: string[], env = {}) =>
			resultOf(await run([...args, ...more], { home, env: { MUX_BRIDGE_WIZARD_CONFIG: config, ...env } })).providers[0]
				.baseUrl
		const variable = { CODER_URL: 'https://variable.example.com' }
		expect(await urlOf([])).toMatch('https://file.example.com/')
		expect(await urlOf([], variable)).toMatch('https://variable.example.com/')
		expect(await urlOf(['-u', 'https://option.example.com'], variable)).toMatch('https://option.example.com/')
	})

	it("shows the company's support with every error, usage errors too, and in JSON", async () => {
		const home = makeHome()
		const text = 'ask \u001b]0;x\u0007#help-coder\u202e'
		const env = { MUX_BRIDGE_WIZARD_CONFIG: companyFile({ support: { ...complete.support, text } }) }
		for (const args of [['--nonsense'], ['--yes'], ['check', '--offline']]) {
			const { stderr, stdout } = await run(args, { home, env })
			expect(stderr + stdout).toContain('Get help from your company: ask #help-coder\n')
			expect(stderr + stdout).toContain(complete.support.url)
		}
		expect(resultOf(await run(['--yes', '--json'], { home, env })).findings[0].remedy).toContainEqual({
			text: 'Get help from your company: ask #help-coder',
			url: complete.support.url,
		})
	})

	it('reports a file that it does not trust, on stderr and in JSON, and goes on', async () => {
		const home = makeHome()
		const config = companyFile(values('https://file.example.com'))
		chmodSync(config, 0o666)
		const env = { MUX_BRIDGE_WIZARD_CONFIG: config }
		const ran = await run(['--yes'], { home, env })
		expect(ran.code).toBe(2)
		expect(ran.stderr).toContain("Your company's defaults weren't read")
		expect(codesOf(resultOf(await run(['--yes', '--json'], { home, env })))).toEqual([
			'missing-input',
			'missing-input',
			'company-defaults-ignored',
		])
	})

	it.each([
		['the screens', []],
		['line mode', ['--plain']],
	])('shows the source of each value: %s', async (_, args) => {
		const demo = await openDemo()
		const config = companyFile(values(demo.url))
		const session = await startInTerminal({
			command: process.execPath,
			args: [program, ...args],
			env: { MUX_BRIDGE_WIZARD_CONFIG: config },
			cols: 140,
		})
		await session.waitFor(`From ${config}: providers anthropic`)
		session.press('enter')
		await session.waitFor(`from ${config}`)
	})
})

it('is described in the page for administrators by an example that its schema accepts', () => {
	const block = pageAt('docs/administrators.md').blocks.find(({ text }) => text.includes('"support"'))
	expect(validate(JSON.parse(block!.text)), JSON.stringify(validate.errors)).toBe(true)
	expect(problems(companyFile(block!.text))).toEqual([])
	for (const field of Object.keys(schema.properties)) expect(block!.text).toContain(`"${field}"`)
	expect(describeFinding(finding('bug', 'program', {})).remedy).toHaveLength(2)
})
