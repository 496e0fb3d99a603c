import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { expect, describe as group, it } from 'vitest'
import { describeFinding } from '../../source/findings/describe.ts'
import { UserError } from '../../source/findings/finding.ts'
import { Secret } from '../../source/secrets/secret.ts'
import { formatExports, formatMaskingLines } from '../../source/shell/export-lines.ts'
import { parseShellId, type ShellId, shellAliases, shellIds } from '../../source/shell/languages.ts'
import { requireProgram } from '../tools.ts'
import { placeCoder, readEnvironment, run, withDir } from './shells.ts'
import { linesFor, values } from './values.ts'

const token = 'Zq3h7Lk2aB-Vm8Xw2pQr5Ts9Yd4Nf6Gc1'
const origin = 'https://coder.example.com'
const variables = [
	{ name: 'ANTHROPIC_API_KEY', value: new Secret(token) },
	{ name: 'ANTHROPIC_BASE_URL', value: `${origin}/api/v2/aibridge/anthropic` },
	{ name: 'OPENAI_API_KEY', value: new Secret(token) },
	{ name: 'OPENAI_BASE_URL', value: `${origin}/api/v2/aibridge/openai/v1` },
]
const names = variables.map(variable => variable.name)

function refusalOf(action: () => unknown): string {
	try {
		action()
	} catch (error) {
		if (error instanceof UserError) return JSON.stringify(error.findings.map(describeFinding))
		throw error
	}
	throw new Error('not refused')
}

function expectValues(output: Buffer, expected: Map<string, string>): void {
	const read = readEnvironment(output)
	const wrong = [...expected].filter(([name, text]) => read.get(name) !== text)
	expect(wrong.map(([name, text]) => ({ expected: text, read: read.get(name) }))).toEqual([])
}

type Method = {
	title: string
	shell: ShellId
	program: string
	args: (file: string) => string[]
	stdin?: true
	locale?: string
}

const methods: Method[] = [
	...['bash', 'dash', 'zsh'].flatMap((program): Method[] => [
		{ title: 'with eval', shell: 'sh', program, args: file => ['-c', `eval "$(cat '${file}')"; env -0`] },
		{ title: 'from a profile', shell: 'sh', program, args: file => ['-c', `. '${file}'; env -0`] },
		{ title: 'in the C locale', shell: 'sh', program, locale: 'C', args: file => ['-c', `. '${file}'; env -0`] },
	]),
	// At a prompt, bash and zsh expand history unless quotes protect it.
	{
		title: 'at a prompt',
		shell: 'sh',
		program: 'bash',
		args: () => ['--norc', '--noprofile', '-i'],
		stdin: true,
	},
	{ title: 'at a prompt', shell: 'sh', program: 'zsh', args: () => ['-f', '-i'], stdin: true },
	{
		title: 'with the option rcquotes',
		shell: 'sh',
		program: 'zsh',
		args: file => ['-f', '-o', 'rcquotes', '-c', `. '${file}'; env -0`],
	},
	{ title: 'in sh mode', shell: 'sh', program: 'bash', args: file => ['--posix', '-c', `. '${file}'; env -0`] },
	{
		title: 'with source',
		shell: 'fish',
		program: 'fish',
		args: file => ['-N', '-c', `cat '${file}' | source; env -0`],
	},
	{
		title: 'with eval',
		shell: 'fish',
		program: 'fish',
		args: file => ['-N', '-c', `eval "$(cat '${file}' | string collect)"; env -0`],
	},
	{
		title: 'with Invoke-Expression',
		shell: 'powershell',
		program: 'pwsh',
		args: file => ['-NoProfile', '-Command', `Get-Content -Raw '${file}' | Invoke-Expression; env -0`],
	},
	{ title: 'with source', shell: 'nu', program: 'nu', args: file => ['-n', '-c', `source '${file}'; ^env -0`] },
]

group('export lines in real shells', () => {
	it.for(methods)(
		'$program reads back each value unchanged: $title',
		async ({ shell, program, args, stdin, locale }, context) => {
			const path = requireProgram(context, program)
			await withDir(directory => {
				// A line editor treats control characters as keys, so they can't be part of a value at a prompt.
				const texts = stdin ? values.filter(text => !/[\u0000-\u001f\u007f]/.test(text)) : values
				const { lines, expected } = linesFor(shell, texts)
				expect(expected.size).toBeGreaterThanOrEqual(500)
				const file = join(directory, 'lines')
				writeFileSync(file, lines)
				const done = run(path, args(file), {
					...(stdin ? { input: `${lines}env -0\nexit\n` } : {}),
					environment: locale ? { LC_ALL: locale } : { TERM: 'dumb' },
				})
				expectValues(done.stdout, expected)
			})
		},
	)

	it('fish reads one-line values through eval (...), which joins the lines', async context => {
		requireProgram(context, 'fish')
		await withDir(directory => {
			const file = join(directory, 'lines')
			const { lines, expected } = linesFor(
				'fish',
				values.filter(text => !text.includes('\n')),
			)
			expect(expected.size).toBeGreaterThan(300)
			writeFileSync(file, lines)
			expectValues(run('fish', ['-N', '-c', `eval (cat '${file}'); env -0`]).stdout, expected)
		})
	})
})

group('export lines for other formats', () => {
	it('dotenv lines are read alike by Node and a POSIX shell', async () => {
		const { lines, expected } = linesFor('dotenv', values)
		expect(expected.size).toBeGreaterThan(200)
		expect(new Map(Object.entries(parseEnv(lines)))).toEqual(expected)
		await withDir(directory => {
			const file = join(directory, 'env')
			writeFileSync(file, lines)
			expectValues(run('sh', ['-c', `set -a; . '${file}'; env -0`]).stdout, expected)
			const program = `process.stdout.write(Object.entries(process.env).map(e => e.join('=') + '\\0').join(''))`
			expectValues(run(process.execPath, [`--env-file=${file}`, '-e', program]).stdout, expected)
		})
	})

	it('docker lines have the value after the first equals sign', () => {
		const { lines, expected } = linesFor('docker', values)
		expect(expected.size).toBeGreaterThan(300)
		const entries = lines.split('\n').slice(0, -1)
		expect(entries).toHaveLength(expected.size)
		expect(new Map(entries.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))).toEqual(
			expected,
		)
	})

	it("github lines use a delimiter that isn't a line of the value", () => {
		const { lines, expected } = linesFor('github', [...values, 'END_OF_VALUE', 'a\nEND_OF_VALUE\nEND_OF_VALUE_\n'])
		expect(expected.size).toBeGreaterThan(500)
		expect(readGithubEnvironment(lines)).toEqual(expected)
	})

	it('cmd lines reject values that cmd would change', () => {
		const { lines, expected } = linesFor('cmd', values)
		for (const text of expected.values()) expect(text).not.toMatch(/["%!\r\n]|^$/)
		for (const line of lines.split('\n').slice(0, -1)) expect(line).toMatch(/^@set "V\d+=[^"]*"$/)
		expect(formatExports('cmd', [{ name: 'A', value: 'https://x/?a=b&c^d|e>f' }])).toBe(
			'@set "A=https://x/?a=b&c^d|e>f"\n',
		)
	})

	it.each<[ShellId, string, string]>([
		['docker', 'a\nb', 'a line break'],
		['docker', 'a\r', 'a carriage return'],
		['dotenv', 'a\nb', 'a line break'],
		['dotenv', "it's", 'a single quote'],
		['dotenv', 'a\\b', 'a backslash'],
		['github', 'a\rb', 'a carriage return'],
		['cmd', '100%', 'a percent sign'],
		['cmd', 'say "hi"', 'a double quote'],
		['cmd', '', 'nothing'],
		['powershell', '', 'nothing'],
		['sh', 'a\0b', 'a NUL character'],
		['fish', 'a\ud800b', 'half a character'],
		['terraform', 'a\0', 'a NUL character'],
	])('%s rejects %j', (shell, text, trouble) => {
		const words = refusalOf(() => formatExports(shell, [{ name: 'OPENAI_BASE_URL', value: text }]))
		expect(words).toContain('value-not-printable')
		expect(words).toContain('OPENAI_BASE_URL')
		expect(words).toContain(trouble)
	})

	it("a rejection doesn't show the value", () => {
		const secret = `${token}\n`
		for (const shell of ['docker', 'dotenv', 'cmd'] as const) {
			expect(refusalOf(() => formatExports(shell, [{ name: 'A', value: new Secret(secret) }]))).not.toContain(token)
		}
	})
})

/** As the runner reads `$GITHUB_ENV`: `NAME<<DELIMITER`, lines, the delimiter by itself. */
function readGithubEnvironment(text: string): Map<string, string> {
	const read = new Map<string, string>()
	const lines = text.split('\n')
	expect(lines.pop()).toBe('')
	while (lines.length > 0) {
		const [name = '', delimiter = ''] = lines.shift()!.split('<<')
		const end = lines.indexOf(delimiter)
		expect(end).toBeGreaterThanOrEqual(0)
		read.set(
			name,
			lines
				.splice(0, end + 1)
				.slice(0, -1)
				.join('\n'),
		)
	}
	return read
}

group('export lines without a secret', () => {
	const shells = [
		{ shell: 'sh', program: 'bash' },
		{ shell: 'sh', program: 'dash' },
		{ shell: 'sh', program: 'zsh' },
		{ shell: 'fish', program: 'fish' },
		{ shell: 'powershell', program: 'pwsh' },
		{ shell: 'nu', program: 'nu' },
	] as const

	const sourceArguments = (program: string, file: string) =>
		program === 'pwsh'
			? ['-NoProfile', '-Command', `Get-Content -Raw '${file}' | Invoke-Expression; env -0`]
			: ['-c', `${program === 'dash' ? '.' : 'source'} '${file}'; env -0`]

	it.for(shells)('$program calls the Coder CLI once', async ({ shell, program }, context) => {
		const lines = formatExports(shell, variables, { tokenSource: { kind: 'cli', url: origin } })
		expect(lines).not.toContain(token)
		const path = requireProgram(context, program)
		await withDir(directory => {
			const file = join(directory, 'lines')
			writeFileSync(file, lines)
			const read = readEnvironment(
				run(path, sourceArguments(program, file), {
					environment: { PATH: placeCoder(directory, token) },
				}).stdout,
			)
			expect(names.map(name => read.get(name))).toEqual(
				variables.map(each => (each.value instanceof Secret ? token : each.value)),
			)
			expect(readFileSync(join(directory, 'calls'), 'utf8')).toBe(`login|token|--url|${origin}|\n`)
		})
	})

	it.for(shells)('$program reads the token file for any path', async ({ shell, program }, context) => {
		const path = requireProgram(context, program)
		await withDir(directory => {
			for (const name of ['token', "it's $HOME", '-n', 'a "b" `c` !d \\e', 'ä漢 %x%', '*?[']) {
				// For PowerShell a backslash separates directories, on every system.
				if (program === 'pwsh' && name.includes('\\')) continue
				const tokenFile = name === '-n' ? name : join(directory, name)
				writeFileSync(join(directory, name), `${token}\n`)
				const lines = formatExports(shell, variables, { tokenSource: { kind: 'file', path: tokenFile } })
				expect(lines).not.toContain(token)
				const file = join(directory, 'lines')
				writeFileSync(file, lines)
				const read = readEnvironment(run(path, sourceArguments(program, file), { directory }).stdout)
				expect([name, read.get('OPENAI_API_KEY'), read.get('ANTHROPIC_API_KEY')]).toEqual([name, token, token])
			}
		})
	})

	it('cmd gets batch lines for the Coder CLI and for a file', () => {
		const secrets = variables.filter(({ value }) => value instanceof Secret)
		expect(formatExports('cmd', secrets, { tokenSource: { kind: 'cli', url: origin } })).toBe(
			`@for /f "usebackq delims=" %%t in (\`coder login token --url "${origin}"\`) do @set "ANTHROPIC_API_KEY=%%t"\n` +
				'@set "OPENAI_API_KEY=%ANTHROPIC_API_KEY%"\n',
		)
		expect(formatExports('cmd', secrets, { tokenSource: { kind: 'file', path: 'C:\\Users\\A B\\token' } })).toContain(
			'@set /p ANTHROPIC_API_KEY=<"C:\\Users\\A B\\token"\n',
		)
		const words = refusalOf(() =>
			formatExports('cmd', secrets, { tokenSource: { kind: 'file', path: 'C:\\100%\\token' } }),
		)
		expect(words).toContain('a percent sign')
	})

	it.each(['dotenv', 'docker', 'github'] as const)('%s rejects them', shell => {
		const words = refusalOf(() => formatExports(shell, variables, { tokenSource: { kind: 'cli', url: origin } }))
		expect(words).toContain('no-secret-not-possible')
	})

	it('no format contains the token', () => {
		for (const shell of shellIds) {
			for (const tokenSource of [
				{ kind: 'cli', url: origin } as const,
				{ kind: 'file', path: '/run/token' } as const,
			]) {
				try {
					expect(formatExports(shell, variables, { tokenSource })).not.toContain(token)
				} catch (error) {
					expect(error).toBeInstanceOf(UserError)
				}
			}
		}
	})
})

group('the text of export lines', () => {
	it('exports each variable for a POSIX shell', () => {
		expect(formatExports('sh', variables)).toBe(
			`export ANTHROPIC_API_KEY='${token}'\n` +
				"export ANTHROPIC_BASE_URL='https://coder.example.com/api/v2/aibridge/anthropic'\n" +
				`export OPENAI_API_KEY='${token}'\n` +
				"export OPENAI_BASE_URL='https://coder.example.com/api/v2/aibridge/openai/v1'\n",
		)
	})

	it('uses data sources for a template, without a secret or a deployment', () => {
		const lines = formatExports('terraform', variables)
		expect(lines).not.toContain('coder.example.com')
		expect(lines).not.toContain(token)
		expect(lines.split('\n\n').slice(0, 3).join('\n\n')).toBe(`data "coder_workspace" "mux_bridge" {}
data "coder_workspace_owner" "mux_bridge" {}

resource "coder_env" "mux_bridge_anthropic_api_key" {
  agent_id = coder_agent.main.id
  name     = "ANTHROPIC_API_KEY"
  value    = data.coder_workspace_owner.mux_bridge.session_token
}

resource "coder_env" "mux_bridge_anthropic_base_url" {
  agent_id = coder_agent.main.id
  name     = "ANTHROPIC_BASE_URL"
  value    = "\${trimsuffix(data.coder_workspace.mux_bridge.access_url, "/")}/api/v2/aibridge/anthropic"
}`)
		expect(formatExports('terraform', variables, { agentId: 'var.agent_id' })).toContain('  agent_id = var.agent_id\n')
		expect(formatExports('terraform', [{ name: 'A', value: `a"b\\c\${d}%{e}\n$$f` }])).toContain(
			`value    = "a\\"b\\\\c$\${d}%%{e}\\n$$f"`,
		)
	})

	it('never sets a variable that was not given', () => {
		const only = variables.filter(variable => variable.name.startsWith('ANTHROPIC'))
		for (const shell of shellIds) expect(formatExports(shell, only)).not.toContain('OPENAI')
	})

	it('masks each secret once for a runner, and nothing else', () => {
		expect(formatMaskingLines(variables)).toBe(`::add-mask::${token}\n`)
		expect(formatMaskingLines([{ name: 'A', value: new Secret('50%\nb') }])).toBe('::add-mask::50%25\n::add-mask::b\n')
		expect(formatExports('github', variables)).not.toContain('add-mask')
	})

	it('rejects an invalid variable name, which would be code', () => {
		expect(() => formatExports('sh', [{ name: 'A; id', value: '' }])).toThrow('not a name')
	})

	it('finds a format by its name and aliases', () => {
		for (const id of shellIds) expect(parseShellId(id.toUpperCase())).toBe(id)
		for (const [alias, id] of Object.entries(shellAliases)) expect(parseShellId(alias)).toBe(id)
		expect(parseShellId('constructor')).toBeNull()
	})
})
